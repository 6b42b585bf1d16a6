"""Accounts, consents, contacts and preferences."""
