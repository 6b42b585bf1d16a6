"""What was done in a lesson, as the journal knows it: topic, marks, what was set."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.screens.dates import relative_date, weekday_date
from bot.screens.frame import Frame, clip_words
from bot.screens.marks.lookup import entry_value, work_name
from bot.screens.screen import Screen, bold, plain_text
from core.model.marks.entries import Entry, EntryKind
from core.model.schoolwork.homework import AssignedHomework

PAST_LESSON = "pastlesson"


@dataclass(frozen=True, slots=True)
class PastLesson:
    """A lesson that was held; `topics` of the diary, `entries` of that day in the subject, what was `set` in it."""

    on: date
    subject: str
    topics: tuple[str, ...]
    entries: tuple[Entry, ...]
    set: AssignedHomework | None


def past_lessons(frame: Frame, on: date, lessons: Sequence[PastLesson]) -> Screen:
    """The first line is the topic where one lesson was asked for; each lesson follows in full."""
    t, day = frame.t, relative_date(on, frame.today, frame.t)
    if not lessons:
        subject = plain_text(frame.subject) if frame.subject else ""
        line = t("lesson.answer.none_of", subject=subject, on=day) if subject else t("lesson.answer.none", on=day)
        return frame.screen([line, "", bold(frame.name)], [])
    lines = [line for lesson in lessons for line in _lesson(frame, lesson)]
    head = frame.head(bold(t("lesson.title", on=day)))
    return frame.answered(_first_line(frame, lessons), frame.screen(head, lines))


def _first_line(frame: Frame, lessons: Sequence[PastLesson]) -> str:
    if frame.question is None or len({lesson.subject for lesson in lessons}) > 1:
        return ""
    last = lessons[-1]
    day = relative_date(last.on, frame.today, frame.t)
    return f"{plain_text(last.subject)}, {day}: {_topic(frame, last)}."


def _lesson(frame: Frame, lesson: PastLesson) -> Iterator[str]:
    t = frame.t
    yield f"{bold(lesson.subject)}: {_topic(frame, lesson)}"
    for entry in lesson.entries:
        meaning = t(f"marks.absence.{entry.value}") if entry.kind is EntryKind.ABSENCE else work_name(entry, t)
        yield "    " + " – ".join(filter(None, (bold(entry_value(entry, t)), meaning)))
    if lesson.set is not None:
        due = weekday_date(lesson.set.homework.due_on, t)
        text = plain_text(clip_words(lesson.set.homework.text or t("homework.in_files")))
        yield "    " + t("lesson.given", on=due, text=text)


def _topic(frame: Frame, lesson: PastLesson) -> str:
    """The topic of the diary, else that of a work that was marked."""
    topics = [*lesson.topics, *(entry.topic for entry in lesson.entries if entry.topic)]
    if not topics:
        return frame.t("lesson.no_topic")
    return frame.t("lesson.topic", topic=plain_text(clip_words("; ".join(dict.fromkeys(topics)))))
