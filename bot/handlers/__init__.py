"""The list of all doors of the bot. A door parses the request, calls an action and returns a screen."""

from bot.handlers import clarification, forecast, menu, paper
from bot.handlers.broadcast import archive as broadcast_archive
from bot.handlers.broadcast import start as broadcast_start
from bot.handlers.delivery import acknowledgement, hours
from bot.handlers.doors import Door
from bot.handlers.marks import class_day, corrections, new_marks
from bot.handlers.marks import lookup as marks_lookup
from bot.handlers.register import preferences
from bot.handlers.results import acquaintance, class_finals, deferrals, exam_lists, exams, school_page, term_state
from bot.handlers.results import lookup as results_lookup
from bot.handlers.results import sheet as results_sheet
from bot.handlers.results import statistics as results_statistics
from bot.handlers.schoolwork import giving, recommendations
from bot.handlers.schoolwork import lookup as schoolwork_lookup
from bot.handlers.timetable import lesson_type, own_lessons, past_lesson, year
from bot.handlers.timetable import lookup as timetable_lookup

ASKED: dict[str, tuple[Door, ...]] = {
    "class_teacher": (
        *broadcast_start.DOORS,
        *results_statistics.DOORS,
        *results_sheet.DOORS,
        *exam_lists.DOORS,
        *acquaintance.DOORS,
    ),
    "deputy_head": (*hours.DOORS, *paper.DOORS, *school_page.DOORS),
    "teacher": (
        *class_day.DOORS,
        *own_lessons.DOORS,
        *new_marks.DOORS,
        *corrections.DOORS,
        *giving.DOORS,
        *lesson_type.DOORS,
    ),
    "finals": (*class_finals.DOORS, *term_state.DOORS, *deferrals.DOORS),
    "family": (
        *acknowledgement.DOORS,
        *marks_lookup.DOORS,
        *results_lookup.DOORS,
        *exams.DOORS,
        *timetable_lookup.DOORS,
        *past_lesson.DOORS,
        *schoolwork_lookup.DOORS,
        *year.DOORS,
        *recommendations.DOORS,
        *broadcast_archive.DOORS,
        *marks_lookup.STANDING,
        *forecast.DOORS,
    ),
    "everybody": preferences.DOORS,
}

_ASKED = [door for doors in ASKED.values() for door in doors]
MENU = menu.menu_door(_ASKED)

AUDIENCES = {**ASKED, "menu": (MENU,), "unclear": (clarification.clarification_door(_ASKED),)}
"""All doors by audience, in the order in which they are tried."""

DOORS: tuple[Door, ...] = tuple(door for doors in AUDIENCES.values() for door in doors)
