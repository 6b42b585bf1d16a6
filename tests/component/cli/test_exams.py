"""Exams at the command line: checked without a school, written once, refused whole (R6, Q70, Q101)."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.clocks import utc_clock
from tests.support.keyboard import Keyboard
from tests.support.schools.exam_files import OWN, SECRET_ANSWER, SECRET_NUMBER, file_at, protocol, table

ANNA, OLEG = "Зорина Анна Петровна", "Лугов Олег Ильич"
ZONE = ZoneInfo("Europe/Moscow")


@pytest.fixture
def keyboard(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Keyboard:
    return Keyboard(tmp_path / "school", capsys, monkeypatch)


@pytest.fixture
def school(keyboard: Keyboard, tmp_path: Path) -> Keyboard:
    """A school of two students of 11А, whose code is known."""
    keyboard.open_school()
    students = f"student,birth_date,class\n{ANNA},2009-01-03,11А\n{OLEG},2009-02-03,11А\n"
    keyboard.done("import", "people", file_at(tmp_path, "students.csv", students))
    keyboard.settings.setenv("VESTNIK_SCHOOL_CODES", f"{OWN}, edu990777")
    return keyboard


def title(days_ago: int = 3) -> str:
    """The title of an exam some days ago."""
    day = datetime.now(ZONE).date() - timedelta(days=days_ago)
    return f"01 - Русский язык {day:%Y.%m.%d}"


def school_time(moment: datetime) -> str:
    return f"{moment.astimezone(ZONE):%Y-%m-%d %H:%M}"


def test_a_dry_run_needs_no_school(keyboard: Keyboard, tmp_path: Path) -> None:
    """JSON on stdout, one object a file, and nothing is left behind; without a school's code all rows are shown."""
    path = file_at(tmp_path, "e.csv", protocol(title(), (ANNA, "11А", 40, 76), school="900111", threshold=24))
    (shown,) = keyboard.done("exam", "import", path, "--dry-run", "--json").data
    assert (shown["kind"], shown["exams"][0]["threshold"]) == ("ege", {"primary": None, "score": 24})
    assert [each["student"] for each in shown["exams"][0]["results"]] == [ANNA]
    foreign = keyboard.done("exam", "import", path, "--dry-run", "--json", "--school", OWN)
    assert (foreign.data[0]["exams"], "строк вашей школы нет" in foreign.err) == ([], True)
    assert not keyboard.data.exists()


def test_an_import_needs_to_know_whose_rows(keyboard: Keyboard, tmp_path: Path) -> None:
    """Without --school and without the setting it is bad input, whatever else there is (contracts, Exams)."""
    path = file_at(tmp_path, "e.csv", protocol(title(), (ANNA, "11А", 40, 76)))
    outcome = keyboard.type("exam", "import", path)
    assert (outcome.code, "VESTNIK_SCHOOL_CODES" in outcome.err) == (2, True)


def test_a_protocol_is_written_once_and_proved(school: Keyboard, tmp_path: Path) -> None:
    """Each result is owed, the same file again changes nothing, the proof prints, and no document's number shows."""
    path = file_at(tmp_path, "e.csv", protocol(title(), (ANNA, "11А", 40, 76), (OLEG, "11А", 9, 20), threshold=24))
    first = school.done("exam", "import", path)
    assert "e.csv: новых: 2" in first.err
    assert "0 изменений" in school.done("exam", "import", path).err
    rows = school.done("obligations", "--json").data
    assert [(row["kind"], row["student"]) for row in rows] == [("exams", ANNA), ("exams", OLEG)]
    school.done("obligations", "verify")
    proof = school.done("proof", str(rows[0]["id"]))
    assert ANNA in proof.out
    written = b"".join(each.read_bytes() for each in school.data.rglob("*") if each.is_file())
    for secret in (SECRET_NUMBER, SECRET_ANSWER):
        assert secret.encode() not in written
        assert secret not in f"{first} {proof}"


def test_who_is_in_doubt_stays_out_only_when_asked(school: Keyboard, tmp_path: Path) -> None:
    """Exit 2 and nothing written; with --partial the rest goes, and who stays out is said by place, never by name."""
    path = file_at(tmp_path, "e.csv", protocol(title(), (ANNA, "11А", 40, 76), ("Чужой Пётр Ильич", "11А", 9, 20)))
    for command in (("exam", "import", path), ("exam", "import", path, "--dry-run")):
        refused = school.type(*command)
        assert (refused.code, "строка 4, столбец 7" in refused.err, "Чужой" in refused.err) == (2, True, False)
    assert school.done("obligations", "--json").data == []
    written = school.done("exam", "import", path, "--partial")
    assert ("1 строка не загружена (--partial)." in written.err, "Чужой" in written.err) == (True, False)
    assert len(school.done("obligations", "--json").data) == 1


def test_the_receipt_is_school_time_and_never_ahead(school: Keyboard, tmp_path: Path) -> None:
    """--received starts the 24 hours; the future and anything else but a time are bad input (Q70)."""
    path = file_at(tmp_path, "e.csv", protocol(title(), (ANNA, "11А", 40, 76)))
    ahead = school_time(utc_clock() + timedelta(hours=1))
    assert [school.type("exam", "import", path, "--received", each).code for each in (ahead, "вчера")] == [2, 2]
    received = utc_clock().replace(second=0, microsecond=0) - timedelta(hours=2)
    school.done("exam", "import", path, "--received", school_time(received))
    [row] = school.done("obligations", "--json").data
    assert datetime.fromisoformat(row["due"]) == received + timedelta(hours=24)


def test_history_is_said(school: Keyboard, tmp_path: Path) -> None:
    """An old exam is kept and told to nobody, and that is said (contracts, Exams)."""
    path = file_at(tmp_path, "e.csv", protocol(title(days_ago=90), (ANNA, "11А", 40, 76)))
    assert "1 результат старше 60 дней" in school.done("exam", "import", path).err
    assert school.done("obligations", "--json").data == []


def test_each_command_refuses_the_files_of_others(school: Keyboard, tmp_path: Path) -> None:
    """By the name of the command that reads them."""
    exams = file_at(tmp_path, "t.csv", table(f"{ANNA},11А,school,Алгебра,2026-05-20,,18,72,4,,,"))
    for words in (("import", "journal"), ("import", "people"), ("finals", "import")):
        refused = school.type(*words, exams)
        assert (refused.code, "exam import" in refused.err) == (2, True)
    refused = school.type("exam", "import", tmp_path / "students.csv")
    assert (refused.code, "import people" in refused.err) == (2, True)


def test_codes_and_thresholds_are_kept(school: Keyboard, tmp_path: Path) -> None:
    """A list of codes is written or refused whole; lowest scores are listed by year, and staff set others (Q77)."""
    assert (
        "Кодов записано: 1."
        in school.done("exam", "codes", file_at(tmp_path, "c.csv", f"code,student,class\n50001,{ANNA},11А\n")).err
    )
    refused = school.type("exam", "codes", file_at(tmp_path, "d.csv", "code,student,class\n50001,Чужой Пётр,11А\n"))
    assert (refused.code, "Ничего не записано" in refused.err) == (2, True)
    school.employ()
    school.done("exam", "thresholds", "--subject", "Физика", "--year", "2027", "--score", "39")
    assert "39" in school.done("exam", "thresholds", "--year", "2027").out
    assert school.type("exam", "thresholds", "--subject", "Астрология", "--year", "2027", "--score", "1").code == 2


def test_a_moment_of_receipt_is_corrected_with_a_trace(school: Keyboard, tmp_path: Path) -> None:
    """The list gives the number; due times follow, and report, proof and trail say what was entered (Q70)."""
    path = file_at(tmp_path, "e.csv", protocol(title(), (ANNA, "11А", 40, 76), (OLEG, "11А", 9, 20), threshold=24))
    school.done("exam", "import", path)
    [exam] = school.done("exam", "list", "--json").data
    assert (exam["students"], exam["received"][0]["results"]) == (2, 2)
    assert "Русский язык" in school.done("exam", "list").out
    school.employ()
    received = utc_clock().replace(second=0, microsecond=0) - timedelta(hours=30)
    command = ("exam", "received", str(exam["id"]), "--at", school_time(received))
    assert "2 результатов" in school.done(*command, "--reason", "Протокол <пришёл> вечером").err
    rows = school.done("obligations", "--json").data
    assert {datetime.fromisoformat(row["due"]) for row in rows} == {received + timedelta(hours=24)}
    school.done("obligations", "verify")
    school.done("audit", "verify")
    for words in (("obligations", "report"), ("proof", str(rows[0]["id"]))):
        assert "Протокол <пришёл> вечером" in school.done(*words).out
    [correction] = school.done("obligations", "report", "--json").data["corrections"]
    assert correction["results"] == 2


def test_a_correction_is_refused_where_it_cannot_be_true(school: Keyboard, tmp_path: Path) -> None:
    """Not in the future, not before the exam's day, with a reason, by a deputy head alone (Q70)."""
    school.done("exam", "import", file_at(tmp_path, "e.csv", protocol(title(), (ANNA, "11А", 40, 76))))
    school.employ()
    for at, reason in ((utc_clock() + timedelta(hours=1), "ошибка"), (utc_clock() - timedelta(days=9), "ошибка"),
                       (utc_clock() - timedelta(hours=1), " ")):  # fmt: skip
        assert school.type("exam", "received", "1", "--at", school_time(at), "--reason", reason).code == 2
    hour_ago = school_time(utc_clock() - timedelta(hours=1))
    assert school.type("exam", "received", "77", "--at", hour_ago, "--reason", "ошибка").code == 2
    school.employ("Тихонова Вера Степановна", "secretary")
    assert school.type("exam", "received", "1", "--at", hour_ago, "--reason", "ошибка").code == 3
    assert school.done("obligations", "report", "--json").data["corrections"] == []


def test_of_several_moments_one_is_named(school: Keyboard, tmp_path: Path) -> None:
    """Where results came in parts, the correction asks which part, and moves no other (Q70)."""
    early, late = (utc_clock().replace(second=0, microsecond=0) - timedelta(hours=hours) for hours in (5, 3))
    for name, student, moment in (("a.csv", ANNA, early), ("b.csv", OLEG, late)):
        path = file_at(tmp_path, name, protocol(title(), (student, "11А", 40, 76)))
        school.done("exam", "import", path, "--received", school_time(moment))
    school.employ()
    command = ("exam", "received", "1", "--at", school_time(early - timedelta(hours=1)), "--reason", "ошибка")
    asked = school.type(*command)
    assert (asked.code, school_time(late) in asked.err, "--was" in asked.err) == (2, True, True)
    school.done(*command, "--was", school_time(late))
    rows = school.done("obligations", "--json").data
    received = {row["student"]: datetime.fromisoformat(row["received_at"]) for row in rows}
    assert received == {ANNA: early, OLEG: early - timedelta(hours=1)}
