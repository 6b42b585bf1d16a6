"""The summary sheet at the command line: printed, decided on, verified."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.cli import main
from tests.support.keyboard import Keyboard

ZAITSEV, KOTOVA = "Зайцев Егор Романович", "Котова Инна Петровна"
TABLES = {
    "people": f"Ученик;Дата рождения;Класс\n{ZAITSEV};01.02.2012;8Б\n{KOTOVA};03.04.2012;8Б\nКим Лев;01.02.2011;9А\n",
    "week": "Класс;День недели;Урок;Предмет\n8Б;Понедельник;1;Алгебра\n8Б;Вторник;1;Физика\n",
}


def finals(*marks: str) -> str:
    year = date.today().year - (date.today().month < 9)  # noqa: DTZ011  # the school year of this machine's day
    return "student;class;subject;term;mark;school_year\n" + "".join(
        f"{ZAITSEV};8Б;Алгебра;{term};{mark};{year}/{year + 1}\n"
        for term, mark in zip(("1 четверть", "год"), marks, strict=False)
    )


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A school with two students of 8Б, two subjects, and a few final marks; one of 9А."""
    folder = tmp_path_factory.mktemp("ready")
    for name, text in (*TABLES.items(), ("finals", finals("4", "5"))):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as settings:
        settings.setenv("VESTNIK_DATA", str(folder / "school"))
        assert main(["migrate"]) == 0
        for kind, name in (("people", "people"), ("timetable", "week")):
            assert main(["import", kind, str(folder / f"{name}.csv")]) == 0
        assert main(["finals", "import", str(folder / "finals.csv")]) == 0
    return folder / "school"


@pytest.fixture
def keyboard(
    ready: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Keyboard:
    """A copy of that school."""
    shutil.copytree(ready, tmp_path / "school")
    return Keyboard(tmp_path / "school", capsys, monkeypatch)


def test_a_sheet_is_printed_and_verified(keyboard: Keyboard, tmp_path: Path) -> None:
    """A PDF and a workbook; what would be printed now and the file are right, whichever is named (Q65, Q66)."""
    pdf, book, rows = tmp_path / "8Б.pdf", tmp_path / "8Б.xlsx", tmp_path / "строками.xlsx"
    keyboard.done("sheet", "print", "8 «Б»", "--pdf", pdf, "--xlsx", book)
    keyboard.done("sheet", "print", "8Б", "--layout", "terms-in-rows", "--xlsx", rows)
    assert pdf.read_bytes().startswith(b"%PDF")
    for words in ([], [book], ["8б", rows]):
        assert "совпадает" in keyboard.done("sheet", "verify", *words).err
    assert "другого класса" in keyboard.type("sheet", "verify", "9А", book).err


def test_a_mark_that_was_corrected_since_is_found_in_the_file(keyboard: Keyboard, tmp_path: Path) -> None:
    """Exit 4, and the cell with its place, what it shows and what is in force; a new print is right (Q66)."""
    book = tmp_path / "8Б.xlsx"
    keyboard.done("sheet", "print", "8Б", "--xlsx", book)
    (tmp_path / "later.csv").write_text(finals("3"), encoding="utf-8")
    keyboard.done("finals", "import", tmp_path / "later.csv")
    outcome = keyboard.type("sheet", "verify", book)
    assert outcome.code == 4
    for words in ("Зайцев", "Алгебра", "1 четверть", "строка 5", "столбец 3"):
        assert words in outcome.out
    assert "не совпадает 1 клетка" in outcome.err
    assert keyboard.done("sheet", "verify").out == ""


def test_the_council_s_decision_is_entered_by_the_office(keyboard: Keyboard) -> None:
    """By the marks of the year for those who have them, else in words; without a staff member it is refused (Q65)."""
    today = date.today().isoformat()  # noqa: DTZ011  # a protocol of this machine's day
    decide = "sheet", "decide", "8Б", "--protocol", "5", "--date", today
    assert keyboard.type(*decide).code == 2
    keyboard.employ()
    refused = keyboard.type(*decide)
    assert (refused.code, "решения" in refused.err, KOTOVA in refused.err) == (2, True, False)
    assert "1 ученик" in keyboard.done(*decide, "--student", ZAITSEV).err
    keyboard.done(*decide, "--student", KOTOVA, "--decision", "оставлена на повторное обучение")
    assert keyboard.type(*decide, "--student", "Чужой Пётр").code == 2


def test_wrong_words_are_refused_with_a_sentence(keyboard: Keyboard, tmp_path: Path) -> None:
    """Exit 2; nothing is written, and no name of the file or the class is repeated."""
    plain = tmp_path / "plain.xlsx"
    plain.write_text("no workbook", encoding="utf-8")
    file = tmp_path / "x.pdf"
    for words in (
        ["print", "8Б"],
        ["print", "9Я", "--pdf", file],
        ["print", "8Б", "--pdf", file, "--layout", "diagonal"],
        ["print", "8Б", "--pdf", file, "--paper", "a5"],
        ["print", "8Б", "--pdf", file, "--year", "2099"],
        ["print", "8Б", "--pdf", file, "--year", "letter"],
        ["print", "8Б", "--pdf", tmp_path],
        ["verify", "8Б", "9А"],
        ["verify", plain],
        ["verify", tmp_path / "absent.xlsx"],
        ["verify", "9Я"],
    ):
        outcome = keyboard.type("sheet", *words)
        assert (outcome.code, outcome.out, outcome.err.count("\n")) == (2, "", 1), words
    assert not file.exists()
