"""Who is owed what, by which channel, when, and what counts as evidence."""
