"""The register's export at the command line: a workbook and a PDF by class, and the state on a date (Q6, Q12)."""

import subprocess
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from bot.demo.school import DATA
from tests.peers import processes
from tests.support.keyboard import Keyboard

SECRETARY = "Тихонова Вера Степановна"
FATHER, CHILD = "Ромашкин Илья Петрович", "Ромашкина Дарья Ильинична"


@pytest.fixture
def keyboard(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Keyboard:
    """A school whose families have signed, and one father has withdrawn."""
    keyboard = Keyboard(tmp_path / "school", capsys, monkeypatch)
    monkeypatch.setenv("VESTNIK_DESK", SECRETARY)
    keyboard.open_school(DATA / "people")
    keyboard.done("consent", "withdraw", FATHER, CHILD, "--document", "З-9", "--date", "2026-10-23")
    return keyboard


def test_a_period_is_exported_by_class(keyboard: Keyboard, tmp_path: Path) -> None:
    """A sheet of figures, then a sheet a class with every entry; the PDF says the same (Q12)."""
    book, pdf = tmp_path / "register.xlsx", tmp_path / "register.pdf"
    keyboard.done("consent", "export", "--from", "2026-09-01", "--to", "31.10.2026", "--xlsx", book, "--pdf", pdf)
    workbook = CalamineWorkbook.from_path(book)
    figures = workbook.get_sheet_by_index(0).to_python()
    assert figures[0] == ["Класс", "Согласия", "Несогласия", "Отзывы", "Действует"]
    assert figures[1][:4] == ["5А", 4, 1, 1]
    rows = workbook.get_sheet_by_name("5А").to_python()
    withdrawn = next(row for row in rows if row[2] == "отзыв")
    assert withdrawn[1:7] == ["23.10.2026", "отзыв", CHILD, FATHER, "бумага", "З-9"]
    reader = processes.program("pdftotext", package="poppler-utils")
    words = subprocess.run([reader, "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    assert all(str(cell) in words for row in rows[1:] for cell in row if cell)
    assert pdf.stat().st_mode & 0o77 == book.stat().st_mode & 0o77 == 0


def test_an_export_needs_a_file_and_a_period(keyboard: Keyboard, tmp_path: Path) -> None:
    """No file, and a last day before the first: exit 2 and nothing is written."""
    book = tmp_path / "register.xlsx"
    assert keyboard.type("consent", "export", "--from", "2026-09-01").code == 2
    dates = ("--from", "2026-09-01", "--to", "2026-08-01")
    assert keyboard.type("consent", "export", *dates, "--xlsx", book).code == 2
    assert not book.exists()


def test_the_state_on_a_date_is_shown(keyboard: Keyboard) -> None:
    """The day before the withdrawal the father's consent was in force, on its day no more (Q6)."""
    for day, state in (("2026-10-22", "да"), ("2026-10-23", "нет")):
        table = keyboard.done("consent", "state", "--on", day).out
        (row,) = [line for line in table.splitlines() if FATHER in line]
        assert row.rstrip().endswith(state)
