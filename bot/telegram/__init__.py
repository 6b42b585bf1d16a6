"""The conversation over Telegram: everything that knows aiogram."""
