"""The print queue, the weekly extracts and what they hold."""
