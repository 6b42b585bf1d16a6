"""An entry that was written: correct, take back, undo, comment (Q38)."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial

from bot.handlers.doors import TEACHERS, Ask, Behind, Door, Visit
from bot.handlers.timetable.own_lesson import looked_at, one_number, open_desk, policy_of
from bot.screens.marks import corrections as entries
from bot.screens.marks import gradebook as screens
from bot.screens.screen import Screen
from core.actions.marks import gradebook
from core.errors import ConflictError, FirstGradeError, JournalModeError, MixedKindsError, NotFoundError
from core.model.marks.gradebook import OpenedEntry
from core.rules.marks.tokens import UnknownTokenError

REFUSALS = (ConflictError, FirstGradeError, JournalModeError, MixedKindsError, UnknownTokenError)


async def entry(visit: Visit, ask: Ask) -> Screen:
    """An entry with its history."""
    found = await gradebook.open_entry(visit.uow, visit.reader, one_number(ask.numbers), on=visit.today)
    desk = await open_desk(visit, found.lesson)
    looked_at(visit, screens.ENTRY, found.line.student_id)
    return replace(entries.opened(found, desk), in_place=ask.pressed)


async def correct(visit: Visit, ask: Ask) -> Screen:
    """Another value by a tap."""
    match ask.numbers:
        case (*seen, place) if place < len(screens.TOKENS):
            written = _step(visit, seen, partial(gradebook.correct_entry, token=screens.TOKENS[place]))
            return await _after(visit, ask, written)
        case _:
            raise NotFoundError


async def withdraw(visit: Visit, ask: Ask) -> Screen:
    """Out of force, still in the journal."""
    return await _after(visit, ask, _step(visit, ask.numbers, gradebook.withdraw_entry))


async def undo(visit: Visit, ask: Ask) -> Screen:
    """One's own last change is taken back."""
    return await _after(visit, ask, _step(visit, ask.numbers, gradebook.undo_last_change))


async def comment(visit: Visit, ask: Ask) -> Screen:
    """The button asks for words, the words stand beside the mark."""
    if ask.pressed:
        found = await gradebook.open_entry(visit.uow, visit.reader, one_number(ask.numbers), on=visit.today)
        desk = await open_desk(visit, found.lesson)
        await visit.wait_for(entries.COMMENT, entry=found.entry.id)
        await visit.uow.commit()
        return replace(entries.comment_asked(found, desk), in_place=True)
    entry_id = one_number([visit.dialog.draft.get("entry", -1)])
    await visit.wait_for(None)
    written = gradebook.comment_entry(
        visit.uow, visit.reader, entry_id, text=ask.text, policy=policy_of(visit), now=visit.now, on=visit.today
    )
    return await _after(visit, ask, written)


def _step(visit: Visit, numbers: Sequence[int], act: Callable[..., Awaitable[OpenedEntry]]) -> Awaitable[OpenedEntry]:
    """Something done to the version of an entry that was on the screen, so that a second tap does nothing more."""
    match numbers:
        case (entry_id, version):
            return act(
                visit.uow, visit.reader, entry_id, version=version, policy=policy_of(visit), now=visit.now,
                on=visit.today,
            )  # fmt: skip
        case _:
            raise NotFoundError


async def _after(visit: Visit, ask: Ask, written: Awaitable[OpenedEntry]) -> Screen:
    """The entry as it is now, with what was done or why nothing was."""
    try:
        found, refusal = await written, None
    except REFUSALS as refused:
        entry_id = ask.numbers[0] if ask.numbers else visit.dialog.draft["entry"]
        found, refusal = await gradebook.open_entry(visit.uow, visit.reader, entry_id, on=visit.today), refused
    desk = await open_desk(visit, found.lesson)
    told = entries.why(refusal, desk) if refusal else entries.told_of(found.entry, found.line.name, desk)
    return replace(entries.opened(found, desk, said=[told]), in_place=ask.pressed)


DOORS = (
    Door(screens.ENTRY, entry, TEACHERS, Behind.RECORD),
    Door(entries.CORRECT, correct, TEACHERS, Behind.RECORD, writes=True),
    Door(entries.WITHDRAW, withdraw, TEACHERS, Behind.RECORD, writes=True),
    Door(screens.UNDO, undo, TEACHERS, Behind.RECORD, writes=True),
    Door(entries.COMMENT, comment, TEACHERS, Behind.RECORD, takes_words=True, writes=True),
)
