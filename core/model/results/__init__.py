"""Final marks of periods."""
