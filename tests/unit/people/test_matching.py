"""Whom a file means by a name and a class, and whom it leaves to a person."""

import pytest

from core.model.people import RollEntry
from core.rules.people import matching
from core.rules.people.matching import MatchingRoll, Miss
from core.rules.people.names import normal_class_name, normal_name


def enrolled(*students: tuple[str, str]) -> MatchingRoll:
    return MatchingRoll(
        RollEntry(number, name, normal_name(name), school_class, normal_class_name(school_class))
        for number, (name, school_class) in enumerate(students, 1)
    )


ROLL = enrolled(
    ("Ёлкин Пётр Ильич", "8Б"),
    ("Орлова Вера Игоревна", "8Б"),
    ("Орлова Вера Игоревна", "5А"),
    ("Котова Анна Павловна", "7А"),
    ("Котова Анна Павловна", "7А"),
)


@pytest.mark.parametrize(
    ("name", "school_class"),
    [
        ("Ёлкин Пётр Ильич", "8Б"),
        ("елкин петр  ильич", "8-Б"),
        (" ЕЛКИН\u00a0Пётр Ильич", "8 «б»"),
        ("Ёлкин Пётр Ильич", None),
        ("Ёлкин Пётр Ильич", ""),
    ],
)
def test_a_student_is_found_however_the_name_is_spelled(name: str, school_class: str | None) -> None:
    """Case, ё, blanks and the class's dash tell nobody apart; a name that is unique needs no class."""
    found = ROLL.find(name, school_class)
    assert isinstance(found, RollEntry)
    assert found.student_id == 1


def test_namesakes_are_told_apart_by_class() -> None:
    """Two students of one name are found by their classes."""
    found = [ROLL.find("Орлова Вера Игоревна", school_class) for school_class in ("8Б", "5А")]
    assert [each.student_id for each in found if isinstance(each, RollEntry)] == [2, 3]


@pytest.mark.parametrize(
    ("name", "school_class", "miss"),
    [
        (None, "8Б", Miss.NO_NAME),
        ("", None, Miss.NO_NAME),
        ("Орлова Вера Игоревна", None, Miss.AMBIGUOUS),
        ("Котова Анна Павловна", "7А", Miss.AMBIGUOUS),
        ("Ёлкин Пётр Ильич", "8А", Miss.OTHER_CLASS),
        ("Зимин Олег Львович", "8Б", Miss.UNKNOWN),
        ("Ёлкин Петр Ильчи", "8Б", Miss.NEAR),
        ("Ёлкина Пётр Ильич", None, Miss.NEAR),
        ("Пётр Ильич Ёлкин", "8Б", Miss.NEAR),
        ("Зимин Олег Львович", None, Miss.UNKNOWN),
        ("Ёлкин П. И.", "8Б", Miss.NEAR),
        ("Ёлкин Пётр", "8Б", Miss.NEAR),
        ("Ёлкин Пётр Олегович", "8Б", Miss.UNKNOWN),
        ("Пётр", None, Miss.UNKNOWN),
    ],
)
def test_whoever_is_in_doubt_is_not_matched(name: str | None, school_class: str | None, miss: Miss) -> None:
    """No name, several of it, another class, initials, a part of the name: a line for a person each time."""
    assert ROLL.find(name, school_class) is miss


@pytest.mark.parametrize(
    ("name", "school_class"),
    [
        ("Eлкин Пётр Ильич", "8Б"),  # Latin E
        ("Eлкин Пётр Ильич", None),
        ("Орлова Bера Игоревна", "5А"),  # Latin B
        ("Орлова Вера Игоревна", "5A"),  # a Latin class
    ],
)
def test_look_alikes_are_listed_for_a_person(name: str, school_class: str | None) -> None:
    """A Latin letter among Cyrillic ones makes another name, however alike: nobody is matched by it (contracts)."""
    assert ROLL.find(name, school_class) is Miss.LOOK_ALIKE


def test_a_look_alike_of_another_class_is_nobody() -> None:
    """Where the class differs too the name is unknown there, and the hint says that a like one exists."""
    assert ROLL.find("Eлкин Пётр Ильич", "5А") is Miss.NEAR


def test_a_student_added_later_is_found() -> None:
    """A roll grows with the list that is being read."""
    roll = enrolled()
    assert roll.find("Зимин Олег Львович", "8Б") is Miss.UNKNOWN
    roll.add(RollEntry(1, "Зимин Олег Львович", "зимин олег львович", "8Б", "8б"))
    assert isinstance(roll.find("Зимин Олег Львович", "8Б"), RollEntry)


def test_a_problem_tells_the_place_and_never_the_name() -> None:
    """The operator's line has sheet, row and reason; the value of a name cell is not shown (Q103)."""
    problem = matching.person_matching_problem(Miss.UNKNOWN, sheet="Лист1", row=3)
    assert (problem.sheet, problem.row, problem.reason, problem.value) == ("Лист1", 3, "unknown_student", None)


def test_a_misprint_names_the_number_of_who_is_meant() -> None:
    """No name stands in a problem line (Q103); the number finds the person."""
    miss = ROLL.find("Ёлкин Петр Ильчи", "8Б")
    assert isinstance(miss, Miss)
    ((fact, number),) = ROLL.facts_of_miss(miss, "Ёлкин Петр Ильчи")
    assert (fact, number.isdecimal()) == ("known", True)
