"""The people of `bench botkill`: strangers with codes, families with a message to acknowledge, a teacher."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.bench.peers import warm
from bot.bench.peers.processes import kill_process_group
from bot.bench.schools.asking import AskingFamilies
from bot.bench.schools.families import add_bench_families, publish_bench_family_results
from bot.bench.schools.invented import invented_full_name
from bot.clocks import utc_clock
from core.actions.register import codes as code_actions
from core.model.delivery.obligations import ObligationRow
from core.model.delivery.states import State
from core.model.people import SYSTEM, Role
from core.model.register.forms import WrittenForm
from core.ports import UnitOfWork, UnitOfWorkFactory
from core.rules.access import Everything
from core.rules.conversation.buttons import button_day_number
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_name

SECRET = "the-seal-of-an-invented-school-of-the-benchmarks"  # noqa: S105  # seals the buttons of an invented school
TEACHER = 9_001
STRANGERS = 20_001
"""The first of the chats that are bound by a code."""

MARKED_STUDENTS = 10
"""Students of the teacher's lesson who get marks."""

_PUSH_SECONDS = 60.0
_POLL_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Cast:
    """`codes`: person and code by chat; `attempts`: attempt to acknowledge by chat; `students`: who gets marks."""

    codes: Mapping[int, tuple[int, str]]
    attempts: Mapping[int, int]
    students: tuple[int, ...]
    lesson: tuple[int, int, int]
    """Group, subject and day, as a button carries them."""


async def prepare_bench_cast(
    open_uow: UnitOfWorkFactory, readers: range, environment: Mapping[str, str], *, channel: str
) -> Cast:
    """Adds the people and sends each family of `readers` its message."""
    students = tuple(await add_bench_families(open_uow, readers, now=utc_clock(), channel=channel))
    async with open_uow() as uow:
        lesson = await _add_teacher(uow, channel)
        await uow.commit()
    await publish_bench_family_results(open_uow, students, results=len(students), now=utc_clock())
    return Cast(
        await _issue_codes(open_uow, len(readers), channel),
        await _send_messages(open_uow, environment),
        students[:MARKED_STUDENTS],
        lesson,
    )


async def _add_teacher(uow: UnitOfWork, channel: str) -> tuple[int, int, int]:
    """Adds the teacher of the only class; returns the lesson in which marks are given."""
    person = await uow.people.add("Учитель", normal_name("Учитель"))
    (group,) = await uow.year.groups(Everything())
    (subject,) = (await uow.year.ensure_subjects({"алгебра": "Алгебра"})).values()
    await uow.people.add_staff_role(person, Role.TEACHER, group_id=group.id)
    known = await uow.register.add_contact(
        person_id=person, channel=channel, address=str(TEACHER), rank=1, origin="form", proven_at=utc_clock()
    )
    await uow.register.confirm(known, WrittenForm("К-1", None, "Секретарь"), at=utc_clock())
    return group.id, subject, button_day_number(timing.local_date_of_time(utc_clock(), Policy()) - timedelta(days=1))


async def _issue_codes(open_uow: UnitOfWorkFactory, number: int, channel: str) -> dict[int, tuple[int, str]]:
    """Person and code by chat."""
    codes = {}
    for chat in range(STRANGERS, STRANGERS + number):
        async with open_uow() as uow:
            name = invented_full_name(chat)
            person = await uow.people.add(name, normal_name(name))
            invitation = await code_actions.issue_code(
                uow, SYSTEM, person_id=person, channel=channel, now=utc_clock(), term=timedelta(days=1),
                key=SECRET.encode(),
            )  # fmt: skip
        codes[chat] = (person, invitation.code)
    return codes


async def _send_messages(open_uow: UnitOfWorkFactory, environment: Mapping[str, str]) -> dict[int, int]:
    """Runs a worker until every family has its message; returns the attempt by chat, as its button names it."""
    worker = await warm.start_warm_process("worker", environment)
    try:
        async with asyncio.timeout(_PUSH_SECONDS):
            while not (attempts := await _attempts_by_chat(open_uow)):  # noqa: ASYNC110  # another process
                await asyncio.sleep(_POLL_SECONDS)
    finally:
        await kill_process_group(worker)
    return attempts


async def _attempts_by_chat(open_uow: UnitOfWorkFactory) -> dict[int, int]:
    """Empty while anything is left to send."""
    async with open_uow(reading=True) as uow:
        if await uow.outbox.unplanned(1) or await uow.outbox.obligations(states={State.OPEN}):
            return {}
        rows = await uow.outbox.obligations()
        return dict([await _chat_and_attempt(uow, row) for row in rows])


async def _chat_and_attempt(uow: UnitOfWork, row: ObligationRow) -> tuple[int, int]:
    (contact,) = await uow.register.contacts(row.obligation.person_id)
    return int(contact.address or 0), row.deliveries[-1].attempt_id or 0


async def ask_cast_for_help(families: AskingFamilies, environment: Mapping[str, str]) -> None:
    """The teacher asks for help and so gets a message with buttons; the families have theirs already."""
    await families.remember_messages()
    bot = await warm.start_warm_process("bot", environment)
    try:
        await families.begin("/help", [TEACHER], rate=1)
    finally:
        await kill_process_group(bot)
