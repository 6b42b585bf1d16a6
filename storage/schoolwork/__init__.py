"""Homework, control works and recommendations in SQL."""
