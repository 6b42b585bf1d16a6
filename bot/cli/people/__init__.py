"""Commands for people, and finding the person whom the operator means."""
