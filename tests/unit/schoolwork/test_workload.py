"""The norms of control works and homework, each a caution that names the rule."""

from datetime import date, timedelta

import pytest

from core.errors import FirstHalfYearError
from core.model.schoolwork.control_works import Caution, ControlWork, NewControlWork, WorkloadRule
from core.model.schoolwork.homework import AssignedHomework, Homework
from core.model.timetable import DayLesson, LessonState, SchoolDay
from core.model.year import GroupKind, TeachingGroup
from core.rules import year
from core.rules.schoolwork import workload
from core.rules.schoolwork.homework import homework_text
from tests.support.schools.builders import NOW

MONDAY = date(2026, 11, 23)
ALGEBRA, PHYSICS = 1, 2
OURS, THEIRS = 8, 9
CLASSES = [
    TeachingGroup(OURS, GroupKind.CLASS, "8А", "8а", 8, None, None),
    TeachingGroup(THEIRS, GroupKind.CLASS, "8Б", "8б", None, None, None),
]


def work(on: date, subject_id: int = ALGEBRA, group_id: int = OURS) -> tuple[ControlWork, str]:
    """A control work that is in the schedule already."""
    name = {ALGEBRA: "Алгебра", PHYSICS: "Физика"}[subject_id]
    return ControlWork(1, group_id, subject_id, on, None, "Контрольная работа", None, None, NOW, None), name


def new(on: date = MONDAY, number: int | None = None) -> NewControlWork:
    """A control work in algebra that is about to be planned."""
    return NewControlWork(OURS, ALGEBRA, on, number, "Контрольная работа", None)


def day(*subjects: int, cancelled: int | None = None) -> SchoolDay:
    """A Monday of these lessons, numbered from 1."""
    lessons = [
        DayLesson(
            number, OURS, None, subject, "", None, None, None, None, None,
            LessonState.CANCELLED if number == cancelled else LessonState.PLANNED,
        )
        for number, subject in enumerate(subjects, start=1)
    ]  # fmt: skip
    return SchoolDay(MONDAY, tuple(lessons))


def test_two_control_works_a_day_are_one_too_many() -> None:
    """The caution names the subject that was there first (Q20)."""
    other = work(MONDAY, PHYSICS)
    assert workload.daily_workload_caution([other], MONDAY) == Caution(
        WorkloadRule.ONE_A_DAY, subject="Физика", on=MONDAY
    )
    assert workload.daily_workload_caution([other], MONDAY + timedelta(1)) is None


@pytest.mark.parametrize(("apart", "group", "warned"), [
    (17, THEIRS, True), (18, THEIRS, False), (-17, THEIRS, True), (17, OURS, True), (0, THEIRS, False), (0, OURS, True),
])  # fmt: skip
def test_a_subject_is_tested_once_in_two_and_a_half_weeks(apart: int, group: int, warned: bool) -> None:  # noqa: FBT001  # a column of the table
    """Seventeen days are too few, eighteen enough; what all classes write on one day is one (Q20)."""
    other = MONDAY + timedelta(apart)
    found = workload.interval_workload_caution([work(other, group_id=group)], new(), CLASSES)
    name = {OURS: "8А", THEIRS: "8Б"}[group]
    assert found == (Caution(WorkloadRule.INTERVAL, group=name, on=other) if warned else None)


def test_another_subject_sets_no_interval() -> None:
    """The interval is the subject's own (Q20)."""
    assert workload.interval_workload_caution([work(MONDAY + timedelta(1), PHYSICS)], new(), CLASSES) is None


@pytest.mark.parametrize(("works", "hours", "warned"), [(3, 34, False), (4, 34, True), (1, 9, True), (9, 0, False)])
def test_a_tenth_of_the_hours_may_be_control_works(works: int, hours: int, warned: bool) -> None:  # noqa: FBT001  # a column of the table
    """Three of 34 hours are fewer than 10 %, four are more; without a template nobody can tell (Q20)."""
    assert workload.share_workload_caution(works, hours) == (
        Caution(WorkloadRule.SHARE, count=works, limit=hours // 10) if warned else None
    )


@pytest.mark.parametrize(("number", "warned"), [(1, 1), (2, None), (3, 3)])
def test_the_first_and_the_last_lesson_are_no_time_for_it(number: int, warned: int | None) -> None:
    """The caution names the lesson's number (Q20)."""
    found = workload.edge_lesson_workload_caution(day(PHYSICS, ALGEBRA, PHYSICS), ALGEBRA, number)
    assert (found and found.number) == warned


def test_a_lesson_without_a_number_is_found_in_the_day() -> None:
    """The only lesson of the subject is meant; of two nobody knows which; a cancelled one is not held (Q20)."""
    assert workload.edge_lesson_workload_caution(day(ALGEBRA, PHYSICS), ALGEBRA, None) == Caution(
        WorkloadRule.EDGE_LESSON, number=1
    )
    assert workload.edge_lesson_workload_caution(day(ALGEBRA, ALGEBRA), ALGEBRA, None) is None
    assert workload.edge_lesson_workload_caution(day(PHYSICS, ALGEBRA, PHYSICS, cancelled=1), ALGEBRA, 2) is not None
    assert workload.edge_lesson_workload_caution(day(), ALGEBRA, 1) is None


def test_hours_are_the_lessons_of_group_and_subject() -> None:
    """Cancelled lessons are no hours (Q20)."""
    assert (
        workload.workload_subject_hours([day(ALGEBRA, PHYSICS, ALGEBRA), day(ALGEBRA, cancelled=1)], OURS, ALGEBRA) == 2
    )


@pytest.mark.parametrize(("level", "on", "refused"), [
    (1, date(2026, 9, 1), True), (1, date(2026, 12, 31), True), (1, date(2027, 1, 11), False), (2, MONDAY, False),
    (None, MONDAY, False),
])  # fmt: skip
def test_a_first_grade_writes_nothing_before_the_new_year(level: int | None, on: date, refused: bool) -> None:  # noqa: FBT001  # a column of the table
    """That is refused and not merely cautioned of, and the refusal says until when (Q26)."""
    if not refused:
        workload.require_second_half_workload(level, on)
        return
    with pytest.raises(FirstHalfYearError) as caught:
        workload.require_second_half_workload(level, on)
    assert caught.value.until == date(2026, 12, 31)


@pytest.mark.parametrize(("level", "minutes"), [
    (1, 60), (2, 90), (3, 90), (4, 120), (5, 120), (6, 150), (8, 150), (9, 210), (11, 210),
])  # fmt: skip
def test_homework_has_a_norm_for_each_year_of_study(level: int, minutes: int) -> None:
    """The norm itself is allowed, a minute more is cautioned of (Q25)."""
    assert workload.homework_workload_caution([(1, due(f"№ 5, {minutes} мин"))], level) is None
    more = workload.homework_workload_caution(
        [(1, due(f"№ 5, {minutes - 30} мин")), (1, due("№ 6")), (1, due("ещё 1 мин"))], level
    )
    assert more == Caution(WorkloadRule.HOMEWORK, count=minutes + 1, limit=minutes)


def test_the_load_is_that_of_the_busiest_student() -> None:
    """Students of different study groups do not do each other's homework (Q25)."""
    english = [(student, due("Unit 3, 40 мин")) for student in (1, 2)]
    assert workload.homework_workload_caution(english, 1) is None
    assert workload.homework_workload_caution([*english, (2, due("Unit 4"))], 1) is not None
    assert workload.homework_workload_caution([*english, (2, due("Unit 4"))], None) is None


def due(text: str) -> AssignedHomework:
    """Homework for Monday."""
    return AssignedHomework(Homework(1, OURS, ALGEBRA, MONDAY, text, None, NOW, None), "Алгебра", None, None, ())


def test_the_class_among_the_groups_has_the_year_of_study() -> None:
    """A study group has none of its own; a class whose year is not written down has it in its name."""
    english = TeachingGroup(1, GroupKind.STUDY_GROUP, "Англ 1", "англ 1", None, ALGEBRA, None)
    assert year.class_grade_level([english, CLASSES[1]]) == 8
    assert year.class_grade_level([english]) is None


@pytest.mark.parametrize("words", ["", " ", "-", "----", ".", "---Не указана---", "не задано", "Без ДЗ", "то же", None])
def test_words_that_set_nothing_are_no_task(words: str | None) -> None:
    """Teachers have many ways of saying nothing (Q23)."""
    assert homework_text(words) is None


def test_a_task_keeps_its_words_on_one_line() -> None:
    """«Не задано» inside of a task is part of it (Q23)."""
    assert homework_text("§ 5,\n не задано:  № 6") == "§ 5, не задано: № 6"
