"""Exponential backoff with jitter, and logging of each reason once."""

import random

import structlog

FIRST = 0.5  # seconds before the second try
LONGEST = 60.0
"""Seconds; the longest pause, whatever the peer asks for."""

MOST_DOUBLINGS = 30
"""Keeps 2.0 ** tries from overflowing."""

log = structlog.get_logger()


def backoff_seconds(tries: int, *, at_least: float = 0.0, longest: float | None = None) -> float:
    """The pause in seconds after `tries` failures (from 1 on): doubled each time, up to `longest` or a minute.

    Jitter takes up to a half away, so that parts that failed together do not retry together. `at_least`: seconds that
    the peer asked for, cut to `longest`.
    """
    most = LONGEST if longest is None else longest
    full = min(FIRST * 2.0 ** min(tries - 1, MOST_DOUBLINGS), most)
    return min(max(full * random.uniform(0.5, 1), at_least), most)  # noqa: S311  # jitter needs no secure random


class Backoff:
    """Backoff of one part: logs each reason of failure once, and once that the part works again."""

    def __init__(self, part: str, *, longest: float | None = None) -> None:
        self._part = part
        self._longest = longest
        self._tries = 0
        self._said: set[str] = set()

    def failed(self, why: str | None = None, *, at_least: float = 0.0, error: BaseException | None = None) -> float:
        """Record a failure; returns the seconds to wait before the next try.

        Of an error only its type is logged, since its text may be personal (Q103); without `why` it is the reason.
        """
        self._tries += 1
        kind = None if error is None else type(error).__name__
        reason = why or str(kind)
        if reason not in self._said:
            self._said.add(reason)
            facts = {"error": kind, "why": why}
            log.warning("part.waits", part=self._part, **{name: said for name, said in facts.items() if said})
        return backoff_seconds(self._tries, at_least=at_least, longest=self._longest)

    def worked(self) -> None:
        """Record a success: the next failure counts as the first."""
        if self._said:
            log.warning("part.works_again", part=self._part, tries=self._tries)
        self._tries = 0
        self._said.clear()
