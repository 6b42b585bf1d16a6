"""Files that could be read without end, or that fill the memory: each is refused with a sentence, and soon."""

import asyncio
import os
import socket
import zipfile
from collections import deque
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.bench import WrongFileError, questions_bench
from bot.bench.peers.child import measure_in_child_process
from bot.imports.files import read_import_files
from bot.imports.formats.opening import MEBI, OpenedImportFile
from bot.imports.reading import UnreadableFileError
from tests.support.peak import peak_of, reasons
from tests.support.report_files import JOURNAL_HEADER, csv_text, read, workbook, written

MOST_MIB = 400
ROW = ("Рощина Майя", "8Б", "Алгебра", "02.09.2026", "", "", "", "5")
ROWS = "<tr><td class='cell'>5</td></tr>"
TABLE = "student;class;subject;date;mark\n"


def a_pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe.csv")
    return folder / "pipe.csv"


def a_socket(folder: Path) -> Path:
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(folder / "socket.csv"))
    return folder / "socket.csv"


def a_link(folder: Path, target: str, name: str = "link.csv") -> Path:
    (folder / name).symlink_to(target)
    return folder / name


NO_FILES: dict[str, tuple[Callable[[Path], Path], str]] = {
    "a device without end": (lambda _: Path("/dev/zero"), "not_regular"),
    "a device that is empty": (lambda _: Path("/dev/null"), "not_regular"),
    "a pipe that nobody writes to": (a_pipe, "not_regular"),
    "a socket": (a_socket, "not_regular"),
    "a link to a device": (lambda folder: a_link(folder, "/dev/zero"), "not_regular"),
    "a link to a pipe": (lambda folder: a_link(folder, a_pipe(folder).name), "not_regular"),
    "a link to nothing": (lambda folder: a_link(folder, "gone.csv"), "not_found"),
    "links in a circle": (lambda folder: a_link(folder, "link.csv"), "not_readable"),
    "a name that no folder takes": (lambda folder: folder / ("я" * 300), "not_readable"),
    "a folder without files": (lambda folder: folder, "no_files"),
}


@pytest.mark.parametrize("name", NO_FILES)
def test_what_is_no_file_is_refused_at_once(tmp_path: Path, name: str) -> None:
    """Neither opened for ever nor waited for, alone and through a link."""
    make, reason = NO_FILES[name]
    assert reasons(make(tmp_path)) == [reason]


@pytest.mark.parametrize("make", [a_pipe, a_socket, lambda folder: a_link(folder, "/dev/zero")])
def test_a_folder_with_anything_else_in_it_is_refused(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    """Passed over in silence it would be lost, and nothing of a folder is written with one bad file in it (Q101)."""
    written(tmp_path, csv_text(ROW), name="a.csv")
    make(tmp_path)
    assert reasons(tmp_path) == ["not_regular"]


def test_folders_that_lead_into_each_other_are_read_once(tmp_path: Path) -> None:
    """A link to a folder is followed, one back into it is not."""
    inner = tmp_path / "inner"
    inner.mkdir()
    written(inner, csv_text(ROW), name="a.csv")
    (inner / "back").symlink_to(tmp_path)
    (tmp_path / "again").symlink_to(inner)
    files = read_import_files([tmp_path])
    assert [(Path(file.file).name, file.problems) for file in files] == [("a.csv", ())]


def test_a_folder_of_too_many_files_is_refused_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever names the wrong folder reads the sentence and not the disk."""
    monkeypatch.setattr("bot.imports.formats.opening.MOST_FILES", 2)
    for number in range(3):
        written(tmp_path, csv_text(ROW), name=f"{number}.csv")
    assert reasons(tmp_path) == ["too_many_files"]


@pytest.mark.parametrize(("name", "start"), [("page.html", "<table>"), ("diary.json", "[")])
def test_a_page_over_twenty_mebibytes_is_refused_by_its_size(tmp_path: Path, name: str, start: str) -> None:
    """One byte more is refused after its beginning was looked at; what is as large as allowed is read."""
    path = written(tmp_path, start.ljust(20 * MEBI + 1), name=name)
    assert reasons(path) == ["too_large"]
    os.truncate(path, 20 * MEBI)
    assert "too_large" not in reasons(path)


def test_a_file_larger_than_any_may_be_is_not_even_opened(tmp_path: Path) -> None:
    """Its size says enough."""
    path = tmp_path / "huge.csv"
    path.touch(mode=0o000)
    os.truncate(path, 1 << 40)
    assert reasons(path) == ["too_large"]


def test_a_file_that_somebody_goes_on_writing_ends(tmp_path: Path) -> None:
    """The bound counts what is read, whatever the size was when it was opened."""
    path = written(tmp_path, "x" * 10, name="log.csv")

    def write_on(part: bytes) -> None:
        with path.open("a") as pen:
            pen.write("x" * (len(part) + MEBI))

    with OpenedImportFile(path, most=MEBI) as file, pytest.raises(UnreadableFileError):
        deque(map(write_on, file.chunks()), maxlen=0)


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was hashed and what is written must be one thing."""
    path = written(tmp_path, csv_text(ROW), name="a.csv")

    def changing(*_: object, **__: object) -> None:
        with path.open("a") as pen:
            pen.write("more")

    monkeypatch.setattr("bot.imports.files.recognise_content", changing)
    assert reasons(path) == ["changing"]


def test_a_file_of_the_system_without_a_size_ends() -> None:
    """It says that it is empty and is not; it is read to its end and is none of ours."""
    assert reasons(Path("/proc/self/status")) == ["unrecognised"]


def test_a_file_of_the_kernel_that_waits_for_news_is_none() -> None:
    """It calls itself a regular file, and a reader who does not wait gets nothing at all; not everybody may open it."""
    (reason,) = reasons(Path("/proc/kmsg"))
    assert reason in {"not_regular", "not_readable", "not_found"}


BOMBS: dict[str, tuple[str, Callable[[], str], str]] = {
    "millions of elements": ("p.html", lambda: "<p>" * (3 * MEBI), "table_too_large"),
    "millions of attributes": ("attr.html", lambda: "<table a" + " a=b" * (3 * MEBI), "table_too_large"),
    "a million cells": ("cells.html", lambda: f"<table><tr><td>Предмет{ROWS * 600_000}", "table_too_large"),
    "a row of wide cells": (
        "wide.html",
        lambda: "<table><tr>" + "<td colspan=1000>Предмет</td>" * 200_000,
        "table_too_large",
    ),
    "tables in tables": ("nested.html", lambda: "<table><tr><td>" * 200 + "<tr><td>5" * 200_000, "unrecognised"),
    "nothing but brackets": ("deep.json", lambda: "[" * (19 * MEBI), "json_too_large"),
    "brackets below the bound": ("less.json", lambda: '[{"weekDays":' * 100_000, "json"),
    "millions of numbers": ("numbers.json", lambda: '[{"x":[' + "1.5," * (4 * MEBI) + "1]}]", "json_too_large"),
    "a line without end": ("line.csv", lambda: TABLE + "я" * (30 * MEBI), "csv"),
    "a row of millions of cells": ("cells.csv", lambda: TABLE + ";" * (60 * MEBI), "csv"),
    "a row of millions of lines": ("quotes.csv", lambda: TABLE + '"a\n";' * (10 * MEBI), "csv"),
    "millions of empty rows": ("rows.csv", lambda: TABLE + "\n" * (60 * MEBI), "too_many_rows"),
    "hundreds of thousands of faults": ("faults.csv", lambda: TABLE + ";;;x;9\n" * 500_000, "too_many_problems"),
    "as many subjects as rows": (
        "names.csv",
        lambda: TABLE + "".join(f"Рощина Майя {row};8Б;Алгебра {row};01.09.2026;5\n" for row in range(150_000)),
        "too_many_names",
    ),
}


@pytest.mark.parametrize("name", BOMBS)
async def test_what_fills_the_memory_is_refused_before_it_does(tmp_path: Path, name: str) -> None:
    """A few megabytes that would become gigabytes: at most 400 MiB in a process of its own, then the reason."""
    file, make, reason = BOMBS[name]
    found = await measure_in_child_process(peak_of, str(written(tmp_path, make(), name=file)))
    assert found["reasons"][-1] == reason
    assert found["mib"] <= MOST_MIB


def inflated(folder: Path, size: int, *, said: int | None = None) -> Path:
    """A workbook whose sheet unpacks to so many bytes of blanks; `said` is what the archive says of it instead."""
    path = workbook(folder / "bomb.xlsx", {"Журнал": [JOURNAL_HEADER]})
    with zipfile.ZipFile(path) as seed:
        parts = {name: seed.read(name) for name in seed.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            if name != sheet:
                archive.writestr(name, content)
        with archive.open(sheet, "w") as inside:
            inside.write(parts[sheet].partition(b"</sheetData>")[0])
            for _ in range(size // MEBI):
                inside.write(b'<c r="A9"><v>1</v></c>' * (MEBI // 22))
            inside.write(b"</sheetData></worksheet>")
        if said is not None:
            archive.getinfo(sheet).file_size = said
    return path


@pytest.mark.parametrize(
    ("mebibytes", "said", "expected"), [(300, None, {"workbook_large"}), (300, 1000, {"workbook_broken"})]
)
async def test_a_workbook_that_unpacks_without_end_is_refused(
    tmp_path: Path, mebibytes: int, said: int | None, expected: set[str]
) -> None:
    """By what the archive says of itself, and where it lies by the bounds of the process that opens it."""
    found = await measure_in_child_process(peak_of, str(inflated(tmp_path, mebibytes * MEBI, said=said)))
    assert set(found["reasons"]) <= {"workbook_large", "workbook_broken"}
    assert set(found["reasons"]) & expected
    assert found["mib"] <= MOST_MIB


def test_a_sheet_whose_last_cell_is_far_away_takes_no_other_down(tmp_path: Path) -> None:
    """The cells between would fill hundreds of gigabytes."""
    path = workbook(tmp_path / "far.xlsx", {"Журнал": [JOURNAL_HEADER]}, far=(1_048_575, 16_383))
    assert [problem.reason for problem in read(path).problems] == ["workbook_broken"]


@pytest.mark.parametrize("make", [a_pipe, a_socket, lambda _: Path("/dev/zero")])
def test_questions_are_read_from_a_file_only(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    """`vestnik bench questions` ends with a sentence like every command that takes a file."""
    with pytest.raises(WrongFileError):
        asyncio.run(questions_bench.measure_questions_bench(make(tmp_path)))
