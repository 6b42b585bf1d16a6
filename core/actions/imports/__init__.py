"""Imports of the e-journal's reports and of the school's own tables: a set of files is written whole or not at all."""
