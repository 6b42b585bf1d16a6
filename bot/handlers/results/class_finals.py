"""Final marks of a class in a subject: as proposed in one tap, or each by one, with comment, ground, undo (Q55)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.handlers.doors import LEADERS, TEACHERS, WORDS, Behind, Door, DoorRequest, DoorVisit
from bot.handlers.timetable.own_lesson import own_lesson_marking_policy, record_own_lesson_view
from bot.screens.marks.gradebook import FEW
from bot.screens.results import class_finals as screens
from bot.screens.results.class_finals import ClassFinalsScreenDesk
from bot.screens.results.deferrals import deferral_screen_buttons
from bot.screens.results.term_state import term_state_screen_button
from bot.screens.screen import Screen
from core.actions.results.final_marks import FinalMarkEditor, NeededWords
from core.actions.results.term_end import class_finals
from core.actions.results.term_end.class_finals import AskedFinals
from core.errors import ClosedTermError, ConflictError, FirstGradeError, JournalModeError, NotFoundError, SchoolError
from core.model.marks.gradebook import Taught
from core.model.people import Role
from core.model.results.class_finals import OpenedFinal
from core.model.results.period_marks import MarkCell, NewFinalMark
from core.rules.conversation.buttons import HandleRefusedError, button_moment

REFUSALS = (ClosedTermError, ConflictError, FirstGradeError, JournalModeError)

PAGE = 3  # numbers of a page in a button: group, subject, term
"""Without the term it is the one at hand."""


async def choose_class_finals_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Asks for one of the actor's groups and subjects; for the group first where there are many."""
    (group_id,) = ask.exactly(1) if ask.numbers else (None,)
    taught = await class_finals.load_class_finals_subjects(
        visit.uow, visit.reader, policy=visit.school.results, on=visit.today, group_id=group_id
    )
    if group_id is not None and not taught:
        raise NotFoundError
    return replace(_choose(visit, taught, is_group=group_id is not None), in_place=ask.pressed)


def _choose(visit: DoorVisit, taught: Sequence[Taught], *, is_group: bool) -> Screen:
    above = ((term_state_screen_button(visit.t, visit.seal),),) if visit.reader.roles & LEADERS else ()
    if len(taught) > FEW and not is_group:
        return screens.class_finals_group_screen(taught, visit.t, visit.seal, above=above)
    return screens.class_finals_choice_screen(taught, visit.t, visit.seal, above=above)


async def class_finals_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The class's page. Ends a waiting step and records the view (Q102)."""
    group_id, subject_id, *term = ask.exactly(PAGE - 1, PAGE)
    asked = AskedFinals(group_id, subject_id, term[0] if term else None)
    desk = await open_class_finals_desk(visit, asked)
    await visit.wait_for(None)
    await class_finals.record_class_finals_opening(visit.uow, visit.reader, desk.page, now=visit.now)
    await visit.uow.commit()
    return replace(screens.class_finals_screen(desk), in_place=ask.pressed)


async def class_finals_student_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """One student of the page. Ends a waiting step."""
    asked, (student_id,) = _asked(ask, more=1)
    opened, desk = await class_finals_pupil(visit, asked, student_id), await open_class_finals_desk(visit, asked)
    await visit.wait_for(None)
    await visit.uow.commit()
    record_own_lesson_view(visit, screens.STUDENT, student_id)
    more = deferral_screen_buttons(opened, desk) if Role.DEPUTY_HEAD in visit.reader.roles else ()
    return replace(screens.class_finals_student_screen(opened, desk, more=more), in_place=ask.pressed)


async def accept_class_finals_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Sets all that is proposed for the class in one transaction, with a button that takes it back."""
    asked, _ = _asked(ask)
    desk = await open_class_finals_desk(visit, asked)
    try:
        done = await finals_writer_for_door(visit).set_proposed(asked.group_id, asked.subject_id, desk.page.term.name)
    except REFUSALS as refusal:
        await visit.uow.begin_reading()
        return await class_finals_refusal_reply(visit, asked, refusal)
    words = visit.t("results.accepted", len(done)) if done else visit.t("finals.nothing_to_set")
    return await class_finals_reply(visit, asked, [words], undo=visit.now if done else None)


async def set_class_final_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Sets one mark; asks for the comment or the ground that it needs."""
    asked, (student_id, version, place) = _asked(ask, more=3)
    if place >= len(screens.TOKENS):
        raise HandleRefusedError
    desk = await open_class_finals_desk(visit, asked)
    cell = MarkCell(student_id, asked.subject_id, desk.page.term.name)
    new = NewFinalMark(cell, screens.TOKENS[place], version=version)
    return replace(await _set(visit, asked, new), in_place=ask.pressed)


async def class_final_words_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The words that come are the comment, or the ground, of the mark that waits for them."""
    kept = visit.dialog.draft.get("final")
    if kept is None or ask.pressed:
        raise NotFoundError
    asked = AskedFinals(*kept["page"])
    desk = await open_class_finals_desk(visit, asked)
    cell = MarkCell(kept["student"], asked.subject_id, desk.page.term.name)
    words = {"comment": kept["comment"], "ground": kept["ground"], kept["asks"]: ask.text}
    return await _set(visit, asked, NewFinalMark(cell, kept["value"], version=kept["version"], **words))


async def annul_class_final_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Annuls a mark; the family is told."""
    asked, (student_id, version) = _asked(ask, more=2)
    opened = await class_finals_pupil(visit, asked, student_id)
    cell = MarkCell(student_id, asked.subject_id, opened.page.term.name)
    try:
        await finals_writer_for_door(visit).annul(cell, version=version)
    except REFUSALS as refusal:
        await visit.uow.begin_reading()
        return await class_finals_refusal_reply(visit, asked, refusal)
    return await class_finals_reply(
        visit, asked, [screens.class_finals_screen_done(opened.row, None, visit.t)], undo=visit.now
    )


async def undo_class_finals_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Takes back what the actor wrote at a moment, but for what was changed since."""
    asked, (moment,) = _asked(ask, more=1)
    desk = await open_class_finals_desk(visit, asked)
    writer, at = finals_writer_for_door(visit), button_moment(moment)
    try:
        done = await writer.last_batch(asked.group_id, asked.subject_id, desk.page.term.name, at=at)
        if not done:
            raise ConflictError
        undone = await writer.undo_marks(done)
    except REFUSALS as refusal:
        await visit.uow.begin_reading()
        return await class_finals_refusal_reply(visit, asked, refusal)
    return await class_finals_reply(visit, asked, [visit.t("results.undone", undone)])


async def open_class_finals_desk(visit: DoorVisit, asked: AskedFinals) -> ClassFinalsScreenDesk:
    """The page as it is now; NotFoundError where the person neither teaches the subject nor leads the class."""
    page = await class_finals.load_class_finals_page(
        visit.uow, visit.reader, asked, policy=visit.school.results, on=visit.today
    )
    return ClassFinalsScreenDesk(
        page=page,
        zone=visit.school.policy.zone,
        t=visit.t,
        seal=visit.seal,
        policy=own_lesson_marking_policy(visit),
        leads=any(row.is_led for row in page.rows),
    )


async def _set(visit: DoorVisit, asked: AskedFinals, new: NewFinalMark) -> Screen:
    """Writes the mark and shows the class, or asks for the words that it needs."""
    opened, writer = await class_finals_pupil(visit, asked, new.cell.student_id), finals_writer_for_door(visit)
    try:
        needed = await writer.needed_words(new)
        if needed is not None:
            return await _ask_words(visit, opened, asked, new, needed)
        await visit.wait_for(None)
        mark = await writer.set_mark(new)
    except REFUSALS as refusal:
        await visit.uow.begin_reading()
        return await class_finals_refusal_reply(visit, asked, refusal)
    await visit.uow.commit()
    done = screens.class_finals_screen_done(opened.row, mark.value, visit.t)
    return await class_finals_reply(visit, asked, [done], undo=visit.now if mark.received_at == visit.now else None)


async def _ask_words(
    visit: DoorVisit, opened: OpenedFinal, asked: AskedFinals, new: NewFinalMark, needed: NeededWords
) -> Screen:
    """Asks for the ground or the comment, and keeps the mark that waits for it."""
    kept: dict[str, Any] = {
        "page": [asked.group_id, asked.subject_id, asked.term],
        "student": new.cell.student_id, "version": new.version, "value": new.value,
        "comment": new.comment, "ground": new.ground, "asks": "ground" if needed.ground else "comment",
    }  # fmt: skip
    await visit.wait_for(screens.WORDS, final=kept)
    await visit.uow.commit()
    desk = await open_class_finals_desk(visit, asked)
    return screens.class_finals_words_screen(
        opened.row, new.value, desk, ground=needed.ground, proposal=needed.proposal
    )


async def class_finals_reply(
    visit: DoorVisit, asked: AskedFinals, done: Sequence[str], *, undo: datetime | None = None
) -> Screen:
    """The class as it is now. `done`: what has just changed, at `undo`."""
    desk = await open_class_finals_desk(visit, asked)
    return replace(screens.class_finals_screen(desk, done=done, undo=undo), in_place=True)


async def class_finals_refusal_reply(visit: DoorVisit, asked: AskedFinals, refusal: SchoolError) -> Screen:
    """The class as it is after the rollback, with the reason why nothing was written."""
    return await class_finals_reply(visit, asked, [screens.class_finals_screen_refusal(refusal, visit.t)])


async def class_finals_pupil(visit: DoorVisit, asked: AskedFinals, student_id: int) -> OpenedFinal:
    """One student of a page; NotFoundError for a student who is not on it."""
    return await class_finals.open_class_final(
        visit.uow, visit.reader, asked, student_id, policy=visit.school.results, on=visit.today
    )


def _asked(ask: DoorRequest, *, more: int = 0) -> tuple[AskedFinals, tuple[int, ...]]:
    """The page of a button, and the numbers after it."""
    numbers = ask.exactly(PAGE + more)
    return AskedFinals(*numbers[:PAGE]), numbers[PAGE:]


def finals_writer_for_door(visit: DoorVisit) -> FinalMarkEditor:
    """Writes final marks in the name of the visitor."""
    return FinalMarkEditor(
        visit.uow, visit.reader, visit.school.results, own_lesson_marking_policy(visit), visit.now, visit.today
    )


DOORS = (
    Door(screens.FINALS, choose_class_finals_door, TEACHERS, Behind.GROUP, command="finals"),
    Door(screens.CLASS, class_finals_door, TEACHERS, Behind.GROUP, writes=True),
    Door(screens.STUDENT, class_finals_student_door, TEACHERS, Behind.GROUP, writes=True),
    Door(screens.ACCEPT, accept_class_finals_door, TEACHERS, Behind.GROUP, writes=True),
    Door(screens.SET, set_class_final_door, TEACHERS, Behind.GROUP, writes=True),
    Door(screens.WORDS, class_final_words_door, TEACHERS, Behind.NOTHING, takes=WORDS, writes=True),
    Door(screens.ANNUL, annul_class_final_door, TEACHERS, Behind.GROUP, writes=True),
    Door(screens.UNDO, undo_class_finals_door, TEACHERS, Behind.GROUP, writes=True),
)
