"""The people of the bot-kill benchmark: strangers with codes, families with a message to acknowledge, a teacher."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.app import utc_now
from bot.bench.peers import warm
from bot.bench.peers.processes import kill
from bot.bench.schools.asking import Families
from bot.bench.schools.families import publish, settle_in
from bot.bench.schools.invented import full_name
from core.actions.register import codes as code_actions
from core.model.delivery.states import State
from core.model.people import SYSTEM, Role
from core.model.register.forms import WrittenForm
from core.ports import UnitOfWork, UnitOfWorkFactory
from core.rules.access import Everything
from core.rules.conversation.buttons import button_day_number
from core.rules.people.names import normal_name

SECRET = "the-seal-of-an-invented-school-of-the-benchmarks"  # noqa: S105  # seals the buttons of an invented school
TEACHER = 9_001
STRANGERS = 20_001
"""The first chat that binds itself."""

MARKED = 10
"""Students of the teacher's lesson."""

_SECONDS_TO_PUSH = 60.0
_LOOK = 0.2


@dataclass(frozen=True, slots=True)
class Cast:
    """Who does what: chats with their codes, chats with the attempt to acknowledge, students to be marked."""

    codes: Mapping[int, tuple[int, str]]
    attempts: Mapping[int, int]
    students: tuple[int, ...]
    lesson: tuple[int, int, int]
    """Group, subject and day, as a button carries them."""


async def cast(open_uow: UnitOfWorkFactory, readers: range, environment: Mapping[str, str]) -> Cast:
    students = tuple(await settle_in(open_uow, readers, now=utc_now()))
    async with open_uow() as uow:
        lesson = await _teacher(uow)
        await uow.commit()
    await publish(open_uow, students, marks=len(students), now=utc_now())
    return Cast(await _codes(open_uow, len(readers)), await _pushed(open_uow, environment), students[:MARKED], lesson)


async def _teacher(uow: UnitOfWork) -> tuple[int, int, int]:
    """Of the one class there is; returns the lesson that marks are given in."""
    person = await uow.people.add("Учитель", normal_name("Учитель"))
    (group,) = await uow.year.groups(Everything())
    (subject,) = (await uow.year.ensure_subjects({"алгебра": "Алгебра"})).values()
    await uow.people.add_staff_role(person, Role.TEACHER, group_id=group.id)
    known = await uow.register.add_contact(
        person_id=person, channel="telegram", address=str(TEACHER), rank=1, origin="form", proven_at=utc_now()
    )
    await uow.register.confirm(known, WrittenForm("К-1", None, "Секретарь"), at=utc_now())
    return group.id, subject, button_day_number(utc_now().date() - timedelta(days=1))


async def _codes(open_uow: UnitOfWorkFactory, number: int) -> dict[int, tuple[int, str]]:
    """A person and the code that binds their chat, chat by chat."""
    codes = {}
    for chat in range(STRANGERS, STRANGERS + number):
        async with open_uow() as uow:
            name = full_name(chat)
            person = await uow.people.add(name, normal_name(name))
            code = await code_actions.issue_code(
                uow, SYSTEM, person_id=person, channel="telegram", now=utc_now(), term=timedelta(days=1),
                key=SECRET.encode(),
            )  # fmt: skip
        codes[chat] = (person, code)
    return codes


async def _pushed(open_uow: UnitOfWorkFactory, environment: Mapping[str, str]) -> dict[int, int]:
    """The message that each family has been sent, as the attempt that its button names."""
    worker = await warm.start("worker", environment)
    try:
        async with asyncio.timeout(_SECONDS_TO_PUSH):
            while not (pushed := await _closed(open_uow)):  # noqa: ASYNC110  # another process
                await asyncio.sleep(_LOOK)
    finally:
        await kill(worker)
    return pushed


async def _closed(open_uow: UnitOfWorkFactory) -> dict[int, int]:
    async with open_uow(reading=True) as uow:
        if await uow.outbox.unplanned(1) or await uow.outbox.obligations(states={State.OPEN}):
            return {}
        rows = await uow.outbox.obligations()
        return dict([await _sent(uow, row.obligation.person_id, row.deliveries[-1].attempt_id) for row in rows])


async def _sent(uow: UnitOfWork, person_id: int, attempt_id: int | None) -> tuple[int, int]:
    (known,) = await uow.register.contacts(person_id)
    return int(known.address or 0), attempt_id or 0


async def first_words(families: Families, environment: Mapping[str, str]) -> None:
    """The teacher gets a message to press under; the families have theirs."""
    await families.look()
    bot = await warm.start("bot", environment)
    try:
        await families.begin("/help", [TEACHER], rate=1)
    finally:
        await kill(bot)
