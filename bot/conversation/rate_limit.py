"""Rate limit of a chat: beyond it one warning, then no answer until the minute is over."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

MINUTE = timedelta(minutes=1)
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
    ends: datetime
    messages: int = 0
    presses: int = 0
    is_warned: bool = False


class RateLimit:
    """Counts updates in memory: it protects this process only, and a restart resets it."""

    def __init__(self) -> None:
        self._minutes: dict[str, _Minute] = {}

    def judge(self, chat: str, *, is_press: bool, now: datetime) -> Verdict:
        """Count one more update; a minute begins with its first update."""
        minute = self._minute(chat, now)
        minute.presses += is_press
        minute.messages += not is_press
        if minute.messages <= MESSAGES and minute.presses <= PRESSES:
            return Verdict.ADMITTED
        if minute.is_warned:
            return Verdict.SILENT
        minute.is_warned = True
        return Verdict.WARNED

    def _minute(self, chat: str, now: datetime) -> _Minute:
        minute = self._minutes.get(chat)
        if minute is None or minute.ends <= now:
            if len(self._minutes) >= MOST_CHATS:
                self._minutes = {each: kept for each, kept in self._minutes.items() if kept.ends > now}
            minute = self._minutes[chat] = _Minute(now + MINUTE)
        return minute
