"""Statistics at the command line: JSON for machines, tables, workbooks and pages for people."""

from pathlib import Path

import pytest

from tests.support.keyboard import Keyboard

TABLES = {
    "week": "Класс;День недели;Урок;Предмет\n5А;Понедельник;1;Алгебра\n",
    "plan": "Класс;Предмет;Часы\n5А;Алгебра;34\n",
}


@pytest.fixture
def keyboard(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Keyboard:
    """A school with one class, a week and a plan."""
    board = Keyboard(tmp_path / "school", capsys, monkeypatch)
    folder = tmp_path / "tables"
    folder.mkdir()
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    board.open_school()
    board.done("import", "timetable", folder)
    return board


def test_lessons_as_the_contract_has_them(keyboard: Keyboard) -> None:
    """All fields in their order; figures are numbers, the percentage is a text with two decimals or null (Q59)."""
    every, of_type = keyboard.done("statistics", "lessons", "--json").data
    assert list(every) == [
        "class", "subject", "group", "term", "lesson_type", "planned", "held", "cancelled", "substituted", "moved",
        "percent", "lag",
    ]  # fmt: skip
    assert (every["class"], every["subject"], every["group"], every["term"]) == ("5А", "Алгебра", None, "year")
    assert every["lag"] == every["planned"] - every["held"]
    assert (of_type["lesson_type"], of_type["percent"]) == ("lesson", None)
    assert "Алгебра" in keyboard.done("statistics", "lessons").out


def test_what_the_school_does_not_have_is_said(keyboard: Keyboard) -> None:
    """Exit 2 and a sentence; a term names those that there are."""
    for option in (["--term", "лето"], ["--class", "9Я"], ["--subject", "Магия"], ["--teacher", "Немов"]):
        refused = keyboard.type("statistics", "lessons", *option)
        assert (refused.code, refused.out) == (2, "")
        assert option[1] not in refused.err
    assert keyboard.done("statistics", "lessons", "--term", "1 четверть", "--json").data == []


def test_figures_go_into_files(keyboard: Keyboard, tmp_path: Path) -> None:
    """A workbook and a PDF beside or without JSON; the command says what it has written."""
    book, pages = tmp_path / "l.xlsx", tmp_path / "l.pdf"
    done = keyboard.done("statistics", "lessons", "--xlsx", book, "--pdf", pages)
    assert done.out == ""
    assert str(book) in done.err
    assert (book.read_bytes()[:2], pages.read_bytes()[:4]) == (b"PK", b"%PDF")


def test_results_and_lists_of_a_school_without_marks_are_empty(keyboard: Keyboard) -> None:
    """No division by zero and no line (Q63, Q64)."""
    assert keyboard.done("statistics", "results", "--json").data == []
    assert keyboard.done("statistics", "results", "--scope", "class", "--term", "год", "--json").data == []
    assert keyboard.done("statistics", "lists", "1 четверть", "--class", "5А", "--json").data == []
    assert "Списки учеников" in keyboard.done("statistics", "lists", "год").out
