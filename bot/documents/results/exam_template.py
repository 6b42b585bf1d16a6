"""A workbook to fill in with results of exams: titled columns, and lists of the words that the import knows (Q130)."""

import io
from collections.abc import Mapping

import xlsxwriter

from bot.imports.exams.table import DATE, PASSED, PLACE, STAGE, STATUS, STUDENT, TITLES
from bot.imports.exams.words import EXAM, KINDS, PLACES, STAGES, STATUSES, VERDICTS

ROWS = 1000
"""Rows that offer the lists: more than a school fills in at once."""

WORDS: Mapping[str, Mapping[str, object]] = {
    EXAM: KINDS,
    STAGE: STAGES,
    PASSED: VERDICTS,
    STATUS: STATUSES,
    PLACE: PLACES,
}


def exam_template() -> bytes:
    """The workbook; the first word of each meaning is offered, the import knows the others too."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Результаты")
        head, day = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "dd.mm.yyyy"})
        for column, (name, title) in enumerate(TITLES.items()):
            sheet.write_string(0, column, title, head)
            sheet.set_column(column, column, 36 if name == STUDENT else 18, day if name == DATE else None)
            if name in WORDS:
                offered = {"validate": "list", "source": _first_words(WORDS[name])}
                sheet.data_validation(1, column, ROWS, column, offered)
        sheet.freeze_panes(1, 1)
    return content.getvalue()


def _first_words(words: Mapping[str, object]) -> list[str]:
    """One Russian word for each meaning, so that a list stays short."""
    first: dict[object, str] = {}
    for word, meaning in words.items():
        if not word.isascii():
            first.setdefault(meaning, word)
    return list(first.values())
