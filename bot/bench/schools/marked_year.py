"""An invented school at the end of its year: timetable with changes, plan of hours, marks, final marks."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.bench.schools.invented import SUBJECTS, invented_full_name, invented_pupils
from core.model.marks.entries import EntryKind
from core.model.timetable import ChangeKind
from core.model.year import GroupKind
from core.rules.people.names import normal_class_name, normal_name
from core.rules.year import grade_level_of_name
from storage.database.engine import create_database_engine
from storage.schema.marks import entry
from storage.schema.people import person, student
from storage.schema.results import period_mark
from storage.schema.schoolwork import control_work
from storage.schema.timetable import holiday, lesson_change, lesson_type, planned_hours, template_lesson
from storage.schema.year import enrolment, reporting_period, school_year, subject, teaching_group

TERMS = (
    ("1 четверть", date(2026, 9, 1), date(2026, 10, 24)),
    ("2 четверть", date(2026, 11, 2), date(2026, 12, 29)),
    ("3 четверть", date(2027, 1, 11), date(2027, 3, 20)),
    ("4 четверть", date(2027, 3, 29), date(2027, 5, 31)),
)
BREAKS = (
    (date(2026, 10, 25), date(2026, 11, 1)),
    (date(2026, 12, 30), date(2027, 1, 10)),
    (date(2027, 3, 21), date(2027, 3, 28)),
)
TODAY = date(2027, 5, 31)
NOW = datetime(2026, 9, 1, tzinfo=UTC)
LESSONS_A_DAY, SCHOOL_WEEK = 6, 5
DIVIDED = "Английский язык"
CHANGED_SHARE = 0.05
BATCH = 5_000
USUAL, UNUSUAL, USUAL_SHARE = "55444332", ("н/а", "осв", None), 0.97

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cast:
    """The ids that everything refers to; students and halves by class."""

    classes: Mapping[str, int]
    students: Mapping[int, Sequence[int]]
    subjects: Sequence[int]
    halves: Mapping[int, Sequence[int]]
    divided: int


async def fill_marked_year(url: str, *, students: int, marks_a_subject: int) -> None:
    """Fills a migrated, empty database; the same size gives the same school."""
    engine = create_database_engine(url)
    dice = random.Random(11)  # noqa: S311  # dice, not secrets
    async with engine.begin() as connection:
        cast = await _people(connection, students)
        await _calendar(connection)
        await _lessons(connection, cast, dice)
        await _put(connection, entry, _entries(cast, marks_a_subject, dice))
        await _put(connection, period_mark, _finals(cast, dice))
    await engine.dispose()


async def _people(connection: AsyncConnection, count: int) -> Cast:
    """Classes of 25 with two halves in one subject; a teacher for each class and subject."""
    listed = invented_pupils(count)
    size = 25
    names = [f"{grade}{chr(0x410 + at // 10)}" for at in range(count // size) for grade in [2 + at % 10]]
    subjects = {name: at for at, name in enumerate(SUBJECTS, start=1)}
    await _put(
        connection, subject, ({"id": at, "name": name, "name_key": normal_name(name)} for name, at in subjects.items())
    )
    teachers = [count + 1 + at for at in range(len(names) * len(SUBJECTS))]
    people = [*range(1, count + 1), *teachers]
    await _put(
        connection,
        person,
        (
            {
                "id": id_,
                "name": invented_full_name(id_),
                "name_key": normal_name(invented_full_name(id_)),
                "language": "ru",
            }
            for id_ in people
        ),
    )
    await _put(connection, student, ({"id": at, "own_account": False} for at in range(1, len(listed) + 1)))
    classes = {name: at for at, name in enumerate(names, start=1)}
    halves = {at: (len(names) + 2 * at - 1, len(names) + 2 * at) for at in classes.values()}
    await _put(connection, teaching_group, _groups(classes, halves, subjects[DIVIDED]))
    students = {at: range(size * (at - 1) + 1, size * at + 1) for at in classes.values()}
    await _put(connection, enrolment, _places(students, halves))
    return Cast(classes, students, [*subjects.values()], halves, subjects[DIVIDED])


def _groups(classes: Mapping[str, int], halves: Mapping[int, Sequence[int]], divided: int) -> Iterator[Row]:
    for name, id_ in classes.items():
        key, grade = normal_class_name(name), grade_level_of_name(name)
        yield {
            "id": id_,
            "kind": GroupKind.CLASS,
            "name": name,
            "name_key": key,
            "grade_level": grade,
            "subject_id": None,
        }
        for half, group_id in enumerate(halves[id_], start=1):
            half_name = f"{name} {half}"
            yield {
                "id": group_id, "kind": GroupKind.STUDY_GROUP, "name": half_name, "name_key": normal_name(half_name),
                "grade_level": None, "subject_id": divided,
            }  # fmt: skip


def _places(students: Mapping[int, Sequence[int]], halves: Mapping[int, Sequence[int]]) -> Iterator[Row]:
    for class_id, of_class in students.items():
        for at, student_id in enumerate(of_class):
            yield {"student_id": student_id, "group_id": class_id}
            yield {"student_id": student_id, "group_id": halves[class_id][at % 2]}


async def _calendar(connection: AsyncConnection) -> None:
    year = {"id": 1, "starts_on": date(2026, 9, 1), "ends_on": date(2027, 8, 31)}
    await _put(connection, school_year, iter([year]))
    terms = ({"year_id": 1, "name": name, "starts_on": since, "ends_on": until} for name, since, until in TERMS)
    await _put(connection, reporting_period, terms)
    breaks = ({"year_id": 1, "name": "Каникулы", "starts_on": since, "ends_on": until} for since, until in BREAKS)
    await _put(connection, holiday, breaks)


async def _lessons(connection: AsyncConnection, cast: Cast, dice: random.Random) -> None:
    """The week of each class, with one change in twenty lessons, types, control works and planned hours."""
    week = [row for class_id in cast.classes.values() for row in _week(cast, class_id)]
    await _put(connection, template_lesson, iter(week))
    held = [(on, row) for row in week for on in _school_dates() if on.weekday() == row["weekday"]]
    changed = dice.sample(held, int(len(held) * CHANGED_SHARE))
    await _put(connection, lesson_change, (_change(on, row, dice) for on, row in changed))
    whole = [(on, row) for on, row in held if row["group_id"] in cast.students]
    typed = dice.sample(whole, len(whole) // 5)
    await _put(connection, lesson_type, _types(typed))
    works = dice.sample(whole, len(whole) // 20)
    await _put(connection, control_work, _works(works))
    await _put(connection, planned_hours, _hours(cast))


def _school_dates() -> list[date]:
    """All days of the terms."""
    spans = [(since, (until - since).days) for _, since, until in TERMS]
    return [since + timedelta(day) for since, days in spans for day in range(days + 1)]


def _week(cast: Cast, class_id: int) -> Iterator[Row]:
    """30 lessons; the divided subject is taught to both halves at one time."""
    for at in range(LESSONS_A_DAY * SCHOOL_WEEK):
        weekday, number = at % SCHOOL_WEEK, at // SCHOOL_WEEK + 1
        subject_id = cast.subjects[at % len(cast.subjects)]
        teacher = sum(map(len, cast.students.values())) + (class_id - 1) * len(cast.subjects) + subject_id
        row = {"subject_id": subject_id, "teacher_id": teacher, "weekday": weekday, "number": number}
        groups = cast.halves[class_id] if subject_id == cast.divided else (class_id,)
        for group_id in groups:
            yield {**row, "group_id": group_id, "starts_on": date(2026, 9, 1)}


def _change(on: date, row: Row, dice: random.Random) -> Row:
    """A cancellation, a move to a later number, a substitute teacher, or another subject."""
    kind = dice.choice([ChangeKind.SUBSTITUTION, ChangeKind.SUBSTITUTION, ChangeKind.MOVE, ChangeKind.CANCELLATION])
    is_other, is_move = kind is ChangeKind.SUBSTITUTION, kind is ChangeKind.MOVE
    return {
        "group_id": row["group_id"], "subject_id": row["subject_id"], "on": on, "number": row["number"], "kind": kind,
        "new_subject_id": dice.choice([None, 1, 2, 3]) if is_other else None,
        "new_teacher_id": row["teacher_id"] if is_other else None,
        "new_on": on + timedelta(1) if is_move else None, "new_number": 8 if is_move else None, "made_at": NOW,
    }  # fmt: skip


def _types(typed: Sequence[tuple[date, Row]]) -> Iterator[Row]:
    for on, row in typed:
        yield {
            "class_id": row["group_id"], "subject_id": row["subject_id"], "on": on, "number": row["number"],
            "lesson_type": "laboratory",
        }  # fmt: skip


def _works(planned: Sequence[tuple[date, Row]]) -> Iterator[Row]:
    for on, row in planned:
        yield {
            "group_id": row["group_id"], "subject_id": row["subject_id"], "on": on, "number": None,
            "work_kind": "Контрольная работа", "planned_at": NOW,
        }  # fmt: skip


def _hours(cast: Cast) -> Iterator[Row]:
    for class_id in cast.classes.values():
        for subject_id in cast.subjects:
            for name, *_ in TERMS:
                yield {"year_id": 1, "class_id": class_id, "subject_id": subject_id, "hours": 17, "term": name}


def _entries(cast: Cast, count: int, dice: random.Random) -> Iterator[Row]:
    days = _school_dates()
    for of_class in cast.students.values():
        for student_id in of_class:
            for subject_id in cast.subjects:
                for at in range(count):
                    yield {
                        "student_id": student_id, "subject_id": subject_id, "on": days[at * len(days) // count],
                        "kind": EntryKind.SCORE, "value": dice.choice("2334444555"), "version": 1, "recorded_at": NOW,
                        "awaiting": False,
                    }  # fmt: skip


def _finals(cast: Cast, dice: random.Random) -> Iterator[Row]:
    """A mark of each student, subject and term, and of the year; a few are н/а, осв or missing."""
    for of_class in cast.students.values():
        for student_id in of_class:
            for subject_id in cast.subjects:
                for term in (*(name for name, *_ in TERMS), "year"):
                    value = dice.choice(USUAL) if dice.random() < USUAL_SHARE else dice.choice(UNUSUAL)
                    yield {
                        "student_id": student_id, "subject_id": subject_id, "year_id": 1, "term": term, "value": value,
                        "version": 1, "published": False,
                    }  # fmt: skip


async def _put(connection: AsyncConnection, table: Table[Any], rows: Iterator[Row]) -> None:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            await connection.execute(insert(table), batch)
            batch = []
    if batch:
        await connection.execute(insert(table), batch)
