"""The day that comes of template, changes, holidays and bells."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model.timetable import (
    Bell,
    BellChoice,
    ChangeKind,
    DayLesson,
    Holiday,
    LessonChange,
    LessonState,
    NamedLessonChange,
    NamedTemplateLesson,
    Place,
    Plan,
    TemplateLesson,
    Week,
)
from core.model.year import GroupKind, TeachingGroup
from core.rules.timetable import days as timetable_days
from core.rules.timetable.days import grade_level_on_day
from tests.support.schools.builders import NOW

MONDAY = date(2026, 11, 23)
SUNDAY = MONDAY + timedelta(days=6)
ALGEBRA, PHYSICS = 1, 2
NAMES = {ALGEBRA: "Алгебра", PHYSICS: "Физика"}
CLASS = TeachingGroup(1, GroupKind.CLASS, "8Б", "8б", None, None, None)
SUBGROUP = TeachingGroup(2, GroupKind.STUDY_GROUP, "алгебра 1", "алгебра 1", None, ALGEBRA, None)
PLAN = Plan([Place(CLASS)], [], [], [], [], [], [])

numbers = st.integers(0, 8)
dates = st.integers(0, 6).map(lambda days: MONDAY + timedelta(days=days))
ids = count(1)


def lesson(
    number: int, subject: int = ALGEBRA, *, weekday: int = 0, group: TeachingGroup = CLASS, room: str | None = "7"
) -> NamedTemplateLesson:
    row = TemplateLesson(next(ids), group.id, subject, 9, weekday, number, room, None, None)
    return NamedTemplateLesson(row, NAMES[subject], "Орлова Нина Петровна")


def change(  # a change has these fields
    kind: ChangeKind,
    number: int,
    subject: int = ALGEBRA,
    *,
    on: date = MONDAY,
    to: tuple[date, int] | None = None,
    room: str | None = None,
    new_subject: int | None = None,
    group: TeachingGroup = CLASS,
) -> NamedLessonChange:
    new_on, new_number = to or (None, None)
    row = LessonChange(
        next(ids), group.id, subject, on, number, kind, new_subject, None, room, new_on, new_number, None, None,
        made_at=NOW, withdrawn_at=None,
    )  # fmt: skip
    return NamedLessonChange(row, NAMES[subject], NAMES.get(new_subject or 0), None)


def shown(plan: Plan, on: date = MONDAY) -> Sequence[DayLesson]:
    return timetable_days.timetable_day(plan, on).lessons


def states(plan: Plan, on: date = MONDAY) -> list[tuple[int, LessonState]]:
    return [(each.number, each.state) for each in shown(plan, on)]


templates = st.lists(
    st.builds(
        lambda number, subject, weekday: lesson(number, subject, weekday=weekday),
        numbers,
        st.sampled_from([ALGEBRA, PHYSICS]),
        st.integers(0, 6),
    ),
    unique_by=lambda row: (row.lesson.weekday, row.lesson.number),
)


def taking_place(plan: Plan) -> list[tuple[int, date, int]]:
    """The lessons of the week that are held where they stand."""
    gone = {LessonState.MOVED_AWAY, LessonState.CANCELLED}
    week = timetable_days.timetable_days(plan, since=MONDAY, until=SUNDAY)
    return [(each.subject_id, day.on, each.number) for day in week for each in day.lessons if each.state not in gone]


@given(template=templates, data=st.data())
def test_a_move_neither_doubles_nor_loses_a_lesson(template: list[NamedTemplateLesson], data: st.DataObject) -> None:
    """However often lessons are moved, back and to the same place among it, each is held once (Q17)."""
    plan = replace(PLAN, template=template)
    for _ in range(data.draw(st.integers(0, 6)) if template else 0):
        subject, on, number = data.draw(st.sampled_from(taking_place(plan)))
        to = data.draw(st.tuples(dates, numbers))
        moved = change(ChangeKind.MOVE, number, subject, on=on, to=to)
        before, plan = plan, replace(plan, changes=[*plan.changes, moved])
        same = sum(each == (subject, on, number) for each in taking_place(before))
        expected = Counter(taking_place(before))
        expected[subject, on, number] -= same
        expected[subject, *to] += same
        assert Counter(taking_place(plan)) == +expected


@given(template=templates, changes=st.lists(st.builds(
    lambda number, subject, on, to: change(ChangeKind.MOVE, number, subject, on=on, to=to),
    numbers, st.sampled_from([ALGEBRA, PHYSICS]), dates, st.tuples(dates, numbers),
)), on=dates)  # fmt: skip
def test_a_holiday_has_no_lessons(
    template: list[NamedTemplateLesson], changes: list[NamedLessonChange], on: date
) -> None:
    """Neither planned nor moved there; the days beside it keep theirs (Q18, Q22)."""
    plan = replace(PLAN, template=template, changes=changes)
    rest = replace(plan, holidays=[Holiday(1, 1, "Каникулы", on, on, None, None)])
    for day, before in zip(
        timetable_days.timetable_days(rest, since=MONDAY, until=SUNDAY),
        timetable_days.timetable_days(plan, since=MONDAY, until=SUNDAY),
        strict=True,
    ):
        expected = ((), "Каникулы") if day.on == on else (before.lessons, None)
        assert (day.lessons, day.holiday) == expected


@given(template=templates, on=dates)
def test_lessons_stand_by_number(template: list[NamedTemplateLesson], on: date) -> None:
    """Lesson number 0 is a real lesson and comes first (Q16)."""
    placed = [each.number for each in shown(replace(PLAN, template=template), on)]
    assert placed == sorted(row.lesson.number for row in template if row.lesson.weekday == on.weekday())


def test_a_later_change_of_the_same_lesson_wins() -> None:
    """A correction takes the place of what it corrects; the order is that in which they were made (Q17)."""
    cancelled, moved = change(ChangeKind.CANCELLATION, 2), change(ChangeKind.MOVE, 2, to=(MONDAY, 5))
    plan = replace(PLAN, template=[lesson(2)])
    assert states(replace(plan, changes=[cancelled, moved])) == [
        (2, LessonState.MOVED_AWAY), (5, LessonState.MOVED_HERE)
    ]  # fmt: skip
    later = replace(cancelled, change=replace(cancelled.change, made_at=NOW + timedelta(minutes=1)))
    assert states(replace(plan, changes=[later, moved])) == [(2, LessonState.CANCELLED)]


def test_a_withdrawn_change_is_as_if_it_had_never_been() -> None:
    """The rule looks at it as little as the query does (Q17)."""
    cancelled = change(ChangeKind.CANCELLATION, 2)
    withdrawn = replace(cancelled, change=replace(cancelled.change, withdrawn_at=NOW))
    assert states(replace(PLAN, template=[lesson(2)], changes=[withdrawn])) == [(2, LessonState.PLANNED)]


def test_a_lesson_moved_back_stands_as_planned() -> None:
    """And in another room it says so and nothing else (Q17)."""
    away = change(ChangeKind.MOVE, 2, to=(MONDAY, 5))
    plan = replace(PLAN, template=[lesson(2)])
    back = change(ChangeKind.MOVE, 5, to=(MONDAY, 2))
    assert states(replace(plan, changes=[away, back])) == [(2, LessonState.PLANNED)]
    elsewhere = change(ChangeKind.MOVE, 5, to=(MONDAY, 2), room="21")
    (again,) = shown(replace(plan, changes=[away, elsewhere]))
    assert (again.state, again.room, again.was_room, again.moved) == (LessonState.ROOM_CHANGED, "21", "7", None)


def test_a_change_is_for_the_lesson_that_stands_there_now() -> None:
    """Where one algebra has left and another has come, the second is meant (Q17)."""
    left, came = change(ChangeKind.MOVE, 2, to=(MONDAY, 5)), change(ChangeKind.MOVE, 3, to=(MONDAY, 2))
    plan = replace(PLAN, template=[lesson(2), lesson(3)], changes=[left, came, change(ChangeKind.CANCELLATION, 2)])
    assert states(plan) == [
        (2, LessonState.MOVED_AWAY), (2, LessonState.CANCELLED),
        (3, LessonState.MOVED_AWAY), (5, LessonState.MOVED_HERE),
    ]  # fmt: skip


def test_a_moved_lesson_may_be_changed_where_it_went() -> None:
    """The change names the place where the lesson stands by then, under its subject then or before (Q17)."""
    moved = change(ChangeKind.MOVE, 2, to=(MONDAY, 5), room="21")
    other = change(ChangeKind.SUBSTITUTION, 5, new_subject=PHYSICS)
    called_off = change(ChangeKind.CANCELLATION, 5, PHYSICS)
    plan = replace(PLAN, template=[lesson(2)], changes=[moved, other])
    away, here = shown(plan)
    assert (away.state, away.moved, away.room, away.was_room) == (LessonState.MOVED_AWAY, (MONDAY, 5), "7", None)
    assert (here.state, here.moved, here.subject, here.was_subject) == (
        LessonState.SUBSTITUTED, (MONDAY, 2), "Физика", "Алгебра"
    )  # fmt: skip
    assert (here.room, here.was_room) == ("21", "7")
    assert states(replace(plan, changes=[moved, other, called_off]))[1] == (5, LessonState.CANCELLED)


def test_a_change_without_a_planned_lesson_is_shown_all_the_same() -> None:
    """A school that enters changes only, or an extra lesson: families must not miss it (Q17)."""
    extra = change(ChangeKind.SUBSTITUTION, 7, new_subject=PHYSICS)
    (lesson_shown,) = shown(replace(PLAN, changes=[extra]))
    assert (lesson_shown.number, lesson_shown.subject, lesson_shown.was_subject) == (7, "Физика", "Алгебра")


def test_a_lesson_of_a_holiday_may_be_held_on_a_working_saturday() -> None:
    """Days that the state moves: the holiday is empty, the other day says where the lesson comes from (Q18)."""
    saturday = MONDAY + timedelta(days=5)
    plan = replace(
        PLAN,
        template=[lesson(2)],
        changes=[change(ChangeKind.MOVE, 2, to=(saturday, 2))],
        holidays=[Holiday(1, 1, "Праздник", MONDAY, MONDAY, None, None)],
    )
    assert states(plan) == []
    assert [(each.state, each.moved) for each in shown(plan, saturday)] == [(LessonState.MOVED_HERE, (MONDAY, 2))]


def test_subgroups_stand_side_by_side_in_place_of_their_class() -> None:
    """One number, one line for each subgroup; another subject of that number stays (Q16)."""
    other = replace(SUBGROUP, id=3, name="алгебра 2")
    template = [lesson(2), lesson(2, PHYSICS), lesson(2, group=other, room="8"), lesson(2, group=SUBGROUP)]
    plan = replace(PLAN, places=[Place(CLASS), Place(SUBGROUP), Place(other)], template=template)
    assert [(each.group, each.subject) for each in shown(plan)] == [
        ("алгебра 1", "Алгебра"), ("алгебра 2", "Алгебра"), (None, "Физика")
    ]  # fmt: skip


def test_a_change_of_the_class_counts_for_its_subgroups() -> None:
    """And one of a subgroup for this one only (Q16, Q17)."""
    other = replace(SUBGROUP, id=3, name="алгебра 2")
    template = [lesson(2, group=SUBGROUP), lesson(2, group=other)]
    plan = replace(PLAN, places=[Place(CLASS), Place(SUBGROUP), Place(other)], template=template)
    of_class = replace(plan, changes=[change(ChangeKind.CANCELLATION, 2)])
    of_one = replace(plan, changes=[change(ChangeKind.CANCELLATION, 2, group=other)])
    assert [each.state for each in shown(of_class)] == [LessonState.CANCELLED, LessonState.CANCELLED]
    assert [each.state for each in shown(of_one)] == [LessonState.PLANNED, LessonState.CANCELLED]


@pytest.mark.parametrize(
    ("grades", "grade", "rests"),
    [((None, None), 8, True), ((1, 1), 1, True), ((1, 1), 8, False), ((5, None), 8, True), ((None, 4), 8, False),
     ((1, 1), None, False), ((None, None), None, True)],
)  # fmt: skip
def test_holidays_are_for_grades(grades: tuple[int | None, int | None], grade: int | None, *, rests: bool) -> None:
    """First grades have a week more; a group of unknown grade has those of the whole school (Q22)."""
    assert timetable_days.is_holiday_of_grade(Holiday(1, 1, "Каникулы", MONDAY, MONDAY, *grades), grade) is rests


def test_the_grade_is_that_of_the_class() -> None:
    """Its own or the one that its name begins with, not the one of a study group's name (Q22)."""
    misleading = replace(SUBGROUP, name="2 подгруппа")
    moved = Place(CLASS, ends_on=MONDAY)
    up = Place(replace(CLASS, id=4, name="Лицейский", grade_level=9), starts_on=MONDAY + timedelta(days=1))
    assert grade_level_on_day([Place(misleading), moved, up], MONDAY) == 8
    assert grade_level_on_day([Place(misleading), moved, up], SUNDAY) == 9
    assert grade_level_on_day([Place(misleading, classes=(CLASS,))], MONDAY) == 8
    assert grade_level_on_day([], MONDAY) is None


CHOICES = [
    ("линейка", CLASS.id, MONDAY),
    ("сокращённые", None, MONDAY),
    ("2 смена", CLASS.id, None),
]


@pytest.mark.parametrize("exactness", range(4))
def test_the_most_exact_choice_of_bells_counts(exactness: int) -> None:
    """A group's for the date, the date's, a group's shift, else the school's usual bells (Q16)."""
    variants = [*(variant for variant, *_ in CHOICES), ""]
    bells = [Bell(1, variant, 0, time(8 + hour), time(8 + hour, 40)) for hour, variant in enumerate(variants)]
    choices = [BellChoice(1, group_id, on, variant) for variant, group_id, on in CHOICES[exactness:]]
    template = [lesson(0), lesson(1)]
    first, second = shown(replace(PLAN, template=template, bells=bells, bell_choices=choices))
    assert (first.starts_at, first.ends_at) == (time(8 + exactness), time(8 + exactness, 40))
    assert (second.starts_at, second.ends_at) == (None, None)


def test_a_move_to_another_number_rings_there() -> None:
    """The time is that of the place where the lesson stands (Q16, Q17)."""
    bells = [Bell(number, "", number, time(8 + number), time(8 + number, 40)) for number in range(8)]
    plan = replace(PLAN, template=[lesson(2)], changes=[change(ChangeKind.MOVE, 2, to=(MONDAY, 0))], bells=bells)
    assert [(each.number, each.starts_at) for each in shown(plan)] == [(0, time(8)), (2, time(10))]


@pytest.mark.parametrize(
    ("on", "week"),
    [
        (date(2026, 9, 1), Week.ODD),
        (date(2026, 9, 6), Week.ODD),
        (date(2026, 9, 7), Week.EVEN),
        (date(2026, 10, 25), Week.EVEN),
        (date(2026, 11, 9), Week.ODD),
        (date(2027, 1, 11), Week.EVEN),
        (date(2026, 8, 31), Week.ODD),
        (date(2026, 8, 30), Week.EVEN),
    ],
)
def test_weeks_are_counted_through_holidays_and_backwards(on: date, week: Week) -> None:
    """From a day of an odd week each Monday begins the other one, whatever is in between (contracts)."""
    assert timetable_days.week_of_day(on, date(2026, 9, 3)) is week
    assert timetable_days.week_of_day(on, date(2026, 9, 10)) is not week


def test_a_lesson_of_one_week_stands_in_every_second() -> None:
    """Odd and even share a time without being two lessons; a lesson without a week is in both."""
    rows = [lesson(1), lesson(2), lesson(2, PHYSICS)]
    odd, even = (replace(row, lesson=replace(row.lesson, week=week)) for row, week in zip(rows[1:], Week, strict=True))
    plan = replace(PLAN, template=[rows[0], odd, even], odd_week=MONDAY + timedelta(3))
    mondays = [timetable_days.timetable_day(plan, MONDAY + timedelta(7 * at)) for at in range(3)]
    names = [[each.subject for each in monday.lessons] for monday in mondays]
    assert names == [["Алгебра", "Алгебра"], ["Алгебра", "Физика"], ["Алгебра", "Алгебра"]]
