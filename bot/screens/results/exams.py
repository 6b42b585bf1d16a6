"""Results of exams and contests of a child (Q77, Q78)."""

from collections.abc import Iterator, Sequence

from bot.screens.dates import screen_date
from bot.screens.frame import ScreenFrame
from bot.screens.screen import Screen, screen_bold, screen_italic, screen_text
from core.actions.results.exams.exam_lookup import KnownResult
from core.model.results.exams import Exam, ExamOutcome, ExamStatus
from core.ports import Translator
from core.rules.results.exam_words import ExamResultWords, worded_exam_name
from core.rules.results.exams import can_be_appealed


def exams_screen(frame: ScreenFrame, known: Sequence[KnownResult]) -> Screen:
    """A child's results, the latest exam first; a status stands instead of a score (Q78)."""
    t = frame.t
    lines = [line for each in known for line in exam_screen_lines(each, t)]
    open_to_appeal = any(can_be_appealed(each.exam.kind, each.result.status) for each in known)
    note = ["", screen_italic(t("notice.appeal"))] if open_to_appeal else []
    return frame.screen(frame.head_of_subject(screen_bold(t("exams.title"))), [*lines, *note] or [t("exams.none")])


def exam_screen_lines(known: KnownResult, t: Translator) -> Iterator[str]:
    outcome = known.result.outcome
    words = ExamResultWords.of(known.exam, outcome, known.threshold, t)
    yield f"{screen_bold(exam_screen_title(known.exam, t))}: {screen_text(words.value(outcome))}"
    if parts := _parts(outcome, t):
        yield screen_italic(parts)
    if outcome.status in {ExamStatus.CHANGED, ExamStatus.UPHELD}:
        yield screen_italic(t(f"exams.{outcome.status}"))


def _parts(outcome: ExamOutcome, t: Translator) -> str:
    """The primary scores of the parts of a language exam."""
    parts = {"oral": outcome.oral, "written": outcome.written}
    return ", ".join(t(f"exams.{name}", score=score) for name, score in parts.items() if score is not None)


def exam_screen_title(exam: Exam, t: Translator) -> str:
    """«ЕГЭ, Русский язык, 28.05»."""
    day = screen_date(exam.on) if exam.on else ""
    return ", ".join(filter(None, (worded_exam_name(exam.kind, exam.stage, t), exam.subject, day)))
