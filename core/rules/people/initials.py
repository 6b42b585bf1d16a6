"""Teachers as timetables name them: «Шарова В. Л.» is «Шарова Вера Львовна» where the school has no second one."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from core.model.people import Person
from core.rules.people.names import normal_name

LIKELY = 0.75
"""Similarity of two surnames from which on one may be a misprint of the other; 1 is equality."""

_PARTS = re.compile(r"[.\s]+")


def people_of_initials(staff: Iterable[Person], name: str) -> Sequence[Person]:
    """Whom a name may mean: the whole name or none, surname and initials in either order, the surname alone.

    A whole name means nobody else, even if others share its initials.
    """
    people = list(staff)
    exact = [person for person in people if person.name_key == normal_name(name)]
    return exact or [person for person in people if _is_short_for(person.name_key.split(), _parts(name))]


def _likely_person(staff: Iterable[Person], name: str) -> Person | None:
    """Who may be meant by a name that nobody bears: somebody of a similar surname, of these the most similar name."""
    key, surname = normal_name(name), next(iter(_parts(name)), "")
    similar = [person for person in staff if _similarity(person.name_key.split()[0], surname) >= LIKELY]
    return max(similar, key=lambda person: _similarity(person.name_key, key), default=None)


def unknown_teacher_initials(staff: Iterable[Person], name: str) -> tuple[str, dict[str, str]]:
    """The reason of a problem line about a teacher whom nobody knows, with the likely one (contracts, Who is who)."""
    likely = _likely_person(staff, name)
    return ("unknown_teacher", {}) if likely is None else ("unknown_teacher_near", {"likely": likely.name})


def with_initials(name: str) -> str:
    """«Иванова Ирина Олеговна» is «Иванова И. О.»: how teachers are named in a line of a timetable."""
    surname, *given = name.split() or [name]
    return " ".join([surname, *(part if part.endswith(".") else f"{part[0]}." for part in given)])


def _parts(name: str) -> list[str]:
    """Surname first: «В.Л. Шарова» is turned round."""
    parts = [part for part in _PARTS.split(normal_name(name)) if part]
    first_long = next((place for place, part in enumerate(parts) if len(part) > 1), 0)
    return [*parts[first_long:], *parts[:first_long]]


def _similarity(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _is_short_for(whole: Sequence[str], short: Sequence[str]) -> bool:
    if not short or len(short) > len(whole) or whole[0] != short[0]:
        return False
    return all(
        full == part or (len(part) == 1 and full.startswith(part))
        for full, part in zip(whole[1:], short[1:], strict=False)
    )
