"""One entry: correct it, withdraw it, undo the last change, comment on it (Q38)."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from bot.handlers.doors import TEACHERS, WORDS, Ask, Behind, Door, Visit
from bot.handlers.timetable.own_lesson import marking_policy_of, open_lesson_desk, record_view
from bot.screens.marks import corrections as entries
from bot.screens.marks import gradebook as screens
from bot.screens.screen import Screen
from core.actions.marks import gradebook
from core.errors import ConflictError, FirstGradeError, JournalModeError, MixedKindsError, NotFoundError
from core.model.marks.gradebook import OpenedEntry
from core.rules.marks.tokens import UnknownTokenError

REFUSALS = (ConflictError, FirstGradeError, JournalModeError, MixedKindsError, UnknownTokenError)


async def open_entry(visit: Visit, ask: Ask) -> Screen:
    """Shows an entry with its history."""
    (entry_id,) = ask.exactly(1)
    opened = await gradebook.open_entry(visit.uow, visit.reader, entry_id, on=visit.today)
    desk = await open_lesson_desk(visit, opened.lesson)
    record_view(visit, screens.ENTRY, opened.line.student_id)
    return replace(entries.opened_entry(opened, desk), in_place=ask.pressed)


async def correct_entry(visit: Visit, ask: Ask) -> Screen:
    """Sets another value of the entry."""
    entry_id, version, place = ask.exactly(3)
    if place >= len(screens.TOKENS):
        raise NotFoundError
    correction = partial(gradebook.correct_entry, token=screens.TOKENS[place])
    return await _entry_screen(visit, ask, entry_id, _change(visit, entry_id, version, correction))


async def withdraw_entry(visit: Visit, ask: Ask) -> Screen:
    """Withdraws the entry; it stays in the journal."""
    entry_id, version = ask.exactly(2)
    return await _entry_screen(visit, ask, entry_id, _change(visit, entry_id, version, gradebook.withdraw_entry))


async def undo_entry_change(visit: Visit, ask: Ask) -> Screen:
    """Takes back the actor's own last change."""
    entry_id, version = ask.exactly(2)
    return await _entry_screen(visit, ask, entry_id, _change(visit, entry_id, version, gradebook.undo_last_change))


async def comment_entry(visit: Visit, ask: Ask) -> Screen:
    """The button asks for a comment; the words that come are shown beside the mark."""
    if ask.pressed:
        (entry_id,) = ask.exactly(1)
        opened = await gradebook.open_entry(visit.uow, visit.reader, entry_id, on=visit.today)
        desk = await open_lesson_desk(visit, opened.lesson)
        await visit.wait_for(entries.COMMENT, entry=opened.entry.id)
        await visit.uow.commit()
        return replace(entries.comment_request(opened, desk), in_place=True)
    entry_id = _awaited_entry(visit)
    await visit.wait_for(None)
    written = gradebook.comment_entry(
        visit.uow, visit.reader, entry_id, text=ask.text, policy=marking_policy_of(visit), now=visit.now, on=visit.today
    )
    return await _entry_screen(visit, ask, entry_id, written)


def _awaited_entry(visit: Visit) -> int:
    """The entry that the awaited comment is for; NotFoundError where the chat waits for no comment."""
    entry_id: int | None = visit.dialog.draft.get("entry")
    if entry_id is None:
        raise NotFoundError
    return entry_id


def _change(
    visit: Visit, entry_id: int, version: int, action: Callable[..., Awaitable[OpenedEntry]]
) -> Awaitable[OpenedEntry]:
    """Changes the version of the entry that was on the screen, so a second tap on the same button changes nothing."""
    return action(
        visit.uow,
        visit.reader,
        entry_id,
        version=version,
        policy=marking_policy_of(visit),
        now=visit.now,
        on=visit.today,
    )


async def _entry_screen(visit: Visit, ask: Ask, entry_id: int, written: Awaitable[OpenedEntry]) -> Screen:
    """The entry as it is now, with what was done or why nothing was done."""
    try:
        opened, refusal = await written, None
    except REFUSALS as refused:
        await visit.uow.begin_reading()
        opened, refusal = await gradebook.open_entry(visit.uow, visit.reader, entry_id, on=visit.today), refused
    desk = await open_lesson_desk(visit, opened.lesson)
    outcome = (
        entries.refusal_reason(refusal, desk)
        if refusal
        else entries.entry_written(opened.entry, opened.line.name, desk)
    )
    return replace(entries.opened_entry(opened, desk, done=[outcome]), in_place=ask.pressed)


DOORS = (
    Door(screens.ENTRY, open_entry, TEACHERS, Behind.RECORD),
    Door(entries.CORRECT, correct_entry, TEACHERS, Behind.RECORD, writes=True),
    Door(entries.WITHDRAW, withdraw_entry, TEACHERS, Behind.RECORD, writes=True),
    Door(screens.UNDO, undo_entry_change, TEACHERS, Behind.RECORD, writes=True),
    Door(entries.COMMENT, comment_entry, TEACHERS, Behind.RECORD, takes=WORDS, writes=True),
)
