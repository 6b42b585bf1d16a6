"""Plain tables: recognises the header of a known table and checks its rows (contracts, "Tables")."""

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.imports.reading import ReadingProblems, UnreadableFileError
from bot.imports.tables.schemas import (
    EVERY_SCHEMA,
    EXAM_RESULTS,
    IGNORED_TITLES,
    SCHEMAS,
    TableKind,
    TableSchema,
    find_sheet_schema,
    normalise_table_schema_title,
)

_TOP_ROWS = 5
_ALIKE = 7
"""Titles that share so many letters at their beginning may be meant for one column."""


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


def find_table_header(rows: Sequence[Sequence[str]], faults: ReadingProblems) -> Header | None:
    """The header among the first rows, or None. A repeated column is a problem, and so is one of another table.

    A column that no table knows is noted and passed over (Q130). Raises UnreadableFileError for a table of exams, and
    where at most a third of a known table's columns is missing: their names are told. Where this may be several tables,
    the sheet's title says which one is meant.
    """
    incomplete: list[tuple[TableSchema, Sequence[str]]] = []
    for number, row in enumerate(rows[:_TOP_ROWS], start=1):
        if EXAM_RESULTS.fits(row):
            raise UnreadableFileError("is_exam")
        for schema in SCHEMAS:
            if schema.fits(row):
                return _header(schema, number, row, faults)
            if schema.resembles(row):
                incomplete.append((schema, row))
    if incomplete:
        meant = find_sheet_schema(faults.sheet)
        raise _missing_columns(*min(incomplete, key=lambda each: each[0] is not meant))
    return None


def unknown_table_error(rows: Sequence[Sequence[str]], sheet: str) -> UnreadableFileError:
    """Why a sheet without a known header cannot be read: the columns that the table of its title lacks, if any."""
    meant, top = find_sheet_schema(sheet), rows[:_TOP_ROWS]
    if meant is not None and top:
        row = min(top, key=lambda each: len(meant.lacking(each)))
        if len(meant.lacking(row)) < len(meant.required):
            return _missing_columns(meant, row)
    return UnreadableFileError("unrecognised")


def _missing_columns(schema: TableSchema, row: Sequence[str]) -> UnreadableFileError:
    """The columns that are missing, and the titles that may be meant for them."""
    lacking = schema.lacking(row)
    facts = {"table": str(schema.kind), "columns": ", ".join(lacking)}
    meant = [title for title in row if _similar_column(schema, row, title) in lacking]
    if not meant:
        return UnreadableFileError("columns_missing", **facts)
    return UnreadableFileError("columns_missing_near", **facts, titles=", ".join(f"«{each}»" for each in meant))


def resembles_table_header(row: Sequence[str], kinds: Collection[TableKind] = ()) -> bool:
    """True for a row with at least two thirds of the columns that a known table needs; `kinds` are those looked at."""
    return any(
        len(schema.lacking(row)) <= len(schema.required) // 3 for schema in SCHEMAS if not kinds or schema.kind in kinds
    )


def rows_under_header(
    header: Header, rows: Iterable[tuple[int, Sequence[str]]], faults: ReadingProblems
) -> Iterator[tuple[int, Sequence[str]]]:
    """The numbered rows under a header. Empty rows are skipped; rows of another width are problems."""
    for number, row in rows:
        if has_header_columns(header, number, row, faults):
            yield number, row


def has_header_columns(header: Header, number: int, row: Sequence[str], faults: ReadingProblems) -> bool:
    """True where a row has the header's columns. False for an empty row, and for another width, which is a problem."""
    if not any(map(str.strip, row)):
        return False
    if len(row) < header.width or any(row[header.width :]):
        faults.add("column_count", row=number, expected=str(header.width), found=str(len(row)))
        faults.leave_out_row(str(header.kind), number)
        return False
    for column in header.untitled:
        if row[column].strip():
            faults.add("column_untitled", row=number, column=column + 1)
    return True


def _header(schema: TableSchema, number: int, row: Sequence[str], faults: ReadingProblems) -> Header:
    columns: dict[str, int] = {}
    for index, title in enumerate(row):
        name = schema.column(title)
        if name in columns:
            faults.add("column_repeated", row=number, column=index + 1)
        elif name:
            columns[name] = index
    note_unknown_header_columns(schema, number, row, faults)
    width = max(index + 1 for index, title in enumerate(row) if title.strip())
    untitled = tuple(index for index, title in enumerate(row[:width]) if not normalise_table_schema_title(title))
    return Header(schema.kind, number, columns, width, untitled)


def note_unknown_header_columns(schema: TableSchema, number: int, row: Sequence[str], faults: ReadingProblems) -> None:
    """Note each column that is not read; one by which the table would be another one is a problem (Q130)."""
    for column, title in enumerate(row, start=1):
        if schema.column(title) is not None or normalise_table_schema_title(title) in IGNORED_TITLES:
            continue
        kind = str(schema.kind)
        if (other := _owner(schema, row, title)) is not None:
            faults.add("column_of_other", row=number, column=column, value=title, table=kind, other=str(other.kind))
        elif (near := _similar_column(schema, row, title)) is not None:
            faults.note("column_unknown_near", row=number, column=column, value=title, table=kind, near=near)
        else:
            faults.note("column_unknown", row=number, column=column, value=title, table=kind)


def _owner(schema: TableSchema, row: Sequence[str], title: str) -> TableSchema | None:
    """Another table that this header may be meant for: it has all its columns, or most and one that is its alone."""
    owners = [each for each in EVERY_SCHEMA if each is not schema and each.column(title) is not None]
    return next((each for each in owners if each.fits(row) or (len(owners) == 1 and each.resembles(row))), None)


def _similar_column(schema: TableSchema, row: Sequence[str], title: str) -> str | None:
    """The absent column whose title a title resembles: «эл. поча», or «электронка» by its beginning; else None."""
    named, said = set(map(schema.column, row)), normalise_table_schema_title(title)
    if not said or schema.column(title) is not None:
        return None
    absent = {name: titles for name in schema.columns if name not in named and (titles := _titles(schema, name))}
    words = {word: name for name, titles in absent.items() for word in (name, *titles.split(", "))}
    alike = (word for word in words if word[:_ALIKE] == said[:_ALIKE] and len(said) >= _ALIKE)
    near = difflib.get_close_matches(said, words, n=1, cutoff=0.8) or list(alike)
    return words[near[0]] if near else None


def _titles(schema: TableSchema, name: str) -> str:
    return schema.required.get(name) or schema.optional[name]
