"""Documents of the register of consents and contacts."""
