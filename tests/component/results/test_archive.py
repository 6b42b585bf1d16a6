"""A closed term as one archive that opens without Vestnik and in which a changed byte is found (Q104)."""

import asyncio
import csv
import json
import shutil
import stat
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
from playwright.async_api import Browser

from bot.documents.results.archive import archive_marks_csv
from core.actions.results.term_end.archive import ArchivedClass, ArchivedMark
from core.rules import year
from tests.support.keyboard import Keyboard

TERM, OTHER = "1 полугодие", "2 полугодие"
ANNA, BORIS = "Авдеева Анна Ивановна", "Белов Борис Петрович"
SINCE = year.first_day_of_year(date.today())  # noqa: DTZ011  # the commands read the same clock
TABLES = {
    "people": f"student;class;birth_date\n{ANNA};8Б;\n{BORIS};8Б;\n",
    "timetable": f"period;starts;ends\n{TERM};{SINCE};{year.last_day_of_year(SINCE)}\n",
}
FINALS = "student;class;subject;term;mark\n" + "".join(
    f"{name};8Б;Алгебра;{TERM};{mark}\n" for name, mark in ((ANNA, 5), (BORIS, 3))
)


@pytest.fixture
def keyboard(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Keyboard:
    """8Б with final marks of a half-year, and the deputy head at the keyboard."""
    keyboard = Keyboard(tmp_path / "school", capsys, monkeypatch)
    keyboard.open_school()
    keyboard.employ()
    file = tmp_path / "table.csv"
    for kind, content in TABLES.items():
        file.write_text(content, encoding="utf-8")
        keyboard.done("import", kind, file)
    file.write_text(FINALS, encoding="utf-8")
    keyboard.done("finals", "import", file)
    return keyboard


def unpacked(archive: Path, folder: Path) -> Path:
    """What `unzip` makes of it."""
    subprocess.run(["unzip", "-q", archive, "-d", folder], check=True, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"})
    return folder


def sums_hold(folder: Path) -> bool:
    return subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=folder, check=False).returncode == 0


def test_a_closed_term_is_archived_whole(keyboard: Keyboard, tmp_path: Path) -> None:
    """Unzipped without Vestnik: hashes hold, sheets are PDF and xlsx, marks a table, the ledger verifies (Q104)."""
    keyboard.done("period", "close", TERM)
    archive = tmp_path / "term.zip"
    told = keyboard.done("archive", TERM, "--out", archive)
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert str(archive) in told.err
    folder = unpacked(archive, tmp_path / "unpacked")
    assert sums_hold(folder)
    sheet, workbook = folder / "sheets/01-8B.pdf", folder / "sheets/01-8B.xlsx"
    assert (sheet.read_bytes()[:5], workbook.read_bytes()[:2]) == (b"%PDF-", b"PK")
    table = (folder / "marks.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(table.splitlines(), delimiter=";"))
    assert [(row["student"], row["mark"]) for row in rows] == [(ANNA, "5"), (BORIS, "3")]
    head = json.loads((folder / "audit/head.json").read_text())
    verifier = [sys.executable, "audit/verifier.py", "audit/ledger.jsonl", f"{head['line']}:{head['chain']}"]
    assert subprocess.run(verifier, cwd=folder, check=False, capture_output=True).returncode == 0
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "sheets/01-8B.pdf" in page
    assert TERM in page
    keyboard.done("archive", "--check", archive)
    assert "term_archived" in keyboard.done("audit", "export").out


async def test_the_archive_is_read_in_a_browser(keyboard: Keyboard, tmp_path: Path, browser: Browser) -> None:
    """Unzipped and opened from the disk: the page names the term, and each of its links leads to a file (Q104)."""
    archive = tmp_path / "term.zip"
    for command in (("period", "close", TERM), ("archive", TERM, "--out", archive)):
        await asyncio.to_thread(keyboard.done, *command)
    folder = unpacked(archive, tmp_path / "unpacked")
    page = await browser.new_page()
    await page.goto((folder / "index.html").as_uri())
    assert TERM in await page.inner_text("h1")
    links = await page.eval_on_selector_all("a", "links => links.map(link => link.href)")
    files = {
        each.as_uri() for each in folder.rglob("*") if each.is_file() and not each.name.startswith(("SHA", "index"))
    }
    assert set(links) == files


def test_a_changed_byte_is_found(keyboard: Keyboard, tmp_path: Path) -> None:
    """By sha256sum in the folder, by Vestnik in the zip; a new list of hashes lacks the seal (Q104)."""
    keyboard.done("period", "close", TERM)
    archive = tmp_path / "term.zip"
    keyboard.done("archive", TERM, "--out", archive)
    folder = unpacked(archive, tmp_path / "unpacked")
    marks = folder / "marks.csv"
    marks.write_bytes(marks.read_bytes().replace(b";3;", b";4;"))
    assert not sums_hold(folder)
    changed = Path(shutil.make_archive(str(tmp_path / "changed"), "zip", folder))
    assert keyboard.type("archive", "--check", changed).code == 4
    names = [str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file() and "SUMS" not in each.name]
    sums = subprocess.run(["sha256sum", *sorted(names)], cwd=folder, capture_output=True, check=True).stdout
    (folder / "SHA256SUMS").write_bytes(sums)
    assert sums_hold(folder)
    forged = Path(shutil.make_archive(str(tmp_path / "forged"), "zip", folder))
    outcome = keyboard.type("archive", "--check", forged)
    assert (outcome.code, "SHA256SUMS изменён" in outcome.err) == (4, True)


def test_what_is_no_archive_is_a_finding(keyboard: Keyboard, tmp_path: Path) -> None:
    """Neither another file nor a zip without the list is an archive; both are said in a sentence."""
    (tmp_path / "text.zip").write_text("no zip")
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    outcomes = [keyboard.type("archive", "--check", tmp_path / name) for name in ("text.zip", "empty.zip")]
    assert [each.code for each in outcomes] == [4, 4]
    assert "Traceback" not in "".join(each.err for each in outcomes)


def test_an_open_term_is_not_archived(keyboard: Keyboard, tmp_path: Path) -> None:
    """Its marks may still change without a ground; nothing is written (Q67, Q104)."""
    outcome = keyboard.type("archive", TERM, "--out", tmp_path / "term.zip")
    assert (outcome.code, "не закрыт" in outcome.err) == (2, True)
    assert not (tmp_path / "term.zip").exists()
    assert keyboard.type("archive").code == 2


def test_a_comment_is_no_formula() -> None:
    """A spreadsheet that opens the table computes nothing."""
    mark = ArchivedMark("Имя", "8Б", "Алгебра", "5", "=1+1", None)
    table = archive_marks_csv([ArchivedClass("8Б", None, [mark])], term=TERM, school_year="2026/2027")  # type: ignore[arg-type]
    assert ";'=1+1;" in table.decode("utf-8-sig")
