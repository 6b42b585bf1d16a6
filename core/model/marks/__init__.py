"""Marks and absences: entries with their versions, and a class's page of the gradebook."""
