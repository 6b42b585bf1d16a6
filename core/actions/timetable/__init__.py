"""Timetables are looked up, and changed lessons are told."""
