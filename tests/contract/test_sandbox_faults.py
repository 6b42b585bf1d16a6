"""The sandbox goes wrong on request, in each way a messenger can."""

import time
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest
import telegram
from telegram.ext import ExtBot

from bot.sandbox import FaultKind, Sandbox


@pytest.fixture
async def pusher(world: Sandbox) -> AsyncIterator[ExtBot[None]]:
    async with ExtBot(world.token, base_url=f"{world.bot_api}/bot") as bot:
        yield bot


async def test_a_flood_wait_says_how_long(
    world: Sandbox, pusher: ExtBot[None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """429 carries retry_after, strikes the next call only, and the message does not arrive."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # the library warns of its coming type otherwise
    world.faults.add(FaultKind.TOO_MANY_REQUESTS, retry_after=7)
    with pytest.raises(telegram.error.RetryAfter) as refused:
        await pusher.send_message(101, "раз")
    assert refused.value.retry_after == timedelta(seconds=7)
    await pusher.send_message(101, "два")
    assert [accepted.text for accepted in world.log] == ["два"]


async def test_a_fault_keeps_to_its_chat_its_method_and_its_number(world: Sandbox, pusher: ExtBot[None]) -> None:
    """A fault for one chat and one method leaves the others alone and ends after the calls asked for."""
    world.chats.start([102])
    world.faults.add(FaultKind.BLOCKED, chat_id=102, method="sendMessage", times=2)
    await pusher.send_message(101, "другой чат")
    await pusher.send_chat_action(102, "typing")
    for _ in range(2):
        with pytest.raises(telegram.error.Forbidden, match="bot was blocked by the user"):
            await pusher.send_message(102, "раз")
    await pusher.send_message(102, "два")


async def test_a_lost_answer_leaves_the_message_with_the_person(world: Sandbox, pusher: ExtBot[None]) -> None:
    """The message is accepted and logged as lost, and the sender sees a broken connection."""
    world.faults.add(FaultKind.ANSWER_LOST)
    with pytest.raises(telegram.error.NetworkError):
        await pusher.send_message(101, "дошло?")
    assert [(accepted.text, accepted.lost) for accepted in world.log] == [("дошло?", True)]
    assert world.chats[101].messages[-1].text == "дошло?"


async def test_a_server_error_is_a_network_error_to_the_sender(world: Sandbox, pusher: ExtBot[None]) -> None:
    """502 is the messenger's fault: nothing arrives, and a later try works."""
    world.faults.add(FaultKind.SERVER_ERROR)
    with pytest.raises(telegram.error.NetworkError, match="Bad Gateway"):
        await pusher.send_message(101, "раз")
    assert len(world.log) == 0


async def test_a_slow_answer_comes_in_the_end(world: Sandbox, pusher: ExtBot[None]) -> None:
    """A slow messenger answers after its delay, in seconds."""
    world.faults.add(FaultKind.SLOW, delay=0.2)
    before = time.monotonic()
    await pusher.send_message(101, "раз")
    assert time.monotonic() - before >= 0.2


async def test_chance_is_the_same_in_every_run(world: Sandbox) -> None:
    """A fault with a probability strikes about as often as asked for, and for the same calls each time."""
    world.faults.add(FaultKind.SERVER_ERROR, times=None, probability=0.3)
    strikes = sum(world.faults.strike("sendMessage", 101) is not None for _ in range(1000))
    assert strikes == 310


async def test_faults_and_the_log_are_reached_over_http(world: Sandbox, pusher: ExtBot[None]) -> None:
    """Another process asks for a fault, and reads what was accepted and when."""
    async with aiohttp.ClientSession(world.bot_api) as session:
        async with session.post("/sandbox/faults", json={"kind": "blocked", "chat_id": 101}) as response:
            assert (await response.json())[0]["times"] == 1
        with pytest.raises(telegram.error.Forbidden):
            await pusher.send_message(101, "раз")
        async with session.post("/sandbox/faults", json={"kind": "earthquake"}) as response:
            assert response.status == 400
        await pusher.send_message(101, "два")
        async with session.get("/sandbox/log") as response:
            (accepted,) = await response.json()
    assert (accepted["chat_id"], accepted["method"], accepted["text"]) == (101, "sendMessage", "два")
    assert abs(accepted["at"] - time.monotonic()) < 5
    assert world.log.peak() == 1
