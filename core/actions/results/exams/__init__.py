"""Exams: looked up, their lowest passing scores, and when the school received their results."""
