"""The first line of answers about the average of a subject, and by which children are compared (Q43, Q110)."""

from collections.abc import Sequence

from bot.questions.kinds import Asked
from bot.screens.frame import ScreenFrame
from bot.screens.marks.lookup import (
    Entries,
    average_figure_on_screen,
    average_line_on_screen,
    averaged_marks_on_screen,
    mark_work_on_screen,
)
from bot.screens.screen import ScreenRank, screen_text
from core.model.marks.entries import Entry, EntryKind
from core.model.year import ReportingPeriod
from core.rules.marks.averages import weighted_average

_MOST_VALUES = 15
"""Marks that the line names one by one."""


def average_screen_first_line(frame: ScreenFrame, entries: Entries, period: ReportingPeriod | None) -> str:
    """«Средний балл, 2 четверть, с учётом весов: 4,50 (2 оценки)», and of which marks, where it is asked why."""
    counted, name = averaged_marks_on_screen(frame, [entry for entry, _ in entries], period)
    line = average_line_on_screen(counted, name, frame.t)
    if not line:
        return frame.t("marks.answer.no_average", period=screen_text(name))
    return f"{line}: {_averaged(frame, counted)}" if frame.asked is Asked.WHY_AVERAGE else line


def average_screen_rank(frame: ScreenFrame, entries: Entries, period: ReportingPeriod | None) -> ScreenRank | None:
    """By which several children are compared in a subject: the average."""
    counted, _ = averaged_marks_on_screen(frame, [entry for entry, _ in entries], period)
    mean, shown = weighted_average(counted), average_figure_on_screen(counted, frame.t)
    return None if mean is None or shown is None else ScreenRank(float(mean), shown)


def _averaged(frame: ScreenFrame, counted: Sequence[Entry]) -> str:
    """«4 – ответ, 2 – контрольная, вес 2»: what the average is of, the oldest first."""
    marks = [entry for entry in counted if entry.kind is EntryKind.SCORE][-_MOST_VALUES:]
    works = [(entry.value, mark_work_on_screen(entry, frame.t)) for entry in marks]
    return "; ".join(f"{value} – {work}" if work else str(value) for value, work in works)
