"""Invented series of marks for the forecast."""
