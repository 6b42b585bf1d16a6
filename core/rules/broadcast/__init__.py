"""When a broadcast must have been read, and by whom."""
