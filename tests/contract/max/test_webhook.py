"""MAX brings updates: only with its secret, in any order and again and again, each is applied once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.bench.peers.processes import free_port_for_process
from bot.processes import run_bot_process
from bot.sandbox import FaultKind, Peer
from bot.sandbox.max_api.updates import SECRET_HEADER
from bot.settings import SettingsError
from tests.support.conversation.chat import Chat
from tests.support.conversation.max_chat import MaxChat
from tests.support.schools.max_school import MaxSchool, max_school

SECRET = "wolf-and-hare"
STRANGERS = range(8001, 8051)


def hooks(listen: str) -> dict[str, Any]:
    return {"max_webhook_url": f"http://{listen}/max", "max_webhook_secret": SECRET, "webhook_listen": listen}


@pytest.fixture
async def school(sqlite_url: str, tmp_path: Path) -> AsyncIterator[MaxSchool]:
    """A school to whose bot MAX brings the updates."""
    async with max_school(tmp_path, sqlite_url, **hooks(f"127.0.0.1:{free_port_for_process()}")) as school:
        await subscribed(school)
        yield school


async def subscribed(school: MaxSchool) -> None:
    async with asyncio.timeout(10):
        while school.world.max.network.updates.subscription is None:
            await asyncio.sleep(0.01)


async def test_duplicate_and_reordered_deliveries_are_applied_once_each(school: MaxSchool) -> None:
    """A hundred deliveries, some twice, some before others: each person is answered once for each word (Q120)."""
    world = school.world
    world.faults.add(FaultKind.TWICE, peer=Peer.MAX_API, method="webhook", times=None, probability=0.6)
    world.faults.add(FaultKind.REORDERED, peer=Peer.MAX_API, method="webhook", times=None, probability=0.5)
    for person in STRANGERS:
        world.max[person].say("Здравствуйте")
        world.max[person].say("/start")
    async with asyncio.timeout(30):
        while len(world.max.network.log) < 100 or len(world.max.network.updates):
            await asyncio.sleep(0.02)
    await asyncio.sleep(0.3)
    assert [len(MaxChat(world, person).messages) for person in STRANGERS] == [2] * 50


async def test_whoever_does_not_know_the_secret_is_not_heard(school: MaxSchool) -> None:
    """A forged update gets 401 and no word, and nothing is kept, done or answered."""
    url = str(school.app.settings.max_webhook_url)
    update = {"update_type": "bot_started", "timestamp": 1, "chat_id": 1, "user": {"user_id": 7001}}
    async with aiohttp.ClientSession() as session:
        for headers in ({}, {SECRET_HEADER: "wolf"}, {SECRET_HEADER: ""}):
            async with session.post(url, json=update, headers=headers) as forged:
                assert (forged.status, await forged.read()) == (401, b"")
    assert school.mother.messages == []


@pytest.mark.parametrize(
    "raw", [b"null", b"[]", b"{}", b'{"update_type": 5}', b'{"update_type": "telepathy", "timestamp": 1}',
            b'{"update_type": "message_created", "message": null}',
            b'{"update_type": "message_callback", "timestamp": 1, "callback": {"user": {"user_id": "7"}}}',
            b'{"update_type": "bot_started", "timestamp": 1, "user": {"user_id": 99999999999999999999}}']
)  # fmt: skip
async def test_whatever_is_brought_is_no_fault_of_ours(school: MaxSchool, raw: bytes) -> None:
    """200 for what can never be read, so it does not come for ever; the next update is served (Q120)."""
    async with aiohttp.ClientSession(headers={SECRET_HEADER: SECRET}) as session:
        async with session.post(str(school.app.settings.max_webhook_url), data=raw) as answer:
            assert answer.status == 200
        async with session.post(str(school.app.settings.max_webhook_url), data=b"{half") as answer:
            assert answer.status == 400
    school.mother.send("/start")
    assert "/start КОД" in await school.mother.reply()


async def test_two_messengers_share_one_server_and_are_told_apart_by_path(sqlite_url: str, tmp_path: Path) -> None:
    """Each brings its updates to its own path with its own secret; neither's secret opens the other's (Q142)."""
    listen = f"127.0.0.1:{free_port_for_process()}"
    telegram: dict[str, Any] = {"webhook_url": f"http://{listen}/telegram", "webhook_secret": "tg-secret"}
    async with max_school(tmp_path, sqlite_url, with_telegram=True, **hooks(listen), **telegram) as school:
        await subscribed(school)
        async with asyncio.timeout(20):
            while not school.world.bot.webhook.info()["url"]:
                await asyncio.sleep(0.01)
        school.mother.send("/start")
        assert "/start КОД" in await school.mother.reply()
        there = Chat(school.world, 501)
        await there.send("/start")
        assert "/start КОД" in (await there.reply()).text
        async with aiohttp.ClientSession(headers={SECRET_HEADER: SECRET}) as session:
            for path in ("telegram", "elsewhere"):
                async with session.post(f"http://{listen}/{path}", json={}) as answer:
                    assert answer.status == 401


async def test_an_ended_subscription_is_made_again(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After hours of failures MAX unsubscribes the bot; whoever looks every hour is heard again."""
    monkeypatch.setattr("bot.max.webhook.LOOK", 0.2)
    async with max_school(tmp_path, sqlite_url, **hooks(f"127.0.0.1:{free_port_for_process()}")) as school:
        await subscribed(school)
        school.world.faults.add(FaultKind.UNSUBSCRIBED, peer=Peer.MAX_API, method="webhook")
        school.mother.send("/start")
        assert "/start КОД" in await school.mother.reply()


@pytest.mark.parametrize(
    ("kind", "call"),
    [
        (FaultKind.UNAUTHORIZED, "GET /subscriptions"),
        (FaultKind.REFUSED_CONTENT, "POST /subscriptions"),
        (FaultKind.NOT_OK, "POST /subscriptions"),
    ],
)
async def test_a_look_that_is_refused_later_is_waited_for(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: FaultKind, call: str
) -> None:
    """Nobody changed token or webhook since the good start, so the process lives and is heard again (Q142)."""
    monkeypatch.setattr("bot.max.webhook.LOOK", 0.2)
    monkeypatch.setattr("bot.backoff.FIRST", 0.05)
    async with max_school(tmp_path, sqlite_url, **hooks(f"127.0.0.1:{free_port_for_process()}")) as school:
        await subscribed(school)
        faults = school.world.faults
        faults.add(kind, peer=Peer.MAX_API, method=call, times=3)
        faults.add(FaultKind.UNSUBSCRIBED, peer=Peer.MAX_API, method="webhook")
        school.mother.send("/start")
        assert "/start КОД" in await school.mother.reply(20)
        assert not list(faults)


async def test_a_webhook_that_one_messenger_refuses_leaves_the_other(sqlite_url: str, tmp_path: Path) -> None:
    """At the start too; where no messenger takes us the process ends and names the setting (Q142)."""
    chosen = hooks(f"127.0.0.1:{free_port_for_process()}") | {"max_webhook_url": "http://school.example.org/max"}
    async with max_school(tmp_path, sqlite_url, with_telegram=True, **chosen) as school:
        there = Chat(school.world, 501)
        await there.send("/start")
        assert "/start КОД" in (await there.reply()).text
    async with max_school(tmp_path, sqlite_url, is_talking=False, **chosen) as school:
        with pytest.raises(SettingsError) as refused:
            await asyncio.wait_for(run_bot_process(school.app, stopping=asyncio.Event()), 20)
    assert dict(refused.value.faults[0].facts) == {"setting": "VESTNIK_MAX_WEBHOOK_URL"}
    assert refused.value.exit_code == 2
