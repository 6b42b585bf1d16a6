"""What families look up of the school day: timetable, control works, teachers, holidays, homework, recommendations."""

from bot.handlers.doors import Door

DOORS: tuple[Door, ...] = ()
