"""The SMS channel over a Kannel gateway."""
