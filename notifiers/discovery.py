"""Channels are found by the entry point group "vestnik.notifiers", the school's own and third parties' alike (Q86)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from core.errors import InvalidAddressError
from core.model.delivery.states import Reason
from core.ports import Notifier, PrintTray, RefusedError

GROUP = "vestnik.notifiers"


@dataclass(frozen=True, slots=True)
class ChannelConfig:
    """What any channel may be opened with; each takes what it needs.

    `url` is `VESTNIK_<CHANNEL>_URL`; `pace` messages a second, None: as many as it takes; `secret` signs what comes
    back from outside; `receipts_url` is where the peer may report to.
    """

    url: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    pace: float | None = 25.0
    protect_content: bool = False
    secret: bytes = field(default=b"", repr=False)
    clock: Callable[[], datetime] | None = None
    receipts_url: str | None = None
    tray: PrintTray | None = None


Normalise = Callable[[str], str]

OpenChannel = Callable[[ChannelConfig], Awaitable[Notifier | None]]
"""An entry point: a ready channel, None where the configuration lacks what it needs, ValueError where it is wrong."""


class UnknownChannelError(ValueError):
    """Settings name a channel that no installed package brings."""

    def __init__(self, name: str) -> None:
        super().__init__(f'No installed package brings a channel "{name}": see the entry points of {GROUP}.')
        self.name = name


class WrongChannelError(ValueError):
    """Settings of these channels cannot be used; their own words are not passed on, since they may quote a URL."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(f"The settings of these channels cannot be used: {', '.join(names)}.")
        self.names = tuple(names)


def known_channels() -> frozenset[str]:
    """The names of all installed channels, configured or not."""
    return frozenset(entry_points(group=GROUP).names)


async def open_channels(configs: Mapping[str, ChannelConfig]) -> dict[str, Notifier]:
    """The channels named in the settings; only their modules, and the libraries behind them, are imported.

    UnknownChannelError, or WrongChannelError for all that cannot be opened; those opened before are closed again.
    """
    channels: dict[str, Notifier] = {}
    wrong: list[str] = []
    async with AsyncExitStack() as opened:
        for name, config in configs.items():
            open_channel = _opener(name)
            try:
                channel = await open_channel(config)
            except ValueError:
                wrong.append(name)
                continue
            if channel is not None:
                channels[name] = channel
                opened.push_async_callback(channel.close)
        if wrong:
            raise WrongChannelError(wrong)
        opened.pop_all()
    return channels


def normalise(channel: str, address: str) -> str:
    """The address in the one form that the channel keeps and sends to; needs no settings and opens nothing.

    Every way in asks here: tables, the command line, the bot. InvalidAddressError for what the channel cannot reach,
    and for a channel that nobody brings or that cannot judge addresses.
    """
    return _normaliser(channel)(address)


def reachable(normalise_: Normalise, address: str) -> str:
    """The address as a channel sends to it, asked once more before each send.

    RefusedError where a wrong one came into the register some other way, so that no name and no mark goes there.
    """
    try:
        return normalise_(address)
    except InvalidAddressError:
        raise RefusedError(Reason.NO_SUCH_ADDRESS) from None


@cache
def _normaliser(channel: str) -> Normalise:
    """`normalise` in the module of the channel's entry point; looked up once, since tables ask for each cell."""
    entry = _entry(channel)
    found: Normalise | None = getattr(import_module(entry.module), "normalise", None) if entry else None
    if found is None:
        raise InvalidAddressError
    return found


def _opener(name: str) -> OpenChannel:
    entry = _entry(name)
    if entry is None:
        raise UnknownChannelError(name)
    opener: OpenChannel = entry.load()
    return opener


def _entry(name: str) -> EntryPoint | None:
    return next(iter(entry_points(group=GROUP, name=name)), None)
