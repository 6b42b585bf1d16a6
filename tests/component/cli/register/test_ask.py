"""The keyboard asks as a person would ask the bot: the same answer, by the same access, and nothing is left behind."""

from pathlib import Path

import pytest

from tests.support.keyboard import Keyboard

MOTHER, MARIA = "Ковалёва Ольга Николаевна", "Ковалёва Мария Денисовна"
HEAD, FATHER = "Белова Тамара Ильинична", "Ковалёв Денис Олегович"


@pytest.fixture
def keyboard(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Keyboard:
    """A school with one student, a mother who agreed to Telegram, and a father who has not decided."""
    keyboard = Keyboard(tmp_path / "school", capsys, monkeypatch)
    lists = {
        "students": f"student;birth_date;class\n{MARIA};04.05.2015;5А\n",
        "staff": f"person;role;class\nТкач Вера Львовна;secretary;\n{HEAD};deputy_head;\n",
        "guardians": (
            "guardian;student;class;relation;telegram;consent;form_no;form_date;confirmed_by\n"
            f"{MOTHER};{MARIA};5А;мать;501;согласие;С-1;01.09.2025;Ткач Вера Львовна\n"
            f"{FATHER};{MARIA};5А;отец;;;;;\n"
        ),
        "journal": f"student;class;subject;date;work_kind;topic;weight;mark\n{MARIA};5А;История;02.09.2025;;;;4\n",
    }
    for name, text in lists.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    keyboard.open_school()
    keyboard.done("import", "people", *(tmp_path / f"{name}.csv" for name in ("students", "staff", "guardians")))
    keyboard.done("import", "journal", tmp_path / "journal.csv")
    return keyboard


def test_a_mother_is_answered_as_in_her_messenger(keyboard: Keyboard) -> None:
    """Plain words, without marks of style; buttons in brackets; what was not done is said beside it."""
    outcome = keyboard.done("ask", MOTHER, "оценки по истории за сентябрь 2025")
    assert MARIA in outcome.out
    assert "История" in outcome.out
    assert "[" in outcome.out
    assert "Ничего не отправлено" in outcome.err


def test_whoever_has_not_agreed_is_shown_nothing(keyboard: Keyboard) -> None:
    """The person's own access decides, not that of the keyboard (Q14)."""
    outcome = keyboard.done("ask", FATHER, "какие оценки?")
    assert "История" not in outcome.out
    assert MARIA not in outcome.out


def test_nothing_is_left_behind(keyboard: Keyboard) -> None:
    """The trail is the same before and after."""
    before = keyboard.done("audit", "export").out
    keyboard.done("ask", MOTHER, "какие оценки?")
    assert keyboard.done("audit", "export").out == before


def test_what_would_be_written_is_refused(keyboard: Keyboard) -> None:
    """A door that writes is named as one; another messenger than ours as unknown."""
    refused = keyboard.type("ask", HEAD, "/broadcast")
    assert (refused.code, refused.out) == (2, "")
    assert "бот сделал бы запись" in refused.err
    assert keyboard.type("ask", MOTHER, "/consent", "--channel", "pigeon").code == 2
