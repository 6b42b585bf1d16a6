"""Screens of marks, absences and the gradebook."""
