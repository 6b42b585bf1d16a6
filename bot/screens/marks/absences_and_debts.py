"""Screens of absences, which are shown apart from marks, and of work not handed in (Q27, Q28)."""

from bot.screens.dates import screen_date, screen_date_span, weekday_screen_date
from bot.screens.frame import ScreenFrame
from bot.screens.marks.lookup import Entries, mark_work_on_screen
from bot.screens.screen import Screen, screen_bold, screen_text
from core.model.marks.entries import EntryKind

ABSENCES, DEBTS = "absences", "debts"


def absences_screen(frame: ScreenFrame, entries: Entries) -> Screen:
    """The number of absences by reason, then day by day (Q27)."""
    t = frame.t
    absences_by_subject = [(entry, name) for entry, name in entries if entry.kind is EntryKind.ABSENCE]
    reasons = [t(f"marks.absence.{entry.value}") for entry, _ in absences_by_subject]
    counts = [f"{reason} – {screen_bold(str(reasons.count(reason)))}" for reason in sorted(set(reasons))]
    lines = [
        f"{weekday_screen_date(entry.on, t)} {screen_text(name)}: {screen_text(t(f'marks.absence.{entry.value}'))}"
        for entry, name in sorted(absences_by_subject, key=lambda item: (-item[0].on.toordinal(), item[1]))
    ]
    head = [
        *frame.head_of_subject(screen_bold(t("absences.title")), *_dates(frame)),
        *counts,
        *([""] if counts else []),
    ]
    return frame.screen(head, lines or [t("absences.none") if frame.look.since is None else t("marks.none_then")])


def _dates(frame: ScreenFrame) -> list[str]:
    """The dates that were asked for, as a line."""
    since, until = frame.look.since, frame.look.until
    return [screen_date_span(since, until, frame.t)] if since and until else []


def debts_screen(frame: ScreenFrame, entries: Entries) -> Screen:
    """Work that was not handed in; no average counts it until then (Q28)."""
    t = frame.t
    lines = []
    for entry, name in sorted(entries, key=lambda item: (item[1], item[0].on)):
        if entry.kind is EntryKind.DEBT:
            details = mark_work_on_screen(entry, t)
            lines.append(
                t("debts.line", on=screen_date(entry.on), subject=screen_bold(name))
                + (f" – {details}" if details else "")
            )
    head = frame.head_of_subject(screen_bold(t("debts.title")), *_dates(frame), *([t("debts.rule")] if lines else []))
    return frame.screen(head, lines or [t("debts.none") if frame.look.since is None else t("marks.none_then")])
