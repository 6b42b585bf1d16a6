"""Imports lesson changes from the school's tables: finds the lesson, writes the change, publishes it (Q17, Q97)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

from core.actions.imports.timetable.context import TimetableImportContext, TimetableTally
from core.actions.timetable import changed_lessons
from core.actions.timetable.changed_lessons import ChangedLesson
from core.model.delivery.fact_names import lesson_change_fact_name
from core.model.delivery.obligations import NewNotice
from core.model.imports.timetable_tables import ChangeRow
from core.model.timetable import ChangeKind, DayLesson, LessonChange, NewLessonChange, Plan
from core.model.year import TeachingGroup
from core.rules.access import Everything
from core.rules.broadcast import deadlines
from core.rules.people.names import normal_name
from core.rules.timetable import days as timetable_days

IMPORT_KIND = "lesson_changes"

Placed = tuple[TimetableTally, str | None, ChangeRow]


@dataclass(frozen=True, slots=True)
class _Known:
    """A class with its plan on the dates of the file; `planned` is the plan before any change."""

    group: TeachingGroup
    plan: Plan

    @property
    def planned(self) -> Plan:
        return replace(self.plan, changes=())

    @property
    def changes(self) -> frozenset[NewLessonChange]:
        return frozenset(_as_new(named.change) for named in self.plan.changes)


async def import_lesson_changes(intake: TimetableImportContext, rows: Sequence[Placed]) -> None:
    """Writes the changes that are not known yet, with notices to families and teachers unless the lesson has begun.

    So the changes of the past that a school's first file brings make no notices, and tomorrow's do. A set may change a
    lesson once; a second change is a problem.
    """
    classes = await _classes(intake, rows)
    new: dict[NewLessonChange, TimetableTally] = {}
    seen: set[tuple[int, int, date, int]] = set()
    for tally, sheet, row in rows:
        intake.tally, intake.sheet = tally, sheet
        known = classes.get(row.school_class)
        if known is None:
            intake.teacher(row.new_teacher, row=row.row, column="new_teacher")
        for change in await _changes(intake, known, row) if known else ():
            lesson = (change.group_id, change.subject_id, change.on, change.number)
            if lesson in seen:
                intake.doubt("change_twice", row.row, "number")
            elif known and change not in known.changes:
                new[change] = tally
            seen.add(lesson)
    if new and not any(tally.problems for tally, _, _ in rows):
        await _write_changes(intake, new)


async def _classes(intake: TimetableImportContext, rows: Sequence[Placed]) -> Mapping[str, _Known]:
    """The classes of the rows by the name in the file; each row of an unknown class is a problem."""
    classes: dict[str, _Known] = {}
    if not rows:
        return classes
    days = [row.on for _, _, row in rows]
    for tally, sheet, row in rows:
        intake.tally, intake.sheet = tally, sheet
        group = intake.school_class(row.school_class)
        if group is None:
            intake.doubt("unknown_class", row.row, "class")
        elif row.school_class not in classes:
            plan = await intake.uow.timetable.of_group(group.id, Everything(), since=min(days), until=max(days))
            classes[row.school_class] = _Known(group, plan)
    return classes


async def _changes(intake: TimetableImportContext, known: _Known, row: ChangeRow) -> Sequence[NewLessonChange]:
    """The changes of a row: of its one lesson, or of each subgroup's lesson at that number."""
    teacher_id = intake.teacher(row.new_teacher, row=row.row, column="new_teacher")
    subject_id = await intake.subject(row.new_subject, row=row.row) if row.new_subject else None
    return [_new_change(lesson, row, teacher_id, subject_id) for lesson in _lessons_of_row(intake, known, row)]


def _lessons_of_row(intake: TimetableImportContext, known: _Known, row: ChangeRow) -> Sequence[DayLesson]:
    """The class's lessons of the subject at one number of the day; several numbers or none are a problem."""
    day = timetable_days.timetable_day(known.planned, row.on)
    of_subject = [lesson for lesson in day.lessons if normal_name(lesson.subject) == normal_name(row.subject)]
    lessons = [lesson for lesson in of_subject if row.number in {None, lesson.number}]
    of_absent_teacher = [lesson for lesson in lessons if _is_given_by(lesson, row.absent)]
    if row.absent and of_absent_teacher:
        lessons = of_absent_teacher
    numbers = sorted({lesson.number for lesson in lessons})
    if len(numbers) == 1:
        return lessons
    if numbers:
        intake.doubt("lesson_ambiguous", row.row, "number", numbers=", ".join(map(str, numbers)))
    else:
        intake.doubt("lesson_unknown", row.row, "subject")
    return ()


def _is_given_by(lesson: DayLesson, absent: str | None) -> bool:
    """True if the absent teacher has the surname of the lesson's teacher."""
    if lesson.teacher is None or absent is None:
        return False
    return normal_name(lesson.teacher).split()[0] in normal_name(absent).replace(".", " ").split()


def _new_change(lesson: DayLesson, row: ChangeRow, teacher_id: int | None, subject_id: int | None) -> NewLessonChange:
    """Only a substitution has a new subject and teacher; a cancellation has no new room."""
    is_substitution = row.change is ChangeKind.SUBSTITUTION
    return NewLessonChange(
        lesson.group_id,
        lesson.subject_id,
        row.on,
        lesson.number,
        row.change,
        new_subject_id=subject_id if is_substitution else None,
        new_teacher_id=teacher_id if is_substitution else None,
        new_room=None if row.change is ChangeKind.CANCELLATION else row.new_room,
        new_on=row.new_on,
        new_number=row.new_number,
    )


def _as_new(change: LessonChange) -> NewLessonChange:
    """The same change without its number and history, to be compared with a row of a file."""
    return NewLessonChange(**{field.name: getattr(change, field.name) for field in fields(NewLessonChange)})


async def _write_changes(intake: TimetableImportContext, new: Mapping[NewLessonChange, TimetableTally]) -> None:
    uow, by = intake.uow, intake.actor.person_id
    changed = await changed_lessons.load_changed_lessons(uow, list(new), on=intake.today)
    ids = await uow.timetable.add_changes(list(new), by=by, at=intake.now, broadcast_id=None)
    for tally in new.values():
        tally.counts.lesson_changes += 1
    for tally in {id(tally): tally for tally in new.values()}.values():
        import_id = await uow.imports.add_import(sha256=tally.file.sha256, kind=IMPORT_KIND, at=intake.now, by=by)
        await uow.imports.finish_import(import_id, recorded=tally.counts.lesson_changes, changed=0, withdrawn=0)
    for change_id, lesson in zip(ids, changed, strict=True):
        await _publish_change(intake, change_id, lesson)


async def _publish_change(intake: TimetableImportContext, change_id: int, changed: ChangedLesson) -> None:
    """Publishes a change for families and teachers, unless its lesson has begun."""
    now = intake.now
    due = deadlines.broadcast_changes_deadline(changed.slots, now=now, policy=intake.policy)
    if due is None:
        return
    group_id, on = changed.change.group_id, changed.change.on
    await changed_lessons.tell_of_changed_lesson(
        intake.uow, change_id, group_id, changed.notice, on=on, due=due, now=now
    )
    fact = lesson_change_fact_name(change_id)
    staff = [NewNotice(None, changed.for_staff, fact, person_id) for person_id in sorted(changed.teacher_ids)]
    await intake.uow.outbox.add(staff, received_at=now, published_at=now, due=due)
