"""Workbooks to fill in: a sheet a table with titled columns and an example, and a sheet that explains them (Q130)."""

import io
from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import chain
from typing import Any

import xlsxwriter

from bot.imports.exams.words import KINDS, PLACES, STAGES, STATUSES, VERDICTS
from bot.imports.tables.examples import EXAMPLES
from bot.imports.tables.people import GROUP_KINDS, ROLES
from bot.imports.tables.schemas import EVERY_SCHEMA, EXAMS, JOURNAL, TEXTS, TableKind, TableSchema
from bot.imports.tables.timetable import CHANGES
from core.model.imports.finals import FinalsKind
from core.model.imports.people_lists import PeopleKind
from core.model.imports.timetable_tables import ScheduleKind
from core.ports import Translator

ROWS = 1000
"""Rows that offer lists of words: more than a school fills in at once."""

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
HEADS = ("table", "column", "needed", "about", "example")
EXPLANATION_WIDTHS = (16, 18, 12, 90, 34)
DATES = frozenset({"date", "birth_date", "leaves_on", "ends_on", "form_date", "new_date"})
NAMES = frozenset({"student", "guardian", "person", "teacher", "new_teacher", "confirmed_by", "absent"})
"""Columns that are wide enough for a full name."""


class TemplateKind(StrEnum):
    """What a workbook is for: the import command that reads it."""

    PEOPLE = "people"
    JOURNAL = "journal"
    TIMETABLE = "timetable"
    FINALS = "finals"
    EXAMS = "exams"


TABLES: Mapping[TemplateKind, Sequence[TableKind]] = {
    TemplateKind.PEOPLE: tuple(PeopleKind),
    TemplateKind.JOURNAL: (JOURNAL,),
    TemplateKind.TIMETABLE: tuple(ScheduleKind),
    TemplateKind.FINALS: (FinalsKind.TABLE,),
    TemplateKind.EXAMS: (EXAMS,),
}
WORDS: Mapping[tuple[TableKind, str], Mapping[str, object]] = {
    (PeopleKind.STAFF, "role"): ROLES,
    (PeopleKind.GROUPS, "kind"): GROUP_KINDS,
    (ScheduleKind.CHANGES, "change"): CHANGES,
    (EXAMS, "exam"): KINDS,
    (EXAMS, "stage"): STAGES,
    (EXAMS, "passed"): VERDICTS,
    (EXAMS, "status"): STATUSES,
    (EXAMS, "place"): PLACES,
}
"""Columns that offer a list of words; the import knows other words too."""


def template_workbook(kind: TemplateKind, t: Translator) -> bytes:
    """The workbook, with titles and explanations in the translator's language."""
    content = io.BytesIO()
    schemas = [schema for table in TABLES[kind] for schema in EVERY_SCHEMA if schema.kind == table]
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        formats = {
            "head": book.add_format({"bold": True, "bottom": 1}),
            "optional_head": book.add_format({"bottom": 1}),
            "example": book.add_format({"italic": True, "font_color": "#7f7f7f"}),
            "date": book.add_format({"num_format": "dd.mm.yyyy"}),
            "text": book.add_format({"num_format": "@"}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        for schema in schemas:
            _write_table(book.add_worksheet(t(f"table.{schema.kind}")), schema, formats, t)
        _write_explanations(book.add_worksheet(t("table.explanations")), schemas, formats, t)
    return content.getvalue()


def _write_table(sheet: Any, schema: TableSchema, formats: Mapping[str, Any], t: Translator) -> None:
    for column, name in enumerate(schema.columns):
        shape = formats["date"] if name in DATES else formats["text"] if name in TEXTS else None
        sheet.set_column(column, column, 34 if name in NAMES else 18, shape)
        head = formats["head" if name in schema.required else "optional_head"]
        sheet.write_string(0, column, t(f"table.column.{name}"), head)
        for row, example in enumerate(EXAMPLES[schema.kind], start=1):
            sheet.write_string(row, column, example.get(name, ""), formats["example"])
        if (schema.kind, name) in WORDS:
            offered = {"validate": "list", "source": _first_words(WORDS[schema.kind, name])}
            sheet.data_validation(1, column, ROWS, column, offered | {"error_type": "information"})
    sheet.freeze_panes(1, 1)


def _write_explanations(sheet: Any, schemas: Sequence[TableSchema], formats: Mapping[str, Any], t: Translator) -> None:
    heads = [t(f"table.head.{head}") for head in HEADS]
    rows = chain.from_iterable(_explained(schema, t) for schema in schemas)
    for column, width in enumerate(EXPLANATION_WIDTHS):
        sheet.set_column(column, column, width, formats["wrap"])
        sheet.write_string(2, column, heads[column], formats["head"])
    sheet.merge_range(0, 0, 0, len(HEADS) - 1, t("table.hint"), formats["wrap"])
    sheet.set_row(0, 34)
    for number, row in enumerate(rows, start=3):
        for column, text in enumerate(row):
            sheet.write_string(number, column, text, formats["wrap"])
    sheet.freeze_panes(3, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _explained(schema: TableSchema, t: Translator) -> Sequence[tuple[str, ...]]:
    """A row a column: its table, its title, whether it is needed, what to write, an example."""
    table = t(f"table.{schema.kind}")
    return [
        (
            table,
            t(f"table.column.{name}"),
            t("table.needed.yes" if name in schema.required else "table.needed.no"),
            template_column_explanation(schema.kind, name, t),
            next((text for example in EXAMPLES[schema.kind] if (text := example.get(name))), ""),
        )
        for name in schema.columns
    ]


def template_column_explanation(kind: TableKind, name: str, t: Translator) -> str:
    """What to write into a column: in this table where it has a sentence of its own, else in any."""
    try:
        return t(f"table.about.{kind}.{name}")
    except KeyError:
        return t(f"table.about.{name}")


def _first_words(words: Mapping[str, object]) -> list[str]:
    """One Russian word for each meaning, so that a list stays short."""
    first: dict[object, str] = {}
    for word, meaning in words.items():
        if not word.isascii():
            first.setdefault(meaning, word)
    return list(first.values())
