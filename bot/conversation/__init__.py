"""What any messenger's conversation needs: queues of chats, limits, group commit."""
