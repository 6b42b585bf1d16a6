"""Readers of exam protocols and of the school's own table of results; documents and answers are read for nothing."""
