"""Screens: pure functions from the model to a text with marks and buttons; no messenger is known here."""
