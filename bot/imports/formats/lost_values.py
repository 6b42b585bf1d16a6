"""Finds the cells of a workbook whose value its file does not hold: errors, and formulas that nobody has calculated.

The library that reads workbooks gives an empty text for both, and an empty cell says that a mark was taken back.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from itertools import islice
from pathlib import PurePosixPath
from typing import IO, BinaryIO
from xml.etree import ElementTree as ET
from zipfile import BadZipFile, ZipFile, is_zipfile

from bot.imports.error_texts import is_error_text
from bot.imports.formats.old_workbooks import old_workbook_error_cells

_SUSPECT = re.compile(rb"""\st\s*=\s*["']e["']|<(?:\w+:)?f[\s/>]""")
_MEBI, _OVERLAP = 1 << 20, 16
MOST_LOST = 10_000
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_VALUE_TYPE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type"
_EXTENDED_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"

MALFORMED = (ET.ParseError, LookupError, ValueError)
"""What a damaged workbook may raise here, besides BadZipFile and OSError."""


class Loss(StrEnum):
    """Why a cell has no value; the reasons are keys of the catalogue `import.…`."""

    ERROR = "error_cell"
    FORMULA = "formula_cell"


LostCell = tuple[int, int, str]
"""Row and column from 1, and the loss."""


def lost_value_cells(file: BinaryIO) -> dict[int, list[LostCell]]:
    """The lost cells by the number of their sheet, from 0. Raises BadZipFile for a workbook in binary parts (xlsb)."""
    if not is_zipfile(file):
        return {
            sheet: [(*place, Loss.ERROR) for place in places]
            for sheet, places in old_workbook_error_cells(file)
            if places
        }
    with ZipFile(file) as archive:
        names = set(archive.namelist())
        if "xl/workbook.bin" in names:
            raise BadZipFile
        if "content.xml" in names:
            with archive.open("content.xml") as content:
                return {sheet: cells for sheet, cells in enumerate(_ods_tables(content)) if cells}
        parts = enumerate(_xlsx_sheets(archive))
        found = {sheet: list(_xlsx_losses(archive, part)) for sheet, part in parts if part in names}
    return {sheet: cells for sheet, cells in found.items() if cells}


def _xlsx_sheets(archive: ZipFile) -> list[str]:
    """The archive's name of each sheet's part, in the order of the workbook."""
    book = PurePosixPath("xl/workbook.xml")
    links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314  # a process with limits
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    root = ET.fromstring(archive.read(str(book)))  # noqa: S314  # a process with limits
    sheets = [targets.get(sheet.get(_RELATION), "") for sheet in root.iterfind("{*}sheets/{*}sheet")]
    return [target[1:] if target.startswith("/") else str(book.parent / target) for target in sheets]


def _xlsx_losses(archive: ZipFile, part: str) -> Iterator[LostCell]:
    """The lost cells of a sheet. The whole part is parsed only if its bytes hold an error or a formula."""
    with archive.open(part) as content:
        if not _is_suspect(content):
            return
    with archive.open(part) as content:
        yield from islice(_xlsx_cells(content), MOST_LOST)


def _is_suspect(content: IO[bytes]) -> bool:
    end = b""
    while chunk := content.read(_MEBI):
        if _SUSPECT.search(end + chunk):
            return True
        end = chunk[-_OVERLAP:]
    return False


def _xlsx_cells(content: IO[bytes]) -> Iterator[LostCell]:
    row = 0
    for _, element in ET.iterparse(content):  # noqa: S314  # a process with limits
        if element.tag.endswith("}row"):
            row = int(element.get("r") or row + 1)
            column = 0
            for cell in element.iterfind("{*}c"):
                column = _column(cell.get("r")) or column + 1
                if loss := _xlsx_loss(cell):
                    yield row, column, loss
            element.clear()


def _xlsx_loss(cell: ET.Element) -> Loss | None:
    """An empty text that a formula gave is a value: such a cell is of the type «str»."""
    if cell.get("t") == "e":
        return Loss.ERROR
    is_calculated = cell.get("t") == "str" or cell.findtext("{*}v") or cell.find("{*}is") is not None
    return Loss.FORMULA if cell.find("{*}f") is not None and not is_calculated else None


def _column(place: str | None) -> int:
    """«C7» is 3; 0 without a place."""
    column = 0
    for letter in (place or "").rstrip("0123456789"):
        column = column * 26 + ord(letter.upper()) - ord("A") + 1
    return column


def _ods_tables(content: IO[bytes]) -> Iterator[list[LostCell]]:
    row, lost = 0, list[LostCell]()
    for _, element in ET.iterparse(content):  # noqa: S314  # a process with limits
        if element.tag == f"{_TABLE}table-row":
            lost += ((row + 1, column, loss) for column, loss in islice(_ods_cells(element), MOST_LOST - len(lost)))
            row += int(element.get(f"{_TABLE}number-rows-repeated", "1"))
            element.clear()
        elif element.tag == f"{_TABLE}table":
            yield lost
            row, lost = 0, []


def _ods_cells(row: ET.Element) -> Iterator[tuple[int, Loss]]:
    column = 1
    for cell in row:
        if f"{_TABLE}formula" in cell.attrib and (loss := _ods_loss(cell)):
            yield column, loss
        column += int(cell.get(f"{_TABLE}number-columns-repeated", "1"))


def _ods_loss(cell: ET.Element) -> Loss | None:
    if cell.get(_EXTENDED_TYPE) == "error" or is_error_text("".join(cell.itertext())):
        return Loss.ERROR
    return None if _VALUE_TYPE in cell.attrib else Loss.FORMULA
