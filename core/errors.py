"""What can go wrong in a school: each error carries data and its rule; the words for people live in the catalogues."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar


class SchoolError(Exception):
    """The school's rules do not allow this."""

    def __str__(self) -> str:
        """Data may be personal, so the text of an error is its rule alone (Q103)."""
        return (type(self).__doc__ or type(self).__name__).split("\n", 1)[0]


class MustBeMendedError(SchoolError):
    """Only a person can mend this: every part of `vestnik run` ends, with `exit_code`."""

    exit_code: ClassVar[int] = 2


class NotAllowedError(SchoolError):
    """The actor's role does not open this (Q14)."""


class NotFoundError(SchoolError):
    """Nothing of the kind within what the actor may see."""


class UnreadableNoticeError(SchoolError):
    """A stored notice cannot be read by this version, so nobody can be told what it says."""


class ConflictError(SchoolError):
    """Somebody else changed it first: read again and repeat."""


class JournalModeError(SchoolError):
    """Marks are made in the e-journal here, so the bot takes none (setting `marks`)."""


class UnknownTermError(SchoolError):
    """The school year has no such term; periods come with `import timetable`."""


class ClosedTermError(SchoolError):
    """The term is closed: a correction needs a ground, and what empties a cell needs the term reopened (Q67)."""


class OpenTermError(SchoolError):
    """The term is not closed, so there is nothing to reopen."""


class NoReasonError(SchoolError):
    """Reopening a term (Q52), correcting a moment of receipt (Q70) or returning a form needs a reason."""


class CommentMissingError(SchoolError):
    """Another final mark than the proposal needs a comment (Q55)."""

    def __init__(self, proposal: str) -> None:
        super().__init__(proposal)
        self.proposal = proposal


class DeferralDatesError(SchoolError):
    """Illness has begun and ends no earlier; the due day lies ahead, and a further deferral goes beyond the former."""


class EmptyDocumentError(SchoolError):
    """A deferral names the document of the illness and the decision that granted it (Q53)."""


class AlreadyMarkedError(SchoolError):
    """The student has a final mark there already, so nothing is left to defer (Q53)."""


class FirstHalfYearError(SchoolError):
    """A first grade writes no control works in its first half-year, to `until` included (Q26)."""

    def __init__(self, until: date) -> None:
        super().__init__(until)
        self.until = until


class NoTaskError(SchoolError):
    """The words of a homework set nothing to be done (Q23)."""


class FirstGradeError(SchoolError):
    """A first grade gets no marks and no symbols in their place, words only (Q26)."""


class MixedKindsError(SchoolError):
    """A mark never turns into an absence nor an absence into a mark: one lesson may have both (Q27)."""


class FutureLessonError(SchoolError):
    """A lesson that has not been held yet has no marks."""


class ConsentFieldsError(SchoolError):
    """A written consent lacks a field of 152-ФЗ art. 9 p. 4 (Q4)."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(missing)
        self.missing = missing


class FormNumberError(SchoolError):
    """The number of a form is mistyped: its check digit does not fit."""


class FormSettledError(SchoolError):
    """The form was accepted, returned or replaced by a newer one already."""


class FieldsNotFilledError(SchoolError):
    """A consent is accepted only with the tick that its nine fields are filled (Q4)."""


class NoContactToConfirmError(SchoolError):
    """A statement of contacts names at least one contact in use, other than paper (R7)."""


class ConsentInForceError(SchoolError):
    """Contact data are not destroyed while a consent is in force: it is withdrawn first (Q10)."""


class NothingToEraseError(SchoolError):
    """The person has no contact data that could be destroyed."""


class EDocumentError(SchoolError):
    """An e-document has a reference and a SHA-256, which is 64 hexadecimal digits (R7)."""


class DateFault(StrEnum):
    """What is wrong with the date of a document; the value names the sentence."""

    FUTURE = "future"
    TOO_OLD = "too_old"
    BEFORE_ENTRY = "before_entry"
    EXPIRY = "expiry"


class DocumentDateError(SchoolError):
    """A document's date is not in the future, not before 2000 nor before its entry; an expiry lies after it."""

    def __init__(self, fault: DateFault) -> None:
        super().__init__(fault)
        self.fault = fault


class ReceiptTimeError(SchoolError):
    """A result cannot have been received in the future (Q70)."""


class ReceiptBeforeExamError(SchoolError):
    """A result cannot have been received before the day of its exam (Q70)."""


class SeveralReceiptsError(SchoolError):
    """The results of the exam came at `moments`, and it was not said which of them is meant (Q70)."""

    def __init__(self, moments: Sequence[datetime]) -> None:
        super().__init__(moments)
        self.moments = moments


class NothingInForceError(SchoolError):
    """Nothing of the kind that could end or go on, or of two kinds, and it is not said which (Q127)."""


class ConflictingLivesError(SchoolError):
    """The two entries are not one person or subject: birthdays, final marks or what they are to the school differ."""


class EmptyNameError(SchoolError):
    """A name has letters and no control characters."""


class AlreadyBarredError(SchoolError):
    """The representative is barred from this student already."""


class BarredError(SchoolError):
    """A bar is lifted only by a document that says so (Q127)."""


class RepresentativeBarredError(SchoolError):
    """A barred representative gets no code for a chat and no form for one: nothing may be told to them (Q127)."""


class WithdrawnPaperError(SchoolError):
    """The extract was taken back, since whom it is for may not have it: it is neither printed nor handed over."""


class AlwaysSentError(SchoolError):
    """Final marks and exam results are owed to the family and cannot be switched off (Q83)."""


class UnderAgeError(SchoolError):
    """A student has an own account from 14 on, by the date of birth that the school knows (Q9)."""


class CodeRefusedError(SchoolError):
    """The one-time code is unknown, used, expired or guessed too often (Q82)."""


class TooManyCodesError(SchoolError):
    """So many one-time codes were sent over this channel that no other one goes before tomorrow (Q81)."""


class InvalidAddressError(SchoolError):
    """The address is not one that this channel can reach."""


class LeaseLostError(SchoolError):
    """Another worker holds the lease, so this one must stop claiming."""


class OldCopyError(MustBeMendedError):
    """The database is an older copy than the one this school worked with: what was sent would go again (Q124)."""


class StorageError(SchoolError):
    """The database is out of reach; nothing was changed."""


class DatabaseBusyError(StorageError):
    """Another process holds the database too long; nothing was changed."""


class DiskFullError(StorageError):
    """The database cannot grow: its disk is full; nothing was changed."""


class DiskError(StorageError):
    """The disk of the database cannot be read or written; nothing was changed."""


class DatabaseLoginError(StorageError):
    """The database server does not take this login, or has no such database."""
