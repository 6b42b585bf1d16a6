"""The register: consents, contacts, one-time codes, preferences."""
