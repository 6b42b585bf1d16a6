"""Timetables at the command line: checked without a school, written once, refused whole."""

from pathlib import Path

import pytest

from tests.support.keyboard import Keyboard
from tests.support.samples import samples

WEEK = """Класс;День недели;Урок;Предмет;Кабинет;Учитель
5А;Понедельник;1;Алгебра;21;
5А;Понедельник;2;Физика;22;
5А;Вторник;1;Химия;23;
"""
YEAR = """Каникулы;Начало;Конец
Осенние;26.10.2026;03.11.2026
"""


@pytest.fixture
def keyboard(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Keyboard:
    return Keyboard(tmp_path / "school", capsys, monkeypatch)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The week and the holidays of a school."""
    folder = tmp_path / "timetables"
    folder.mkdir()
    (folder / "week.csv").write_text(WEEK, encoding="cp1251")
    (folder / "year.csv").write_text(YEAR, encoding="utf-8")
    return folder


def test_a_dry_run_needs_no_school(keyboard: Keyboard, folder: Path) -> None:
    """Every row is shown as it was read, and nothing is left behind (Q16, Q22)."""
    week, year = keyboard.done("import", "timetable", folder, "--dry-run", "--json").data
    assert (week["kind"], len(week["rows"]), week["problems"]) == ("template", 3, [])
    assert week["rows"][2] == {
        "row": 4, "column": None, "class": "5А", "weekday": 2, "number": 1, "subject": "Химия", "room": "23",
        "teacher": None, "group": None, "week": None,
    }  # fmt: skip
    assert (year["kind"], year["rows"][0]["starts_on"]) == ("holidays", "2026-10-26")
    assert not keyboard.data.exists()


def test_the_same_folder_again_changes_nothing(keyboard: Keyboard, folder: Path) -> None:
    """What came in is counted by kind; the second time there are 0 changes (Q100)."""
    keyboard.open_school()
    said = keyboard.done("import", "timetable", folder).err
    assert "уроков недели: 3" in said
    assert "каникул: 1" in said
    assert keyboard.done("import", "timetable", folder).err.splitlines()[-1] == "0 изменений"


def test_a_faulty_row_keeps_the_whole_folder_out(keyboard: Keyboard, folder: Path) -> None:
    """Exit 2, one line with file, row and column, and nothing written (Q101)."""
    (folder / "year.csv").write_text(f"{YEAR}Зимние;11.01.2027;30.12.2026\n", encoding="utf-8")
    keyboard.open_school()
    refused = keyboard.type("import", "timetable", folder)
    assert refused.code == 2
    assert "строка 3, столбец 3 «Окончание»: конец раньше начала" in refused.err
    (folder / "year.csv").unlink()
    assert "уроков недели: 3" in keyboard.done("import", "timetable", folder).err


def test_quarters_that_share_days_are_told(keyboard: Keyboard, folder: Path) -> None:
    """A slip of the pen between two quarters is a line, and the timetable comes in."""
    terms = "Период;Начало;Окончание\n1 четверть;01.09.2026;23.10.2026\n2 четверть;20.10.2026;29.12.2026\n"
    (folder / "terms.csv").write_text(terms, encoding="utf-8")
    keyboard.open_school()
    assert "дни этого периода входят и в «1 четверть»" in keyboard.done("import", "timetable", folder).err


def test_each_command_takes_its_own_files(keyboard: Keyboard, folder: Path) -> None:
    """A timetable is no journal, and the sentence says which command takes it."""
    refused = keyboard.type("import", "journal", folder / "week.csv", "--dry-run")
    assert refused.code == 2
    assert "import timetable" in refused.err


def test_a_week_may_hold_from_a_date(keyboard: Keyboard, folder: Path) -> None:
    """`--from` takes both ways of writing a date; what is none is said so."""
    keyboard.open_school()
    assert "3" in keyboard.done("import", "timetable", folder / "week.csv", "--from", "11.01.2027").err
    assert keyboard.type("import", "timetable", folder / "week.csv", "--from", "завтра").code == 2


@pytest.mark.parametrize("path", samples("*/raspisanie*.xlsx"), ids=lambda path: path.name)
def test_a_real_week_comes_in_once(keyboard: Keyboard, path: Path) -> None:
    """Every class of the file has its week, and the file again changes nothing (Q16, Q100)."""
    keyboard.open_school()
    shown = keyboard.done("import", "timetable", path, "--dry-run", "--json").data
    lessons = sum(len(sheet["rows"]) for sheet in shown)
    assert f"уроков недели: {lessons}" in keyboard.done("import", "timetable", path).err
    assert keyboard.done("import", "timetable", path).err.splitlines()[-1] == "0 изменений"


@pytest.mark.parametrize("path", samples("*/zameni*.xlsx"), ids=lambda path: path.name)
def test_a_real_form_of_substitutions_waits_for_its_classes(keyboard: Keyboard, path: Path) -> None:
    """A school without these classes and teachers is told row by row, without a name (Q103)."""
    keyboard.open_school()
    refused = keyboard.type("import", "timetable", path)
    assert refused.code == 2
    assert "такого класса в школе нет" in refused.err
    assert not any(name in refused.err for name in ("Шарова", "Громова", "Розанова"))
