"""A message in a chat that is in use writes nothing of the chat; one in a blocked chat opens it again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.handlers.doors import DoorCaller, DoorSchool
from bot.handlers.register.blocking import reopening_blocked_chat_door
from bot.locales import LocaleCatalogues
from core.actions.register.contacts import set_blocked_contact_aside
from core.model.conversation import Dialog
from core.ports import UnitOfWork, UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from notifiers.directory import InstalledChannelDirectory
from tests.support.schools.builders import NOW, Builder

CHAT = "7001"


async def test_a_message_waits_for_no_writer_where_nothing_changes(open_sqlite: UnitOfWorkFactory) -> None:
    """MAX says nothing of the end of a block, so each message is a look; only a blocked chat is written to (Q84)."""
    async with open_sqlite() as uow:
        build = Builder(uow)
        await build.contact(await build.guardian("Соколова Вера", await build.student("Соколова Анна")), "max", CHAT)
        await uow.commit()
    opened: list[bool] = []

    @asynccontextmanager
    async def counted(*, reading: bool = False) -> AsyncIterator[UnitOfWork]:
        opened.append(reading)
        async with open_sqlite(reading=reading) as uow:
            yield uow

    school = DoorSchool(
        counted, LocaleCatalogues.load(), lambda: NOW, Policy(), {}, b"key", "ru", channels=InstalledChannelDirectory()
    )
    caller = DoorCaller(
        school=school, channel="max", chat=CHAT, speakers=(), now=NOW, t=school.translator(()),
        dialog=Dialog("max", CHAT),
    )  # fmt: skip
    await reopening_blocked_chat_door(caller)
    assert opened == [True]
    async with open_sqlite() as uow:
        await set_blocked_contact_aside(uow, "max", CHAT, now=NOW, policy=Policy())
    await reopening_blocked_chat_door(caller)
    assert opened == [True, True, False]
    async with open_sqlite(reading=True) as uow:
        (contact,) = await uow.register.contacts_at("max", CHAT)
    assert contact.set_aside_at is None
