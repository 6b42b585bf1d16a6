"""What the school knows, kept in SQLite or PostgreSQL behind the ports of core."""
