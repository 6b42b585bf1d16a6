"""Imports the school's timetables: template, changes, bells, holidays, periods; all or nothing (Q16–Q22)."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise
from typing import TypeVar

from core.actions.imports.import_results import ImportResult, import_with_results
from core.actions.imports.timetable.context import TimetableCounts, TimetableImportContext, TimetableTally
from core.actions.imports.timetable.lesson_changes import import_lesson_changes
from core.actions.imports.timetable.planned_hours import import_planned_hours, import_planned_lesson_types
from core.model.imports.reports import Problem, ReadFile
from core.model.imports.timetable_tables import (
    BellRow,
    ChangeRow,
    HolidayRow,
    LessonTypeRow,
    PeriodRow,
    PlanRow,
    ScheduleKind,
    ScheduleRow,
    TemplateRow,
)
from core.model.people import Actor
from core.model.timetable import Bell, Holiday, NewTemplateLesson
from core.ports import UnitOfWork
from core.rules import year
from core.rules.access import Everything
from core.rules.delivery.timing import Policy

R = TypeVar("R", bound=ScheduleRow)
Placed = tuple[TimetableTally, str | None, R]
"""A row with its file and sheet."""


TimetableResult = ImportResult[TimetableCounts]

CLASHES = {"teacher_clash": "teacher", "room_clash": "room", "class_clash": "number"}
"""Doubts about two lessons at one time, and the column of each."""


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A lesson of the template with its row; `class_id` is the row's class, `group_id` whoever is taught."""

    tally: TimetableTally
    sheet: str | None
    row: TemplateRow
    class_id: int
    group_id: int
    lesson: NewTemplateLesson


async def import_timetable_tables(
    uow: UnitOfWork,
    actor: Actor,
    files: Sequence[ReadFile],
    *,
    now: datetime,
    policy: Policy,
    starts_on: date | None = None,
    check_only: bool = False,
) -> TimetableResult:
    """Imports a set of timetables; see `import_with_results`. The same set again changes nothing.

    A class's template is in force from `starts_on`. The default is today, and 1 September for the first template of a
    class. The set replaces all holidays of a year, all bells of a variant and the plan of each class that it names;
    everything else stays.
    """

    async def enter(tallies: Sequence[TimetableTally]) -> None:
        await _enter(await TimetableImportContext.open(uow, actor, now=now, policy=policy), tallies, starts_on)

    return await import_with_results(
        uow,
        actor,
        files,
        TimetableCounts,
        enter,
        action="timetable_imported",
        now=now,
        check_only=check_only,
    )


async def _enter(intake: TimetableImportContext, tallies: Sequence[TimetableTally], starts_on: date | None) -> None:
    """Enters the tables in this order whatever file they are in, since later ones refer to earlier ones."""
    await _enter_periods(intake, list(_rows(tallies, PeriodRow)))
    await _enter_holidays(intake, list(_rows(tallies, HolidayRow)))
    planned = await _enter_template(intake, list(_rows(tallies, TemplateRow)), starts_on)
    await _enter_bells(intake, list(_rows(tallies, BellRow)))
    if any(tally.counts.template_lessons for tally in tallies):
        await _note_clashes(intake, planned)
    await import_planned_hours(intake, list(_rows(tallies, PlanRow)))
    await import_planned_lesson_types(intake, list(_rows(tallies, LessonTypeRow)))
    await import_lesson_changes(intake, list(_rows(tallies, ChangeRow)))
    _check_left_out(intake, tallies)


def _check_left_out(intake: TimetableImportContext, tallies: Sequence[TimetableTally]) -> None:
    """Looks up the teachers and classes in the sound cells of left-out rows; a template's class may be new."""
    for tally in tallies:
        for row in tally.file.left_out:
            intake.tally, intake.sheet, school_class = tally, row.sheet, row.cells.get("class")
            for column in ("teacher", "new_teacher"):
                intake.teacher(row.cells.get(column), row=row.row, column=column)
            is_new = row.table in {ScheduleKind.TEMPLATE, ScheduleKind.PERIODS}
            if school_class and not is_new and intake.school_class(school_class) is None:
                intake.doubt("unknown_class", row.row, "class")


def _rows(tallies: Sequence[TimetableTally], of_type: type[R]) -> Iterator[Placed[R]]:
    for tally in tallies:
        for table in tally.file.schedules:
            for row in table.rows:
                if isinstance(row, of_type):
                    yield tally, table.sheet, row


async def _enter_periods(intake: TimetableImportContext, rows: Sequence[Placed[PeriodRow]]) -> None:
    for tally, sheet, row in rows:
        intake.tally, intake.sheet = tally, sheet
        year_id = await intake.uow.year.ensure_year(row.starts_on)
        school_class = await intake.ensure_class(row.school_class, row=row.row) if row.school_class else None
        subject_id = await intake.subject(row.subject, row=row.row) if row.subject else None
        changed = await intake.uow.year.put_period(
            year_id, row.name, starts_on=row.starts_on, ends_on=row.ends_on,
            grades=row.grades, group_id=school_class.id if school_class else None, subject_id=subject_id,
        )  # fmt: skip
        tally.counts.periods += changed
    _note_overlaps(rows)
    _note_years_over(rows, intake.today)


def _note_overlaps(rows: Sequence[Placed[PeriodRow]]) -> None:
    """A doubt for each quarter that shares days with another one of the same classes: likely a slip of the pen."""
    for place, (tally, sheet, row) in enumerate(rows):
        others = (other for _, _, other in rows[:place] if _is_like_period(row, other))
        shared = next(
            (each for each in others if row.starts_on <= each.ends_on and each.starts_on <= row.ends_on), None
        )
        if shared is not None:
            facts = (("period", shared.name),)
            tally.doubts.append(Problem(sheet, row.row, "starts_on", None, "periods_overlap", facts))


def _is_like_period(one: PeriodRow, other: PeriodRow) -> bool:
    """«1 четверть» and «2 четверть» of the same classes; a half-year may well share its days with quarters."""
    same = (one.school_class, one.subject, one.grades) == (other.school_class, other.subject, other.grades)
    return same and one.name != other.name and one.name.split()[-1].casefold() == other.name.split()[-1].casefold()


def _note_years_over(rows: Sequence[Placed[PeriodRow]] | Sequence[Placed[HolidayRow]], today: date) -> None:
    """A doubt for each row of a school year that is over: likely last year's list."""
    for tally, sheet, row in rows:
        if row.ends_on < year.first_day_of_year(today):
            facts = (("date", f"{row.ends_on:%d.%m.%Y}"),)
            tally.doubts.append(Problem(sheet, row.row, "ends_on", None, "year_over", facts))


async def _enter_holidays(intake: TimetableImportContext, rows: Sequence[Placed[HolidayRow]]) -> None:
    _note_years_over(rows, intake.today)
    by_year: dict[int, list[Placed[HolidayRow]]] = defaultdict(list)
    for placed in rows:
        by_year[await intake.uow.year.ensure_year(placed[2].starts_on)].append(placed)
    for year_id, of_year in by_year.items():
        holidays = [
            Holiday(0, year_id, row.name, row.starts_on, row.ends_on, row.grade_from, row.grade_to)
            for _, _, row in of_year
        ]
        of_year[0][0].counts.holidays += await intake.uow.timetable.put_holidays(year_id, list(dict.fromkeys(holidays)))


async def _enter_template(
    intake: TimetableImportContext, rows: Sequence[Placed[TemplateRow]], starts_on: date | None
) -> Sequence[PlannedRow]:
    """Replaces the templates of the groups; a group's changes are counted for the first file that names it.

    A set that names one week of a group leaves the lessons of its other week.
    """
    planned: list[PlannedRow] = []
    lessons: dict[int, list[NewTemplateLesson]] = defaultdict(list)
    files: dict[int, TimetableTally] = {}
    sources: dict[int, list[tuple[NewTemplateLesson, object]]] = defaultdict(list)
    for tally, sheet, row in rows:
        intake.tally, intake.sheet = tally, sheet
        subject_id = await intake.subject(row.subject, row=row.row)
        group = await intake.ensure_class(row.school_class, row=row.row, column=row.column)
        taught = intake.subgroup(row.group, subject_id, row=row.row) if row.group else group
        teacher_id = intake.teacher(row.teacher, row=row.row)
        if taught is not None:
            lesson = NewTemplateLesson(subject_id, row.weekday, row.number, row.room, teacher_id, row.week)
            _check_lesson(intake, row, lesson, sources[taught.id])
            planned.append(PlannedRow(tally, sheet, row, group.id, taught.id, lesson))
            lessons[taught.id].append(lesson)
            files.setdefault(taught.id, tally)
    for group_id, template in lessons.items():
        since = starts_on or await _template_begins(intake, group_id)
        weeks = {lesson.week for lesson in template}
        changed = await intake.uow.timetable.put_template(
            group_id, list(dict.fromkeys(template)), starts_on=since, week=weeks.pop() if len(weeks) == 1 else None
        )
        files[group_id].counts.template_lessons += changed
    return planned


async def _note_clashes(intake: TimetableImportContext, planned: Sequence[PlannedRow]) -> None:
    """A doubt for each lesson that takes a teacher, a room or a whole class from another lesson of the set.

    It is no problem, since lessons of two classes together and halls for several are real. Classes of different shifts
    have the same number at different times. The same week again is not told again.
    """
    choices = await intake.uow.timetable.bell_choices()
    shifts = {choice.group_id: choice.variant for choice in choices if choice.on is None}
    slots: dict[tuple[object, ...], list[PlannedRow]] = defaultdict(list)
    for each in planned:
        slot = slots[each.lesson.weekday, each.lesson.number, shifts.get(each.class_id, "")]
        found = ((_clash(each, other), other) for other in slot)
        reason, other = next(((reason, other) for reason, other in found if reason), (None, each))
        if reason is not None:
            column, facts = each.row.column or CLASHES[reason], (("other_class", other.row.school_class),)
            each.tally.doubts.append(Problem(each.sheet, each.row.row, column, None, reason, facts))
        slot.append(each)


def _clash(one: PlannedRow, other: PlannedRow) -> str | None:
    """What two lessons at one time cannot share; None for groups, different weeks, and one lesson of several rows."""
    mine, its = one.lesson, other.lesson
    if None not in {mine.week, its.week} and mine.week is not its.week:
        return None
    if one.class_id == other.class_id:
        return _clash_in_class(one, other)
    if one.group_id == other.group_id:
        return None
    if mine.teacher_id is not None and mine.teacher_id == its.teacher_id:
        return "teacher_clash"
    return "room_clash" if mine.room and mine.room.casefold() == (its.room or "").casefold() else None


def _clash_in_class(one: PlannedRow, other: PlannedRow) -> str | None:
    """A grid has no groups: its two lessons at a time are those of half classes, as one subject's two teachers are."""
    mine, its = one.lesson, other.lesson
    if mine.teacher_id is not None and mine.teacher_id == its.teacher_id and mine.room != its.room:
        return "teacher_clash"
    is_whole = one.group_id == other.group_id == one.class_id and one.row.column is other.row.column is None
    is_again = mine == its and one.tally is other.tally and one.sheet == other.sheet
    return "class_clash" if is_whole and (is_again or mine.subject_id != its.subject_id) else None


def _check_lesson(
    intake: TimetableImportContext,
    row: TemplateRow,
    lesson: NewTemplateLesson,
    known: list[tuple[NewTemplateLesson, object]],
) -> None:
    """Weeks need the school's odd week; a second sheet that plans the same time otherwise is another week's.

    Within one sheet two lessons at a time are those of half groups.
    """
    told = any((each.sheet, each.reason) == (intake.sheet, "odd_week_missing") for each in intake.tally.problems)
    if row.week is not None and intake.uow.timetable.odd_week is None and not told:
        intake.doubt("odd_week_missing", row.row, row.column or "week")
    source = id(intake.tally), intake.sheet
    place = lesson.weekday, lesson.number
    for other, other_source in known:
        weeks = {lesson.week, other.week}
        together = (other.weekday, other.number) == place and (None in weeks or len(weeks) == 1)
        if together and other_source != source and other.subject_id != lesson.subject_id:
            intake.doubt("lesson_in_two_sheets", row.row, row.column or "subject")
            return
    known.append((lesson, source))


async def _template_begins(intake: TimetableImportContext, group_id: int) -> date:
    """Today; 1 September for a group without a template, since its lessons have been the same all the year."""
    today = intake.today
    plan = await intake.uow.timetable.of_group(group_id, Everything(), since=today, until=today)
    has_one = any(named.lesson.group_id == group_id for named in plan.template)
    return today if has_one else year.first_day_of_year(today)


async def _enter_bells(intake: TimetableImportContext, rows: Sequence[Placed[BellRow]]) -> None:
    """Replaces the times of each variant, then chooses variants for the classes and dates that rows name."""
    variants: dict[str, list[Placed[BellRow]]] = defaultdict(list)
    for placed in rows:
        variants[placed[2].variant].append(placed)
    for variant, of_variant in variants.items():
        bells = [Bell(0, variant, number, *times) for number, times in sorted(_ring_times(intake, of_variant).items())]
        of_variant[0][0].counts.bells += await intake.uow.timetable.put_bells(variant, bells)
    choices = _bell_choices(intake, rows)
    await _check_variants(intake, variants, {variant for variant, _ in choices.values()})
    for (group_id, on), (variant, tally) in choices.items():
        tally.counts.bells += await intake.uow.timetable.choose_bells(variant, group_id=group_id, on=on)


async def _check_variants(
    intake: TimetableImportContext, variants: Mapping[str, Sequence[Placed[BellRow]]], chosen: Collection[str]
) -> None:
    """A variant that no class and no date has would never ring: it is a misspelt one, or its class is missing."""
    known = {*chosen, "", *(choice.variant for choice in await intake.uow.timetable.bell_choices())}
    for variant, rows in variants.items():
        if variant not in known and all(row.school_class is None for _, _, row in rows):
            intake.tally, intake.sheet, first = rows[0]
            intake.doubt("bells_unused", first.row, "variant")


def _ring_times(intake: TimetableImportContext, rows: Sequence[Placed[BellRow]]) -> Mapping[int, tuple[time, time]]:
    """The times of each lesson number of a variant; two times for one number and overlaps are problems."""
    first: dict[int, Placed[BellRow]] = {}
    for placed in rows:
        intake.tally, intake.sheet, row = placed
        _, _, known = first.setdefault(row.number, placed)
        if (known.starts_at, known.ends_at) != (row.starts_at, row.ends_at):
            intake.doubt("bell_twice", row.row, "number")
    for (_, (_, _, before)), (_, placed) in pairwise(sorted(first.items())):
        intake.tally, intake.sheet, row = placed
        if row.starts_at < before.ends_at:
            intake.doubt("bells_overlap", row.row, "starts")
    return {number: (row.starts_at, row.ends_at) for number, (_, _, row) in first.items()}


def _bell_choices(
    intake: TimetableImportContext, rows: Sequence[Placed[BellRow]]
) -> Mapping[tuple[int | None, date | None], tuple[str, TimetableTally]]:
    choices: dict[tuple[int | None, date | None], tuple[str, TimetableTally]] = {}
    for tally, sheet, row in rows:
        intake.tally, intake.sheet = tally, sheet
        group_id = _class_id(intake, row)
        if group_id is not None or row.on is not None:
            choices[group_id, row.on] = (row.variant, tally)
    return choices


def _class_id(intake: TimetableImportContext, row: BellRow) -> int | None:
    if row.school_class is None:
        return None
    school_class = intake.school_class(row.school_class)
    if school_class is None:
        intake.doubt("unknown_class", row.row, "class")
    return school_class.id if school_class else None
