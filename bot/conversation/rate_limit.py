"""How much one chat may say in a minute: beyond it one short sentence, then silence until the minute is over."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

MINUTE = timedelta(minutes=1)
COMMANDS = 30
PRESSES = 120
"""A class of thirty is marked by pressing, so buttons may be pressed more often than commands said."""

REMEMBERED = 10_000
"""Chats whose minute is kept before those that are over are dropped."""


class Verdict(Enum):
    """What becomes of an update."""

    ADMITTED = auto()
    WARNED = auto()
    """The first one too many: it is answered with the sentence and nothing is done."""
    SILENT = auto()


@dataclass(slots=True)
class _Minute:
    ends: datetime
    said: int = 0
    pressed: int = 0
    is_warned: bool = False


class Limit:
    """Kept in memory: it protects this process, and a restart may forgive."""

    def __init__(self) -> None:
        self._minutes: dict[str, _Minute] = {}

    def judge(self, chat: str, *, is_press: bool, now: datetime) -> Verdict:
        """Count one more; a minute begins with the first thing said in it."""
        minute = self._minute(chat, now)
        minute.pressed += is_press
        minute.said += not is_press
        if minute.said <= COMMANDS and minute.pressed <= PRESSES:
            return Verdict.ADMITTED
        if minute.is_warned:
            return Verdict.SILENT
        minute.is_warned = True
        return Verdict.WARNED

    def _minute(self, chat: str, now: datetime) -> _Minute:
        minute = self._minutes.get(chat)
        if minute is None or minute.ends <= now:
            if len(self._minutes) >= REMEMBERED:
                self._minutes = {each: kept for each, kept in self._minutes.items() if kept.ends > now}
            minute = self._minutes[chat] = _Minute(now + MINUTE)
        return minute
