"""Final marks of periods in SQL."""
