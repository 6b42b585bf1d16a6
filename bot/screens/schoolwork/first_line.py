"""The first line of answers about homework and control works (Q110)."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import date

from bot.questions.kinds import Asked
from bot.questions.model import Question
from bot.questions.spelling import shares_spelling_word
from bot.screens.dates import relative_screen_date, screen_date_span, weekday_screen_date
from bot.screens.frame import ScreenFrame, clip_to_screen_frame
from bot.screens.notes import screen_note_quotation
from bot.screens.schoolwork.control_works import ControlWorks, control_work_screen_line
from bot.screens.screen import screen_text
from core.model.schoolwork.homework import AssignedHomework

_WHETHER = {Asked.WHETHER, Asked.COUNT}
_LONGEST_TASK = 120
_ABBREVIATED = re.compile(r"огэ|егэ|гвэ|гиа|впр")
_EXAM = re.compile(rf"{_ABBREVIATED.pattern}|экзамен\w*|собеседовани\w*|олимпиад\w*|exams?|olympiads?")
_OF_ONE_DAY = 2
"""Works of one day that are several."""


def homework_screen_first_line(
    frame: ScreenFrame, due: Sequence[AssignedHomework], holiday: str | None, *, past: date
) -> str:
    """«Ничего не задано: …», «Каникулы…», «Задано по 3 предметам: …», «Химия, чт 10.12: § 9».

    `past`: the last day whose lessons are over; what was due until then is the last homework, not the next one.
    """
    if frame.question is None:
        return ""
    line = _homework_line(frame, frame.question, due, holiday, past)
    return f"{frame.t('homework.answer.done')} {line}" if frame.asked is Asked.DONE else line


def _homework_line(
    frame: ScreenFrame, question: Question, due: Sequence[AssignedHomework], holiday: str | None, past: date
) -> str:
    t, dates = frame.t, _dates(frame)
    given = {each.subject for each in due if each.homework.withdrawn_at is None}
    if not given:
        line = _nothing(frame, question, holiday)
        return f"{line} {t('homework.answer.why')}" if frame.asked is Asked.WHY else line
    is_over = all(each.homework.due_on <= past for each in due if each.homework.withdrawn_at is None)
    if is_over and frame.subject is not None and question.since is None and not question.work:
        return t("homework.answer.last_of_subject", task=_task(frame, due))
    if frame.asked in _WHETHER and (frame.subject is None or frame.asked is Asked.WHETHER):
        return _whether(frame, question, due, given)
    return _task(frame, due) if len(given) == 1 else t("homework.answer.subjects", len(given), dates=dates)


def _whether(frame: ScreenFrame, question: Question, due: Sequence[AssignedHomework], given: AbstractSet[str]) -> str:
    """«Да, задано по 3 предметам», of a subject its task, of a named kind of task whether it is written there."""
    if question.work:
        return _named_task(frame, question, due)
    if frame.subject is None:
        return frame.t("homework.answer.yes", len(given), dates=_dates(frame))
    return frame.t("homework.answer.yes_subject", task=_task(frame, due))


def _nothing(frame: ScreenFrame, question: Question, holiday: str | None) -> str:
    """«Каникулы…», «Ничего не задано: …»; of a subject without a day, that nothing is ahead."""
    t, dates = frame.t, _dates(frame)
    if holiday is not None:
        return t("homework.answer.holiday", dates=dates, name=screen_text(holiday))
    if frame.subject is not None and question.since is None:
        return t("homework.answer.none_of_subject", subject=screen_text(frame.subject))
    return t("homework.answer.none_given" if question.is_given else "homework.answer.none", dates=dates)


def _named_task(frame: ScreenFrame, question: Question, due: Sequence[AssignedHomework]) -> str:
    """«Да: Литература, на вт 08.12: стих», or that no task says that word."""
    given = [each for each in due if each.homework.withdrawn_at is None]
    named = [each for each in given if shares_spelling_word(question.work, each.homework.text)]
    if named:
        return frame.t("homework.answer.yes_task", task=_task(frame, named))
    words = screen_note_quotation(question.work)
    subjects = len({each.subject for each in given})
    return frame.t("homework.answer.no_task", subjects, words=words, dates=_dates(frame))


def _task(frame: ScreenFrame, due: Sequence[AssignedHomework]) -> str:
    """«Химия, чт 10.12: § 9»: what is due next where no day is named."""
    given = [each for each in due if each.homework.withdrawn_at is None]
    question = frame.question
    since = question.since if question is not None else None
    is_given = question is not None and question.is_given
    behind = frame.today if since is None else since if is_given else None
    latest = max(given, key=lambda each: each.homework.due_on)
    task = next((each for each in given if behind is None or each.homework.due_on > behind), latest)
    on = relative_screen_date(task.homework.due_on, frame.today, frame.t)
    text = clip_to_screen_frame(" ".join((task.homework.text or frame.t("homework.in_files")).split()), _LONGEST_TASK)
    return frame.t("homework.answer.task", subject=screen_text(task.subject), on=on, text=screen_text(text))


def control_screen_first_line(frame: ScreenFrame, works: ControlWorks) -> str:
    """«Ближайшая: пт 27.11 Физика – контрольная работа», «Нет: контрольных не запланировано.»."""
    ahead = [each for each in works if each[0].on >= frame.today]
    if frame.question is None or _unannounced_exam(frame, ahead):
        return _unannounced_exam(frame, ahead) if frame.question else ""
    until = frame.look.until or frame.today
    asked = [each for each in ahead if each[0].on <= until]
    if frame.asked is Asked.COUNT and asked:
        return frame.t("control.answer.count", len(asked), dates=_dates_ahead(frame))
    if frame.asked is Asked.SAME_DAY:
        return _of_one_day(frame, ahead)
    if frame.asked in _WHETHER and not asked:
        return frame.line_of_subject(frame.t("control.answer.no", dates=_dates_ahead(frame)))
    if not ahead:
        return frame.line_of_subject(frame.t("control.none"))
    key = "control.answer.yes" if frame.asked is Asked.WHETHER else "control.answer.next"
    return frame.t(key, work=control_work_screen_line(frame, *(asked or ahead)[0]))


def _unannounced_exam(frame: ScreenFrame, ahead: ControlWorks) -> str:
    """«ОГЭ: даты здесь не объявлены…», where an exam is named and none of its kind is ahead; else ""."""
    words = frame.question.work if frame.question else ()
    named = next((word for word in words if _EXAM.fullmatch(word)), None)
    if named is None or any(shares_spelling_word(words, f"{work.work_kind} {work.topic}") for work, _ in ahead):
        return ""
    exam = named.upper() if _ABBREVIATED.fullmatch(named) else named.capitalize()
    return frame.t("control.answer.no_exam", exam=screen_text(exam))


def _of_one_day(frame: ScreenFrame, ahead: ControlWorks) -> str:
    """«В один день: ср 16.12 – Алгебра, Физика.», or that no day ahead has two works."""
    days: dict[date, list[str]] = {}
    for work, subject in ahead:
        days.setdefault(work.on, []).append(screen_text(subject))
    on = next((day for day, subjects in days.items() if len(subjects) >= _OF_ONE_DAY), None)
    if on is None:
        return frame.t("control.answer.no_same_day")
    return frame.t("control.answer.same_day", on=weekday_screen_date(on, frame.t), subjects=", ".join(days[on]))


def _dates_ahead(frame: ScreenFrame) -> str:
    """What is behind of a term is not asked."""
    since, until = frame.look.since, frame.look.until
    is_begun = since is not None and until is not None and since < frame.today <= until
    return _dates(frame.between_dates(frame.today, until or frame.today) if is_begun else frame)


def _dates(frame: ScreenFrame) -> str:
    since, until = frame.look.since or frame.today, frame.look.until or frame.today
    return (
        relative_screen_date(since, frame.today, frame.t) if since == until else screen_date_span(since, until, frame.t)
    )
