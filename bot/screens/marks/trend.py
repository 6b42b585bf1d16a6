"""Whether the marks became better or worse: the last two months or weeks with marks beside each other (Q110)."""

from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from bot.screens.dates import screen_date_span
from bot.screens.frame import ScreenFrame
from bot.screens.marks.lookup import Entries
from bot.screens.screen import screen_text
from core.model.marks.entries import Entry, EntryKind
from core.rules.marks import averages
from core.rules.year import first_day_of_week

_MOST_NAMED = 3
"""Subjects that a first line names."""

_EVEN = Fraction(1, 20)
"""A smaller difference of averages is none."""


Step = Callable[[date], date]
"""The first day of the month or week that a day lies in."""


def marks_trend_screen_line(frame: ScreenFrame, entries: Entries, *, by_week: bool = False) -> str:
    """«Стало хуже: средний балл 01.09–30.09 – 4,20 (оценок: 5), 01.10–22.10 – 3,90 (оценок: 2). Ниже стало: …»."""
    t, scores = frame.t, [(entry, name) for entry, name in entries if entry.kind is EntryKind.SCORE]
    step = first_day_of_week if by_week else _first_day_of_month
    firsts = sorted({step(entry.on) for entry, _ in scores})[-2:]
    if not firsts:
        return t("marks.trend.none")
    spans = [_shown_span(frame, first, by_week=by_week) for first in firsts]
    marks = [[entry for entry, _ in scores if step(entry.on) == first] for first in firsts]
    found = [_average(each) for each in marks]
    figures = [averages.format_average(each, point=t("marks.point")) for each in found]
    if len(firsts) == 1:
        key = "marks.trend.one_week" if by_week else "marks.trend.one_month"
        return t(key, dates=spans[0], average=figures[0])
    line = t(
        f"marks.trend.{_verdict(found[1] - found[0])}",
        before=spans[0], was=figures[0], few=len(marks[0]), now=spans[1], average=figures[1], count=len(marks[1]),
    )  # fmt: skip
    return line if frame.subject is not None else " ".join([line, *_subjects(frame, scores, firsts, step)])


def _subjects(frame: ScreenFrame, scores: Entries, firsts: Sequence[date], step: Step) -> Sequence[str]:
    """The subjects that fell most, and those that rose most."""
    moved: list[tuple[Fraction, str]] = []
    for name in sorted({name for _, name in scores}):
        parts = [[each for each, of in scores if of == name and step(each.on) == first] for first in firsts]
        if all(parts):
            was, now = map(_average, parts)
            shown = [averages.format_average(each, point=frame.t("marks.point")) for each in (was, now)]
            moved.append((now - was, f"{screen_text(name)} ({shown[0]} → {shown[1]})"))
    fell = [words for change, words in sorted(moved) if change <= -_EVEN][:_MOST_NAMED]
    rose = [words for change, words in sorted(moved, reverse=True) if change >= _EVEN][:_MOST_NAMED]
    both = (("marks.trend.fell", fell), ("marks.trend.rose", rose))
    return [frame.t(key, subjects=", ".join(words)) for key, words in both if words]


def _average(entries: Sequence[Entry]) -> Fraction:
    """The weighted average of one subject; of several each mark counts once, for their weights are not comparable."""
    is_one = len({entry.subject_id for entry in entries}) == 1
    counted = entries if is_one else [replace(entry, weight=None) for entry in entries]
    return averages.weighted_average(counted) or Fraction()


def _verdict(change: Fraction) -> str:
    return "better" if change >= _EVEN else "worse" if change <= -_EVEN else "even"


def _first_day_of_month(on: date) -> date:
    return on.replace(day=1)


def _shown_span(frame: ScreenFrame, first: date, *, by_week: bool) -> str:
    days = timedelta(days=6 if by_week else monthrange(first.year, first.month)[1] - 1)
    return screen_date_span(first, max(first, min(first + days, frame.today)), frame.t)
