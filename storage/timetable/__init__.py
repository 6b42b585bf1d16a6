"""The timetable in SQL."""
