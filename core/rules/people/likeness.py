"""Whether a new name is perhaps a second entry of somebody who is known (Q134)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.rules.people.names import look_alike_name_key


@dataclass(frozen=True, slots=True)
class Likeness:
    """A known person whose name is like a new one; `is_renamed`: the given names are equal, the surname is another."""

    person_id: int
    is_renamed: bool


class NameLikeness:
    """Full names, surname first, by what remains of them in a second entry."""

    def __init__(self) -> None:
        self._by_variant: dict[str, int] = {}
        self._by_surname: dict[str, list[tuple[int, list[str]]]] = defaultdict(list)
        self._by_given_names: dict[tuple[str, ...], list[tuple[int, str]]] = defaultdict(list)

    def add(self, person_id: int, name: str) -> None:
        """Adds a person; of several with names a letter apart the first is remembered."""
        for variant in _variants(name):
            self._by_variant.setdefault(variant, person_id)
        surname, *given = _words(name) or [""]
        self._by_surname[surname].append((person_id, given))
        self._by_given_names[tuple(given)].append((person_id, surname))

    def equal(self, name: str) -> int | None:
        """Whose name looks the same, has the same words, or is one letter apart: that alone is a doubt."""
        return next((self._by_variant[each] for each in _variants(name) if each in self._by_variant), None)

    def likely(self, name: str) -> int | None:
        """Whose name is `equal`, else the one person whom a name without patronymic or with initials may mean."""
        if (known := self.equal(name)) is not None:
            return known
        short = {like.person_id for like in self.similar(name) if not like.is_renamed}
        return short.pop() if len(short) == 1 else None

    def similar(self, name: str) -> Iterator[Likeness]:
        """Who may be meant by initials or by another surname: a doubt only within one family, class or office."""
        surname, *given = _words(name) or [""]
        if not given:
            return
        for person_id, known in self._by_surname[surname]:
            if known and _agree(known, given):
                yield Likeness(person_id, is_renamed=False)
        for person_id, known_surname in self._by_given_names[tuple(given)]:
            if known_surname != surname:
                yield Likeness(person_id, is_renamed=True)


def _words(name: str) -> list[str]:
    return look_alike_name_key(name).replace(".", " ").split()


def _variants(name: str) -> list[str]:
    """The words in order, and the name without any one letter: a letter more, less, other or swapped meets there."""
    key = look_alike_name_key(name)
    return [key, *(key[:place] + key[place + 1 :] for place in range(len(key))), f"={' '.join(sorted(_words(name)))}"]


def _agree(known: Sequence[str], given: Sequence[str]) -> bool:
    """«Анна Ивановна», «Анна» and «А. И.» may be one person's given names."""
    return all(one.startswith(other) or other.startswith(one) for one, other in zip(known, given, strict=False))
