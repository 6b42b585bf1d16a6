"""What an import prepares outside the write lock, and then writes at once."""
