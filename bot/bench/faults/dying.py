"""A process that dies by SIGKILL at one exact moment of its transaction."""

import os
import re
import signal
from collections.abc import Callable

from sqlalchemy import Engine, event

_OUTBOX = re.compile(r"\s*(INSERT INTO|UPDATE) (notice|obligation|delivery)\b", re.IGNORECASE)


def _die_at_outbox() -> None:
    """Dies when it is about to write what families are told: the facts are written then, and not committed."""

    def look(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if _OUTBOX.match(statement):
            _die()

    event.listen(Engine, "before_cursor_execute", look)


def _die_at_commit() -> None:
    """Dies when all is written, before the commit of the first transaction that wrote to the outbox."""
    written = False

    def look(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        nonlocal written
        written = written or _OUTBOX.match(statement) is not None

    def end(_connection: object) -> None:
        if written:
            _die()

    event.listen(Engine, "before_cursor_execute", look)
    event.listen(Engine, "commit", end)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


DEATHS: tuple[Callable[[], None], ...] = (_die_at_outbox, _die_at_commit)
