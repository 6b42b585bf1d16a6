"""What the stand-in for Telegram remembers: chats, messages, files, updates."""
