"""The lesson that a teacher's button or words are about; it is read again at every tap."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bot.handlers.doors import DoorRequest, DoorVisit
from bot.screens.marks.gradebook import GradebookScreenDesk, gradebook_class_day_screen
from bot.screens.screen import Screen
from core.actions.marks import gradebook
from core.actions.timetable import lesson_types
from core.actions.timetable import lookup as timetable_lookup
from core.errors import NotFoundError
from core.model.marks.gradebook import GradebookRow, LessonDay, Work
from core.model.timetable import SchoolDay
from core.rules.conversation.buttons import button_day, button_day_number
from core.rules.marks.gradebook import GradebookRules

SUNDAY = 6
BACK = timedelta(days=21)
AHEAD = timedelta(days=21)
"""How far the lessons before and after a day are looked for."""

_LESSON = 3  # numbers of a lesson in a button


def own_lesson_marking_policy(visit: DoorVisit) -> GradebookRules:
    """The school's rules for marks."""
    school = visit.school
    return GradebookRules(school.marks, school.lowest_mark, school.mark_delay)


def own_lesson_of_button(ask: DoorRequest, *, more: int = 0, maybe: int = 0) -> tuple[LessonDay, tuple[int, ...]]:
    """The lesson of a button, and the `more` numbers after it, or up to `maybe` numbers besides these."""
    least = _LESSON + more
    numbers = ask.exactly(*range(least, least + maybe + 1))
    group_id, subject_id, day = numbers[:_LESSON]
    return LessonDay(group_id, subject_id, button_day(day)), numbers[_LESSON:]


def own_lesson_draft(visit: DoorVisit, lesson: LessonDay) -> Mapping[str, Any]:
    """The draft of the chat about this lesson; empty where the draft is about another lesson."""
    return visit.dialog.draft if visit.dialog.draft.get("lesson") == _numbers(lesson) else {}


def awaited_own_lesson(visit: DoorVisit) -> LessonDay:
    """The lesson that the awaited words are about; NotFoundError where nothing is remembered."""
    if (kept := visit.dialog.draft.get("lesson")) is None:
        raise NotFoundError
    group_id, subject_id, day = kept
    return LessonDay(group_id, subject_id, button_day(day))


def record_own_lesson_view(visit: DoorVisit, what: str, student_id: int) -> None:
    """Writes the view into the audit trail after the answer (Q102); the chat stays about the same child."""
    visit.afterwards.views.append((visit.reader, what, student_id))
    visit.afterwards.child_id = visit.dialog.child_id


async def remember_own_lesson(visit: DoorVisit, lesson: LessonDay, step: str | None, **more: Any) -> None:
    """The next typed words go to this step (None: nowhere). The chosen work is kept; the door commits."""
    kept = {"work": own_lesson_draft(visit, lesson).get("work")} | more
    await visit.wait_for(step, **own_lesson_in_draft(lesson), **kept)


async def open_own_lesson_desk(visit: DoorVisit, lesson: LessonDay) -> GradebookScreenDesk:
    """The gradebook page of a lesson day; NotFoundError where the person does not teach it."""
    page = await gradebook.load_gradebook_page(
        visit.uow, visit.reader, group_id=lesson.group_id, subject_id=lesson.subject_id, on_lesson=lesson.on,
        on=visit.today,
    )  # fmt: skip
    return GradebookScreenDesk(
        page=page, today=visit.today, zone=visit.school.policy.zone, t=visit.t, seal=visit.seal,
        policy=own_lesson_marking_policy(visit), work=_work(own_lesson_draft(visit, lesson).get("work")),
    )  # fmt: skip


async def show_own_lesson_gradebook(visit: DoorVisit, lesson: LessonDay, *, done: Sequence[str]) -> Screen:
    """The class on the lesson day as it is now. `done`: lines on what has just been changed."""
    return await show_own_lesson_class(visit, await open_own_lesson_desk(visit, lesson), done=done)


async def show_own_lesson_class(visit: DoorVisit, desk: GradebookScreenDesk, *, done: Sequence[str] = ()) -> Screen:
    """The class of an open page, with the types of its lessons and the lessons around it."""
    lesson = desk.page.lesson
    types = await lesson_types.load_lesson_types(visit.uow, visit.reader, lesson, on=visit.today)
    return gradebook_class_day_screen(
        own_lesson_with_types(desk, types), await _neighbour_lesson_days(visit, lesson), done=done
    )


def own_lesson_with_types(desk: GradebookScreenDesk, types: Mapping[int, str]) -> GradebookScreenDesk:
    """The page with the types that are named, each once."""
    return replace(desk, lesson_types=list(dict.fromkeys(filter(None, types.values()))))


def own_lesson_student_row(desk: GradebookScreenDesk, student_id: int) -> GradebookRow:
    """The row of a student; NotFoundError for a student who is not on the list."""
    for line in desk.page.lines:
        if line.student_id == student_id:
            return line
    raise NotFoundError


def kept_own_lesson_work(work: Work) -> list[str | None]:
    """A work as JSON in the draft."""
    return [work.kind, None if work.weight is None else str(work.weight), work.topic]


def _work(kept: Sequence[str | None] | None) -> Work:
    if kept is None:
        return Work()
    kind, weight, topic = kept
    return Work(kind, None if weight is None else Decimal(weight), topic)


async def _neighbour_lesson_days(visit: DoorVisit, lesson: LessonDay) -> tuple[date | None, date | None]:
    """The days of the subject's lessons before and after a day, up to today."""
    days = await _lesson_days(visit, lesson, lesson.on - BACK, lesson.on + AHEAD)
    earlier = max((day for day in days if day < lesson.on), default=None)
    later = min((day for day in (*days, visit.today) if lesson.on < day <= visit.today), default=None)
    return earlier, later


async def next_own_lesson_days(visit: DoorVisit, lesson: LessonDay) -> Sequence[date]:
    """The days of the next lessons of this subject, without today."""
    today = visit.today
    return (await _lesson_days(visit, lesson, today + timedelta(days=1), today + AHEAD))[:6]


async def _lesson_days(visit: DoorVisit, lesson: LessonDay, since: date, until: date) -> Sequence[date]:
    """Days with the lesson by the timetable; every day but Sundays where the timetable has none."""
    days = await timetable_lookup.look_up_group_timetable(
        visit.uow, visit.reader, group_id=lesson.group_id, since=since, until=until, on=visit.today
    )
    held = [day.on for day in days if _is_held(day, lesson)]
    dates = (since + timedelta(days=number) for number in range((until - since).days + 1))
    return held or [day for day in dates if day.weekday() != SUNDAY]


def _is_held(day: SchoolDay, lesson: LessonDay) -> bool:
    return any(held.subject_id == lesson.subject_id and held.is_held for held in day.lessons)


def own_lesson_in_draft(lesson: LessonDay) -> dict[str, Any]:
    """The lesson as the draft of a chat keeps it."""
    return {"lesson": _numbers(lesson)}


def _numbers(lesson: LessonDay) -> list[int]:
    return [lesson.group_id, lesson.subject_id, button_day_number(lesson.on)]
