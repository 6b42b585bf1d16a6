"""Homework, control works, recommendations."""
