"""When a notice expires, so that nobody gets stale news such as last week's cancelled lesson (Q123)."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import assert_never

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
from core.model.notices.kinds import NoticeKind
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
from core.rules.delivery.timing import Policy
from core.rules.register.ownership import CODE_TERM
from core.rules.timetable.bells import DEFAULT_START

TERMS: Mapping[NoticeKind, timedelta] = {
    NoticeKind.MARKS: timedelta(days=60),
    NoticeKind.ABSENCES: timedelta(days=60),
    NoticeKind.RECOMMENDATIONS: timedelta(days=60),
    NoticeKind.TERM_RESULTS: timedelta(days=60),
    NoticeKind.EXTRACT: timedelta(days=60),
    NoticeKind.ANNOUNCEMENTS: timedelta(days=7),
    NoticeKind.ALARMS: timedelta(days=1),
    NoticeKind.SAFETY: timedelta(days=7),
    NoticeKind.DEFERRALS: timedelta(days=7),
    NoticeKind.MISSING_FINALS: timedelta(days=3),
    NoticeKind.PAPER: timedelta(days=7),
    NoticeKind.CONTACTS: timedelta(days=7),
    NoticeKind.FORECAST: timedelta(days=7),
    NoticeKind.CONSENTS: timedelta(days=7),
    NoticeKind.OWNERSHIP: CODE_TERM,
    NoticeKind.SILENCE: timedelta(days=1),
    NoticeKind.BACKUP: timedelta(days=7),
}
"""Counted from publication. A mark stays true for long, but after 60 days the bot and the extract show it better."""


FILE_TERM = timedelta(days=7)
"""How long files of announcements and homework are kept as bytes for families of other channels."""


def expiry_of_homework_files(due_on: date) -> datetime:
    """The end of the term of a homework's files, counted from the end of the day of its lesson."""
    return datetime.combine(due_on + timedelta(days=1), time(), tzinfo=UTC) + FILE_TERM


def expiry_of_notice(notice: Notice, *, published_at: datetime, policy: Policy) -> datetime | None:
    """From this moment on the notice is not sent any more; None: never, for results and warnings about them (R6).

    A changed lesson expires at the end of its last day, a birthday when it begins, homework and a control work when
    their lesson begins (contracts, Delivery, further).
    """
    if isinstance(notice, JournalNotice):
        return _after(notice.kind, published_at)
    match notice:
        case LessonChanged():
            return _moment(max(notice.on, notice.new_on or notice.on) + timedelta(days=1), time(), policy)
        case ComesOfAge() | StudentsComeOfAge():
            return _moment(notice.on, time(), policy)
        case HomeworkDue() | ControlWorkAhead():
            return _moment(notice.on, notice.starts or DEFAULT_START, policy)
        case (
            Announcement()
            | RecommendationGiven()
            | ForecastGiven()
            | TermFinished()
            | MessagesRejected()
            | CodesGuessed()
            | ErasuresDue()
            | ConsentsExpiring()
            | ConsentExpiring()
            | DeferralsEnding()
            | FinalMarksMissing()
            | PagesToHandOut()
            | PagesLeft()
            | WeeklyExtract()
            | ContactsWaiting()
            | OwnershipCode()
            | MarksMissing()
            | CopyFaulty()
        ):
            return _after(notice.kind, published_at)
        case ResultsUntold() | ResultsDiffer() | StudentsUnreached() | ExamResultSet() | UnreadableNotice():
            return None
        case _:
            assert_never(notice)


def _after(kind: NoticeKind, published_at: datetime) -> datetime | None:
    return published_at + TERMS[kind] if kind in TERMS else None


def _moment(on: date, at: time, policy: Policy) -> datetime:
    return datetime.combine(on, at, tzinfo=policy.zone).astimezone(UTC)
