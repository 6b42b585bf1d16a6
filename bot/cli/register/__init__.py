"""Commands for accounts, consents and contacts."""
