"""Tables of figures as a PDF, A4 across."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from bot.documents.results.table import FigureTable, table_cell_words
from bot.documents.typesetting import typeset_document
from core.ports import Translator

_TEMPLATE = Path(__file__).with_name("pages.typ")


def table_pages_pdf(tables: Sequence[FigureTable], t: Translator, *, school: str, day: str) -> bytes:
    """A part for each table; heads are repeated on each page. Equal data give an equal document."""
    data = {
        "language": t.language,
        "school": school,
        "day": t("statistics.day", day=day),
        "tables": [_table(table, t) for table in tables],
    }
    return typeset_document(_TEMPLATE, data, format="pdf", timestamp=0)


def _table(table: FigureTable, t: Translator) -> dict[str, object]:
    """`words` are the columns of words, which stand left; columns of `shares` are wider than those of numbers."""
    columns = range(len(table.heads))
    return {
        "title": table.title,
        "heads": list(table.heads),
        "words": [all(isinstance(row[column], str) for row in table.rows) for column in columns],
        "shares": [any(isinstance(row[column], Fraction) for row in table.rows) for column in columns],
        "rows": [[table_cell_words(cell, t) for cell in row] for row in table.rows],
        "notes": list(table.notes),
    }
