"""The timetable of a day, with changes and bells."""
