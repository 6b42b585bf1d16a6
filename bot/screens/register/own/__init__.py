"""Screens of what a person sees and decides of their own: contacts, consents, data."""
