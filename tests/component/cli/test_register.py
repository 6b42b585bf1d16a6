"""The secretary at the command line: consents, contacts, codes, obligations, paper and proofs."""

import re
import shutil
import sqlite3
from pathlib import Path

import pytest

from bot.cli import main
from bot.demo.school import DATA
from tests.support.keyboard import Keyboard

FIRST, SECOND, PEOPLE = DATA / "day1", DATA / "day2", DATA / "people"
SECRETARY, DEPUTY, TEACHER = "Тихонова Вера Степановна", "Савельева Полина Дмитриевна", "Громов Сергей Петрович"
MOTHER, CHILD = "Ромашкина Елена Сергеевна", "Ромашкина Дарья Ильинична"
WRITING: tuple[tuple[str, ...], ...] = (
    ("consent", "register", "consent", MOTHER, CHILD, "--document", "З-1"),
    ("consent", "withdraw", MOTHER, CHILD, "--document", "З-1"),
    ("consent", "class", "5А", "--document", "З-1", "--filled"),
    ("contact", "add", MOTHER, "sms", "+79120001122"),
    ("contact", "confirm", "2", "--document", "З-1", "--accepted-by", "Тихонова"),
    ("contact", "order", "2"),
    ("contact", "revoke", "2"),
    ("contact", "resume", "2"),
    ("invite", MOTHER),
    ("account", "open", CHILD),
    ("account", "close", CHILD),
    ("people", "end", TEACHER, "--on", "2026-11-01"),
    ("people", "bar", MOTHER, CHILD, "--document", "З-1"),
    ("people", "resume", TEACHER),
    ("people", "join", MOTHER, CHILD),
    ("people", "rename", MOTHER, "Другая Мать"),
    ("subject", "join", "Химия", "Физика"),
    ("paper", "printed", "В-2026-00001"),
    ("paper", "handed", "В-2026-00001"),
    ("paper", "signed", "В-2026-00001"),
)


@pytest.fixture(scope="module")
def registered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a school whose families are in the register."""
    folder = tmp_path_factory.mktemp("registered") / "school"
    with pytest.MonkeyPatch.context() as settings:
        settings.setenv("VESTNIK_DATA", str(folder))
        settings.setenv("VESTNIK_DESK", SECRETARY)
        assert main(["migrate"]) == 0
        assert main(["import", "people", str(PEOPLE)]) == 0
    return folder


@pytest.fixture
def keyboard(
    registered: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Keyboard:
    """A copy of that school, and its secretary at the desk."""
    shutil.copytree(registered, tmp_path / "school")
    keyboard = Keyboard(tmp_path / "school", capsys, monkeypatch)
    monkeypatch.setenv("VESTNIK_DESK", SECRETARY)
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


def test_no_contact_is_in_use_after_the_consent_is_withdrawn(keyboard: Keyboard) -> None:
    """The list says why nothing goes to a contact whose proofs are whole (Q5)."""
    father = "Ромашкин Илья Петрович"
    assert "действует" in keyboard.done("contact", "list", father).out
    keyboard.done("consent", "withdraw", father, CHILD, "--document", "З-9")
    listed = keyboard.done("contact", "list", father).out
    assert ("согласие отозвано" in listed, "действует" in listed) == (True, False)


def test_a_decision_is_said_in_the_secretarys_words(keyboard: Keyboard) -> None:
    """«Отказ» as in the lists, or the name of the value; another word is told which there are."""
    pair = ("Ромашкина Елена Сергеевна", "Ромашкина Дарья Ильинична")
    for word in ("Отказ", "refusal"):
        keyboard.done("consent", "register", word, *pair, "--document", f"З-{word}", "--date", "2026-10-23")
    outcome = keyboard.type("consent", "register", "может быть", *pair, "--document", "З-9")
    assert outcome.code == 2
    assert outcome.err.strip().endswith("согласие (consent), отказ (refusal) или отзыв (withdrawal).")


def test_a_person_without_such_a_child_cannot_consent(keyboard: Keyboard) -> None:
    """Consent is per pair: nobody decides about somebody else's child (Q3)."""
    outcome = keyboard.type(
        "consent", "register", "consent", "Зайцев Роман Юрьевич", "Белова Анна Кирилловна", "--document", "З-1"
    )
    assert outcome.code == 2
    assert "Не найдено" in outcome.err


OVERSIZED = ("2147483648", "9223372036854775808", "9" * 400, "9" * 5000)
"""Beyond what a database counts to, and beyond the figures that Python reads."""


@pytest.mark.parametrize("number", OVERSIZED, ids=len)
def test_a_number_that_nothing_can_have_is_bad_input(keyboard: Keyboard, number: str) -> None:
    """Of a person, of who acts, of a contact, of an obligation: a sentence, and no fault of ours (Q103)."""
    commands = (
        ("contact", "list", number), ("contact", "confirm", number, "--document", "З-1", "--accepted-by", "Тихонова"),
        ("contact", "revoke", number), ("contact", "resume", number), ("contact", "order", "1", number),
        ("contact", "revoke", "2", "--as", number), ("proof", number), ("invite", number), ("account", "open", number),
        ("people", "end", number, "--on", "2026-11-01"), ("people", "bar", MOTHER, number, "--document", "З-1"),
        ("people", "rename", number, "Другая Мать"), ("people", "join", MOTHER, number),
        ("subject", "join", "Химия", number), ("paper", "handed", number), ("consent", "list", "--student", number),
    )  # fmt: skip
    for command in commands:
        outcome = keyboard.type(*command)
        assert (outcome.code, outcome.out) == (2, ""), (command[:2], outcome.err)
        assert outcome.err.strip()


@pytest.mark.parametrize("day", ["0001-01-01", "31.12.9999", "1899-12-31"])
def test_a_day_at_the_ends_of_the_calendar_is_a_slip(keyboard: Keyboard, tmp_path: Path, day: str) -> None:
    """A day before or after such a day is no date: nobody counts from it, whatever command takes it."""
    bells = tmp_path / "bells.csv"
    bells.write_text("number;starts;ends\n1;08:00;08:45\n", encoding="utf-8")
    for command in (
        ("people", "end", MOTHER, "--on", day),
        ("consent", "register", "consent", MOTHER, CHILD, "--document", "З-1", "--expires", day),
        ("consent", "withdraw", MOTHER, CHILD, "--document", "З-1", "--date", day),
        ("contact", "confirm", "2", "--document", "З-1", "--accepted-by", "Тихонова", "--date", day),
        ("import", "timetable", bells, "--from", day),
    ):
        outcome = keyboard.type(*command)
        assert (outcome.code, "1900" in outcome.err) == (2, True), outcome.err


def test_letters_that_no_name_has_find_nobody(keyboard: Keyboard) -> None:
    """SQLite refuses to search for a pattern as long, which was told as a database out of reach."""
    outcome = keyboard.type("people", "find", "Ф" * 100_000)
    assert (outcome.code, "Такого человека нет" in outcome.err) == (2, True)


def test_a_code_is_shown_once_on_stdout(keyboard: Keyboard) -> None:
    """An invitation prints the code as data and its term for people (Q82)."""
    outcome = keyboard.done("invite", "Белова Ирина Львовна", "--days", "3")
    assert len(outcome.out.strip()) == 10
    assert "3 дня" in outcome.err


def test_a_revoked_contact_stays_on_the_list(keyboard: Keyboard) -> None:
    """Revoking a contact leaves its trace (Q80)."""
    keyboard.done("contact", "revoke", "2")
    assert "отозван" in keyboard.done("contact", "list", "Ромашкин Илья Петрович").out


def test_a_contact_in_use_has_nothing_to_resume(keyboard: Keyboard) -> None:
    """The secretary is told so, and a contact that nobody knows is not found (Q84)."""
    in_use, unknown = (keyboard.type("contact", "resume", number) for number in ("2", "9999"))
    assert (in_use.code, unknown.code) == (2, 2)
    assert "возвращать нечего" in in_use.err


def test_a_contact_that_was_set_aside_is_put_back(keyboard: Keyboard) -> None:
    """`contact resume N`: the next messages go to it again (Q84)."""
    with sqlite3.connect(keyboard.data / "vestnik.db") as school:
        school.execute("UPDATE contact SET set_aside_at = '2026-11-20', set_aside_reason = 'rejected' WHERE id = 2")
    school.close()
    assert "канал отказал" in keyboard.done("contact", "list", "Ромашкин Илья Петрович").out
    assert "снова действует" in keyboard.done("contact", "resume", "2").err
    assert "канал отказал" not in keyboard.done("contact", "list", "Ромашкин Илья Петрович").out


def test_a_contact_is_confirmed_by_a_form(keyboard: Keyboard) -> None:
    """A confirmation names the form and who accepted it (R7)."""
    known = keyboard.done("contact", "confirm", "2", "--document", "С-777", "--accepted-by", "Тихонова В. С.")
    assert "С-777" in keyboard.done("contact", "list", "Ромашкин Илья Петрович").out
    assert "Такого сотрудника нет" not in known.err
    assert "Такого сотрудника нет" not in keyboard.done("contact", "confirm", "2", "--document", "С-778").err
    stranger = keyboard.done("contact", "confirm", "2", "--document", "С-779", "--accepted-by", "Тихонова Б. С.")
    assert "Такого сотрудника нет" in stranger.err


def test_a_form_alone_confirms_no_contact(keyboard: Keyboard) -> None:
    """A contact that lacks a proof is said to wait, and what it lacks; a form that comes again is listed once (Q80)."""
    who = "Ромашкин Илья Петрович"
    number = keyboard.done("contact", "add", who, "sms", "+79120001122").out.strip()
    form = ("contact", "confirm", number, "--document", "С-5", "--accepted-by", "Тихонова В. С.")
    for _ in range(2):
        assert "не хватает: подтверждение владельца" in keyboard.done(*form).err
    (row,) = [row for row in contact_rows(keyboard, who) if "+79120001122" in row]
    assert (row.count("С-5"), "ждёт подтверждения" in row, "действует" in row) == (1, True, False)
    assert keyboard.done(*form, "--in-person").err.strip() == "Контакт подтверждён."
    (row,) = [row for row in contact_rows(keyboard, who) if "+79120001122" in row]
    assert (row.count("С-5"), "действует" in row) == (1, True)


def test_a_channel_that_is_not_set_up_reaches_nobody(keyboard: Keyboard) -> None:
    """A family that agreed to SMS alone is said to wait for it until the school has a gateway (R7)."""
    for gateway, state, is_told in (
        (None, "канал школы не подключён", True),
        ("http://127.0.0.1:9/", "получает", False),
    ):
        if gateway:
            keyboard.settings.setenv("VESTNIK_SMS_URL", gateway)
        rows = keyboard.done("consent", "states").out.splitlines()
        assert state in next(row for row in rows if "Зайцев Роман" in row)
        assert ("не подключила: SMS" in keyboard.type("doctor").out) is is_told


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


def contact_rows(keyboard: Keyboard, who: str) -> list[str]:
    """The rows of a person's contacts."""
    lines = keyboard.done("contact", "list", who).out.splitlines()
    return [line for line in lines if line.strip()[:1].isdigit()]


def test_a_contact_is_added_without_proofs(keyboard: Keyboard) -> None:
    """Its number is data; it waits with both proofs missing, and added again it is the same one (Q80, Q81)."""
    who = "Ромашкин Илья Петрович"
    number = keyboard.done("contact", "add", who, "sms", "8 (912) 000-11-22").out.strip()
    assert keyboard.done("contact", "add", who, "СМС", "+79120001122").out.strip() == number
    (row,) = [line for line in keyboard.done("contact", "pending").out.splitlines() if "+79120001122" in line]
    assert "подтверждение владельца, письменная форма" in row
    keyboard.done("contact", "confirm", number, "--document", "С-778", "--accepted-by", "Тихонова В. С.", "--in-person")
    assert "+79120001122" not in keyboard.done("contact", "pending").out


def test_a_chat_may_wait_for_its_code(keyboard: Keyboard) -> None:
    """A Telegram contact needs no number: the chat that says the code brings it (Q82)."""
    keyboard.done("contact", "add", "Ромашкин Илья Петрович", "telegram")
    assert "чат (нужен код)" in keyboard.done("contact", "pending").out


@pytest.mark.parametrize(
    ("channel", "address"),
    [
        ("telegram", "-1001234567890"),
        ("telegram", "@romashkin"),
        ("email", "roman@sсhool.example"),
        ("email", "roman"),
        ("sms", "+7 495 123-45-67"),
        ("paper", "1:2"),
        ("pigeon", "5"),
        ("email", None),
    ],
)
def test_an_address_that_its_channel_cannot_reach_is_refused(
    keyboard: Keyboard, channel: str, address: str | None
) -> None:
    """A group, a @name, a Cyrillic «с», a landline: bad input, and the value is not repeated (R7, Q103)."""
    outcome = keyboard.type("contact", "add", "Ромашкин Илья Петрович", channel, "--", *([address] if address else []))
    assert (outcome.code, outcome.out) == (2, "")
    assert address is None or address not in outcome.err


def test_contacts_are_put_in_order(keyboard: Keyboard) -> None:
    """Those named come first, in that order, the others follow as they stood (Q83)."""
    who = "Ромашкин Илья Петрович"
    mail = keyboard.done("contact", "add", who, "email", "roman@example.org").out.strip()
    phone = keyboard.done("contact", "add", who, "sms", "+79120001122").out.strip()
    before = [row.split()[0] for row in contact_rows(keyboard, who)]
    keyboard.done("contact", "order", phone, mail)
    after = [row.split()[0] for row in contact_rows(keyboard, who)]
    assert after == [phone, mail, *(each for each in before if each not in {phone, mail})]


def test_contacts_of_two_persons_have_no_order(keyboard: Keyboard) -> None:
    """Nor does one that was taken back; nothing is changed."""
    own = keyboard.done("contact", "add", "Ромашкин Илья Петрович", "email", "roman@example.org").out.strip()
    other = keyboard.done("contact", "add", "Белова Ирина Львовна", "email", "irina@example.org").out.strip()
    assert keyboard.type("contact", "order", own, other).code == 2
    keyboard.done("contact", "revoke", own)
    assert keyboard.type("contact", "order", own).code == 2


def test_a_code_lives_a_week_at_most(keyboard: Keyboard) -> None:
    """Eight days are bad input; without a wish a code lives seven (contracts, Guesses)."""
    assert keyboard.type("invite", "Белова Ирина Львовна", "--days", "8").code == 2
    assert keyboard.type("invite", "Белова Ирина Львовна", "--days", "0").code == 2
    assert "7 дней" in keyboard.done("invite", "Белова Ирина Львовна").err


def test_an_invitation_brings_a_link(keyboard: Keyboard) -> None:
    """It names the school's bot where that is set, and carries a token of its own instead of the code (Q82)."""
    nameless = keyboard.done("invite", "Белова Ирина Львовна").err
    assert "ссылки нет, пока не задано имя бота" in nameless
    assert "https://" not in nameless
    keyboard.settings.setenv("VESTNIK_BOT_NAME", "@school30_bot")
    outcome = keyboard.done("invite", "Белова Ирина Львовна")
    assert re.search(r"https://t\.me/school30_bot\?start=[A-Za-z0-9_-]{22}\s", outcome.err)
    assert outcome.out.strip() not in outcome.err


@pytest.mark.parametrize("channel", ["email", "sms", "paper", "fax", ""])
def test_a_code_is_for_a_chat(keyboard: Keyboard, channel: str) -> None:
    """Nobody can enter it by mail, SMS or fax: the sentence says where codes are entered, and no code is made (Q82)."""
    refused = keyboard.type("invite", "Белова Ирина Львовна", "--channel", channel)
    assert (refused.code, refused.out) == (2, "")
    assert "его вводят в чате (max, telegram)" in refused.err


def names(line: tuple[str, ...]) -> str:
    return " ".join(line[:2])


@pytest.mark.parametrize("line", WRITING, ids=names)
def test_a_command_that_writes_asks_who_acts(keyboard: Keyboard, line: tuple[str, ...]) -> None:
    """Without `--as` and VESTNIK_DESK nothing is done: exit 2 and what to add (contracts)."""
    keyboard.settings.delenv("VESTNIK_DESK")
    outcome = keyboard.type(*line)
    assert (outcome.code, outcome.out) == (2, "")
    assert "--as" in outcome.err
    assert "VESTNIK_DESK" in outcome.err


@pytest.mark.parametrize("line", WRITING, ids=names)
def test_teachers_and_parents_keep_no_register(keyboard: Keyboard, line: tuple[str, ...]) -> None:
    """A role that may not is exit 3, whoever VESTNIK_DESK names; an unknown name is exit 2 (contracts)."""
    for who, code in ((TEACHER, 3), (MOTHER, 3), ("Никого Такого Нет", 2), ("999", 2)):
        assert keyboard.type(*line, "--as", who).code == code


def test_the_register_names_who_acted(keyboard: Keyboard) -> None:
    """`--as` goes before VESTNIK_DESK, behind the command or before it; ё and case do not matter (Q102)."""
    keyboard.done("consent", "withdraw", MOTHER, CHILD, "--document", "З-1", "--as", DEPUTY.upper())
    assert DEPUTY in keyboard.done("consent", "list", "--student", CHILD).out
    keyboard.done("--as", SECRETARY, "consent", "register", "consent", MOTHER, CHILD, "--document", "З-2")
    assert SECRETARY in keyboard.done("consent", "list", "--student", CHILD).out


def test_looking_needs_nobody(keyboard: Keyboard) -> None:
    """Lists, proofs and imports act as themselves (contracts)."""
    keyboard.settings.delenv("VESTNIK_DESK")
    keyboard.done("import", "people", PEOPLE)
    assert MOTHER in keyboard.done("people", "find", MOTHER.split(maxsplit=1)[0]).out
    for line in (("consent", "list"), ("contact", "list", MOTHER), ("paper", "list"), ("obligations", "--json")):
        assert "VESTNIK_DESK" not in keyboard.done(*line).err


@pytest.mark.parametrize("on", ["2062-01-01", "1999-12-31", "31.08.2026"])
def test_a_withdrawal_with_an_impossible_date_changes_nothing(keyboard: Keyboard, on: str) -> None:
    """The future, the last century and a day before the consent are exit 2 with a sentence (fault 15)."""
    before = keyboard.done("consent", "list").out
    outcome = keyboard.type("consent", "withdraw", MOTHER, CHILD, "--document", "З-9", "--date", on)
    assert (outcome.code, outcome.out) == (2, "")
    assert "проверьте" in outcome.err
    assert keyboard.done("consent", "list").out == before


def test_a_contact_is_not_confirmed_by_a_form_of_the_future(keyboard: Keyboard) -> None:
    """The form's date is a document's date like any other (fault 15)."""
    words = ("--document", "С-777", "--accepted-by", "Тихонова В. С.", "--date", "2062-01-01")
    assert keyboard.type("contact", "confirm", "2", *words).code == 2
    assert "С-777" not in keyboard.done("contact", "list", "Ромашкин Илья Петрович").out


def test_an_ended_secretary_acts_no_more(keyboard: Keyboard) -> None:
    """Who acts is asked of the roles in force: from the day of the end on it is exit 3 (Q127)."""
    keyboard.done("people", "end", SECRETARY, "--role", "Секретарь", "--on", "2026-11-01", "--as", DEPUTY)
    assert keyboard.type("invite", MOTHER).code == 3
    keyboard.done("people", "resume", SECRETARY, "--as", DEPUTY)
    keyboard.done("invite", MOTHER)


def test_a_bar_at_the_keyboard_needs_a_document_of_the_past(keyboard: Keyboard) -> None:
    """Without a document and with one of the future nothing is barred; a second bar and a wrong role are exit 2."""
    pair = (MOTHER, CHILD)
    assert keyboard.type("people", "bar", *pair).code == 2
    assert keyboard.type("people", "bar", *pair, "--document", "2-17", "--date", "2062-01-01").code == 2
    keyboard.done("people", "bar", *pair, "--document", "2-17", "--date", "01.11.2026")
    assert "уже" in keyboard.type("people", "bar", *pair, "--document", "2-17").err
    assert keyboard.type("people", "end", TEACHER, "--role", "король", "--on", "2026-11-01").code == 2
    assert keyboard.type("import", "people", PEOPLE).code == 2


def test_people_are_found_renamed_and_joined(keyboard: Keyboard, tmp_path: Path) -> None:
    """A part of a name finds them; a likely second entry of a list is told of with the command that joins it (Q134)."""
    assert MOTHER in keyboard.done("people", "find", "ромашкина е").out
    assert keyboard.type("people", "find", "никто").code == 2
    (number,) = re.findall(rf"(\d+)\s+{MOTHER}", keyboard.done("people", "find", "ромашкина е").out)
    assert MOTHER in keyboard.done("people", "find", number).out
    assert keyboard.type("people", "find", "999999").code == 2
    twice = tmp_path / "guardians.csv"
    twice.write_text(
        f"Представитель;Ученик;Класс;Родство\nРомашкина Елена Сергевна;{CHILD};5А;мать\n", encoding="utf-8"
    )
    told = keyboard.done("import", "people", twice).err
    command = told.split("vestnik people join ", 1)[1].split()
    keyboard.done("people", "join", command[0], command[1])
    assert "Сергевна" not in keyboard.done("people", "find", "Ромашкина Елена").out
    assert keyboard.type("people", "join", MOTHER, command[1]).code == 2
    assert keyboard.type("import", "people", twice).code == 2
    keyboard.done("people", "rename", MOTHER, "Берёзова Елена Сергеевна")
    assert "Берёзова" in keyboard.done("people", "find", "БЕРЕЗ").out


def test_staff_are_found_with_their_classes(keyboard: Keyboard) -> None:
    """Which class somebody leads and where they teach: so a wrong row of the staff list is seen."""
    assert "класс 9Б; уроки: 9Б" in keyboard.done("people", "find", "Мельников Олег").out
    assert "уроки: 5А, 9Б" in keyboard.done("people", "find", TEACHER).out
    keyboard.done("people", "end", "Мельников Олег Борисович", "--role", "классный руководитель", "--on", "2026-09-02")
    assert "класс 9Б" not in keyboard.done("people", "find", "Мельников Олег").out


def test_two_names_of_a_subject_are_joined(keyboard: Keyboard) -> None:
    """By name or number; an unknown one is exit 2, one that was joined is unknown (Q134)."""
    assert [name in keyboard.done("subject", "list").out for name in ("Физика", "Химия")] == [True, True]
    keyboard.done("subject", "join", "Физика", "химия")
    assert "Химия" not in keyboard.done("subject", "list").out
    assert keyboard.type("subject", "join", "Физика", "Химия").code == 2
    keyboard.done("import", "people", PEOPLE)
