"""New marks: one by a tap, or a whole class by a typed line that is shown before it is written."""

from dataclasses import replace

from bot.handlers.doors import TEACHERS, WORDS, Ask, Behind, Door, Visit
from bot.handlers.timetable.own_lesson import (
    awaited_lesson,
    class_day_screen,
    draft_of,
    gradebook_row_of,
    gradebook_screen,
    kept_work,
    lesson_of,
    marking_policy_of,
    open_lesson_desk,
    remember_lesson,
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


async def add_mark(visit: Visit, ask: Ask) -> Screen:
    """Writes a token for a student at once and shows the class, with a button that takes it back.

    The button carries the number of entries on its screen. If there are more by now (a second tap, another teacher),
    nothing is written.
    """
    lesson, (student_id, entries_seen, place) = lesson_of(ask, more=3)
    desk = await open_lesson_desk(visit, lesson)
    line = gradebook_row_of(desk, student_id)
    if place >= len(screens.TOKENS):
        raise NotFoundError
    if len(line.entries) != entries_seen:
        outcome = [entries.entries_changed_meanwhile(line, desk)]
        return replace(await gradebook_screen(visit, lesson, done=outcome), in_place=ask.pressed)
    new = NewMark(lesson, student_id, screens.TOKENS[place], desk.work)
    try:
        (written,) = await gradebook.record_marks(
            visit.uow, visit.reader, [new], policy=desk.policy, now=visit.now, on=visit.today
        )
    except REFUSALS as refusal:
        return replace(entries.marks_refused(refusal, desk, name=line.name), in_place=ask.pressed)
    undo = entries.undo_entry_button(written, line.name, desk)
    screen = await gradebook_screen(visit, lesson, done=[entries.entry_written(written, line.name, desk)])
    return replace(screen, buttons=((undo,), *screen.buttons), in_place=ask.pressed)


async def type_class_line(visit: Visit, ask: Ask) -> Screen:
    """The button asks for a line; the line that comes is parsed and shown."""
    if ask.pressed:
        lesson, _ = lesson_of(ask)
        desk = await open_lesson_desk(visit, lesson)
        await remember_lesson(visit, lesson, screens.LINE)
        await visit.uow.commit()
        return replace(entries.class_line_request(desk), in_place=True)
    lesson = awaited_lesson(visit)
    desk = await open_lesson_desk(visit, lesson)
    line = rules.class_line(ask.text, desk.page.lines, policy=desk.policy, work=desk.work)
    await remember_lesson(visit, lesson, screens.LINE, line=ask.text, message=ask.message)
    visit.take_edits_as(screens.LINE, message=ask.message)
    await visit.uow.commit()
    return entries.class_line_check(line, desk)


async def confirm_class_line(visit: Visit, ask: Ask) -> Screen:
    """Writes the line that was shown, all of it or nothing, and offers to take it back."""
    lesson, _ = lesson_of(ask)
    desk = await open_lesson_desk(visit, lesson)
    typed = draft_of(visit, lesson).get("line")
    line = rules.class_line(typed or "", desk.page.lines, policy=desk.policy, work=desk.work)
    if not line.is_good:
        raise NotFoundError
    new = [
        NewMark(lesson, cell.line.student_id, token, desk.work if _is_mark(token) else Work())
        for cell in line.cells
        for token in cell.tokens
    ]
    try:
        written = await gradebook.record_marks(
            visit.uow, visit.reader, new, policy=marking_policy_of(visit), now=visit.now, on=visit.today
        )
    except REFUSALS as refusal:
        return replace(entries.marks_refused(refusal, desk), in_place=True)
    await remember_lesson(visit, lesson, None, written={str(entry.id): entry.version for entry in written})
    await visit.uow.commit()
    done = visit.t("teaching.line_written", len(written))
    screen = await gradebook_screen(visit, lesson, done=[done])
    undo = desk.key("teaching.undo_line", entries.UNDO_LINE)
    return replace(screen, buttons=((undo,), *screen.buttons), in_place=ask.pressed)


async def undo_class_line(visit: Visit, ask: Ask) -> Screen:
    """Takes back all that the last line wrote, unless it was changed since."""
    lesson, _ = lesson_of(ask)
    written = draft_of(visit, lesson).get("written")
    if not written:
        raise NotFoundError
    recorded = {int(entry_id): version for entry_id, version in written.items()}
    desk = await open_lesson_desk(visit, lesson)
    await remember_lesson(visit, lesson, None)
    try:
        taken_back = await gradebook.undo_recorded(
            visit.uow, visit.reader, recorded, policy=desk.policy, now=visit.now, on=visit.today
        )
    except UNDO_REFUSALS as refusal:
        return replace(entries.marks_refused(refusal, desk), in_place=ask.pressed)
    done = visit.t("teaching.line_undone", taken_back)
    return replace(await gradebook_screen(visit, lesson, done=[done]), in_place=ask.pressed)


async def choose_marked_work(visit: Visit, ask: Ask) -> Screen:
    """Asks for, or keeps, the kind of work of the lesson's next marks."""
    if not ask.pressed:
        return await _typed_work(visit, ask.text)
    lesson, chosen = lesson_of(ask, maybe=1)
    desk = await open_lesson_desk(visit, lesson)
    if not chosen:
        await remember_lesson(visit, lesson, screens.WORK)
        await visit.uow.commit()
        return replace(entries.marked_work_request(desk), in_place=True)
    kind = WORK_KINDS[chosen[0] - 1] if 0 < chosen[0] <= len(WORK_KINDS) else None
    return replace(await _set_work(visit, lesson, Work(kind)), in_place=True)


async def _typed_work(visit: Visit, text: str) -> Screen:
    """Parses «Контрольная работа; 20; Дроби»: kind, weight and topic; the last two are optional."""
    lesson = awaited_lesson(visit)
    kind, weight, topic = (part.strip() for part in (*text.split(";", 2), "", "")[:3])
    try:
        work = Work(kind or None, tokens.weight_token(weight), topic or None)
    except UnknownTokenError as refusal:
        await visit.uow.begin_reading()
        desk = await open_lesson_desk(visit, lesson)
        return entries.weight_refused(refusal, desk)
    return await _set_work(visit, lesson, work)


async def _set_work(visit: Visit, lesson: LessonDay, work: Work) -> Screen:
    desk = replace(await open_lesson_desk(visit, lesson), work=work)
    await remember_lesson(visit, lesson, None, work=kept_work(work))
    screen = await class_day_screen(visit, desk)
    await visit.uow.commit()
    return screen


def _is_mark(token: str) -> bool:
    return token not in tokens.ABSENCES


DOORS = (
    Door(screens.MARK, add_mark, TEACHERS, Behind.GROUP, writes=True),
    Door(screens.LINE, type_class_line, TEACHERS, Behind.GROUP, takes=WORDS, writes=True),
    Door(entries.CONFIRM, confirm_class_line, TEACHERS, Behind.GROUP, writes=True),
    Door(entries.UNDO_LINE, undo_class_line, TEACHERS, Behind.GROUP, writes=True),
    Door(screens.WORK, choose_marked_work, TEACHERS, Behind.GROUP, takes=WORDS, writes=True),
)
