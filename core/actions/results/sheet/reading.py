"""The summary sheet of a class is read, and a print of it verified (Q65–Q68)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from core.actions.results.lesson_statistics import load_lesson_statistics_year
from core.errors import NotFoundError
from core.model.imports.reports import YEAR
from core.model.people import Actor, Role
from core.model.results.summary_sheet import PrintedCell, SheetDifference, SheetFacts, SummarySheet
from core.model.year import GroupKind, TeachingGroup
from core.ports import UnitOfWork
from core.rules import access
from core.rules import year as school_years
from core.rules.access import Everything, Scope
from core.rules.results.sheet.arrangement import arranged_marks_in_force, arranged_summary_sheet
from core.rules.results.sheet.comparison import sheet_comparison


@dataclass(frozen=True, slots=True)
class SheetRequest:
    """Whose sheet is asked for: the class, today, a day of the school year, and the normal names of unmarked subjects.

    A class teacher reads the sheets of the present year; those of earlier years are of other students.
    """

    class_id: int
    on: date
    day: date
    unmarked: frozenset[str] = frozenset()


async def load_sheet_classes(uow: UnitOfWork, actor: Actor, *, on: date) -> Sequence[TeachingGroup]:
    """The classes whose sheets the actor may read. NotAllowedError for those who lead none."""
    groups = await uow.year.groups(access.statistics_access_scope(actor, on=on))
    classes = [each for each in groups if each.kind is GroupKind.CLASS]
    return sorted(classes, key=lambda each: (school_years.grade_level_of_groups([each]) or 0, each.name_key))


async def load_summary_sheet(uow: UnitOfWork, actor: Actor, request: SheetRequest) -> SummarySheet:
    """The sheet with its signatories and the authors of corrections. NotFoundError, NotAllowedError."""
    facts = await load_sheet_facts(uow, _scope(actor, request), request)
    return await _with_names(uow, arranged_summary_sheet(facts), facts.day)


async def verify_summary_sheet(
    uow: UnitOfWork, actor: Actor, request: SheetRequest, printed: Sequence[PrintedCell]
) -> Sequence[SheetDifference]:
    """What a printed sheet shows otherwise than the marks in force, by their append-only history (Q66)."""
    facts = await load_sheet_facts(uow, _scope(actor, request), request)
    return sheet_comparison(arranged_summary_sheet(facts), arranged_marks_in_force(facts), printed)


def _scope(actor: Actor, request: SheetRequest) -> Scope:
    if school_years.first_day_of_year(request.day) != school_years.first_day_of_year(request.on):
        access.require_access_role(actor, Role.DEPUTY_HEAD)
    return access.statistics_access_scope(actor, on=request.on)


async def load_sheet_facts(uow: UnitOfWork, scope: Scope, request: SheetRequest) -> SheetFacts:
    """Everything that the sheet shows, as far as the scope opens the class. NotFoundError for another's class."""
    class_id, day = request.class_id, min(request.on, school_years.last_day_of_year(request.day))
    groups = await uow.year.groups(scope)
    school_class = next((each for each in groups if each.id == class_id and each.kind is GroupKind.CLASS), None)
    if school_class is None:
        raise NotFoundError
    periods = await uow.year.periods(request.day)
    first, last = school_years.first_day_of_year(request.day), load_lesson_statistics_year(periods, request.day)[1]
    names = {each.id: each.name for each in await uow.year.subjects()}
    facts = SheetFacts(school_class, first, day, last, names, unmarked=request.unmarked, periods=periods)
    year_id = await uow.year.year(request.day)
    if year_id is None and request.day != request.on:
        return facts  # a place without a first day would fill every year
    members = await uow.sheets.members(class_id, scope, since=first, until=day)
    at = min(day, last)
    learned = await uow.learning.learned(scope, term=YEAR, since=first, until=at, on=at, group_id=class_id)
    facts = replace(facts, members=members, learned=frozenset(each.subject_id for each in learned))
    if year_id is None:
        return facts
    return replace(
        facts,
        histories=await uow.sheets.histories(class_id, scope, year_id=year_id),
        deferrals=await uow.sheets.class_deferrals(class_id, scope, year_id=year_id),
        closings=await uow.closings.closings(year_id),
        decisions=await uow.sheets.decisions(class_id, scope, year_id=year_id),
    )


async def _with_names(uow: UnitOfWork, sheet: SummarySheet, day: date) -> SummarySheet:
    """The sheet with the names of staff: who signs it, and who corrected marks."""
    heads = await uow.people.holders_of_role(Role.DEPUTY_HEAD, on=day)
    authors = {each.by for each in sheet.corrections if each.by is not None}
    names = {each: (await uow.people.person(each, Everything())).name for each in sorted({*heads, *authors})}
    return replace(
        sheet,
        class_teachers=await uow.sheets.class_teachers(sheet.school_class.id, on=day),
        deputy_heads=[names[each] for each in heads],
        authors={each: names[each] for each in authors},
    )
