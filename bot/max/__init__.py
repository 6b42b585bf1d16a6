"""The conversation over MAX: everything that knows its Bot API."""
