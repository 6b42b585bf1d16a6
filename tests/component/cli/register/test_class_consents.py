"""The secretary at the command line with a whole class: forms that came in, who is found, states, what waits."""

import io
import shutil
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from bot.cli import main
from tests.support.keyboard import Keyboard

SECRETARY, TEACHER = "Тихонова Вера Степановна", "Громов Сергей Петрович"
SIZE = 28
GIVEN = ("Анна", "Борис", "Вера", "Глеб", "Дарья", "Егор", "Жанна")
MOTHER, FATHER = "Дачина Ирина Олеговна", "Дачин Олег Игоревич"
OF_TWO = "Дачина Мария Олеговна"


def pupil(number: int) -> str:
    return f"Ученик{chr(ord('А') + number)} {GIVEN[number % 7]} Ильич"


def parent(number: int) -> str:
    return f"Родитель{chr(ord('А') + number)} Инна Львовна"


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """28 students of 5А, one of them with two representatives; nobody has decided anything."""
    folder = tmp_path_factory.mktemp("of_class")
    students = [pupil(number) for number in range(SIZE - 1)]
    rows = "".join(f"{name};2015-05-05;5А\n" for name in (*students, OF_TWO))
    (folder / "students.csv").write_text(f"student;birth_date;class\n{rows}", encoding="utf-8")
    links = [*((parent(number), name) for number, name in enumerate(students)), (MOTHER, OF_TWO), (FATHER, OF_TWO)]
    rows = "".join(f"{who};{child};5А;родитель\n" for who, child in links)
    (folder / "guardians.csv").write_text(f"guardian;student;class;relation\n{rows}", encoding="utf-8")
    staff = f"person;role;class\n{SECRETARY};Секретарь;\n{TEACHER};Учитель;5А\n"
    (folder / "staff.csv").write_text(staff, encoding="utf-8")
    with pytest.MonkeyPatch.context() as settings:
        settings.setenv("VESTNIK_DATA", str(folder / "school"))
        assert main(["migrate"]) == 0
        assert main(["import", "people", *(str(folder / f"{name}.csv") for name in ("students", "staff"))]) == 0
        assert main(["import", "people", str(folder / "guardians.csv")]) == 0
    return folder / "school"


@pytest.fixture
def keyboard(
    registered: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Keyboard:
    shutil.copytree(registered, tmp_path / "school")
    monkeypatch.setenv("VESTNIK_DESK", SECRETARY)
    return Keyboard(tmp_path / "school", capsys, monkeypatch)


def entries(keyboard: Keyboard) -> list[str]:
    return [line for line in keyboard.done("consent", "list").out.splitlines() if "согласие" in line]


def test_a_class_of_28_is_one_command(keyboard: Keyboard) -> None:
    """25 forms came in and 3 did not: they are named, all others are entered at once, each with a number (Q1)."""
    assert len(keyboard.done("consent", "class", "5А").out.splitlines()) >= SIZE + 1
    outcome = keyboard.done(
        "consent", "class", "5А", "--document", "бланки 5А", "--filled",
        "--except", pupil(0), "--except", "РодительБ", "--except", "дачина мария",
    )  # fmt: skip
    assert "25" in outcome.err
    assert len(entries(keyboard)) == 25
    left = keyboard.done("consent", "class", "5а").out
    assert pupil(0) in left
    assert pupil(2) not in left


def test_forms_that_came_in_may_be_named(keyboard: Keyboard) -> None:
    """By a part of the name or by number, student or representative; the rest stays as it was."""
    keyboard.done("consent", "class", "5А", pupil(3), "РодительВ", "дачин олег", "--document", "бланки", "--filled")
    entered = entries(keyboard)
    assert len(entered) == 3
    assert [FATHER in line for line in entered].count(True) == 1


def test_who_signed_is_never_guessed(keyboard: Keyboard) -> None:
    """Of two representatives the command asks which one, lists them, and enters nobody's consent (Q3)."""
    for line in (
        ("5А", "--document", "бланки", "--filled"),
        ("5А", OF_TWO, "--document", "бланки", "--filled"),
        ("5А", "Инна", "--document", "бланки", "--filled"),
        ("5А", "--except", "Никого", "--document", "бланки", "--filled"),
    ):
        outcome = keyboard.type("consent", "class", *line)
        assert (outcome.code, outcome.out) == (2, "")
    assert entries(keyboard) == []
    doubtful = keyboard.type("consent", "class", "5А", "--document", "бланки", "--filled").err
    assert MOTHER in doubtful
    assert FATHER in doubtful


def test_a_class_needs_the_tick_and_a_document(keyboard: Keyboard) -> None:
    """Without the tick that all fields are filled, or without a name for the papers, nothing is entered (Q4)."""
    for missing in (
        ("--document", "бланки"),
        ("--filled",),
        ("--document", "бланки", "--filled", "--date", "2062-01-01"),
    ):
        outcome = keyboard.type("consent", "class", "5А", "--except", OF_TWO, *missing)
        assert (outcome.code, outcome.out) == (2, ""), missing
    assert entries(keyboard) == []


@pytest.mark.parametrize(("who", "code"), [(TEACHER, 3), (parent(1), 3), (SECRETARY, 0)])
def test_only_the_office_enters_a_class(keyboard: Keyboard, who: str, code: int) -> None:
    """Role by role: a teacher and a parent keep no register (Q102)."""
    line = ("consent", "class", "5А", "--except", OF_TWO, "--document", "бланки", "--filled", "--as", who)
    assert keyboard.type(*line).code == code


def test_a_part_of_a_name_finds_the_person(keyboard: Keyboard) -> None:
    """One who fits is taken and named; several are listed with class and children, and nothing is done (Q134)."""
    one = keyboard.done("invite", "дачина ир")
    assert MOTHER in one.err
    for command in (
        ("invite", "дачин"), ("contact", "add", "дачин", "sms", "+79120001122"), ("account", "open", "ильич"),
        ("consent", "register", "refusal", "дачин", OF_TWO, "--document", "1"), ("people", "rename", "дачин", "Новое"),
        ("contact", "list", "дачин"), ("consent", "list", "--student", "ильич"),
    ):  # fmt: skip
        several = keyboard.type(*command)
        assert (several.code, several.out) == (2, ""), command
        assert "5А" in several.err
    listed = keyboard.type("invite", "дачин").err
    assert all(name in listed for name in (MOTHER, FATHER, OF_TWO))
    assert MOTHER in keyboard.done("people", "find", "дачина").out


def test_an_invitation_again_ends_the_one_before(keyboard: Keyboard) -> None:
    """A lost sheet binds no chat any more once the secretary has printed another code (Q82)."""
    first, second = (keyboard.done("invite", MOTHER).out.strip() for _ in range(2))
    assert first != second


def test_the_list_of_a_class_is_a_workbook(keyboard: Keyboard, tmp_path: Path) -> None:
    """A row for each pair with its state, the same as on the screen; no address in it (Q103)."""
    keyboard.done("consent", "class", "5А", pupil(3), "--document", "бланки", "--filled")
    keyboard.done("consent", "register", "refusal", parent(4), pupil(4), "--document", "отказ")
    keyboard.done("contact", "add", parent(3), "email", "parent@example.org")
    keyboard.done("consent", "states", "5А", "--out", tmp_path / "5А.xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO((tmp_path / "5А.xlsx").read_bytes()))
    head, *rows = book.get_sheet_by_index(0).to_python()
    states = {row[1]: row[head.index("Состояние")] for row in rows}
    assert len(rows) == SIZE + 1
    assert (states[pupil(3)], states[pupil(4)], states[pupil(5)]) == ("ждёт подтверждения", "отказ", "решения нет")
    assert "parent@example.org" not in str(rows)
    assert "ждёт подтверждения" in keyboard.done("consent", "states").out


def test_what_lacks_a_channel_is_listed(keyboard: Keyboard) -> None:
    """A consent without a channel, until a contact is entered; then it waits for its proofs (Q80, Q84)."""
    keyboard.done("consent", "class", "5А", pupil(3), "--document", "бланки", "--filled")
    assert parent(3) in keyboard.done("contact", "without").out
    keyboard.done("contact", "add", parent(3), "email", "parent@example.org")
    assert parent(3) not in keyboard.done("contact", "without").out
    assert parent(3) in keyboard.done("contact", "pending").out
    assert parent(3) not in keyboard.done("contact", "waiting").out, "not for a week yet"
    keyboard.done("people", "bar", parent(3), pupil(3), "--document", "2-17")
    assert parent(3) not in keyboard.done("contact", "pending").out, "nothing is told to a barred guardian"
    assert keyboard.done("contact", "aside").out
