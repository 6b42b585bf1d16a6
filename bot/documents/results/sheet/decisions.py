"""The usual words of the council's decisions (Q65)."""

from collections.abc import Collection, Mapping

from core.model.results.summary_sheet import SummarySheet
from core.ports import Translator
from core.rules.results.sheet.council import next_grade_by_council, usual_council_promotion


def sheet_decision_texts(
    sheet: SummarySheet, student_ids: Collection[int], words: str | None, t: Translator
) -> Mapping[int, str | None]:
    """The decision on each of these students: these words, else the usual promotion; None where there is none."""
    if words is not None:
        return dict.fromkeys(student_ids, words)
    grade = next_grade_by_council(sheet)
    texts: dict[int, str | None] = {}
    for row in sheet.rows:
        if row.student_id in student_ids:
            promotion = usual_council_promotion(sheet, row)
            texts[row.student_id] = None if promotion is None else t(f"sheet.{promotion}", grade=grade)
    return texts
