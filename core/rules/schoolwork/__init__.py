"""Homework and control works: what is a task, and how much may be asked."""
