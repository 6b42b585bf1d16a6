"""Persons, students, guardianship and staff in SQL."""
