"""Screens of preferences, contacts and onboarding."""
