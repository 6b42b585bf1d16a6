"""The usual words of the council's decisions (Q65)."""

from collections.abc import Collection, Mapping

from core.model.results.summary_sheet import SummarySheet
from core.ports import Translator
from core.rules.results.sheet.council import next_grade, usual_promotion


def decision_texts(
    sheet: SummarySheet, student_ids: Collection[int], words: str | None, t: Translator
) -> Mapping[int, str | None]:
    """The decision on each of these students: these words, else the usual promotion; None where there is none."""
    if words is not None:
        return dict.fromkeys(student_ids, words)
    grade = next_grade(sheet)
    texts: dict[int, str | None] = {}
    for row in sheet.rows:
        if row.student_id in student_ids:
            promotion = usual_promotion(sheet, row)
            texts[row.student_id] = None if promotion is None else t(f"sheet.{promotion}", grade=grade)
    return texts
