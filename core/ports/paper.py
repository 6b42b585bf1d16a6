"""The print queue."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from core.model.delivery.states import Status
from core.model.delivery.text import Text
from core.model.paper import Block, Extract


class PaperPort(Protocol):
    """The print queue."""

    async def put(  # a page and what stands on it
        self,
        *,
        person_id: int,
        student_id: int | None,
        key: str,
        basis: str,
        text: Text,
        at: datetime,
        contents: Sequence[Block] = (),
    ) -> Extract:
        """Queues an extract once for each key; the same key returns the same extract."""
        ...

    async def is_weekly(self, key: str) -> bool:
        """Whether the message with this key is a weekly extract (Q33)."""
        ...

    async def contents(self, extract_ids: Collection[int]) -> Mapping[int, Sequence[Block]]:
        """What weekly extracts hold besides the news, by extract id; long, so it is read for one class at a time."""
        ...

    async def extracts(self, statuses: Collection[Status]) -> Sequence[Extract]: ...
    async def extract(self, number: str) -> Extract:
        """NotFoundError if there is none."""
        ...

    async def extract_by_id(self, extract_id: int) -> Extract:
        """NotFoundError if there is none."""
        ...

    async def record_batch(self, extract_ids: Collection[int], *, at: datetime | None) -> None:
        """When the clock sends these extracts to the school's printer; None: it has not."""
        ...

    async def advance(self, number: str, status: Status, *, at: datetime) -> None: ...
    async def result_terms(self, statuses: Collection[Status]) -> Mapping[int, datetime]:
        """Of the pages with these statuses those that hold results (R6): until when, by extract id, earliest first."""
        ...

    async def terms_of(self, extract_ids: Collection[int]) -> Mapping[int, datetime]:
        """The same of these pages, whatever their status."""
        ...

    async def former_dates(self, extract_ids: Collection[int]) -> Mapping[int, datetime]:
        """By extract id, when the last extract before it for the same person and student was queued."""
        ...

    async def claim_unannounced(self, *, at: datetime) -> Mapping[int, datetime]:
        """The same for pages that wait to be handed out, each page once: the caller tells the class teacher."""
        ...

    async def withdraw(self, person_id: int, student_id: int | None) -> None:
        """Withdraws queued and printed extracts for this person about this student."""
        ...
