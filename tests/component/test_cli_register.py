"""The secretary at the command line: consents, contacts, codes, obligations, paper and proofs."""

from pathlib import Path

import pytest

from bot.demo.school import DATA
from tests.keyboard import Keyboard

FIRST, SECOND, PEOPLE = DATA / "day1", DATA / "day2", DATA / "people"


@pytest.fixture
def keyboard(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Keyboard:
    """A school whose families are in the register."""
    keyboard = Keyboard(tmp_path / "school", capsys, monkeypatch)
    keyboard.done("migrate")
    keyboard.done("import", "people", PEOPLE)
    return keyboard


def test_a_withdrawal_gets_a_number_of_its_own(keyboard: Keyboard) -> None:
    """Consent, refusal and withdrawal are registered alike; no earlier entry goes away (Q1, Q6)."""
    pair = ("Ромашкина Елена Сергеевна", "Ромашкина Дарья Ильинична")
    before = keyboard.done("consent", "list").out
    number = keyboard.done("consent", "withdraw", *pair, "--document", "З-9", "--date", "2026-10-23").out.strip()
    after = keyboard.done("consent", "list").out
    assert number not in before
    assert number in after
    assert after.count("Ромашкина Елена") == before.count("Ромашкина Елена") + 1


def test_a_person_without_such_a_child_cannot_consent(keyboard: Keyboard) -> None:
    """Consent is per pair: nobody decides about somebody else's child (Q3)."""
    outcome = keyboard.type(
        "consent", "register", "consent", "Зайцев Роман Юрьевич", "Белова Анна Кирилловна", "--document", "З-1"
    )
    assert outcome.code == 2
    assert "Не найдено" in outcome.err


def test_a_code_is_shown_once_on_stdout(keyboard: Keyboard) -> None:
    """An invitation prints the code as data and its term for people (Q82)."""
    outcome = keyboard.done("invite", "Белова Ирина Львовна", "--days", "3")
    assert len(outcome.out.strip()) == 8
    assert "3 дня" in outcome.err


def test_a_revoked_contact_stays_on_the_list(keyboard: Keyboard) -> None:
    """Revoking a contact leaves its trace (Q80)."""
    keyboard.done("contact", "revoke", "2")
    assert "отозван" in keyboard.done("contact", "list", "Ромашкин Илья Петрович").out


def test_a_contact_is_confirmed_by_a_form(keyboard: Keyboard) -> None:
    """A confirmation names the form and who accepted it (R7)."""
    keyboard.done("contact", "confirm", "2", "--document", "С-777", "--accepted-by", "Тихонова В. С.")
    assert "С-777" in keyboard.done("contact", "list", "Ромашкин Илья Петрович").out


def test_nobody_is_found_without_a_name_being_repeated(keyboard: Keyboard) -> None:
    """An error names no person (Q103)."""
    outcome = keyboard.type("contact", "list", "Неизвестный Пётр")
    assert (outcome.code, outcome.out) == (2, "")
    assert "Пётр" not in outcome.err


def test_the_obligations_of_an_empty_school_are_an_empty_array(keyboard: Keyboard) -> None:
    """`obligations --json` is an array whatever there is, and an empty school has no differences (Q71)."""
    assert keyboard.done("obligations", "--json").data == []
    assert keyboard.done("obligations", "verify").out == ""


def test_an_empty_print_queue_prints_nothing(keyboard: Keyboard, tmp_path: Path) -> None:
    """Printing nothing is said, and no file is made."""
    outcome = keyboard.type("paper", "print", "--out", tmp_path / "extracts.pdf")
    assert outcome.code == 2
    assert not (tmp_path / "extracts.pdf").exists()
