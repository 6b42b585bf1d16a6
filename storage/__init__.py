"""Stores the school's data in SQLite or PostgreSQL; fulfils the ports of core."""
