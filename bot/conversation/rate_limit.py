"""Rate limit of a chat: beyond it one warning, then no answer until the minute is over."""

from dataclasses import dataclass, field
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
    counted: list[int] = field(default_factory=list)
    """The updates up to the warned one."""


class RateLimit:
    """Counts updates of one kind in memory: it protects this process only, and a restart resets it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._minutes: dict[str, _Minute] = {}

    def judge(self, chat: str, update_id: int, *, now: float) -> Verdict:
        """Count an update once, however often it is stored in vain or delivered again.

        A minute begins with its first update; `now`: seconds of a clock that nobody sets.
        """
        counted = self._minute(chat, now).counted
        if update_id not in counted:
            if len(counted) > self._most:
                return Verdict.SILENT
            counted.append(update_id)
        return Verdict.ADMITTED if counted.index(update_id) < self._most else Verdict.WARNED

    def _minute(self, chat: str, now: float) -> _Minute:
        minute = self._minutes.get(chat)
        if minute is None or minute.ends <= now:
            if len(self._minutes) >= MOST_CHATS:
                self._minutes = {each: kept for each, kept in self._minutes.items() if kept.ends > now}
            minute = self._minutes[chat] = _Minute(now + MINUTE)
        return minute
