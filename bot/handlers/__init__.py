"""What may be asked of the bot: a door parses, acts and shows."""
