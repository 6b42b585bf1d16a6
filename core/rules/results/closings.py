"""Which terms are closed (Q52)."""

from collections.abc import Iterable

from core.model.results.closings import TermClosing
from core.rules.results.terms import term_key


def is_term_closed(entries: Iterable[TermClosing], term: str) -> bool:
    """Whether the last entry about a term, in their order, closes it."""
    key = term_key(term)
    return next((entry.closed for entry in reversed([*entries]) if term_key(entry.term) == key), False)
