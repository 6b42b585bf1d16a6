"""The house at the command line: exit codes, settings, backups, the audit trail."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from bot.cli import app
from bot.settings import SettingsError
from tests.support.keyboard import Keyboard
from tests.support.report_files import workbook

ENGLISH = re.compile(
    r"Usage|Options|Arguments|Commands|Show this|required|default|<bool>|<str>|Missing|Invalid|No such"
)
CAPITALS = re.compile(r"(?<![A-Z_])[A-Z]{3,}(?![A-Z_])")
NAMES = {"CODE", "CSV", "JSON", "PDF", "SMS", "VPR", "SHA", "CUPS", "UTF", "SQL", "MAX", "VESTNIK", "DESK", "SQLITE"}


@pytest.fixture
def keyboard(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Keyboard:
    return Keyboard(tmp_path / "school", capsys, monkeypatch)


@pytest.mark.parametrize("words", [("proof", "x"), ("import", "journal"), ("nonsense",), ("demo", "--port", "x")])
def test_what_cannot_be_understood_is_bad_input(keyboard: Keyboard, words: tuple[str, ...]) -> None:
    """Wrong words at the keyboard give a sentence and exit 2, never a traceback."""
    outcome = keyboard.type(*words)
    assert (outcome.code, outcome.out) == (2, "")
    assert "Traceback" not in outcome.err


def test_every_command_has_words_of_its_own(keyboard: Keyboard) -> None:
    """`--help` is in the school's language and names every command."""
    keyboard.settings.setenv("VESTNIK_LANGUAGE", "en")
    outcome = keyboard.done("--help")
    assert "Show a sandbox school" in outcome.out
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize("words", [("obligations",), ("status",), ("run",), ("backup",), ("people", "find", "Ия")])
def test_a_school_without_a_database_is_told_so(keyboard: Keyboard, words: tuple[str, ...]) -> None:
    """A command before `migrate` is for a person to mend: exit 2, where it looked, what to do; no folder is made."""
    outcome = keyboard.type(*words)
    assert (outcome.code, outcome.out) == (2, "")
    assert "vestnik migrate" in outcome.err
    assert f"В папке {keyboard.data} школы ещё нет" in outcome.err
    assert "VESTNIK_DATA" in outcome.err
    assert not keyboard.data.exists()


def test_the_doctor_of_no_school_makes_none(keyboard: Keyboard) -> None:
    """Whoever forgot VESTNIK_DATA reads which folder was looked at, and it stays as absent as it was."""
    outcome = keyboard.type("doctor")
    assert (outcome.code, keyboard.data.exists()) == (4, False)
    assert "Надо исправить: 1 неисправность" in outcome.err
    assert [line for line in outcome.out.splitlines() if line.startswith(f"✗ В папке {keyboard.data} школы ещё нет")]
    assert f"Папка данных: {keyboard.data}" in outcome.out


def test_help_is_given_whatever_the_settings_are(keyboard: Keyboard) -> None:
    """A misspelt setting is told above the help; a command that would work refuses."""
    keyboard.settings.setenv("VESTNIK_SCHOL", "Школа 30")
    helped = keyboard.type("people", "--help")
    assert (helped.code, "Найти людей" in helped.out) == (0, True)
    assert "настройки VESTNIK_SCHOL нет. Может быть, VESTNIK_SCHOOL?" in helped.err
    assert keyboard.type("people", "find", "Громов").code == 2


def test_status_and_doctor_name_the_data_folder(keyboard: Keyboard) -> None:
    """Two schools on one computer are told apart, and a forgotten VESTNIK_DATA is seen."""
    keyboard.open_school()
    assert f"Папка данных: {keyboard.data}" in keyboard.type("status").out
    assert f"Папка данных: {keyboard.data}" in keyboard.type("doctor").out


@pytest.mark.parametrize("where", ["environment", "file"])
def test_an_old_name_of_a_setting_is_told_with_the_new_one(keyboard: Keyboard, where: str) -> None:
    """What a school chose under an earlier name is not lost in silence."""
    if where == "environment":
        keyboard.settings.setenv("VESTNIK_MAX_REPEATS", "1")
    else:
        keyboard.data.mkdir(mode=0o700)
        settings = keyboard.data / "vestnik.env"
        settings.write_text("VESTNIK_MAX_REPEATS=1\n")
        settings.chmod(0o600)
    outcome = keyboard.type("obligations")
    assert outcome.code == 2
    assert "VESTNIK_MAX_REPEATS" in outcome.err
    assert "VESTNIK_REPEATS" in outcome.err.replace("VESTNIK_MAX_REPEATS", "")


def test_settings_that_others_can_read_are_refused(keyboard: Keyboard) -> None:
    """The file in the data folder holds the token, so it must be closed to others."""
    keyboard.data.mkdir()
    settings = keyboard.data / "vestnik.env"
    settings.write_text("VESTNIK_BOT_TOKEN=1:secret\n")
    settings.chmod(0o644)
    outcome = keyboard.type("migrate")
    assert outcome.code == 2
    assert "chmod 600" in outcome.err


def test_a_wrong_setting_is_named_without_its_value(keyboard: Keyboard) -> None:
    """A setting's value may be a secret, so only its name is shown (Q103)."""
    keyboard.settings.setenv("VESTNIK_PUSH_PACE", "secret-value")
    outcome = keyboard.type("migrate")
    assert outcome.code == 2
    assert "VESTNIK_PUSH_PACE" in outcome.err
    assert "secret-value" not in outcome.err


def test_telegram_waits_for_the_schools_choice(keyboard: Keyboard) -> None:
    """With a token but no content policy nothing runs: there is no default (Q85)."""
    keyboard.settings.setenv("VESTNIK_BOT_TOKEN", "1:secret")
    keyboard.done("migrate")
    outcome = keyboard.type("run", "worker")
    assert outcome.code == 2
    assert "VESTNIK_TELEGRAM_POLICY" in outcome.err
    assert keyboard.type("doctor").code == 4


def test_init_writes_a_closed_file_and_records_the_policy(keyboard: Keyboard) -> None:
    """The chosen content policy is on record from the first day (Q85)."""
    chosen = ("--school", "Школа № 30", "--marks", "journal", "--telegram-policy", "discreet", "--bot-token", "1:a")
    keyboard.done("init", *chosen)
    settings = keyboard.data / "vestnik.env"
    assert settings.stat().st_mode & 0o077 == 0
    assert "discreet" in settings.read_text(encoding="utf-8")
    assert keyboard.done("audit", "verify").out == ""
    assert keyboard.type("init", *chosen).code == 2


def test_a_backup_is_whole_and_a_broken_one_is_found(keyboard: Keyboard, tmp_path: Path) -> None:
    """`restore --check` tells a whole copy from a damaged one by exit code 4 (Q104)."""
    copy, torn = tmp_path / "copy.db", tmp_path / "torn.db"
    keyboard.done("migrate")
    keyboard.done("backup", copy)
    torn.write_bytes(copy.read_bytes()[:5000])
    keyboard.done("restore", "--check", copy)
    assert keyboard.type("restore", "--check", torn).code == 4
    assert keyboard.type("backup", copy).code == 2
    assert copy.stat().st_mode & 0o077 == 0


def test_checking_a_file_loads_neither_messenger_nor_database() -> None:
    """A dry run starts fast: aiogram alone takes seconds to import."""
    asked = (
        "import sys, bot.cli; print([m for m in ('aiogram', 'telegram', 'sqlalchemy', 'numpy') if m in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_a_setting_error_tells_its_rule_only() -> None:
    """The text of an error never holds what was set."""
    assert "secret" not in str(SettingsError("settings.invalid", names="secret"))


@pytest.mark.parametrize(
    ("kind", "command"),
    [("people", "vestnik import people"), ("finals", "vestnik finals import"), ("exams", "exam import")],
)
def test_the_command_says_what_reads_the_workbook(keyboard: Keyboard, tmp_path: Path, kind: str, command: str) -> None:
    """By default it is named after its kind; another kind is refused."""
    path = tmp_path / f"{kind}.xlsx"
    assert f"{command} {path}" in keyboard.done("import", "template", kind, "--out", path).err
    assert keyboard.type("import", "template", "cars").code == 2


def test_the_operator_reads_columns_and_tables_in_the_schools_language(keyboard: Keyboard, tmp_path: Path) -> None:
    """No English word for a column or a table stands in a Russian sentence."""
    keyboard.done("migrate")
    rows = [("ФИО ученика", "класс", "дата рождения", "СНИЛС"), ("Янова Ия Ильинична", "5А", "", "123")]
    seen = keyboard.done("import", "people", workbook(tmp_path / "list.xlsx", {"5А": rows}))
    assert "лист «5А», строка 1, столбец 4, «СНИЛС»: этого столбца таблица «Ученики» не знает" in seen.err
    rows = [("родитель", "ученик", "класс", "родство"), ("Янов Илья Ильич", "Янова Ия Петровна", "5А", "отец")]
    seen = keyboard.type("import", "people", workbook(tmp_path / "list.xlsx", {"Лист1": rows}))
    assert (seen.code, "строка 2, столбец «Ученик»: такого обучающегося нет" in seen.err) == (2, True)
    rows = [("ученик", "класс", "предмет", "дата"), ("Янова Ия Ильинична", "5А", "Химия", "01.09.2026")]
    seen = keyboard.type("import", "journal", workbook(tmp_path / "list.xlsx", {"Лист1": rows}))
    assert "похоже на таблицу «Журнал», но не хватает столбцов: Оценка" in seen.err


def paths(command: Any, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """All commands and groups, as they are typed."""
    yield before
    for name, child in getattr(command, "commands", {}).items():
        yield from paths(child, (*before, name))


def test_the_help_of_every_command_is_in_the_schools_language(keyboard: Keyboard) -> None:
    """Titles, usage and the words for values are Russian; only names of formats and settings are not."""
    helps = {path: keyboard.done(*path, "--help").out for path in paths(typer.main.get_command(app))}
    assert {path for path, shown in helps.items() if ENGLISH.search(shown)} == set()
    capitals = {path: {*CAPITALS.findall(re.sub(r"VESTNIK_\w+", "", shown))} - NAMES for path, shown in helps.items()}
    assert {path: found for path, found in capitals.items() if found} == {}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("nonsense", "Такой команды нет; может быть, consent? Справка: vestnik --help"),
        ("import journal", "Не хватает: ФАЙЛ…. Справка: vestnik import journal --help"),
        ("import template cars", "ВИД: такого значения нет, бывает people, journal, timetable, finals, exams."),
        ("demo --port x", "--port: нужно целое число."),
        ("proof 1 Соколова", "Лишние слова: имя из нескольких слов берут в кавычки."),
        ("consent list Соколова", "Лишние слова: эта команда ждёт их только после параметра: --student."),
        ("migrate Соколова", "Лишние слова: эта команда их не ждёт."),
        ("people find А --nope", "Параметра --nope здесь нет."),
        ("obligations report --form 01.09.2026", "Параметра --form здесь нет; может быть, --from, --to?"),
        ("--as", "После --as нужно значение."),
    ],
)
def test_what_is_wrong_with_a_command_is_told_in_the_schools_language(
    keyboard: Keyboard, typed: str, told: str
) -> None:
    """Exit 2, what is wrong, and where the help is."""
    seen = keyboard.type(*typed.split())
    assert (seen.code, seen.out) == (2, "")
    assert told in seen.err
    assert "Соколова" not in seen.err
