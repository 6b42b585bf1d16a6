"""What a teacher gives besides marks: topic, homework with a photo or file, control works, recommendations."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.handlers.doors import FILES, TEACHERS, WORDS, Behind, Door, DoorRequest, DoorVisit
from bot.handlers.timetable.own_lesson import (
    awaited_own_lesson,
    next_own_lesson_days,
    open_own_lesson_desk,
    own_lesson_draft,
    own_lesson_in_draft,
    own_lesson_of_button,
    own_lesson_student_row,
    remember_own_lesson,
    show_own_lesson_gradebook,
)
from bot.screens.marks import gradebook as screens
from bot.screens.marks.gradebook import GradebookScreenDesk
from bot.screens.schoolwork import giving as tasks
from bot.screens.screen import Screen
from core.actions.marks import gradebook
from core.actions.schoolwork import control_works, recommendations
from core.actions.schoolwork import homework as homework_actions
from core.errors import FirstHalfYearError, NoTaskError, NotFoundError
from core.model.marks.gradebook import WORK_KINDS, LessonDay
from core.model.schoolwork.control_works import NewControlWork
from core.model.schoolwork.homework import Homework

CONTROL_WORK = WORK_KINDS[3]

MORE_COMES = timedelta(minutes=10)
"""How long a photo after the words of a homework, or words after its photo, belong to it."""


async def giving_topic_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Asks for, or keeps, the topic of the lesson."""
    if ask.pressed:
        lesson, _ = own_lesson_of_button(ask)
        desk = await open_own_lesson_desk(visit, lesson)
        await _wait(visit, lesson, screens.TOPIC)
        return replace(tasks.giving_topic_screen(desk), in_place=True)
    lesson, words = awaited_own_lesson(visit), " ".join(ask.text.split())
    await remember_own_lesson(visit, lesson, None)
    visit.take_edits_as(screens.TOPIC, **own_lesson_in_draft(lesson))
    await gradebook.set_gradebook_topic(
        visit.uow, visit.reader, lesson, topic=words or None, now=visit.now, on=visit.today
    )
    return await show_own_lesson_gradebook(visit, lesson, done=[])


async def giving_homework_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Asks for, or gives, homework for the next lesson or another day: words, a photo or a file (Q23, Q25)."""
    if ask.pressed:
        desk, due_on, days = await _ask_for_day(visit, ask, screens.HOMEWORK)
        due = replace(desk.page.lesson, on=due_on)
        already = await homework_actions.load_homework_of_lesson(visit.uow, visit.reader, due, on=visit.today)
        return replace(tasks.giving_homework_screen(desk, due_on, days, already), in_place=True)
    lesson = awaited_own_lesson(visit)
    desk, due_on = await open_own_lesson_desk(visit, lesson), _awaited_day(visit, lesson)
    await remember_own_lesson(visit, lesson, None)
    try:
        given = await homework_actions.give_homework(
            visit.uow, visit.reader, lesson, due_on=due_on, text=ask.text, now=visit.now, policy=visit.school.policy,
            files=ask.files,
        )  # fmt: skip
    except NoTaskError:
        return tasks.giving_no_homework_screen(desk)
    await _wait_for_more(visit, ask, lesson, given.id, has_words=bool(ask.text.strip()))
    return tasks.giving_homework_done_screen(
        desk, given.id, due_on=due_on, text=ask.text, files=len(ask.files), cautions=given.cautions
    )


async def _wait_for_more(
    visit: DoorVisit, ask: DoorRequest, lesson: LessonDay, homework_id: int, *, has_words: bool
) -> None:
    """For MORE_COMES a photo after the words, or words after a photo, belong to the homework (Q115)."""
    files = [file.reference for file in ask.files]
    visit.take_edits_as(tasks.REWRITE, **own_lesson_in_draft(lesson), homework=homework_id, files=files)
    step, until = tasks.MORE if has_words else tasks.REWRITE, (visit.now + MORE_COMES).isoformat()
    await _wait(visit, lesson, step, homework=homework_id, until=until)


async def giving_changed_homework_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Asks for, or keeps, another text of a homework; families see the old and the new one (Q23). Files are added."""
    if ask.pressed:
        lesson, (homework_id,) = own_lesson_of_button(ask, more=1)
        desk = await open_own_lesson_desk(visit, lesson)
        current = await homework_actions.load_changeable_homework(visit.uow, visit.reader, homework_id, on=visit.today)
        await _wait(visit, lesson, tasks.REWRITE, homework=homework_id)
        return replace(tasks.giving_opened_homework_screen(desk, current), in_place=True)
    lesson, current = await _awaited_homework(visit)
    return await _change_homework(visit, ask, lesson, current, text=ask.text if ask.text.strip() else None)


async def giving_more_homework_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Adds what is sent after the words of a homework: a photo or a file, and the words below it (Q115)."""
    lesson, current = await _awaited_homework(visit)
    text = f"{current.text} {ask.text}" if ask.text.strip() else None
    return await _change_homework(visit, ask, lesson, current, text=text)


async def _awaited_homework(visit: DoorVisit) -> tuple[LessonDay, Homework]:
    """NotFoundError where the chat waits for no words of a homework."""
    lesson = awaited_own_lesson(visit)
    homework_id = own_lesson_draft(visit, lesson).get("homework", -1)
    return lesson, await homework_actions.load_changeable_homework(visit.uow, visit.reader, homework_id, on=visit.today)


async def _change_homework(
    visit: DoorVisit, ask: DoorRequest, lesson: LessonDay, current: Homework, *, text: str | None
) -> Screen:
    """Other words (None: the present ones), and the files that are new."""
    desk, known = await open_own_lesson_desk(visit, lesson), own_lesson_draft(visit, lesson).get("files", ())
    files = [file for file in ask.files if file.reference not in known]
    await remember_own_lesson(visit, lesson, None)
    try:
        given = await homework_actions.change_homework(
            visit.uow, visit.reader, current.id, text=text, now=visit.now, on=visit.today, files=files
        )
    except NoTaskError:
        return tasks.giving_no_homework_screen(desk)
    words = current.text if text is None else text
    await _wait_for_more(visit, ask, lesson, current.id, has_words=bool(words))
    return tasks.giving_homework_done_screen(
        desk, given.id, due_on=current.due_on, text=words, files=len(files), cautions=given.cautions
    )


async def giving_homework_recall_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Withdraws a homework; it stays visible as withdrawn (Q23)."""
    (homework_id,) = ask.exactly(1)
    await homework_actions.withdraw_homework(visit.uow, visit.reader, homework_id, now=visit.now, on=visit.today)
    return Screen(visit.t("teaching.recalled"), in_place=ask.pressed)


async def giving_control_work_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Asks for, or plans, a control work, and names the norms that it breaks (Q20)."""
    if ask.pressed:
        desk, on, days = await _ask_for_day(visit, ask, screens.CONTROL)
        already = await control_works.load_control_works_ahead(
            visit.uow, visit.reader, desk.page.lesson, on=visit.today
        )
        return replace(tasks.giving_control_work_screen(desk, on, days, already), in_place=True)
    lesson = awaited_own_lesson(visit)
    desk, on = await open_own_lesson_desk(visit, lesson), _awaited_day(visit, lesson)
    kind, _, words = (part.strip() for part in ask.text.partition(";"))
    new = NewControlWork(lesson.group_id, lesson.subject_id, on, None, kind or CONTROL_WORK, words or None)
    await remember_own_lesson(visit, lesson, None)
    try:
        planned = await control_works.plan_control_work(visit.uow, visit.reader, new, now=visit.now, on=visit.today)
    except FirstHalfYearError as early:
        return tasks.giving_no_control_screen(desk, early.until)
    said_words = ", ".join(filter(None, [new.work_kind, new.topic]))
    return tasks.giving_planned_work_screen(desk, planned.id, on=on, words=said_words, cautions=planned.cautions)


async def giving_control_recall_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Withdraws a control work."""
    (work_id,) = ask.exactly(1)
    await control_works.withdraw_control_work(visit.uow, visit.reader, work_id, now=visit.now, on=visit.today)
    return Screen(visit.t("teaching.called_off"), in_place=ask.pressed)


async def giving_recommendation_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Asks for advice about a student and shows it, before it is sent (Q24)."""
    if ask.pressed:
        lesson, (student_id,) = own_lesson_of_button(ask, more=1)
        desk = await open_own_lesson_desk(visit, lesson)
        line = own_lesson_student_row(desk, student_id)
        await _wait(visit, lesson, screens.ADVICE, student=student_id)
        return replace(tasks.giving_recommendation_screen(desk, line), in_place=True)
    lesson = awaited_own_lesson(visit)
    desk = await open_own_lesson_desk(visit, lesson)
    line = own_lesson_student_row(desk, own_lesson_draft(visit, lesson).get("student", -1))
    if not ask.text.strip():
        return tasks.giving_recommendation_screen(desk, line)
    await _wait(visit, lesson, None, student=line.student_id, advice=ask.text, message=ask.message)
    visit.take_edits_as(screens.ADVICE, message=ask.message)
    return tasks.giving_recommendation_check_screen(desk, line, ask.text)


async def giving_recommendation_sending_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Sends the advice that was shown."""
    lesson, (student_id, place) = own_lesson_of_button(ask, more=2)
    kept = own_lesson_draft(visit, lesson)
    if kept.get("student") != student_id or not kept.get("advice") or place >= len(tasks.AUDIENCES):
        raise NotFoundError
    await remember_own_lesson(visit, lesson, None)
    await recommendations.give_recommendation(
        visit.uow, visit.reader, student_id=student_id, lesson=lesson,
        audience=tasks.AUDIENCES[place], text=kept["advice"], now=visit.now, on=visit.today,
    )  # fmt: skip
    return replace(
        await show_own_lesson_gradebook(visit, lesson, done=[visit.t("teaching.advised")]), in_place=ask.pressed
    )


async def _wait(visit: DoorVisit, lesson: LessonDay, step: str | None, **more: Any) -> None:
    await remember_own_lesson(visit, lesson, step, **more)
    await visit.uow.commit()


async def _ask_for_day(
    visit: DoorVisit, ask: DoorRequest, step: str
) -> tuple[GradebookScreenDesk, date, Sequence[date]]:
    """The lesson, the chosen day (else the next lesson's), and the days to choose from. Waits for words."""
    lesson, chosen = own_lesson_of_button(ask, maybe=1)
    desk, days = await open_own_lesson_desk(visit, lesson), await next_own_lesson_days(visit, lesson)
    day = _ordinal(chosen[0]) if chosen else days[0]
    await _wait(visit, lesson, step, day=day.toordinal())
    return desk, day, days


def _awaited_day(visit: DoorVisit, lesson: LessonDay) -> date:
    return _ordinal(own_lesson_draft(visit, lesson).get("day", 0))


def _ordinal(number: int) -> date:
    try:
        return date.fromordinal(number)
    except (ValueError, OverflowError):
        raise NotFoundError from None


DOORS = (
    Door(screens.TOPIC, giving_topic_door, TEACHERS, Behind.GROUP, takes=WORDS, writes=True),
    Door(screens.HOMEWORK, giving_homework_door, TEACHERS, Behind.GROUP, takes=WORDS | FILES, writes=True),
    Door(tasks.REWRITE, giving_changed_homework_door, TEACHERS, Behind.GROUP, takes=WORDS | FILES, writes=True),
    Door(tasks.MORE, giving_more_homework_door, TEACHERS, Behind.GROUP, takes=FILES, writes=True),
    Door(tasks.RECALL, giving_homework_recall_door, TEACHERS, Behind.RECORD, writes=True),
    Door(screens.CONTROL, giving_control_work_door, TEACHERS, Behind.GROUP, takes=WORDS, writes=True),
    Door(tasks.CALL_OFF, giving_control_recall_door, TEACHERS, Behind.RECORD, writes=True),
    Door(screens.ADVICE, giving_recommendation_door, TEACHERS, Behind.GROUP, takes=WORDS, writes=True),
    Door(tasks.ADVISE, giving_recommendation_sending_door, TEACHERS, Behind.GROUP, writes=True),
)
