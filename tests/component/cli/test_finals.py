"""Final marks at the command line: checked without a school, written once, refused whole or by name of their kind."""

from pathlib import Path

import pytest

from bot.demo.school import DATA
from tests.support.keyboard import Keyboard
from tests.support.matrix_files import Printed, html_of, workbook_of

PEOPLE, JOURNAL = DATA / "people", DATA / "day1"
PUPIL = "Зайцев Егор Романович"


@pytest.fixture
def keyboard(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Keyboard:
    return Keyboard(tmp_path / "school", capsys, monkeypatch)


@pytest.fixture
def matrix(tmp_path: Path) -> Path:
    """The first quarter of a class with one known pupil."""
    return written(tmp_path, "5")


def written(folder: Path, mark: str) -> Path:
    title = ("Итоги успеваемости 9Б класса за 1 четверть",)
    rows = [title, ("№", "ФИО", "Алгебра", "Физика"), (1, PUPIL, mark, 4)]
    return workbook_of(folder / "итоги.xlsx", {"9Б": Printed(rows)})


def test_a_dry_run_needs_no_school(keyboard: Keyboard, matrix: Path) -> None:
    """`finals import --dry-run --json` works without database, settings and token (contracts)."""
    (shown,) = keyboard.done("finals", "import", matrix, "--dry-run", "--json").data
    assert (shown["file"], shown["kind"], shown["class"]) == ("итоги.xlsx", "finals_matrix", "9Б")
    assert shown["results"][0] == {"student": PUPIL, "subject": "Алгебра", "term": "1 четверть", "mark": "5"}
    assert not keyboard.data.exists()


def test_a_fault_is_told_with_place_and_value(keyboard: Keyboard, tmp_path: Path) -> None:
    """Exit 2, a sentence on stderr, and the same place in the JSON (Q37, Q101)."""
    outcome = keyboard.type("finals", "import", written(tmp_path, "6"), "--dry-run", "--json")
    assert outcome.code == 2
    (problem,) = outcome.data[0]["problems"]
    assert (problem["sheet"], problem["row"], problem["column"], problem["value"]) == ("9Б", 3, 3, "6")
    assert "лист «9Б», строка 3, столбец 3, «6»: это не итоговая оценка" in outcome.err
    assert PUPIL not in outcome.err


def test_a_matrix_is_written_once(keyboard: Keyboard, matrix: Path) -> None:
    """The counts are printed; the second import of the file finds nothing new."""
    keyboard.open_school()
    keyboard.done("import", "people", *sorted(PEOPLE.iterdir()))
    assert "новых: 2" in keyboard.done("finals", "import", matrix).err
    assert "0 изменений" in keyboard.done("finals", "import", matrix).err


def test_each_command_names_the_one_for_another_kind(keyboard: Keyboard, matrix: Path, tmp_path: Path) -> None:
    """A matrix is no journal, and a journal, a list or a timetable holds no final marks: the sentence says so."""
    assert "finals import" in refused(keyboard, "import", "journal", matrix)
    assert "finals import" in refused(keyboard, "import", "people", matrix)
    page = tmp_path / "итоги.html"
    page.write_text(html_of(Printed([["ФИО", "Алгебра"], [PUPIL, 5]]), "9Б класс, 1 четверть"), encoding="utf-8")
    assert "finals import" in refused(keyboard, "import", "timetable", page)
    assert "import journal" in refused(keyboard, "finals", "import", JOURNAL / "9b_kovalev.html")
    assert "import people" in refused(keyboard, "finals", "import", PEOPLE / "students.csv")
    week = tmp_path / "week.csv"
    week.write_text("class;weekday;number;subject\n9Б;1;1;Алгебра\n", encoding="utf-8")
    assert "import timetable" in refused(keyboard, "finals", "import", week)


def refused(keyboard: Keyboard, *words: str | Path) -> str:
    outcome = keyboard.type(*words, "--dry-run")
    assert outcome.code == 2
    return outcome.err
