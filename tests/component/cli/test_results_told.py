"""Results within 24 hours at the command line: the report, the proof, the sheet to sign, the head's page (R6)."""

from pathlib import Path

import pytest

from bot.demo.school import DATA
from tests.support.keyboard import Keyboard
from tests.support.matrix_files import Printed, workbook_of

PUPIL = "Зайцев Егор Романович"


@pytest.fixture
def keyboard(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Keyboard:
    """A school that has imported final marks of one pupil; nothing is planned or sent yet."""
    board = Keyboard(tmp_path / "school", capsys, monkeypatch)
    board.open_school(DATA / "people")
    title = ("Итоги успеваемости 9Б класса за 1 четверть",)
    rows = [title, ("№", "ФИО", "Алгебра", "Физика"), (1, PUPIL, "5", 4)]
    board.done("finals", "import", workbook_of(tmp_path / "итоги.xlsx", {"9Б": Printed(rows)}))
    return board


def test_the_report_has_a_shape_for_machines(keyboard: Keyboard) -> None:
    """All fields, times in whole seconds; without dates it is the school year until today (Q75)."""
    report = keyboard.done("obligations", "report", "--json").data
    assert list(report) == [
        "from", "to", "total", "in_time", "late", "late_open", "open", "superseded", "waived", "causes", "channels",
        "median_seconds", "p95_seconds", "corrected", "corrections",
    ]  # fmt: skip
    assert (report["total"] > 0, report["open"] == report["total"], report["median_seconds"]) == (True, True, None)
    words = keyboard.done("obligations", "report", "--from", "2026-09-01", "--to", "01.09.2026").out
    assert "Сообщить надо было: 0" in words
    refused = keyboard.type("obligations", "report", "--from", "2026-09-02", "--to", "2026-09-01")
    assert (refused.code, refused.out) == (2, "")


def test_the_proof_is_words_or_a_pdf(keyboard: Keyboard, tmp_path: Path) -> None:
    """The same facts on the terminal and on paper; an unknown number is a sentence (Q76)."""
    (first, *_) = keyboard.done("obligations", "--json").data
    shown = keyboard.done("proof", str(first["id"])).out
    assert PUPIL in shown
    assert "Журнал действий" in shown
    page = tmp_path / "proof.pdf"
    assert str(page) in keyboard.done("proof", str(first["id"]), "--pdf", page).err
    assert page.read_bytes()[:4] == b"%PDF"
    assert keyboard.type("proof", "99999").code == 2


def test_a_sheet_is_printed_and_ticked_off_by_its_number(keyboard: Keyboard, tmp_path: Path) -> None:
    """Who signs stands in the list without a signature; afterwards nobody has to sign (Q72)."""
    rows = keyboard.done("acquaintance", "list", "1 четверть", "--class", "9Б", "--json").data
    assert {row["must_sign"] for row in rows} == {True}
    assert PUPIL in keyboard.done("acquaintance", "list", "1 четверть").out
    page = tmp_path / "sheet.pdf"
    acts = ("--as", "Тихонова Вера Степановна")
    printed = keyboard.done("acquaintance", "print", "1 четверть", "--out", page, *acts)
    number = next(word.rstrip(",") for word in printed.err.split() if word.startswith("О-"))
    assert number.endswith("-0001")
    assert page.read_bytes()[:4] == b"%PDF"
    assert keyboard.type("acquaintance", "signed", number, "99", *acts).code == 2
    keyboard.done("acquaintance", "signed", number, *acts)
    rows = keyboard.done("acquaintance", "list", "1 четверть", "--json").data
    assert {row["must_sign"] for row in rows} == {False}
    for wrong in ([], ["1 четверть", "--exam", "1"]):
        assert keyboard.type("acquaintance", "list", *wrong).code == 2


def test_the_heads_page_is_words_or_a_pdf(keyboard: Keyboard, tmp_path: Path) -> None:
    """Figures of the school, and nobody is named (Q108)."""
    shown = keyboard.done("overview").out
    assert "Результаты за 24 часа" in shown
    assert "Зайцев" not in shown
    page = tmp_path / "school.pdf"
    keyboard.done("overview", "--pdf", page)
    assert page.read_bytes()[:4] == b"%PDF"
