"""What a button carries: an action and a few numbers, sealed for one chat of a channel: a forged one opens nothing.

In a chat of several persons it may be sealed for one of them; then it acts as that person and no other.
"""

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import product

from core.errors import SchoolError

MARKS = "marks"
"""Open a child's marks; the number is the student's id."""

READ = "read"
"""«Прочитано»: the number is the id of the attempt that brought the message (Q72)."""

SUBJECT = "subject"
"""Open a child's marks in one subject; the numbers are the student's and the subject's id."""

DAY = "day"
"""Open the timetable of a day; the numbers are the student's id and the date as yyyymmdd."""

HOMEWORK = "homework"
"""Open what is due on a day; numbers as of DAY."""

CONTROL = "control"
"""Open a child's control works; the number is the student's id."""

ADVICE = "advice"
EXAMS = "exams"
"""Open what teachers advise; the number is the student's id."""

FORECAST = "forecast"
"""Open where a child's marks are heading; the number is the student's id."""

HUSH = "hush"
"""Send no more of a kind of notice (Q83); the number is its place in `list(NoticeKind)`."""

SETTINGS = "settings"
"""Open what comes, how often and which way."""

FINALS_PAGE = "fclass"
"""Open the final marks of a class; the numbers are the group's, the subject's and the term's (`FinalTerm.number`)."""

FINALS_TABLE = "finaltable"
"""Open a child's final marks of the school year; the number is the student's id."""

WAITING_CONTACTS = "famwait"
"""Open the list of own classes' contacts that wait for a proof; without numbers."""

LONGEST = 64
"""Characters that the data of a button may have in any messenger, and in a start link too."""

SEPARATOR = "-"
"""Between the action, its numbers and the seal."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_PACKED = re.compile(r"(?P<action>[a-z]{1,12})(?P<numbers>(?:-(?:0|[1-9][0-9]{0,17}))*)-(?P<seal>[0-9a-f]{16})")


class HandleRefusedError(SchoolError):
    """The button was not made by this school for this chat, was changed on the way, or is of an earlier release."""


def button_day_number(on: date) -> int:
    """A date as a button carries it: yyyymmdd."""
    return on.year * 10_000 + on.month * 100 + on.day


def button_day(number: int) -> date:
    """The date of `button_day_number`; HandleRefusedError where the number is no date."""
    try:
        return date(number // 10_000, number // 100 % 100, number % 100)
    except (ValueError, OverflowError):
        raise HandleRefusedError from None


def button_moment_number(at: datetime) -> int:
    """A moment as a button carries it: microseconds since 1970, UTC."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def button_moment(number: int) -> datetime:
    """The moment of `button_moment_number`; HandleRefusedError where the number is none."""
    try:
        return _EPOCH + timedelta(microseconds=number)
    except OverflowError:
        raise HandleRefusedError from None


@dataclass(frozen=True, slots=True)
class Handle:
    """A short lower-case Latin action and numbers from 0 up.

    `person_id`: of those who share the chat, the one whom the button is for; None: whoever presses it. The seal covers
    it, the data do not name it.
    """

    action: str
    numbers: tuple[int, ...] = ()
    person_id: int | None = None


def pack_button(handle: Handle, *, channel: str, chat: str, key: bytes) -> str:
    """The button's data; `unpack_button` opens it with the same key in the same chat of the same channel only.

    ValueError where it would not fit into a button or is no handle at all.
    """
    said = SEPARATOR.join((handle.action, *map(str, handle.numbers)))
    packed = f"{said}-{_seal(said, _owner(channel, chat), key, handle.person_id)}"
    if len(packed) > LONGEST or not _PACKED.fullmatch(packed):
        raise ValueError("A button takes a short lower-case action and a few numbers from 0 up")
    return packed


def unpack_button(
    data: str, *, channel: str, chat: str, key: bytes, person_ids: Iterable[int] = (), former: bool = False
) -> Handle:
    """The handle of `pack_button`, for nobody by name or for one of `person_ids`, the persons of the chat.

    `former`: also takes the seals of release 0.1, which knew one messenger and sealed the chat's number alone.
    HandleRefusedError for anything else; what it opens is checked again at the click.
    """
    found = _PACKED.fullmatch(data)
    if found is None:
        raise HandleRefusedError
    said = data[: -len(found["seal"]) - 1]
    owners = (_owner(channel, chat), chat) if former else (_owner(channel, chat),)
    for owner, person_id in product(owners, (None, *person_ids)):
        if hmac.compare_digest(found["seal"], _seal(said, owner, key, person_id)):
            numbers = tuple(int(number) for number in found["numbers"].split(SEPARATOR)[1:])
            return Handle(found["action"], numbers, person_id)
    raise HandleRefusedError


def _owner(channel: str, chat: str) -> str:
    return f"{channel}\n{chat}"


def _seal(said: str, owner: str, key: bytes, person_id: int | None) -> str:
    """Eight bytes; an owner and what is said cannot run into each other, since `said` holds no line's end."""
    person = "" if person_id is None else f"\n{person_id}"
    return hmac.digest(key, f"button\n{owner}\n{said}{person}".encode(), "sha256")[:8].hex()
