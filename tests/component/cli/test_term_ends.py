"""The end of a term at the command line: proposals, completeness, closing, marks and deferrals by the deputy head."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from core.rules import year
from tests.support.keyboard import Keyboard

TERM = "1 полугодие"
ANNA, BORIS = "Авдеева Анна Ивановна", "Белов Борис Петрович"
PEOPLE = f"student;class;birth_date\n{ANNA};8Б;\n{BORIS};8Б;\n"
GROUPS = "group;kind;subject;teacher;student;class\n" + "".join(
    f"9-1;study_group;Алгебра;;{name};8Б\n" for name in (ANNA, BORIS)
)
SINCE = year.first_day_of_year(date.today())  # noqa: DTZ011  # the commands read the same clock
PERIODS = f"period;starts;ends\n{TERM};{SINCE};{year.last_day_of_year(SINCE)}\n"
MARKS = "student;class;subject;date;mark\n" + "".join(
    f"{ANNA};8Б;Алгебра;{SINCE + timedelta(days=day)};{mark}\n" for day, mark in enumerate("55544")
)
DEFERRED = ("--subject", "Алгебра", "--from", str(SINCE), "--to", str(SINCE), "--document", "справка 5")


@pytest.fixture
def keyboard(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Keyboard:
    """8Б with five marks of Анна in algebra and a study group of both, and the deputy head at the keyboard."""
    keyboard = Keyboard(tmp_path / "school", capsys, monkeypatch)
    monkeypatch.setenv("VESTNIK_MARKS", "bot")
    keyboard.open_school()
    keyboard.employ()
    for kind, content in (("people", PEOPLE), ("people", GROUPS), ("timetable", PERIODS), ("journal", MARKS)):
        file = tmp_path / "table.csv"
        file.write_text(content, encoding="utf-8")
        keyboard.done("import", kind, file)
    return keyboard


def test_proposals_come_as_the_contracts_say(keyboard: Keyboard) -> None:
    """The average is a string with a point; who has too few marks is left to the teacher (Q55)."""
    anna, boris = keyboard.done("finals", "propose", "I полугодие", "--class", "8б", "--json").data
    assert anna == {
        "student": ANNA, "class": "8Б", "subject": "Алгебра", "term": "I полугодие", "average": "4.60", "marks": 5,
        "missed": 0, "lessons": 5, "proposal": "5", "reason": "average",
    }  # fmt: skip
    assert (boris["average"], boris["marks"], boris["proposal"], boris["reason"]) == (None, 0, None, "few_marks")
    assert keyboard.done("finals", "propose", TERM, "--subject", "Физика", "--json").data == []
    assert "мало оценок" in keyboard.done("finals", "propose", TERM).out
    assert keyboard.type("finals", "propose", "4 четверть").code == 2


def test_a_term_is_closed_after_the_last_mark(keyboard: Keyboard) -> None:
    """Exit 4 and nothing written while somebody lacks one; a correction after closing needs a ground (Q52, Q67)."""
    checked = keyboard.type("period", "check", TERM, "--json")
    lacking = {"class": "8Б", "subject": "Алгебра", "teacher": None}
    assert (checked.code, checked.data) == (
        4, {"term": TERM, "complete": False, "missing": [lacking | {"student": ANNA}, lacking | {"student": BORIS}]},
    )  # fmt: skip
    refused = keyboard.type("period", "close", TERM)
    assert (refused.code, ANNA in refused.out, "Не хватает 2 оценок" in refused.err) == (4, True, True)
    assert "Поставлена 1 оценка" in keyboard.done("finals", "accept", TERM, "--class", "8Б", "--subject", "Алгебра").err
    assert keyboard.type("finals", "set", BORIS, "Алгебра", TERM, "7").code == 2
    keyboard.done("finals", "set", BORIS, "Алгебра", TERM, "н/а")
    keyboard.done("period", "check", TERM)
    keyboard.done("period", "close", "I полугодие")
    assert "--comment" in keyboard.type("finals", "set", ANNA, "Алгебра", TERM, "4", "--ground", "записка 7").err
    assert "--ground" in keyboard.type("finals", "set", ANNA, "Алгебра", TERM, "4", "--comment", "ошибка").err
    keyboard.done("finals", "set", ANNA, "Алгебра", TERM, "4", "--comment", "ошибка", "--ground", "записка 7")
    assert keyboard.type("finals", "annul", ANNA, "Алгебра", TERM).code == 2
    keyboard.done("period", "reopen", TERM, "--reason", "ошибка")
    keyboard.done("finals", "annul", ANNA, "Алгебра", TERM)
    assert keyboard.type("period", "check", TERM).code == 4


def test_what_was_accepted_is_taken_back(keyboard: Keyboard) -> None:
    """All or nothing, by whoever set it (Q55)."""
    of_class = TERM, "--class", "8Б", "--subject", "Алгебра"
    keyboard.done("finals", "accept", *of_class)
    assert "Отменена 1 оценка" in keyboard.done("finals", "undo", *of_class).err
    assert keyboard.type("finals", "accept", TERM, "--class", "9Я", "--subject", "Алгебра").code == 2


def test_a_deferral_fills_the_cell_until_its_mark(keyboard: Keyboard) -> None:
    """Granted with document and decision, ended by н/а; a date alone is no deferral (Q53)."""
    due = ("--decision", "приказ 7", "--due", str(date.today() + timedelta(days=30)))  # noqa: DTZ011
    assert keyboard.type("finals", "defer", BORIS, TERM, *DEFERRED).code == 2
    assert "Отложена 1 оценка" in keyboard.done("finals", "defer", BORIS, TERM, *DEFERRED, *due).err
    proposed = keyboard.done("finals", "propose", TERM, "--json").data
    assert [(each["proposal"], each["reason"]) for each in proposed] == [("5", "average"), ("deferral", "illness")]
    assert [each["student"] for each in keyboard.type("period", "check", TERM, "--json").data["missing"]] == [ANNA]
    keyboard.done("finals", "defer", "end", BORIS, TERM, "н/а", "--subject", "Алгебра")
    assert keyboard.type("finals", "defer", "end", BORIS, TERM, "4", "--subject", "Алгебра").code == 2


def test_the_secretary_may_not_set_marks(keyboard: Keyboard) -> None:
    """Final marks, closings and deferrals are the deputy head's (Q14)."""
    keyboard.employ("Тихонова Вера Степановна", "secretary")
    assert keyboard.type("period", "close", TERM).code == 3
    assert keyboard.type("finals", "set", ANNA, "Алгебра", TERM, "5").code in {2, 3}
