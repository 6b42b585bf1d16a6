"""Faults on request: which calls go wrong, how, and how often."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum


class FaultKind(StrEnum):
    """What a call meets instead of its answer."""

    TOO_MANY_REQUESTS = "too_many_requests"  # 429 with retry_after
    BLOCKED = "blocked"  # 403
    SERVER_ERROR = "server_error"  # 502
    SLOW = "slow"  # the answer comes, after a delay
    ANSWER_LOST = "answer_lost"  # accepted, then the connection is dropped


@dataclass(frozen=True, slots=True)
class Fault:
    """``None`` for a chat, a method or a number of times means any; delays and waits are in seconds."""

    kind: FaultKind
    chat_id: int | None
    method: str | None
    times: int | None
    probability: float
    retry_after: int
    delay: float

    def strikes(self, method: str, chat_id: int | None) -> bool:
        """Whether this fault is meant for such a call."""
        return self.method in {None, method} and self.chat_id in {None, chat_id}


class Faults:
    """The faults asked for; the dice are seeded, so a run can be repeated."""

    def __init__(self, *, seed: int = 30) -> None:
        self._faults: list[Fault] = []
        self._dice = random.Random(seed)  # noqa: S311 -- dice, not secrets

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._faults)

    def add(
        self,
        kind: FaultKind,
        *,
        chat_id: int | None = None,
        method: str | None = None,
        times: int | None = 1,
        probability: float = 1.0,
        retry_after: int = 1,
        delay: float = 1.0,
    ) -> None:
        """Ask for a fault (see Fault); of several that fit a call the one asked for first strikes."""
        self._faults.append(Fault(kind, chat_id, method, times, probability, retry_after, delay))

    def clear(self) -> None:
        """From now on everything works."""
        self._faults.clear()

    def strike(self, method: str, chat_id: int | None) -> Fault | None:
        """The fault this call meets, used up by one; ``None`` if it is spared."""
        for place, fault in enumerate(self._faults):
            if fault.strikes(method, chat_id) and self._dice.random() < fault.probability:
                self._use(place, fault)
                return fault
        return None

    def _use(self, place: int, fault: Fault) -> None:
        if fault.times is None:
            return
        if fault.times > 1:
            self._faults[place] = replace(fault, times=fault.times - 1)
        else:
            del self._faults[place]
