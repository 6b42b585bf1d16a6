"""The Telegram side of the sandbox: chats, and a server that speaks the Bot API to both libraries."""

import bot.telegram  # noqa: F401  # imports aiogram in a quarter of the time
