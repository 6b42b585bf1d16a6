"""Buttons under a message: proof of reading, a way to look further for each child, and to have less of a kind."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from core.model.delivery.deliveries import Parcel
from core.model.delivery.text import Button
from core.model.notices import R6_KINDS, HomeworkDue, JournalNotice, LessonChanged, NoticeKind
from core.ports import Translator
from core.rules.conversation.buttons import (
    ADVICE,
    CONTROL,
    DAY,
    HOMEWORK,
    HUSH,
    MARKS,
    READ,
    SETTINGS,
    SUBJECT,
    Handle,
    day_number,
    pack,
)
from notifiers.words.content import News
from notifiers.words.sentences import plain, uncapitalised

PROVED = R6_KINDS | {NoticeKind.TIMETABLE, NoticeKind.ANNOUNCEMENTS}
"""Kinds whose reading is proved by a button (Q72, Q97)."""

_LISTS = {NoticeKind.CONTROL_WORKS: CONTROL, NoticeKind.RECOMMENDATIONS: ADVICE}
_FEW = 2
"""Up to so many days have a button each, and so many kinds one to switch them off."""

Rows = tuple[tuple[Button, ...], ...]
_Labelled = tuple[str, Handle]


def buttons(parcel: Parcel, news: Sequence[News], t: Translator, *, key: bytes) -> Rows:
    """«Прочитано» first where it is proof, then each child's ways, then what switches a kind off (Q83)."""
    return _sealed([*_proof(parcel, news, t), *_ways(news, t), *_hushing(news, t)], parcel, key)


def discreet_buttons(parcel: Parcel, news: Sequence[News], t: Translator, *, key: bytes) -> Rows:
    """Ways that name nobody: of two children the bot asks which (Q85)."""
    ways = [(t(f"notice.open_{action}", on=on), Handle(action, (0, day_number(on)))) for action, on in _days(news)]
    return _sealed([*_proof(parcel, news, t), *ways], parcel, key)


def _sealed(labelled: Iterable[_Labelled], parcel: Parcel, key: bytes) -> Rows:
    """In a chat that several persons share each button acts for the one whose message it is."""
    owner = parcel.person_id if parcel.addressee is not None else None
    owned = [(label, replace(handle, person_id=owner)) for label, handle in labelled]
    return tuple((Button(label, pack(handle, chat=parcel.address, key=key)),) for label, handle in owned)


def _proof(parcel: Parcel, news: Sequence[News], t: Translator) -> Iterable[_Labelled]:
    if any(each.kind in PROVED for each in news):
        yield t("notice.button_read"), Handle(READ, (parcel.attempt_id,))


def _ways(news: Sequence[News], t: Translator) -> Iterable[_Labelled]:
    """Staff have none: what they are told of names no child."""
    for whose, group in groupby(news, key=lambda each: each.whose):
        if whose.student_id is None:
            continue
        own, given = list(group), _given_name(whose.name)
        yield from _to_marks(own, whose.student_id, given, t)
        for action, on in _days(own):
            label = t(f"notice.button_{action}", on=on, student=given)
            yield label, Handle(action, (whose.student_id, day_number(on)))
        for kind, action in _LISTS.items():
            if any(each.kind is kind for each in own):
                yield t(f"notice.button_{action}", student=given), Handle(action, (whose.student_id,))


def _days(news: Sequence[News]) -> Iterable[tuple[str, date]]:
    """The days to look at: of changed lessons, then of homework."""
    lessons = {each.notice.on for each in news if isinstance(each.notice, LessonChanged)}
    homework = {each.notice.on for each in news if isinstance(each.notice, HomeworkDue)}
    for action, days in ((DAY, lessons), (HOMEWORK, homework)):
        yield from ((action, on) for on in sorted(days)[:_FEW])


def _to_marks(news: Sequence[News], student_id: int, given: str, t: Translator) -> Iterable[_Labelled]:
    """To the subject where the news are of one alone, else to all marks (Q95)."""
    journal = [each.notice for each in news if isinstance(each.notice, JournalNotice)]
    if not journal:
        return
    subject_ids = {notice.subject_id for notice in journal}
    subject_id = subject_ids.pop() if len(subject_ids) == 1 else None
    if subject_id is None:
        yield t("notice.button_marks", student=given), Handle(MARKS, (student_id,))
    else:
        label = t("notice.button_subject", subject=plain(journal[0].subject), student=given)
        yield label, Handle(SUBJECT, (student_id, subject_id))


def _hushing(news: Sequence[News], t: Translator) -> Iterable[_Labelled]:
    """R6 is never switched off; of many kinds each is chosen in the settings."""
    kinds = [kind for kind in NoticeKind if kind not in R6_KINDS and any(_is_familys(each, kind) for each in news)]
    if len(kinds) > _FEW:
        yield t("notice.button_settings"), Handle(SETTINGS)
        return
    for kind in kinds:
        label = t("notice.button_hush", kind=uncapitalised(t(f"notice.heading_{kind}")))
        yield label, Handle(HUSH, (list(NoticeKind).index(kind),))


def _is_familys(news: News, kind: NoticeKind) -> bool:
    return news.kind is kind and news.whose.student_id is not None


def _given_name(name: str) -> str:
    return name.split()[1] if " " in name else name
