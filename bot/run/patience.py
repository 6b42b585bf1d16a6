"""What cannot be had now is tried again: how long to wait before, and how often that is said."""

import random

import structlog

FIRST = 0.5  # seconds before the second try
LONGEST = 60.0
"""Seconds; nothing is waited for longer, whatever the other side asks for."""

MOST_DOUBLINGS = 30

log = structlog.get_logger()


def growing(tries: int, *, at_least: float = 0.0, longest: float | None = None) -> float:
    """Seconds to wait after so many tries in vain (from 1 on): twice as long each time, up to `longest` or a minute.

    Chance takes up to a half away, so that those who failed together do not come back together. `at_least`: a wait that
    the other side asked for, in seconds; beyond `longest` it is not believed.
    """
    most = LONGEST if longest is None else longest
    full = min(FIRST * 2.0 ** min(tries - 1, MOST_DOUBLINGS), most)
    return min(max(full * random.uniform(0.5, 1), at_least), most)  # noqa: S311  # no secret


class Patience:
    """The tries of one part: each reason why it fails is said once, and once that it works again."""

    def __init__(self, part: str, *, longest: float | None = None) -> None:
        self._part = part
        self._longest = longest
        self._tries = 0
        self._said: set[str] = set()

    def failed(self, why: str | None = None, *, at_least: float = 0.0, error: BaseException | None = None) -> float:
        """One more try in vain; the seconds to wait before the next.

        Of an error its type is logged, since its text may be personal (Q103); without another reason it is the reason.
        """
        self._tries += 1
        kind = None if error is None else type(error).__name__
        reason = why or str(kind)
        if reason not in self._said:
            self._said.add(reason)
            facts = {"error": kind, "why": why}
            log.warning("part.waits", part=self._part, **{name: said for name, said in facts.items() if said})
        return growing(self._tries, at_least=at_least, longest=self._longest)

    def worked(self) -> None:
        """It works, so the next failure is the first one again."""
        if self._said:
            log.warning("part.works_again", part=self._part, tries=self._tries)
        self._tries = 0
        self._said.clear()
