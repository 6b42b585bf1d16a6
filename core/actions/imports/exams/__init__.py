"""Exam protocols are imported: results in force, their versions, notices."""
