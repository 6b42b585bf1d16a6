"""Contents of imported files: the e-journal's reports, lists of people, timetables."""
