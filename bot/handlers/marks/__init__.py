"""Doors of marks: look-ups of families, the gradebook of teachers."""
