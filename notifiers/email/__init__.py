"""The e-mail channel, and mail that comes back."""
