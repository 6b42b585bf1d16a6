"""Finds channels by the entry point group "vestnik.notifiers", those of third parties included (Q86)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from core.errors import InvalidAddressError
from core.model.channels import UNDECLARED, ChannelTraits
from core.model.delivery.states import Reason, Status
from core.ports import Notifier, NotifierPrintTrayPort, RefusedError

GROUP = "vestnik.notifiers"


@dataclass(frozen=True, slots=True)
class ChannelConfig:
    """The settings a channel is opened with; each channel uses those it needs.

    `url` is `VESTNIK_<CHANNEL>_URL`; `pace` is messages a second, None for no limit; `secret` is the key of seals on
    what comes back from outside; `receipts_url` is where the peer may report delivery, `public_url` where
    families reach the school's own pages; `school` is its name. `certificates` are trusted beside the system's own;
    `proxy` leads there.
    """

    url: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    pace: float | None = None
    protect_content: bool = False
    secret: bytes = field(default=b"", repr=False)
    clock: Callable[[], datetime] | None = None
    receipts_url: str | None = None
    public_url: str | None = None
    tray: NotifierPrintTrayPort | None = None
    school: str = ""
    certificates: Path | None = None
    proxy: str | None = field(default=None, repr=False)


Normalise = Callable[[str], str]

OpenChannel = Callable[[ChannelConfig], Awaitable[Notifier | None]]
"""The entry point of a channel: returns it, or None where it is not configured; ValueError for a wrong setting."""


class UnknownChannelError(ValueError):
    """No installed package provides a channel of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f'No installed package brings a channel "{name}": see the entry points of {GROUP}.')
        self.name = name


class WrongChannelError(ValueError):
    """Settings of these channels are wrong. Their own messages are not passed on, since they may quote a URL."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(f"The settings of these channels cannot be used: {', '.join(names)}.")
        self.names = tuple(names)


def discovered_channel_names() -> frozenset[str]:
    """Names of all installed channels, configured or not."""
    return frozenset(_entries())


def discovered_channels() -> dict[str, ChannelTraits]:
    """What each installed channel declares about itself."""
    return {name: _traits(entry.value) for name, entry in _entries().items()}


def discovered_closing_statuses() -> dict[str, Status]:
    """The evidence that closes an obligation on each channel, unless the school sets another one (contracts)."""
    return {name: traits.closes for name, traits in discovered_channels().items()}


async def open_discovered_channels(configs: Mapping[str, ChannelConfig]) -> dict[str, Notifier]:
    """Opens the channels of these settings; only their modules, and the libraries behind them, are imported.

    UnknownChannelError, or one WrongChannelError for all that cannot be opened; those already open are closed again.
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


def normalise_discovered_address(channel: str, address: str) -> str:
    """The address in the one form that the channel stores and sends to; needs no settings and opens nothing.

    Tables, the command line and the bot all call this. InvalidAddressError for an address that the channel cannot
    reach, for a channel that is not installed, and for one whose module has no `normalise`.
    """
    return _normaliser(channel)(address)


def require_discovered_address(normalise_: Normalise, address: str) -> str:
    """Normalises an address once more before each send.

    RefusedError for a wrong one that came into the register some other way, so that no name and no mark goes there.
    """
    try:
        return normalise_(address)
    except InvalidAddressError:
        raise RefusedError(Reason.NO_SUCH_ADDRESS) from None


@cache
def _normaliser(channel: str) -> Normalise:
    """`normalise` in the module of the channel's entry point; cached, since imported tables call it for each cell."""
    entry = _entry(channel)
    found: Normalise | None = getattr(import_module(entry.module), "normalise", None) if entry else None
    if found is None:
        raise InvalidAddressError
    return found


@cache
def _entries() -> Mapping[str, EntryPoint]:
    """Read once a process: it takes milliseconds, and settings ask for it many times."""
    return {entry.name: entry for entry in entry_points(group=GROUP)}


@cache
def _traits(value: str) -> ChannelTraits:
    """`TRAITS` of the package of an entry point, or else of its module, which may need a large library."""
    module = value.partition(":")[0]
    for place in filter(None, (module.rpartition(".")[0], module)):
        found = getattr(import_module(place), "TRAITS", None)
        if isinstance(found, ChannelTraits):
            return found
    return UNDECLARED


def _opener(name: str) -> OpenChannel:
    entry = _entry(name)
    if entry is None:
        raise UnknownChannelError(name)
    opener: OpenChannel = entry.load()
    return opener


def _entry(name: str) -> EntryPoint | None:
    return _entries().get(name)
