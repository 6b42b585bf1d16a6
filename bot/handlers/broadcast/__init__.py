"""Doors of a class teacher's broadcast."""
