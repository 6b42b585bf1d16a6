"""The database itself: engine, types of columns, rows, revision, failures."""
