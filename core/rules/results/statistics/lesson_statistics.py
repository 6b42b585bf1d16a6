"""Counts lessons against the plan: planned, held, cancelled, substituted, moved (Q59–Q61)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from core.model.imports.reports import YEAR
from core.model.results.statistics import LessonRecords, LessonStatistics, Wanted
from core.model.timetable import DayLesson, LessonState, Plan, SchoolDay
from core.model.year import GroupKind, ReportingPeriod
from core.rules.results.statistics.lesson_types import CONTROL, LESSON
from core.rules.results.statistics.planned_hours import (
    PlanKey,
    PlannedHoursDays,
    PlannedHoursOfClass,
    PlannedHoursTerms,
)
from core.rules.results.terms import term_key, term_periods_of_pupil
from core.rules.timetable.days import grade_level_on_day, is_holiday_of_grade, is_in_force_on_day
from core.rules.timetable.many_days import many_timetable_days
from core.rules.year import days_between

USUAL_WEEK = frozenset(range(5))
"""Monday to Friday: the school days of a class whose timetable names none."""

SHARED_KINDS = frozenset({GroupKind.STUDY_GROUP, GroupKind.STREAM})
"""Groups that a class is divided into; an individual plan has hours of its own (Q39)."""


@dataclass(slots=True)
class LessonStatisticsCounts:
    """What became of the lessons of one subject, group, term and type; `planned` counts the template."""

    planned: int = 0
    held: int = 0
    cancelled: int = 0
    substituted: int = 0
    moved: int = 0

    def add(self, other: "LessonStatisticsCounts") -> None:
        """Adds other lessons."""
        self.planned += other.planned
        self.held += other.held
        self.cancelled += other.cancelled
        self.substituted += other.substituted
        self.moved += other.moved


TypedCounts = dict[str, LessonStatisticsCounts]
"""Counts by type of lesson."""


def is_wanted_lesson_statistic(row: LessonStatistics, wanted: Wanted) -> bool:
    """Whether a row is of the wanted class, subject and teacher; a teacher's are the lessons that the template says."""
    return (
        wanted.class_id in {None, row.school_class.id}
        and wanted.subject_id in {None, row.subject_id}
        and (wanted.teacher_id is None or wanted.teacher_id in row.teacher_ids)
    )


def counted_lesson_statistics(records: LessonRecords, term: str | None = None) -> list[LessonStatistics]:
    """The rows of one class: of a term, else of all terms that have begun and of the year.

    For each subject and group a row of all types comes before a row for each type.
    """
    calendar, planned = _Calendar(records), PlannedHoursOfClass(records.hours)
    counted = _Counter(records, calendar, planned)
    counted.count_all()
    return list(_Report(records, calendar, counted.counts, planned, term).rows())


class _Calendar:
    """The terms of a class by subject, and its school days."""

    def __init__(self, records: LessonRecords) -> None:
        self._records = records
        self._grade = grade_level_on_day(records.class_plan.plan.places, records.today)
        self.days = PlannedHoursDays(self._school_dates(records.class_plan.plan), records.today)
        self._terms: dict[int, PlannedHoursTerms] = {}
        self._names: dict[tuple[int, date], list[str]] = {}

    def terms(self, subject_id: int) -> PlannedHoursTerms:
        """The terms of a subject with the year at the end."""
        if subject_id not in self._terms:
            spans = {each.name: (each.starts_on, each.ends_on) for each in self._periods(subject_id)}
            self._terms[subject_id] = PlannedHoursTerms({**spans, YEAR: self._records.year}, self.days)
        return self._terms[subject_id]

    def names(self, subject_id: int, on: date) -> list[str]:
        """The terms that a lesson of a subject on a date counts in; a day between two terms is none of the year."""
        key = subject_id, on
        if key not in self._names:
            spans = self.terms(subject_id).spans
            found = [name for name, (since, until) in spans.items() if since <= on <= until]
            self._names[key] = found if len(spans) == 1 or found != [YEAR] else []
        return self._names[key]

    def _periods(self, subject_id: int | None) -> Sequence[ReportingPeriod]:
        class_id = self._records.class_plan.school_class.id
        fitting = term_periods_of_pupil(
            self._records.periods, grade_level=self._grade, class_id=class_id, subject_id=subject_id
        )
        return sorted(fitting, key=lambda each: each.starts_on)

    def _school_dates(self, plan: Plan) -> list[date]:
        """The dates of all terms on whose weekday the class has lessons, without holidays of its grade."""
        terms = [(each.starts_on, each.ends_on) for each in self._periods(None)] or [self._records.year]
        by_template = {named.lesson.weekday for named in plan.template}
        weekdays = by_template | {named.lesson.held_on.weekday() for named in plan.diary} or USUAL_WEEK
        holidays = [each for each in plan.holidays if is_holiday_of_grade(each, self._grade)]
        return [
            on
            for on in days_between(*self._records.year)
            if any(since <= on <= until for since, until in terms)
            if on.weekday() in weekdays and not any(is_in_force_on_day(each, on) for each in holidays)
        ]


class _Counter:
    """Counts the lessons of one class until today, day by day."""

    def __init__(self, records: LessonRecords, calendar: _Calendar, planned: PlannedHoursOfClass) -> None:
        self._records, self._calendar, self._planned = records, calendar, planned
        self._class_id = records.class_plan.school_class.id
        self._types = {(each.subject_id, each.on, each.number): each.lesson_type for each in records.types}
        self._controls: dict[tuple[int, date], set[tuple[int, int | None]]] = defaultdict(set)
        for each in records.controls:
            self._controls[each.subject_id, each.on].add((each.group_id, each.number))
        self._subjects = _subject_ids(records.class_plan.plan)
        self.counts: dict[tuple[PlanKey, str], TypedCounts] = defaultdict(dict)

    def count_all(self) -> None:
        """Counts the lessons that were held or fell out, and those of the template where no hours are planned."""
        plan = self._records.class_plan.plan
        for day in self._days(plan):
            for lesson in day.lessons:
                self._count_lesson(day.on, lesson)
        taught = {named.lesson.subject_id for named in plan.template}
        if not plan.diary and all(self._planned.has_plan((subject_id, None)) for subject_id in taught):
            return
        for day in self._days(replace(plan, changes=())):
            for lesson in day.lessons:
                for counts in self._cells(day.on, lesson, self._planned_subject(lesson)):
                    counts.planned += 1

    def _days(self, plan: Plan) -> list[SchoolDay]:
        since, until = self._records.year
        return many_timetable_days(plan, since=since, until=min(until, self._records.today))

    def _count_lesson(self, on: date, lesson: DayLesson) -> None:
        """A lesson given to another subject is cancelled for the first and held for the second (Q61)."""
        if lesson.state is LessonState.MOVED_AWAY:
            return
        planned = self._planned_subject(lesson)
        if lesson.state is LessonState.CANCELLED or planned != lesson.subject_id:
            for counts in self._cells(on, lesson, planned):
                counts.cancelled += 1
        if lesson.state is LessonState.CANCELLED:
            return
        was_replaced = lesson.state is LessonState.SUBSTITUTED or lesson.was_teacher_id is not None
        for counts in self._cells(on, lesson, lesson.subject_id):
            counts.held += 1
            counts.substituted += was_replaced or lesson.was_subject is not None
            counts.moved += lesson.moved is not None

    def _planned_subject(self, lesson: DayLesson) -> int:
        return lesson.subject_id if lesson.was_subject is None else self._subjects[lesson.was_subject]

    def _cells(self, on: date, lesson: DayLesson, subject_id: int) -> Iterator[LessonStatisticsCounts]:
        """The counts that a lesson belongs to: in its term and in the year, by its type."""
        key = subject_id, None if lesson.group is None else lesson.group_id
        lesson_type = self._lesson_type(on, lesson, subject_id)
        for term in self._calendar.names(subject_id, on):
            typed = self.counts[key, term]
            if lesson_type not in typed:
                typed[lesson_type] = LessonStatisticsCounts()
            yield typed[lesson_type]

    def _lesson_type(self, on: date, lesson: DayLesson, subject_id: int) -> str:
        """By the table of lesson types, else by a control work planned there, else a plain lesson (Q60)."""
        known = self._types.get((subject_id, on, lesson.number))
        if known is not None:
            return known
        planned = self._controls.get((subject_id, on), ())
        groups = {lesson.group_id, self._class_id}
        is_control = any(group_id in groups and number in {None, lesson.number} for group_id, number in planned)
        return CONTROL if is_control else LESSON


class _Report:
    """The rows of one class from its counts and its plan."""

    def __init__(
        self,
        records: LessonRecords,
        calendar: _Calendar,
        counts: Mapping[tuple[PlanKey, str], TypedCounts],
        planned: PlannedHoursOfClass,
        term: str | None,
    ) -> None:
        self._records, self._calendar, self._counts, self._plan = records, calendar, counts, planned
        self._term = None if term is None else term_key(term)
        places = records.class_plan.plan.places
        self._groups = {each.group.id: each.group for each in places if each.group.kind is not GroupKind.CLASS}
        self._teachers = _teacher_ids(records.class_plan.plan, set(self._groups))

    def rows(self) -> Iterator[LessonStatistics]:
        """By subject and group, each by term and type."""
        counted = {key for key, _ in self._counts}
        keys = counted | set(self._plan.keys)
        shared = {key for key in counted if self._shares_hours(key)}
        covered = {(subject_id, None) for subject_id, _ in shared}
        for key in sorted(keys - covered, key=lambda key: (key[0], key[1] or 0)):
            for term in self._terms(key[0]):
                yield from self._term_rows(key, term, is_shared=key in shared)

    def _shares_hours(self, key: PlanKey) -> bool:
        """True for a group that the class is divided into, where hours are planned for the class only."""
        subject_id, group_id = key
        if group_id is None or self._plan.has_plan(key) or not self._plan.has_plan((subject_id, None)):
            return False
        return group_id in self._groups and self._groups[group_id].kind in SHARED_KINDS

    def _terms(self, subject_id: int) -> list[str]:
        spans = self._calendar.terms(subject_id).spans
        if self._term is not None:
            return [name for name in spans if term_key(name) == self._term]
        return [name for name, (since, _) in spans.items() if since <= self._records.today]

    def _term_rows(self, key: PlanKey, term: str, *, is_shared: bool) -> Iterator[LessonStatistics]:
        class_key: PlanKey = (key[0], None)
        typed = _merged(self._counts.get((key, term)), self._counts.get((class_key, term)) if is_shared else None)
        planned_key = class_key if is_shared else key
        has_plan = self._plan.has_plan(planned_key)
        terms = self._calendar.terms(key[0])
        every = LessonStatisticsCounts()
        for counts in typed.values():
            every.add(counts)
        if has_plan:
            every.planned = self._plan.due(planned_key, term, None, terms)
        if has_plan or every != LessonStatisticsCounts():
            yield self._row(key, term, None, every, by_template=not has_plan)
        for lesson_type in sorted(typed.keys() | self._plan.lesson_types(planned_key)):
            of_type = replace(typed.get(lesson_type, LessonStatisticsCounts()))
            of_type.planned = self._plan.due(planned_key, term, lesson_type, terms)
            if of_type != LessonStatisticsCounts():
                yield self._row(key, term, lesson_type, of_type, by_template=not has_plan)

    def _row(
        self, key: PlanKey, term: str, lesson_type: str | None, counts: LessonStatisticsCounts, *, by_template: bool
    ) -> LessonStatistics:
        subject_id, group_id = key
        group = self._groups.get(group_id or 0)
        return LessonStatistics(
            self._records.class_plan.school_class,
            subject_id,
            group.name if group else None,
            term,
            lesson_type,
            counts.planned,
            counts.held,
            counts.cancelled,
            counts.substituted,
            counts.moved,
            by_template=by_template,
            teacher_ids=frozenset(self._teachers.get(key, ())),
        )


def _merged(own: TypedCounts | None, of_class: TypedCounts | None) -> TypedCounts:
    merged: TypedCounts = {}
    for typed in filter(None, (own, of_class)):
        for lesson_type, counts in typed.items():
            merged.setdefault(lesson_type, LessonStatisticsCounts()).add(counts)
    return merged


def _subject_ids(plan: Plan) -> Mapping[str, int]:
    """Subjects by the names that the lessons of a plan bear."""
    return {
        **{named.subject: named.change.subject_id for named in plan.changes},
        **{named.subject: named.lesson.subject_id for named in plan.template},
        **{named.subject: named.lesson.subject_id for named in plan.diary},
    }


def _teacher_ids(plan: Plan, group_ids: set[int]) -> Mapping[PlanKey, set[int]]:
    """Who teaches each subject to the class and to its groups, by the template."""
    found: dict[PlanKey, set[int]] = defaultdict(set)
    for named in plan.template:
        lesson = named.lesson
        if lesson.teacher_id is not None:
            found[lesson.subject_id, lesson.group_id if lesson.group_id in group_ids else None].add(lesson.teacher_id)
    return found
