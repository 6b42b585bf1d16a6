"""Files of the e-journal and the school come in: all of a set or nothing."""
