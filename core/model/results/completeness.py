"""Final marks that a term still lacks (Q52)."""

from dataclasses import dataclass

from core.model.results.learning import ExpectedMark


@dataclass(frozen=True, slots=True)
class MissingMark:
    """An expected final mark that is not there, with the name of the teacher who owes it, as far as known."""

    expected: ExpectedMark
    teacher: str | None
