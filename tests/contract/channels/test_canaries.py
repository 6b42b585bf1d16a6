"""Fifty families go through every channel with logs at DEBUG, and none of them is found in any log or error (Q103)."""

import logging
import traceback
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.sandbox import FaultKind, SandboxPerson, SandboxServer
from core.model.delivery.text import Section, Text
from core.ports import Notifier, RefusedError, UnavailableError, UncertainError
from notifiers.discovery import ChannelConfig, open_discovered_channels
from notifiers.vendor_logs import silence_vendor_logs
from tests.peers.processes import free_ports

NOW = datetime(2026, 11, 12, tzinfo=UTC)
SECRET = b"canary-signing-key"
PASSWORD = "canary-password"
TALKATIVE = ("httpx", "httpcore", "telegram", "telegram.Bot", "telegram.ext.ExtBot", "aiohttp.client", "asyncio")
FAMILIES = [
    SandboxPerson(
        f"Канарейкин{number:02d} Кенар",
        "отец",
        chat_id=880_770_000 + number,
        email=f"canary{number:02d}@example.test",
        phone=f"+799988077{number:02d}",
    )
    for number in range(50)
]


class Tray:
    """A tray that takes everything."""

    async def put(self, *, person_id: int, student_id: int | None, text: Text, key: str) -> str:
        return f"{person_id}-{student_id}-{len(text.title)}-{key}"


@pytest.fixture
async def world() -> AsyncIterator[SandboxServer]:
    """A sandbox with fifty families."""
    silence_vendor_logs("mail.log")  # the stand-in mail server's own log of every word
    chats = [family.chat_id for family in FAMILIES if family.chat_id is not None]
    async with SandboxServer.open(FAMILIES, started=chats) as world:
        yield world


def settings(world: SandboxServer, *, reachable: bool) -> dict[str, ChannelConfig]:
    """All four channels to the sandbox, or to ports where nobody listens."""
    nowhere = f"127.0.0.1:{free_ports(1)[0]}"
    bot_api, smtp, sms = (
        (world.bot_api, world.smtp_url, world.sms_url)
        if reachable
        else (f"http://{nowhere}", f"smtp://school:{PASSWORD}@{nowhere}", f"http://school:{PASSWORD}@{nowhere}/")
    )
    mail = f"{smtp}?from=school@example.test&bounce=school@example.test&starttls=never"
    common = ChannelConfig(secret=SECRET, clock=lambda: NOW, pace=None)
    return {
        "telegram": replace(common, url=bot_api, token=world.token),
        "email": replace(common, url=mail),
        "sms": replace(common, url=sms),
        "paper": replace(common, tray=Tray()),
    }


def letters(family: SandboxPerson, number: int) -> Iterator[tuple[str, str, Text]]:
    """What each channel sends to a family."""
    line = f"{family.name}: Алгебра 4"
    text = Text(f"Итоговые оценки: {family.name}", (Section(None, (line,)),), short=line)
    addresses = {
        "telegram": str(family.chat_id),
        "email": family.email or "",
        "sms": family.phone or "",
        "paper": f"{880_770_000 + number}:{880_770_000 + number}",
    }
    yield from ((channel, address, text) for channel, address in addresses.items())


async def everything(channels: dict[str, Notifier]) -> list[BaseException]:
    """All families over all channels; the errors that came of it."""
    errors: list[BaseException] = []
    for number, family in enumerate(FAMILIES):
        for channel, address, text in letters(family, number):
            try:
                await channels[channel].send(address, text, key=f"attempt{number}")
            except (RefusedError, UnavailableError, UncertainError) as error:
                errors.append(error)
    return errors


def told(error: BaseException) -> str:
    """All that a log could show of an error."""
    chain: list[str] = []
    each: BaseException | None = error
    while each is not None:
        chain.append(f"{each!r} {each}")
        each = each.__cause__ or each.__context__
    return "\n".join([*chain, *traceback.format_exception(error)])


async def test_no_family_is_found_in_a_log_or_an_error(world: SandboxServer, caplog: pytest.LogCaptureFixture) -> None:
    """Names, chats, mail addresses, telephones, the token, the password and the key stay where they belong."""
    caplog.set_level(logging.DEBUG)
    errors: list[BaseException] = []
    for reachable in (True, False):
        channels = await open_discovered_channels(settings(world, reachable=reachable))
        for name in TALKATIVE:
            caplog.set_level(logging.DEBUG, logger=name)
        for kind in (FaultKind.BLOCKED, FaultKind.TOO_MANY_REQUESTS, FaultKind.SERVER_ERROR, FaultKind.ANSWER_LOST):
            world.faults.add(kind, times=5)
        for family in FAMILIES[::3]:
            world.mailbox.refused.add(family.email or "")
        errors += await everything(channels)
        for channel in channels.values():
            await channel.close()
    said = "\n".join([caplog.text, *(str(record.__dict__) for record in caplog.records), *map(told, errors)])
    assert len(errors) > 150
    canaries = ["Канарейкин", "Кенар", "88077", "canary", "Алгебра", world.token, PASSWORD, SECRET.decode()]
    assert [canary for canary in canaries if canary in said] == []
