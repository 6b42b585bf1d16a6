"""Doors of homework, control works and recommendations."""
