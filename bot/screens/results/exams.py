"""Exam results of a child, and of the classes of a class teacher or the deputy head (Q14, Q77, Q78)."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.screens.dates import short_date
from bot.screens.frame import MOST_LINES, Frame, button_label
from bot.screens.screen import Screen, Seal, bold, button_rows, italic, plain_text, split_into_pages
from core.actions.results.exam_lookup import ExamList, KnownResult, NamedResult
from core.model.delivery.text import Button
from core.model.results.exams import Exam, ExamOutcome, ExamStatus
from core.ports import Translator
from core.rules.conversation.buttons import Handle
from core.rules.marks.averages import format_average
from core.rules.results.exam_words import ExamWords, can_be_appealed, exam_name
from core.rules.results.exams import average_result, is_below

LISTS, LIST = "examlists", "examlist"


def exam_results(frame: Frame, known: Sequence[KnownResult]) -> Screen:
    """A child's results, the latest exam first; a status stands instead of a score (Q78)."""
    t = frame.t
    lines = [line for each in known for line in _result(each, t)]
    open_to_appeal = any(can_be_appealed(each.exam.kind, each.result.status) for each in known)
    note = ["", italic(t("notice.appeal"))] if open_to_appeal else []
    return frame.screen(frame.head(bold(t("exams.title"))), [*lines, *note] or [t("exams.none")])


def _result(known: KnownResult, t: Translator) -> Iterator[str]:
    outcome = known.result.outcome
    words = ExamWords.of(known.exam, outcome, known.threshold, t)
    yield f"{bold(exam_title(known.exam, t))}: {plain_text(words.value(outcome))}"
    if parts := _parts(outcome, t):
        yield italic(parts)
    if outcome.status in {ExamStatus.CHANGED, ExamStatus.UPHELD}:
        yield italic(t(f"exams.{outcome.status}"))


def _parts(outcome: ExamOutcome, t: Translator) -> str:
    """The primary scores of the parts of a language exam."""
    parts = {"oral": outcome.oral, "written": outcome.written}
    return ", ".join(t(f"exams.{name}", score=score) for name, score in parts.items() if score is not None)


def exam_title(exam: Exam, t: Translator) -> str:
    """«ЕГЭ, Русский язык, 28.05»."""
    day = short_date(exam.on) if exam.on else ""
    return ", ".join(filter(None, (exam_name(exam.kind, exam.stage, t), exam.subject, day)))


def exam_choice(exams: Sequence[Exam], t: Translator, seal: Seal) -> Screen:
    """A button for each exam in which somebody of the actor's classes has a result."""
    buttons = [Button(button_label(exam_title(exam, t)), seal(Handle(LIST, (exam.id, 0)))) for exam in exams]
    return Screen(t("exams.which") if exams else t("exams.none_of_classes"), button_rows(buttons, width=1))


def exam_list(found: ExamList, page: int, t: Translator, seal: Seal) -> Screen:
    """One exam: the average, who is under the threshold, then everybody by class."""
    head = [bold(exam_title(found.exam, t)), *_summary(found, t), ""]
    pages = split_into_pages(head, list(_rows(found, t)), most_lines=MOST_LINES)
    page = min(page, len(pages) - 1)
    turns = [place for place in (page - 1, page + 1) if 0 <= place < len(pages)]
    buttons = [
        Button(t("exams.page", page=place + 1, pages=len(pages)), seal(Handle(LIST, (found.exam.id, place))))
        for place in turns
    ]
    back = Button(t("exams.others"), seal(Handle(LISTS)))
    return Screen("\n".join([*head, *pages[page]]), (*button_rows(buttons, width=2), (back,)))


def _summary(found: ExamList, t: Translator) -> Iterator[str]:
    outcomes = [row.result.outcome for row in found.rows]
    if (mean := average_result(outcomes)) is not None:
        yield t("exams.average", average=bold(format_average(mean, point=t("marks.point"))), persons=len(outcomes))
    below = [row for row in found.rows if is_below(row.result.outcome)]
    if below or any(outcome.passed is not None for outcome in outcomes):
        yield t("exams.below", len(below))


def _rows(found: ExamList, t: Translator) -> Iterator[str]:
    for class_name, rows in groupby(found.rows, key=lambda row: row.class_name):
        yield bold(class_name or t("exams.no_class"))
        yield from (_row(found, row, t) for row in rows)


def _row(found: ExamList, row: NamedResult, t: Translator) -> str:
    outcome = row.result.outcome
    value = plain_text(ExamWords.of(found.exam, outcome, None, t).value(outcome))
    return f"{plain_text(row.student)}: {bold(value) if is_below(outcome) else value}"
