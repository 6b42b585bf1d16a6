"""What a teacher gives besides marks: topic, homework with a photo or file, control works, recommendations."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.handlers.doors import TEACHERS, Ask, Behind, Door, Visit
from bot.handlers.timetable.own_lesson import (
    awaited_lesson,
    draft_of,
    gradebook_row_of,
    gradebook_screen,
    lesson_of,
    next_lesson_days,
    open_lesson_desk,
    remember_lesson,
)
from bot.screens.marks import gradebook as screens
from bot.screens.marks.gradebook import LessonDesk
from bot.screens.schoolwork import giving as tasks
from bot.screens.screen import Screen
from core.actions.marks import gradebook
from core.actions.schoolwork import control_works, recommendations
from core.actions.schoolwork import homework as homework_actions
from core.errors import FirstHalfYearError, NoTaskError, NotFoundError
from core.model.marks.gradebook import WORK_KINDS, LessonDay
from core.model.schoolwork.control_works import NewControlWork

CONTROL_WORK = WORK_KINDS[3]


async def set_topic(visit: Visit, ask: Ask) -> Screen:
    """Asks for, or keeps, the topic of the lesson."""
    if ask.pressed:
        lesson, _ = lesson_of(ask)
        desk = await open_lesson_desk(visit, lesson)
        await _wait(visit, lesson, screens.TOPIC)
        return replace(tasks.topic_request(desk), in_place=True)
    lesson, words = awaited_lesson(visit), " ".join(ask.text.split())
    await remember_lesson(visit, lesson, None)
    await gradebook.set_lesson_topic(
        visit.uow, visit.reader, lesson, topic=words or None, now=visit.now, on=visit.today
    )
    return await gradebook_screen(visit, lesson, done=[])


async def give_homework(visit: Visit, ask: Ask) -> Screen:
    """Asks for, or gives, homework for the next lesson or another day: words, a photo or a file (Q23, Q25)."""
    if ask.pressed:
        desk, due_on, days = await _ask_for_day(visit, ask, screens.HOMEWORK)
        due = replace(desk.page.lesson, on=due_on)
        already = await homework_actions.homework_of_lesson(visit.uow, visit.reader, due, on=visit.today)
        return replace(tasks.homework_request(desk, due_on, days, already), in_place=True)
    lesson = awaited_lesson(visit)
    desk, due_on = await open_lesson_desk(visit, lesson), _awaited_day(visit, lesson)
    await remember_lesson(visit, lesson, None)
    try:
        given = await homework_actions.give_homework(
            visit.uow, visit.reader, lesson, due_on=due_on, text=ask.text, now=visit.now, policy=visit.school.policy,
            files=(ask.file,) if ask.file else (),
        )  # fmt: skip
    except NoTaskError:
        return tasks.no_homework_given(desk)
    text = ask.text or (ask.file.name if ask.file else "")
    return tasks.homework_given(desk, given.id, due_on=due_on, text=text, cautions=given.cautions)


async def rewrite_homework(visit: Visit, ask: Ask) -> Screen:
    """Asks for, or keeps, another text of a homework; families see the old and the new one (Q23)."""
    if ask.pressed:
        lesson, (homework_id,) = lesson_of(ask, more=1)
        desk = await open_lesson_desk(visit, lesson)
        current = await homework_actions.open_homework(visit.uow, visit.reader, homework_id, on=visit.today)
        await _wait(visit, lesson, tasks.REWRITE, homework=homework_id)
        return replace(tasks.opened_homework(desk, current), in_place=True)
    lesson = awaited_lesson(visit)
    desk, homework_id = await open_lesson_desk(visit, lesson), draft_of(visit, lesson).get("homework", -1)
    current = await homework_actions.open_homework(visit.uow, visit.reader, homework_id, on=visit.today)
    await remember_lesson(visit, lesson, None)
    try:
        given = await homework_actions.change_homework(
            visit.uow, visit.reader, homework_id, text=ask.text, now=visit.now, on=visit.today
        )
    except NoTaskError:
        return tasks.no_homework_given(desk)
    return tasks.homework_given(desk, given.id, due_on=current.due_on, text=ask.text, cautions=given.cautions)


async def recall_homework(visit: Visit, ask: Ask) -> Screen:
    """Withdraws a homework; it stays visible as withdrawn (Q23)."""
    (homework_id,) = ask.exactly(1)
    await homework_actions.withdraw_homework(visit.uow, visit.reader, homework_id, now=visit.now, on=visit.today)
    return Screen(visit.t("teaching.recalled"), in_place=ask.pressed)


async def plan_control_work(visit: Visit, ask: Ask) -> Screen:
    """Asks for, or plans, a control work, and names the norms that it breaks (Q20)."""
    if ask.pressed:
        desk, on, days = await _ask_for_day(visit, ask, screens.CONTROL)
        already = await control_works.control_works_ahead(visit.uow, visit.reader, desk.page.lesson, on=visit.today)
        return replace(tasks.control_work_request(desk, on, days, already), in_place=True)
    lesson = awaited_lesson(visit)
    desk, on = await open_lesson_desk(visit, lesson), _awaited_day(visit, lesson)
    kind, _, words = (part.strip() for part in ask.text.partition(";"))
    new = NewControlWork(lesson.group_id, lesson.subject_id, on, None, kind or CONTROL_WORK, words or None)
    await remember_lesson(visit, lesson, None)
    try:
        planned = await control_works.plan_control_work(visit.uow, visit.reader, new, now=visit.now, on=visit.today)
    except FirstHalfYearError as early:
        return tasks.no_control_work_yet(desk, early.until)
    said_words = ", ".join(filter(None, [new.work_kind, new.topic]))
    return tasks.control_work_planned(desk, planned.id, on=on, words=said_words, cautions=planned.cautions)


async def call_off_control_work(visit: Visit, ask: Ask) -> Screen:
    """Withdraws a control work."""
    (work_id,) = ask.exactly(1)
    await control_works.withdraw_control_work(visit.uow, visit.reader, work_id, now=visit.now, on=visit.today)
    return Screen(visit.t("teaching.called_off"), in_place=ask.pressed)


async def write_recommendation(visit: Visit, ask: Ask) -> Screen:
    """Asks for advice about a student and shows it, before it is sent (Q24)."""
    if ask.pressed:
        lesson, (student_id,) = lesson_of(ask, more=1)
        desk = await open_lesson_desk(visit, lesson)
        line = gradebook_row_of(desk, student_id)
        await _wait(visit, lesson, screens.ADVICE, student=student_id)
        return replace(tasks.recommendation_request(desk, line), in_place=True)
    lesson = awaited_lesson(visit)
    desk = await open_lesson_desk(visit, lesson)
    line = gradebook_row_of(desk, draft_of(visit, lesson).get("student", -1))
    if not ask.text.strip():
        return tasks.recommendation_request(desk, line)
    await _wait(visit, lesson, None, student=line.student_id, advice=ask.text)
    return tasks.recommendation_check(desk, line, ask.text)


async def send_recommendation(visit: Visit, ask: Ask) -> Screen:
    """Sends the advice that was shown."""
    lesson, (student_id, place) = lesson_of(ask, more=2)
    kept = draft_of(visit, lesson)
    if kept.get("student") != student_id or not kept.get("advice") or place >= len(tasks.AUDIENCES):
        raise NotFoundError
    await remember_lesson(visit, lesson, None)
    await recommendations.give_recommendation(
        visit.uow, visit.reader, student_id=student_id, lesson=lesson,
        audience=tasks.AUDIENCES[place], text=kept["advice"], now=visit.now, on=visit.today,
    )  # fmt: skip
    return replace(await gradebook_screen(visit, lesson, done=[visit.t("teaching.advised")]), in_place=ask.pressed)


async def _wait(visit: Visit, lesson: LessonDay, step: str | None, **more: int | str) -> None:
    await remember_lesson(visit, lesson, step, **more)
    await visit.uow.commit()


async def _ask_for_day(visit: Visit, ask: Ask, step: str) -> tuple[LessonDesk, date, Sequence[date]]:
    """The lesson, the chosen day (else the next lesson's), and the days to choose from. Waits for words."""
    lesson, chosen = lesson_of(ask, maybe=1)
    desk, days = await open_lesson_desk(visit, lesson), await next_lesson_days(visit, lesson)
    day = _ordinal(chosen[0]) if chosen else days[0]
    await _wait(visit, lesson, step, day=day.toordinal())
    return desk, day, days


def _awaited_day(visit: Visit, lesson: LessonDay) -> date:
    return _ordinal(draft_of(visit, lesson).get("day", 0))


def _ordinal(number: int) -> date:
    try:
        return date.fromordinal(number)
    except (ValueError, OverflowError):
        raise NotFoundError from None


DOORS = (
    Door(screens.TOPIC, set_topic, TEACHERS, Behind.GROUP, takes_words=True, writes=True),
    Door(screens.HOMEWORK, give_homework, TEACHERS, Behind.GROUP, takes_words=True, writes=True),
    Door(tasks.REWRITE, rewrite_homework, TEACHERS, Behind.GROUP, takes_words=True, writes=True),
    Door(tasks.RECALL, recall_homework, TEACHERS, Behind.RECORD, writes=True),
    Door(screens.CONTROL, plan_control_work, TEACHERS, Behind.GROUP, takes_words=True, writes=True),
    Door(tasks.CALL_OFF, call_off_control_work, TEACHERS, Behind.RECORD, writes=True),
    Door(screens.ADVICE, write_recommendation, TEACHERS, Behind.GROUP, takes_words=True, writes=True),
    Door(tasks.ADVISE, send_recommendation, TEACHERS, Behind.GROUP, writes=True),
)
