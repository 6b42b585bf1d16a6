"""What cannot be had now is tried again: how long to wait before, and how often that is said."""

import random

import structlog

FIRST = 0.5  # seconds before the second try
LONGEST = 60.0
"""Seconds; nothing is waited for longer, whatever the other side asks for."""

MOST_DOUBLINGS = 30

log = structlog.get_logger()


def growing(tries: int, *, at_least: float = 0.0) -> float:
    """Seconds to wait after so many tries in vain (from 1 on): twice as long each time, a minute at most.

    Chance takes up to a half away, so that those who failed together do not come back together. `at_least`: a wait that
    the other side asked for, in seconds; beyond a minute it is not believed.
    """
    own = min(FIRST * 2.0 ** min(tries - 1, MOST_DOUBLINGS), LONGEST) * random.uniform(0.5, 1)  # noqa: S311  # no secret
    return min(max(own, at_least), LONGEST)


class Patience:
    """The tries of one thing: each reason why it fails is said once, and once that it works again."""

    def __init__(self, part: str) -> None:
        """`part`: the first word of its lines in the log."""
        self._part = part
        self._tries = 0
        self._said: set[str] = set()

    def failed(self, why: str, *, at_least: float = 0.0, error: BaseException | None = None) -> float:
        """One more try in vain; the seconds to wait before the next. Of an error its type is logged, no text (Q103)."""
        self._tries += 1
        if why not in self._said:
            self._said.add(why)
            self._log(why, **({} if error is None else {"error": type(error).__name__}))
        return growing(self._tries, at_least=at_least)

    def worked(self) -> None:
        """It works, so the next failure is the first one again."""
        if self._said:
            self._log("works_again", tries=self._tries)
        self._tries = 0
        self._said.clear()

    def _log(self, what: str, **facts: object) -> None:
        event = f"{self._part}.{what}"
        log.warning(event, **facts)
