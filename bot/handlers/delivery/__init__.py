"""Doors of delivery: the acknowledgement under a message, and results within 24 hours for the deputy head."""
