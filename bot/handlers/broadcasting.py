"""A class teacher's broadcast: pick, preview, send, see who has read it, remind the rest."""

from bot.handlers.doors import Door

DOORS: tuple[Door, ...] = ()
