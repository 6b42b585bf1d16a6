"""Rate limit of a chat: beyond it one warning, then no answer until the minute is over."""

from dataclasses import dataclass
from enum import Enum, auto

MINUTE = 60.0
"""Seconds."""

MESSAGES = 30
"""Messages a minute."""

PRESSES = 120
"""Presses of buttons a minute; more than messages, since a teacher marks a class of thirty by buttons."""

MOST_CHATS = 10_000
"""Chats that are kept in memory before expired ones are dropped."""


class Verdict(Enum):
    """How an update is treated."""

    ADMITTED = auto()
    WARNED = auto()
    """The first update beyond the limit: answered with the warning only."""
    SILENT = auto()


@dataclass(slots=True)
class _Minute:
    ends: float
    count: int = 0


class RateLimit:
    """Counts updates of one kind in memory: it protects this process only, and a restart resets it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._minutes: dict[str, _Minute] = {}

    def judge(self, chat: str, *, now: float) -> Verdict:
        """Count one more update; a minute begins with its first update.

        `now`: seconds of a clock that nobody sets.
        """
        minute = self._minute(chat, now)
        minute.count += 1
        if minute.count <= self._most:
            return Verdict.ADMITTED
        return Verdict.WARNED if minute.count == self._most + 1 else Verdict.SILENT

    def _minute(self, chat: str, now: float) -> _Minute:
        minute = self._minutes.get(chat)
        if minute is None or minute.ends <= now:
            if len(self._minutes) >= MOST_CHATS:
                self._minutes = {each: kept for each, kept in self._minutes.items() if kept.ends > now}
            minute = self._minutes[chat] = _Minute(now + MINUTE)
        return minute
