"""Finds students by the name and class that a file prints; doubtful cases are left to a person."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import cached_property
from itertools import chain

from core.model.imports.reports import Problem
from core.model.people import RollEntry
from core.rules.people.likeness import NameLikeness
from core.rules.people.names import look_alike_name_key, normal_class_name, normal_name


class Miss(StrEnum):
    """Why no student was found; the value is the reason of the problem line."""

    NO_NAME = "student_missing"
    UNKNOWN = "unknown_student"
    NEAR = "unknown_student_near"
    OTHER_CLASS = "student_in_other_class"
    AMBIGUOUS = "ambiguous_student"
    LOOK_ALIKE = "look_alike_student"


def person_matching_problem(
    reason: str, *, sheet: str | None, row: int | str | None, column: str | None = None
) -> Problem:
    """A problem at the place of a name; the name itself is not shown (Q103)."""
    return Problem(sheet=sheet, row=row, column=column, value=None, reason=reason)


class MatchingRoll:
    """The school's students on a date, found by the names that files print."""

    def __init__(self, entries: Iterable[RollEntry]) -> None:
        self._by_name: dict[str, list[RollEntry]] = defaultdict(list)
        self._by_look: dict[str, list[RollEntry]] = defaultdict(list)
        for entry in entries:
            self.add(entry)

    def add(self, entry: RollEntry) -> None:
        """One more student."""
        self._by_name[entry.name_key].append(entry)
        self._by_look[look_alike_name_key(entry.name)].append(entry)

    def find(self, name: str | None, school_class: str | None) -> RollEntry | Miss:
        """The student of this full name in this class; without a class only where the school has one of the name.

        Initials and single names find nobody, since only whole names are compared.
        """
        if not name:
            return Miss.NO_NAME
        namesakes = self.named(name)
        class_key = normal_class_name(school_class) if school_class else None
        match [entry for entry in namesakes if class_key in {None, entry.class_key}]:
            case [student]:
                return student
            case []:
                return self._miss(name, class_key, namesakes)
            case _:
                return Miss.AMBIGUOUS

    def named(self, name: str) -> Sequence[RollEntry]:
        """All students of this full name."""
        return self._by_name.get(normal_name(name), ())

    def has_look_alike(self, name: str, class_key: str | None) -> bool:
        """Whether somebody's name and class look the same on paper and are not (Latin letters among Cyrillic ones)."""
        return any(
            (entry.name_key, entry.class_key) != (normal_name(name), class_key or entry.class_key)
            for entry in self._by_look.get(look_alike_name_key(name), ())
            if class_key is None or look_alike_name_key(entry.class_key) == look_alike_name_key(class_key)
        )

    def _miss(self, name: str, class_key: str | None, namesakes: Sequence[RollEntry]) -> Miss:
        if self.has_look_alike(name, class_key):
            return Miss.LOOK_ALIKE
        return Miss.OTHER_CLASS if namesakes else self.unknown(name)

    def unknown(self, name: str) -> Miss:
        """The miss of a name that no student bears: perhaps another form of one that the school knows (Q134)."""
        return Miss.UNKNOWN if self._likeness.likely(name) is None else Miss.NEAR

    def facts_of_miss(self, miss: Miss, name: str) -> tuple[tuple[str, str], ...]:
        """The facts of the sentence about a miss, without names (Q103).

        The classes of who bears the name where the class is wrong; the number of who bears a similar one.
        """
        if miss is Miss.OTHER_CLASS:
            classes = sorted({entry.class_name for entry in self.named(name) if entry.class_name})
            return (("classes", ", ".join(classes) or "–"),)
        return (("known", str(self._likeness.likely(name))),) if miss is Miss.NEAR else ()

    @cached_property
    def _likeness(self) -> NameLikeness:
        """Made for the first unknown name, since most files have none; later students are not compared."""
        likeness = NameLikeness()
        for entry in chain.from_iterable(self._by_name.values()):
            likeness.add(entry.student_id, entry.name)
        return likeness
