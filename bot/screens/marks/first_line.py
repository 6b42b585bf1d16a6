"""The first line of answers about marks: how many, whether any, why (Q110)."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

from bot.questions.kinds import Asked
from bot.questions.model import Question
from bot.questions.spelling import shares_spelling_word
from bot.screens.dates import screen_date
from bot.screens.forecast.words import (
    capitalised_forecast_screen_words,
    forecast_screen_average_words,
    forecast_screen_verdict_words,
)
from bot.screens.frame import ScreenFrame, clip_to_screen_frame
from bot.screens.marks.lookup import (
    MARK_KINDS,
    Changes,
    Entries,
    average_figure_on_screen,
    averaged_marks_on_screen,
    dates_asked_on_screen,
    mark_change_on_screen,
    mark_value_on_screen,
    mark_work_on_screen,
)
from bot.screens.screen import screen_text
from core.model.forecast import Forecast
from core.model.marks.entries import Entry, EntryKind
from core.model.results.period_marks import PeriodMark
from core.model.year import ReportingPeriod
from core.rules.results.terms import term_key

_MOST_NAMED, _MOST_VALUES = 5, 15
"""Marks that a first line names one by one."""

_MOST_REASONS = 3
"""Marks whose reasons a first line names, the newest first."""

_ENDS = {"lowest": min, "highest": max}
_ASKED = {
    Asked.COUNT, Asked.WHETHER, Asked.WHY, Asked.WHY_SO_FEW, Asked.WHEN, Asked.LATEST, Asked.LOWEST_MARK,
    Asked.HIGHEST_MARK, Asked.BOTH_EXTREMES,
}  # fmt: skip


def entries_for_screen_line(frame: ScreenFrame, entries: Entries) -> Entries:
    """The entries with the marks or the kind of work that the question names, the newest last; all without either."""
    question = frame.question
    if question is None or not (question.marks or question.work):
        return entries
    return [(entry, name) for entry, name in entries if _is_asked(entry, question)]


def last_marked_work_screen_words(frame: ScreenFrame, entries: Entries) -> str:
    """«Последняя с оценкой: 12.10 Математика: 3.»; "" where no work of the kind that is named has a mark."""
    marks = [each for each in entries_for_screen_line(frame, entries) if each[0].kind in MARK_KINDS]
    if frame.question is None or not frame.question.work or not marks:
        return ""
    return frame.t("control.answer.last_marked", last=_briefly(*marks[-1]))


def marks_screen_first_line(frame: ScreenFrame, entries: Entries) -> str:
    """«Двоек нет: 01.09–09.12», «7 пятёрок», «20.11 Физика: 2 – контрольная»; `entries` were asked for."""
    question = frame.question
    marks = [(entry, name) for entry, name in entries if entry.kind in MARK_KINDS]
    if question is None:
        return ""
    if not marks:
        none = frame.t("marks.answer.none", what=_what(frame, question), dates=_span(frame))
        return _with_works_of_day(frame, question, _with_reason(frame, none, entries), entries)
    answer = _ANSWERS.get(question.asked, _counted_marks) if question.asked is not None else _counted_marks
    return _with_works_of_day(frame, question, answer(frame, question, marks), entries)


def _with_works_of_day(frame: ScreenFrame, question: Question, line: str, entries: Entries) -> str:
    """«… Работа не сдана: Химия.»: of one day also what stands in the place of a mark."""
    is_of_day = question.since is not None and question.since == question.until
    if not is_of_day or question.marks or question.asked is Asked.WHY_SO_FEW:
        return line
    owed = ", ".join(dict.fromkeys(screen_text(name) for entry, name in entries if entry.kind is EntryKind.DEBT))
    return f"{line} {frame.t('marks.answer.owed', subjects=owed)}" if owed else line


def _few(frame: ScreenFrame, question: Question, marks: Entries) -> str:
    counted = _each_counted(frame, question, marks)
    return _with_unknown_reason(frame, frame.t("marks.answer.count", count=counted, dates=_span(frame)))


def _latest(frame: ScreenFrame, _question: Question, marks: Entries) -> str:
    return _reason(frame, *marks[-1])


def _why(frame: ScreenFrame, question: Question, marks: Entries) -> str:
    is_of_day = question.since is not None and question.since == question.until
    is_of_several = question.goes_on or question.marks or question.work or is_of_day
    most = _MOST_REASONS if is_of_several else 1
    more = [frame.t("marks.answer.more", count=len(marks) - most)] if most > 1 and len(marks) > most else []
    return "; ".join([*(_reason(frame, *each) for each in marks[: -most - 1 : -1]), *more])


def _extremes(*ends: str) -> Callable[[ScreenFrame, Question, Entries], str]:
    """What names the lowest or highest marks, or both."""

    def named(frame: ScreenFrame, question: Question, marks: Entries) -> str:
        scores = [each for each in marks if (each[0].value or "").isdecimal()]
        if not scores:
            return _counted_marks(frame, question, marks)
        return ". ".join(_extreme(frame, end, scores) for end in ends)

    return named


def _extreme(frame: ScreenFrame, end: str, scores: Entries) -> str:
    """«Самая низкая – 4, 2 раза: 20.10 Математика: 4; 15.10 …»."""
    value = _ENDS[end]((each[0].value or "" for each in scores), key=int)
    named = [_briefly(*each) for each in scores if each[0].value == value]
    return frame.t(f"marks.answer.{end}", len(named), value=value, last="; ".join(named[: -_MOST_NAMED - 1 : -1]))


_ANSWERS: Mapping[Asked, Callable[[ScreenFrame, Question, Entries], str]] = {
    Asked.WHY_SO_FEW: _few,
    Asked.LATEST: _latest,
    Asked.WHEN: lambda _frame, _question, marks: _named(marks),
    Asked.WHY: _why,
    Asked.LOWEST_MARK: _extremes("lowest"),
    Asked.HIGHEST_MARK: _extremes("highest"),
    Asked.BOTH_EXTREMES: _extremes("highest", "lowest"),
}


def are_works_unknown_on_screen(frame: ScreenFrame, entries: Entries) -> bool:
    """Whether a kind of work is named, and of some marks the journal does not say for what they are."""
    is_named = bool(frame.question and frame.question.work)
    return is_named and any(entry.kind in MARK_KINDS and not entry.work_kind for entry, _ in entries)


def marks_of_day_screen_words(frame: ScreenFrame, entries: Entries) -> str:
    """«12.10 Математика: 4; 12.10 Математика: 5»: all marks of the one day that is named, whatever they are for."""
    question = frame.question
    if question is None or question.since is None or question.since != question.until:
        return ""
    return _named([each for each in entries if each[0].kind in MARK_KINDS])


def only_marks_screen_line(frame: ScreenFrame, asked: Entries, entries: Entries) -> str:
    """«Да, 4 пятёрки из 4 оценок: 19.10–25.10.», «Нет, 3 пятёрки из 5 оценок…»."""
    if frame.question is None:
        return ""
    named, total = _each_counted(frame, frame.question, asked), sum(each.kind in MARK_KINDS for each, _ in entries)
    key = "marks.answer.only_yes" if total == len(asked) else "marks.answer.only_no"
    return frame.t(key, count=named, total=total, dates=_span(frame))


def _with_reason(frame: ScreenFrame, line: str, entries: Entries) -> str:
    """The line with what the journal has in place of marks, «работа не сдана», where it is asked why there are none."""
    if frame.asked is not Asked.WHY_SO_FEW or not entries:
        return _with_unknown_reason(frame, line)
    values = [f"{screen_text(name)} – {mark_value_on_screen(entry, frame.t)}" for entry, name in entries[-_MOST_NAMED:]]
    return f"{line} {frame.t('lesson.answer.noted', values=', '.join(values))}"


def _with_unknown_reason(frame: ScreenFrame, line: str) -> str:
    """The line, and that the journal does not say why, where that is asked."""
    return f"{line} {frame.t('marks.answer.change_reason')}" if frame.asked is Asked.WHY_SO_FEW else line


def _counted_marks(frame: ScreenFrame, question: Question, marks: Entries) -> str:
    """How many there are, whether, or when; without any such word also the newest."""
    count, dates = _each_counted(frame, question, marks), _span(frame)
    if question.asked is Asked.BY_SUBJECT:
        return frame.t("marks.answer.by_subject", count=count, subjects=_by_subject(marks))
    if question.work and (question.asked is not Asked.COUNT or len(marks) <= _MOST_REASONS):
        said = frame.t("marks.answer.count", count=count, dates=dates) if question.asked is Asked.COUNT else ""
        return f"{said} {_reasons(frame, question, marks)}".lstrip()
    if question.asked is Asked.WHETHER:
        key = "yes_many" if question.marks or len(marks) > _MOST_REASONS else "yes_all"
        return frame.t(f"marks.answer.{key}", count=count, dates=dates, marks=_named(marks))
    if question.work or question.asked in _ASKED:
        return frame.t("marks.answer.count", count=count, dates=dates)
    if question.marks or len(marks) <= _MOST_REASONS:
        named = _named(marks) if len(marks) <= _MOST_REASONS else _by_subject(marks)
        return frame.t("marks.answer.all", count=count, dates=dates, marks=named)
    return frame.t("marks.answer.newest", count=count, dates=dates, last=_briefly(*marks[-1]))


def _reasons(frame: ScreenFrame, question: Question, marks: Entries) -> str:
    """What was given for the work; whether anything was, where that is asked."""
    if question.asked is Asked.WHETHER:
        return frame.t("marks.answer.yes", last=_reason(frame, *marks[-1]))
    return "; ".join(_reason(frame, *each) for each in marks[: -_MOST_REASONS - 1 : -1])


def _by_subject(marks: Entries) -> str:
    """«Алгебра – 3, Физика – 2», the most first."""
    counts = Counter(name for _, name in marks)
    return ", ".join(f"{screen_text(name)} – {count}" for name, count in counts.most_common())


def marks_per_subject_screen_first_line(frame: ScreenFrame, entries: Entries, taught: Collection[str]) -> str:
    """«Оценок по предметам: Литература – 0, История – 1, Алгебра – 2.», the fewest first."""
    counts = Counter(name for entry, name in entries if entry.kind in MARK_KINDS)
    fewest_first = sorted({*taught, *counts}, key=lambda name: (counts[name], name))
    subjects = ", ".join(f"{screen_text(name)} – {counts[name]}" for name in fewest_first)
    return frame.t("marks.answer.per_subject", subjects=subjects, dates=_span(frame))


def subjects_without_marks_screen_first_line(frame: ScreenFrame, entries: Entries, taught: Collection[str]) -> str:
    """«Оценок нет: Литература, Музыка», of the subjects that are taught."""
    marked = {name for entry, name in entries if entry.kind in MARK_KINDS}
    without = ", ".join(screen_text(name) for name in sorted({*taught} - marked))
    key = "marks.answer.without" if without else "marks.answer.without_none"
    return frame.t(key, subjects=without, dates=_span(frame))


def subject_marks_screen_first_line(
    frame: ScreenFrame, entries: Entries, period: ReportingPeriod | None, finals: Sequence[PeriodMark]
) -> str:
    """«Физика, 2 четверть: 3, 2, 3, 2 · средний балл 2,45 · итоговая 3», unless something of these marks is asked."""
    question, t = frame.question, frame.t
    if question is None or question.asked in _ASKED:
        return marks_screen_first_line(frame, entries)
    counted, name = averaged_marks_on_screen(frame, [entry for entry, _ in entries], period)
    values = [entry.value for entry in counted if entry.kind in MARK_KINDS]
    subject, period_name = screen_text(frame.subject or ""), screen_text(name)
    if not values:
        return t("marks.answer.none_of_subject", subject=subject, period=period_name)
    shown = ", ".join((["…"] if len(values) > _MOST_VALUES else []) + values[-_MOST_VALUES:])
    parts = [t("marks.answer.of_subject", subject=subject, period=period_name, values=shown)]
    is_day = frame.look.since is not None and frame.look.since == frame.look.until
    if not is_day and (average := average_figure_on_screen(counted, t)) is not None:
        parts.append(t("marks.average", average=average))
    final = next((each.value for each in finals if period and term_key(each.term) == term_key(period.name)), None)
    return " · ".join([*parts, t("marks.final", value=final)] if final else parts)


def final_mark_screen_first_line(
    frame: ScreenFrame, finals: Sequence[PeriodMark], term: str, name: str, ahead: Forecast | None = None
) -> str:
    """«Алгебра, 1 четверть: 5.», or that it is not set yet, and where it is heading.

    `term` is the key of what `name` calls.
    """
    found = next((each.value for each in finals if term_key(each.term) == term and each.value is not None), None)
    key = "marks.answer.no_final" if found is None else "marks.answer.final"
    line = frame.t(key, subject=screen_text(frame.subject or ""), term=screen_text(name), value=found)
    named = frame.question.marks if frame.question is not None and frame.asked is Asked.FINAL else ()
    if found is not None and len(named) == 1:
        line = frame.t("marks.answer.yes_final" if found == str(named[0]) else "marks.answer.other_final", line=line)
    return line if ahead is None or found is not None else f"{line} {_heading(ahead, frame)}"


def _heading(ahead: Forecast, frame: ScreenFrame) -> str:
    """«Скорее всего 4 (65 %) · средний балл 3,80»."""
    said = capitalised_forecast_screen_words(forecast_screen_verdict_words(ahead, frame.t))
    if ahead.average is None:
        return said
    average = forecast_screen_average_words(ahead.average, frame.t)
    return f"{said} · {frame.t('marks.average', average=average)}"


def changed_marks_for_screen_line(frame: ScreenFrame, changes: Changes) -> Changes:
    """The changes of the subject and of the marks that the question names, the newest last."""
    marks = {str(mark) for mark in frame.question.marks} if frame.question else set()
    asked = [each for each in changes if frame.look.subject_id in {0, each.subject_id}]
    return sorted(
        (each for each in asked if not marks or {each.before, each.after} & marks), key=lambda each: each.changed_at
    )


def changed_marks_screen_first_line(frame: ScreenFrame, changes: Changes) -> str:
    """«Исправлений нет», «Да: 18.11 Физика: 2 → 4 (исправлено 20.11)»; `changes` were asked for."""
    if not changes:
        return frame.t("marks.answer.unchanged", dates=_span(frame))
    last = mark_change_on_screen(changes[-1], frame, name=changes[-1].subject)
    line = frame.t("marks.answer.changed", len(changes), last=last)
    return f"{line} {frame.t('marks.answer.change_reason')}" if frame.asked is Asked.WHY_CHANGES else line


def unchanged_marks_screen_first_line(frame: ScreenFrame, line: str, asked: Entries) -> str:
    """That nothing was changed, and the mark itself where it is named: «18.11 Алгебра: 2»."""
    named = [each for each in asked if each[0].kind in MARK_KINDS] if frame.question and frame.question.marks else []
    return f"{line} {_briefly(*named[-1])}" if named else line


def lost_marks_screen_first_line(frame: ScreenFrame, changes: Changes) -> str:
    """«Троек нет: … Исправлена: 18.11 Физика: 3 → 4», where a mark that is asked for was corrected; else ""."""
    marks = {str(mark) for mark in frame.question.marks} if frame.question else set()
    lost = [each for each in changes if each.before in marks]
    if frame.question is None or not lost:
        return ""
    none = frame.t("marks.answer.none", what=_what(frame, frame.question), dates=_span(frame))
    return f"{none} {frame.t('marks.answer.was', last=mark_change_on_screen(lost[-1], frame, name=lost[-1].subject))}"


def _is_asked(entry: Entry, question: Question) -> bool:
    is_mark = not question.marks or entry.value in map(str, question.marks)
    return is_mark and (not question.work or shares_spelling_word(question.work, f"{entry.work_kind} {entry.topic}"))


def _reason(frame: ScreenFrame, entry: Entry, name: str) -> str:
    """«20.11 Физика: 2 – контрольная, тема «Механика»; комментарий учителя»."""
    t = frame.t
    about = mark_work_on_screen(entry, t) or t("marks.answer.no_work")
    comment = f"; {screen_text(clip_to_screen_frame(entry.comment))}" if entry.comment else ""
    return f"{screen_date(entry.on)} {screen_text(name)}: {entry.value} – {about}{comment}"


def _named(marks: Entries) -> str:
    return "; ".join(_briefly(*each) for each in marks[: -_MOST_NAMED - 1 : -1])


def _briefly(entry: Entry, name: str) -> str:
    """«20.11 Физика: 2»."""
    return f"{screen_date(entry.on)} {screen_text(name)}: {entry.value}"


def _span(frame: ScreenFrame) -> str:
    """«01.09–24.10», «Химия, 01.09–24.10» where one subject is asked for."""
    return ", ".join(filter(None, (screen_text(frame.subject or ""), dates_asked_on_screen(frame))))


def _what(frame: ScreenFrame, question: Question) -> str:
    """«двоек», «двоек и троек», «оценок за «контрольную»»."""
    t = frame.t
    joined = t("marks.answer.and").join(t(f"marks.answer.none_of_{mark}") for mark in question.marks)
    return _for_work(frame, question, joined or t("marks.answer.none_of_all"))


def _for_work(frame: ScreenFrame, question: Question, marks: str) -> str:
    if not question.work:
        return marks
    return frame.t("marks.answer.for_work", marks=marks, work=screen_text(", ".join(question.work)))


def _counted(frame: ScreenFrame, question: Question, count: int) -> str:
    mark = str(question.marks[0]) if len(question.marks) == 1 else "all"
    return frame.t(f"marks.answer.count_of_{mark}", count)


def _each_counted(frame: ScreenFrame, question: Question, marks: Entries) -> str:
    """«5 пятёрок, 3 четвёрки», where several marks are named; else how many there are, «2 оценки за «контрольную»»."""
    values = [entry.value for entry, _ in marks]
    counts = [(mark, values.count(str(mark))) for mark in question.marks]
    named = [frame.t(f"marks.answer.count_of_{mark}", count) for mark, count in counts if count]
    counted = ", ".join(named) if len(question.marks) > 1 else _counted(frame, question, len(marks))
    return _for_work(frame, question, counted)
