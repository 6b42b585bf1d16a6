"""Consents, contacts, codes and preferences in SQL."""
