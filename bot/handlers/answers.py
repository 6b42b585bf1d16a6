"""Answers what a message asks: once, or for each question, child and subject that it names (Q113)."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from itertools import product

from bot.handlers.doors import Door, DoorRequest, DoorVisit, Reply
from bot.handlers.lookups import child_of_lookup
from bot.handlers.remembered import remembered_followup
from bot.handlers.taught import is_taught_to_child
from bot.questions.model import COMPARING, Intent, Question
from bot.screens import clarification, notes
from bot.screens.clarification import Option
from bot.screens.dates import screen_date_span
from bot.screens.forecast.wishes import question_of_one_subject, wish_number_of_question
from bot.screens.frame import ScreenFrameLook, screen_frame_given_names
from bot.screens.screen import Screen, ScreenRank, screen_text
from core.rules.conversation.buttons import Handle

MOST_PARTS = 6
"""Answers in one message; more are offered as buttons."""

_ONCE = {Intent.UNCLEAR, Intent.SETTINGS, Intent.MENU}

Opener = Callable[[Door, DoorRequest], Awaitable[Reply]]
Part = tuple[Door, Question]


async def door_answer_to_questions(visit: DoorVisit, text: str, asked: Sequence[Part], open_once: Opener) -> Reply:
    """The door's answer, or several as one message, with what was not understood below."""
    door, question = asked[0]
    if question.intent in _ONCE:
        if question.intent is not Intent.UNCLEAR:
            visit.afterwards.asked = remembered_followup(question, at=visit.now)
        return await open_once(door, DoorRequest(text=text, question=question))
    parts = [(door, part) for door, question in asked for part in await _parts(visit, question)]
    if len(parts) == 1:
        reply = await open_once(door, DoorRequest(text=text, question=question))
    else:
        reply = await _several(visit, text, parts, open_once)
        visit.afterwards.asked = remembered_followup(asked[-1][1], at=visit.now)
    if isinstance(reply, Screen) and visit.afterwards.asked:
        told = await _subjects_told(visit, reply)
        visit.afterwards.asked = {**visit.afterwards.asked, "told": told}
    for _, question in asked:
        reply = notes.screen_with_question_notes(reply, question, visit.t) if isinstance(reply, Screen) else reply
    return reply


async def _subjects_told(visit: DoorVisit, answer: Screen) -> Sequence[str]:
    """The subjects that the first line names, in its order: «Хуже всего: Химия (3,00), дальше Геометрия (3,50)»."""
    first, _, _ = answer.text.partition("\n")
    named = {each.name: first.index(each.name) for each in await visit.subjects() if each.name in first}
    return sorted(named, key=lambda name: named[name])


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
        for child_id, subject in await _pairs(visit, children, subjects)
    ]


async def _pairs(
    visit: DoorVisit, children: Sequence[int | None], subjects: Sequence[str | None]
) -> Sequence[tuple[int | None, str | None]]:
    """Each child with each subject; «Маши по математике и Артёма по физике» without a subject that a child lacks."""
    pairs = [*product(children, subjects)]
    if len(children) == 1:
        return pairs
    taught = [
        (child_id, subject)
        for child_id, subject in pairs
        if child_id and subject and await is_taught_to_child(await visit.of_child(child_id), child_id, subject)
    ]
    if len(subjects) == 1:
        return [*taught, *(each for each in pairs if each not in taught)]
    is_each_served = {child for child, _ in taught} == {*children} and {name for _, name in taught} == {*subjects}
    return taught if is_each_served else pairs


async def _is_answered_at_once(visit: DoorVisit, question: Question) -> bool:
    """Forecasts of several subjects of one child have one first line, with the figures of each."""
    if question.intent is not Intent.FORECAST or len(question.subjects) <= 1 or question.leaves_child:
        return False
    named = question.child_id or next(iter(question.child_ids), 0)
    return child_of_lookup(await visit.children(), named, remembered=visit.dialog.child_id) is not None


async def _several(visit: DoorVisit, text: str, parts: Sequence[Part], open_once: Opener) -> Reply:
    """All answers; buttons for each child and subject where it is not known which child is meant, or they are many."""
    options = await _options(visit, parts)
    children = await visit.children()
    known = [child_of_lookup(children, part.child_id or 0, remembered=_remembered(visit, part)) for _, part in parts]
    if None in known or len(parts) > MOST_PARTS:
        return clarification.part_clarification_screen(options, visit.t, visit.seal)
    answers: dict[object, Screen] = {}
    for door, part in parts:
        reply = await open_once(door, DoorRequest(text=text, question=part))
        if isinstance(reply, Screen):
            place = door.name, part.child_id, part.subject, part.since, part.until, part.term
            answers[place] = _with_first_line(answers[place], reply) if place in answers else reply
    shown = _in_order([*answers.values()], parts[0][1].order)
    if len(shown) == 1:
        return shown[0]
    comparison = ""
    if parts[0][1].order and len(answers) == len(parts):
        named = screen_frame_given_names(children, is_discreet=visit.is_discreet)
        ranks = [
            (named[part.child_id or 0], screen.rank) for (_, part), screen in zip(parts, answers.values(), strict=True)
        ]
        comparison = _comparison(shown, ranks, visit)
    return clarification.joined_clarification_screen(shown, options, visit.t, visit.seal, above=comparison)


def _comparison(shown: Sequence[Screen], ranks: Sequence[tuple[str, ScreenRank | None]], visit: DoorVisit) -> str:
    """«Артём – 4,16, Мария – 4,14.», the one that is asked for first; "" where nothing can be compared."""
    places = [each.rank for each in shown]
    known = [(name, rank) for name, rank in ranks if rank is not None]
    if len(known) < len(ranks) or len({rank.value for _, rank in known}) == 0:
        return ""
    known.sort(key=lambda each: places.index(each[1]))
    return visit.t("compare.line", figures=", ".join(f"{screen_text(name)} – {rank.shown}" for name, rank in known))


def _with_first_line(screen: Screen, other: Screen) -> Screen:
    """One screen that answers two questions, each in its own first line."""
    first, _, rest = screen.text.partition("\n")
    second, _, _ = other.text.partition("\n")
    return screen if first == second else replace(screen, text=f"{first}\n{second}\n{rest}")


def _remembered(visit: DoorVisit, part: Question) -> int | None:
    return None if part.leaves_child else visit.dialog.child_id


def _in_order(answers: Sequence[Screen], order: int) -> Sequence[Screen]:
    """«кто раньше заканчивает»: who ends first stands first; as they came where nothing is compared."""
    if not order:
        return answers
    return sorted(answers, key=lambda each: (each.rank is None, -order * (each.rank.value if each.rank else 0)))


async def _options(visit: DoorVisit, parts: Sequence[Part]) -> Sequence[Option]:
    """A button for each part; for each child where none is named and none is known."""
    children = await visit.children()
    names = screen_frame_given_names(children, is_discreet=visit.is_discreet)
    ids = {subject.name: subject.id for subject in await visit.subjects()}
    are_doors_several = len({door.name for door, _ in parts}) > 1
    are_days_several = len({(part.since, part.until) for _, part in parts}) > 1 and not are_doors_several
    options: dict[Handle, Option] = {}
    for door, part in parts:
        known = child_of_lookup(children, part.child_id or 0, remembered=_remembered(visit, part))
        for child in children if known is None else [known]:
            named = names[child.id] if len(children) > 1 else None
            title = visit.t(f"intent.{part.intent}") if are_doors_several else None
            days = screen_date_span(part.since, part.until, visit.t) if part.since and part.until else None
            look = ScreenFrameLook(
                child.id, part.since, part.until, ids.get(part.subject or "", 0), words=wish_number_of_question(part)
            )
            label = ": ".join(filter(None, (named, part.subject, title, days if are_days_several else None)))
            options[look.handle(door.name)] = Option(label or "…", look.handle(door.name))
    return [*options.values()]
