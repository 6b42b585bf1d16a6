"""Names of channels that core itself uses."""

PAPER = "paper"
