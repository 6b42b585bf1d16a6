"""Names and ages of people, and whom a file means."""
