"""The first line of answers about lessons: how many, when, whether, where, what has changed (Q110)."""

from collections.abc import Callable, Sequence
from datetime import time

from bot.questions.kinds import Asked
from bot.questions.model import CalendarDays
from bot.screens.frame import ScreenFrame
from bot.screens.screen import ScreenRank, screen_text
from bot.screens.timetable.bells import break_screen_line, lesson_length_screen_line
from bot.screens.timetable.compared_days import lesson_count_screen_line, lesson_windows_screen_line
from bot.screens.timetable.held import (
    FoundLesson,
    held_screen_lessons,
    is_screen_lesson_over,
    screen_lesson_day,
    screen_lesson_place,
    screen_lesson_span,
    screen_lesson_times,
    screen_lessons_ahead,
)
from core.model.timetable import DayLesson, LessonState, SchoolDay
from core.rules.people.initials import with_initials

_WEEK = 7
"""Days whose lessons of one subject a first line names one by one."""

_TIMES_ASKED = {Asked.START, Asked.END, Asked.WHEN}
_UNTIL = {CalendarDays.UNTIL_HOLIDAYS, CalendarDays.UNTIL_TERM_ENDS}
_OF_EACH_DAY = {Asked.COUNT, Asked.START, Asked.END}
_PAIR = 2
"""Days of which each has its answer: «завтра раньше заканчиваем, чем сегодня?»."""

_MOST_TIMES = 3
"""Lessons of a subject that a first line names."""


def timetable_screen_first_line(
    frame: ScreenFrame,
    days: Sequence[SchoolDay],
    clock: time,
    *,
    has_subject: bool = True,
    later: Sequence[SchoolDay] = (),
) -> str:
    """The line for what was asked of these days, else how many lessons they have.

    `has_subject`: the timetable has the subject that is named at all; `later`: the days after these, for its next
    lesson.
    """
    if frame.question is None or not days:
        return ""
    if not has_subject:
        return frame.t("timetable.no_subject")
    if len(days) == _PAIR and frame.subject is None and frame.asked in _OF_EACH_DAY:
        return " ".join(timetable_screen_first_line(frame, [day], clock) for day in days)
    if (
        frame.asked is Asked.NUMBER
        and frame.question.since is None
        and not _of_number(frame, held_screen_lessons(frame, days))
    ):
        days = [day for day in later if _of_number(frame, held_screen_lessons(frame, [day]))][:1] or days
    answer = _ANSWERS.get(frame.asked, _count) if frame.asked is not None else _count
    line = answer(frame, days, clock) or _count(frame, days, clock)
    next_one = (
        held_screen_lessons(frame, later)[:1]
        if frame.asked in _TIMES_ASKED and not held_screen_lessons(frame, days)
        else []
    )
    return " ".join([line, *(frame.t("lessons.nearest", place=screen_lesson_place(frame, each)) for each in next_one)])


def timetable_screen_rank(frame: ScreenFrame, day: SchoolDay) -> ScreenRank | None:
    """By which the days of several children are compared: the hour at which they begin or end, else their lessons."""
    held = [lesson for _, lesson in held_screen_lessons(frame, [day])]
    if frame.asked not in {Asked.START, Asked.END}:
        return ScreenRank(len(held), frame.t("lessons.so_many", len(held)))
    at = (held[0].starts_at if frame.asked is Asked.START else held[-1].ends_at) if held else None
    return None if at is None else ScreenRank(at.hour + at.minute / 60, f"{at:%H:%M}")


def _left(frame: ScreenFrame, days: Sequence[SchoolDay], clock: time) -> str:
    """«Сегодня осталось 2 урока, до 13:35.»."""
    left = [
        each
        for each in held_screen_lessons(frame, days)
        if each[0].on == frame.today and not is_screen_lesson_over(frame, each, clock)
    ]
    if not left:
        return frame.t("lessons.none_left")
    until = left[-1][1].ends_at
    return frame.t("lessons.left", len(left), until=f"{until:%H:%M}" if until else "–")


def _count(frame: ScreenFrame, days: Sequence[SchoolDay], clock: time) -> str:
    """«Завтра 5 уроков, 08:30–12:45.», «Физика: 3 урока, 07.12–13.12.»; what is over of today is not to come."""
    t, held = frame.t, held_screen_lessons(frame, days)
    if frame.subject is not None:
        is_ahead = len(days) > 1 and days[0].on == frame.today
        held = [each for each in held if not is_screen_lesson_over(frame, each, clock)] if is_ahead else held
        return t(
            "lessons.count_of", len(held), subject=screen_text(frame.subject), dates=screen_lesson_span(frame, days)
        )
    if not held:
        return _none(frame, days)
    if len(days) > 1:
        is_left = frame.question is not None and frame.question.calendar_days in _UNTIL
        held = [each for each in held if not (is_left and is_screen_lesson_over(frame, each, clock))]
        return t("lessons.count_between", len(held), dates=screen_lesson_span(frame, days))
    times = screen_lesson_times([lesson for _, lesson in held])
    return t("lessons.count", len(held), day=screen_lesson_day(frame, days[0]), times=f", {times}" if times else "")


def _whether(frame: ScreenFrame, days: Sequence[SchoolDay], clock: time) -> str:
    """«Да, завтра 5 уроков…», «Да: завтра, 3-й урок», «Нет: завтра уроков нет.»."""
    t, held = frame.t, held_screen_lessons(frame, days)
    if held and frame.subject is None:
        return t("lessons.yes", answer=_lowered(_count(frame, days, clock)))
    if held:
        return _yes(frame, held, clock, is_of_several=len(days) > 1)
    if frame.subject is not None:
        return _none(frame, days)
    return t("lessons.no", answer=_lowered(_none(frame, days)))


def _yes(frame: ScreenFrame, held: Sequence[FoundLesson], clock: time, *, is_of_several: bool) -> str:
    """«Да, завтра, 3-й урок.»; of several days those ahead, or that these are over."""
    ahead = [each for each in held if not is_screen_lesson_over(frame, each, clock)]
    shown = ahead if ahead and is_of_several else held
    places = "; ".join(screen_lesson_place(frame, each) for each in shown[:_MOST_TIMES])
    key = "lessons.only_before" if is_of_several and not ahead else "lessons.yes"
    return frame.t(key, answer=f"{places}.")


def _when(frame: ScreenFrame, days: Sequence[SchoolDay], clock: time) -> str:
    """«Физкультура: завтра, ср 10.12, 3-й урок, 10:20–11:00.»: the next lesson; of a week that is named all of it."""
    if frame.subject is None:
        return _start(frame, days, clock)
    ahead, held = screen_lessons_ahead(frame, days, clock), held_screen_lessons(frame, days)
    is_week = frame.question is not None and frame.question.since is not None and 1 < len(days) <= _WEEK
    is_behind = frame.look.until == frame.today and len(days) > 1
    over = [each for each in held if is_screen_lesson_over(frame, each, clock)]
    found = held if is_week else over[-1:] if is_behind else ahead[:1]
    if not found:
        return frame.t("lessons.not_soon", subject=screen_text(frame.subject), dates=screen_lesson_span(frame, days))
    place = "; ".join(screen_lesson_place(frame, each) for each in found)
    return frame.t("lessons.next", subject=screen_text(frame.subject), place=place)


def _start(frame: ScreenFrame, days: Sequence[SchoolDay], _clock: time) -> str:  # «Завтра с 08:30, первый – 1-й.»
    return _edge(frame, days, "lessons.start", 0, lambda lesson: lesson.starts_at)


def _end(frame: ScreenFrame, days: Sequence[SchoolDay], _clock: time) -> str:
    """«Завтра до 12:45, последний урок – 5-й.»."""
    return _edge(frame, days, "lessons.end", -1, lambda lesson: lesson.ends_at)


def _edge(
    frame: ScreenFrame, days: Sequence[SchoolDay], key: str, place: int, clock_of: Callable[[DayLesson], time | None]
) -> str:
    held = held_screen_lessons(frame, days)
    if frame.subject is not None:
        return _times_of_subject(frame, days, held)
    if not held:
        return _none(frame, days)
    day, lesson = held[place]
    at = clock_of(lesson)
    words = key if at else f"{key}_without_time"
    return frame.t(words, day=screen_lesson_day(frame, day), at=f"{at:%H:%M}" if at else "", number=lesson.number)


def _times_of_subject(frame: ScreenFrame, days: Sequence[SchoolDay], held: Sequence[FoundLesson]) -> str:
    """«Физика: завтра, 3-й урок, 10:20–11:00.»: when each of its lessons begins and ends."""
    name = screen_text(frame.subject or "")
    if not held:
        return frame.t("lessons.not_soon", subject=name, dates=screen_lesson_span(frame, days))
    return frame.t(
        "lessons.next", subject=name, place="; ".join(screen_lesson_place(frame, each) for each in held[:_MOST_TIMES])
    )


def _where(frame: ScreenFrame, days: Sequence[SchoolDay], clock: time) -> str:
    """«Физика: каб. 305 – завтра, ср 10.12, 3-й урок.»; of a whole day each lesson's room."""
    if frame.subject is None:
        return _rooms(frame, days)
    ahead = screen_lessons_ahead(frame, days, clock)
    if not ahead:
        return frame.t("lessons.not_soon", subject=screen_text(frame.subject), dates=screen_lesson_span(frame, days))
    room = ahead[0][1].room
    words = frame.t("timetable.room", room=screen_text(room)) if room else frame.t("lessons.no_room")
    return frame.t(
        "lessons.where", subject=screen_text(frame.subject), room=words, place=screen_lesson_place(frame, ahead[0])
    )


def _rooms(frame: ScreenFrame, days: Sequence[SchoolDay]) -> str:
    """«Сегодня: Физика – каб. 305, Химия – каб. 210.»; of a lesson by its number also when it is.

    "" for several days, or where no room is known.
    """
    meant = _of_number(frame, held_screen_lessons(frame, days))
    held = [(lesson.subject, lesson.room) for _, lesson in meant if lesson.room]
    if len(days) > 1 or not held:
        return ""
    if len(meant) == 1 and frame.question is not None and frame.question.number is not None:
        room, place = (
            frame.t("timetable.room", room=screen_text(held[0][1] or "")),
            screen_lesson_place(frame, meant[0]),
        )
        return frame.t("lessons.where", subject=screen_text(held[0][0]), room=room, place=place)
    rooms = (f"{screen_text(name)} – {frame.t('timetable.room', room=screen_text(room or ''))}" for name, room in held)
    return frame.t("lessons.rooms", day=screen_lesson_day(frame, days[0]).rstrip(":"), rooms=", ".join(rooms))


def _changes(frame: ScreenFrame, days: Sequence[SchoolDay], _clock: time) -> str:
    """«Замен нет: завтра, ср 10.12.», «Есть изменения: 2.»."""
    changed = sum(lesson.state is not LessonState.PLANNED for day in days for lesson in day.lessons)
    if not changed and len(days) == 1 and not held_screen_lessons(frame, days):
        return _none(frame, days)
    if not changed:
        return frame.t("lessons.no_changes", dates=screen_lesson_span(frame, days))
    return frame.t("lessons.changes", changed, dates=screen_lesson_span(frame, days))


def _numbered(frame: ScreenFrame, days: Sequence[SchoolDay], _clock: time) -> str:
    """«3-й урок: Физика, завтра…»; of the first and the last one as the day really has them."""
    held, number = held_screen_lessons(frame, days), frame.question.number if frame.question else None
    if not held:
        return _none(frame, days)
    if frame.subject is not None:
        return _is_of_number(frame, held[0])
    found = _of_number(frame, held)
    if not found:
        return frame.t("lessons.no_number", number=number, dates=screen_lesson_span(frame, days))
    return "; ".join(
        frame.t(
            "lessons.numbered", subject=screen_text(lesson.subject), place=screen_lesson_place(frame, (day, lesson))
        )
        for day, lesson in found
    )


def _is_of_number(frame: ScreenFrame, own: FoundLesson) -> str:
    """«Нет: сегодня, 2-й урок, 09:25–10:10.»: whether it is the first, the last one of its day."""
    day, lesson = own
    of_day = _of_number(frame, [(day, each) for each in day.lessons if each.is_held])
    is_it = any(each.number == lesson.number for _, each in of_day)
    return frame.t("lessons.yes" if is_it else "lessons.no", answer=f"{screen_lesson_place(frame, own)}.")


def _names(frame: ScreenFrame, days: Sequence[SchoolDay], clock: time) -> str:
    """«Завтра 4 урока, 08:30–11:50: Литература, Физика.»; of several days how many."""
    line = _count(frame, days, clock)
    names = dict.fromkeys(screen_text(lesson.subject) for _, lesson in held_screen_lessons(frame, days))
    return f"{line.removesuffix('.')}: {', '.join(names)}." if names and len(days) == 1 else line


def _taught_by(frame: ScreenFrame, days: Sequence[SchoolDay], clock: time) -> str:
    """«Физика: завтра, 3-й урок – Юдина А. П., замена.»: who teaches the lesson that is named."""
    found = _of_number(frame, screen_lessons_ahead(frame, days, clock))
    if not found:
        return _numbered(frame, days, clock) if frame.subject is None else _none(frame, days)
    return "; ".join(
        frame.t(
            "lessons.substitute" if lesson.state is LessonState.SUBSTITUTED else "lessons.taught_by",
            subject=screen_text(lesson.subject),
            place=screen_lesson_place(frame, (day, lesson)),
            teacher=screen_text(with_initials(lesson.teacher)) if lesson.teacher else frame.t("lessons.no_teacher"),
        )
        for day, lesson in found[:_MOST_TIMES]
    )


def _groups(frame: ScreenFrame, days: Sequence[SchoolDay], _clock: time) -> str:
    """«Иностранный язык (английский): 5А английский-1»; the whole class where the lesson is not taught in groups."""
    names = dict.fromkeys(
        f"{lesson.subject}: {lesson.group}" for _, lesson in held_screen_lessons(frame, days) if lesson.group
    )
    return f"{screen_text('; '.join(names))}." if names else frame.t("lessons.no_groups")


def _of_number(frame: ScreenFrame, held: Sequence[FoundLesson]) -> Sequence[FoundLesson]:
    """The lessons of the number that is asked for, the first and the last one as the day has them; all without one."""
    number = frame.question.number if frame.question else None
    if number is None or not held:
        return held
    if number == 1:
        return held[:1]
    if number < 0:  # counted from the last one
        return held[number:][:1] if len(held) >= -number else []
    return [each for each in held if each[1].number == number]


def _now(frame: ScreenFrame, days: Sequence[SchoolDay], clock: time) -> str:
    """«Сейчас 4-й урок: Русский язык, 11:15–12:00.», else the next one."""
    ahead = [each for each in held_screen_lessons(frame, days) if not is_screen_lesson_over(frame, each, clock)]
    if not ahead:
        return frame.t("lessons.not_now")
    day, lesson = ahead[0]
    name = screen_text(lesson.subject)
    if day.on == frame.today and (lesson.starts_at or time.max) <= clock:
        return frame.t("lessons.now", number=lesson.number, subject=name, times=screen_lesson_times([lesson]))
    return frame.t("lessons.not_now_next", subject=name, place=screen_lesson_place(frame, ahead[0]))


def _next(frame: ScreenFrame, days: Sequence[SchoolDay], clock: time) -> str:
    """«Русский язык: сегодня, 4-й урок, 11:15–12:00»: the first one that has not begun."""
    held = held_screen_lessons(frame, days)
    ahead = [each for each in held if each[0].on > frame.today or (each[1].starts_at or time.min) > clock]
    if not ahead:
        return frame.t("lessons.none_next")
    return frame.t(
        "lessons.numbered", subject=screen_text(ahead[0][1].subject), place=screen_lesson_place(frame, ahead[0])
    )


def has_screen_line_lesson(frame: ScreenFrame, day: SchoolDay, clock: time | None = None) -> bool:
    """Whether the subject of the question is taught on a day, with a `clock` in a lesson that is not over."""
    return any(
        clock is None or not is_screen_lesson_over(frame, each, clock) for each in held_screen_lessons(frame, [day])
    )


def beside_lesson_screen_line(frame: ScreenFrame, day: SchoolDay) -> str:
    """«После химии – История: завтра, 4-й урок.», or that it is the first or the last lesson of the day."""
    is_after = frame.asked is Asked.AFTER
    lessons = [lesson for lesson in day.lessons if lesson.is_held]
    places = [place for place, lesson in enumerate(lessons) if lesson.subject == frame.subject]
    place = places[-1] + 1 if is_after else places[0] - 1
    name, known = screen_text(frame.subject or ""), 0 <= place < len(lessons)
    key = f"lessons.{'after' if is_after else 'before'}{'' if known else '_none'}"
    if not known:
        return frame.t(key, subject=name, day=screen_lesson_day(frame, day))
    found = day, lessons[place]
    return frame.t(
        key, subject=name, other=screen_text(lessons[place].subject), place=screen_lesson_place(frame, found)
    )


_ANSWERS: dict[Asked, Callable[[ScreenFrame, Sequence[SchoolDay], time], str]] = {
    Asked.COUNT: _count,
    Asked.LEFT: _left,
    Asked.WHETHER: _whether,
    Asked.WHEN: _when,
    Asked.START: _start,
    Asked.END: _end,
    Asked.PLACE: _where,
    Asked.CHANGES: _changes,
    Asked.NUMBER: _numbered,
    Asked.NAMES: _names,
    Asked.TEACHER: _taught_by,
    Asked.BREAK: break_screen_line,
    Asked.WINDOW: lesson_windows_screen_line,
    Asked.FEWEST_LESSONS: lesson_count_screen_line,
    Asked.MOST_LESSONS: lesson_count_screen_line,
    Asked.GROUP: _groups,
    Asked.LENGTH: lesson_length_screen_line,
    Asked.NOW: _now,
    Asked.NEXT: _next,
}


def _none(frame: ScreenFrame, days: Sequence[SchoolDay]) -> str:
    """«Завтра уроков нет.», «Завтра каникулы: «Осенние каникулы», уроков нет.»; of a subject that it has none."""
    name = next((day.holiday for day in days if day.holiday), None)
    if frame.subject is not None:
        is_free = all(day.holiday for day in days)  # one day off in a week is no reason
        key = "lessons.no_subject_holiday" if is_free else "lessons.no_subject"
        subject = screen_text(frame.subject)
        return frame.t(key, subject=subject, dates=screen_lesson_span(frame, days), name=screen_text(name or ""))
    if len(days) > 1:
        key = "lessons.none_between" if name is None else "lessons.holiday_between"
        return frame.t(key, dates=screen_lesson_span(frame, days), name=screen_text(name or ""))
    (day,) = days
    if day.holiday is not None:
        return frame.t("lessons.holiday", day=screen_lesson_day(frame, day), name=screen_text(day.holiday))
    return frame.t("lessons.none", day=screen_lesson_day(frame, day))


def _lowered(line: str) -> str:
    return line[:1].lower() + line[1:]
