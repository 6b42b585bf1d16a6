"""Nothing in the product is dead, and the list of what only looks dead is true."""

from fnmatch import fnmatch
from functools import cache

from vulture import Vulture

from tests.architecture.alive import ALIVE, DECORATED
from tests.architecture.tree import PACKAGES, ROOT

CONFIDENCE = 60
"""Vulture's lowest for a name that nothing mentions."""


@cache
def unused() -> frozenset[str]:
    """Names that vulture finds unused in the product alone: what only tests call is dead."""
    vulture = Vulture(ignore_decorators=[*DECORATED])
    vulture.scavenge([ROOT / package for package in PACKAGES])
    return frozenset(item.name for item in vulture.get_unused_code(min_confidence=CONFIDENCE))


def test_nothing_is_dead() -> None:
    """Every name is used by the product, or alive.py says by whom else."""
    assert {name for name in unused() if not any(fnmatch(name, alive) for alive in ALIVE)} == set()


def test_the_list_of_what_is_alive_holds_no_more_than_it_must() -> None:
    """A name that vulture finds no longer is taken from the list."""
    assert {alive for alive in ALIVE if not any(fnmatch(name, alive) for name in unused())} == set()
