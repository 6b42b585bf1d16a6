"""The summary sheet as a PDF on A3 or A4, landscape: the head is repeated, a pupil is never cut (Q65)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from bot.documents.results.sheet.grid import GridCell, GridPupil, Heading, Layout, SheetGrid, sheet_grid
from bot.documents.results.sheet.words import SheetIssue, sheet_document_words
from bot.documents.typesetting import typeset_document
from core.model.results.summary_sheet import SheetSubject, SummarySheet
from core.ports import Translator

MEDIA_TYPE = "application/pdf"

_TEMPLATE = Path(__file__).with_name("page.typ")
_MARGINS, _NUMBER, _TERM = 20.0, 7.0, 17.0
_WIDTHS = {"a3": 420.0, "a4": 297.0}
_NAMES = {"a3": 52.0, "a4": 46.0}
_DECISIONS = {"a3": 36.0, "a4": 30.0}
"""Widths of columns and of the paper, in mm."""

_NARROWEST, _READABLE = 3.7, 4.6
"""A column of marks on A3, and on A4, where it is chosen by itself, in mm."""

_LARGEST, _SMALLEST, _GROWTH = 9.0, 6.4, 1.6
"""Sizes of type in points; in between they grow with the width of the columns."""

_LETTER = 0.19
"""The usual width of a letter in mm, for each point of its size."""

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class PageForm:
    """What the user chose; without a paper the smaller one on which the marks can be read."""

    layout: Layout
    paper: str | None = None


def sheet_page_pdf(sheet: SummarySheet, form: PageForm, issue: SheetIssue, t: Translator) -> bytes:
    """The PDF; equal data give an equal document."""
    words = sheet_document_words(sheet, issue, t)
    paper = form.paper or usual_sheet_page_size(sheet, form.layout)
    parts = [sheet_grid(sheet, form.layout, t, subjects=some) for some in _parts(sheet, form.layout, paper)]
    data = {
        "language": t.language,
        "paper": paper,
        "school": words.school,
        "title": words.title,
        "warning": words.warning,
        "heads": {name: t(f"sheet.column.{name}") for name in ("number", "name", "term")},
        "parts": [
            _part_data(grid, paper, t("sheet.part", number=number, parts=len(parts)) if len(parts) > 1 else None)
            for number, grid in enumerate(parts, start=1)
        ],
        "notes_title": t("sheet.notes"),
        "notes": list(words.notes),
        "corrections_title": t("sheet.corrections"),
        "corrections": list(words.corrections),
        "signatures": [list(each) for each in words.signatures],
        "signature": t("sheet.signature"),
        "issued": words.issued,
    }
    return typeset_document(_TEMPLATE, data, format="pdf", timestamp=0)


def usual_sheet_page_size(sheet: SummarySheet, layout: Layout) -> str:
    """A4 where its columns of marks are wide enough to be read, else A3."""
    columns = sum(_columns(each, layout) for each in sheet.subjects)
    return "a4" if _room("a4", layout) >= _READABLE * columns else "a3"


def _columns(subject: SheetSubject, layout: Layout) -> int:
    return len(subject.terms) if layout is Layout.TERMS_IN_COLUMNS and subject.terms else 1


def _room(paper: str, layout: Layout) -> float:
    """The width for all columns of marks, in mm."""
    sides = _NUMBER + _NAMES[paper] + _DECISIONS[paper] + (_TERM if layout is Layout.TERMS_IN_ROWS else 0)
    return _WIDTHS[paper] - _MARGINS - sides


def _parts(sheet: SummarySheet, layout: Layout, paper: str) -> Sequence[Sequence[SheetSubject]]:
    """The subjects in as few parts as have readable columns; a subject is never divided."""
    most = max(int(_room(paper, layout) / _NARROWEST), 1)
    total = sum(_columns(each, layout) for each in sheet.subjects)
    even = -(-total // max(-(-total // most), 1))
    cuts, used = [0], 0
    for place, subject in enumerate(sheet.subjects):
        width = _columns(subject, layout)
        if used and (used + width > most or used >= even):
            cuts.append(place)
            used = 0
        used += width
    return [sheet.subjects[since:until] for since, until in pairwise([*cuts, len(sheet.subjects)])]


def _part_data(grid: SheetGrid, paper: str, label: str | None) -> Json:
    layout = Layout.TERMS_IN_ROWS if grid.has_terms_in_rows else Layout.TERMS_IN_COLUMNS
    width = min(_room(paper, layout) / max(grid.width, 1), _TERM)
    size = min(_LARGEST, max(_SMALLEST, width * _GROWTH))
    return {
        "label": label,
        "number": _NUMBER,
        "name": _NAMES[paper],
        "term": _TERM if grid.has_terms_in_rows else None,
        "decision": _DECISIONS[paper],
        "mark": width,
        "columns": grid.width,
        "size": size,
        "head_rows": grid.head_rows,
        "decision_heading": grid.decision_heading,
        "starts": sorted(grid.subject_starts),
        "headings": [_heading(each) for each in grid.headings],
        "pupils": [_pupil(each, width, size) for each in grid.pupils],
    }


def _heading(each: Heading) -> Json:
    place = {"x": each.column, "y": each.row, "w": each.width, "h": each.height}
    return {"text": each.text, "vertical": each.is_vertical, **place}


def _pupil(pupil: GridPupil, width: float, size: float) -> Json:
    return {
        "number": pupil.number,
        "name": pupil.name,
        "remark": pupil.remark,
        "decision": pupil.decision,
        "words": pupil.words,
        "lines": [{"term": term, "cells": [*_cells(cells, width, size)]} for term, cells in pupil.lines],
    }


def _cells(cells: Sequence[GridCell], width: float, size: float) -> Iterator[Json]:
    """A word that is wider than its column is turned."""
    for cell in cells:
        turned = len(cell.text) * _LETTER * size > width - 1
        yield {"text": cell.text, "note": cell.note, "exists": cell.exists, "turned": turned}
