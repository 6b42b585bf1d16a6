"""A family with MAX and Telegram gives up one of them, in whatever way: that one only (Q140, Q142)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from core.actions.register import contacts
from core.model.delivery.states import Status
from core.model.people import SYSTEM, Actor, Role
from core.model.register.consents import Decision
from core.model.register.contacts import Contact
from core.rules.delivery.timing import Policy
from tests.support.conversation.chat import Chat
from tests.support.conversation.max_chat import MaxChat
from tests.support.schools.builders import FINAL, MARK, NOW, Builder
from tests.support.schools.max_school import MaxSchool, max_school

SECRETARY = Actor(SYSTEM.person_id, frozenset({Role.SECRETARY}))


@dataclass(frozen=True, slots=True)
class Family:
    """The mother, whose news come to MAX first and to Telegram next."""

    school: MaxSchool
    mother: int
    in_max: MaxChat
    in_telegram: Chat

    async def contact(self, channel: str) -> Contact:
        async with self.school.app.open_uow(reading=True) as uow:
            (contact,) = [each for each in await uow.register.contacts(self.mother) if each.channel == channel]
        return contact

    async def until(self, channel: str, is_so: Callable[[Contact], bool]) -> None:
        async with asyncio.timeout(10):
            while not is_so(await self.contact(channel)):
                await asyncio.sleep(0.01)

    def read(self) -> Mapping[str, int]:
        """How many messages stand in each chat."""
        return {"max": len(self.in_max.messages), "telegram": len(self.in_telegram.messages)}


@pytest.fixture
async def family(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Family]:
    async with max_school(tmp_path, sqlite_url, with_telegram=True) as school:
        async with school.app.open_uow() as uow:
            (mother,) = await uow.people.named({"соколова вера ивановна"})
            await Builder(uow).contact(mother.id, "telegram", "501", rank=2)
            await uow.commit()
        school.mother.start(school.invitation.token)
        await school.mother.reply()
        there = Chat(school.world, 501)
        await there.send("/start")
        await there.reply()
        yield Family(school, mother.id, school.mother, there)


def is_revoked(contact: Contact) -> bool:
    return contact.revoked_at is not None


async def stop_max(family: Family) -> None:
    family.in_max.dialog.stop()
    await family.until("max", lambda contact: contact.set_aside_at is not None)


async def mute_max(family: Family) -> None:
    family.in_max.dialog.mute(int((NOW + timedelta(hours=8)).timestamp() * 1000))
    await family.until("max", lambda contact: contact.muted_until is not None)


async def unbind_max_in_its_chat(family: Family) -> None:
    family.in_max.send("/contacts")
    await family.in_max.reply()
    for label in ("Отвязать: этот чат", "Да, отвязать"):
        family.in_max.press(label)
        await family.in_max.reply()
    await family.until("max", is_revoked)


async def take_max_back_at_the_school(family: Family) -> None:
    number = (await family.contact("max")).id
    async with family.school.app.open_uow() as uow:
        await contacts.revoke_contact(uow, SECRETARY, contact_id=number, now=NOW, policy=Policy())


async def block_telegram(family: Family) -> None:
    family.school.world.chats[501].block()
    await family.until("telegram", lambda contact: contact.set_aside_at is not None)


async def unbind_telegram_in_max(family: Family) -> None:
    family.in_max.send("/contacts")
    await family.in_max.reply()
    for label in ("Отвязать: Telegram, …501", "Да, отвязать"):
        family.in_max.press(label)
        await family.in_max.reply()
    await family.until("telegram", is_revoked)


@pytest.mark.parametrize(
    ("give_up", "lost", "kept"),
    [
        (stop_max, "max", "telegram"),
        (mute_max, "max", "telegram"),
        (unbind_max_in_its_chat, "max", "telegram"),
        (take_max_back_at_the_school, "max", "telegram"),
        (block_telegram, "telegram", "max"),
        (unbind_telegram_in_max, "telegram", "max"),
    ],
)
async def test_who_gives_up_one_messenger_keeps_the_other(
    family: Family, give_up: Callable[[Family], Awaitable[None]], lost: str, kept: str
) -> None:
    """Results come to the one that is left, questions are answered there, and its contact is as it was."""
    before = await family.contact(kept)
    await give_up(family)
    assert await family.contact(kept) == before
    written = family.read()
    await family.school.tells(FINAL)
    assert {channel: count - written[channel] for channel, count in family.read().items()} == {lost: 0, kept: 1}
    if kept == "max":
        family.in_max.send("/marks")
        assert "Соколова" in await family.in_max.reply()
    else:
        await family.in_telegram.send("/marks")
        assert "Соколова" in (await family.in_telegram.reply()).text


async def test_a_muted_messenger_goes_on_with_all_but_results(family: Family) -> None:
    """What may be read later stays where the family wished for it (R6)."""
    await mute_max(family)
    written = family.read()
    await family.school.tells(MARK, "entry:1")
    assert {channel: count - written[channel] for channel, count in family.read().items()} == {"max": 1, "telegram": 0}


async def test_a_withdrawn_consent_stops_both(family: Family) -> None:
    """Nothing goes to either any more, and neither answers; results go on paper (Q2, R7)."""
    async with family.school.app.open_uow() as uow:
        await Builder(uow).decides(family.mother, family.school.student, Decision.WITHDRAWAL)
        await uow.commit()
    written = family.read()
    await family.school.tells(FINAL)
    await family.school.tells(MARK, "entry:1")
    assert family.read() == written
    async with family.school.app.open_uow(reading=True) as uow:
        sent = [each for row in await uow.outbox.obligations() for each in row.deliveries]
    assert {each.channel for each in sent if each.status is not Status.WITHDRAWN} <= {"paper"}
    family.in_max.send("/marks")
    assert "Соколова" not in await family.in_max.reply()
    await family.in_telegram.send("/marks")
    assert "Соколова" not in (await family.in_telegram.reply()).text
