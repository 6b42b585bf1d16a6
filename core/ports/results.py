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
    async def clashing_terms(
        self, *, students: tuple[int, int] | None = None, subjects: tuple[int, int] | None = None
    ) -> int:
        """The number of terms in which two students, or two subjects, have different final marks."""
        ...

    async def published_results(self) -> Mapping[str, int]:
        """The number of published versions of each result, by fact ("period_mark:17")."""
        ...

    async def finals(self, student_id: int, scope: Scope, *, year_id: int) -> Sequence[tuple[PeriodMark, str]]: ...
