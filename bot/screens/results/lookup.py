"""Marks, averages and final marks of a reporting period, and all final marks of a year (Q13, Q43, Q68)."""

from collections.abc import Iterable, Mapping, Sequence

from bot.screens.dates import screen_date, screen_date_span
from bot.screens.frame import Rows, ScreenFrame, screen_frame_choice_label
from bot.screens.marks.lookup import (
    CHART,
    MARK_KINDS,
    RESULTS,
    Entries,
    average_figure_on_screen,
    marks_screen_buttons,
    no_marks_screen_line,
)
from bot.screens.results.class_finals import class_finals_screen_term
from bot.screens.screen import Screen, screen_bold, screen_button_rows, screen_italic, screen_text
from core.model.imports.reports import EXAM, FINAL, YEAR
from core.model.marks.entries import Entry
from core.model.results.deferrals import Deferral
from core.model.results.period_marks import PeriodMark
from core.model.year import ReportingPeriod
from core.ports import Translator
from core.rules.conversation.buttons import FINALS_TABLE
from core.rules.marks.tokens import EXEMPT, NOT_ASSESSED
from core.rules.results.terms import term_key
from core.rules.year import first_day_of_year, last_day_of_year

TABLE = FINALS_TABLE

Finals = Sequence[tuple[PeriodMark, str]]

Deferrals = Sequence[tuple[Deferral, str]]
"""Deferrals in force with their subjects."""

_NOTES = {NOT_ASSESSED: "finals.note.not_assessed", EXEMPT: "finals.note.exempt"}


def results_lookup_screen(
    frame: ScreenFrame, entries: Entries, finals: Finals, periods: Sequence[ReportingPeriod], deferrals: Deferrals = ()
) -> Screen:
    """A period by subject: the marks in their order, the exact average, the final mark or until when it is deferred."""
    t = frame.t
    chosen = _chosen_period(frame, periods)
    title = screen_bold(period_of_results_on_screen(frame, chosen.name if chosen else None))
    term = term_key(chosen.name) if chosen else None
    of_term = final_results_on_screen(frame, finals, periods)
    deferred = {each.subject_id: each for each, _ in deferrals if term_key(each.term) == term}
    names = {entry.subject_id: name for entry, name in entries}
    names |= {final.subject_id: name for final, name in finals if final.subject_id in of_term}
    names |= {each.subject_id: name for each, name in deferrals if each.subject_id in deferred}
    of_subjects = {id_: [entry for entry, _ in entries if entry.subject_id == id_] for id_ in names}
    lines = [
        _result(name, of_subjects[id_], of_term.get(id_), deferred.get(id_), t)
        for id_, name in sorted(names.items(), key=lambda item: item[1])
    ]
    lines += _notes((final.value for final in of_term.values()), t)
    chart = ((frame.button(t("marks.chart"), CHART, subject_id=0),),) if entries else ()
    table = ((frame.button(t("finals.table"), TABLE, subject_id=0, since=None, until=None),),)
    rows_below = (*_periods(frame, periods, chosen), *table, *chart, *marks_screen_buttons(frame))
    return frame.screen(frame.head(title), lines or [no_marks_screen_line(frame)], *rows_below)


def period_of_results_on_screen(frame: ScreenFrame, period: str | None) -> str:
    """The reporting period's name, else the dates, else the school year."""
    since, until = frame.look.since, frame.look.until
    if period is not None or since is None or until is None:
        return period or frame.t("marks.year")
    is_year = (since, until) == (first_day_of_year(since), last_day_of_year(since))
    return frame.t("marks.year") if is_year else screen_date_span(since, until, frame.t)


def final_results_on_screen(
    frame: ScreenFrame, finals: Finals, periods: Sequence[ReportingPeriod]
) -> Mapping[int, PeriodMark]:
    """The final marks of the period that the screen shows, by subject."""
    chosen = _chosen_period(frame, periods)
    term = term_key(chosen.name) if chosen else None
    return {final.subject_id: final for final, _ in finals if term_key(final.term) == term}


def _chosen_period(frame: ScreenFrame, periods: Sequence[ReportingPeriod]) -> ReportingPeriod | None:
    dates = (frame.look.since, frame.look.until)
    return next((period for period in periods if (period.starts_on, period.ends_on) == dates), None)


def _periods(frame: ScreenFrame, periods: Sequence[ReportingPeriod], chosen: ReportingPeriod | None) -> Rows:
    buttons = [
        frame.button(
            screen_frame_choice_label(period.name, when=period is chosen), since=period.starts_on, until=period.ends_on
        )
        for period in periods
    ]
    return screen_button_rows(buttons, width=2)


def _result(
    name: str, entries: Sequence[Entry], final: PeriodMark | None, deferral: Deferral | None, t: Translator
) -> str:
    marks = " ".join(entry.value for entry in entries if entry.kind in MARK_KINDS)
    parts = [screen_bold(marks) if marks else "–"]
    if (mean := average_figure_on_screen(entries, t)) is not None:
        parts.append(t("marks.average", average=mean))
    if final is not None and final.value is not None:
        parts.append(t("marks.final", value=screen_bold(final.value)))
    elif deferral is not None:
        parts.append(screen_bold(t("finals.deferred", due=screen_date(deferral.due_on))))
    return f"{screen_text(name)}: {' · '.join(parts)}"


def results_table_lookup_screen(
    frame: ScreenFrame, finals: Finals, periods: Sequence[ReportingPeriod], deferrals: Deferrals
) -> Screen:
    """A line a subject: «Алгебра: 1 четверть 4 · 2 четверть 5 · Год 5», with year, exam and final mark (Q68)."""
    t = frame.t
    cells: dict[str, dict[str, str]] = {}
    terms = {term_key(each.name): each.name for each in periods}
    for final, name in finals:
        if final.value is not None:
            cells.setdefault(name, {})[term_key(final.term)] = screen_bold(final.value)
            terms.setdefault(term_key(final.term), final.term)
    for deferral, name in deferrals:
        words = screen_italic(t("finals.deferred", due=screen_date(deferral.due_on)))
        cells.setdefault(name, {}).setdefault(term_key(deferral.term), words)
    last = [YEAR, EXAM, FINAL]
    order = [*(key for key in terms if key not in last), *last]
    lines = [
        f"{screen_text(name)}: "
        + " · ".join(
            f"{class_finals_screen_term(terms.get(key, key), t)} {of_subject[key]}"
            for key in order
            if key in of_subject
        )
        for name, of_subject in sorted(cells.items())
    ]
    notes = _notes((final.value for final, _ in finals), t)
    back = ((frame.button(t("marks.by_period"), RESULTS, since=None, until=None, subject_id=0),),)
    return frame.screen(frame.head(screen_bold(t("finals.table"))), [*lines, *notes] or [t("finals.none_yet")], *back)


def _notes(values: Iterable[str | None], t: Translator) -> list[str]:
    """What н/а and осв mean, once for a screen that shows them."""
    shown = set(values)
    notes = [screen_italic(t(key)) for value, key in _NOTES.items() if value in shown]
    return ["", *notes] if notes else []
