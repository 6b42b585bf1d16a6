"""`vestnik erase`: a dry run, the destruction with its act and extract, and what is refused (Q10)."""

import csv
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from bot.demo.school import DATA
from tests.peers import processes
from tests.support.keyboard import Keyboard

SECRETARY, TEACHER = "Тихонова Вера Степановна", "Громов Сергей Петрович"
MOTHER, FATHER, CHILD = "Ромашкина Елена Сергеевна", "Ромашкин Илья Петрович", "Ромашкина Дарья Ильинична"
MAIL = "romashkin@sandbox.test"
OPERATOR = "МБОУ «Школа № 30», 600000, г. Владимир, ул. Ленина, 1"
HOST = "ООО «Почтовый хостинг», г. Москва"


@pytest.fixture
def keyboard(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Keyboard:
    """A school whose father has withdrawn his consent."""
    keyboard = Keyboard(tmp_path / "school", capsys, monkeypatch)
    monkeypatch.setenv("VESTNIK_DESK", SECRETARY)
    monkeypatch.setenv("VESTNIK_OPERATOR", OPERATOR)
    monkeypatch.setenv("VESTNIK_PROCESSORS", f'{{"email": "{HOST}"}}')
    keyboard.open_school(DATA / "people")
    keyboard.done("consent", "withdraw", FATHER, CHILD, "--document", "З-9")
    return keyboard


def words_of(pdf: Path) -> list[str]:
    reader = processes.program("pdftotext", package="poppler-utils")
    read = subprocess.run([reader, pdf, "-"], capture_output=True, text=True, check=True).stdout
    return [" ".join(page.split()) for page in read.split("\f") if page.strip()]


def test_without_confirm_nothing_is_destroyed(keyboard: Keyboard, tmp_path: Path) -> None:
    """The dry run says who, why and until when; no file is made."""
    outcome = keyboard.done("erase", "--out", tmp_path)
    assert FATHER in outcome.out
    assert ("почта" in outcome.out, "email" in outcome.out) == (True, False)
    assert "--confirm" in outcome.err
    assert MAIL in keyboard.done("contact", "list", FATHER).out
    assert not list(tmp_path.glob("У-*"))


def test_a_destruction_is_proved_by_act_and_extract(keyboard: Keyboard, tmp_path: Path) -> None:
    """Every field of order РКН № 179 stands in both papers and in the csv; the number prints them again (Q10)."""
    number = keyboard.done("erase", "--confirm", "--out", tmp_path).out.strip()
    act, extract = words_of(tmp_path / f"{number}.pdf")
    both = (FATHER, "контактные данные: адреса и номера (почта)", "«Вестник»", "отзыв согласия субъектом")
    for field in (*both, OPERATOR, HOST, SECRETARY, "секретарь", "подпись", "удаление адресов из базы данных", number):
        assert field in act, field
    for field in both:
        assert field in extract, field
    assert any(day in extract for day in [act.partition("Дата уничтожения ")[2][:10]])
    with (tmp_path / f"{number}.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file, delimiter=";")
    assert (row["Субъект персональных данных"], row["Оператор"]) == (FATHER, OPERATOR)
    assert row["Кто обрабатывал данные по поручению оператора"].endswith(HOST)
    first = (tmp_path / f"{number}.pdf").read_bytes()
    keyboard.done("erase", "--again", number, "--out", tmp_path)
    assert (tmp_path / f"{number}.pdf").read_bytes() == first
    assert (tmp_path / f"{number}.pdf").stat().st_mode & 0o77 == 0


def test_no_trace_of_the_address_is_left(keyboard: Keyboard, tmp_path: Path) -> None:
    """Nor in the files of the school, though another process reads meanwhile; trail and proofs verify (Q10)."""
    with closing(sqlite3.connect(keyboard.data / "vestnik.db")) as reader:
        reader.execute("SELECT count(*) FROM person").fetchone()
        keyboard.done("erase", "--confirm", "--out", tmp_path)
    files = [file.read_bytes() for file in keyboard.data.rglob("*") if file.is_file()]
    assert not any(MAIL.encode() in content for content in files)
    assert MAIL not in keyboard.done("contact", "list", FATHER).out
    assert "уничтожен" in keyboard.done("contact", "list", FATHER).out
    keyboard.done("audit", "verify")


def test_a_consent_in_force_is_withdrawn_first(keyboard: Keyboard, tmp_path: Path) -> None:
    """On request at once, but with a document, and not against a consent in force; a second time nothing is left."""
    assert keyboard.type("erase", MOTHER).code == 2
    refused = keyboard.type("erase", MOTHER, "--document", "З-1", "--confirm", "--out", tmp_path)
    assert (refused.code, "сначала внесите отзыв" in refused.err) == (2, True)
    assert FATHER in keyboard.done("erase", FATHER, "--document", "З-5").out
    keyboard.done("erase", FATHER, "--document", "З-5", "--confirm", "--out", tmp_path)
    assert keyboard.type("erase", FATHER, "--document", "З-5", "--confirm", "--out", tmp_path).code == 2


@pytest.mark.parametrize("words", [(), ("--confirm",), ("--again", "У-2026-0001")])
def test_only_the_office_erases(keyboard: Keyboard, tmp_path: Path, words: tuple[str, ...]) -> None:
    """A teacher and a parent are exit 3, nobody is exit 2 (Q102)."""
    for who in (TEACHER, MOTHER):
        assert keyboard.type("erase", *words, "--out", tmp_path, "--as", who).code == 3
    keyboard.settings.delenv("VESTNIK_DESK")
    assert keyboard.type("erase", *words, "--out", tmp_path).code == 2
