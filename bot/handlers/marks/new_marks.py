"""New marks: one by a tap, or a whole class by a typed line that is shown before it is written."""

from dataclasses import replace

from bot.handlers.doors import TEACHERS, WORDS, Behind, Door, DoorRequest, DoorVisit
from bot.handlers.timetable.own_lesson import (
    awaited_own_lesson,
    kept_own_lesson_work,
    open_own_lesson_desk,
    own_lesson_draft,
    own_lesson_marking_policy,
    own_lesson_of_button,
    own_lesson_student_row,
    remember_own_lesson,
    show_own_lesson_class,
    show_own_lesson_gradebook,
)
from bot.screens.marks import corrections as entries
from bot.screens.marks import gradebook as screens
from bot.screens.screen import Screen
from core.actions.marks import gradebook
from core.errors import ConflictError, FirstGradeError, FutureLessonError, JournalModeError, NotFoundError
from core.model.marks.gradebook import WORK_KINDS, LessonDay, NewMark, Work
from core.rules.marks import gradebook as rules
from core.rules.marks import tokens
from core.rules.marks.tokens import UnknownTokenError

REFUSALS = (FirstGradeError, FutureLessonError, JournalModeError, UnknownTokenError)
UNDO_REFUSALS = (ConflictError, JournalModeError)


async def new_mark_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Writes a token for a student at once and shows the class, with a button that takes it back.

    The button carries the number of entries on its screen. If there are more by now (a second tap, another teacher),
    nothing is written.
    """
    lesson, (student_id, entries_seen, place) = own_lesson_of_button(ask, more=3)
    desk = await open_own_lesson_desk(visit, lesson)
    line = own_lesson_student_row(desk, student_id)
    if place >= len(screens.TOKENS):
        raise NotFoundError
    if len(line.entries) != entries_seen:
        outcome = [entries.correction_conflict_screen(line, desk)]
        return replace(await show_own_lesson_gradebook(visit, lesson, done=outcome), in_place=ask.pressed)
    new = NewMark(lesson, student_id, screens.TOKENS[place], desk.work)
    try:
        (written,) = await gradebook.record_gradebook_marks(
            visit.uow, visit.reader, [new], policy=desk.policy, now=visit.now, on=visit.today
        )
    except REFUSALS as refusal:
        return replace(entries.correction_refused_screen(refusal, desk, name=line.name), in_place=ask.pressed)
    undo = entries.correction_screen_undo_button(written, line.name, desk)
    screen = await show_own_lesson_gradebook(
        visit, lesson, done=[entries.correction_screen_written_line(written, line.name, desk)]
    )
    return replace(screen, buttons=((undo,), *screen.buttons), in_place=ask.pressed)


async def new_marks_line_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The button asks for a line; the line that comes is parsed and shown."""
    if ask.pressed:
        lesson, _ = own_lesson_of_button(ask)
        desk = await open_own_lesson_desk(visit, lesson)
        await remember_own_lesson(visit, lesson, screens.LINE)
        await visit.uow.commit()
        return replace(entries.correction_line_screen(desk), in_place=True)
    lesson = awaited_own_lesson(visit)
    desk = await open_own_lesson_desk(visit, lesson)
    line = rules.judged_gradebook_line(ask.text, desk.page.lines, policy=desk.policy, work=desk.work)
    await remember_own_lesson(visit, lesson, screens.LINE, line=ask.text, message=ask.message)
    visit.take_edits_as(screens.LINE, message=ask.message)
    await visit.uow.commit()
    return entries.correction_line_check_screen(line, desk)


async def confirm_new_marks_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Writes the line that was shown, all of it or nothing, and offers to take it back."""
    lesson, _ = own_lesson_of_button(ask)
    desk = await open_own_lesson_desk(visit, lesson)
    typed = own_lesson_draft(visit, lesson).get("line")
    line = rules.judged_gradebook_line(typed or "", desk.page.lines, policy=desk.policy, work=desk.work)
    if not line.is_good:
        raise NotFoundError
    new = [
        NewMark(lesson, cell.line.student_id, token, desk.work if _is_mark(token) else Work())
        for cell in line.cells
        for token in cell.tokens
    ]
    try:
        written = await gradebook.record_gradebook_marks(
            visit.uow, visit.reader, new, policy=own_lesson_marking_policy(visit), now=visit.now, on=visit.today
        )
    except REFUSALS as refusal:
        return replace(entries.correction_refused_screen(refusal, desk), in_place=True)
    await remember_own_lesson(visit, lesson, None, written={str(entry.id): entry.version for entry in written})
    await visit.uow.commit()
    done = visit.t("teaching.line_written", len(written))
    screen = await show_own_lesson_gradebook(visit, lesson, done=[done])
    undo = desk.key("teaching.undo_line", entries.UNDO_LINE)
    return replace(screen, buttons=((undo,), *screen.buttons), in_place=ask.pressed)


async def undo_new_marks_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Takes back all that the last line wrote, unless it was changed since."""
    lesson, _ = own_lesson_of_button(ask)
    written = own_lesson_draft(visit, lesson).get("written")
    if not written:
        raise NotFoundError
    recorded = {int(entry_id): version for entry_id, version in written.items()}
    desk = await open_own_lesson_desk(visit, lesson)
    await remember_own_lesson(visit, lesson, None)
    try:
        taken_back = await gradebook.undo_gradebook_marks(
            visit.uow, visit.reader, recorded, policy=desk.policy, now=visit.now, on=visit.today
        )
    except UNDO_REFUSALS as refusal:
        return replace(entries.correction_refused_screen(refusal, desk), in_place=ask.pressed)
    done = visit.t("teaching.line_undone", taken_back)
    return replace(await show_own_lesson_gradebook(visit, lesson, done=[done]), in_place=ask.pressed)


async def new_marks_work_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Asks for, or keeps, the kind of work of the lesson's next marks."""
    if not ask.pressed:
        return await _typed_work(visit, ask.text)
    lesson, chosen = own_lesson_of_button(ask, maybe=1)
    desk = await open_own_lesson_desk(visit, lesson)
    if not chosen:
        await remember_own_lesson(visit, lesson, screens.WORK)
        await visit.uow.commit()
        return replace(entries.correction_work_screen(desk), in_place=True)
    kind = WORK_KINDS[chosen[0] - 1] if 0 < chosen[0] <= len(WORK_KINDS) else None
    return replace(await _set_work(visit, lesson, Work(kind)), in_place=True)


async def _typed_work(visit: DoorVisit, text: str) -> Screen:
    """Parses «Контрольная работа; 20; Дроби»: kind, weight and topic; the last two are optional."""
    lesson = awaited_own_lesson(visit)
    kind, weight, topic = (part.strip() for part in (*text.split(";", 2), "", "")[:3])
    try:
        work = Work(kind or None, tokens.weight_token(weight), topic or None)
    except UnknownTokenError as refusal:
        await visit.uow.begin_reading()
        desk = await open_own_lesson_desk(visit, lesson)
        return entries.correction_weight_screen(refusal, desk)
    return await _set_work(visit, lesson, work)


async def _set_work(visit: DoorVisit, lesson: LessonDay, work: Work) -> Screen:
    desk = replace(await open_own_lesson_desk(visit, lesson), work=work)
    await remember_own_lesson(visit, lesson, None, work=kept_own_lesson_work(work))
    screen = await show_own_lesson_class(visit, desk)
    await visit.uow.commit()
    return screen


def _is_mark(token: str) -> bool:
    return token not in tokens.ABSENCES


DOORS = (
    Door(screens.MARK, new_mark_door, TEACHERS, Behind.GROUP, writes=True),
    Door(screens.LINE, new_marks_line_door, TEACHERS, Behind.GROUP, takes=WORDS, writes=True),
    Door(entries.CONFIRM, confirm_new_marks_door, TEACHERS, Behind.GROUP, writes=True),
    Door(entries.UNDO_LINE, undo_new_marks_door, TEACHERS, Behind.GROUP, writes=True),
    Door(screens.WORK, new_marks_work_door, TEACHERS, Behind.GROUP, takes=WORDS, writes=True),
)
