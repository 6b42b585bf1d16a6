"""Screens of final marks."""
