"""The print queue."""

from collections.abc import Collection, Mapping, Sequence
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
        """Queues an extract once for each key; the same key returns the same extract."""
        ...

    async def extracts(self, statuses: Collection[Status]) -> Sequence[Extract]: ...
    async def extract(self, number: str) -> Extract:
        """NotFoundError if there is none."""
        ...

    async def extract_by_id(self, extract_id: int) -> Extract:
        """NotFoundError if there is none."""
        ...

    async def advance(self, number: str, status: Status, *, at: datetime) -> None: ...
    async def result_terms(self, statuses: Collection[Status]) -> Mapping[int, datetime]:
        """Of the pages with these statuses those that hold results (R6): until when, by extract id, earliest first."""
        ...

    async def claim_unannounced(self, *, at: datetime) -> Mapping[int, datetime]:
        """The same for pages that wait to be handed out, each page once: the caller tells the class teacher."""
        ...

    async def withdraw(self, person_id: int, student_id: int | None) -> None:
        """Withdraws queued and printed extracts for this person about this student."""
        ...
