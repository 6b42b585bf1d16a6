"""Processes and databases that a benchmark starts."""
