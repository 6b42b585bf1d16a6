"""Finds the class, subject, teacher and term that a command names in words."""

from datetime import date

from bot.cli.errors import BadInputError
from bot.documents.results.result_statistics import StatisticsDocumentNames
from bot.imports.dates import read_school_year_dates
from core.model.imports.reports import YEAR
from core.model.results.statistics import Wanted
from core.model.year import GroupKind
from core.ports import UnitOfWork
from core.rules.access import Everything
from core.rules.people.initials import people_of_initials
from core.rules.people.names import normal_class_name, normal_name
from core.rules.results.terms import is_term, term_key
from core.rules.year import first_day_of_year


async def look_up_named_results(
    uow: UnitOfWork,
    *,
    on: date,
    term: str | None,
    school_class: str | None = None,
    subject: str | None = None,
    teacher: str | None = None,
) -> Wanted:
    """What the words mean. BadInputError for a term, class, subject or teacher that the school does not have."""
    return Wanted(
        None if term is None else await look_up_named_result_term(uow, term, on=on),
        None if school_class is None else await look_up_named_result_class(uow, school_class),
        None if subject is None else await _subject_id(uow, subject),
        None if teacher is None else await _teacher_id(uow, teacher),
    )


async def look_up_named_result_term(uow: UnitOfWork, term: str, *, on: date) -> str:
    """The key of a term. BadInputError, with the school's terms, for what is neither one of them nor a usual term."""
    periods = await uow.year.periods(on)
    known = dict.fromkeys([*(period.name for period in periods), YEAR])
    key = term_key(term)
    if not is_term(term) and key not in {term_key(name) for name in known}:
        raise BadInputError("cli.no_term", terms=", ".join(known))
    return key


async def look_up_named_result_class(uow: UnitOfWork, name: str) -> int:
    """The class of this name. BadInputError if the school has none."""
    groups = await uow.year.groups(Everything())
    key = normal_class_name(name)
    found = [group.id for group in groups if group.kind is GroupKind.CLASS and group.name_key == key]
    if not found:
        raise BadInputError("cli.no_class")
    return found[0]


async def _subject_id(uow: UnitOfWork, name: str) -> int:
    found = (await uow.year.subject_ids()).get(normal_name(name))
    if found is None:
        raise BadInputError("cli.no_subject")
    return found


async def _teacher_id(uow: UnitOfWork, name: str) -> int:
    found = people_of_initials(await uow.people.teachers(), name)
    if not found:
        raise BadInputError("cli.nobody")
    if len(found) > 1:
        raise BadInputError("cli.several", numbers=", ".join(str(person.id) for person in found))
    return found[0].id


async def load_console_result_names(uow: UnitOfWork, school: str) -> StatisticsDocumentNames:
    """The names of all classes, teachers and subjects."""
    groups = await uow.year.groups(Everything())
    return StatisticsDocumentNames(
        school,
        {group.id: group.name for group in groups if group.kind is GroupKind.CLASS},
        {person.id: person.name for person in await uow.people.teachers()},
        {subject.id: subject.name for subject in await uow.year.subjects()},
    )


def look_up_result_year(year: str | None, on: date) -> date:
    """A day of the school year: today, or the first of the named one. BadInputError for one that has not begun."""
    if year is None:
        return on
    both = read_school_year_dates(year)
    found = both[0] if both else date(int(year), 9, 1) if year.isdecimal() and len(year) == len("2026") else None
    if found is None or found > first_day_of_year(on):
        raise BadInputError("sheet.no_such_year")
    return on if found == first_day_of_year(on) else found
