"""Statements that are built once for each kind of scope.

Building a SELECT of a look-up with SQLAlchemy takes longer than SQLite needs to run it.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select

from core.rules.access import Everything, Family, Nothing, OwnClasses, OwnGroups, Scope
from storage.access.scopes import DAY, READER

Build = Callable[[Scope], Select[Any]]
"""Builds a statement whose conditions come from `scopes`, which name the reader and the date as parameters."""

_NOBODY = 0
"""No person has this id, so a cached statement that is run without its values finds nothing."""


def cached_access_statement(build: Build, scope: Scope) -> tuple[Select[Any], dict[str, Any]]:
    """The statement for scopes of this kind, and the values of its parameters for this scope."""
    match scope:
        case Nothing() | Everything():
            return _built(build, scope), {}
        case Family() | OwnGroups() | OwnClasses():
            of_nobody = replace(scope, person_id=_NOBODY, on=date.min)
            return _built(build, of_nobody), {READER: scope.person_id, DAY: scope.on}


@cache
def _built(build: Build, scope: Scope) -> Select[Any]:
    return build(scope)
