"""Final marks of periods with their versions."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from core.model.results.period_marks import PeriodMark
from core.rules.access import Scope


class Results(Protocol):
    """Final marks of periods with their versions."""

    async def period_marks(
        self, student_ids: Collection[int], *, year_ids: Collection[int]
    ) -> Sequence[PeriodMark]: ...
    async def put_period_mark(self, mark: PeriodMark, *, before: PeriodMark | None, by: int | None) -> int:
        """Insert (id 0) or follow `before` (ConflictError if its version moved); returns the id.

        A greater version than before's is a new value with its own row of history; the same one moves the average only.
        """
        ...

    async def clashing_terms(
        self, *, students: tuple[int, int] | None = None, subjects: tuple[int, int] | None = None
    ) -> int:
        """In how many terms two students, or two subjects, have final marks that are not the same."""
        ...

    async def published_results(self) -> Mapping[str, int]:
        """How many versions of each result were published, by fact ("period_mark:17")."""
        ...

    async def finals(self, student_id: int, scope: Scope, *, year_id: int) -> Sequence[tuple[PeriodMark, str]]: ...
