"""What was done in a lesson, as the journal knows it: topic, marks, what was set."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.screens.dates import relative_screen_date, screen_date, screen_date_span, weekday_screen_date
from bot.screens.frame import ScreenFrame, clip_to_screen_frame
from bot.screens.marks.lookup import Entries, mark_kind_on_screen, mark_value_on_screen
from bot.screens.screen import Screen, screen_bold, screen_text
from core.model.marks.entries import Entry, EntryKind
from core.model.schoolwork.homework import AssignedHomework

_MOST_NOTED = 8
"""Marks and absences of a day that a first line names."""

PAST_LESSON = "pastlesson"


@dataclass(frozen=True, slots=True)
class PastLesson:
    """A lesson that was held; `topics` of the diary, `entries` of that day in the subject, what was `set` in it."""

    on: date
    subject: str
    topics: tuple[str, ...]
    entries: tuple[Entry, ...]
    set: AssignedHomework | None


def past_lessons_screen(frame: ScreenFrame, on: date, lessons: Sequence[PastLesson], noted: Entries = ()) -> Screen:
    """The first line is the topic where one lesson was asked for; each lesson follows in full.

    `noted`: what the journal has for these days in subjects without a lesson in the timetable.
    """
    t, day = frame.t, _days_told(frame, on, lessons)
    if not lessons:
        subject = screen_text(frame.subject) if frame.subject else ""
        line = t("lesson.answer.none_of", subject=subject, on=day) if subject else t("lesson.answer.none", on=day)
        if noted:
            values = ", ".join(mark_value_on_screen(entry, t) for entry, _ in noted)
            line = f"{line} {t('lesson.answer.noted', values=values)}"
        return frame.answered(line, frame.screen([screen_bold(frame.name)], []))
    is_of_several = len({lesson.on for lesson in lessons}) > 1
    lines = [line for lesson in lessons for line in _lesson(frame, lesson, is_dated=is_of_several)]
    lines += [f"{screen_bold(name)}: {_noted(frame, entry)}" for entry, name in noted]
    head = frame.head(screen_bold(t("lesson.title", on=day)))
    return frame.answered(_first_line(frame, lessons, noted), frame.screen(head, lines))


def _days_told(frame: ScreenFrame, on: date, lessons: Sequence[PastLesson]) -> str:
    """«вчера, ср 21.10», «12.10–16.10»."""
    days = {lesson.on for lesson in lessons}
    return (
        screen_date_span(min(days), max(days), frame.t)
        if len(days) > 1
        else relative_screen_date(on, frame.today, frame.t)
    )


def _first_line(frame: ScreenFrame, lessons: Sequence[PastLesson], noted: Entries) -> str:
    if frame.question is None:
        return ""
    last = lessons[-1]
    day = relative_screen_date(last.on, frame.today, frame.t)
    if (count := len({lesson.subject for lesson in lessons})) > 1:
        named = sum(bool(_topics(lesson)) for lesson in lessons)
        line = frame.t("lesson.answer.several", count, on=_days_told(frame, last.on, lessons), named=named)
        in_lessons = [(entry, lesson.subject) for lesson in lessons for entry in lesson.entries]
        return _with_noted(frame, line, [(entry, screen_text(name)) for entry, name in [*in_lessons, *noted]])
    if (held := len({lesson.on for lesson in lessons})) > 1:
        days = [f"{screen_date(lesson.on)} {_shown_topics(lesson)}" for lesson in lessons if _topics(lesson)]
        topics = "; ".join(days[-_MOST_NOTED:]) or frame.t("lesson.answer.no_topics")
        on = _days_told(frame, last.on, lessons)
        line = frame.t("lesson.answer.of_subject", held, subject=screen_text(last.subject), on=on, topics=topics)
        in_days = [(entry, screen_date(lesson.on)) for lesson in lessons for entry in lesson.entries]
        return _with_noted(frame, line, in_days)
    given = f"; {_given(frame, last.set)}" if last.set is not None else ""
    return f"{screen_text(last.subject)}, {day}: {_topic(frame, last)}{given}."


def _with_noted(frame: ScreenFrame, line: str, entries: Sequence[tuple[Entry, str]]) -> str:
    """The line with what the journal has beside: «В журнале за это время стоит: Физика – 5»."""
    values = [f"{place} – {mark_value_on_screen(entry, frame.t)}" for entry, place in entries]
    said = frame.t("lesson.answer.noted", values=", ".join(values[:_MOST_NOTED])) if values else ""
    return f"{line} {said}".rstrip()


def _lesson(frame: ScreenFrame, lesson: PastLesson, *, is_dated: bool) -> Iterator[str]:
    t = frame.t
    day = f"{weekday_screen_date(lesson.on, t)} " if is_dated else ""
    yield f"{day}{screen_bold(lesson.subject)}: {_topic(frame, lesson)}"
    for entry in lesson.entries:
        yield f"    {_noted(frame, entry)}"
    if lesson.set is not None:
        yield "    " + _given(frame, lesson.set)


def _noted(frame: ScreenFrame, entry: Entry) -> str:
    """«5 – контрольная», «УП – пропуск по уважительной причине»."""
    t = frame.t
    meaning = t(f"marks.absence.{entry.value}") if entry.kind is EntryKind.ABSENCE else mark_kind_on_screen(entry, t)
    return " – ".join(filter(None, (screen_bold(mark_value_on_screen(entry, t)), meaning)))


def _given(frame: ScreenFrame, task: AssignedHomework) -> str:
    due = weekday_screen_date(task.homework.due_on, frame.t)
    text = screen_text(clip_to_screen_frame(task.homework.text or frame.t("homework.in_files")))
    return frame.t("lesson.given", on=due, text=text)


def _topic(frame: ScreenFrame, lesson: PastLesson) -> str:
    """The topic of the diary, else that of a work that was marked."""
    if not _topics(lesson):
        return frame.t("lesson.no_topic")
    return frame.t("lesson.topic", topic=_shown_topics(lesson))


def _shown_topics(lesson: PastLesson) -> str:
    return screen_text(clip_to_screen_frame("; ".join(dict.fromkeys(_topics(lesson)))))


def _topics(lesson: PastLesson) -> list[str]:
    return [*filter(None, lesson.topics), *(entry.topic for entry in lesson.entries if entry.topic)]
