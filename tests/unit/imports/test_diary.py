"""The diary: lessons, homework and marks of a week, in the shapes that real answers have."""

import json
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.model.imports.reports import DiaryLesson, JournalEntry, Problem, ReportKind
from tests.support.report_files import FIXTURES, only_report, read, written

MONDAY, TUESDAY = date(2026, 12, 21), date(2026, 12, 22)


def diary(*assignments: Any, **lesson: Any) -> dict[str, Any]:
    """A week with one lesson on Monday."""
    lesson = {"number": 1, "subjectName": "Алгебра", "assignments": list(assignments)} | lesson
    return {
        "weekStart": "2026-12-21T00:00:00",
        "weekEnd": "2026-12-27T00:00:00",
        "weekDays": [{"date": "2026-12-21T00:00:00", "lessons": [lesson]}],
    }


def saved(folder: Path, data: object) -> Path:
    return written(folder, json.dumps(data), name="diary.json")


def test_a_week_is_read_in_order_whatever_order_it_has() -> None:
    """Days come unsorted, lessons lack assignments or share a number, and lesson 0 is a lesson (Q16, Q100)."""
    report = only_report(read(FIXTURES / "diary.json"))
    assert (report.kind, report.student, report.school_class) == (ReportKind.DIARY, None, "8Б")
    assert report.period == (MONDAY, date(2026, 12, 27))
    assert [(lesson.date, lesson.number, lesson.subject) for lesson in report.lessons] == [
        (MONDAY, 0, "Разговоры о важном"),
        (MONDAY, 1, "Алгебра"),
        (TUESDAY, 3, "Физическая культура"),
        (TUESDAY, 3, "Труд (технология)"),
    ]
    assert report.lessons[1] == DiaryLesson(
        MONDAY, 1, time(8, 30), time(9, 10), "214", "Алгебра", ("№ 312, 314 (а, в)",), "Квадратные корни"
    )


def test_marks_have_kind_weight_and_comment() -> None:
    """A debt is «.», «УП» an absence, the kind comes from the type's number, an unknown type has none (Q13, Q28)."""
    subjects = {each.subject: each.entries for each in only_report(read(FIXTURES / "diary.json")).subjects}
    assert subjects["Алгебра"] == (
        JournalEntry(MONDAY, (".",), "Домашнее задание", "№ 312, 314 (а, в)", Decimal(10)),
        JournalEntry(
            MONDAY, ("5",), "Контрольная работа", "Квадратные корни", Decimal("40.5"), date(2026, 12, 24), "Чисто"
        ),
        JournalEntry(MONDAY, ("4",)),
    )
    assert subjects["Физическая культура"] == (JournalEntry(TUESDAY, ("УП",), "Ответ на уроке", "ОФП", Decimal(0)),)
    assert subjects["Труд (технология)"] == ()


@pytest.mark.parametrize(
    "words",
    [
        "-",
        "---",
        "----",
        "---Не указана---",
        "не задано",
        "Не задано.",
        ".",
        "задание прежнее",
        "",
        "  ",
        "—",
        "нет",
        None,
    ],
)
def test_a_way_of_saying_nothing_is_no_homework(tmp_path: Path, words: str | None) -> None:
    """Empty homework is written in many ways, and «задание прежнее» gives nothing new (Q23)."""
    report = only_report(read(saved(tmp_path, diary({"typeId": 3, "assignmentName": words}))))
    assert report.lessons[0].homework == ()


def test_homework_that_only_begins_like_nothing_is_homework(tmp_path: Path) -> None:
    """Words that say something are kept whole."""
    report = only_report(read(saved(tmp_path, diary({"typeId": 3, "assignmentName": "- стр. 5, не задано: № 6"}))))
    assert report.lessons[0].homework == ("- стр. 5, не задано: № 6",)


@pytest.mark.parametrize(
    "extra",
    [{"studentName": "Рощина Майя"}, {"student": {"nickName": "Рощина Майя"}}, {"student": "Рощина Майя"}],
)
def test_a_name_that_was_saved_along_is_taken(tmp_path: Path, extra: dict[str, Any]) -> None:
    """The diary itself has no name; tools that save it may add one."""
    assert only_report(read(saved(tmp_path, diary() | extra))).student == "Рощина Майя"


def test_several_weeks_in_one_file_are_several_reports(tmp_path: Path) -> None:
    """A list of diaries is read week by week, and pointers of problems begin with the week."""
    found = read(saved(tmp_path, [diary(), diary({"typeId": 10, "mark": {"mark": 7}})]))
    assert len(found.reports) == 2
    assert found.problems == (
        Problem(None, "/1/weekDays/0/lessons/0/assignments/0/mark", "mark", "7", "unknown_token"),
    )


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (diary({"mark": "5+"}), ("/weekDays/0/lessons/0/assignments/0", "mark", "5+", "unknown_token")),
        (diary({"mark": {"mark": [5]}}), ("/weekDays/0/lessons/0/assignments/0/mark", "mark", "[5]", "unknown_token")),
        (
            diary({"mark": {"mark": 5}, "weight": -1}),
            ("/weekDays/0/lessons/0/assignments/0", "weight", "-1", "weight"),
        ),
        (
            diary({"mark": {"mark": 5}, "markDate": "2026-13-01"}),
            ("/weekDays/0/lessons/0/assignments/0", "markDate", "2026-13-01", "date"),
        ),
        (diary(day="31.02.2026"), ("/weekDays/0/lessons/0", "day", "31.02.2026", "date")),
        (diary(day="2026-12-29T00:00:00"), ("/weekDays/0/lessons/0", "day", "29.12.2026", "date_outside_period")),
        (diary(subjectName=None), ("/weekDays/0/lessons/0", "subjectName", None, "json_field")),
        (diary(assignments={}), ("/weekDays/0/lessons/0", "assignments", None, "json_shape")),
        (diary("5"), ("/weekDays/0/lessons/0/assignments", "0", None, "json_shape")),
        (diary() | {"weekDays": 5}, ("", "weekDays", None, "json_shape")),
        (diary() | {"weekEnd": "2026-12-01"}, ("", "weekEnd", "21.12.2026–01.12.2026", "period")),
        (diary() | {"weekStart": 5}, ("", "weekStart", "5", "date")),
        (
            {"weekDays": [{"lessons": [{"subjectName": "Алгебра"}]}]},
            ("/weekDays/0/lessons/0", "day", None, "json_field"),
        ),
    ],
)
def test_a_fault_is_told_by_pointer_and_field(
    tmp_path: Path, data: object, expected: tuple[str, str, str | None, str]
) -> None:
    """In JSON the row is the pointer and the column the field (Q101)."""
    pointer, field, value, reason = expected
    assert Problem(None, pointer, field, value, reason) in read(saved(tmp_path, data)).problems


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[" * 100_000, "json"),
        ('{"weekDays": [NaN]}', "json_shape"),
        ('{"weekDays": [' + "1" * 5000 + "]}", "json"),
        ("{ // comment\n}", "json"),
        ('{"students": []}', "unrecognised"),
        ("[]", "unrecognised"),
        ("[1, 2]", "unrecognised"),
    ],
)
def test_other_json_is_refused_with_a_sentence(tmp_path: Path, text: str, reason: str) -> None:
    """Whatever is no diary, or no JSON at all, is named as such and breaks nothing."""
    found = read(written(tmp_path, text, name="some.json"))
    assert [problem.reason for problem in found.problems] == [reason]
