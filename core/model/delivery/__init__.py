"""What is owed to one person and how it is proved: obligations, deliveries, attempts."""
