"""Plain tables: recognises the header of a known table and checks its rows (contracts, "Tables")."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.imports.reading import ProblemList, UnreadableFileError
from bot.imports.tables.schemas import IGNORED_TITLES, SCHEMAS, Schema, TableKind, normalise_column_title

_TOP_ROWS = 5


@dataclass(frozen=True, slots=True)
class Header:
    """A recognised header in row `row` (from 1): column name → index. `width` counts the titled columns.

    `untitled` are the indices of columns among them that have no title; they must be empty.
    """

    kind: TableKind
    row: int
    columns: Mapping[str, int]
    width: int
    untitled: tuple[int, ...] = ()


def find_header(rows: Sequence[Sequence[str]], faults: ProblemList) -> Header | None:
    """The header among the first rows, or None. A repeated or unknown column is a problem.

    Raises UnreadableError where at most a third of a known table's columns is missing, and names them.
    """
    missing: tuple[Schema, list[str]] | None = None
    for number, row in enumerate(rows[:_TOP_ROWS], start=1):
        for schema in SCHEMAS:
            named = {name for title in row if (name := schema.column(title))}
            lacking = [name for name in schema.required if name not in named]
            if not lacking:
                return _header(schema, number, row, faults)
            if schema.sign not in lacking and len(lacking) <= len(schema.required) // 3:
                missing = missing or (schema, lacking)
    if missing:
        raise UnreadableFileError("columns_missing", table=str(missing[0].kind), columns=", ".join(missing[1]))
    return None


def resembles_table(row: Sequence[str], kinds: Collection[TableKind] = ()) -> bool:
    """True for a row with at least two thirds of the columns that a known table needs; `kinds` are those looked at."""
    for schema in SCHEMAS:
        if kinds and schema.kind not in kinds:
            continue
        named = {name for title in row if (name := schema.column(title))}
        if len(schema.required.keys() - named) <= len(schema.required) // 3:
            return True
    return False


def table_rows(
    header: Header, rows: Iterable[tuple[int, Sequence[str]]], faults: ProblemList
) -> Iterator[tuple[int, Sequence[str]]]:
    """The numbered rows under a header. Empty rows are skipped; rows of another width are problems."""
    for number, row in rows:
        if has_columns(header, number, row, faults):
            yield number, row


def has_columns(header: Header, number: int, row: Sequence[str], faults: ProblemList) -> bool:
    """True where a row has the header's columns. False for an empty row, and for another width, which is a problem."""
    if not any(map(str.strip, row)):
        return False
    if len(row) < header.width or any(row[header.width :]):
        faults.add("column_count", row=number, expected=str(header.width), found=str(len(row)))
        return False
    for column in header.untitled:
        if row[column].strip():
            faults.add("column_untitled", row=number, column=column + 1)
    return True


def _header(schema: Schema, number: int, row: Sequence[str], faults: ProblemList) -> Header:
    columns: dict[str, int] = {}
    for index, title in enumerate(row):
        name = schema.column(title)
        if name in columns:
            faults.add("column_repeated", row=number, column=index + 1)
        elif name:
            columns[name] = index
        elif normalise_column_title(title) not in IGNORED_TITLES:
            faults.add("column_unknown", row=number, column=index + 1, table=str(schema.kind))
    width = max(index + 1 for index, title in enumerate(row) if title.strip())
    untitled = tuple(index for index, title in enumerate(row[:width]) if not normalise_column_title(title))
    return Header(schema.kind, number, columns, width, untitled)
