"""Doors of final marks."""
