"""Screens of the office: what waits, classes, one person's card."""
