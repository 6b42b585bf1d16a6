"""What may be asked of the bot: the list of all doors. A door parses, acts and shows."""

from bot.handlers import clarification, menu
from bot.handlers.broadcast import start as broadcast_start
from bot.handlers.doors import Door
from bot.handlers.marks import class_day
from bot.handlers.marks import lookup as marks_lookup
from bot.handlers.register import preferences
from bot.handlers.timetable import lookup as timetable_lookup

ASKED: dict[str, tuple[Door, ...]] = {
    "class_teacher": broadcast_start.DOORS,
    "teacher": class_day.DOORS,
    "family": (*marks_lookup.DOORS, *timetable_lookup.DOORS, *marks_lookup.STANDING),
    "everybody": preferences.DOORS,
}

_ASKED = [door for doors in ASKED.values() for door in doors]
MENU = menu.menu(_ASKED)

AUDIENCES = {**ASKED, "menu": (MENU,), "unclear": (clarification.asking(_ASKED),)}
"""Every door of the bot, by audience, in the order in which they are tried."""

DOORS: tuple[Door, ...] = tuple(door for doors in AUDIENCES.values() for door in doors)
