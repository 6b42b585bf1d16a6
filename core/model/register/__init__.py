"""What the secretary keeps: consents, contacts, codes, preferences."""
