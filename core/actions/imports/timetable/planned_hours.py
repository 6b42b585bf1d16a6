"""Imports the curriculum plan and the types of lessons (Q59, Q60)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from core.actions.imports.timetable.context import TimetableImportContext, TimetableTally
from core.model.imports.reports import YEAR
from core.model.imports.timetable_tables import LessonTypeRow, PlanRow
from core.model.timetable import LessonType, PlannedHours
from core.model.year import TeachingGroup
from core.rules.results.terms import term_key

PlacedPlan = tuple[TimetableTally, str | None, PlanRow]
PlacedType = tuple[TimetableTally, str | None, LessonTypeRow]


async def import_planned_hours(intake: TimetableImportContext, rows: Sequence[PlacedPlan]) -> None:
    """Replaces the plan of this school year for each class that a row names; other classes keep theirs.

    Two rows with other hours for the same class, group, subject, term and type are a problem, and so is a term that the
    school's periods do not have: its hours would never be due.
    """
    if not rows:
        return
    year_id = await intake.uow.year.ensure_year(intake.today)
    terms = {term_key(each.name) for each in await intake.uow.year.periods(intake.today)}
    by_class: dict[int, dict[PlannedHours, TimetableTally]] = defaultdict(dict)
    seen: dict[tuple[object, ...], int] = {}
    for tally, sheet, row in rows:
        intake.tally, intake.sheet = tally, sheet
        school_class = _known_class(intake, row)
        subject_id = await intake.subject(row.subject, row=row.row)
        group = intake.subgroup(row.group, subject_id, row=row.row) if row.group else None
        if row.term is not None and terms and term_key(row.term) not in {*terms, YEAR}:
            intake.doubt("unknown_term", row.row, "term")
        if school_class is not None:
            group_id = group.id if group else None
            key = school_class.id, group_id, subject_id, row.term, row.lesson_type
            if seen.setdefault(key, row.hours) != row.hours:
                intake.doubt("plan_twice", row.row, "hours")
            new = PlannedHours(0, year_id, school_class.id, group_id, subject_id, row.hours, row.term, row.lesson_type)
            by_class[school_class.id].setdefault(new, tally)
    for class_id, hours in by_class.items():
        changed = await intake.uow.timetable.put_planned_hours(year_id, class_id, list(hours))
        next(iter(hours.values())).counts.planned_hours += changed


async def import_planned_lesson_types(intake: TimetableImportContext, rows: Sequence[PlacedType]) -> None:
    """Replaces the types of the lessons that rows name. Class, subject and teacher must be known."""
    types: dict[tuple[object, ...], tuple[LessonType, TimetableTally]] = {}
    for tally, sheet, row in rows:
        intake.tally, intake.sheet = tally, sheet
        school_class, subject_id = _known_class(intake, row), intake.subjects.find(row.subject)
        teacher_id = intake.teacher(row.teacher, row=row.row)
        if subject_id is None:
            intake.doubt("unknown_subject", row.row, "subject")
        elif school_class is not None:
            key = school_class.id, row.on, row.number, subject_id
            new = LessonType(0, *_lesson(school_class, subject_id, row), row.lesson_type, row.topic, teacher_id)
            if types.setdefault(key, (new, tally))[0].lesson_type != new.lesson_type:
                intake.doubt("lesson_type_twice", row.row, "lesson_type")
    await _write_types(intake, list(types.values()))


def _lesson(school_class: TeachingGroup, subject_id: int, row: LessonTypeRow) -> tuple[int, int, date, int]:
    return school_class.id, subject_id, row.on, row.number


async def _write_types(intake: TimetableImportContext, types: Sequence[tuple[LessonType, TimetableTally]]) -> None:
    by_file: dict[int, list[LessonType]] = defaultdict(list)
    tallies = {id(tally): tally for _, tally in types}
    for new, tally in types:
        by_file[id(tally)].append(new)
    for file, of_file in by_file.items():
        tallies[file].counts.lesson_types += await intake.uow.timetable.put_lesson_types(of_file)


def _known_class(intake: TimetableImportContext, row: PlanRow | LessonTypeRow) -> TeachingGroup | None:
    school_class = intake.school_class(row.school_class)
    if school_class is None:
        intake.doubt("unknown_class", row.row, "class")
    return school_class
