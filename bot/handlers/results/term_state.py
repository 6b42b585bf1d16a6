"""The end of a term for those who lead classes: state, reminders, closing and reopening, open deferrals (Q52, Q53)."""

from collections.abc import Sequence
from dataclasses import replace

from bot.handlers.doors import LEADERS, WORDS, Ask, Behind, Door, Visit
from bot.handlers.timetable.own_lesson import record_view
from bot.screens.results import term_state as screens
from bot.screens.results.class_finals import TERM, refusal_words
from bot.screens.results.term_state import TermFrame
from bot.screens.screen import Screen
from core.actions.results import completeness
from core.actions.results.term_end import term_state
from core.errors import ClosedTermError, OpenTermError
from core.model.people import Role
from core.model.results.completeness import ClassState

DEPUTY = frozenset({Role.DEPUTY_HEAD})

_BUTTON = 2  # numbers: class and term


async def open_state(visit: Visit, ask: Ask) -> Screen:
    """All classes that the person leads, or one of them; the only one at once."""
    class_id, term = ask.exactly(_BUTTON) if ask.numbers else (screens.ALL_CLASSES, None)
    frame = await _frame(visit, term, class_id or None)
    await visit.wait_for(None)
    await visit.uow.commit()
    classes = frame.state.classes
    if class_id or (len(classes) == 1 and not frame.runs_school):
        return replace(_class_screen(visit, frame, classes[0]), in_place=ask.pressed)
    return replace(screens.classes_state(frame), in_place=ask.pressed)


def _class_screen(visit: Visit, frame: TermFrame, each: ClassState) -> Screen:
    """The class by subjects. Each student who is named is recorded as seen (Q102)."""
    for student_id in dict.fromkeys(
        mark.expected.pupil.student_id for subject in each.subjects for mark in subject.missing
    ):
        record_view(visit, TERM, student_id)
    return screens.class_state(frame, each)


async def remind_teachers(visit: Visit, ask: Ask) -> Screen:
    """Reminds the teachers concerned; each once a day."""
    (number,) = ask.exactly(1)
    frame = await _frame(visit, number)
    reminded = await term_state.remind_teachers(
        visit.uow, visit.reader, frame.state.term, policy=visit.school.results, now=visit.now, on=visit.today
    )
    t = visit.t
    done = [t("finals.reminded", reminded.told)]
    done += [t("finals.reminded_already", reminded.already)] if reminded.already else []
    done += [t("finals.nobody_to_remind", reminded.nobody)] if reminded.nobody else []
    return await _classes(visit, number, done, pressed=ask.pressed)


async def close_term(visit: Visit, ask: Ask) -> Screen:
    """Closes the term, unless somebody lacks a mark: then they are named."""
    (number,) = ask.exactly(1)
    frame = await _frame(visit, number)
    try:
        missing = await completeness.close_term(
            visit.uow, visit.reader, frame.state.term.name, policy=visit.school.results, now=visit.now, on=visit.today
        )
    except ClosedTermError:
        await visit.uow.begin_reading()
        return await _classes(visit, number, [visit.t("finals.closed_already")], pressed=ask.pressed)
    for student_id in dict.fromkeys(each.expected.pupil.student_id for each in missing):
        record_view(visit, screens.CLOSE, student_id)
    done = screens.closing_refused(missing, visit.t) if missing else [visit.t("finals.closed_now")]
    return await _classes(visit, number, done, pressed=ask.pressed)


async def reopen_term(visit: Visit, ask: Ask) -> Screen:
    """The button asks for a reason; the words that come reopen the term."""
    if ask.pressed:
        (number,) = ask.exactly(1)
        frame = await _frame(visit, number)
        await visit.wait_for(screens.REOPEN, reopened=number)
        await visit.uow.commit()
        return replace(screens.reason_request(frame), in_place=True)
    number = visit.dialog.draft.get("reopened", -1)
    frame = await _frame(visit, number)
    await visit.wait_for(None)
    name = frame.state.term.name
    try:
        await completeness.reopen_term(visit.uow, visit.reader, name, reason=ask.text, now=visit.now, on=visit.today)
    except OpenTermError as refusal:
        await visit.uow.begin_reading()
        return await _classes(visit, number, [refusal_words(refusal, visit.t)], pressed=False)
    return await _classes(visit, number, [visit.t("finals.reopened")], pressed=False)


async def list_deferrals(visit: Visit, ask: Ask) -> Screen:
    """The open deferrals of the classes that the person leads."""
    ask.exactly(0)
    deferrals = await term_state.open_deferrals(visit.uow, visit.reader, on=visit.today)
    for student_id in dict.fromkeys(each.pupil.student_id for each in deferrals):
        record_view(visit, screens.DEFERRALS, student_id)
    return replace(screens.deferral_list(deferrals, visit.today, visit.t, visit.seal), in_place=ask.pressed)


async def _classes(visit: Visit, number: int, done: Sequence[str], *, pressed: bool) -> Screen:
    return replace(screens.classes_state(await _frame(visit, number), done=done), in_place=pressed)


async def _frame(visit: Visit, term: int | None, class_id: int | None = None) -> TermFrame:
    """The state now; NotFoundError for a term or class that is not the person's to see."""
    state = await term_state.term_state(
        visit.uow, visit.reader, policy=visit.school.results, on=visit.today, term=term, class_id=class_id
    )
    return TermFrame(state=state, runs_school=Role.DEPUTY_HEAD in visit.reader.roles, t=visit.t, seal=visit.seal)


DOORS = (
    Door(TERM, open_state, LEADERS, Behind.GROUP, command="term", writes=True),
    Door(screens.REMIND, remind_teachers, DEPUTY, Behind.NOTHING, writes=True),
    Door(screens.CLOSE, close_term, DEPUTY, Behind.NOTHING, writes=True),
    Door(screens.REOPEN, reopen_term, DEPUTY, Behind.NOTHING, takes=WORDS, writes=True),
    Door(screens.DEFERRALS, list_deferrals, LEADERS, Behind.NOTHING),
)
