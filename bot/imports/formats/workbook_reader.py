"""Script that reads a workbook in a process of its own, so that a damaged file can crash or exhaust only that process.

The library that reads workbooks aborts on some damaged files, unpacks archives whatever they hold and reserves memory
for every cell between the first and the last one, so its process has limits. Each line it writes is a JSON message: a
sheet, some of its rows, a refusal, the end.
"""

import datetime as dt
import json
import resource
import sys
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, is_zipfile

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from bot.imports.formats.lost_values import MALFORMED, lost_value_cells

MOST_MEMORY = 512 << 20
MOST_UNPACKED = 256 << 20
MOST_SECONDS = 120
ROWS_PER_MESSAGE = 1000
_MIDNIGHT = dt.time()
Value = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


def main() -> None:
    """Write the workbook on stdin as messages. Without the message "end" it was not read completely."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        _write_sheets(sys.stdin.buffer)
    except PasswordError:
        _write_message("refused", "workbook_locked")
    except (CalamineError, BadZipFile, OSError, zlib.error, *MALFORMED):
        _write_message("refused", "workbook_broken")
    except MemoryError:
        _write_message("refused", "workbook_large")
    _write_message("end", None)


def _require_small(file: BinaryIO) -> None:
    """Refuse by the sizes that the archive declares; an archive with false sizes hits the memory limit."""
    if is_zipfile(file):
        with ZipFile(file) as archive:
            if sum(each.file_size for each in archive.infolist()) > MOST_UNPACKED:
                raise MemoryError
    file.seek(0)


def _write_sheets(file: BinaryIO) -> None:
    """The visible sheets that are not empty."""
    _require_small(file)
    with CalamineWorkbook.from_filelike(file) as book:
        lost = lost_value_cells(file)
        for number, about in enumerate(book.sheets_metadata):
            if about.typ is SheetTypeEnum.WorkSheet and about.visible is SheetVisibleEnum.Visible:
                sheet = book.get_sheet_by_name(about.name)
                if sheet.start is not None or number in lost:
                    _write_message("sheet", [about.name, sheet.merged_cell_ranges or [], lost.get(number, [])])
                    rows = _rows(sheet, sheet.start[1] if sheet.start else 0)
                    while some := list(islice(rows, ROWS_PER_MESSAGE)):
                        _write_message("rows", some)


def _rows(sheet: CalamineSheet, left: int) -> Iterator[list[str]]:
    """Rows of text, including empty rows and the empty columns left of the data."""
    margin = [""] * left
    for row in sheet.iter_rows():
        yield margin + [cell if type(cell) is str else _text(cell) for cell in row]


def _text(value: Value) -> str:
    """A cell as text: 4.0 is «4», dates are ISO 8601, booleans are «да» and «нет»."""
    match value:
        case str():
            return value
        case bool():
            return "да" if value else "нет"
        case float() if value.is_integer():
            return str(int(value))
        case dt.datetime():
            return f"{value:%Y-%m-%d}" if value.time() == _MIDNIGHT else value.isoformat(" ", "seconds")
        case dt.date():
            return value.isoformat()
        case _:
            return str(value)


def _write_message(kind: str, what: object) -> None:
    sys.stdout.buffer.write(json.dumps([kind, what], ensure_ascii=False).encode() + b"\n")


if __name__ == "__main__":
    main()
