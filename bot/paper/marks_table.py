"""The marks of a term on paper: kinds of works as short signs, where each mark is heading, absences (Q13, Q51)."""

from collections.abc import Iterator, Mapping, Sequence

from bot.screens.dates import screen_date, weekday_screen_date
from bot.screens.forecast.lookup import forecast_step_on_lookup_screen
from bot.screens.forecast.wishes import ForecastWishScales
from bot.screens.forecast.words import forecast_screen_average_words, forecast_screen_verdict_words
from bot.screens.marks.lookup import (
    MARK_KINDS,
    Entries,
    mark_kind_on_screen,
    mark_value_on_screen,
    mark_work_on_screen,
    screen_marks_by_subject,
)
from bot.screens.screen import screen_text
from core.actions.paper.contents import Contents
from core.model.forecast import Forecast
from core.model.marks.entries import Entry, EntryKind
from core.model.paper import Block, BlockLayout
from core.ports import Translator
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.forecast.advice import likeliest_mark_for_advice
from core.rules.marks import averages

Signs = Mapping[str, str]
"""The sign of each kind of work: «к» for «Контрольная работа»."""


def marks_table_blocks(
    contents: Contents, t: Translator, *, scales: ForecastWishScales, policy: Policy
) -> Iterator[Block]:
    """The marks of the term with their forecast, then comments, corrections, absences and debts."""
    entries = contents.entries
    signs = _work_signs(entries)
    forecasts = {each.subject: each for each in contents.forecasts}
    names = sorted({name for _, name in entries} | set(forecasts))
    of_subjects = dict(screen_marks_by_subject(entries))
    rows = tuple(_row(name, of_subjects.get(name, []), forecasts.get(name), signs, scales, t) for name in names)
    title = t("extract.marks", period=contents.period.name if contents.period else t("marks.year").lower())
    columns = tuple(t(f"extract.{column}") for column in ("subject", "values", "average", "heading_to", "needed"))
    if not rows:
        yield Block(title, BlockLayout.LINES, ((t("marks.none_then"),),))
    else:
        yield Block(
            title, BlockLayout.TABLE, rows, columns, note=_legend(entries, contents.forecasts, signs, scales, t)
        )
    for name, lines in {
        "comments": _comments(entries, t),
        "changes": _changes(contents, t, policy),
        "debts": _of_kind(entries, EntryKind.DEBT, t),
        "absences": _of_kind(entries, EntryKind.ABSENCE, t),
    }.items():
        yield Block(t(f"extract.{name}"), BlockLayout.SHORT, tuple((line,) for line in lines))


def _work_signs(entries: Entries) -> Signs:
    """A short sign for each kind of work: its initials, with a number where two kinds have the same."""
    signs: dict[str, str] = {}
    for kind in sorted({entry.work_kind for entry, _ in entries if entry.work_kind and entry.kind in MARK_KINDS}):
        initials = "".join(word[0] for word in kind.lower().split() if word[0].isalpha()) or kind[:1]
        taken = sum(sign.rstrip("0123456789") == initials for sign in signs.values())
        signs[kind] = f"{initials}{taken + 1}" if taken else initials
    return signs


def _row(
    name: str,
    entries: Sequence[Entry],
    forecast: Forecast | None,
    signs: Signs,
    scales: ForecastWishScales,
    t: Translator,
) -> tuple[str, ...]:
    """Subject, marks in their order, exact average, where it is heading, what a better mark takes."""
    given = [entry for entry in entries if entry.kind in MARK_KINDS]
    marks = ", ".join(f"{entry.value}\u00a0{signs.get(entry.work_kind or '', '')}".strip() for entry in given)
    mean = averages.weighted_average(entries)
    average = "" if mean is None else forecast_screen_average_words(mean, t)
    if forecast is None:
        return name, marks or "–", average, "", ""
    return (
        name,
        marks or "–",
        average,
        _verdict(forecast, t),
        screen_text(forecast_step_on_lookup_screen(forecast, scales, t)),
    )


def _verdict(forecast: Forecast, t: Translator) -> str:
    """As on the screen; too few marks in two words, since the row itself shows how many there are (Q46)."""
    has_no_figure = (
        forecast.set_mark is None and not forecast.not_assessed and likeliest_mark_for_advice(forecast) is None
    )
    return t("extract.few") if has_no_figure else screen_text(forecast_screen_verdict_words(forecast, t))


def _legend(
    entries: Entries, forecasts: Sequence[Forecast], signs: Signs, scales: ForecastWishScales, t: Translator
) -> str:
    """What the signs mean, what each kind of work weighs, the thresholds, and that it is a forecast (Q51)."""
    kinds = []
    for kind, sign in signs.items():
        weights = sorted({entry.weight for entry, _ in entries if entry.work_kind == kind and entry.weight})
        words = ", ".join(averages.format_weight(each, point=t("marks.point")) for each in weights)
        weight = t("marks.weight", weight=words) if words else None
        kinds.append(f"{sign} – " + ", ".join(filter(None, (kind, weight))))
    three, four, five = (forecast_screen_average_words(scales.least(mark), t) for mark in (3, 4, 5))
    limits = t("forecast.thresholds_are", three=three, four=four, five=five)
    about = [limits, t("forecast.is_forecast")] if forecasts else []
    return screen_text(". ".join(part.rstrip(".") for part in ("; ".join(kinds), *about) if part))


def _comments(entries: Entries, t: Translator) -> Iterator[str]:
    """What teachers wrote beside marks, with the work."""
    for entry, name in entries:
        if entry.comment:
            work = mark_kind_on_screen(entry, t)
            about = f" ({work})" if work else ""
            yield f"{screen_date(entry.on)} {name}, {mark_value_on_screen(entry, t)}{about}: {entry.comment}"


def _changes(contents: Contents, t: Translator, policy: Policy) -> Iterator[str]:
    for change in contents.changes:
        after = t("marks.taken_back") if change.after is None else change.after
        changed = t("marks.changed_on", on=screen_date(timing.local_date_of_time(change.changed_at, policy)))
        yield f"{screen_date(change.on)} {change.subject}: {change.before} → {after} ({changed})"


def _of_kind(entries: Entries, kind: EntryKind, t: Translator) -> Iterator[str]:
    """Absences with their reason, debts with the work."""
    for entry, name in entries:
        if entry.kind is kind:
            about = t(f"marks.absence.{entry.value}") if kind is EntryKind.ABSENCE else mark_work_on_screen(entry, t)
            yield f"{weekday_screen_date(entry.on, t)} {name}" + (f": {about}" if about else "")
