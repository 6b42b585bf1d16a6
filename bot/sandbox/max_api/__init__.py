"""MAX's Bot API on loopback: one bot, dialogs with people, and what they do."""
