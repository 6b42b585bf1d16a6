"""Every accepted send with the moment of its acceptance, so that tests can count sends in any second."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(slots=True)
class Accepted:
    """``at`` is monotonic seconds, the same for all processes of a machine; ``lost``: the answer was dropped."""

    chat_id: int
    method: str
    text: str
    at: float
    message_id: int
    lost: bool = False


class BotApiSendLog:
    """All accepted sends, in order."""

    def __init__(self) -> None:
        self._accepted: list[Accepted] = []

    def __iter__(self) -> Iterator[Accepted]:
        return iter(self._accepted)

    def __len__(self) -> int:
        return len(self._accepted)

    def __getitem__(self, place: int) -> Accepted:
        return self._accepted[place]

    def add(self, accepted: Accepted) -> None:
        """Record an accepted send."""
        self._accepted.append(accepted)

    def mark_lost(self, since: int, method: str, chat_id: int | None) -> None:
        """Mark the sends of a call whose answer is dropped; while a poll waits, other calls send something too."""
        for sent in self._accepted[since:]:
            sent.lost |= (sent.method, sent.chat_id) == (method, chat_id)

    def clear(self) -> None:
        """Forget everything, between two measurements."""
        self._accepted.clear()

    def peak(self, *, seconds: float = 1.0) -> int:
        """The largest number of sends in any window of this length."""
        peak, first = 0, 0
        for last, accepted in enumerate(self._accepted):
            while accepted.at - self._accepted[first].at >= seconds:
                first += 1
            peak = max(peak, last - first + 1)
        return peak
