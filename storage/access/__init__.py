"""Scopes as SQL, and the statements that are built once for each kind of scope."""
