"""What a teacher does: a whole class in one screen, marks, homework, control works, recommendations, undo."""

from bot.handlers.doors import Door

DOORS: tuple[Door, ...] = ()
