"""The Telegram side of the sandbox: chats, and a server that speaks the Bot API to both libraries."""
