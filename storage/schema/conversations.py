"""The state of chats, and updates that wait for their handling."""
