"""School days computed from a plan: template, lesson changes, holidays and bells (Q16, Q18, Q22)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

from core.model.timetable import (
    DayLesson,
    Holiday,
    NamedLessonChange,
    NamedTemplateLesson,
    Place,
    Plan,
    SchoolDay,
    Week,
)
from core.model.year import GroupKind, TeachingGroup
from core.rules import year
from core.rules.timetable.bells import BellTimes
from core.rules.timetable.diary_lessons import Planned, diary_lessons
from core.rules.timetable.lesson_changes import LessonChangesCourse, PlannedLesson, Stop
from core.rules.year import days_between, first_day_of_week, grade_level_of_groups


class TimetableDaysSpan(Protocol):
    """Something in force between two dates, both included; None sets no limit."""

    @property
    def starts_on(self) -> date | None: ...
    @property
    def ends_on(self) -> date | None: ...


def is_in_force_on_day(dated: TimetableDaysSpan, on: date) -> bool:
    """True if it is in force on a date."""
    return (dated.starts_on is None or dated.starts_on <= on) and (dated.ends_on is None or dated.ends_on >= on)


def week_of_day(on: date, odd_week: date | None) -> Week:
    """The week of a date, counted from a day of an odd week, through holidays too.

    Without such a day the week of 1 September is odd.
    """
    first = first_day_of_week(year.first_day_of_year(on) if odd_week is None else odd_week)
    return Week.EVEN if (first_day_of_week(on) - first).days // 7 % 2 else Week.ODD


def timetable_day(plan: Plan, on: date) -> SchoolDay:
    """One date of a plan."""
    (only,) = timetable_days(plan, since=on, until=on)
    return only


def timetable_days(plan: Plan, *, since: date, until: date) -> list[SchoolDay]:
    """The days of a span with their lessons by number; a holiday of the grade has none.

    A changed lesson stays at its planned place with its state; a moved one appears at its old and its new place.
    """
    return timetable_days_on(plan, days_between(since, until))


def timetable_days_on(plan: Plan, dates: Iterable[date]) -> list[SchoolDay]:
    """As `timetable_days`, for single dates; their changes must be in the plan, as if the span had been read."""
    by_day: dict[date, list[DayLesson]] = {on: [] for on in dates}
    groups = {on: _groups(plan, on) for on in by_day}
    classes = {on: _classes(plan, on) for on in by_day}
    bells = BellTimes.of_plan(plan)
    for course in _courses(plan, by_day):
        for place, stop in enumerate(course.stops):
            if course.lesson.group.id in groups.get(stop.on, ()):
                by_day[stop.on].append(bells.with_times(course.day_lesson(place), stop.on, classes[stop.on]))
    return [_day(on, lessons, timetable_holiday_on_day(plan, on)) for on, lessons in by_day.items()]


def teacher_timetable_days(plan: Plan, person_id: int, *, since: date, until: date) -> list[SchoolDay]:
    """A teacher's lessons on each date in all groups, with those given away and taken over by substitution (Q17).

    The days of each group are computed separately, since holidays depend on the grade.
    """
    taught = [(place.group.name, timetable_days(_only(plan, place), since=since, until=until)) for place in plan.places]
    return [
        _teacher_s_day(on, [(name, of_group[at]) for name, of_group in taught], person_id)
        for at, on in enumerate(days_between(since, until))
    ]


def _only(plan: Plan, place: Place) -> Plan:
    """The plan of one of its groups."""
    groups = {group.id for group in (place.group, *place.classes)}
    changes = [named for named in plan.changes if named.change.group_id in groups]
    return replace(plan, places=[place], changes=changes)


def _teacher_s_day(on: date, of_groups: Sequence[tuple[str, SchoolDay]], person_id: int) -> SchoolDay:
    lessons = [
        replace(lesson, group=name)
        for name, of_group in of_groups
        for lesson in of_group.lessons
        if person_id in (lesson.teacher_id, lesson.was_teacher_id)
    ]
    at_school = any(of_group.holiday is None for _, of_group in of_groups)
    holiday = None if at_school else next((of_group.holiday for _, of_group in of_groups), None)
    return SchoolDay(on, _in_order(lessons), holiday)


def timetable_holiday_on_day(plan: Plan, on: date) -> Holiday | None:
    """The holiday on a date for the student or group of a plan; None on a school day."""
    grade = grade_level_on_day(plan.places, on)
    holidays = (holiday for holiday in plan.holidays if is_in_force_on_day(holiday, on))
    return next((holiday for holiday in holidays if is_holiday_of_grade(holiday, grade)), None)


def is_holiday_of_grade(holiday: Holiday, grade: int | None) -> bool:
    """True if the holiday is for this grade; first grades have an additional week (Q22)."""
    if grade is None:
        return holiday.grade_from is None and holiday.grade_to is None
    return (holiday.grade_from or grade) <= grade <= (holiday.grade_to or grade)


def grade_level_on_day(places: Sequence[Place], on: date) -> int | None:
    """The year of study of a student with these places on a date."""
    current = [place for place in places if is_in_force_on_day(place, on)]
    return grade_level_of_groups(
        [*(group for place in current for group in place.classes), *(place.group for place in current)]
    )


def _day(on: date, lessons: list[DayLesson], holiday: Holiday | None) -> SchoolDay:
    return SchoolDay(on, _in_order(lessons)) if holiday is None else SchoolDay(on, (), holiday.name)


def _in_order(lessons: Iterable[DayLesson]) -> tuple[DayLesson, ...]:
    return tuple(sorted(lessons, key=lambda lesson: (lesson.number, lesson.subject, lesson.group or "")))


def _groups(plan: Plan, on: date) -> dict[int, TeachingGroup]:
    return {place.group.id: place.group for place in plan.places if is_in_force_on_day(place, on)}


def _classes(plan: Plan, on: date) -> frozenset[int]:
    """The classes of the plan's students on a date; their bells and changes count for subgroups too."""
    groups = [
        group for place in plan.places if is_in_force_on_day(place, on) for group in (place.group, *place.classes)
    ]
    return frozenset(group.id for group in groups if group.kind is GroupKind.CLASS)


def _courses(plan: Plan, dates: Iterable[date]) -> list[LessonChangesCourse]:
    """The lessons of these dates, and of the dates that changes come from, after all changes in their order."""
    changes = [named for named in plan.changes if named.change.withdrawn_at is None]
    starts = {*dates, *(named.change.on for named in changes)}
    courses = [course for on in sorted(starts) for course in _planned_courses(plan, on)]
    standing: dict[tuple[date, int], set[LessonChangesCourse]] = defaultdict(set)
    for course in courses:
        standing[course.place].add(course)
    groups = {place.group.id: place.group for place in plan.places}
    for named in sorted(changes, key=lambda named: (named.change.made_at, named.change.id)):
        change = named.change
        changed = _apply_change(standing[change.on, change.number], named)
        if not changed and change.group_id in groups:
            changed = [_course_without_plan(named, groups[change.group_id])]
            courses += changed
            standing[change.on, change.number].update(changed)
        for course in changed:
            standing[course.place].add(course)
    return courses


def _apply_change(courses: Collection[LessonChangesCourse], named: NamedLessonChange) -> list[LessonChangesCourse]:
    """Applies a change to the lessons that are at its place now, else to those that were moved away from there."""
    place = (named.change.on, named.change.number)
    here = [course for course in courses if course.place == place and course.apply_change(named)]
    return here or [course for course in courses if course.apply_change(named)]


def _course_without_plan(named: NamedLessonChange, group: TeachingGroup) -> LessonChangesCourse:
    """The course of a changed lesson that no template or diary has, as in a school that enters changes only."""
    change = named.change
    course = LessonChangesCourse(
        PlannedLesson(group, change.subject_id, named.subject), [Stop(change.on, change.number)]
    )
    course.apply_change(named)
    return course


def _planned_courses(plan: Plan, on: date) -> list[LessonChangesCourse]:
    """The planned lessons of a date by the template, else by the diary; a subgroup's lesson replaces its class's."""
    groups, classes = _groups(plan, on), _classes(plan, on)
    week = week_of_day(on, plan.odd_week)
    of_week = [row for row in plan.template if row.lesson.week in {None, week}]
    planned = [*_template(of_week, groups, on), *_diary(plan, groups, on)]
    divided = {(number, lesson.subject_id) for number, lesson, _ in planned if lesson.group.id not in classes}
    return [
        LessonChangesCourse(lesson, [Stop(on, number, change)], classes - {lesson.group.id})
        for number, lesson, change in planned
        if lesson.group.id not in classes or (number, lesson.subject_id) not in divided
    ]


def _template(template: Sequence[NamedTemplateLesson], groups: dict[int, TeachingGroup], on: date) -> Iterator[Planned]:
    for row in template:
        lesson = row.lesson
        if lesson.weekday == on.weekday() and lesson.group_id in groups and is_in_force_on_day(lesson, on):
            group = groups[lesson.group_id]
            yield (
                lesson.number,
                PlannedLesson(group, lesson.subject_id, row.subject, lesson.teacher_id, row.teacher, lesson.room),
                None,
            )


def _diary(plan: Plan, groups: dict[int, TeachingGroup], on: date) -> Iterator[Planned]:
    """The diary's lessons of a date for groups without a template, old → new where the diary has changed."""
    bare = groups_without_day_template(plan.template, groups, on)
    yield from diary_lessons(
        [row for row in plan.diary if row.lesson.held_on == on], {id_: groups[id_] for id_ in bare}
    )


def groups_without_day_template(
    template: Sequence[NamedTemplateLesson], group_ids: Collection[int], on: date
) -> set[int]:
    """The groups that no template is in force for on a date, whatever its weekday."""
    return set(group_ids) - {row.lesson.group_id for row in template if is_in_force_on_day(row.lesson, on)}
