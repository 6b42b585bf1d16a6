"""The sandbox goes wrong on request, in each way a messenger can."""

import asyncio
import smtplib
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest
import telegram
from telegram.ext import ExtBot

from bot.sandbox import FaultKind, Peer, SandboxServer


@pytest.fixture
async def pusher(world: SandboxServer) -> AsyncIterator[ExtBot[None]]:
    async with ExtBot(world.token, base_url=f"{world.bot_api}/bot") as bot:
        yield bot


async def test_a_flood_wait_says_how_long(
    world: SandboxServer, pusher: ExtBot[None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """429 carries retry_after, strikes the next call only, and the message does not arrive."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # the library warns of its coming type otherwise
    world.faults.add(FaultKind.TOO_MANY_REQUESTS, retry_after=7)
    with pytest.raises(telegram.error.RetryAfter) as refused:
        await pusher.send_message(101, "раз")
    assert refused.value.retry_after == timedelta(seconds=7)
    await pusher.send_message(101, "два")
    assert [accepted.text for accepted in world.log] == ["два"]


async def test_a_fault_keeps_to_its_chat_its_method_and_its_number(world: SandboxServer, pusher: ExtBot[None]) -> None:
    """A fault for one chat and one method leaves the others alone and ends after the calls asked for."""
    world.chats.start([102])
    world.faults.add(FaultKind.BLOCKED, chat_id=102, method="sendMessage", times=2)
    await pusher.send_message(101, "другой чат")
    await pusher.send_chat_action(102, "typing")
    for _ in range(2):
        with pytest.raises(telegram.error.Forbidden, match="bot was blocked by the user"):
            await pusher.send_message(102, "раз")
    await pusher.send_message(102, "два")


async def test_a_lost_answer_leaves_the_message_with_the_person(world: SandboxServer, pusher: ExtBot[None]) -> None:
    """The message is accepted and logged as lost, and the sender sees a broken connection."""
    world.faults.add(FaultKind.ANSWER_LOST)
    with pytest.raises(telegram.error.NetworkError):
        await pusher.send_message(101, "дошло?")
    assert [(accepted.text, accepted.lost) for accepted in world.log] == [("дошло?", True)]
    assert world.chats[101].messages[-1].text == "дошло?"


async def test_a_server_error_is_a_network_error_to_the_sender(world: SandboxServer, pusher: ExtBot[None]) -> None:
    """502 is the messenger's fault: nothing arrives, and a later try works."""
    world.faults.add(FaultKind.SERVER_ERROR)
    with pytest.raises(telegram.error.NetworkError, match="Bad Gateway"):
        await pusher.send_message(101, "раз")
    assert len(world.log) == 0


async def test_a_slow_answer_comes_in_the_end(world: SandboxServer, pusher: ExtBot[None]) -> None:
    """A slow messenger answers after its delay, in seconds."""
    world.faults.add(FaultKind.SLOW, delay=0.2)
    before = time.monotonic()
    await pusher.send_message(101, "раз")
    assert time.monotonic() - before >= 0.2


async def test_chance_is_the_same_in_every_run(world: SandboxServer) -> None:
    """A fault with a probability strikes about as often as asked for, and for the same calls each time."""
    world.faults.add(FaultKind.SERVER_ERROR, times=None, probability=0.3)
    strikes = sum(world.faults.strike("sendMessage", 101) is not None for _ in range(1000))
    assert strikes == 310


async def test_faults_and_the_log_are_reached_over_http(world: SandboxServer, pusher: ExtBot[None]) -> None:
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


@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [
        (FaultKind.HTML_BAD_GATEWAY, 502, "<html>"),
        (FaultKind.HTML_FORBIDDEN, 403, "<html>"),
        (FaultKind.HTML_OK, 200, "<html>"),
        (FaultKind.EMPTY, 200, ""),
        (FaultKind.CUT, 200, '{"ok": true'),
        (FaultKind.LIST, 200, "[]"),
        (FaultKind.NOT_OK, 200, '{"ok": false'),
        (FaultKind.WRONG_TYPES, 200, '{"ok": true, "result": true}'),
        (FaultKind.HUGE_NUMBERS, 429, '{"ok": false'),
        (FaultKind.UNAUTHORIZED, 401, '{"ok": false'),
        (FaultKind.CONFLICT, 409, '{"ok": false'),
        (FaultKind.REFUSED_CONTENT, 400, '{"ok": false'),
    ],
)
async def test_an_answer_is_spoilt_as_proxies_spoil_it(
    world: SandboxServer, kind: FaultKind, status: int, body: str
) -> None:
    """The caller meets exactly this, and nothing of the call was played."""
    world.faults.add(kind)
    async with aiohttp.ClientSession(world.bot_api) as session:
        async with session.post(f"/bot{world.token}/sendMessage", json={"chat_id": 101, "text": "раз"}) as answer:
            assert (answer.status, (await answer.text())[: len(body)]) == (status, body)
        assert len(world.log) == 0


async def test_a_message_may_be_accepted_and_its_answer_spoilt(world: SandboxServer) -> None:
    """The person has the message; its sender reads a page."""
    world.faults.add(FaultKind.HTML_BAD_GATEWAY, accepted=True)
    asked = {"chat_id": 101, "text": "раз"}
    async with (
        aiohttp.ClientSession(world.bot_api) as session,
        session.post(f"/bot{world.token}/sendMessage", json=asked) as answer,
    ):
        assert answer.status == 502
    assert [(accepted.text, accepted.lost) for accepted in world.log] == [("раз", True)]


async def test_a_spoilt_poll_spoils_no_message_that_was_sent_meanwhile(
    world: SandboxServer, pusher: ExtBot[None]
) -> None:
    """Else a benchmark would forgive a repeat that nobody had a reason for."""
    world.faults.add(FaultKind.HTML_OK, accepted=True, method="getUpdates")
    async with aiohttp.ClientSession(world.bot_api) as session:
        poll = asyncio.create_task(session.post(f"/bot{world.token}/getUpdates", json={"timeout": 1}))
        await asyncio.sleep(0.3)
        await pusher.send_message(101, "раз")
        assert "<html" in await (await poll).text()
    assert [(accepted.text, accepted.lost) for accepted in world.log] == [("раз", False)]


async def test_silence_lasts_until_the_caller_gives_up(world: SandboxServer) -> None:
    """Nothing is answered, so the caller's own patience ends it."""
    world.faults.add(FaultKind.SILENCE)
    async with aiohttp.ClientSession(world.bot_api, timeout=aiohttp.ClientTimeout(total=0.2)) as session:
        with pytest.raises(TimeoutError):
            await session.post(f"/bot{world.token}/getMe")


async def test_updates_of_the_future_stand_among_those_of_today(world: SandboxServer) -> None:
    """The strange update has its own number and stays until it is confirmed."""
    world.faults.add(FaultKind.FUTURE_UPDATE, method="getUpdates", chat_id=None)
    world.chats[101].send("что задали?")
    async with (
        aiohttp.ClientSession(world.bot_api) as session,
        session.post(f"/bot{world.token}/getUpdates", json={}) as answer,
    ):
        first, strange = (await answer.json())["result"]
    assert first["message"]["text"] == "что задали?"
    assert strange["update_id"] == first["update_id"] + 1
    assert strange["message"]["forward_origin"] == {"type": "time_machine", "date": 0}


async def test_the_mail_server_refuses_at_the_stage_asked_for(world: SandboxServer) -> None:
    """A refusal of the content comes after the text, and no fault of Telegram's strikes the mail."""
    world.faults.add(FaultKind.BLOCKED, times=None)
    world.faults.add(FaultKind.REPLY, peer=Peer.MAIL, method="DATA", reply="554 5.7.1 Spam")
    mail = await asyncio.to_thread(smtplib.SMTP, "127.0.0.1", int(world.smtp_url.rpartition(":")[2]))
    refused = await asyncio.to_thread(_refusal, mail)
    assert refused == (554, b"5.7.1 Spam")
    assert await asyncio.to_thread(_refusal, mail) is None
    await asyncio.to_thread(mail.quit)
    assert len(world.mailbox) == 1


def _refusal(mail: smtplib.SMTP) -> tuple[int, bytes | str] | None:
    try:
        mail.sendmail("school@example.test", ["leskova@example.test"], "Subject: 5\r\n\r\n5")
    except smtplib.SMTPDataError as error:
        return error.smtp_code, error.smtp_error
    return None


async def test_the_sms_gateway_answers_as_asked_for(world: SandboxServer) -> None:
    """A status and words of the gateway's own, once."""
    world.faults.add(FaultKind.REPLY, peer=Peer.SMS, reply="503 Temporal failure")
    async with aiohttp.ClientSession() as session:
        asked = {"username": "school", "password": "secret", "to": "+79000000001", "text": "5"}
        async with session.get(world.sms_url, params=asked) as answer:
            assert (answer.status, await answer.text()) == (503, "Temporal failure")
        async with session.get(world.sms_url, params=asked) as answer:
            assert answer.status == 202
