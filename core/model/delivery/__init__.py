"""Obligations, deliveries and attempts: what is owed to a person, and the evidence that it was sent."""
