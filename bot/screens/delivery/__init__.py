"""Screens of delivery: results within 24 hours, for the deputy head."""
