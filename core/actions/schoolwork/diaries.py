"""Brings the lessons and homework that students' diaries name to their classes."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from core.model.imports.history import DiaryStatement
from core.model.imports.reports import DiaryLesson, JournalReport
from core.model.schoolwork.homework import Homework
from core.model.timetable import Lesson
from core.model.year import GroupKind
from core.ports import UnitOfWork
from core.rules.access import Everything
from core.rules.imports import diary_diff
from core.rules.imports.diary_diff import Days, DiaryDiffRows, Row


@dataclass(slots=True)
class SchoolworkDiaries:
    """The classes' lessons and homework on the days of a set, by class; `groups` are class ids by class key."""

    groups: Mapping[str, int] = field(default_factory=dict)
    lessons: dict[int, DiaryDiffRows[Lesson]] = field(
        default_factory=lambda: defaultdict(diary_diff.diary_diff_lessons)
    )
    homework: dict[int, DiaryDiffRows[Homework]] = field(
        default_factory=lambda: defaultdict(diary_diff.diary_diff_homework)
    )

    @classmethod
    async def read(cls, uow: UnitOfWork, reports: Sequence[JournalReport]) -> "SchoolworkDiaries":
        """Reads what is known of all classes on the days of these reports."""
        spans = [_diary_days(report) for report in reports if report.lessons]
        if not spans:
            return cls()
        since, until = min(first for first, _ in spans), max(last for _, last in spans)
        classes = [group for group in await uow.year.groups(Everything()) if group.kind is GroupKind.CLASS]
        opened = cls({group.name_key: group.id for group in classes})
        by_lesson: dict[int | None, list[DiaryStatement]] = defaultdict(list)
        by_homework: dict[int | None, list[DiaryStatement]] = defaultdict(list)
        for statement in await uow.year.diary_statements(opened.groups.values(), since=since, until=until):
            by_lesson[statement.lesson_id].append(statement)
            by_homework[statement.homework_id].append(statement)
        for lesson in await uow.year.lessons(opened.groups.values(), since=since, until=until):
            opened.lessons[lesson.group_id].add_known(lesson, by_lesson[lesson.id])
        for task in await uow.year.homework(opened.groups.values(), since=since, until=until):
            opened.homework[task.group_id].add_known(task, by_homework[task.id])
        return opened

    def add_report(
        self,
        student_id: int,
        group_id: int,
        report: JournalReport,
        subject_ids: Mapping[str | None, int],
        *,
        now: datetime,
    ) -> None:
        """Replaces what a student's diary has named on the days of a report that has lessons."""
        days = _diary_days(report)
        lessons = [_lesson(group_id, each, subject_ids) for each in report.lessons]
        self.lessons[group_id].read_diary(student_id, days, lessons)
        homework = [task for each in report.lessons for task in _homework(group_id, each, subject_ids, now)]
        self.homework[group_id].read_diary(student_id, days, homework)

    async def stage(self, uow: UnitOfWork, group_id: int, *, now: datetime) -> int:
        """Stages all changes of a class; returns how many lessons and homework are new, changed or withdrawn."""
        lessons, homework = self.lessons[group_id], self.homework[group_id]
        await uow.staged.add(list(diary_diff.reword_diary_diff(homework, now)))
        return await _stage_rows(
            uow, Lesson, lessons, lambda row, student_id: DiaryStatement(0, student_id, row, None), now=now
        ) + await _stage_rows(
            uow, Homework, homework, lambda row, student_id: DiaryStatement(0, student_id, None, row), now=now
        )


async def _stage_rows(
    uow: UnitOfWork,
    noun: type[Row],
    rows: DiaryDiffRows[Row],
    statement: Callable[[int, int], DiaryStatement],
    *,
    now: datetime,
) -> int:
    rows.settle(now)
    new, changed = rows.new, rows.changed
    for named, id_ in zip(new, await uow.staged.reserve(noun, len(new)), strict=True):
        named.row = replace(named.row, id=id_)
    await uow.staged.add([named.row for named in new])
    await uow.staged.change(changed)
    await uow.staged.add([statement(named.row.id, student_id) for named in rows.rows for student_id in named.newly])
    await uow.staged.change([pair for named in rows.rows for pair in named.turned(now)])
    return len(new) + len(changed)


def _diary_days(report: JournalReport) -> Days:
    """The days that a diary with lessons speaks of, both included."""
    dates: list[date] = [lesson.date for lesson in report.lessons]
    return report.period or (min(dates), max(dates))


def _lesson(group_id: int, lesson: DiaryLesson, subject_ids: Mapping[str | None, int]) -> Lesson:
    times = lesson.number, lesson.starts, lesson.ends, lesson.room, lesson.topic
    return Lesson(0, group_id, subject_ids[lesson.subject], lesson.date, *times)


def _homework(
    group_id: int, lesson: DiaryLesson, subject_ids: Mapping[str | None, int], now: datetime
) -> Iterator[Homework]:
    for text in lesson.homework:
        yield Homework(0, group_id, subject_ids[lesson.subject], lesson.date, text, None, now, None)
