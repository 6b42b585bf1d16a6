"""Answers a question in plain words: once, or for each child and each subject that it names (Q113)."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from itertools import product

from bot.handlers.doors import Door, DoorRequest, DoorVisit, Reply
from bot.handlers.followups import remembered_followup
from bot.handlers.lookups import child_of_lookup
from bot.questions.model import COMPARING, Intent, Question
from bot.screens import clarification, notes
from bot.screens.clarification import Option
from bot.screens.forecast.wishes import question_of_one_subject, wish_number_of_question
from bot.screens.frame import ScreenFrameLook, screen_frame_given_names
from bot.screens.screen import Screen

MOST_PARTS = 6
"""Answers in one message; more are offered as buttons."""

_ONCE = {Intent.UNCLEAR, Intent.SETTINGS, Intent.MENU}

Opener = Callable[[DoorRequest], Awaitable[Reply]]


async def door_answer_to_question(visit: DoorVisit, door: Door, ask: DoorRequest, open_once: Opener) -> Reply:
    """The door's answer, or several as one message, with what was not understood below."""
    question = ask.question
    if question is None or question.intent in _ONCE:
        if question is not None and question.intent is not Intent.UNCLEAR:
            visit.afterwards.asked = remembered_followup(question, at=visit.now)
        return await open_once(ask)
    parts = await _parts(visit, question)
    if len(parts) == 1:
        reply = await open_once(ask)
    else:
        reply = await _several(visit, door, ask, parts, open_once)
        visit.afterwards.asked = remembered_followup(question, at=visit.now)
    return notes.screen_with_question_notes(reply, question, visit.t) if isinstance(reply, Screen) else reply


async def _parts(visit: DoorVisit, question: Question) -> Sequence[Question]:
    """The question for each child and subject, in the order in which they were named."""
    children = question.child_ids or (question.child_id,)
    if question.wish in COMPARING or await _is_answered_at_once(visit, question):
        return [replace(question, child_id=child_id, child_ids=()) for child_id in children]
    subjects = question.subjects or (question.subject,)
    return [
        replace(
            question_of_one_subject(question, subject or ""),
            child_id=child_id,
            child_ids=(),
            subject=subject,
            subjects=(),
            keeps_subject=len(subjects) > 1,
        )
        for child_id, subject in product(children, subjects)
    ]


async def _is_answered_at_once(visit: DoorVisit, question: Question) -> bool:
    """Forecasts of several subjects of one child have one first line, with the figures of each."""
    if question.intent is not Intent.FORECAST or len(question.subjects) <= 1 or question.leaves_child:
        return False
    named = question.child_id or next(iter(question.child_ids), 0)
    return child_of_lookup(await visit.children(), named, remembered=visit.dialog.child_id) is not None


async def _several(
    visit: DoorVisit, door: Door, ask: DoorRequest, parts: Sequence[Question], open_once: Opener
) -> Reply:
    """All answers; buttons for each child and subject where it is not known which child is meant, or they are many."""
    options = await _options(visit, door, parts)
    children = await visit.children()
    known = child_of_lookup(children, parts[0].child_id or 0, remembered=visit.dialog.child_id) is not None
    if not known or len(parts) > MOST_PARTS:
        return clarification.part_clarification_screen(options, visit.t, visit.seal)
    replies = [await open_once(replace(ask, question=part)) for part in parts]
    shown = _in_order([reply for reply in replies if isinstance(reply, Screen)], parts[0].order)
    return clarification.joined_clarification_screen(shown, options, visit.t, visit.seal)


def _in_order(answers: Sequence[Screen], order: int) -> Sequence[Screen]:
    """«кто раньше заканчивает»: who ends first stands first; as they came where nothing is compared."""
    if not order:
        return answers
    return sorted(answers, key=lambda each: (each.rank is None, -order * (each.rank or 0)))


async def _options(visit: DoorVisit, door: Door, parts: Sequence[Question]) -> Sequence[Option]:
    """A button for each part; for each child where none is named and none is known."""
    children = await visit.children()
    names = screen_frame_given_names(children, is_discreet=visit.is_discreet)
    ids = {subject.name: subject.id for subject in await visit.subjects()}
    known = child_of_lookup(children, parts[0].child_id or 0, remembered=visit.dialog.child_id)
    whose = [known.id] if known is not None else [child.id for child in children]
    looks = [(child_id, part) for part in parts for child_id in ([part.child_id] if part.child_id else whose)]
    return [
        Option(
            ": ".join(filter(None, (names.get(child_id) if len(children) > 1 else None, part.subject))) or "…",
            ScreenFrameLook(
                child_id, part.since, part.until, ids.get(part.subject or "", 0), words=wish_number_of_question(part)
            ).handle(door.name),
        )
        for child_id, part in looks
    ]
