"""Characters that no eye sees in cells: those that nobody may keep are refused with their place, the rest left out."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.imports import summary
from bot.locales import LocaleCatalogues
from core.model.imports.people_lists import StaffRow
from core.model.imports.reports import Problem
from core.rules import characters
from tests.support.report_files import csv_text, read, read_text, student_total, workbook, written

RUSSIAN = LocaleCatalogues.load().translator("ru")

REFUSED = {
    "\0": "U+0000 NULL",
    "\x01": "U+0001 CONTROL",
    "\x08": "U+0008 BACKSPACE",
    "\x1b": "U+001B ESCAPE",
    "\x1f": "U+001F CONTROL",
    "\x7f": "U+007F DELETE",
    "\x85": "U+0085 CONTROL",
    "\x9f": "U+009F CONTROL",
    "\u202a": "U+202A LEFT-TO-RIGHT EMBEDDING",
    "\u202e": "U+202E RIGHT-TO-LEFT OVERRIDE",
    "\u2066": "U+2066 LEFT-TO-RIGHT ISOLATE",
    "\u2069": "U+2069 POP DIRECTIONAL ISOLATE",
    "\ufdd0": "U+FDD0 NONCHARACTER",
    "\ufffe": "U+FFFE NONCHARACTER",
    "\uffff": "U+FFFF NONCHARACTER",
    "\U0010ffff": "U+10FFFF NONCHARACTER",
}
SURROGATE = "\ud83d"
LEFT_OUT = ("\u00ad", "\u200b", "\u200c", "\u200d", "\u200e", "\u2060", "\u2063", "\ufeff", "\ufff9", "\U000e0041")
BLANKS = ("\t", "\n", "\v", "\f", "\r", "\u2028", "\u2029")


def refused(character: str, *, sheet: str | None, row: int | str, column: int | str) -> tuple[Problem, ...]:
    """The one problem that there is: the place, the character's name, and nothing of the words (Q103)."""
    return (Problem(sheet, row, column, None, "character", (("character", REFUSED[character]),)),)


@pytest.mark.parametrize("character", REFUSED)
def test_a_table_with_a_control_character_is_refused(tmp_path: Path, character: str) -> None:
    """In csv the quoted cell's row and column."""
    row = ("Рощина Майя", "8Б", "Алгебра", "02.09.2026", "", f'"Др{character}оби"', "", "5")
    found = read(written(tmp_path, csv_text(row), name="t.csv"))
    assert found.problems == refused(character, sheet=None, row=2, column=6)
    assert not any(character in line for line in summary.import_summary_problems(found, RUSSIAN))


@pytest.mark.parametrize("column", ["guardian", "student", "class", "relation", "telegram", "email", "phone"])
def test_every_cell_of_a_people_table_is_looked_at(tmp_path: Path, column: str) -> None:
    """Names and contacts are told by their place only."""
    header = ("guardian", "student", "class", "relation", "telegram", "email", "phone")
    cells = ["Рощин Глеб", "Рощина Майя", "8Б", "отец", "100500", "gleb@example.org", "+79161234567"]
    cells[header.index(column)] += "\0"
    found = read(written(tmp_path, csv_text(tuple(cells), header=header), name="t.csv"))
    assert found.problems == refused("\0", sheet=None, row=2, column=header.index(column) + 1)


@pytest.mark.parametrize("character", REFUSED)
def test_a_page_with_a_control_character_is_refused(tmp_path: Path, character: str) -> None:
    """In HTML the row and column of the table, as the character itself and as its number."""
    for written_out in {character, f"&#{ord(character)};" if character not in "\0\x85\x9f" else character}:
        found = read_text(tmp_path, student_total(("Алге" + written_out + "бра", "5", "", "", "")))
        assert found.problems == refused(character, sheet=None, row=3, column=1)


def test_a_name_above_a_page_s_table_is_looked_at(tmp_path: Path) -> None:
    """It stands in no cell, so the character alone is told."""
    labels = {"Ученик": "Рощина \u202eМайя", "Период": "с 1.09.2026 по 30.11.2026"}
    (problem,) = read_text(tmp_path, student_total(("Алгебра", "5", "", "", ""), labels=labels)).problems
    assert (problem.row, problem.reason, dict(problem.facts)) == (
        None, "character", {"character": REFUSED["\u202e"]},
    )  # fmt: skip


@pytest.mark.parametrize("character", ["\u202e", "\ufdd0", "\x85"])
def test_a_workbook_with_a_control_character_is_refused(tmp_path: Path, character: str) -> None:
    """In a workbook the sheet, too."""
    rows = [("person", "role", "class"), ("Дымов Савва", "учитель", ""), (f"Ро{character}щина Майя", "завуч", "")]
    found = read(workbook(tmp_path / "staff.xlsx", {"Учителя": rows}))
    assert found.problems == refused(character, sheet="Учителя", row=3, column=1)


@pytest.mark.parametrize("character", [*REFUSED, SURROGATE])
def test_a_diary_with_a_control_character_is_refused(tmp_path: Path, character: str) -> None:
    """In JSON the pointer and the field; half a character is one that only JSON can spell."""
    lesson = {"number": 1, "subjectName": "Алгебра", "assignments": [{"assignmentName": f"№ {character}5"}]}
    week = {
        "weekStart": "2026-12-21",
        "weekEnd": "2026-12-27",
        "weekDays": [{"date": "2026-12-21", "lessons": [lesson]}],
    }
    found = read(written(tmp_path, json.dumps(week), name="diary.json"))
    named = {**REFUSED, SURROGATE: "U+D83D SURROGATE"}[character]
    place = "/weekDays/0/lessons/0/assignments/0", "assignmentName"
    assert found.problems == (Problem(None, *place, None, "character", (("character", named),)),)


def test_a_timetable_with_a_control_character_is_refused(tmp_path: Path) -> None:
    """The week's template is a table like the others."""
    header = ("class", "weekday", "number", "subject", "room")
    found = read(
        written(tmp_path, csv_text(("8Б", "понедельник", "1", "Алгебра\x1b[31m", "12"), header=header), name="t.csv")
    )
    assert found.problems == refused("\x1b", sheet=None, row=2, column=4)


@pytest.mark.parametrize("character", LEFT_OUT)
def test_what_cannot_be_seen_and_does_no_harm_is_left_out_and_said(tmp_path: Path, character: str) -> None:
    """The name is the one that is read, and the report says where something was left out and how often."""
    rows = [(f"Дымов {character}Савва", "учитель", ""), (f"Рощина{character} Майя", "завуч", "")]
    found = read(written(tmp_path, csv_text(*rows, header=("person", "role", "class")), name="t.csv"))
    assert [row.person for table in found.people for row in table.rows if isinstance(row, StaffRow)] == [
        "Дымов Савва", "Рощина Майя",
    ]  # fmt: skip
    assert found.problems == ()
    assert found.notes == (Problem(None, 2, 1, None, "invisible", (("cells", "2"),)),)
    assert [line.partition(": ")[2] for line in summary.import_summary_notes(found, RUSSIAN)] == [
        "строка 2, столбец 1: невидимые знаки пропущены, таких ячеек: 2"
    ]


@pytest.mark.parametrize("character", BLANKS)
def test_the_end_of_a_line_in_a_cell_is_a_blank(tmp_path: Path, character: str) -> None:
    """Nothing is lost, so nothing is said."""
    row = (f'"Дымов{character}Савва"', "учитель", "")
    found = read(written(tmp_path, csv_text(row, header=("person", "role", "class")), name="t.csv"))
    assert [row.person for table in found.people for row in table.rows if isinstance(row, StaffRow)] == ["Дымов Савва"]
    assert (found.problems, found.notes) == ((), ())


@pytest.mark.parametrize("name", ["о\x1b[2Jтчёт.csv", "отчёт\n.csv", "отчёт\u202e.csv"])
def test_a_file_s_own_name_is_shown_without_its_tricks(tmp_path: Path, name: str) -> None:
    """A name that would clear or turn round the terminal is written out."""
    found = read(written(tmp_path, "nothing", name=name))
    assert found.file.isprintable()
    assert found.problems


def test_a_name_of_bytes_that_are_no_letters_is_shown(tmp_path: Path) -> None:
    """It must not end the command on its way to the terminal or into JSON."""
    path = tmp_path / b"\xff.csv".decode(errors="surrogateescape")
    path.write_text("nothing")
    assert read(path).file.encode("utf-8").endswith(b"<U+DCFF>.csv")


texts: Callable[[], st.SearchStrategy[str]] = lambda: st.text(st.characters(exclude_categories=()))  # noqa: E731


@given(texts())
def test_what_was_typed_is_kept_but_for_what_nobody_may_keep(text: str) -> None:
    """Cleaning ends with a clean text, leaves a clean one alone and never adds anything."""
    clean = characters.without_forbidden_characters(text)
    assert characters.first_forbidden_character(clean) is None
    assert characters.without_forbidden_characters(clean) == clean
    assert clean.encode().decode() == clean
    assert characters.first_forbidden_character(text) or clean == text


@given(texts())
def test_what_is_visible_holds_no_unseen_character_but_the_forbidden(text: str) -> None:
    """Whoever leaves out the forbidden ones afterwards has words that any channel takes."""
    clean = characters.without_forbidden_characters(characters.without_invisible_characters(text))
    assert characters.without_invisible_characters(clean) == clean
    assert not set(clean) & {*REFUSED, *LEFT_OUT, *BLANKS}
