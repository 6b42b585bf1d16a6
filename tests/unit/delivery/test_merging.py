"""Facts that wait in one message are told once, as they stand in the end."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model.notices.facts import Notice
from core.model.notices.family import (
    AbsenceChanged,
    AbsenceRecorded,
    FinalMarkSet,
    LessonChanged,
    MarkChanged,
    MarkRecorded,
    MarkWithdrawn,
)
from core.model.timetable import ChangeKind
from core.rules.delivery.merging import merged_notice
from core.rules.people.initials import with_initials

DAY, NEXT_DAY = date(2026, 11, 12), date(2026, 11, 13)
RECORDED = MarkRecorded("Алгебра", DAY, "2", "ДЗ", "Корни")


@pytest.mark.parametrize(
    ("earlier", "later", "both"),
    [
        (RECORDED, MarkChanged("Алгебра", DAY, "2", "4"), MarkRecorded("Алгебра", DAY, "4", "ДЗ", "Корни")),
        (RECORDED, MarkWithdrawn("Алгебра", DAY, "2"), MarkWithdrawn("Алгебра", DAY, "2")),
        (
            MarkChanged("Алгебра", DAY, "2", "3"),
            MarkChanged("Алгебра", DAY, "3", "4"),
            MarkChanged("Алгебра", DAY, "2", "4"),
        ),
        (
            MarkChanged("Алгебра", DAY, "2", "3"),
            MarkWithdrawn("Алгебра", DAY, "3"),
            MarkWithdrawn("Алгебра", DAY, "2"),
        ),
        (
            AbsenceRecorded("Химия", DAY, "Н"),
            AbsenceChanged("Химия", DAY, "Н", "Б"),
            AbsenceRecorded("Химия", DAY, "Б"),
        ),
        (
            AbsenceChanged("Химия", DAY, "Н", "Б"),
            AbsenceChanged("Химия", DAY, "Б", None),
            AbsenceChanged("Химия", DAY, "Н", None),
        ),
        (
            LessonChanged("Алгебра", DAY, 2, ChangeKind.ROOM, new_room="12"),
            LessonChanged("Алгебра", DAY, 2, ChangeKind.ROOM, new_room="31"),
            LessonChanged("Алгебра", DAY, 2, ChangeKind.ROOM, new_room="31"),
        ),
    ],
)
def test_what_was_not_told_yet_is_told_as_it_stands(earlier: Notice, later: Notice, both: Notice) -> None:
    """A mark mended before the message goes is the mended mark; the oldest value told stays the old one (Q95)."""
    assert merged_notice(earlier, later) == both


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (RECORDED, MarkRecorded("Алгебра", DAY, "2")),
        (RECORDED, MarkChanged("Алгебра", DAY, "3", "4")),
        (RECORDED, MarkChanged("Физика", DAY, "2", "4")),
        (RECORDED, MarkChanged("Алгебра", NEXT_DAY, "2", "4")),
        (RECORDED, AbsenceChanged("Алгебра", DAY, "2", None)),
        (MarkChanged("Алгебра", DAY, "2", "3"), MarkChanged("Алгебра", DAY, "3", "2")),
        (MarkWithdrawn("Алгебра", DAY, "2"), MarkRecorded("Алгебра", DAY, "2")),
        (FinalMarkSet("Алгебра", "год", "3"), FinalMarkSet("Алгебра", "год", "4", "3")),
        (
            LessonChanged("Алгебра", DAY, 2, ChangeKind.ROOM, new_room="12"),
            LessonChanged("Алгебра", DAY, 2, ChangeKind.SUBSTITUTION, new_teacher="Ким Ён"),
        ),
    ],
)
def test_two_facts_stay_two(earlier: Notice, later: Notice) -> None:
    """Another cell, another value or another kind of change is news of its own; there and back is said in full."""
    assert merged_notice(earlier, later) is None


@given(st.lists(st.sampled_from("2345"), min_size=2, max_size=6))
def test_a_chain_of_corrections_ends_at_the_last_value(values: list[str]) -> None:
    """However often a mark was mended, one notice says what it is now."""
    told: Notice | None = MarkRecorded("Алгебра", DAY, values[0])
    for before, value in pairwise(values):
        told = None if told is None else merged_notice(told, MarkChanged("Алгебра", DAY, before, value))
    assert told == MarkRecorded("Алгебра", DAY, values[-1])


@pytest.mark.parametrize(
    ("name", "short"),
    [("Иванова Ирина Олеговна", "Иванова И. О."), ("Ким Ён", "Ким Ё."), ("Петров П. П.", "Петров П. П."), ("", "")],
)
def test_teachers_are_named_by_initials(name: str, short: str) -> None:
    """The surname stays whole, whatever of the rest was written out."""
    assert with_initials(name) == short
