"""The channels by which a school reaches a family, one module each."""
