"""Screens of homework, control works and recommendations."""
