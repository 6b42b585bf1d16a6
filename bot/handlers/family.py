"""What families look up: marks by child and subject, and the buttons under what was pushed to them (Q13–Q15, Q72)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from aiogram import F, Router
from aiogram.filters import BaseFilter, Command, MagicData
from aiogram.types import CallbackQuery, Message

from bot.handlers.doorway import CHANNEL, Visit
from bot.screens import marks as screens
from bot.screens import welcome
from bot.screens.screen import Screen, Toast
from core.actions import delivery, gradebook
from core.errors import NotFoundError
from core.model.people import Actor, Person
from core.rules import access
from core.rules.handles import MARKS, READ, Handle, unpack

SEPTEMBER = 9


class Pressed(BaseFilter):
    """A button of this school for this chat with this action; HandleRefusedError for a forged one."""

    def __init__(self, action: str) -> None:
        self._action = action

    async def __call__(self, query: CallbackQuery, visit: Visit) -> dict[str, Handle] | bool:
        """What the button carries goes to the handler."""
        handle = unpack(query.data or "", chat=visit.chat, key=visit.school.signing_key)
        return {"handle": handle} if handle.action == self._action else False


def router() -> Router:
    """For those whom the bot knows; a discreet channel answers marks with the ways there are (Q85)."""
    family = Router(name="family")
    family.message.filter(MagicData(F.visit.actor))
    family.callback_query.filter(MagicData(F.visit.actor))
    discreet = MagicData(F.visit.school.policy.discreet.contains(CHANNEL))
    family.callback_query.register(acknowledge, Pressed(READ))
    family.message.register(name_the_ways, Command("marks"), discreet)
    family.callback_query.register(name_the_ways, discreet)
    family.message.register(open_marks, Command("marks"))
    family.callback_query.register(open_below, Pressed(MARKS))
    family.callback_query.register(turn_to_choice, Pressed(screens.CHILDREN))
    family.callback_query.register(turn_to_child, Pressed(screens.CHILD))
    family.callback_query.register(turn_to_subject, Pressed(screens.SUBJECT))
    family.message.register(assist)
    return family


async def assist(_message: Message, visit: Visit) -> Screen:
    """Whatever else is said: what the bot can do."""
    return welcome.assistance(visit.t)


async def name_the_ways(_event: object, visit: Visit) -> Screen:
    """Marks are not answered here."""
    return welcome.discreet(visit.t)


async def acknowledge(_query: CallbackQuery, handle: Handle, visit: Visit) -> Toast:
    """«Прочитано»: the strongest evidence that a chat gives."""
    (attempt_id,) = handle.numbers
    await delivery.acknowledge(visit.uow, _reader(visit), attempt_id, closes=visit.school.closes, now=visit.now)
    return Toast(visit.t("marks.acknowledged"), drop_button=True)


async def open_marks(_message: Message, visit: Visit) -> Screen:
    """`/marks`."""
    return await _choice(visit)


async def open_below(_query: CallbackQuery, handle: Handle, visit: Visit) -> Screen:
    """A button under a notice: the notice stays, the marks come below it."""
    return await _overview(visit, *handle.numbers)


async def turn_to_choice(_query: CallbackQuery, visit: Visit) -> Screen:
    """Back to the choice of a child."""
    return replace(await _choice(visit), in_place=True)


async def turn_to_child(_query: CallbackQuery, handle: Handle, visit: Visit) -> Screen:
    """A child was chosen."""
    return replace(await _overview(visit, *handle.numbers), in_place=True)


async def turn_to_subject(_query: CallbackQuery, handle: Handle, visit: Visit) -> Screen:
    """A subject was chosen."""
    child_id, subject_id = handle.numbers
    child = _one(await _children(visit), child_id)
    entries = [(entry, name) for entry, name in await _entries(visit, child) if entry.subject_id == subject_id]
    finals = [final for final, _ in await _finals(visit, child) if final.subject_id == subject_id]
    if not entries:
        raise NotFoundError
    return replace(screens.subject(child, entries, finals, visit.t, visit.seal), in_place=True)


async def _choice(visit: Visit) -> Screen:
    """An only child's marks at once, else the choice."""
    children = await _children(visit)
    if not children:
        return screens.no_children(visit.t)
    if len(children) == 1:
        return await _overview(visit, children[0].id)
    return screens.choice(children, visit.t, visit.seal)


async def _overview(visit: Visit, child_id: int) -> Screen:
    children = await _children(visit)
    child = _one(children, child_id)
    entries = await _entries(visit, child)
    await visit.uow.audit.write(_reader(visit), "marks.opened", at=visit.now, student=child.id)
    await visit.uow.commit()
    return screens.overview(child, entries, visit.t, visit.seal, siblings=len(children) > 1)


async def _children(visit: Visit) -> Sequence[Person]:
    return await gradebook.children(visit.uow, _reader(visit), on=visit.today)


async def _entries(visit: Visit, child: Person) -> screens.Entries:
    """This school year's."""
    since = _first_of_september(visit.today)
    return await gradebook.marks(
        visit.uow, _reader(visit), student_id=child.id, since=since, until=visit.today, on=visit.today
    )


async def _finals(visit: Visit, child: Person) -> screens.Finals:
    year_id = await visit.uow.year.ensure_year(visit.today)
    scope = access.family(_reader(visit), on=visit.today)
    return await visit.uow.journal.finals(child.id, scope, year_id=year_id)


def _one(children: Sequence[Person], child_id: int) -> Person:
    """Access is checked again at the click; NotFoundError."""
    for child in children:
        if child.id == child_id:
            return child
    raise NotFoundError


def _reader(visit: Visit) -> Actor:
    """The router's filter lets nobody else in."""
    if visit.actor is None:
        raise NotFoundError
    return visit.actor


def _first_of_september(today: date) -> date:
    return date(today.year if today.month >= SEPTEMBER else today.year - 1, SEPTEMBER, 1)
