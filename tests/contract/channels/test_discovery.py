"""Channels are found by their entry points, the school's own and those of third parties (Q86)."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import InvalidAddressError
from core.model.delivery.text import Text
from notifiers.discovery import (
    ChannelConfig,
    UnknownChannelError,
    discovered_channel_names,
    normalise_discovered_address,
    open_discovered_channels,
)
from tests.support.delivery.third_party import installed_pigeon

PIGEON = """
from core.model.delivery.deliveries import Receipt, Status
from core.ports import Limits

def normalise(address): return address.casefold()

class Pigeon:
    channel = "pigeon"
    limits = Limits(text=40, concurrency=1, pace=None, attachments=False)
    closed = 0
    def normalise(self, address): return normalise(address)
    async def send(self, address, text, *, key): return Receipt(Status.ACCEPTED, reference=key)
    async def close(self): Pigeon.closed += 1

async def open_channel(config): return Pigeon() if config.url else None
"""


@pytest.fixture
def third_party(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installed package of somebody else that brings a channel."""
    with installed_pigeon(PIGEON, tmp_path, monkeypatch):
        yield


@pytest.mark.usefixtures("third_party")
async def test_a_channel_of_somebody_else_is_opened_like_our_own() -> None:
    """One module and one entry point are all that a new channel needs (Q86)."""
    assert "pigeon" in discovered_channel_names()
    channels = await open_discovered_channels({"pigeon": ChannelConfig(url="loft:1")})
    assert (await channels["pigeon"].send("roof", Text("Оценки", (), short="x"), key="k")).reference == "k"


@pytest.mark.usefixtures("third_party")
async def test_a_channel_without_its_settings_is_left_out() -> None:
    """What is not configured is not opened, and nothing fails."""
    assert await open_discovered_channels({"pigeon": ChannelConfig()}) == {}


@pytest.mark.usefixtures("third_party")
async def test_a_channel_that_nobody_brings_is_told_and_the_others_are_closed() -> None:
    """A misspelt setting stops the start with a sentence, and no connection is left behind."""
    with pytest.raises(UnknownChannelError, match='channel "owl"'):
        await open_discovered_channels({"pigeon": ChannelConfig(url="loft:1"), "owl": ChannelConfig(url="tree:1")})
    assert sys.modules["pigeon"].Pigeon.closed == 1


@pytest.mark.usefixtures("third_party")
def test_a_channel_of_somebody_else_judges_addresses_without_its_settings() -> None:
    """A table with a column of its addresses can be read on a machine where nothing is configured."""
    assert normalise_discovered_address("pigeon", "Roof") == "roof"


@pytest.mark.parametrize(
    ("channel", "written", "kept"),
    [
        ("telegram", " 501\n", "501"),
        ("telegram", "4503599627370495", "4503599627370495"),
        ("email", "Vera@Mail.RU", "Vera@mail.ru"),
        ("email", "vera@школа.рф", "vera@xn--80atdl2c.xn--p1ai"),
        ("email", "vera@mail.школа.рф", "vera@mail.xn--80atdl2c.xn--p1ai"),
        ("email", "vera@müller.de", "vera@xn--mller-kva.de"),
        ("sms", "8 (916) 123-45-67", "+79161234567"),
        ("sms", "+375 29 123-45-67", "+375291234567"),
        ("paper", "1:2", "1:2"),
        ("paper", "1:-", "1:-"),
    ],
)
def test_an_address_is_kept_in_the_one_form_of_its_channel(channel: str, written: str, kept: str) -> None:
    """Whichever way an address comes in, it is found again, and its channel can send to what is kept."""
    assert normalise_discovered_address(channel, written) == kept
    assert normalise_discovered_address(channel, kept) == kept


@pytest.mark.parametrize(
    ("channel", "written"),
    [
        ("telegram", "-1001234567890"),  # a group
        ("telegram", "@vera"),
        ("telegram", "0501"),
        ("telegram", "9007199254740993"),  # more than a chat's 52 bits
        ("telegram", "٥٠١"),
        ("telegram", "５０１"),
        ("telegram", "501.0"),
        ("email", "vеra@mail.ru"),  # a Cyrillic «е»
        ("email", "vera@mаil.ru"),  # a Cyrillic «а»
        ("email", "vera@сор.ru"),  # Cyrillic throughout, and looks like cop.ru
        ("email", "vera@ｍail.ru"),
        ("email", "vera@mail.ru, petr@mail.ru"),
        ("email", "vera@mail.ru\r\nBcc: petr@mail.ru"),
        ("sms", "+7 495 123-45-67"),  # a landline
        ("sms", "8 800 555-35-35"),
        ("sms", "+٧٩١٦١٢٣٤٥٦٧"),
        ("sms", "+7 916 123-45-67 доб. 5"),
        ("sms", "89161234567, 89161234568"),
        ("paper", "1:2:3"),
        ("owl", "roof"),
    ],
)
def test_what_a_channel_cannot_reach_for_sure_is_no_address_of_it(channel: str, written: str) -> None:
    """A group, a look-alike, a landline, a channel that nobody brings: a person is asked instead of a stranger told."""
    with pytest.raises(InvalidAddressError):
        normalise_discovered_address(channel, written)


def test_the_schools_four_channels_are_installed() -> None:
    """Telegram, e-mail, SMS and paper come with the school's own package."""
    assert {"telegram", "email", "sms", "paper"} <= discovered_channel_names()


def test_only_the_channels_in_use_are_imported() -> None:
    """A school without Telegram does not wait for its library."""
    program = """
import asyncio, sys
from notifiers.discovery import ChannelConfig, open_discovered_channels
assert asyncio.run(open_discovered_channels({"paper": ChannelConfig(), "sms": ChannelConfig()})) == {}
print(*sorted({"telegram", "aiosmtplib", "httpx"} & sys.modules.keys()))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_a_configuration_does_not_show_its_secrets() -> None:
    """Whoever prints a configuration sees neither token nor password nor signing key."""
    config = ChannelConfig(url="smtp://u:hunter2@host", token="hunter2", secret=b"hunter2")
    assert "hunter2" not in repr(config)
