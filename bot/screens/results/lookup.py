"""Marks, averages and final marks of a reporting period (Q13, Q43)."""

from collections.abc import Mapping, Sequence

from bot.screens.frame import Frame, Rows, choice_label
from bot.screens.marks.lookup import CHART, MARK_KINDS, Entries, average_words, mark_view_buttons, no_marks
from bot.screens.screen import Screen, bold, button_rows, plain_text
from core.model.results.period_marks import PeriodMark
from core.model.year import ReportingPeriod
from core.ports import Translator
from core.rules.results.terms import term_key

Finals = Sequence[tuple[PeriodMark, str]]


def period_results(frame: Frame, entries: Entries, finals: Finals, periods: Sequence[ReportingPeriod]) -> Screen:
    """A period by subject: the marks in their order, the exact average, the final mark where it is set."""
    t = frame.t
    dates = (frame.look.since, frame.look.until)
    chosen = next((period for period in periods if (period.starts_on, period.ends_on) == dates), None)
    title = bold(chosen.name if chosen else t("marks.year"))
    term = term_key(chosen.name) if chosen else None
    of_term = {final.subject_id: final for final, _ in finals if term_key(final.term) == term}
    names = {entry.subject_id: name for entry, name in entries}
    names |= {final.subject_id: name for final, name in finals if final.subject_id in of_term}
    lines = [
        _result(subject_id, name, entries, of_term, t)
        for subject_id, name in sorted(names.items(), key=lambda item: item[1])
    ]
    chart = ((frame.button(t("marks.chart"), CHART, subject_id=0),),) if entries else ()
    rows_below = (*_periods(frame, periods, chosen), *chart, *mark_view_buttons(frame))
    return frame.screen(frame.head(title), lines or [no_marks(frame)], *rows_below)


def _periods(frame: Frame, periods: Sequence[ReportingPeriod], chosen: ReportingPeriod | None) -> Rows:
    buttons = [
        frame.button(choice_label(period.name, when=period is chosen), since=period.starts_on, until=period.ends_on)
        for period in periods
    ]
    return button_rows(buttons, width=2)


def _result(subject_id: int, name: str, entries: Entries, finals: Mapping[int, PeriodMark], t: Translator) -> str:
    of_subject = [entry for entry, _ in entries if entry.subject_id == subject_id]
    marks = " ".join(entry.value for entry in of_subject if entry.kind in MARK_KINDS)
    parts = [bold(marks) if marks else "–"]
    if (mean := average_words(of_subject, t)) is not None:
        parts.append(t("marks.average", average=mean))
    if (final := finals.get(subject_id)) is not None and final.value is not None:
        parts.append(t("marks.final", value=bold(final.value)))
    return f"{plain_text(name)}: {' · '.join(parts)}"
