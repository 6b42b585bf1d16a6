"""Marks of a child: newest days first, then subject by subject, always under the child's name (Q13, Q15)."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from bot.screens.screen import Screen, Seal, bold, fitted, plain, rows
from core.model.delivery import Button
from core.model.journal import EXAM, FINAL, YEAR
from core.model.marks import Entry, EntryKind, PeriodMark
from core.model.people import Person
from core.ports import Translator
from core.rules.handles import Handle

CHILD, SUBJECT, CHILDREN = "child", "subject", "children"
"""Buttons of these screens: a child's overview, a child's subject, the choice of a child."""

DAYS = 14
_TERMS = frozenset({YEAR, EXAM, FINAL})

Entries = Sequence[tuple[Entry, str]]
"""Entries with their subject's name, the newest day last."""

Finals = Sequence[tuple[PeriodMark, str]]


def no_children(t: Translator) -> Screen:
    return Screen(t("marks.no_children"))


def choice(children: Sequence[Person], t: Translator, seal: Seal) -> Screen:
    """Which child: they are never shown mixed."""
    buttons = [Button(child.name, seal(Handle(CHILD, (child.id,)))) for child in children]
    return Screen(t("marks.which_child"), rows(buttons, width=1))


def overview(child: Person, entries: Entries, t: Translator, seal: Seal, *, siblings: bool) -> Screen:
    """The newest days, and a button for each subject."""
    head = [bold(child.name), ""]
    if not entries:
        return Screen("\n".join([*head, t("marks.none")]), _to_children(t, seal) if siblings else ())
    subjects = {entry.subject_id: name for entry, name in entries}
    buttons = [
        Button(name, seal(Handle(SUBJECT, (child.id, subject_id))))
        for subject_id, name in sorted(subjects.items(), key=lambda item: item[1])
    ]
    text = fitted(head, _days(entries, t), more=t("marks.more"))
    return Screen(text, rows(buttons, width=2) + (_to_children(t, seal) if siblings else ()))


def subject(child: Person, entries: Entries, finals: Sequence[PeriodMark], t: Translator, seal: Seal) -> Screen:
    """Every entry of one subject with its work, topic and weight, and the printed averages and finals."""
    head = [bold(child.name), bold(entries[0][1]), ""]
    terms = [_term(final, t) for final in finals]
    lines = [_entry(entry, t) for entry, _ in reversed(entries)]
    text = fitted([*head, *terms, *([""] if terms else [])], lines, more=t("marks.more"))
    return Screen(text, ((Button(t("marks.back"), seal(Handle(CHILD, (child.id,)))),),))


def _to_children(t: Translator, seal: Seal) -> tuple[tuple[Button, ...], ...]:
    return ((Button(t("marks.other_child"), seal(Handle(CHILDREN))),),)


def _days(entries: Entries, t: Translator) -> Iterable[str]:
    """A line a day and subject, the newest day first: «24.11 Алгебра: 5, 4»."""
    newest = sorted(entries, key=lambda item: (item[0].on, item[1]), reverse=True)
    days = groupby(newest, key=lambda item: item[0].on)
    for place, (on, of_day) in enumerate(days):
        if place == DAYS:
            return
        by_subject = groupby(sorted(of_day, key=lambda item: (item[1], item[0].id)), key=lambda item: item[1])
        for name, found in by_subject:
            yield f"{_day(on)} {plain(name)}: {bold(', '.join(_brief(entry, t) for entry, _ in found))}"


def _brief(entry: Entry, t: Translator) -> str:
    """As in the journal, but for «.», which says nothing to a parent (Q28)."""
    return t("notice.value_debt") if entry.kind is EntryKind.DEBT else entry.value


def _entry(entry: Entry, t: Translator) -> str:
    details = [_meaning(entry, t), entry.work_kind, entry.topic and t("notice.topic", topic=entry.topic)]
    if entry.weight:
        details.append(t("marks.weight", weight=f"{entry.weight.normalize():f}"))
    said = plain(", ".join(filter(None, details)))
    return f"{_day(entry.on)} {bold(_brief(entry, t))}" + (f" – {said}" if said else "")


def _meaning(entry: Entry, t: Translator) -> str | None:
    """The code of an absence in words; nothing else needs any."""
    return t(f"marks.absence.{entry.value}") if entry.kind is EntryKind.ABSENCE else None


def _term(final: PeriodMark, t: Translator) -> str:
    name = t(f"notice.term_{final.term}") if final.term in _TERMS else final.term or t("marks.period")
    parts = []
    if final.average is not None:
        parts.append(t("marks.average", average=f"{final.average:f}".replace(".", ",")))
    if final.value is not None:
        parts.append(t("marks.final", value=bold(final.value)))
    return f"{plain(name)}: {', '.join(parts)}"


def _day(on: date) -> str:
    return f"{on:%d.%m}"
