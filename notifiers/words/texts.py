"""Builds the Text of a parcel from its notices: one Text for every channel, always the same for the same facts."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import groupby
from types import MappingProxyType
from typing import assert_never

from core.errors import UnreadableNoticeError
from core.model.delivery.deliveries import Parcel
from core.model.delivery.text import Attachment, NoticeInWords, Section, Text
from core.model.notices.facts import Notice, UnreadableNotice
from core.model.notices.family import (
    Announcement,
    ControlWorkAhead,
    ExamResultSet,
    ForecastGiven,
    HomeworkDue,
    JournalNotice,
    LessonChanged,
    RecommendationGiven,
    TermFinished,
    WeeklyExtract,
)
from core.model.notices.kinds import ALWAYS_SENT, R6_KINDS, STAFF_KINDS, NoticeKind
from core.model.notices.personal import PersonalNotice
from core.model.notices.staff import StaffNotice
from core.ports import Translator
from notifiers.words import exams as exam_words
from notifiers.words import forecast as forecast_words
from notifiers.words import marks as mark_words
from notifiers.words import personal, schoolday, warnings
from notifiers.words.buttons import discreet_notice_buttons, has_notice_read_button, notice_buttons
from notifiers.words.content import ChildOrGroup, ParcelContentNews, parcel_content
from notifiers.words.file_references import Files, stored_file_references, without_file_references
from notifiers.words.sentences import one_line_sentence
from notifiers.words.short_texts import ShortFact, short_name_for_text, short_text, short_text_sms_length

IMPERSONAL_KINDS = STAFF_KINDS | {NoticeKind.TIMETABLE, NoticeKind.HOMEWORK}
"""Kinds that a discreet channel shows too, without names; the bot shows the same there (contracts, Delivery)."""

_JOURNAL_KINDS = frozenset({NoticeKind.MARKS, NoticeKind.ABSENCES}) | R6_KINDS
_DAY_FIRST = R6_KINDS | STAFF_KINDS | {NoticeKind.TIMETABLE}
"""Kinds whose lines begin with the term or the day, then the subject."""

_KINDS_WITH_FOOTER = frozenset({NoticeKind.DEADLINES, NoticeKind.ALARMS, NoticeKind.FORECAST})
"""Kinds whose message ends with what to do, or what it is."""

_IN_CONTENTS = frozenset({NoticeKind.EXTRACT, NoticeKind.FORECAST})
"""Kinds that the contents of a weekly extract say better, since they are of the moment when it is queued (Q31)."""

_UNNAMED = ChildOrGroup(None, "")


def compose_text(parcel: Parcel, t: Translator, *, key: bytes, files: Files = MappingProxyType({})) -> Text:
    """The Text of a parcel: every child under their own name (Q15), buttons sealed with `key`.

    Notices about one fact are merged (`rules/delivery/merging.py`). A discreet channel gets impersonal words (Q85).
    `files` were fetched for a channel that attaches them.
    """
    text = personal.personal_ownership_text(parcel, t, key=key) or (
        _discreet_text(parcel, t, key) if parcel.discreet else _full_text(parcel, t, key, files)
    )
    text = replace(text, imprint=t(_imprint_key(parcel, text)), unsubscribe=t("notice.unsubscribe"))
    for mark in _prefixes(parcel):
        text = replace(text, title=t(mark, text=text.title), short=t(mark, text=text.short))
    return text


def _imprint_key(parcel: Parcel, text: Text) -> str:
    """Why a letter came: to prove a contact, by a consent, or to one's own contact; a discreet one names no kind."""
    if text.secret:
        return "notice.imprint_code"
    if all(item.delivery.student_id is None for item in parcel.items):
        return "notice.imprint_own"
    return "notice.imprint_family" if text.unsubscribable or parcel.discreet else "notice.imprint_results"


def notice_text_words(notice: Notice, t: Translator) -> NoticeInWords:  # noqa: C901, PLR0911, PLR0912  # a case for each notice
    """The words of any notice. Raises UnreadableNoticeError."""
    if isinstance(notice, JournalNotice):
        return mark_words.mark_notice_words(notice, t)
    if isinstance(notice, StaffNotice):
        return warnings.staff_warning_words(notice, t)
    if isinstance(notice, PersonalNotice):
        return personal.personal_notice_words(notice, t)
    match notice:
        case ExamResultSet():
            return exam_words.exam_notice_words(notice, t)
        case LessonChanged():
            return schoolday.lesson_change_notice_words(notice, t)
        case Announcement():
            return schoolday.announcement_notice_words(notice, t)
        case HomeworkDue():
            return schoolday.homework_notice_words(notice, t)
        case ControlWorkAhead():
            return schoolday.control_work_notice_words(notice, t)
        case TermFinished():
            return mark_words.term_marks_notice_words(notice, t)
        case RecommendationGiven():
            return schoolday.recommendation_notice_words(notice, t)
        case ForecastGiven():
            return forecast_words.forecast_notice_words(notice, t)
        case WeeklyExtract():
            return schoolday.extract_notice_words(notice, t)
        case UnreadableNotice():
            raise UnreadableNoticeError
        case _:
            assert_never(notice)


def digest_of_parcel_text(text: Text) -> str:
    """SHA-256 of words and attachments, stored as evidence. Buttons are left out, since they name chat and attempt.

    So is a one-time code: whoever holds a hash of six digits has the digits.
    """
    words = {
        "title": text.title,
        "sections": [
            [section.heading, *(_open_words(line, text) for line in section.lines)] for section in text.sections
        ],
        "short": _open_words(text.short, text),
        "footer": text.footer,
        "attachments": [[each.name, _fingerprint(each)] for each in text.attachments],
    }
    return sha256(json.dumps(words, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _open_words(words: str, text: Text) -> str:
    return words.replace(text.secret, "") if text.secret else words


def _fingerprint(file: Attachment) -> str:
    return sha256(file.content if file.reference is None else file.reference.encode()).hexdigest()


def _prefixes(parcel: Parcel) -> Sequence[str]:
    """Prefixes of the message: it may be a repeat, it may be late."""
    marks = {"notice.repeated": parcel.repeated, "notice.delayed": parcel.delayed}
    return [mark for mark, holds in marks.items() if holds]


def _prefix_length(parcel: Parcel, t: Translator) -> int:
    """Characters of an SMS that the prefixes need."""
    return sum(short_text_sms_length(t(mark, text="")) for mark in _prefixes(parcel))


def _full_text(parcel: Parcel, t: Translator, key: bytes, files: Files) -> Text:
    news: Sequence[ParcelContentNews] = parcel_content(parcel.items)
    attachments = stored_file_references(news, parcel.channel, t, files)
    if any(each.kind is NoticeKind.EXTRACT for each in news):
        news = [each for each in news if each.kind not in _IN_CONTENTS] or news[:1]
    news = without_file_references(news, parcel.channel, files)
    return Text(
        title=_with_addressee(_title(news, t), parcel, t),
        sections=tuple(_sections(news, t)),
        short=_short(news, t, room=_prefix_length(parcel, t)),
        buttons=notice_buttons(parcel, news, t, key=key),
        attachments=attachments,
        footer=_footer(news, t),
        unsubscribable=_is_unsubscribable(news),
        acknowledge=t("notice.button_read") if has_notice_read_button(news) else None,
    )


def _discreet_text(parcel: Parcel, t: Translator, key: bytes) -> Text:
    """Changed lessons and homework in brief; of everything else only that there is news and where to read it."""
    news = parcel_content(parcel.items)
    told = [replace(each, whose=_UNNAMED) for each in news if each.kind in IMPERSONAL_KINDS]
    blocks = [(_heading(kind, t), _brief_lines(group, kind, t)) for kind, group in _by_kind(told)]
    if len(told) < len(news):
        blocks.append((t("notice.discreet_title"), (t("notice.discreet_where"),)))
    alone = len(blocks) == 1
    return Text(
        title=blocks[0][0] if alone else t("notice.title_school"),
        sections=tuple(Section(None if alone else heading, lines) for heading, lines in blocks),
        short=_discreet_short(parcel, news, told, t),
        buttons=discreet_notice_buttons(parcel, told, t, key=key),
        footer=_footer(news, t),
        unsubscribable=_is_unsubscribable(news),
        acknowledge=t("notice.button_read") if has_notice_read_button(news) else None,
    )


def _discreet_short(
    parcel: Parcel, news: Sequence[ParcelContentNews], told: Sequence[ParcelContentNews], t: Translator
) -> str:
    where = t("notice.discreet_short")
    if not told:
        return where
    left = f". {where}" if len(told) < len(news) else ""
    return _short(told, t, room=_prefix_length(parcel, t) + short_text_sms_length(left)) + left


def _brief_lines(news: Sequence[ParcelContentNews], kind: NoticeKind, t: Translator) -> tuple[str, ...]:
    """Lines without names; a line that two children share appears once."""
    said = [replace(each, what=each.brief) for each in (notice_text_words(one.notice, t) for one in news)]
    return tuple(dict.fromkeys(_lines(said, kind)))


def _by_kind(news: Sequence[ParcelContentNews]) -> Iterable[tuple[NoticeKind, list[ParcelContentNews]]]:
    for kind in NoticeKind:
        if group := [each for each in news if each.kind is kind]:
            yield kind, group


def _footer(news: Iterable[ParcelContentNews], t: Translator) -> str | None:
    """The footer: where to read what a warning only counts, and what to do about an alarm."""
    kinds = {each.kind for each in news} & _KINDS_WITH_FOOTER
    return "\n".join(t(f"notice.where_{kind}") for kind in sorted(kinds)) or None


def _is_unsubscribable(news: Iterable[ParcelContentNews]) -> bool:
    return not any(each.kind in ALWAYS_SENT for each in news)


def _has_results(news: Iterable[ParcelContentNews]) -> bool:
    return any(each.kind in R6_KINDS for each in news)


def _children_of(news: Iterable[ParcelContentNews]) -> list[ChildOrGroup]:
    return list(dict.fromkeys(each.whose for each in news))


def _title(news: Sequence[ParcelContentNews], t: Translator) -> str:
    """The heading of the kind, or a general title for several kinds; for one child with the name."""
    title = _heading(news[0].kind, t) if len({each.kind for each in news}) == 1 else _mixed_title(news, t)
    children = _children_of(news)
    if len(children) > 1 or not children[0].name:
        return title
    return t("notice.title_of_student", title=title, student=children[0].name)


def _with_addressee(title: str, parcel: Parcel, t: Translator) -> str:
    """Where several persons share an address, the title begins with the person the message is for."""
    return t("notice.title_to", person=one_line_sentence(parcel.addressee), title=title) if parcel.addressee else title


def _mixed_title(news: Sequence[ParcelContentNews], t: Translator) -> str:
    if _has_results(news):
        return t("notice.title_results")
    return t("notice.title_news" if all(each.kind in _JOURNAL_KINDS for each in news) else "notice.title_school")


def _sections(news: Sequence[ParcelContentNews], t: Translator) -> Iterable[Section]:
    """A section for each child and kind, without a heading where the title says the same."""
    children, kinds = _children_of(news), {each.kind for each in news}
    for (whose, kind), group in groupby(news, key=lambda each: (each.whose, each.kind)):
        heading = _heading(kind, t)
        if len(children) > 1 and whose.name:
            heading = t("notice.section_of_student", student=whose.name, heading=heading)
        alone = len(children) == 1 and len(kinds) == 1
        yield Section(
            None if alone else heading, tuple(_lines([notice_text_words(each.notice, t) for each in group], kind))
        )


def _heading(kind: NoticeKind, t: Translator) -> str:
    return t(f"notice.heading_{kind}")


def _lines(facts: Sequence[NoticeInWords], kind: NoticeKind) -> Iterable[str]:
    """A line for each subject with its days. Results have a line for each term, changed lessons one for each day."""
    if kind is NoticeKind.ANNOUNCEMENTS:
        yield from (line for said in facts for line in said.what.splitlines())
    elif kind in _DAY_FIRST:
        yield from _day_first_lines(facts)
    else:
        for about, group in groupby(facts, key=lambda said: said.about):
            days = groupby(group, key=lambda said: said.when)
            yield f"{about}, " + "; ".join(f"{day}: {_join_words(facts_of_day)}" for day, facts_of_day in days)


def _day_first_lines(facts: Sequence[NoticeInWords]) -> Iterable[str]:
    """A line for each day or term and subject; a note that several lines share ends the last of them."""
    lines = [list(group) for _, group in groupby(facts, key=lambda said: (said.when, said.about))]
    last = {said.note: place for place, group in enumerate(lines) for said in group if said.note}
    for place, group in enumerate(lines):
        notes = "".join(f". {note}" for note, of_line in last.items() if of_line == place)
        yield f"{', '.join(filter(None, (group[0].when, group[0].about)))}: {_join_words(group)}{notes}"


def _join_words(facts: Iterable[NoticeInWords]) -> str:
    return ", ".join(said.what for said in facts)


def _short(news: Sequence[ParcelContentNews], t: Translator, *, room: int) -> str:
    names = _short_names(_children_of(news))
    facts = [_short_fact(each, notice_text_words(each.notice, t), names[each.whose]) for each in news]
    return short_text(sorted(facts, key=lambda fact: not fact.result), lambda n: t("notice.more", n), room=room)


def _short_names(children: Sequence[ChildOrGroup]) -> dict[ChildOrGroup, str]:
    """«Аня С.»; full names where two short ones would be equal; a group keeps its name."""
    names = {whose: whose.name if whose.student_id is None else short_name_for_text(whose.name) for whose in children}
    return {whose: whose.name for whose in children} if len(set(names.values())) < len(names) else names


def _short_fact(news: ParcelContentNews, said: NoticeInWords, name: str) -> ShortFact:
    brief = said.brief if news.whose is _UNNAMED else said.brief_named or said.brief
    if news.kind in _DAY_FIRST:
        about = said.about if said.brief_about is None else said.brief_about
        return ShortFact(name, said.when, about, brief, result=news.kind in R6_KINDS)
    return ShortFact(name, "", said.about, " ".join(filter(None, (said.when, brief))), result=False)
