"""Texts that go in several parts: where a later part must wait, the same key continues behind the sent ones."""

from collections.abc import Awaitable, Callable, Sequence

from core.ports import UnavailableError

Send = Callable[[], Awaitable[str]]
"""Sends one part; the id that the peer gave it."""

_MOST_UNFINISHED = 1000
"""Long texts whose sent parts are remembered."""


class UnfinishedTexts:
    """Remembers the sent parts of texts in memory: where an answer is lost, or after a restart, all are sent again."""

    def __init__(self) -> None:
        self._sent: dict[str, list[str]] = {}

    async def send(self, key: str, parts: Sequence[Send]) -> str:
        """The ids of all parts, separated by commas. Raises what a part raises."""
        accepted = self._sent.pop(key, [])
        try:
            for part in parts[len(accepted) :]:
                accepted.append(await part())
        except UnavailableError:
            self._remember(key, accepted)
            raise
        return ",".join(accepted)

    def _remember(self, key: str, accepted: list[str]) -> None:
        if accepted:
            self._sent[key] = accepted
        if len(self._sent) > _MOST_UNFINISHED:
            del self._sent[next(iter(self._sent))]
