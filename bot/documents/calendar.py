"""A student's lessons as an iCalendar file (RFC 5545), for the family's own calendars (Q16, Q17)."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from core.model.timetable import DayLesson, LessonState, SchoolDay

MEDIA_TYPE = "text/calendar"
LONGEST_LINE = 75
"""Octets, without the line break (RFC 5545, 3.1)."""

_HEAD = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Vestnik//Timetable//RU", "CALSCALE:GREGORIAN", "METHOD:PUBLISH")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

Place = tuple[date, int]
"""The planned date and number of a lesson."""


def lesson_calendar_document(days: Sequence[SchoolDay], *, child: str, zone: ZoneInfo, now: datetime) -> bytes:
    """Lessons and holidays of these days, with times in UTC, so that a calendar need not know the zone.

    A moved lesson has the UID of the planned one, so calendars move it. A lesson that is not held is CANCELLED. One
    without known bells is an event of the whole day.
    """
    arrived = {lesson.moved for day in days for lesson in day.lessons if lesson.is_held}
    lines = [*_HEAD, f"X-WR-CALNAME:{_text(child)}"]
    for day in days:
        if day.holiday is not None:
            lines += _holiday(day.on, day.holiday, child, now)
        for lesson in day.lessons:
            if lesson.state is not LessonState.MOVED_AWAY or (day.on, lesson.number) not in arrived:
                lines += _lesson(lesson, day.on, child, zone=zone, now=now)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _lesson(lesson: DayLesson, on: date, child: str, *, zone: ZoneInfo, now: datetime) -> Iterator[str]:
    place = lesson.moved if lesson.moved and lesson.state is not LessonState.MOVED_AWAY else (on, lesson.number)
    subject = lesson.was_subject or lesson.subject
    yield from _event(child, f"{place[0]}/{place[1]}/{lesson.group_id}/{subject}", now)
    yield from _span(on, lesson.starts_at, lesson.ends_at, zone)
    group = f" ({lesson.group})" if lesson.group else ""
    yield f"SUMMARY:{_text(f'{lesson.number}. {lesson.subject}{group}')}"
    if lesson.room:
        yield f"LOCATION:{_text(lesson.room)}"
    if words := "\n".join(_words(lesson)):
        yield f"DESCRIPTION:{_text(words)}"
    yield f"STATUS:{'CONFIRMED' if lesson.is_held else 'CANCELLED'}"
    yield "END:VEVENT"


def _words(lesson: DayLesson) -> Iterator[str]:
    """The description: the teacher, and each change as old → new."""
    if lesson.teacher:
        yield f"{lesson.was_teacher} → {lesson.teacher}" if lesson.was_teacher else lesson.teacher
    if lesson.was_subject:
        yield f"{lesson.was_subject} → {lesson.subject}"
    if lesson.was_room and lesson.room:
        yield f"{lesson.was_room} → {lesson.room}"


def _holiday(on: date, name: str, child: str, now: datetime) -> Iterator[str]:
    yield from _event(child, f"{on}/{name}", now)
    yield from _whole_day(on)
    yield f"SUMMARY:{_text(name)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _event(child: str, what: str, now: datetime) -> Iterator[str]:
    """The UID is a hash: equal in every export, different for siblings, and without personal data."""
    yield "BEGIN:VEVENT"
    yield f"UID:{sha256(f'{child}/{what}'.encode()).hexdigest()[:32]}@vestnik"
    yield f"DTSTAMP:{_moment(now)}"


def _span(on: date, starts: time | None, ends: time | None, zone: ZoneInfo) -> Iterator[str]:
    if starts is None or ends is None:
        yield from _whole_day(on)
        return
    yield f"DTSTART:{_moment(datetime.combine(on, starts, tzinfo=zone))}"
    yield f"DTEND:{_moment(datetime.combine(on, ends, tzinfo=zone))}"


def _whole_day(on: date) -> Iterator[str]:
    yield f"DTSTART;VALUE=DATE:{on:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{on + timedelta(days=1):%Y%m%d}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    """Escapes backslash, comma, semicolon and line break; removes other control characters, which RFC 5545 forbids."""
    plain = _CONTROLS.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))
    return re.sub(r"([\\,;])", r"\\\1", plain).replace("\n", "\\n")


def _folded(line: str) -> str:
    """Fold a line at 75 octets with a line break and a blank, never inside a character (RFC 5545, 3.1)."""
    pieces, piece, size = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > LONGEST_LINE:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + letter, size + octets
    return "\r\n".join([*pieces, piece])
