"""Screens of absences, which are shown apart from marks, and of work not handed in (Q27, Q28)."""

from bot.screens.dates import date_span, short_date, weekday_date
from bot.screens.frame import Frame
from bot.screens.marks.lookup import Entries, entry_work
from bot.screens.screen import Screen, bold, plain_text
from core.model.marks.entries import EntryKind

ABSENCES, DEBTS = "absences", "debts"


def absences(frame: Frame, entries: Entries) -> Screen:
    """The number of absences by reason, then day by day (Q27)."""
    t = frame.t
    absences_by_subject = [(entry, name) for entry, name in entries if entry.kind is EntryKind.ABSENCE]
    reasons = [t(f"marks.absence.{entry.value}") for entry, _ in absences_by_subject]
    counts = [f"{reason} – {bold(str(reasons.count(reason)))}" for reason in sorted(set(reasons))]
    lines = [
        f"{weekday_date(entry.on, t)} {plain_text(name)}: {plain_text(t(f'marks.absence.{entry.value}'))}"
        for entry, name in sorted(absences_by_subject, key=lambda item: (-item[0].on.toordinal(), item[1]))
    ]
    head = [*frame.head_of_subject(bold(t("absences.title")), *_dates(frame)), *counts, *([""] if counts else [])]
    return frame.screen(head, lines or [t("absences.none") if frame.look.since is None else t("marks.none_then")])


def _dates(frame: Frame) -> list[str]:
    """The dates that were asked for, as a line."""
    since, until = frame.look.since, frame.look.until
    return [date_span(since, until, frame.t)] if since and until else []


def debts(frame: Frame, entries: Entries) -> Screen:
    """Work that was not handed in; no average counts it until then (Q28)."""
    t = frame.t
    lines = []
    for entry, name in sorted(entries, key=lambda item: (item[1], item[0].on)):
        if entry.kind is EntryKind.DEBT:
            details = entry_work(entry, t)
            lines.append(
                t("debts.line", on=short_date(entry.on), subject=bold(name)) + (f" – {details}" if details else "")
            )
    head = frame.head_of_subject(bold(t("debts.title")), *_dates(frame), *([t("debts.rule")] if lines else []))
    return frame.screen(head, lines or [t("debts.none") if frame.look.since is None else t("marks.none_then")])
