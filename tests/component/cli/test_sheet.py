"""The summary sheet at the command line: printed, decided on, verified."""

from datetime import date
from pathlib import Path

import pytest

from tests.support.keyboard import Keyboard

ZAITSEV, KOTOVA = "Зайцев Егор Романович", "Котова Инна Петровна"
TABLES = {
    "people": f"Ученик;Дата рождения;Класс\n{ZAITSEV};01.02.2012;8Б\n{KOTOVA};03.04.2012;8Б\n",
    "week": "Класс;День недели;Урок;Предмет\n8Б;Понедельник;1;Алгебра\n8Б;Вторник;1;Физика\n",
}


def finals(*marks: str) -> str:
    year = date.today().year - (date.today().month < 9)  # noqa: DTZ011  # the school year of this machine's day
    return "student;class;subject;term;mark;school_year\n" + "".join(
        f"{ZAITSEV};8Б;Алгебра;{term};{mark};{year}/{year + 1}\n"
        for term, mark in zip(("1 четверть", "год"), marks, strict=False)
    )


@pytest.fixture
def keyboard(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Keyboard:
    """A school with two students, two subjects, and a few final marks."""
    board = Keyboard(tmp_path / "school", capsys, monkeypatch)
    for name, text in (*TABLES.items(), ("finals", finals("4", "5"))):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    board.done("migrate")
    board.done("import", "people", tmp_path / "people.csv")
    board.done("import", "timetable", tmp_path / "week.csv")
    board.done("finals", "import", tmp_path / "finals.csv")
    return board


def test_a_sheet_is_printed_and_verified(keyboard: Keyboard, tmp_path: Path) -> None:
    """A PDF and a workbook; what would be printed now and the file are right, whichever is named (Q65)."""
    pdf, book = tmp_path / "8Б.pdf", tmp_path / "8Б.xlsx"
    for layout in ("terms-in-columns", "terms-in-rows"):
        keyboard.done("sheet", "print", "8 «Б»", "--layout", layout, "--pdf", pdf, "--xlsx", book)
        assert pdf.read_bytes().startswith(b"%PDF")
        for words in ([], ["8б"], [str(book)], ["8Б", str(book)]):
            assert "совпадает" in keyboard.done("sheet", "verify", *words).err


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


def test_the_council_s_decision_is_entered_by_the_office(keyboard: Keyboard, tmp_path: Path) -> None:
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
    keyboard.done("sheet", "print", "8Б", "--pdf", tmp_path / "8Б.pdf")


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


def test_a_file_of_another_class_is_refused(keyboard: Keyboard, tmp_path: Path) -> None:
    """It is not compared with the class that was named (Q66)."""
    book = tmp_path / "8Б.xlsx"
    keyboard.done("sheet", "print", "8Б", "--xlsx", book)
    (tmp_path / "more.csv").write_text("Ученик;Дата рождения;Класс\nЧужой Пётр;01.02.2011;9А\n", encoding="utf-8")
    keyboard.done("import", "people", tmp_path / "more.csv")
    assert "другого класса" in keyboard.type("sheet", "verify", "9А", book).err
