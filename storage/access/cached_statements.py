"""Statements built once for each kind of scope: building one for every question would take longer than running it."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam

from core.rules.access import Everything, Family, Nothing, OwnClasses, OwnGroups, Scope
from storage.database.types import Day

Build = Callable[[Scope], Select[Any]]
"""Builds a statement from a scope that holds parameters instead of who asks and when."""

_WHO: Any = bindparam("scope_person", type_=Integer())
_WHEN: Any = bindparam("scope_on", type_=Day())


def for_scope(build: Build, scope: Scope) -> tuple[Select[Any], dict[str, Any]]:
    """The statement for scopes of this kind, and the values of its parameters for this one."""
    match scope:
        case Nothing() | Everything():
            return _built(build, scope), {}
        case Family() | OwnGroups() | OwnClasses():
            pattern = replace(scope, person_id=_WHO, on=_WHEN)
            return _built(build, pattern), {"scope_person": scope.person_id, "scope_on": scope.on}


@cache
def _built(build: Build, pattern: Scope) -> Select[Any]:
    return build(pattern)
