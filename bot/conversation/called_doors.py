"""Finds the door that is called by name, before the words are read as a question (Q111)."""

from collections.abc import Iterable, Mapping, Sequence

from bot.handlers.doors import Door, DoorCaller
from bot.questions.grammar import LONGEST
from core.rules.people.names import normal_name


def find_called_door(
    named: Iterable[Door], commands: Mapping[str, Sequence[Door]], words: str, caller: DoorCaller
) -> tuple[Door, str] | None:
    """The door that is called in these words, and the words that are left for it; None where they call no door."""
    open_doors = [door for door in named if door.opens_to(caller)]
    begin = words[:LONGEST]
    for door in open_doors:
        if door.recognises is not None and door.recognises(begin):
            return door, words
    if (titled := _titled_door(commands, words, caller)) is not None:
        return titled, ""
    return _door_of_phrase(open_doors, words, caller)


def _titled_door(commands: Mapping[str, Sequence[Door]], words: str, caller: DoorCaller) -> Door | None:
    """The door that these words alone are the name of, in any language: «Пропуски», «debts»."""
    key = _letters(words)
    for command, doors in commands.items():
        names = {command, *(t(f"command.{command}") for t in caller.school.catalogues.translators.values())}
        if key in map(_letters, names):
            return next((door for door in doors if door.opens_to(caller)), None)
    return None


def _letters(words: str) -> str:
    """The letters of a name, in one spelling."""
    return "".join(filter(str.isalnum, words.casefold().replace("ё", "е")))


def _door_of_phrase(doors: Iterable[Door], words: str, caller: DoorCaller) -> tuple[Door, str] | None:
    """The door whose phrase is said, in any language; the longest phrase that fits wins.

    A phrase is beginnings of words, in any order; after «^» the first of them begins what is said.
    """
    found: list[tuple[int, Door, str]] = []
    for door in (each for each in doors if each.called is not None):
        for t in caller.school.catalogues.translators.values():
            for phrase in t(door.called or "").split("|"):
                parts = normal_name(phrase.removeprefix("^")).split()
                if _is_said(parts, normal_name(words).split(), is_first=phrase.startswith("^")):
                    left = [word for word in words.split() if not normal_name(word).startswith(tuple(parts))]
                    found.append((len(parts), door, " ".join(left)))
    best = max(found, key=lambda each: each[0], default=None)
    return None if best is None else best[1:]


def _is_said(parts: Sequence[str], said: Sequence[str], *, is_first: bool) -> bool:
    if is_first and not (said and said[0].startswith(parts[0])):
        return False
    return all(any(word.startswith(part) for word in said) for part in parts)
