"""Contract tests for channels (Q86): inherit the classes that apply and provide a fixture `peer`.

```python
class TestPigeonPost(ChannelKitContract, ChannelKitRefusal, ChannelKitRemote):
    @pytest.fixture
    async def peer(self) -> AsyncIterator[Peer]:
        async with loft() as pigeons:
            yield PigeonPeer(channel, address, pigeons)
```

It needs pytest-asyncio in auto mode. Every test also reads the log at DEBUG level: it must hold no
address, no word of a text and no secret (Q103).
"""

# ruff: noqa: S101  pytest's asserts: only tests import this module

import asyncio
import logging
import traceback
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import ClassVar, TypeVar

import pytest

from core.errors import InvalidAddressError
from core.model.delivery.states import Status
from core.model.delivery.text import Section, Text
from core.ports import Notifier, RefusedError, UnavailableError, UncertainError
from notifiers import discovery

Failure = TypeVar("Failure", RefusedError, UnavailableError, UncertainError)

LATE = 15.0
"""Seconds within which an accepted text must arrive."""

CANARY = "Канарейкина"
"""A surname in every text of the kit. Where it appears in a log or an error, a text has leaked."""


class ChannelKitPeer(ABC):
    """The other end of a channel: who is written to, and what they can read."""

    channel: Notifier
    address: str
    """An address that can be reached."""
    rubbish: Sequence[str] = ()
    """Strings that are no address of this channel."""
    secrets: Sequence[str] = ()
    """Tokens and passwords the channel was opened with."""

    @abstractmethod
    async def read(self) -> str:
        """All that has arrived at the address up to now, as its reader sees it."""

    def shown(self, text: Text) -> list[str]:
        """The words the reader must see of a text; channels of a line or two show `short`."""
        return [text.title, *(line for section in text.sections for line in section.lines)]


class RefusingPeer(ChannelKitPeer):
    """A peer that says at once when an address cannot be reached."""

    refused: str
    """A well-formed address that the peer refuses permanently."""


class ChannelKitRemotePeer(ChannelKitPeer):
    """A peer that can be down, or whose answers can be lost."""

    @abstractmethod
    def down(self) -> AbstractAsyncContextManager[None]:
        """While the block runs, the peer refuses everything or cannot be connected to."""

    @abstractmethod
    def losing_answers(self) -> AbstractAsyncContextManager[None]:
        """While the block runs, the peer accepts each message, but its answer never arrives."""


def channel_kit_text(*lines: str) -> Text:
    """A text with these lines, whose short form is the first."""
    return Text(f"{CANARY} Аня: оценки", (Section("Оценки", lines),), short=f"{CANARY} А. {lines[0]}")


class ChannelKitContract:
    """Tests that every channel must pass."""

    long_text_lines: ClassVar[int] = 300
    """Enough for the channel to need several parts, where it has parts."""

    @pytest.fixture(autouse=True)
    def _discretion(self, peer: ChannelKitPeer, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
        caplog.set_level(logging.DEBUG)
        yield
        for record in caplog.get_records("call"):
            said = f"{record.getMessage()}\n{record.__dict__}\n{_traceback(record)}"
            assert _leaks(said, peer) == [], f"{record.name} logs what is personal or secret"

    async def test_a_text_arrives_as_it_was_written(self, peer: ChannelKitPeer) -> None:
        """Characters with a meaning in a markup or a protocol arrive unchanged."""
        text = channel_kit_text("Алгебра: 5 <b>&amp; «Корни» → 4</b> ё № 7", ".с точки", "Физика: -- 4%20+3\\n")
        receipt = await peer.channel.send(peer.address, text, key="key-of-signs")
        assert receipt.status in {Status.ACCEPTED, Status.DELIVERED}
        await _arrived(peer, text)

    async def test_a_long_text_is_split_and_nothing_is_lost(self, peer: ChannelKitPeer) -> None:
        """Whatever the length, every line arrives (Q91)."""
        lines = [f"Предмет {number}: {'4 → 5, ' * (number % 7)}контрольная" for number in range(self.long_text_lines)]
        short = "; ".join(lines)[: peer.channel.limits.text - 1] + "."
        text = Text(f"{CANARY} Аня: оценки", (Section("Оценки", tuple(lines)),), short=short)
        await peer.channel.send(peer.address, text, key="key-of-length")
        await _arrived(peer, text)

    async def test_many_texts_at_once_all_arrive(self, peer: ChannelKitPeer) -> None:
        """The channel limits its concurrent sends itself, however many are started together."""
        texts = [channel_kit_text(f"Урок {number}: 5") for number in range(peer.channel.limits.concurrency + 2)]
        sends = (peer.channel.send(peer.address, text, key=f"key-{n}") for n, text in enumerate(texts))
        await asyncio.gather(*sends)
        for text in texts:
            await _arrived(peer, text)

    async def test_an_address_has_one_form(self, peer: ChannelKitPeer) -> None:
        """Normalising twice changes nothing more, so a contact is found by its address."""
        assert peer.channel.normalise(peer.address) == peer.address
        assert peer.channel.normalise(f" {peer.address}\n") == peer.address
        assert discovery.normalise_discovered_address(peer.channel.channel, f" {peer.address}\n") == peer.address

    async def test_rubbish_is_no_address(self, peer: ChannelKitPeer) -> None:
        """A string that is no address is refused, and the error does not quote it."""
        for rubbish in ("", " ", "\x00", "никто", *peer.rubbish):
            with pytest.raises(InvalidAddressError) as refusal:
                peer.channel.normalise(rubbish)
            with pytest.raises(InvalidAddressError):
                discovery.normalise_discovered_address(peer.channel.channel, rubbish)
            assert not rubbish.strip() or rubbish not in str(refusal.value)

    async def test_what_is_no_address_gets_nothing(self, peer: ChannelKitPeer) -> None:
        """A wrong address that came into the register some other way is refused at sending (Q80)."""
        for rubbish in ("", "никто", *peer.rubbish):
            await _failure(
                peer.channel.send(rubbish, channel_kit_text("Алгебра: 5"), key="key-nobody"), RefusedError, peer
            )

    async def test_a_cancelled_send_leaves_the_channel_usable(self, peer: ChannelKitPeer) -> None:
        """A send that is cancelled at any moment harms neither the next one nor the connection."""
        for turns in (0, 1, 2, 5, 20, 80):
            send = asyncio.ensure_future(
                peer.channel.send(peer.address, channel_kit_text("Химия: 3"), key=f"cut-{turns}")
            )
            for _ in range(turns):
                await asyncio.sleep(0)
            send.cancel()
            await asyncio.gather(send, return_exceptions=True)
        text = channel_kit_text("После отмены: 4")
        await peer.channel.send(peer.address, text, key="key-after-cancelling")
        await _arrived(peer, text)

    async def test_a_channel_is_closed_once_or_twice(self, peer: ChannelKitPeer) -> None:
        """Closing a second time does nothing, whether the channel was used or not."""
        await peer.channel.close()
        await peer.channel.close()


class ChannelKitRefusal:
    """For channels whose peer says at once that an address can never be reached."""

    async def test_a_refused_contact_is_told_apart(self, peer: RefusingPeer) -> None:
        """RefusedError means never again on this contact; others are still reached (Q84, Q92)."""
        send = peer.channel.send(peer.refused, channel_kit_text("Алгебра: 5"), key="key-refused")
        refusal = await _failure(send, RefusedError, peer)
        assert refusal.reason
        text = channel_kit_text("Алгебра: 4")
        await peer.channel.send(peer.address, text, key="key-after-refusal")
        await _arrived(peer, text)


class ChannelKitRemote:
    """For channels whose peer is another machine."""

    async def test_a_peer_that_is_down_means_later(self, peer: ChannelKitRemotePeer) -> None:
        """The peer accepted nothing, so the message may be sent again, and arrives (Q92)."""
        text = channel_kit_text("Алгебра: 5")
        async with peer.down():
            await _failure(peer.channel.send(peer.address, text, key="key-down"), UnavailableError, peer)
        assert text.sections[0].lines[0] not in await peer.read()
        await peer.channel.send(peer.address, text, key="key-down")
        await _arrived(peer, text)

    async def test_a_lost_answer_means_perhaps(self, peer: ChannelKitRemotePeer) -> None:
        """The message may have arrived, so the error is UncertainError (Q88)."""
        async with peer.losing_answers():
            await _failure(
                peer.channel.send(peer.address, channel_kit_text("Алгебра: 5"), key="key-lost"), UncertainError, peer
            )
        text = channel_kit_text("Алгебра: 4")
        await peer.channel.send(peer.address, text, key="key-after-loss")
        await _arrived(peer, text)


class ChannelKitRepeats:
    """For channels that keep one message a key."""

    async def test_the_same_key_arrives_once(self, peer: ChannelKitPeer) -> None:
        """A second send with the same key adds nothing and returns the same reference."""
        text = channel_kit_text("Алгебра: 5")
        first, second = [await peer.channel.send(peer.address, text, key="key-twice") for _ in range(2)]
        assert first == second
        assert (await peer.read()).count(peer.shown(text)[-1]) == 1


async def _arrived(peer: ChannelKitPeer, text: Text) -> None:
    wanted, seen = peer.shown(text), ""
    try:
        async with asyncio.timeout(LATE):
            while not all(words in seen for words in wanted):
                await asyncio.sleep(0.02)
                seen = " ".join((await peer.read()).split())
    except TimeoutError:
        missing = [words for words in wanted if words not in seen]
        pytest.fail(f"{len(missing)} of {len(wanted)} lines did not arrive, the first: {missing[0]!r}")


async def _failure(send: Awaitable[object], kind: type[Failure], peer: ChannelKitPeer) -> Failure:
    """The error of a send that must fail with `kind`. No error in its chain may leak personal data (Q103)."""
    with pytest.raises(kind) as caught:
        await send
    error: BaseException | None = caught.value
    while error is not None:
        assert _leaks(f"{error!r} {error}", peer) == [], f"{type(error).__name__} tells what is personal or secret"
        error = error.__cause__ or error.__context__
    return caught.value


def _leaks(said: str, peer: ChannelKitPeer) -> list[str]:
    return [secret for secret in (CANARY, peer.address, *peer.secrets) if secret in said]


def _traceback(record: logging.LogRecord) -> str:
    return "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else ""
