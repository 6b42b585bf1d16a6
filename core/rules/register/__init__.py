"""Consents in force, and dates of documents."""
