"""Doors of preferences, and of people who come, block or return."""
