"""The kinds of notices, and the groups of them that the rules tell apart."""

from enum import StrEnum


class NoticeKind(StrEnum):
    """The kinds of notices that a person can choose, and those for staff (Q83)."""

    MARKS = "marks"
    ABSENCES = "absences"
    FINALS = "finals"
    EXAMS = "exams"
    TIMETABLE = "timetable"
    ANNOUNCEMENTS = "announcements"
    HOMEWORK = "homework"
    CONTROL_WORKS = "control_works"
    RECOMMENDATIONS = "recommendations"
    TERM_RESULTS = "term_results"
    DEADLINES = "deadlines"
    ALARMS = "alarms"
    SAFETY = "safety"
    DEFERRALS = "deferrals"
    MISSING_FINALS = "missing_finals"
    PAPER = "paper"
    FORECAST = "forecast"
    CONSENTS = "consents"
    CONTACTS = "contacts"
    OWNERSHIP = "ownership"
    ADULTHOOD = "adulthood"
    ADULTS = "adults"
    SILENCE = "silence"
    BACKUP = "backup"
    EXTRACT = "extract"


R6_KINDS = frozenset({NoticeKind.FINALS, NoticeKind.EXAMS})
"""Results: kinds with the 24 hours of R6, which nobody can switch off."""


STAFF_KINDS = frozenset(
    {
        NoticeKind.DEADLINES,
        NoticeKind.ALARMS,
        NoticeKind.SAFETY,
        NoticeKind.DEFERRALS,
        NoticeKind.MISSING_FINALS,
        NoticeKind.PAPER,
        NoticeKind.CONSENTS,
        NoticeKind.CONTACTS,
        NoticeKind.ADULTS,
        NoticeKind.SILENCE,
        NoticeKind.BACKUP,
    }
)
"""Kinds for staff, about their duties; CONSENTS also reminds whoever signed. Families cannot choose them."""


PERSONAL_KINDS = frozenset({NoticeKind.OWNERSHIP})
"""Kinds about the person themselves: neither a child nor a duty is named, and no consent is needed."""


STATUS_KINDS = frozenset({NoticeKind.ADULTHOOD, NoticeKind.EXTRACT})
"""Kinds that follow from the state of the representation or the channels themselves; not chosen."""


CHOSEN_KINDS = tuple(kind for kind in NoticeKind if kind not in STAFF_KINDS | PERSONAL_KINDS | STATUS_KINDS)
"""The kinds about whose channels and frequency a family agrees with the school (Q83), R6 among them."""


ALWAYS_SENT = R6_KINDS | STAFF_KINDS | PERSONAL_KINDS | STATUS_KINDS
"""Kinds that nobody can switch off or move to a digest."""


REMINDER_KINDS = frozenset({NoticeKind.HOMEWORK, NoticeKind.CONTROL_WORKS})
"""Kinds that are published at the person's own hour, so they do not wait for the digest again."""
