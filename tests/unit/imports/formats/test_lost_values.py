"""Cells of a workbook without a value: errors and formulas that nobody has calculated."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from zipfile import ZipFile

import pytest
import xlsxwriter

from bot.imports.error_texts import is_error_text
from tests.support.report_files import FIXTURES, JOURNAL_HEADER, csv_text, read, written

ROW = ("Рощина Майя", "8Б", "Алгебра", "02.09.2026", "Ответ на уроке", "Корни", "10", "5")
LISTS: Mapping[str, list[list[object]]] = {
    "journal": [[*JOURNAL_HEADER], [*ROW]],
    "people": [["student", "birth_date", "class"], ["Рощина Майя", "01.02.2012", "8Б"]],
    "timetable": [["class", "weekday", "number", "subject"], ["8Б", "пн", 1, "Физика"], ["8Б", "пн", 2, "Алгебра"]],
    "week": [["", "", "5А"], ["Понедельник", 1, "Алгебра"], ["", 2, "Физика"]],
    "report": [
        ["Период: с 1.09.2026 по 30.11.2026", "", ""],
        ["Предмет", "Сентябрь", ""],
        ["", "2", "9"],
        ["Алгебра", "5", "4"],
    ],
}
Write = Callable[[xlsxwriter.worksheet.Worksheet, int, int], object]


def book(path: Path, rows: list[list[object]], places: list[tuple[int, int]], write: Write) -> Path:
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Лист")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        for place in places:
            write(sheet, *place)
    return path


def repacked(path: Path, part: str, change: Callable[[str], str]) -> Path:
    """The same archive with one part changed."""
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, change(content.decode()) if name == part else content)
    return path


def error(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int) -> None:
    sheet.write_formula(row, column, "=NA()", None, "#N/A")


def problems(path: Path) -> list[tuple[object, object, object, str]]:
    return [(each.sheet, each.row, each.column, each.reason) for each in read(path).problems]


@pytest.mark.parametrize("kind", LISTS)
def test_an_error_is_never_an_empty_cell(tmp_path: Path, kind: str) -> None:
    """Read as empty, an error would take a mark back, or leave out a lesson: each is told with its place (Q101)."""
    rows = LISTS[kind]
    place = len(rows) - 1, len(rows[-1]) - 1
    found = problems(book(tmp_path / "book.xlsx", rows, [place], error))
    assert ("Лист", place[0] + 1, place[1] + 1, "error_cell") in found


@pytest.mark.parametrize("end", ["<v></v>", "<v/>", ""])
def test_a_formula_without_a_stored_value_is_told(tmp_path: Path, end: str) -> None:
    """Programs that write a workbook without calculating it leave its formulas empty."""
    path = book(tmp_path / "book.xlsx", LISTS["journal"], [(1, 7)], lambda sheet, *at: sheet.write_formula(*at, "=4+1"))
    repacked(path, "xl/worksheets/sheet1.xml", lambda text: text.replace("</f><v>0</v>", f"</f>{end}"))
    assert problems(path) == [("Лист", 2, 8, "formula_cell")]


def test_a_formula_with_a_value_is_that_value(tmp_path: Path) -> None:
    """A calculated formula is read, also one that gave an empty text."""

    def write(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int) -> None:
        sheet.write_formula(row, column, "=4+1", None, 5)

    path = book(tmp_path / "book.xlsx", LISTS["journal"], [(1, 7)], write)
    empty = '<c r="F2" t="str"><f>IF(TRUE,"")</f><v></v></c><c r="G2"'
    found = read(repacked(path, "xl/worksheets/sheet1.xml", lambda text: re.sub('<c r="F2".*<c r="G2"', empty, text)))
    assert found.problems == ()
    [entry] = found.reports[0].subjects[0].entries
    assert (entry.tokens, entry.topic) == (("5",), None)


def test_an_error_beside_the_table_and_in_a_second_sheet_is_told(tmp_path: Path) -> None:
    """Each sheet has its own places; a sheet of errors alone is not called empty."""
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        for name in ("Пустой", "Журнал"):
            error(workbook.add_worksheet(name), 4, 11)
    assert [each for each in problems(path) if each[-1] == "error_cell"] == [
        ("Пустой", 5, 12, "error_cell"),
        ("Журнал", 5, 12, "error_cell"),
    ]


def test_a_hidden_sheet_may_hold_errors(tmp_path: Path) -> None:
    """Hidden sheets are not read, so their errors concern nobody."""
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        workbook.add_worksheet("Журнал").write_row(0, 0, JOURNAL_HEADER)
        workbook.get_worksheet_by_name("Журнал").write_row(1, 0, ROW)
        hidden = workbook.add_worksheet("Расчёт")
        hidden.hide()
        error(hidden, 0, 0)
    assert problems(path) == []


def test_places_without_addresses_and_with_prefixes_are_counted(tmp_path: Path) -> None:
    """Some programs write no addresses of cells, or put a prefix before every name."""
    path = book(tmp_path / "book.xlsx", LISTS["journal"], [(1, 7)], error)

    def change(text: str) -> str:
        for number, letter in enumerate("ABCDEFGH"):
            text = text.replace(f' r="{letter}1"', "").replace(f' r="{letter}2"', "")
            assert number < len(ROW)
        return text.replace(' r="1"', "").replace(' r="2"', "")

    assert problems(repacked(path, "xl/worksheets/sheet1.xml", change)) == [("Лист", 2, 8, "error_cell")]


def test_an_old_workbook_tells_its_errors(tmp_path: Path) -> None:
    """A real xls keeps errors in records of their own; one cell of a good workbook is made one."""
    book_bytes = bytearray((FIXTURES / "journal.xls").read_bytes())
    text_cell = bytes((0xFD, 0x00, 0x0A, 0x00))
    at = book_bytes.rindex(text_cell)
    row, column = (int.from_bytes(book_bytes[at + add : at + add + 2], "little") for add in (4, 6))
    book_bytes[at : at + 4] = bytes((0x05, 0x02, 0x0A, 0x00))
    book_bytes[at + 10 : at + 12] = bytes((0x2A, 0x01))
    path = tmp_path / "journal.xls"
    path.write_bytes(book_bytes)
    assert (row + 1, column + 1, "error_cell") in [each[1:] for each in problems(path)]


CELLS = {
    '<table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value=""'
    ' calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>': "error_cell",
    '<table:table-cell table:formula="of:=1/0" office:value-type="float" office:value="0">'
    "<text:p>#ДЕЛ/0!</text:p></table:table-cell>": "error_cell",
    '<table:table-cell table:formula="of:=4+1"/>': "formula_cell",
}


@pytest.mark.parametrize(("cell", "reason"), CELLS.items())
def test_an_open_document_tells_its_errors(tmp_path: Path, cell: str, reason: str) -> None:
    """LibreOffice keeps the kind of a cell beside its value, and repeats equal cells by number."""
    texts = ["".join(f"<table:table-cell><text:p>{text}</text:p></table:table-cell>" for text in JOURNAL_HEADER)]
    texts += ['<table:table-cell table:number-columns-repeated="7"/>' + cell]
    rows = "".join(f"<table:table-row>{text}</table:table-row>" for text in texts)
    names = {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
    }
    spaces = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in names.items())
    path = tmp_path / "book.ods"
    with ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml", '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        )
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="Лист">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    assert ("Лист", 2, 8, reason) in problems(path)


def test_a_workbook_in_binary_parts_is_refused(tmp_path: Path) -> None:
    """Its errors cannot be told from empty cells, so it is to be saved as xlsx."""
    path = book(tmp_path / "book.xlsb", LISTS["journal"], [], error)
    with ZipFile(path, "a") as archive:
        archive.writestr("xl/workbook.bin", b"")
    assert [each.reason for each in read(path).problems] == ["workbook_broken"]


@pytest.mark.parametrize("text", ["#N/A", "#Н/Д", "#ССЫЛКА!", "#REF!", "#ДЕЛ/0!", "#####", "Ошибка:508", "Err:502"])
def test_an_error_as_text_is_told_too(tmp_path: Path, text: str) -> None:
    """A CSV or a copied table holds the word of the error; as a topic or a room it would be shown to families."""
    assert is_error_text(text)
    found = read(written(tmp_path, csv_text((*ROW[:5], text, *ROW[6:])), name="table.csv"))
    assert [(each.row, each.column, each.reason) for each in found.problems] == [(2, 6, "error_cell")]


@pytest.mark.parametrize("text", ["№ 5", "C#", "# 12", "упр. #5!", "Ошибка: три"])
def test_words_with_the_same_signs_are_words(text: str) -> None:
    """Only the whole text of an error is one."""
    assert not is_error_text(text)
