"""The first line of answers about final marks, exams and averages of all subjects (Q110)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from bot.questions.kinds import Asked
from bot.screens.frame import ScreenFrame
from bot.screens.marks.lookup import Entries, average_figure_on_screen, screen_marks_by_subject
from bot.screens.notes import screen_note_quotation
from bot.screens.results.exams import exam_screen_lines
from bot.screens.results.lookup import Finals, period_of_results_on_screen
from bot.screens.screen import ScreenRank, screen_text
from core.actions.results.exams.exam_lookup import KnownResult
from core.model.imports.reports import YEAR
from core.model.results.period_marks import PeriodMark
from core.rules.marks.averages import format_average, weighted_average
from core.rules.results.terms import term_key

_MOST_NAMED = 3
"""Final marks that a first line names with their subjects."""


def results_screen_first_line(
    frame: ScreenFrame, entries: Entries, finals: Sequence[PeriodMark], term: str | None, names: Mapping[int, str]
) -> str:
    """«1 четверть: «5» – 4, «4» – 6.», «2 четверть: итоговых ещё нет. Средний балл от 2,45 (Физика) до 4,86…»."""
    if frame.question is None:
        return ""
    t, name = frame.t, screen_text(period_of_results_on_screen(frame, term))
    counts = _counts(final.value for final in finals)
    if frame.asked is not Asked.AVERAGE and (few := _few(entries, finals, names)):
        return t("finals.answer.named", term=name, named=few)
    if counts and frame.asked is not Asked.AVERAGE:
        return t("finals.answer.set", term=name, counts=counts)
    averages = _averages(frame, entries)
    if frame.asked is Asked.AVERAGE and not averages:
        return t("marks.answer.no_average", period=name)
    if frame.asked is Asked.AVERAGE:
        return t("finals.answer.averages", term=name, averages=averages)
    line = t("finals.answer.unset", term=name)
    return f"{line} {t('finals.answer.averages', term=name, averages=averages)}" if averages else line


def _few(entries: Entries, finals: Sequence[PeriodMark], names: Mapping[int, str]) -> str:
    """«История – 5», where only a few subjects have their final mark yet."""
    marks = [f"{screen_text(names[each.subject_id])} – {screen_text(each.value)}" for each in finals if each.value]
    subjects = {each.subject_id for each in finals} | {entry.subject_id for entry, _ in entries}
    return ", ".join(marks) if len(marks) <= _MOST_NAMED and len(marks) < len(subjects) else ""


def finals_table_screen_first_line(frame: ScreenFrame, finals: Finals) -> str:
    """«Год: «5» – 4, «4» – 6.», or that the marks of the year are not set yet."""
    if frame.question is None:
        return ""
    year = frame.t("notice.term_year")
    counts = _counts(final.value for final, _ in finals if term_key(final.term) == YEAR)
    return frame.t("finals.answer.set" if counts else "finals.answer.unset", term=year, counts=counts)


def exams_screen_first_line(frame: ScreenFrame, known: Sequence[KnownResult]) -> str:
    """«ВПР, Биология, 15.04: оценка 4…»; of several how many and the newest; that there are none."""
    if frame.question is None:
        return ""
    if not known:
        none = frame.t("exams.none")
        about = screen_text(frame.subject) if frame.subject else screen_note_quotation(frame.question.about)
        return f"{about}: {none[:1].lower()}{none[1:]}" if about else none
    newest = next(iter(exam_screen_lines(known[0], frame.t)))
    return newest if len(known) == 1 else frame.t("exams.answer.several", len(known), newest=newest)


def _counts(values: Iterable[str | None]) -> str:
    """«5» – 4, «4» – 6, the best first."""
    counted = Counter(value for value in values if value is not None)
    return ", ".join(f"«{screen_text(value)}» – {count}" for value, count in sorted(counted.items(), reverse=True))


def _averages(frame: ScreenFrame, entries: Entries) -> str:
    """The lowest and the highest average with their subjects; "" without marks."""
    means = [(weighted_average(marks), name, marks) for name, marks in screen_marks_by_subject(entries)]
    known = sorted((mean, name, average_figure_on_screen(marks, frame.t)) for mean, name, marks in means if mean)
    if not known:
        return ""
    low, high = known[0], known[-1]
    if len(known) == 1:
        return f"{low[2]} ({screen_text(low[1])})"
    between = frame.t(
        "finals.answer.between", low=low[2], lowest=screen_text(low[1]), high=high[2], highest=screen_text(high[1])
    )
    if frame.asked is not Asked.AVERAGE:
        return between
    mean = format_average(_mean(known), point=frame.t("marks.point"))
    return frame.t("finals.answer.mean", mean=mean, between=between)


def _mean(known: Sequence[tuple[Fraction, str, str | None]]) -> Fraction:
    return sum((each[0] for each in known), Fraction(0)) / len(known)


def averages_screen_rank(frame: ScreenFrame, entries: Entries) -> ScreenRank | None:
    """By which several children are compared: the mean of the averages of their subjects."""
    means = [weighted_average(marks) for _, marks in screen_marks_by_subject(entries)]
    known = [(mean, "", None) for mean in means if mean]
    if frame.asked is not Asked.AVERAGE or not known:
        return None
    return ScreenRank(float(_mean(known)), format_average(_mean(known), point=frame.t("marks.point")))
