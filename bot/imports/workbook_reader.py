"""The script that opens a workbook, run as a process of its own: a damaged file may crash or exhaust only that.

The library that reads workbooks aborts on some damaged files and reserves memory for every cell between the first and
the last one, so its process has a limit. Each line it writes is a JSON message: a sheet, some of its rows, a refusal,
the end.
"""

import datetime as dt
import json
import resource
import sys
from collections.abc import Iterator
from itertools import islice

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

MOST_MEMORY = 2 << 30
ROWS_PER_MESSAGE = 1000
_MIDNIGHT = dt.time()
Value = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


def main(path: str) -> None:
    """Tell what the workbook at `path` holds; without the last message it has not been read."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        _tell_sheets(path)
    except PasswordError:
        _tell("refused", "workbook_locked")
    except (CalamineError, OSError):
        _tell("refused", "workbook_broken")
    _tell("end", None)


def _tell_sheets(path: str) -> None:
    """The visible sheets that hold anything."""
    with open(path, "rb") as file, CalamineWorkbook.from_filelike(file) as book:  # noqa: PTH123  # a script of its own
        for about in book.sheets_metadata:
            if about.typ is SheetTypeEnum.WorkSheet and about.visible is SheetVisibleEnum.Visible:
                sheet = book.get_sheet_by_name(about.name)
                if sheet.start is not None:
                    _tell("sheet", [about.name, sheet.merged_cell_ranges or []])
                    rows = _rows(sheet, sheet.start[1])
                    while some := list(islice(rows, ROWS_PER_MESSAGE)):
                        _tell("rows", some)


def _rows(sheet: CalamineSheet, left: int) -> Iterator[list[str]]:
    """Rows of text, empty ones and the columns before the data included."""
    margin = [""] * left
    for row in sheet.iter_rows():
        yield margin + [cell if type(cell) is str else _text(cell) for cell in row]


def _text(value: Value) -> str:
    """A cell as it would be typed: 4.0 is «4», a date is year first, yes and no are words."""
    match value:
        case str():
            return value
        case bool():
            return "да" if value else "нет"
        case float() if value.is_integer():
            return str(int(value))
        case dt.datetime():
            return value.date().isoformat() if value.time() == _MIDNIGHT else value.isoformat(" ", "seconds")
        case dt.date():
            return value.isoformat()
        case _:
            return str(value)


def _tell(kind: str, what: object) -> None:
    sys.stdout.buffer.write(json.dumps([kind, what], ensure_ascii=False).encode() + b"\n")


if __name__ == "__main__":
    main(sys.argv[1])
