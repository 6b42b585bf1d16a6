"""What an import prepares beside everybody else, and writes at once."""
