"""The end of a term for those who lead classes: state, reminders, closing and reopening, open deferrals (Q52, Q53)."""

from collections.abc import Sequence
from dataclasses import replace

from bot.handlers.doors import LEADERS, WORDS, Behind, Door, DoorRequest, DoorVisit
from bot.handlers.timetable.own_lesson import record_own_lesson_view
from bot.screens.results import term_state as screens
from bot.screens.results.class_finals import TERM, class_finals_screen_refusal
from bot.screens.results.term_state import TermStateScreenFrame
from bot.screens.screen import Screen
from core.actions.results import completeness
from core.actions.results.term_end import term_state
from core.errors import ClosedTermError, OpenTermError
from core.model.people import Role
from core.model.results.completeness import ClassCompleteness

DEPUTY = frozenset({Role.DEPUTY_HEAD})

_BUTTON = 2  # numbers: class and term


async def term_state_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """All classes that the person leads, or one of them; the only one at once."""
    class_id, term = ask.exactly(_BUTTON) if ask.numbers else (screens.ALL_CLASSES, None)
    frame = await _frame(visit, term, class_id or None)
    await visit.wait_for(None)
    await visit.uow.commit()
    classes = frame.state.classes
    if class_id or (len(classes) == 1 and not frame.runs_school):
        return replace(_class_screen(visit, frame, classes[0]), in_place=ask.pressed)
    return replace(screens.term_state_classes_screen(frame), in_place=ask.pressed)


def _class_screen(visit: DoorVisit, frame: TermStateScreenFrame, each: ClassCompleteness) -> Screen:
    """The class by subjects. Each student who is named is recorded as seen (Q102)."""
    for student_id in dict.fromkeys(
        mark.expected.pupil.student_id for subject in each.subjects for mark in subject.missing
    ):
        record_own_lesson_view(visit, TERM, student_id)
    return screens.term_state_class_screen(frame, each)


async def term_state_reminder_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Reminds the teachers concerned; each once a day."""
    (number,) = ask.exactly(1)
    frame = await _frame(visit, number)
    reminded = await term_state.remind_teachers_of_term(
        visit.uow, visit.reader, frame.state.term, policy=visit.school.results, now=visit.now, on=visit.today
    )
    t = visit.t
    done = [t("finals.reminded", reminded.told)]
    done += [t("finals.reminded_already", reminded.already)] if reminded.already else []
    done += [t("finals.nobody_to_remind", reminded.nobody)] if reminded.nobody else []
    return await _classes(visit, number, done, pressed=ask.pressed)


async def term_state_closing_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Closes the term, unless somebody lacks a mark: then they are named."""
    (number,) = ask.exactly(1)
    frame = await _frame(visit, number)
    try:
        missing = await completeness.close_term_if_complete(
            visit.uow, visit.reader, frame.state.term.name, policy=visit.school.results, now=visit.now, on=visit.today
        )
    except ClosedTermError:
        await visit.uow.begin_reading()
        return await _classes(visit, number, [visit.t("finals.closed_already")], pressed=ask.pressed)
    for student_id in dict.fromkeys(each.expected.pupil.student_id for each in missing):
        record_own_lesson_view(visit, screens.CLOSE, student_id)
    done = screens.term_state_refused_screen(missing, visit.t) if missing else [visit.t("finals.closed_now")]
    return await _classes(visit, number, done, pressed=ask.pressed)


async def term_state_reopening_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The button asks for a reason; the words that come reopen the term."""
    if ask.pressed:
        (number,) = ask.exactly(1)
        frame = await _frame(visit, number)
        await visit.wait_for(screens.REOPEN, reopened=number)
        await visit.uow.commit()
        return replace(screens.term_state_reason_screen(frame), in_place=True)
    number = visit.dialog.draft.get("reopened", -1)
    frame = await _frame(visit, number)
    await visit.wait_for(None)
    name = frame.state.term.name
    try:
        await completeness.reopen_complete_term(
            visit.uow, visit.reader, name, reason=ask.text, now=visit.now, on=visit.today
        )
    except OpenTermError as refusal:
        await visit.uow.begin_reading()
        return await _classes(visit, number, [class_finals_screen_refusal(refusal, visit.t)], pressed=False)
    return await _classes(visit, number, [visit.t("finals.reopened")], pressed=False)


async def term_state_deferrals_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The open deferrals of the classes that the person leads."""
    ask.exactly(0)
    deferrals = await term_state.load_term_state_deferrals(visit.uow, visit.reader, on=visit.today)
    for student_id in dict.fromkeys(each.pupil.student_id for each in deferrals):
        record_own_lesson_view(visit, screens.DEFERRALS, student_id)
    return replace(
        screens.term_state_deferrals_screen(deferrals, visit.today, visit.t, visit.seal), in_place=ask.pressed
    )


async def _classes(visit: DoorVisit, number: int, done: Sequence[str], *, pressed: bool) -> Screen:
    return replace(screens.term_state_classes_screen(await _frame(visit, number), done=done), in_place=pressed)


async def _frame(visit: DoorVisit, term: int | None, class_id: int | None = None) -> TermStateScreenFrame:
    """The state now; NotFoundError for a term or class that is not the person's to see."""
    state = await term_state.load_term_state(
        visit.uow, visit.reader, policy=visit.school.results, on=visit.today, term=term, class_id=class_id
    )
    return TermStateScreenFrame(
        state=state, runs_school=Role.DEPUTY_HEAD in visit.reader.roles, t=visit.t, seal=visit.seal
    )


DOORS = (
    Door(TERM, term_state_door, LEADERS, Behind.GROUP, command="term", writes=True),
    Door(screens.REMIND, term_state_reminder_door, DEPUTY, Behind.NOTHING, writes=True),
    Door(screens.CLOSE, term_state_closing_door, DEPUTY, Behind.NOTHING, writes=True),
    Door(screens.REOPEN, term_state_reopening_door, DEPUTY, Behind.NOTHING, takes=WORDS, writes=True),
    Door(screens.DEFERRALS, term_state_deferrals_door, LEADERS, Behind.NOTHING),
)
