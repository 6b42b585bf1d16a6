"""One entry: correct it, withdraw it, undo the last change, comment on it (Q38)."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from bot.handlers.doors import TEACHERS, WORDS, Behind, Door, DoorRequest, DoorVisit
from bot.handlers.timetable.own_lesson import open_own_lesson_desk, own_lesson_marking_policy, record_own_lesson_view
from bot.screens.marks import corrections as entries
from bot.screens.marks import gradebook as screens
from bot.screens.screen import Screen
from core.actions.marks import gradebook
from core.errors import ConflictError, FirstGradeError, JournalModeError, MixedKindsError, NotFoundError
from core.model.marks.gradebook import OpenedEntry
from core.rules.marks.tokens import UnknownTokenError

REFUSALS = (ConflictError, FirstGradeError, JournalModeError, MixedKindsError, UnknownTokenError)


async def open_correction_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Shows an entry with its history."""
    (entry_id,) = ask.exactly(1)
    opened = await gradebook.open_gradebook_entry(visit.uow, visit.reader, entry_id, on=visit.today)
    desk = await open_own_lesson_desk(visit, opened.lesson)
    record_own_lesson_view(visit, screens.ENTRY, opened.line.student_id)
    return replace(entries.entry_correction_screen(opened, desk), in_place=ask.pressed)


async def correct_entry_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Sets another value of the entry."""
    entry_id, version, place = ask.exactly(3)
    if place >= len(screens.TOKENS):
        raise NotFoundError
    correction = partial(gradebook.correct_gradebook_entry, token=screens.TOKENS[place])
    return await _entry_screen(visit, ask, entry_id, _change(visit, entry_id, version, correction))


async def correct_by_withdrawal_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Withdraws the entry; it stays in the journal."""
    entry_id, version = ask.exactly(2)
    return await _entry_screen(
        visit, ask, entry_id, _change(visit, entry_id, version, gradebook.withdraw_gradebook_entry)
    )


async def undo_correction_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Takes back the actor's own last change."""
    entry_id, version = ask.exactly(2)
    return await _entry_screen(visit, ask, entry_id, _change(visit, entry_id, version, gradebook.undo_gradebook_change))


async def comment_correction_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The button asks for a comment; the words that come are shown beside the mark."""
    if ask.pressed:
        (entry_id,) = ask.exactly(1)
        opened = await gradebook.open_gradebook_entry(visit.uow, visit.reader, entry_id, on=visit.today)
        desk = await open_own_lesson_desk(visit, opened.lesson)
        await visit.wait_for(entries.COMMENT, entry=opened.entry.id)
        await visit.uow.commit()
        return replace(entries.correction_comment_screen(opened, desk), in_place=True)
    entry_id = _awaited_entry(visit)
    await visit.wait_for(None)
    written = gradebook.comment_gradebook_entry(
        visit.uow,
        visit.reader,
        entry_id,
        text=ask.text,
        policy=own_lesson_marking_policy(visit),
        now=visit.now,
        on=visit.today,
    )
    return await _entry_screen(visit, ask, entry_id, written)


def _awaited_entry(visit: DoorVisit) -> int:
    """The entry that the awaited comment is for; NotFoundError where the chat waits for no comment."""
    entry_id: int | None = visit.dialog.draft.get("entry")
    if entry_id is None:
        raise NotFoundError
    return entry_id


def _change(
    visit: DoorVisit, entry_id: int, version: int, action: Callable[..., Awaitable[OpenedEntry]]
) -> Awaitable[OpenedEntry]:
    """Changes the version of the entry that was on the screen, so a second tap on the same button changes nothing."""
    return action(
        visit.uow,
        visit.reader,
        entry_id,
        version=version,
        policy=own_lesson_marking_policy(visit),
        now=visit.now,
        on=visit.today,
    )


async def _entry_screen(visit: DoorVisit, ask: DoorRequest, entry_id: int, written: Awaitable[OpenedEntry]) -> Screen:
    """The entry as it is now, with what was done or why nothing was done."""
    try:
        opened, refusal = await written, None
    except REFUSALS as refused:
        await visit.uow.begin_reading()
        opened, refusal = (
            await gradebook.open_gradebook_entry(visit.uow, visit.reader, entry_id, on=visit.today),
            refused,
        )
    desk = await open_own_lesson_desk(visit, opened.lesson)
    outcome = (
        entries.correction_screen_refusal_words(refusal, desk)
        if refusal
        else entries.correction_screen_written_line(opened.entry, opened.line.name, desk)
    )
    return replace(entries.entry_correction_screen(opened, desk, done=[outcome]), in_place=ask.pressed)


DOORS = (
    Door(screens.ENTRY, open_correction_door, TEACHERS, Behind.RECORD),
    Door(entries.CORRECT, correct_entry_door, TEACHERS, Behind.RECORD, writes=True),
    Door(entries.WITHDRAW, correct_by_withdrawal_door, TEACHERS, Behind.RECORD, writes=True),
    Door(screens.UNDO, undo_correction_door, TEACHERS, Behind.RECORD, writes=True),
    Door(entries.COMMENT, comment_correction_door, TEACHERS, Behind.RECORD, takes=WORDS, writes=True),
)
