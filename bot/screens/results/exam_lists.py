"""The results of one exam by class, for class teachers and the deputy head (Q14, Q77)."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.screens.frame import MOST_LINES, screen_frame_button_label
from bot.screens.results.acquaintance import EXAM_SHEET
from bot.screens.results.exams import exam_screen_title
from bot.screens.screen import Screen, Seal, screen_bold, screen_button_rows, screen_text, split_into_screen_pages
from core.actions.results.exams.exam_lookup import ExamList, NamedResult
from core.model.delivery.text import Button
from core.model.results.exams import Exam
from core.ports import Translator
from core.rules.conversation.buttons import Handle
from core.rules.marks.averages import format_average
from core.rules.results.exam_words import ExamResultWords
from core.rules.results.exams import average_exam_result, is_exam_below_threshold

LISTS, LIST = "examlists", "examlist"


def exam_list_choice_screen(exams: Sequence[Exam], t: Translator, seal: Seal) -> Screen:
    """A button for each exam in which somebody of the actor's classes has a result."""
    buttons = [
        Button(screen_frame_button_label(exam_screen_title(exam, t)), seal(Handle(LIST, (exam.id, 0))))
        for exam in exams
    ]
    return Screen(t("exams.which") if exams else t("exams.none_of_classes"), screen_button_rows(buttons, width=1))


def exam_list_screen(found: ExamList, page: int, t: Translator, seal: Seal) -> Screen:
    """One exam: the average, who is under the threshold, then everybody by class."""
    head = [screen_bold(exam_screen_title(found.exam, t)), *_summary(found, t), ""]
    pages = split_into_screen_pages(head, list(_rows(found, t)), most_lines=MOST_LINES)
    page = min(page, len(pages) - 1)
    turns = [place for place in (page - 1, page + 1) if 0 <= place < len(pages)]
    buttons = [
        Button(t("exams.page", page=place + 1, pages=len(pages)), seal(Handle(LIST, (found.exam.id, place))))
        for place in turns
    ]
    back = Button(t("exams.others"), seal(Handle(LISTS)))
    sheet = Button(t("acquaint.print"), seal(Handle(EXAM_SHEET, (found.exam.id,))))
    return Screen("\n".join([*head, *pages[page]]), (*screen_button_rows(buttons, width=2), (sheet, back)))


def _summary(found: ExamList, t: Translator) -> Iterator[str]:
    outcomes = [row.result.outcome for row in found.rows]
    if found.threshold is not None:
        yield t("exams.threshold", score=found.threshold)
    if (mean := average_exam_result(outcomes)) is not None:
        yield t(
            "exams.average", average=screen_bold(format_average(mean, point=t("marks.point"))), persons=len(outcomes)
        )
    below = [row for row in found.rows if is_exam_below_threshold(row.result.outcome)]
    if below or any(outcome.passed is not None for outcome in outcomes):
        yield t("exams.below", len(below))


def _rows(found: ExamList, t: Translator) -> Iterator[str]:
    for class_name, rows in groupby(found.rows, key=lambda row: row.class_name):
        yield screen_bold(class_name or t("exams.no_class"))
        yield from (_row(found, row, t) for row in rows)


def _row(found: ExamList, row: NamedResult, t: Translator) -> str:
    outcome = row.result.outcome
    value = screen_text(ExamResultWords.of(found.exam, outcome, None, t).value(outcome))
    return f"{screen_text(row.student)}: {screen_bold(value) if is_exam_below_threshold(outcome) else value}"
