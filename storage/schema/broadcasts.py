"""Broadcasts of class teachers."""
