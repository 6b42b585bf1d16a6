"""Benchmarks of the register: guessed codes, chats that race for a code, withdrawals that race with sending."""
