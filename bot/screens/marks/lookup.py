"""Marks of a child by day and by subject, with corrections as old → new (Q13, Q27, Q38)."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from bot.screens.dates import relative_screen_date, screen_date, screen_date_span
from bot.screens.frame import Rows, ScreenFrame, clip_to_screen_frame
from bot.screens.screen import Screen, screen_bold, screen_button_rows, screen_italic, screen_struck, screen_text
from core.model.imports.reports import EXAM, FINAL, YEAR
from core.model.marks.entries import Entry, EntryKind
from core.model.marks.gradebook import SeenChange
from core.model.results.period_marks import PeriodMark
from core.model.year import ReportingPeriod
from core.ports import Translator
from core.rules.conversation.buttons import MARKS, SUBJECT
from core.rules.marks import averages
from core.rules.marks.tokens import DEBT
from core.rules.year import first_day_of_year, last_day_of_year

RESULTS, CHANGES, CHART = "results", "changes", "chart"
"""Buttons of these screens: a period by subjects, what was changed, a picture."""

_TERMS = frozenset({YEAR, EXAM, FINAL})
MARK_KINDS = frozenset({EntryKind.SCORE, EntryKind.CREDIT})

Entries = Sequence[tuple[Entry, str]]
"""Entries with their subject's name, the newest day last."""

Changes = Sequence[SeenChange]
"""Corrections that a family may see (Q38)."""


def marks_lookup_screen(frame: ScreenFrame, entries: Entries) -> Screen:
    """The newest days first, a line a day and subject: «24.11 Алгебра: 5 – тест, «Дроби»»; a button for each subject.

    What the codes of absences mean stands below once.
    """
    t = frame.t
    if not entries:
        return frame.screen(frame.head(_title(frame)), [no_marks_screen_line(frame)], *marks_screen_buttons(frame))
    subjects = sorted({(name, entry.subject_id) for entry, name in entries})
    buttons = [frame.button(name, SUBJECT, subject_id=subject_id) for name, subject_id in subjects]
    lines = [*_days(entries, t), *_absence_codes(entries, t)]
    return frame.screen(
        frame.head(_title(frame)), lines, *screen_button_rows(buttons, width=2), *marks_screen_buttons(frame)
    )


def subject_marks_lookup_screen(
    frame: ScreenFrame,
    name: str,
    entries: Entries,
    finals: Sequence[PeriodMark],
    changes: Changes,
    thresholds: Sequence[Decimal],
    period: ReportingPeriod | None = None,
) -> Screen:
    """Every entry of one subject in full, its exact average, and the printed averages and finals (Q13, Q42, Q43).

    The average is that of the look's dates, else of the present `period`, else of the school year; it says which.
    """
    t = frame.t
    of_subject = [entry for entry, _ in entries]
    title = screen_bold(name) if frame.look.since is None else f"{screen_bold(name)}, {_dates(frame)}"
    head = [
        *frame.head(title)[:-1],
        *_average(frame, of_subject, period, thresholds),
        *(_term(final, t) for final in finals),
        "",
    ]
    by_entry = {change.entry_id: change for change in changes}  # the last one of each
    lines = [_entry(entry, by_entry.get(entry.id), frame) for entry in reversed(of_subject)]
    gone = [mark_change_on_screen(change, frame) for change in changes if change.after is None]
    views = [frame.button(t("marks.back"), MARKS, subject_id=0)]
    if any(entry.kind is EntryKind.SCORE for entry in of_subject):
        views.insert(0, frame.button(t("marks.chart"), CHART))
    return frame.screen(
        head,
        [*lines, *gone] or [t("marks.none_of_subject") if frame.look.since is None else no_marks_screen_line(frame)],
        views,
    )


def corrected_marks_lookup_screen(frame: ScreenFrame, changes: Changes) -> Screen:
    """Corrections and withdrawals of this school year, the newest first."""
    t = frame.t
    newest = sorted(changes, key=lambda change: (change.changed_at, change.entry_id), reverse=True)
    lines = [mark_change_on_screen(change, frame, name=change.subject) for change in newest]
    return frame.screen(
        frame.head(screen_bold(t("marks.changes"))), lines or [t("marks.unchanged")], *marks_screen_buttons(frame)
    )


def marks_chart_lookup_screen(frame: ScreenFrame, picture: bytes, name: str | None) -> Screen:
    """A chart captioned with the child's name; a button opens the same as text."""
    back = (
        frame.below(frame.t("marks.in_words"), SUBJECT, frame.look.subject_id)
        if name
        else frame.below(frame.t("marks.in_words"), RESULTS)
    )
    return frame.picture(picture, screen_bold(name or frame.t("chart.title")), (back,))


def screen_marks_by_subject(entries: Entries) -> list[tuple[str, list[Entry]]]:
    """Subjects with their entries, in the order of their names."""
    ordered = sorted(entries, key=lambda item: (item[1], item[0].on, item[0].id))
    return [
        (name, [entry for entry, _ in of_subject]) for name, of_subject in groupby(ordered, key=lambda item: item[1])
    ]


def no_marks_screen_line(frame: ScreenFrame) -> str:
    """The sentence for no marks: of this year, or of the asked dates."""
    return frame.t("marks.none") if frame.look.since is None else frame.t("marks.none_then")


def mark_value_on_screen(entry: Entry, t: Translator) -> str:
    """The token as in the journal; «.» gets words, since no parent understands it (Q28)."""
    return _word(entry.value, t)


def mark_work_on_screen(entry: Entry, t: Translator) -> str:
    """Kind, topic and weight of the work."""
    weight = averages.format_weight(entry.weight, point=t("marks.point")) if entry.weight else None
    weight = weight and t("marks.weight", weight=weight)
    return ", ".join(filter(None, (mark_kind_on_screen(entry, t), weight)))


def mark_kind_on_screen(entry: Entry, t: Translator) -> str:
    """Kind and topic of the work."""
    kind, topic = (part and clip_to_screen_frame(part) for part in (entry.work_kind, entry.topic))
    about = t("notice.topic", topic=topic) if topic else None
    return screen_text(", ".join(filter(None, (kind, about))))


def _absence_codes(entries: Entries, t: Translator) -> list[str]:
    """What the codes of absences on a screen mean, each once."""
    codes = sorted({entry.value for entry, _ in entries if entry.kind is EntryKind.ABSENCE})
    return ["", screen_italic("; ".join(f"{code} – {t(f'marks.absence.{code}')}" for code in codes))] if codes else []


def average_line_on_screen(entries: Sequence[Entry], period: str, t: Translator) -> str:
    """«Средний балл, 2 четверть, с учётом весов: 4,50 (2 оценки)»; "" without marks (Q43)."""
    average = average_figure_on_screen(entries, t)
    if average is None:
        return ""
    scores = [entry for entry in entries if entry.kind is EntryKind.SCORE]
    kind = t("marks.weighted" if any(entry.weight for entry in scores) else "marks.plain")
    return t("marks.average_of", len(scores), period=screen_text(period), kind=kind, average=screen_bold(average))


def average_figure_on_screen(entries: Sequence[Entry], t: Translator) -> str | None:
    """The exact weighted average, two digits (Q43)."""
    mean = averages.weighted_average(entries)
    return None if mean is None else averages.format_average(mean, point=t("marks.point"))


def _title(frame: ScreenFrame) -> str:
    return (
        screen_bold(frame.t("marks.title"))
        if frame.look.since is None
        else f"{screen_bold(frame.t('marks.title'))}, {_dates(frame)}"
    )


def _dates(frame: ScreenFrame) -> str:
    since, until = frame.look.since or frame.today, frame.look.until or frame.today
    return screen_date_span(since, until, frame.t)


def marks_screen_buttons(frame: ScreenFrame) -> Rows:
    """Buttons for the other views of marks."""
    views = {MARKS: "marks.by_day", RESULTS: "marks.by_period", CHANGES: "marks.changes"}
    everything = {"subject_id": 0, "since": None, "until": None}
    return (tuple(frame.button(frame.t(key), door, **everything) for door, key in views.items() if door != frame.door),)


def _days(entries: Entries, t: Translator) -> Iterator[str]:
    newest = sorted(entries, key=lambda item: (-item[0].on.toordinal(), item[1], item[0].id))
    for (on, name), of_day in groupby(newest, key=lambda item: (item[0].on, item[1])):
        yield f"{screen_date(on)} {screen_text(name)}: {_values([entry for entry, _ in of_day], t)}"


def _values(entries: Sequence[Entry], t: Translator) -> str:
    """Marks first, those of one work together, then the other tokens (Q27)."""
    marks = [entry for entry in entries if entry.kind in MARK_KINDS]
    by_work = [
        screen_bold(", ".join(entry.value for entry in of_work)) + (f" – {work}" if work else "")
        for work, of_work in groupby(marks, key=lambda entry: mark_kind_on_screen(entry, t))
    ]
    others = [screen_text(mark_value_on_screen(entry, t)) for entry in entries if entry.kind not in MARK_KINDS]
    return " · ".join([*by_work, *others])


def _average(
    frame: ScreenFrame, entries: Sequence[Entry], period: ReportingPeriod | None, thresholds: Sequence[Decimal]
) -> list[str]:
    """The average and the mark that the school's thresholds make of it: the present state, no forecast."""
    counted, name = averaged_marks_on_screen(frame, entries, period)
    mean = averages.weighted_average(counted)
    if mean is None:
        return []
    mark = averages.mark_for_average(mean, thresholds)
    return [average_line_on_screen(counted, name, frame.t) + frame.t("marks.by_thresholds", mark=mark)]


def averaged_marks_on_screen(
    frame: ScreenFrame, entries: Sequence[Entry], period: ReportingPeriod | None
) -> tuple[Sequence[Entry], str]:
    """The entries that the average is of, and what their time is called."""
    dates = (frame.look.since, frame.look.until)
    if period is not None and dates in {(None, None), (period.starts_on, period.ends_on)}:
        return [entry for entry in entries if period.starts_on <= entry.on <= period.ends_on], period.name
    return entries, frame.t("marks.year").lower() if frame.look.since is None else _dates(frame)


def _entry(entry: Entry, change: SeenChange | None, frame: ScreenFrame) -> str:
    """An entry with the date of its lesson; other dates only where they differ from it."""
    t = frame.t
    value = screen_bold(mark_value_on_screen(entry, t))
    if change is not None:
        value = f"{screen_struck(_word(change.before, t))} → {value} ({_changed_on(change, frame)})"
    details = [_meaning(entry, t), mark_work_on_screen(entry, t), *_other_dates(entry, frame)]
    about = ", ".join(filter(None, details))
    comment = f"\n    {screen_italic(clip_to_screen_frame(entry.comment))}" if entry.comment else ""
    return f"{screen_date(entry.on)} {value}" + (f" – {about}" if about else "") + comment


def _other_dates(entry: Entry, frame: ScreenFrame) -> Iterator[str]:
    """When it was set and when the family could first see it, where that was another day (Q13)."""
    t = frame.t
    if entry.set_on is not None and entry.set_on != entry.on:
        yield t("marks.set_on", on=screen_date(entry.set_on))
    published = frame.day_of(entry.published_at) if entry.published_at else None
    if published is not None and published != (entry.set_on or entry.on):
        yield t("marks.published_on", on=screen_date(published))


def mark_change_on_screen(change: SeenChange, frame: ScreenFrame, *, name: str | None = None) -> str:
    """«15.10 Русский язык: 3 → 4 (исправлено 17.10)»."""
    t = frame.t
    after = t("marks.taken_back") if change.after is None else screen_bold(_word(change.after, t))
    of_subject = f" {screen_text(name)}:" if name else ""
    values = f"{screen_struck(_word(change.before, t))} → {after}"
    return f"{screen_date(change.on)}{of_subject} {values} ({_changed_on(change, frame)})"


def _changed_on(change: SeenChange, frame: ScreenFrame) -> str:
    return frame.t("marks.changed_on", on=screen_date(frame.day_of(change.changed_at)))


def _word(value: str, t: Translator) -> str:
    return t("notice.value_debt") if value == DEBT else value


def _meaning(entry: Entry, t: Translator) -> str | None:
    """The meaning of an absence code; None for other tokens."""
    return t(f"marks.absence.{entry.value}") if entry.kind is EntryKind.ABSENCE else None


def _term(final: PeriodMark, t: Translator) -> str:
    name = t(f"notice.term_{final.term}") if final.term in _TERMS else final.term or t("marks.period")
    parts = []
    if final.average is not None:
        parts.append(t("marks.printed_average", average=f"{final.average:f}".replace(".", t("marks.point"))))
    if final.value is not None:
        parts.append(t("marks.final", value=screen_bold(final.value)))
    return f"{screen_text(name)}: {', '.join(parts)}"


def dates_asked_on_screen(frame: ScreenFrame) -> str:
    """«вчера, чт 19.11», «01.09–24.10»; «в этом учебном году» where no dates are asked for."""
    since, until = frame.look.since, frame.look.until
    is_year = since is not None and (since, until) == (first_day_of_year(since), last_day_of_year(since))
    if since is None or until is None or is_year:
        return frame.t("marks.answer.this_year")
    return (
        relative_screen_date(since, frame.today, frame.t) if since == until else screen_date_span(since, until, frame.t)
    )
