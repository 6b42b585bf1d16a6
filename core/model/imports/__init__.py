"""What is read from files: the e-journal's reports, lists of people, timetables."""
