"""What the teachers' council usually decides at the end of a year (273-ФЗ, art. 58)."""

from enum import StrEnum

from core.model.imports.reports import YEAR
from core.model.results.summary_sheet import SheetRow, SummarySheet
from core.rules.marks.tokens import NOT_ASSESSED
from core.rules.results.proposals import EXAM_GRADE, FAILED
from core.rules.year import FIRST_GRADE, LAST_GRADE, grade_level_of_groups

UNSATISFACTORY = frozenset({"1", "2", FAILED, NOT_ASSESSED})
"""Marks of a year that leave an academic debt."""


class Promotion(StrEnum):
    """Into the next grade, or into it on the condition that the debt is made up (art. 58 p. 8)."""

    PROMOTED = "promoted"
    ON_CONDITION = "on_condition"


def next_grade_by_council(sheet: SummarySheet) -> int | None:
    """The grade into which a class is promoted; None for grades 9 and 11, which end with exams."""
    grade = grade_level_of_groups([sheet.school_class])
    return None if grade in {None, EXAM_GRADE, LAST_GRADE} else (grade or 0) + 1


def usual_council_promotion(sheet: SummarySheet, row: SheetRow) -> Promotion | None:
    """By the marks of the year; None where the council has to decide: without such marks, or after a departure."""
    if next_grade_by_council(sheet) is None or row.departure is not None:
        return None
    if grade_level_of_groups([sheet.school_class]) == FIRST_GRADE:
        return Promotion.PROMOTED
    of_year = [cell for (_, term), cell in row.cells.items() if term == YEAR]
    if not of_year:
        return None
    is_owed = any(cell.value is None or cell.value in UNSATISFACTORY for cell in of_year)
    return Promotion.ON_CONDITION if is_owed else Promotion.PROMOTED
