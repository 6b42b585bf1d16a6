"""Where notices become words: one Text for every channel, the same for the same facts."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import groupby
from typing import assert_never

from core.model.delivery import Button, Item, Parcel, Section, Text
from core.model.journal import EXAM, FINAL, YEAR
from core.model.notices import (
    R6_KINDS,
    AbsenceChanged,
    AbsenceRecorded,
    FinalMarkSet,
    MarkChanged,
    MarkRecorded,
    MarkWithdrawn,
    Notice,
    NoticeKind,
)
from core.ports import Translator
from core.rules.cells import DEBT, EXEMPT, NOT_ASSESSED
from core.rules.handles import MARKS, READ, Handle, pack
from notifiers.short_texts import ShortFact, short_name, shortened

_KINDS = sorted(NoticeKind, key=lambda kind: kind not in R6_KINDS)
_WORDS = {DEBT: "debt", "зач": "credit", "незач": "no_credit", NOT_ASSESSED: "not_assessed", EXEMPT: "exempt"}
_ABSENCES = {
    "УП": "excused",
    "Б": "illness",
    "НП": "unexcused",
    "ОТ": "absent",
    "Н": "absent",
    "НБ": "absent",
    "ОП": "late",
    "ОСВ": "exempt",
}
_TERMS = frozenset({YEAR, EXAM, FINAL})
_LONGEST_TOPIC = 100


@dataclass(frozen=True, slots=True)
class _Said:
    """A notice in words: `what` happened, `when` (a day or a term), and `brief` for a line of an SMS."""

    subject: str
    when: str
    what: str
    brief: str


_Words = Mapping[int, _Said]
"""Each notice in words, by its delivery."""


def compose(parcel: Parcel, t: Translator, *, key: bytes) -> Text:
    """The message of a parcel: every child under their own name, never mixed (Q15); buttons are sealed with `key`.

    A discreet channel gets the same impersonal words whatever the facts (Q85).
    """
    text = _discreet(parcel, t) if parcel.discreet else _full(parcel, t, key)
    return _marked_as_repeated(text, t) if parcel.repeated else text


def code_text(code: str, t: Translator) -> Text:
    """What an unconfirmed contact gets: the one-time code and where to sign, nothing else (Q81)."""
    lines = (t("notice.code", code=code), t("notice.code_form"))
    short = t("notice.code_short", code=code)
    return Text(t("notice.code_title"), (Section(None, lines),), short, unsubscribable=False)


def digest(text: Text) -> str:
    """SHA-256 of words and attachments, for the ledger; buttons stay out, since they name the chat and the attempt."""
    words = {
        "title": text.title,
        "sections": [[section.heading, *section.lines] for section in text.sections],
        "short": text.short,
        "footer": text.footer,
        "attachments": [[each.name, sha256(each.content).hexdigest()] for each in text.attachments],
    }
    return sha256(json.dumps(words, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _discreet(parcel: Parcel, t: Translator) -> Text:
    lines = (t("notice.discreet_where"),)
    return Text(
        t("notice.discreet_title"),
        (Section(None, lines),),
        t("notice.discreet_short"),
        unsubscribable=not _has_results(parcel.items),
    )


def _marked_as_repeated(text: Text, t: Translator) -> Text:
    title, short = (t("notice.repeated", text=words) for words in (text.title, text.short))
    return replace(text, title=title, short=short)


def _full(parcel: Parcel, t: Translator, key: bytes) -> Text:
    items = sorted(parcel.items, key=_order)
    said = {item.delivery.id: _said(item.notice, t) for item in items}
    return Text(
        title=_title(items, t),
        sections=tuple(_sections(items, said, t)),
        short=_short(items, said, t, room=len(t("notice.repeated", text="")) if parcel.repeated else 0),
        buttons=tuple(_buttons(parcel, items, t, key)),
        unsubscribable=not _has_results(items),
    )


def _order(item: Item) -> tuple[str, int, int, str, str, int]:
    """By child, then kind (finals first), subject and day; what happened to one entry stays in its order."""
    notice = item.notice
    day = notice.term if isinstance(notice, FinalMarkSet) else notice.on.isoformat()
    kind = _KINDS.index(notice.kind)
    return item.student, item.delivery.student_id, kind, notice.subject.casefold(), day, item.delivery.id


def _has_results(items: Iterable[Item]) -> bool:
    return any(item.notice.kind in R6_KINDS for item in items)


def _children(items: Sequence[Item]) -> dict[int, str]:
    return {item.delivery.student_id: _plain(item.student) for item in items}


def _title(items: Sequence[Item], t: Translator) -> str:
    kinds = {item.notice.kind for item in items}
    mixed = "notice.title_results" if kinds & R6_KINDS else "notice.title_news"
    title = t(mixed) if len(kinds) > 1 else _heading(items[0].notice.kind, t)
    children = _children(items)
    if len(children) > 1:
        return title
    return t("notice.title_of_student", title=title, student=children[items[0].delivery.student_id])


def _sections(items: Sequence[Item], said: _Words, t: Translator) -> Iterable[Section]:
    """A section for each child and kind; what the title says already is not said again."""
    children, kinds = _children(items), {item.notice.kind for item in items}
    for (student_id, kind), group in groupby(items, key=lambda item: (item.delivery.student_id, item.notice.kind)):
        heading = _heading(kind, t)
        if len(children) > 1:
            heading = t("notice.section_of_student", student=children[student_id], heading=heading)
        alone = len(children) == 1 and len(kinds) == 1
        yield Section(None if alone else heading, tuple(_lines([said[item.delivery.id] for item in group], kind)))


def _heading(kind: NoticeKind, t: Translator) -> str:
    return t(f"notice.heading_{kind}")


def _lines(facts: Sequence[_Said], kind: NoticeKind) -> Iterable[str]:
    """A line for each subject, its days one after another; results have a line for each term."""
    if kind in R6_KINDS:
        for (when, subject), group in groupby(facts, key=lambda said: (said.when, said.subject)):
            yield f"{', '.join(filter(None, (when, subject)))}: {_joined(group)}"
        return
    for subject, group in groupby(facts, key=lambda said: said.subject):
        days = groupby(group, key=lambda said: said.when)
        yield f"{subject}, " + "; ".join(f"{day}: {_joined(facts_of_day)}" for day, facts_of_day in days)


def _joined(facts: Iterable[_Said]) -> str:
    return ", ".join(said.what for said in facts)


def _said(notice: Notice, t: Translator) -> _Said:
    full, brief = _what(notice, t, brief=False), _what(notice, t, brief=True)
    return _Said(_plain(notice.subject), _when(notice, t), full, brief)


def _when(notice: Notice, t: Translator) -> str:
    if not isinstance(notice, FinalMarkSet):
        return t("notice.day", on=notice.on)
    return t(f"notice.term_{notice.term}") if notice.term in _TERMS else _plain(notice.term)


def _what(notice: Notice, t: Translator, *, brief: bool) -> str:
    match notice:
        case MarkRecorded():
            return _value(notice.value, t, brief=brief) + ("" if brief else _details(notice, t))
        case MarkChanged():
            return _changed(_value(notice.before, t, brief=brief), _value(notice.value, t, brief=brief), t)
        case MarkWithdrawn():
            return _withdrawn(notice.before, t)
        case AbsenceRecorded():
            return _absence(notice.value, t, brief=brief)
        case AbsenceChanged():
            return _absence_changed(notice, t, brief=brief)
        case FinalMarkSet():
            return _final(notice, t, brief=brief)
        case _:
            assert_never(notice)


def _final(notice: FinalMarkSet, t: Translator, *, brief: bool) -> str:
    before = None if notice.before is None else _value(notice.before, t, brief=brief)
    if notice.value is None:
        return t("notice.annulled") if before is None else t("notice.annulled_was", before=before)
    value = _value(notice.value, t, brief=brief)
    return value if before is None else _changed(before, value, t)


def _value(mark: str, t: Translator, *, brief: bool = False) -> str:
    """A mark as it stands; words of the journal are written out, a debt («.») is open work (Q28)."""
    if mark not in _WORDS or (brief and mark != DEBT):
        return _plain(mark)
    return t(f"notice.value_{_WORDS[mark]}")


def _changed(before: str, value: str, t: Translator) -> str:
    return t("notice.changed", before=before, value=value)


def _withdrawn(before: str, t: Translator) -> str:
    return t("notice.mark_withdrawn" if before.isdecimal() else "notice.entry_withdrawn", before=_value(before, t))


def _details(notice: MarkRecorded, t: Translator) -> str:
    topic = _plain(notice.topic or "")
    if len(topic) > _LONGEST_TOPIC:
        topic = topic[: _LONGEST_TOPIC - 1].rstrip() + "…"
    details = [_uncapitalised(_plain(notice.work_kind or "")), t("notice.topic", topic=topic) if topic else ""]
    return f" ({', '.join(filter(None, details))})" if any(details) else ""


def _absence(code: str, t: Translator, *, brief: bool = False) -> str:
    """The journal's code in words; a code of its own that a school uses is shown as it stands."""
    if code not in _ABSENCES:
        return _plain(code)
    reading = t(f"notice.absence_{_ABSENCES[code]}")
    return reading if brief else f"{reading} ({code})"


def _absence_changed(notice: AbsenceChanged, t: Translator, *, brief: bool) -> str:
    before = _absence(notice.before, t, brief=brief)
    if notice.value is None:
        return t("notice.absence_withdrawn", before=before)
    return _changed(before, _absence(notice.value, t, brief=brief), t)


def _short(items: Sequence[Item], said: _Words, t: Translator, *, room: int) -> str:
    children = _children(items)
    names = {student_id: short_name(name) for student_id, name in children.items()}
    alike = len(set(names.values())) < len(names)
    shown = children if alike else names
    facts = [_short_fact(item, said[item.delivery.id], shown[item.delivery.student_id]) for item in items]
    return shortened(sorted(facts, key=lambda fact: not fact.result), lambda n: t("notice.more", n), room=room)


def _short_fact(item: Item, said: _Said, name: str) -> ShortFact:
    if item.notice.kind in R6_KINDS:
        return ShortFact(name, said.when, said.subject, said.brief, result=True)
    return ShortFact(name, "", said.subject, f"{said.when} {said.brief}", result=False)


def _buttons(parcel: Parcel, items: Sequence[Item], t: Translator, key: bytes) -> Iterable[tuple[Button, ...]]:
    """«Прочитано» first where R6 wants proof, then a way to each child's marks."""

    def button(label: str, action: str, number: int) -> tuple[Button]:
        return (Button(label, pack(Handle(action, (number,)), chat=parcel.address, key=key)),)

    if _has_results(items):
        yield button(t("notice.button_read"), READ, parcel.attempt_id)
    for student_id, name in _children(items).items():
        given = name.split()[1] if " " in name else name
        yield button(t("notice.button_marks", student=given), MARKS, student_id)


def _plain(text: str) -> str:
    """What a file said, on one line."""
    return " ".join(text.split())


def _uncapitalised(words: str) -> str:
    """«Контрольная работа» inside a line; an abbreviation («ДЗ») stays."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]
