"""Lines that say how a question was taken, so that nothing that was said is dropped in silence (Q112, Q113)."""

from collections.abc import Sequence
from dataclasses import replace

from bot.questions.model import Question
from bot.screens.dates import screen_date_span
from bot.screens.frame import ScreenFrame, clip_to_screen_frame
from bot.screens.screen import Screen, screen_italic, screen_text
from core.model.year import ReportingPeriod
from core.ports import Translator

_LONGEST_WORD, _MOST_WORDS = 40, 5


def missing_calendar_note_screen(frame: ScreenFrame, key: str, periods: Sequence[ReportingPeriod]) -> Screen:
    """The calendar has no such term or no holidays: that is the answer, with the terms that there are."""
    known = ", ".join(screen_text(each.name) for each in periods)
    return frame.screen([frame.t(key)], [frame.t("answer.terms_are", terms=known)] if known else [])


def screen_with_child_notes(
    frame: ScreenFrame, screen: Screen, school_class: str, *, is_untaught: bool, is_own: bool
) -> Screen:
    """Says whose data are shown where another class was named, and that the class has no such subject.

    `is_own`: the student asks.
    """
    t, question = frame.t, frame.question
    notes = []
    if question is not None and question.form:
        of_child = f"{frame.name}, {school_class}" if school_class else frame.name
        key = "answer.not_own_class" if is_own else "answer.other_class"
        notes.append(t(key, form=screen_text(question.form.upper()), child=screen_text(of_child)))
    if is_untaught and frame.subject is not None:
        notes.append(
            t("answer.untaught_here", subject=screen_text(frame.subject), school_class=screen_text(school_class))
            if school_class
            else t("answer.untaught", subject=screen_text(frame.subject))
        )
    return replace(screen, text="\n".join([*notes, "", screen.text])) if notes else screen


def screen_with_question_notes(screen: Screen, question: Question, t: Translator) -> Screen:
    """Says what was understood of a question that goes on with another, and which words were not understood."""
    lines = [_understood(question, t)] if question.goes_on else []
    if question.untaught:
        lines.append(t("answer.no_such_subject", subject=screen_note_quotation(question.untaught)))
    if question.unread:
        lines.append(t("answer.unread", words=screen_note_quotation(question.unread)))
    return replace(screen, text="\n".join([screen.text, "", *map(screen_italic, lines)])) if lines else screen


def _understood(question: Question, t: Translator) -> str:
    """«Понял так: оценки, Химия, вт 08.12»."""
    parts = [t(f"intent.{question.intent}"), question.subject, *question.subjects]
    if question.since and question.until:
        parts.append(screen_date_span(question.since, question.until, t))
    return t("answer.understood", what=", ".join(filter(None, parts)))


def screen_note_quotation(words: Sequence[str]) -> str:
    """«электробус», «бла»."""
    return ", ".join(f"«{screen_text(clip_to_screen_frame(word, _LONGEST_WORD))}»" for word in words[:_MOST_WORDS])
