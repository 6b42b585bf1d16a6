"""The nouns of the school: frozen dataclasses and enums, no behaviour beyond their own invariants."""
