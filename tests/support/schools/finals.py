"""Final marks of a class as the readers hand them to the import, written out by hand."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.model.imports.finals import FinalRow, FinalsKind, FinalsTable
from core.model.imports.reports import ReadFile
from tests.support.schools.files import PYOTR

FIRST, SECOND = "1 четверть", "2 четверть"


def final(mark: str = "5", subject: str = "Алгебра", term: str = FIRST, **more: Any) -> FinalRow:
    """A mark of Pyotr, who is in 8Б; its place is row 7 and column 4, and his name stands in column 2."""
    return replace(FinalRow(PYOTR, subject, term, mark, 7, 4, 7, 2, school_class="8Б"), **more)


def finals_file(*rows: FinalRow, kind: FinalsKind = FinalsKind.MATRIX, name: str = "итоги.xlsx") -> ReadFile:
    """A file of final marks; its hash follows from what it says."""
    table = FinalsTable(kind, "8Б", "8Б", rows)
    return ReadFile(name, hashlib.sha256(repr(rows).encode()).hexdigest(), finals=(table,))


def finals_of(marks: Mapping[str, str], **more: Any) -> ReadFile:
    """A matrix of one pupil and term: subject → mark, column by column."""
    numbered = enumerate(marks.items(), start=3)
    return finals_file(*(final(mark, subject, column=column, **more) for column, (subject, mark) in numbered))
