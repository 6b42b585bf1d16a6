"""What the bot shows: pure functions from the model to words and buttons; nothing here knows Telegram."""
