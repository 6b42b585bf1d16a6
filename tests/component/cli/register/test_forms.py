"""The secretary's forms at the command line: printed, scanned, accepted or returned; invitations of a class."""

import subprocess
from pathlib import Path

import pytest

from bot.demo.school import DATA
from tests.peers import processes
from tests.support.keyboard import Keyboard

SECRETARY, TEACHER = "Тихонова Вера Степановна", "Громов Сергей Петрович"
MOTHER, FATHER, CHILD = "Ромашкина Елена Сергеевна", "Ромашкин Илья Петрович", "Ромашкина Дарья Ильинична"


@pytest.fixture
def keyboard(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Keyboard:
    """A school with its families, and the secretary at the desk."""
    keyboard = Keyboard(tmp_path / "school", capsys, monkeypatch)
    monkeypatch.setenv("VESTNIK_DESK", SECRETARY)
    keyboard.open_school(DATA / "people")
    return keyboard


def printed(keyboard: Keyboard, tmp_path: Path, *words: str) -> str:
    return keyboard.done("form", "print", *words, "--out", tmp_path / "form.pdf").out.strip()


def scanned(pdf: Path, folder: Path) -> list[Path]:
    folder.mkdir(exist_ok=True)
    scanner = processes.program("pdftoppm", package="poppler-utils")
    subprocess.run([scanner, "-r", "120", "-jpeg", pdf, folder / "scan"], capture_output=True, check=True)
    return sorted(folder.glob("*.jpg"))


def test_a_class_of_forms_is_printed_scanned_and_accepted(keyboard: Keyboard, tmp_path: Path) -> None:
    """One command prints, one reads the scans, one enters all; until then nothing is in the register (Q1, Q4, Q11)."""
    pdf = tmp_path / "class.pdf"
    issued = keyboard.done("form", "print", "consent", "--class", "5А", "--out", pdf).out.split()
    before = keyboard.done("consent", "list").out
    came_in = keyboard.done("paper", "scan", *scanned(pdf, tmp_path / "scans")).out.split()
    assert sorted(came_in) == sorted(issued)
    assert keyboard.type("form", "accept", *came_in).code == 2
    assert keyboard.done("consent", "list").out == before
    keyboard.done("form", "accept", *came_in, "--all-fields-filled")
    register = keyboard.done("consent", "list").out
    assert all(number in register for number in issued)
    again = keyboard.done("paper", "scan", *scanned(pdf, tmp_path / "scans"))
    assert (again.out, again.err.count("этот бланк уже принят")) == ("", len(issued))


def test_a_barred_representative_gets_no_code_and_no_form(keyboard: Keyboard) -> None:
    """Nothing may be told to them, so there is nothing to agree on; the other parent is served as before (Q127)."""
    keyboard.done("contact", "add", FATHER, "sms", "+79120001122")
    keyboard.done("people", "bar", FATHER, CHILD, "--document", "Решение 1")
    for words in (
        ("invite", FATHER),
        ("form", "print", "contacts", FATHER),
        ("form", "print", "consent", FATHER, CHILD),
    ):
        refused = keyboard.type(*words)
        assert (refused.code, refused.out) == (2, "")
        assert "закрыт доступ" in refused.err
    keyboard.done("invite", MOTHER)
    assert "нет доступа" in keyboard.done("contact", "list", FATHER).out


def test_a_statement_confirms_the_contacts(keyboard: Keyboard, tmp_path: Path) -> None:
    """The form's number stands beside the contact; typed in small Latin letters it is the same number (R7)."""
    keyboard.done("contact", "add", FATHER, "sms", "+79120001122")
    number = printed(keyboard, tmp_path, "contacts", FATHER)
    keyboard.done("form", "accept", number.replace("К", "k").replace("-", ""), "--in-person")
    row = next(line for line in keyboard.done("contact", "list", FATHER).out.splitlines() if "+79120001122" in line)
    assert number in row


def test_a_statement_that_came_by_another_says_what_is_missing(keyboard: Keyboard, tmp_path: Path) -> None:
    """Accepted, and the contact still waits for its owner's proof (Q80)."""
    keyboard.done("contact", "add", FATHER, "sms", "+79120001122")
    for option, lacks in ((), True), (("--in-person",), False):
        number = printed(keyboard, tmp_path, "contacts", FATHER)
        said = keyboard.done("form", "accept", number, *option).err
        assert ("не хватает: подтверждение владельца" in said) is lacks


def test_of_a_scan_only_the_hash_is_kept(keyboard: Keyboard, tmp_path: Path) -> None:
    """The file's SHA-256 is in the register's export; no byte of the file is stored (Q1)."""
    number = printed(keyboard, tmp_path, "withdrawal", MOTHER, CHILD)
    scan = tmp_path / "scan.jpg"
    scan.write_bytes(b"a picture of a passport")
    keyboard.done("form", "accept", number, "--scan", scan)
    stored = b"".join(file.read_bytes() for file in keyboard.data.iterdir() if file.is_file())
    assert b"a picture of a passport" not in stored


def test_a_returned_form_says_why(keyboard: Keyboard, tmp_path: Path) -> None:
    """The reason is on the list of the person's forms, and the list of waiting forms is empty again."""
    number = printed(keyboard, tmp_path, "refusal", MOTHER, CHILD)
    assert number in keyboard.done("form", "list").out
    keyboard.done("form", "return", number, "--reason", "нет подписи")
    assert number not in keyboard.done("form", "list").out
    assert "нет подписи" in keyboard.done("form", "list", "--person", MOTHER).out


def test_a_blank_form_names_nobody(keyboard: Keyboard, tmp_path: Path) -> None:
    """What goes into a chat before both proofs has blank lines; reprinted at the school it has the names."""
    number = printed(keyboard, tmp_path, "consent", MOTHER, CHILD, "--blank")
    reader = processes.program("pdftotext", package="poppler-utils")

    def words() -> str:
        return subprocess.run([reader, tmp_path / "form.pdf", "-"], capture_output=True, text=True, check=True).stdout

    assert "Ромашкина" not in words()
    assert number in words()
    keyboard.done("form", "reprint", number, "--out", tmp_path / "form.pdf")
    assert "Ромашкина" in words()


@pytest.mark.parametrize(
    "words",
    [
        ("print", "consent", MOTHER), ("print", "contacts", MOTHER, CHILD), ("print", "consent"),
        ("print", "consent", "Зайцев Роман Юрьевич", CHILD), ("print", "consent", "--class", "99Я"),
        ("accept", "С-2026-000017"), ("accept", "17"), ("return", "С-2026-000016", "--reason", "нет"),
    ],
)  # fmt: skip
def test_a_wrong_command_changes_nothing(keyboard: Keyboard, tmp_path: Path, words: tuple[str, ...]) -> None:
    """A missing person, a stranger, a mistyped or unknown number: exit 2, a sentence, and no form."""
    out = ("--out", tmp_path / "form.pdf") if words[0] == "print" else ()
    outcome = keyboard.type("form", *words, *out)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.strip()
    assert not (tmp_path / "form.pdf").exists()


def test_a_file_that_is_no_scan_records_nothing(keyboard: Keyboard, tmp_path: Path) -> None:
    """Of several files one that is no picture stops all, with its name and what to do."""
    table = tmp_path / "table.csv"
    table.write_text("a;b\n", encoding="utf-8")
    outcome = keyboard.type("paper", "scan", table)
    assert (outcome.code, "table.csv" in outcome.err) == (2, True)


WRITING: tuple[tuple[str, ...], ...] = (
    ("form", "print", "consent", MOTHER, CHILD),
    ("form", "reprint", "С-2026-000016"),
    ("form", "accept", "С-2026-000016", "--all-fields-filled"),
    ("form", "return", "С-2026-000016", "--reason", "нет"),
    ("invite", "--class", "5А", "--pdf", "invitations.pdf"),
)


@pytest.mark.parametrize("line", WRITING, ids=lambda line: " ".join(line[:2]))
def test_only_the_office_keeps_forms(keyboard: Keyboard, line: tuple[str, ...], tmp_path: Path) -> None:
    """A teacher and a parent are exit 3, nobody is exit 2, and no file is made (Q102)."""
    keyboard.settings.chdir(tmp_path)
    keyboard.settings.setenv("VESTNIK_BOT_NAME", "school30_bot")
    for who in (TEACHER, MOTHER):
        assert keyboard.type(*line, "--as", who).code == 3
    keyboard.settings.delenv("VESTNIK_DESK")
    assert keyboard.type(*line).code == 2
    assert not list(tmp_path.glob("*.pdf"))


def test_a_class_is_invited_by_one_sheet(keyboard: Keyboard, tmp_path: Path) -> None:
    """Every representative of the class has a strip; without the bot's name there is no link and no sheet (Q82)."""
    sheet = tmp_path / "invitations.pdf"
    assert "Такого класса нет" in keyboard.type("invite", "--class", "5Ы", "--pdf", sheet).err
    refused = keyboard.type("invite", "--class", "5А", "--pdf", sheet)
    assert (refused.code, "VESTNIK_BOT_NAME" in refused.err) == (2, True)
    keyboard.settings.setenv("VESTNIK_BOT_NAME", "@school30_bot")
    outcome = keyboard.done("invite", "--class", "5А", "--pdf", sheet)
    assert outcome.out == ""
    assert "6 приглашений" in outcome.err
    assert sheet.stat().st_mode & 0o77 == 0


@pytest.mark.parametrize(
    "words", [(), (MOTHER, "--class", "5А", "--pdf", "x.pdf"), ("--class", "5А"), (MOTHER, "--pdf", "x.pdf")]
)
def test_an_invitation_is_for_a_person_or_a_class(keyboard: Keyboard, words: tuple[str, ...]) -> None:
    """Neither, both, or a class without a file is exit 2 with what to add."""
    outcome = keyboard.type("invite", *words)
    assert (outcome.code, "--class" in outcome.err) == (2, True)


def test_each_printed_form_has_a_file_of_its_own(
    keyboard: Keyboard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --out the file bears the form's number, so that the next form does not write over it."""
    monkeypatch.chdir(tmp_path)
    numbers = [keyboard.done("form", "print", "contacts", MOTHER).out.strip() for _ in range(2)]
    assert {f"{number}.pdf" for number in numbers} <= {file.name for file in tmp_path.iterdir()}


def test_who_forgets_the_nine_fields_reads_which_option_confirms_them(keyboard: Keyboard, tmp_path: Path) -> None:
    """A newcomer had only a sentence that somebody has to confirm (Q4)."""
    number = printed(keyboard, tmp_path, "consent", MOTHER, CHILD)
    refused = keyboard.type("form", "accept", number)
    assert (refused.code, "--all-fields-filled" in refused.err) == (2, True)
