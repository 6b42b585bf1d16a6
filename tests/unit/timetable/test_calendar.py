"""The calendar file that families take home: read back as RFC 5545 says, line by line."""

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.documents.calendar import LONGEST_LINE, lesson_calendar_document
from core.model.timetable import DayLesson, LessonState, SchoolDay
from tests.support.schools.builders import NOW

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
MOSCOW = ZoneInfo("Europe/Moscow")
ANNA = "Соколова Анна"
ALGEBRA = DayLesson(1, 8, None, 1, "Алгебра", 3, "Лисина О. С.", "21", time(8, 30), time(9, 15))
Event = dict[str, str]


def changed(state: LessonState, **facts: object) -> DayLesson:
    """The lesson of algebra after a change."""
    own = {name: getattr(ALGEBRA, name) for name in ALGEBRA.__slots__}
    return DayLesson(**own | {"state": state} | facts)


def lines(file: bytes) -> list[str]:
    """The unfolded lines; each physical one is short enough and ends with CRLF."""
    assert file.endswith(b"\r\n")
    assert b"\n" not in file.replace(b"\r\n", b"")
    assert all(len(line) <= LONGEST_LINE for line in file.split(b"\r\n"))
    return file.decode().replace("\r\n ", "").splitlines()


def events(*days: SchoolDay, child: str = ANNA, now: datetime = NOW) -> list[Event]:
    """The events of a calendar by their properties, texts unescaped."""
    found: list[Event] = []
    for line in lines(lesson_calendar_document(days, child=child, zone=MOSCOW, now=now)):
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and name != "END":
            found[-1][name] = re.sub(r"\\(.)", lambda match: "\n" if match[1] == "n" else match[1], value)
    return found


def day(*lessons: DayLesson, on: date = MONDAY) -> SchoolDay:
    """A day of these lessons."""
    return SchoolDay(on, lessons)


def test_a_lesson_is_an_event_at_its_time() -> None:
    """Half past eight in Moscow is half past five in UTC; subject, room and teacher are there (Q16)."""
    [event] = events(day(ALGEBRA))
    del event["UID"]
    assert event == {
        "DTSTAMP": "20261120T090000Z",
        "DTSTART": "20261123T053000Z",
        "DTEND": "20261123T061500Z",
        "SUMMARY": "1. Алгебра",
        "LOCATION": "21",
        "DESCRIPTION": "Лисина О. С.",
        "STATUS": "CONFIRMED",
    }


def test_the_file_names_the_child_and_says_what_it_is() -> None:
    """A family with several children sees whose calendar it is (Q15)."""
    head = lines(lesson_calendar_document([], child=ANNA, zone=MOSCOW, now=NOW))
    assert head[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert head[-2:] == [f"X-WR-CALNAME:{ANNA}", "END:VCALENDAR"]


def test_a_second_export_changes_the_same_events() -> None:
    """The number of a lesson is the same next week, after a substitution too, and another child's is another (Q17)."""
    [first] = events(day(ALGEBRA))
    [again] = events(day(ALGEBRA), now=datetime(2026, 11, 27, tzinfo=UTC))
    [instead] = events(day(changed(LessonState.SUBSTITUTED, subject="Физика", was_subject="Алгебра")))
    [brother] = events(day(ALGEBRA), child="Соколов Пётр")
    assert first["UID"] == again["UID"] == instead["UID"] != brother["UID"]
    assert ANNA not in first["UID"]


def test_a_change_says_old_and_new() -> None:
    """Teacher, subject and room, each old → new (Q17)."""
    [event] = events(
        day(
            changed(
                LessonState.SUBSTITUTED, subject="Физика", was_subject="Алгебра", teacher="Шарова В. Л.",
                was_teacher="Лисина О. С.", room="40", was_room="21",
            )
        )
    )  # fmt: skip
    assert event["DESCRIPTION"] == "Лисина О. С. → Шарова В. Л.\nАлгебра → Физика\n21 → 40"
    assert event["STATUS"] == "CONFIRMED"


def test_a_cancelled_lesson_is_cancelled_and_not_missing() -> None:
    """A calendar that has it already would keep it otherwise (Q17)."""
    [event] = events(day(changed(LessonState.CANCELLED)))
    assert event["STATUS"] == "CANCELLED"


def test_a_moved_lesson_is_one_event_at_its_new_time() -> None:
    """Calendars move it, since its number stays that of the planned lesson (Q17)."""
    [planned] = events(day(ALGEBRA))
    away = changed(LessonState.MOVED_AWAY, moved=(TUESDAY, 4))
    here = changed(LessonState.MOVED_HERE, number=4, moved=(MONDAY, 1))
    [event] = events(day(away), day(here, on=TUESDAY))
    assert (event["UID"], event["DTSTART"], event["SUMMARY"]) == (planned["UID"], "20261124T053000Z", "4. Алгебра")


def test_a_lesson_that_moved_out_of_the_file_is_cancelled_in_it() -> None:
    """Where the new date is not among the days, the old one is at least freed."""
    [event] = events(day(changed(LessonState.MOVED_AWAY, moved=(date(2026, 12, 7), 4))))
    assert event["STATUS"] == "CANCELLED"


def test_a_lesson_without_a_bell_and_a_holiday_take_the_day() -> None:
    """Nobody knows better when it begins; a holiday leaves the day free (Q22)."""
    lesson, holiday = events(
        day(changed(LessonState.PLANNED, starts_at=None, ends_at=None, group="Англ 1")),
        SchoolDay(TUESDAY, (), "Осенние каникулы"),
    )
    assert (lesson["DTSTART;VALUE=DATE"], lesson["DTEND;VALUE=DATE"]) == ("20261123", "20261124")
    assert lesson["SUMMARY"] == "1. Алгебра (Англ 1)"
    assert (holiday["DTSTART;VALUE=DATE"], holiday["SUMMARY"], holiday["TRANSP"]) == (
        "20261124", "Осенние каникулы", "TRANSPARENT",
    )  # fmt: skip


def test_the_clock_change_moves_no_lesson() -> None:
    """Where clocks change, half past eight stays half past eight of the school (Q105)."""
    berlin = ZoneInfo("Europe/Berlin")
    spans = [
        re.findall(
            r"DTSTART:(\S+)", lesson_calendar_document([day(ALGEBRA, on=on)], child=ANNA, zone=berlin, now=NOW).decode()
        )
        for on in (date(2026, 10, 23), date(2026, 10, 26))
    ]
    assert spans == [["20261023T063000Z"], ["20261026T073000Z"]]


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]) | st.sampled_from(",;\\\n"), max_size=120)


@given(WORDS, WORDS.filter(bool))
def test_any_words_survive_the_journey(subject: str, room: str) -> None:
    """Commas, semicolons, backslashes, line breaks and long names come out as they went in."""
    [event] = events(day(changed(LessonState.PLANNED, subject=subject, room=room)))
    assert (event["SUMMARY"], event["LOCATION"]) == (f"1. {subject}", room)
