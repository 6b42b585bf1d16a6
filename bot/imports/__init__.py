"""Files from the e-journal and from the school, read into neutral nouns; nothing here knows a database."""
