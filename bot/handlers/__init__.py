"""The list of all doors of the bot. A door parses the request, calls an action and returns a screen."""

from bot.handlers import clarification, menu, paper
from bot.handlers.broadcast import archive as broadcast_archive
from bot.handlers.broadcast import start as broadcast_start
from bot.handlers.delivery import acknowledgement, hours
from bot.handlers.doors import Door
from bot.handlers.forecast import lookup as forecast_lookup
from bot.handlers.forecast import risks as forecast_risks
from bot.handlers.marks import class_day, corrections, new_marks
from bot.handlers.marks import lookup as marks_lookup
from bot.handlers.register import class_waiting, newcomers, preferences
from bot.handlers.register.office import classes as office_classes
from bot.handlers.register.office import desk as office_desk
from bot.handlers.register.office import entries as office_entries
from bot.handlers.register.office import persons as office_persons
from bot.handlers.register.office import slips as office_slips
from bot.handlers.register.office import waiting as office_waiting
from bot.handlers.register.own import consents as own_consents
from bot.handlers.register.own import contacts as own_contacts
from bot.handlers.register.own import data as own_data
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
        *forecast_risks.DOORS,
        *exam_lists.DOORS,
        *acquaintance.DOORS,
        *class_waiting.DOORS,
    ),
    "office": (
        *office_desk.DOORS,
        *office_waiting.DOORS,
        *office_slips.DOORS,
        *office_classes.DOORS,
        *office_persons.DOORS,
        *office_entries.DOORS,
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
        *forecast_lookup.DOORS,
    ),
    "everybody": (*preferences.DOORS, *own_contacts.DOORS, *own_consents.DOORS, *own_data.DOORS),
    "newcomer": newcomers.DOORS,
}

_ASKED = [door for doors in ASKED.values() for door in doors]
MENU = menu.menu_door(_ASKED)

AUDIENCES = {**ASKED, "menu": (MENU,), "unclear": (clarification.clarification_door(_ASKED),)}
"""All doors by audience, in the order in which they are tried."""

DOORS: tuple[Door, ...] = tuple(door for doors in AUDIENCES.values() for door in doors)
