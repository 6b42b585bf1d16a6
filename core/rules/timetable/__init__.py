"""School days, bells and lesson changes."""
