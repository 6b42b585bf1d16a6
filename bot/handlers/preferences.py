"""What a person chooses: kinds of notices, hours, language, and letting go of a lost phone."""

from bot.handlers.doors import Door

DOORS: tuple[Door, ...] = ()
