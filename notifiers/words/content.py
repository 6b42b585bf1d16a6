"""The content of a parcel, grouped by child, before it becomes text."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.errors import UnreadableNoticeError
from core.model.delivery.deliveries import Item
from core.model.notices.facts import Notice, UnreadableNotice
from core.model.notices.family import (
    Announcement,
    FinalMarkDeferred,
    FinalMarkSet,
    LessonChanged,
    TermFinished,
    WeeklyExtract,
)
from core.model.notices.kinds import R6_KINDS, NoticeKind
from core.model.notices.personal import ComesOfAge, ConsentExpiring, OwnershipCode
from core.model.notices.staff import (
    CodesGuessed,
    ConsentsExpiring,
    ContactsWaiting,
    CopyFaulty,
    DeferralsEnding,
    ErasuresDue,
    FinalMarksMissing,
    MarksMissing,
    MessagesRejected,
    PagesLeft,
    PagesToHandOut,
    ResultsDiffer,
    ResultsUntold,
    StudentsComeOfAge,
    StudentsUnreached,
)
from core.rules.delivery.merging import merged_notice
from notifiers.words.sentences import one_line_sentence

_KINDS = sorted(NoticeKind, key=lambda kind: kind not in R6_KINDS)


@dataclass(frozen=True, slots=True)
class ChildOrGroup:
    """Whom a notice is about: a child, or for staff, whose notices name no child, a group («» where there is none)."""

    student_id: int | None
    name: str


@dataclass(frozen=True, slots=True)
class ParcelContentNews:
    """One notice and whom it is about; `delivery_id` gives the order of events."""

    whose: ChildOrGroup
    notice: Notice
    delivery_id: int

    @property
    def kind(self) -> NoticeKind:
        return self.notice.kind


def parcel_content(items: Iterable[Item]) -> list[ParcelContentNews]:
    """Sorted by child, kind (finals first), subject and day; events of one journal entry keep their order."""
    merged: list[ParcelContentNews] = []
    for item in sorted(items, key=lambda item: item.delivery.id):
        _add_or_merge(merged, ParcelContentNews(_child_or_group(item), item.notice, item.delivery.id))
    return sorted(merged, key=_sort_key)


def _add_or_merge(merged: list[ParcelContentNews], new: ParcelContentNews) -> None:
    """Add a notice, or merge it into an earlier one about the same fact."""
    for place in range(len(merged) - 1, -1, -1):
        earlier = merged[place]
        both = merged_notice(earlier.notice, new.notice) if earlier.whose == new.whose else None
        if both is not None:
            merged[place] = ParcelContentNews(new.whose, both, earlier.delivery_id)
            return
    merged.append(new)


def _child_or_group(item: Item) -> ChildOrGroup:
    group = item.notice.group if isinstance(item.notice, LessonChanged | Announcement) else None
    return ChildOrGroup(item.delivery.student_id, one_line_sentence(item.student or group or ""))


def _sort_key(news: ParcelContentNews) -> tuple[str, int, int, str, str, int, int]:
    return (
        news.whose.name,
        news.whose.student_id or 0,
        _KINDS.index(news.kind),
        *_order_in_kind(news.notice),
        news.delivery_id,
    )


def _order_in_kind(notice: Notice) -> tuple[str, str, int]:
    """Order within a kind: by subject and day; changed lessons by day and lesson number."""
    match notice:
        case FinalMarkSet() | FinalMarkDeferred() | FinalMarksMissing():
            return notice.subject.casefold(), notice.term, 0
        case LessonChanged():
            return "", notice.on.isoformat(), notice.number
        case (
            Announcement()
            | CodesGuessed()
            | ComesOfAge()
            | ConsentExpiring()
            | ConsentsExpiring()
            | ContactsWaiting()
            | DeferralsEnding()
            | ErasuresDue()
            | OwnershipCode()
            | MarksMissing()
            | CopyFaulty()
            | PagesLeft()
            | ResultsDiffer()
            | StudentsComeOfAge()
            | StudentsUnreached()
            | TermFinished()
            | WeeklyExtract()
        ):
            return "", notice.on.isoformat(), 0
        case ResultsUntold() | PagesToHandOut():
            return "", notice.due.isoformat(), 0
        case MessagesRejected():
            return notice.channel, notice.since.isoformat(), 0
        case UnreadableNotice():
            raise UnreadableNoticeError
        case _:
            return (notice.subject or "").casefold(), notice.on.isoformat() if notice.on else "", 0
