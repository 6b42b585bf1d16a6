"""The print queue."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from core.model.delivery.states import Status
from core.model.delivery.text import Text
from core.model.paper import Extract


class Paper(Protocol):
    """The print queue."""

    async def put(
        self, *, person_id: int, student_id: int | None, key: str, basis: str, text: Text, at: datetime
    ) -> Extract:
        """Once per key: the same key gives the same extract back."""
        ...

    async def extracts(self, statuses: Collection[Status]) -> Sequence[Extract]: ...
    async def extract(self, number: str) -> Extract:
        """NotFoundError if there is none."""
        ...

    async def advance(self, number: str, status: Status, *, at: datetime) -> None: ...
    async def withdraw(self, person_id: int, student_id: int | None) -> None:
        """What lies queued or printed for this person about this student is not handed over any more."""
        ...
