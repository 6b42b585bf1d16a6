"""Makes, checks and restores copies of the database."""
