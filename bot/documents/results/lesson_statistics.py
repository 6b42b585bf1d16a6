"""Statistics of lessons as JSON and as a table (Q59, Q60)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.documents.results.table import Cell, FigureTable, exact_table_text
from bot.screens.marks.gradebook import gradebook_screen_type_words
from core.model.imports.reports import YEAR
from core.model.results.statistics import LessonStatistics
from core.model.year import Subject
from core.ports import Translator

HEADS = ("class", "subject", "group", "term", "lesson_type", "planned", "held", "cancelled", "substituted", "moved")
BY_TEMPLATE = "*"


@dataclass(frozen=True, slots=True)
class LessonStatisticsDocument:
    """Rows with the names of their subjects."""

    rows: Sequence[LessonStatistics]
    subjects: Mapping[int, str]

    @classmethod
    def of(cls, rows: Iterable[LessonStatistics], subjects: Iterable[Subject]) -> "LessonStatisticsDocument":
        """The rows of each class by the names of subjects; classes stay in their order."""
        names = {each.id: each.name for each in subjects}
        by_class: dict[int, list[LessonStatistics]] = {}
        for row in rows:
            by_class.setdefault(row.school_class.id, []).append(row)
        ordered = (sorted(of_class, key=lambda row: names[row.subject_id]) for of_class in by_class.values())
        return cls([row for of_class in ordered for row in of_class], names)


def lesson_statistics_json(report: LessonStatisticsDocument) -> list[dict[str, Any]]:
    """The rows as contracts, Final marks, has them."""
    return [
        {
            "class": row.school_class.name,
            "subject": report.subjects[row.subject_id],
            "group": row.group,
            "term": row.term,
            "lesson_type": row.lesson_type,
            "planned": row.planned,
            "held": row.held,
            "cancelled": row.cancelled,
            "substituted": row.substituted,
            "moved": row.moved,
            "percent": exact_table_text(row.percent),
            "lag": row.lag,
        }
        for row in report.rows
    ]


def lesson_statistics_table(report: LessonStatisticsDocument, t: Translator) -> FigureTable:
    """The rows, with a note if some of them have no plan of hours."""
    heads = [t(f"statistics.column.{name}") for name in (*HEADS, "percent", "lag")]
    by_template = any(row.by_template for row in report.rows)
    notes = [t("statistics.by_template", sign=BY_TEMPLATE)] if by_template else []
    return FigureTable(t("statistics.lessons"), heads, [_cells(row, report.subjects, t) for row in report.rows], notes)


def _cells(row: LessonStatistics, subjects: Mapping[int, str], t: Translator) -> Sequence[Cell]:
    subject = subjects[row.subject_id]
    return (
        row.school_class.name,
        f"{subject} {BY_TEMPLATE}" if row.by_template else subject,
        row.group or "",
        lesson_statistics_term_name(row.term, t),
        _type_words(row.lesson_type, t),
        row.planned,
        row.held,
        row.cancelled,
        row.substituted,
        row.moved,
        row.percent,
        row.lag if row.planned or row.lesson_type is None else None,
    )


def lesson_statistics_term_name(term: str, t: Translator) -> str:
    """The name of a term; the year is no reporting period and has a word of its own."""
    return t("statistics.term.year") if term == YEAR else term


def _type_words(lesson_type: str | None, t: Translator) -> str:
    return t("statistics.type.all") if lesson_type is None else gradebook_screen_type_words(lesson_type, t)
