"""Reads past series of marks on which the forecast is scored: `group,period,role,student,work,weight,mark`."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from io import TextIOWrapper
from pathlib import Path

from bot.imports.formats.csv_rows import csv_rows
from bot.imports.formats.opening import OpenedImportFile
from bot.imports.formats.sniffing import LARGEST_FILE, FileForm, sniff_format
from bot.imports.reading import ReadingProblems, UnreadableFileError
from core.model.forecast import HIGHEST, LOWEST, MarkedWork, WorkKind
from core.model.imports.reports import ReadFile
from core.rules.forecast.evaluation import SeriesRow

COLUMNS = ("group", "period", "role", "student", "work", "weight", "mark")
EARLIER, TEST = "earlier", "test"
MARKS = {str(mark): mark for mark in range(LOWEST, HIGHEST + 1)}
MOST_FIGURES = 6
"""Digits of a weight."""


def read_mark_series(path: Path, *, all_earlier: bool = False) -> tuple[list[SeriesRow], ReadFile]:
    """The rows, and the file with its problems; with a problem the rows are not complete.

    `all_earlier`: every row is of a closed period, whatever its role says.
    """
    faults, rows = ReadingProblems(), list[SeriesRow]()
    try:
        with OpenedImportFile(path, most=LARGEST_FILE) as file:
            rows = _read_table(file, faults, all_earlier=all_earlier)
    except UnreadableFileError as error:
        faults.add(error.reason, **error.facts)
    except FileNotFoundError:
        faults.add("not_found")
    except UnicodeDecodeError:
        faults.add("encoding")
    except OSError:
        faults.add("not_readable")
    if not rows and not faults.problems:
        faults.add("empty")
    return rows, ReadFile(str(path), "", problems=tuple(faults.problems))


def _read_table(file: OpenedImportFile, faults: ReadingProblems, *, all_earlier: bool) -> list[SeriesRow]:
    """The rows of a text file. Raises UnreadableFileError for another form or without the columns."""
    sniffed = sniff_format(file)
    file.seek(0)
    numbered: Iterator[tuple[int, list[str]]] = iter(())
    with TextIOWrapper(file, sniffed.encoding, newline="") as text:
        if sniffed.form is FileForm.TEXT:
            numbered = enumerate(csv_rows(text, faults, lambda: None), start=1)
        columns = _columns(next(numbered, (1, []))[1])
        filled = ((number, cells) for number, cells in numbered if any(map(str.strip, cells)))
        read = (_row(number, cells, columns, faults) for number, cells in filled)
        rows = [row for row in read if row is not None]
    return [replace(row, earlier=True) for row in rows] if all_earlier else rows


def _columns(head: list[str]) -> Mapping[str, int]:
    titles = [title.strip().lower() for title in head]
    if not set(COLUMNS) <= set(titles):
        raise UnreadableFileError("series_columns", columns=",".join(COLUMNS))
    return {name: titles.index(name) for name in COLUMNS}


def _row(number: int, cells: list[str], columns: Mapping[str, int], faults: ReadingProblems) -> SeriesRow | None:
    """One mark. None, with problems, where a cell cannot be read; names are not quoted."""
    if len(cells) <= max(columns.values()):
        faults.add("series_short", row=number)
        return None
    text = {name: cells[index].strip() for name, index in columns.items()}
    wrong = [name for name in COLUMNS if not _is_readable(name, text[name])]
    for name in wrong:
        value = text[name] if name in {"role", "weight", "mark"} else None
        faults.add(f"series_{name}" if value is not None else "cell_missing", row=number, column=columns[name] + 1,
                   value=value)  # fmt: skip
    if wrong:
        return None
    kind = WorkKind(text["work"], int(text["weight"]))
    work = MarkedWork(kind, MARKS[text["mark"]])
    return SeriesRow(text["group"], text["period"], text["role"].lower() == EARLIER, text["student"], work)


def _is_readable(name: str, text: str) -> bool:
    match name:
        case "role":
            return text.lower() in {EARLIER, TEST}
        case "weight":
            return text.isascii() and text.isdecimal() and len(text) <= MOST_FIGURES and int(text) > 0
        case "mark":
            return text in MARKS
        case _:
            return bool(text)
