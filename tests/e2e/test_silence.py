"""Nothing personal reaches a log or an error, whatever the level (Q103)."""

import csv
import logging
from pathlib import Path

import pytest

from bot.demo.people import PEOPLE
from bot.demo.school import DATA, demo_school
from tests.support.keyboard import Keyboard

pytestmark = pytest.mark.no_cover

CANARIES = [f"Канарейкин{number:02} Пётр" for number in range(25)]
PHONES = [f"+790012345{number:02}" for number in range(25)]


def names_and_addresses() -> set[str]:
    """Surnames, phones and mail addresses of the demo, as its lists have them."""
    with (DATA / "people" / "students.csv").open(encoding="utf-8") as file:
        students = {row["Ученик"].split()[0] for row in csv.DictReader(file, delimiter=";")}
    guardians = {person.name.split()[0] for person in PEOPLE}
    addresses = {address for person in PEOPLE for address in (person.email, person.phone) if address}
    return students | guardians | addresses


async def test_two_days_of_a_school_leave_no_name_in_any_log(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """Import, conversation, four channels and receipts at DEBUG: no name, address, subject or token is logged."""
    caplog.set_level(logging.DEBUG)
    async with demo_school(log_level="debug") as school:
        await school.first_day()
        await school.second_day()
        token = school.world.token
    out, err = capsys.readouterr()
    logged = caplog.text + out + err
    assert "worker.fanned_out" in logged
    assert [word for word in (*names_and_addresses(), token, "Математика") if word in logged] == []


def test_fifty_canaries_stay_in_their_files(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Names and phones of faulty lists and journals are told by their place only, on the screen and in every log."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("VESTNIK_LOG_LEVEL", "debug")
    keyboard = Keyboard(tmp_path / "school", capsys, monkeypatch)
    keyboard.open_school()
    lists = {
        "students.csv": ["student;birth_date;class", *(f"{name};31.02.2015;5А" for name in CANARIES)],
        "guardians.csv": [
            "guardian;student;class;relation;phone",
            *(f"Опекун {name};{name};5А;отец;{phone}x" for name, phone in zip(CANARIES, PHONES, strict=True)),
        ],
        "journal.csv": ["student;class;subject;date;mark", *(f"{name};5А;Алгебра;05.10.2026;5" for name in CANARIES)],
    }
    said = ""
    for name, lines in lists.items():
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
        outcome = keyboard.type("--debug", "import", "journal" if name == "journal.csv" else "people", tmp_path / name)
        assert outcome.code == 2
        said += outcome.out + outcome.err
    assert [word for word in ("Канарейкин", "90012345") if word in said + caplog.text] == []
