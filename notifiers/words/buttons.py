"""Buttons under a message: "read" as proof, look-ups for each child, and switching a kind of notice off."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from core.model.delivery.deliveries import Parcel
from core.model.delivery.text import Button
from core.model.notices.family import HomeworkDue, JournalNotice, LessonChanged
from core.model.notices.kinds import R6_KINDS, NoticeKind
from core.model.notices.staff import ContactsWaiting, FinalMarksMissing
from core.ports import Translator
from core.rules.conversation.buttons import (
    ADVICE,
    CONTROL,
    DAY,
    EXAMS,
    FINALS_PAGE,
    FINALS_TABLE,
    FORECAST,
    HOMEWORK,
    HUSH,
    MARKS,
    READ,
    SETTINGS,
    SUBJECT,
    WAITING_CONTACTS,
    Handle,
    button_day_number,
    pack_button,
)
from notifiers.words.content import ParcelContentNews
from notifiers.words.sentences import one_line_sentence, uncapitalised_sentence

READ_PROVES = R6_KINDS | {NoticeKind.TIMETABLE, NoticeKind.ANNOUNCEMENTS}
"""Kinds whose reading is proved by a button (Q72, Q97)."""

_LIST_ACTIONS = {
    NoticeKind.CONTROL_WORKS: CONTROL,
    NoticeKind.RECOMMENDATIONS: ADVICE,
    NoticeKind.EXAMS: EXAMS,
    NoticeKind.TERM_RESULTS: FINALS_TABLE,
    NoticeKind.FORECAST: FORECAST,
}
_MOST_PAGES, _MOST_LETTERS = 30, 60
_MOST_BUTTONS = 2
"""At most so many days get a button each. With more kinds than this, one button opens the settings."""

Rows = tuple[tuple[Button, ...], ...]
_Labelled = tuple[str, Handle]


def notice_buttons(parcel: Parcel, news: Sequence[ParcelContentNews], t: Translator, *, key: bytes) -> Rows:
    """«Прочитано» first where it is proof, then look-ups for each child, then switching a kind off (Q83)."""
    ways = [*_read_button(parcel, news, t), *_look_ups(news, t), *_missing_finals(news), *_waiting_contacts(news, t)]
    ways += _switch_off_buttons(news, t)
    return _sealed(ways, parcel, key)


def discreet_notice_buttons(parcel: Parcel, news: Sequence[ParcelContentNews], t: Translator, *, key: bytes) -> Rows:
    """Look-ups whose labels name no child; with two children the bot asks which (Q85)."""
    ways = [
        (t(f"notice.open_{action}", on=on), Handle(action, (0, button_day_number(on))))
        for action, on in _days_to_show(news)
    ]
    return _sealed([*_read_button(parcel, news, t), *ways], parcel, key)


def _sealed(labelled: Iterable[_Labelled], parcel: Parcel, key: bytes) -> Rows:
    """In a chat that several persons share, a button acts for the person whom the message is for."""
    owner = parcel.person_id if parcel.addressee is not None else None
    owned = [(label, replace(handle, person_id=owner)) for label, handle in labelled]
    address = {"channel": parcel.channel, "chat": parcel.address}
    return tuple((Button(label, pack_button(handle, key=key, **address)),) for label, handle in owned)


def _read_button(parcel: Parcel, news: Sequence[ParcelContentNews], t: Translator) -> Iterable[_Labelled]:
    if has_notice_read_button(news):
        yield t("notice.button_read"), Handle(READ, (parcel.attempt_id,))


def has_notice_read_button(news: Iterable[ParcelContentNews]) -> bool:
    """True where a notice of this message is proved by being read."""
    return any(each.kind in READ_PROVES for each in news)


def _look_ups(news: Sequence[ParcelContentNews], t: Translator) -> Iterable[_Labelled]:
    """Look-ups for each child. Staff get none, since their notices name no child."""
    for whose, group in groupby(news, key=lambda each: each.whose):
        if whose.student_id is None:
            continue
        own, given = list(group), _given_name(whose.name)
        yield from _marks_button(own, whose.student_id, given, t)
        for action, on in _days_to_show(own):
            label = t(f"notice.button_{action}", on=on, student=given)
            yield label, Handle(action, (whose.student_id, button_day_number(on)))
        for kind, action in _LIST_ACTIONS.items():
            if any(each.kind is kind for each in own):
                yield t(f"notice.button_{action}", student=given), Handle(action, (whose.student_id,))


def _days_to_show(news: Sequence[ParcelContentNews]) -> Iterable[tuple[str, date]]:
    """Days to look up: first those of changed lessons, then those of homework."""
    lessons = {each.notice.on for each in news if isinstance(each.notice, LessonChanged)}
    homework = {each.notice.on for each in news if isinstance(each.notice, HomeworkDue)}
    for action, days in ((DAY, lessons), (HOMEWORK, homework)):
        yield from ((action, on) for on in sorted(days)[:_MOST_BUTTONS])


def _marks_button(news: Sequence[ParcelContentNews], student_id: int, given: str, t: Translator) -> Iterable[_Labelled]:
    """Opens the subject where all news concern one subject, else all marks (Q95)."""
    journal = [each.notice for each in news if isinstance(each.notice, JournalNotice)]
    if not journal:
        return
    subject_ids = {notice.subject_id for notice in journal}
    subject_id = subject_ids.pop() if len(subject_ids) == 1 else None
    if subject_id is None:
        yield t("notice.button_marks", student=given), Handle(MARKS, (student_id,))
    else:
        label = t("notice.button_subject", subject=one_line_sentence(journal[0].subject), student=given)
        yield label, Handle(SUBJECT, (student_id, subject_id))


def _missing_finals(news: Sequence[ParcelContentNews]) -> Iterable[_Labelled]:
    """A teacher's classes and subjects that lack final marks: each opens its page, which leads to the students."""
    missing = [each.notice for each in news if isinstance(each.notice, FinalMarksMissing)]
    for notice in missing[:_MOST_PAGES]:
        page = notice.group_id, notice.subject_id, notice.term_number
        label = f"{one_line_sentence(notice.group)} · {one_line_sentence(notice.subject)}: {notice.count}"
        yield label[:_MOST_LETTERS], Handle(FINALS_PAGE, page)


def _waiting_contacts(news: Sequence[ParcelContentNews], t: Translator) -> Iterable[_Labelled]:
    """The list of the families, for whoever leads the class."""
    if any(isinstance(each.notice, ContactsWaiting) for each in news):
        yield t("notice.button_waiting"), Handle(WAITING_CONTACTS)


def _switch_off_buttons(news: Sequence[ParcelContentNews], t: Translator) -> Iterable[_Labelled]:
    """Kinds under R6 cannot be switched off. For many kinds one button opens the settings."""
    kinds = [kind for kind in NoticeKind if kind not in R6_KINDS and any(_concerns_family(each, kind) for each in news)]
    if len(kinds) > _MOST_BUTTONS:
        yield t("notice.button_settings"), Handle(SETTINGS)
        return
    for kind in kinds:
        label = t("notice.button_hush", kind=uncapitalised_sentence(t(f"notice.heading_{kind}")))
        yield label, Handle(HUSH, (list(NoticeKind).index(kind),))


def _concerns_family(news: ParcelContentNews, kind: NoticeKind) -> bool:
    return news.kind is kind and news.whose.student_id is not None


def _given_name(name: str) -> str:
    return name.split()[1] if " " in name else name
