"""Repairs letters before words are looked up: missing blanks, another keyboard layout, Latin for Cyrillic."""
