"""Damaged, cut and absurd files: each is read or refused, and none breaks the import."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.imports.summary import import_summary_json, import_summary_problems
from bot.locales import LocaleCatalogues
from core.model.imports.reports import ReadFile
from tests.support.report_files import (
    FIXTURES,
    HEAD,
    JOURNAL_HEADER,
    csv_text,
    html_head,
    html_table,
    read,
    student_total,
    workbook,
    written,
)

WORDS = LocaleCatalogues.load().translator("ru")
SEEDS = [path.read_bytes() for path in sorted(FIXTURES.iterdir())] + [
    csv_text(("Рощина Майя", "8Б", "Алгебра", "02.09.2026", "", "", "10", "5/4")).encode()
]
PIECES = [
    *(b"<table>", b"</table>", b'<td colspan="99999">', b"<td rowspan=0>", b"<tr>", b"</tr>", b"&nbsp;"),
    *(b"\x00", b"\xff\xfe", b"\x98", b'"', b"{", b"]", b"null", b"1e999999999", b";", b"\n"),
    *(b"<td rowspan=9999 colspan=1000>", "Предмет".encode(), "Сентябрь".encode("cp1251")),
    "Период: с 31.02.2026 по 99.99.9999".encode(),
]
TABLE = "student;subject;date;mark\nРощина Майя;Алгебра;02.09.2026;5\n".encode()
many_files = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


def reasons(found: ReadFile) -> set[str]:
    """The reasons of all problems, after making sure that they can be told in words."""
    import_summary_json(found, WORDS)
    assert all(import_summary_problems(found, WORDS))
    return {problem.reason for problem in found.problems}


@st.composite
def damaged_files(draw: st.DrawFn) -> bytes:
    """A good file with pieces cut out, copied, turned or put in."""
    content = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 300)))
        match draw(st.sampled_from(["cut", "copy", "insert", "turn", "end"])):
            case "cut":
                del content[start:end]
            case "copy":
                content[start:start] = content[start:end]
            case "insert":
                content[start:start] = draw(st.sampled_from(PIECES))
            case "turn":
                content[start:end] = bytes(255 - byte for byte in content[start:end])
            case "end":
                del content[start:]
    return bytes(content)


@many_files
@given(content=damaged_files())
def test_a_damaged_file_is_read_or_refused(tmp_path: Path, content: bytes) -> None:
    """Whatever happened to a file on its way, the import says what is wrong with it and goes on (Q101)."""
    path = tmp_path / "damaged"
    path.write_bytes(content)
    found = read(path)
    assert reasons(found) or found.reports or found.people


@many_files
@given(content=st.binary(max_size=400), start=st.sampled_from([b"", b"<table>", b"{", b"PK\x03\x04", b"\xff\xfe"]))
def test_noise_is_refused(tmp_path: Path, content: bytes, start: bytes) -> None:
    """Random bytes are no report."""
    path = tmp_path / "noise"
    path.write_bytes(start + content)
    found = read(path)
    assert reasons(found)
    assert not found.reports


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("student_total_5_56.html", b'</table>\n\t<br />\n\t<div class="legend">'),
        ("student_total_5_0.xls", b"</tbody></table>\n\t<br>\n\t<div"),
        ("student_grades.html", b"</table>\n"),
        ("diary.json", b"}\n"),
    ],
)
def test_a_file_that_was_cut_off_is_never_taken_for_whole(tmp_path: Path, name: str, end: bytes) -> None:
    """Marks after the cut would look withdrawn, so a file that ends too early is refused wherever it ends."""
    content = (FIXTURES / name).read_bytes()
    path = tmp_path / name
    for size in range(1, content.rindex(end), 7):
        path.write_bytes(content[:size])
        assert reasons(read(path)), size


def test_a_workbook_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    """Half of a workbook does not open, and the process that tried takes nothing down with it."""
    content = (FIXTURES / "journal.xls").read_bytes()
    path = tmp_path / "journal.xls"
    for size in range(9, len(content) // 2, 700):
        path.write_bytes(content[:size])
        assert reasons(read(path)) == {"workbook_broken"}, size


def absurd_files(folder: Path) -> Iterator[tuple[Path, str]]:
    """Files that are well formed and make no sense, and the reason they are refused for."""
    wide = "<table><tr><td>Предмет</td></tr>" + "<tr><td colspan=1000 rowspan=65000></td></tr>" * 3000 + "</table>"
    deep = "<table><tr><td>" * 3000 + student_total(("Алгебра", "5", "", "", ""))
    yield written(folder, wide, name="wide.html"), "table_too_large"
    yield written(folder, deep, name="deep.html"), "unrecognised"
    yield written(folder, "<table>" * 50_000, name="open.html"), "unrecognised"
    yield (
        written(folder, html_head() + html_table(["<th>Предмет</th>", "<td>Химия</td>"]), name="bare.html"),
        "unrecognised",
    )
    yield written(folder, html_head(HEAD | {"Период": "с по"}) + html_table([]), name="none.html"), "unrecognised"
    yield written(folder, csv_text(("x" * 200_000, *[""] * 7)), name="long.csv"), "csv"
    yield written(folder, '{"weekDays": {"lessons": []}}', name="shape.json"), "json_shape"
    book = workbook(folder / "cut.xlsx", {"Журнал": [JOURNAL_HEADER]})
    book.write_bytes(book.read_bytes()[:-200])
    yield book, "workbook_broken"


def test_absurd_files_are_refused_in_good_time(tmp_path: Path) -> None:
    """Huge spans, endless nesting, giant cells and cut archives each have their reason."""
    for path, reason in absurd_files(tmp_path):
        assert reason in reasons(read(path)), path.name


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (TABLE[:-1] + "я".encode()[:1], "cut_off"),
        (TABLE + b"\x98" * 4, "encoding_of_line"),
        (TABLE.replace("А".encode(), b"\x90"), "encoding_of_line"),
    ],
)
def test_letters_that_cannot_be_read_are_not_guessed(tmp_path: Path, content: bytes, reason: str) -> None:
    """Damaged utf-8 is not read as cp1251, where every name would be rubbish."""
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    assert reasons(read(path)) == {reason}
