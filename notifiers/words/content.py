"""What a parcel has to tell, child by child, before it becomes words."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.model.delivery.deliveries import Item
from core.model.notices import (
    R6_KINDS,
    Announcement,
    CodesGuessed,
    FinalMarkSet,
    LessonChanged,
    MessagesRejected,
    Notice,
    NoticeKind,
    ResultsUntold,
)
from core.rules.delivery.merging import merged_notice
from notifiers.words.sentences import plain

_KINDS = sorted(NoticeKind, key=lambda kind: kind not in R6_KINDS)


@dataclass(frozen=True, slots=True)
class Whose:
    """A child by name; for staff, who are told of no child, the group («» where it is about none)."""

    student_id: int | None
    name: str


@dataclass(frozen=True, slots=True)
class News:
    """One thing to tell, about whom; `delivery_id` tells in which order things happened."""

    whose: Whose
    notice: Notice
    delivery_id: int

    @property
    def kind(self) -> NoticeKind:
        return self.notice.kind


def news_of(items: Iterable[Item]) -> list[News]:
    """By child, then kind (finals first), subject and day; what happened to one entry stays in its order."""
    told: list[News] = []
    for item in sorted(items, key=lambda item: item.delivery.id):
        _tell(told, News(_whose(item), item.notice, item.delivery.id))
    return sorted(told, key=_order)


def _tell(told: list[News], new: News) -> None:
    """Add a fact, or let it take the place of the one that it retells."""
    for place in range(len(told) - 1, -1, -1):
        earlier = told[place]
        both = merged_notice(earlier.notice, new.notice) if earlier.whose == new.whose else None
        if both is not None:
            told[place] = News(new.whose, both, earlier.delivery_id)
            return
    told.append(new)


def _whose(item: Item) -> Whose:
    group = item.notice.group if isinstance(item.notice, LessonChanged | Announcement) else None
    return Whose(item.delivery.student_id, plain(item.student or group or ""))


def _order(news: News) -> tuple[str, int, int, str, str, int, int]:
    return (
        news.whose.name,
        news.whose.student_id or 0,
        _KINDS.index(news.kind),
        *_place(news.notice),
        news.delivery_id,
    )


def _place(notice: Notice) -> tuple[str, str, int]:
    """Where a fact stands among those of its kind: by subject and day, changed lessons by day and number."""
    match notice:
        case FinalMarkSet():
            return notice.subject.casefold(), notice.term, 0
        case LessonChanged():
            return "", notice.on.isoformat(), notice.number
        case Announcement() | CodesGuessed():
            return "", notice.on.isoformat(), 0
        case ResultsUntold():
            return "", notice.due.isoformat(), 0
        case MessagesRejected():
            return notice.channel, notice.since.isoformat(), 0
        case _:
            return (notice.subject or "").casefold(), notice.on.isoformat(), 0
