"""Workbooks (xlsx, real xls, ods): their sheets as rows of text, with the sheet's own row and column numbers."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from bot.imports.reading import Rows, UnreadableError

_MIDNIGHT = dt.time()
Value = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; `rows` reads it from the top each time it is asked."""

    name: str
    source: CalamineSheet

    def rows(self) -> Iterator[list[str]]:
        """Rows of text, empty ones and columns before the data included."""
        left = [""] * (self.source.start or (0, 0))[1]
        for row in self.source.iter_rows():
            yield left + [cell if type(cell) is str else _text(cell) for cell in row]

    def filled_rows(self) -> Rows:
        """All rows, with the text of merged cells in each of them."""
        rows = list(self.rows())
        for (top, left), (bottom, right) in self.source.merged_cell_ranges or ():
            text = "".join("".join(row[left : left + 1]) for row in rows[top : top + 1])
            for row in rows[top : bottom + 1]:
                row[left : right + 1] = [text] * len(row[left : right + 1])
        return rows


def read_sheets(path: Path) -> Iterator[Sheet]:
    """The visible sheets that hold anything. Raises UnreadableError for a broken or locked file."""
    try:
        with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as book:
            for about in book.sheets_metadata:
                if about.typ is not SheetTypeEnum.WorkSheet or about.visible is not SheetVisibleEnum.Visible:
                    continue
                sheet = book.get_sheet_by_name(about.name)
                if sheet.start is not None:
                    yield Sheet(about.name, sheet)
    except PasswordError as error:
        raise UnreadableError("workbook_locked") from error
    except (CalamineError, OSError) as error:
        raise UnreadableError("workbook_broken") from error


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
