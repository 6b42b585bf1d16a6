"""Reads the e-journal's diary in JSON: a student's lessons of a week with homework and marks (Q23, Q100)."""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bot.imports.dates import read_date_cell
from bot.imports.journal.work_kinds import HOMEWORK, WORK_KINDS
from bot.imports.reading import ReadingProblems, ReadingRules, UnreadableFileError
from core.model.imports.reports import DiaryLesson, JournalEntry, JournalReport, ReportKind, SubjectReport
from core.rules.characters import with_escaped_characters
from core.rules.marks.tokens import DEBT, UnknownTokenError, lesson_mark_tokens, weight_token
from core.rules.schoolwork.homework import homework_text

_CLOCK = re.compile(r"(?:.*T)?([01]?[0-9]|2[0-3]):([0-5][0-9])(?::[0-9.]+)?Z?")

_SHORT_NUMBER = re.compile("[0-9]{1,2}")

MOST_VALUES = 1_000_000
"""Values in one file; hundreds of weeks have fewer."""

LAST_LESSON = 30

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _JsonObject:
    """A JSON object and its JSON pointer, which problems show."""

    value: Json
    pointer: str

    def text(self, *names: str) -> str | None:
        """The first of these fields that has a text."""
        words = (" ".join(text.split()) for name in names if isinstance(text := self.value.get(name), str))
        return next(filter(None, words), None)

    def objects(self, name: str, faults: ReadingProblems) -> Iterator["_JsonObject"]:
        """The objects of a list; a missing list or null is empty, anything else a problem."""
        found = self.value.get(name)
        if found is not None and not isinstance(found, list):
            faults.add("json_shape", row=self.pointer, column=name)
            return
        for index, each in enumerate(found or ()):
            if isinstance(each, dict):
                yield _JsonObject(each, f"{self.pointer}/{name}/{index}")
            else:
                faults.add("json_shape", row=f"{self.pointer}/{name}", column=str(index))

    def day(self, name: str, faults: ReadingProblems) -> dt.date | None:
        """A date; None for an absent field; an invalid date is a problem."""
        if (written := self.value.get(name)) is None:
            return None
        on = read_date_cell(written) if isinstance(written, str) else None
        if on is None:
            faults.add("date", row=self.pointer, column=name, value=str(written))
        return on


def read_diary_report(text: str, *, rules: ReadingRules, faults: ReadingProblems) -> list[JournalReport]:
    """One report a diary (a file may hold a list of weeks). Raises UnreadableError for any other JSON.

    Homework is an assignment of the type «Домашнее задание» with a task (`rules/schoolwork/homework.py`).
    """
    if sum(map(text.count, "{[,:")) > MOST_VALUES:
        raise UnreadableFileError("json_too_large")
    try:
        data = _clean_texts(json.loads(text, parse_float=Decimal, parse_constant=str), "", faults)
    except (ValueError, RecursionError) as error:
        raise UnreadableFileError("json") from error
    weeks = data if isinstance(data, list) else [data]
    if not weeks or not all(isinstance(week, dict) and "weekDays" in week for week in weeks):
        raise UnreadableFileError("unrecognised")
    pointers = [f"/{index}" for index in range(len(weeks))] if isinstance(data, list) else [""]
    return [
        _report(_JsonObject(week, pointer), rules=rules, faults=faults)
        for week, pointer in zip(weeks, pointers, strict=True)
    ]


def _clean_texts(value: Any, pointer: str, faults: ReadingProblems) -> Any:
    """The same value without invisible characters in any of its strings."""
    match value:
        case dict():
            return {
                name: faults.clean_text(each, row=pointer, column=with_escaped_characters(name))
                if isinstance(each, str)
                else _clean_texts(each, f"{pointer}/{with_escaped_characters(name)}", faults)
                for name, each in value.items()
            }
        case list():
            return [
                faults.clean_text(each, row=pointer, column=str(place))
                if isinstance(each, str)
                else _clean_texts(each, f"{pointer}/{place}", faults)
                for place, each in enumerate(value)
            ]
        case _:
            return value


def _report(week: _JsonObject, *, rules: ReadingRules, faults: ReadingProblems) -> JournalReport:
    period = _period(week, faults)
    lessons = sorted(_lessons(week, period, faults), key=lambda each: (each.on, each.number or 0))
    entries: dict[str, list[JournalEntry]] = {}
    for lesson in lessons:
        entries.setdefault(lesson.subject, []).extend(_entries(lesson, rules=rules, faults=faults))
    return JournalReport(
        ReportKind.DIARY,
        _student(week),
        week.text("className"),
        period,
        tuple(SubjectReport(subject, tuple(found)) for subject, found in entries.items()),
        tuple(_diary_lesson(lesson, faults) for lesson in lessons),
        row=week.pointer,
    )


@dataclass(frozen=True, slots=True)
class _Lesson:
    on: dt.date
    number: int | None
    subject: str
    node: _JsonObject
    assignments: Sequence[_JsonObject]


def _period(week: _JsonObject, faults: ReadingProblems) -> tuple[dt.date, dt.date] | None:
    first, last = week.day("weekStart", faults), week.day("weekEnd", faults)
    if first is None or last is None:
        return None
    if last < first:
        faults.add("period", row=week.pointer, column="weekEnd", value=f"{first:%d.%m.%Y}–{last:%d.%m.%Y}")
        return None
    return first, last


def _student(week: _JsonObject) -> str | None:
    """The student's name, which some export tools add; the diary itself has none."""
    named = week.value.get("student")
    own = _JsonObject(named, "").text("nickName", "fio", "name") if isinstance(named, dict) else None
    return own or week.text("student", "studentName", "studentFio", "nickName", "fio")


def _lessons(week: _JsonObject, period: tuple[dt.date, dt.date] | None, faults: ReadingProblems) -> Iterator[_Lesson]:
    """The lessons of all days. Days may be unsorted, numbers may repeat, `assignments` may be missing."""
    for day in week.objects("weekDays", faults):
        day_on = day.day("date", faults)
        for node in day.objects("lessons", faults):
            on, subject = node.day("day", faults) or day_on, node.text("subjectName")
            if on is None or subject is None:
                faults.add("json_field", row=node.pointer, column="day" if on is None else "subjectName")
            elif period and not period[0] <= on <= period[1]:
                faults.add("date_outside_period", row=node.pointer, column="day", value=f"{on:%d.%m.%Y}")
            else:
                assignments = tuple(node.objects("assignments", faults))
                yield _Lesson(on, _number(node, faults), subject, node, assignments)


def _number(node: _JsonObject, faults: ReadingProblems) -> int | None:
    """A lesson's number, as a number or as its text; None for an absent one; anything else is a problem."""
    value = node.value.get("number")
    number = int(value) if isinstance(value, str) and _SHORT_NUMBER.fullmatch(value.strip()) else value
    if isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= LAST_LESSON:
        return number
    if value not in {None, ""}:
        faults.add("whole", row=node.pointer, column="number")
    return None


def _diary_lesson(lesson: _Lesson, faults: ReadingProblems) -> DiaryLesson:
    """A lesson; its topic is the name of its first assignment that is no homework, where teachers write it."""
    homework = [each for each in lesson.assignments if each.value.get("typeId") == HOMEWORK]
    works = [each for each in lesson.assignments if each.value.get("typeId") != HOMEWORK]
    node = lesson.node
    return DiaryLesson(
        lesson.on,
        lesson.number,
        _time_of_day(node, "startTime", faults),
        _time_of_day(node, "endTime", faults),
        node.text("room"),
        lesson.subject,
        tuple(dict.fromkeys(words for each in homework if (words := _task_text(each)))),
        next((words for each in works if (words := _task_text(each))), None),
    )


def _task_text(node: _JsonObject) -> str | None:
    """The task of an assignment; None for words that mean "no task"."""
    return homework_text(node.text("assignmentName"))


def _time_of_day(node: _JsonObject, name: str, faults: ReadingProblems) -> dt.time | None:
    text = node.text(name)
    found = _CLOCK.fullmatch(text or "")
    if text and found is None:
        faults.add("time", row=node.pointer, column=name, value=text)
    return dt.time(int(found[1]), int(found[2])) if found else None


def _entries(lesson: _Lesson, *, rules: ReadingRules, faults: ReadingProblems) -> Iterator[JournalEntry]:
    for assignment in lesson.assignments:
        tokens = _tokens(assignment, rules=rules, faults=faults)
        if not tokens:
            continue
        comment = assignment.value.get("markComment")
        yield JournalEntry(
            lesson.on,
            tokens,
            _work_kind(assignment),
            _task_text(assignment),
            _weight(assignment, faults),
            assignment.day("markDate", faults),
            _JsonObject(comment, "").text("name") if isinstance(comment, dict) else assignment.text("markComment"),
        )


def _tokens(assignment: _JsonObject, *, rules: ReadingRules, faults: ReadingProblems) -> tuple[str, ...]:
    """The mark as a number or as words («УП»), and «.» for a debt (`dutyMark`)."""
    found = assignment.value.get("mark")
    mark = _JsonObject(found, f"{assignment.pointer}/mark") if isinstance(found, dict) else assignment
    written = mark.value.get("mark")
    duty = (DEBT,) if mark.value.get("dutyMark") is True else ()
    try:
        return (*lesson_mark_tokens("" if written is None else str(written), rules.lowest_mark), *duty)
    except UnknownTokenError as error:
        faults.add("unknown_token", row=mark.pointer, column="mark", value=error.token)
        return duty


def _work_kind(assignment: _JsonObject) -> str | None:
    number = assignment.value.get("typeId")
    return assignment.text("typeName") or (WORK_KINDS.get(number) if isinstance(number, int) else None)


def _weight(assignment: _JsonObject, faults: ReadingProblems) -> Decimal | None:
    written = assignment.value.get("weight")
    try:
        return None if written is None else weight_token(str(written))
    except UnknownTokenError as error:
        faults.add("weight", row=assignment.pointer, column="weight", value=error.token)
        return None
