"""Screens of preferences, contacts and the first words."""
