"""Channels that the core itself knows."""

PAPER = "paper"
