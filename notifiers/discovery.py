"""Channels are found by the entry point group "vestnik.notifiers", the school's own and third parties' alike (Q86)."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import entry_points

from core.ports import Notifier, PrintTray

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


OpenChannel = Callable[[ChannelConfig], Awaitable[Notifier | None]]
"""An entry point: a ready channel, None where the configuration lacks what it needs, ValueError where it is wrong."""


class UnknownChannelError(ValueError):
    """Settings name a channel that no installed package brings."""

    def __init__(self, name: str) -> None:
        super().__init__(f'No installed package brings a channel "{name}": see the entry points of {GROUP}.')
        self.name = name


def known_channels() -> frozenset[str]:
    """The names of all installed channels, configured or not."""
    return frozenset(entry_points(group=GROUP).names)


async def open_channels(configs: Mapping[str, ChannelConfig]) -> dict[str, Notifier]:
    """The channels named in the settings; only their modules, and the libraries behind them, are imported.

    UnknownChannelError, or ValueError for a wrong setting; those opened before are closed again.
    """
    channels: dict[str, Notifier] = {}
    async with AsyncExitStack() as opened:
        for name, config in configs.items():
            channel = await _opener(name)(config)
            if channel is not None:
                channels[name] = channel
                opened.push_async_callback(channel.close)
        opened.pop_all()
    return channels


def _opener(name: str) -> OpenChannel:
    for entry in entry_points(group=GROUP, name=name):
        opener: OpenChannel = entry.load()
        return opener
    raise UnknownChannelError(name)
