"""Doors of the timetable."""
