"""Entries, their versions and the gradebook in SQL."""
