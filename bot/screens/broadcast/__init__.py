"""Screens of a broadcast."""
