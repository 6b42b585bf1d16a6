"""The first line of answers why the mark of a term is what it is: its average and the school's thresholds (Q110)."""

from collections.abc import Sequence
from decimal import Decimal

from bot.screens.frame import ScreenFrame
from bot.screens.marks.average import average_screen_first_line
from bot.screens.marks.first_line import entries_for_screen_line, final_mark_screen_first_line, marks_screen_first_line
from bot.screens.marks.lookup import MARK_KINDS, Entries, average_figure_on_screen, averaged_marks_on_screen
from bot.screens.screen import screen_text
from core.model.imports.reports import YEAR
from core.model.marks.entries import Entry
from core.model.results.period_marks import PeriodMark
from core.model.year import ReportingPeriod
from core.rules.marks.averages import mark_for_average, weighted_average
from core.rules.results.terms import is_numbered_term, term_key

_MOST_NAMED = 3
_LOWEST, _BEST = 2, 5

Finals = Sequence[tuple[PeriodMark, str]]


def term_reason_screen_line(
    frame: ScreenFrame, finals: Finals, entries: Entries, period: ReportingPeriod | None, thresholds: Sequence[Decimal]
) -> str:
    """«1 четверть, Русский язык: 4 – средний балл 4,33, для «5» нужно от 4,60»; no `period`: of the year.

    "" where marks of days are asked about: «за что 2 в прошлой четверти», unless 2 is the mark of that term.
    """
    term, name = (term_key(period.name), period.name) if period else (YEAR, frame.t("notice.term_year"))
    set_marks = [
        each for each in finals if each[0].value is not None and frame.look.subject_id in {0, each[0].subject_id}
    ]
    of_term = [each for each in set_marks if term_key(each[0].term) == term]
    marks = {str(mark) for mark in frame.question.marks} if frame.question else set()
    asked = [each for each in of_term if not marks or each[0].value in marks]
    if not of_term and (frame.subject is not None or period is None):
        return _unset(frame, entries, period, (term, name), thresholds)
    if not asked and (frame.subject is None or _has_marks_of_days(frame, entries)):
        return ""
    return "; ".join(
        f"{screen_text(name)}, {screen_text(subject)}: {screen_text(final.value or '')} – "
        + _why(frame, final, _of_subject(entries, final), set_marks, thresholds)
        for final, subject in (asked or of_term)[:_MOST_NAMED]
    )


def _unset(
    frame: ScreenFrame,
    entries: Entries,
    period: ReportingPeriod | None,
    named: tuple[str, str],
    thresholds: Sequence[Decimal],
) -> str:
    """That it is not set yet, with the mark of a day that may be meant, else with the average and what is missing."""
    term, name = named
    if frame.subject is None:
        return frame.t("finals.answer.unset", term=screen_text(name))
    unset = final_mark_screen_first_line(frame, [], term, name)
    of_days = entries_for_screen_line(frame, entries)
    is_of_day = frame.question is not None and (frame.question.marks or frame.question.work)
    if is_of_day and _has_marks_of_days(frame, entries):
        return f"{unset} {marks_screen_first_line(frame, of_days)}"
    counted, _ = averaged_marks_on_screen(frame, [entry for entry, _ in entries], period)
    mean = weighted_average(counted)
    missing = "" if mean is None else _by_thresholds(frame, None, mark_for_average(mean, thresholds), thresholds)
    return f"{unset} {average_screen_first_line(frame, entries, period)}{missing}"


def _why(
    frame: ScreenFrame, final: PeriodMark, entries: Sequence[Entry], set_marks: Finals, thresholds: Sequence[Decimal]
) -> str:
    if final.term == YEAR:
        terms = [
            each.value for each, _ in set_marks if is_numbered_term(each.term) and each.subject_id == final.subject_id
        ]
        return frame.t("marks.answer.of_terms", values=", ".join(filter(None, terms)))
    mean = weighted_average(entries)
    if mean is None:
        return frame.t("marks.answer.no_marks_then")
    average = frame.t("marks.average", average=average_figure_on_screen(entries, frame.t))
    return average + _by_thresholds(frame, final.value, mark_for_average(mean, thresholds), thresholds)


def _by_thresholds(frame: ScreenFrame, final: str | None, reached: int, thresholds: Sequence[Decimal]) -> str:
    """What the next better mark needs, or which mark the thresholds make where the teacher has set another."""
    if final not in {None, str(reached)}:
        return frame.t("marks.answer.otherwise", mark=reached)
    if reached >= _BEST:
        return ""
    least = f"{thresholds[reached - _LOWEST]:.2f}".replace(".", frame.t("marks.point"))
    return frame.t("marks.answer.next_mark", mark=reached + 1, least=least)


def _has_marks_of_days(frame: ScreenFrame, entries: Entries) -> bool:
    return any(entry.kind in MARK_KINDS for entry, _ in entries_for_screen_line(frame, entries))


def _of_subject(entries: Entries, final: PeriodMark) -> Sequence[Entry]:
    return [entry for entry, _ in entries if entry.subject_id == final.subject_id]
