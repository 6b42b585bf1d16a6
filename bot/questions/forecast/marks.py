"""Tells what each mark in a line of slots is there for, by the slots before and behind it, whatever stands between."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum


class MarkRole(StrEnum):
    """What a mark is said for."""

    BY = "by"
    """By which another mark is reached or lost: «сколько пятёрок», «одними четвёрками»."""

    GOAL = "goal"
    KEPT = "kept"
    """Which is not to be lost: «останется 4»."""

    REMOVED = "removed"
    AVOIDED = "avoided"
    MENDED = "mended"
    SUPPOSED = "supposed"
    NAMED = "named"
    """For none of these: «выходит 4»."""


@dataclass(frozen=True, slots=True)
class SaidMark:
    """A mark in a line, and where it stands there; `count`: how many of it, 0 where that is not said."""

    mark: int
    count: int
    role: MarkRole
    start: int
    end: int

    @property
    def marks(self) -> tuple[int, ...]:
        """The mark as often as it counts."""
        return (self.mark,) * max(self.count, 1)


_MARK = re.compile(r"(?<!\S)@(?P<mark>[2-5])n?(?:x(?P<count>\d))?(?!\S)")
_NEAR = r"(?:(?!(?:to|on|for|so|in|if|or|with|howmany|\.|@\S+) )\S+ )"
_ANY = r"(?:(?!(?:\.|@\S+) )\S+ )"
_AIMING = r"(?:(?!(?:\.|not|pull|outweigh|lose|@\S+) )\S+ )"
_GOING_ON = r"(?:(?!(?:\.|come|then|lose|hold|enough|need|reach|real|heading|forecast|which|what|howmany|so|by) )\S+ )"
_ON = r"(?:to|on|for|toward)"
_BEFORE: Sequence[tuple[MarkRole, re.Pattern[str]]] = tuple(
    (role, re.compile(rf"(?<!\S)(?:{pattern})$"))
    for role, pattern in (
        (MarkRole.REMOVED, r"without this |remove (?:\S+ ){0,2}?"),
        (MarkRole.AVOIDED, r"enough (?:(?!from )\S+ ){0,6}?from (?:_ )?"),
        (MarkRole.MENDED, r"(?:reach|pull|come) (?:_ )?outof (?:_ )?|(?:reach|pull) from (?:_ )?"),
        (MarkRole.BY, r"howmany for (?:this |_ )?(?:more )?need (?:more )?"),
        (MarkRole.BY, rf"howmany {_NEAR}{{0,4}}?(?:with )?(?:@\S+ (?:and|or) )?|(?<!on )only "),
        (MarkRole.AVOIDED, rf"not lose (?:(?:_|of|in) ){{0,3}}{_ON} |not (?!lose|come _ |heading _ ){_NEAR}{{0,2}}?"),
        (MarkRole.AVOIDED, rf"without (?:_ )?|so (?:_ )?not {_ANY}{{0,3}}?"),
        (MarkRole.KEPT, r"(?:hold|not lose|lose from|not spoil) (?:(?:_|on|with|of|in) ){0,2}?"),
        (MarkRole.GOAL, r"far (?:_ ){0,2}from (?:_ )?"),
        (MarkRole.MENDED, r"instead (?:_ )?"),
        (MarkRole.MENDED, r"if (?:_ ){0,2}(?:pull|rewrite|outweigh) (?:(?:_|again|every|this|in|of) ){0,3}?"),
        (MarkRole.SUPPOSED, rf"control on |from (?:(?:_|had) )?|(?:if|with) {_ANY}*?(?:@\S+ {_GOING_ON}*?)?"),
        (MarkRole.SUPPOSED, rf"get {_NEAR}{{0,3}}?on "),
        (MarkRole.GOAL, rf"{_ON} (?:(?:_|final|only|every) )?|reach in |(?:need|want) "),
        (MarkRole.GOAL, rf"so {_AIMING}{{0,7}}?(?:instead @\S+ {_AIMING}{{0,3}}?)?"),
        (MarkRole.MENDED, r"(?:(?:pull|rewrite) (?:(?:_|in|of|can|more|final) ){0,3}?|enough (?:_ )?@\dx\d )"),
    )
)  # fmt: skip
"""The roles by what stands before a mark, tried in this order."""

_BEHIND: Sequence[tuple[MarkRole, re.Pattern[str]]] = (
    (MarkRole.KEPT, re.compile(r" (?:(?:of|in|_) ){0,2}?hold(?!\S)")),
    (MarkRole.GOAL, re.compile(rf" {_NEAR}{{0,3}}?howmany (?:need |more ){{0,2}}@")),
    (MarkRole.BY, re.compile(r" (?:\S+ ){0,2}?howmany need(?!\S)")),
)
_MENDED_BEFORE = re.compile(r"(?<!\S)if (?:_ )?$")
_MENDED_BEHIND = re.compile(r" (?:(?:_|of|in) ){0,3}(?:pull|rewrite|outweigh)(?!\S)(?! on)")
"""«если двойку по физике исправит»."""

_IN_A_ROW = re.compile(r"@\S+ (?:and )?$")
_FOR_A_WORK = re.compile(r"\bin (?:_ )?control $")
_WORK_OF_MARK_BEFORE = re.compile(r"(?<!control )(?<!\S)@\S+ (?:get )?in (?:_ )?control $")
"""«4 за контрольную, 5 …»: the work is that of the first mark."""

_SUPPOSED_LAST = re.compile(r"@\S+ (?:(?!@)\S+ )*if ")
_HELD_AT_ONCE = re.compile(r" (?:(?:of|in|_|this|term|quarter|more|not) ){0,4}?(?:hold|lose)(?! @)(?!\S)")
_SO_ALONE = re.compile(r"(?<!\S)so (?:[^@\s]\S* )*$")
_NOT_TO_COME = re.compile(r" (?:(?:of|in|_|this|term|quarter|final) ){0,5}?not (?:got|come|get|heading)(?!\S)")
"""«чтобы двойки в четверти не было»."""

_FOR_TERM = re.compile(r" in (?:(?:this|_) )?term quarter(?!\S)")
_OF_TERM_BEFORE = re.compile(r"\bin (?:(?:this|_) )?term quarter (?:(?:come|_|then) ){0,2}$")
_OF_YEAR = re.compile(r" (?:(?:of|_) ){0,2}in term year (?:(?:more|of|_) ){0,3}(?:real|can|come|chance|if)(?!\S)")
_WRITTEN_AT_ONCE = re.compile(r" get(?!\S)")
_WISHED_BEFORE = re.compile(r"\b(?:so|want|need|can|must|howmany|not|instead) ")
_COMES_AT_ONCE = re.compile(r" (?:not )?come(?!\S)")
_COMES_OUT = re.compile(r" (?:(?:more|_|of|not) ){0,2}(?:come(?! @)|real|can)(?!\S)")

_THERE_BEFORE = re.compile(r"\bhad $")
_THERE_BEHIND = re.compile(r" (?:(?:of|_) ){0,2}(?:had it|further not)(?!\S)")
_NOT_SHINING = re.compile(r" (?:(?:_|of) ){0,2}not heading(?!\S)")
"""«чтобы вышла 4, пятёрки мне не светят»."""

_NO_MORE = re.compile(r"\bfurther (?:(?:if|_) )?$")
_NOT_COMING = re.compile(r" (?:(?:of|in|_) ){0,3}not(?!\S)")
_OUTCOME = re.compile(r"\b(?:what|which|howmany|count|final|average|quarter|come|forecast)\b")
_ELSEWHERE = re.compile(
    r"\b(?:or|need|so|real|can|got|now|enough|pull|reach|hold|where|every|between|past|lose|outweigh|rewrite|chance|sure"
    r"|year|instead|better|worse|heading|risk|miss)\b"
)
"""Words of questions about marks that are hoped for, feared or there."""

_ASKED_FOR = re.compile(r"\b(?:which|what|howmany|without|only|not|further) $")
_COMES_ALONE = re.compile(r" (?:(?:more|_|of|not) ){0,2}come(?! (?:what|which|howmany))(?!\S)")
_ROW = re.compile(r"@\S+(?: (?:and )?@\S+){2}")


def find_forecast_mark_mentions(line: str) -> Sequence[SaidMark]:
    """All marks of a line with their roles, without those that the student has and those that will not come."""
    said = [each for each in _mentions(line) if not _is_no_news(line, each)]
    return [replace(each, role=MarkRole.SUPPOSED) for each in said] if _are_supposed(line, said) else said


def _is_no_news(line: str, mention: SaidMark) -> bool:
    """«после вчерашней четвёрки», «больше двоек не будет»."""
    before, behind = line[: mention.start], line[mention.end :]
    if mention.role in {MarkRole.SUPPOSED, MarkRole.NAMED} and _THERE_BEFORE.search(before):
        return True
    is_over = _NO_MORE.search(before) is not None and _NOT_COMING.match(behind) is not None
    is_hopeless = _MARK.search(before) is not None and _NOT_SHINING.match(behind) is not None
    return is_over or is_hopeless or _THERE_BEHIND.match(behind) is not None


def _are_supposed(line: str, said: Sequence[SaidMark]) -> bool:
    """«за диктант 4, за изложение 3, что в четверти»: several marks for which only the outcome is asked.

    Three and more in a row are those of a diary, unless «ещё» stands before them.
    """
    if len(said) <= 1 or any(each.role is not MarkRole.NAMED for each in said):
        return False
    before, behind = line[: said[0].start], line[said[-1].end :]
    is_diary = _ROW.search(line) is not None and not before.endswith("more ")
    is_asked_for = _ASKED_FOR.search(before) is not None or _COMES_ALONE.match(behind) is not None
    return not (is_diary or is_asked_for or _ELSEWHERE.search(line)) and _OUTCOME.search(line) is not None


def _mentions(line: str) -> Iterator[SaidMark]:
    for found in _MARK.finditer(line):
        mark, count = int(found["mark"]), int(found["count"] or 0)
        yield SaidMark(mark, count, _role(line, found, is_counted=count > 0), found.start(), found.end())


def _role(line: str, found: re.Match[str], *, is_counted: bool) -> MarkRole:
    before, behind = line[: found.start()], line[found.end() :]
    roles = (role for role, pattern in _BEFORE if pattern.search(before))
    if is_counted or _is_written(before, behind):
        return MarkRole.SUPPOSED
    if _HELD_AT_ONCE.match(behind) and (_MARK.search(before) or " miss " in f" {before}"):
        return MarkRole.KEPT
    if _SO_ALONE.search(before) and _NOT_TO_COME.match(behind):
        return MarkRole.AVOIDED
    if _MENDED_BEFORE.search(before) and _MENDED_BEHIND.match(behind):
        return MarkRole.MENDED
    if _OF_YEAR.match(behind) or _is_of_term(before, behind):
        return MarkRole.GOAL
    is_next = _IN_A_ROW.search(before) and not _COMES_AT_ONCE.match(behind)
    is_of_work = _FOR_A_WORK.search(before) and not _WORK_OF_MARK_BEFORE.search(before)
    if _COMES_OUT.match(behind) and not is_next and not is_of_work:
        roles = (role for role in roles if role is not MarkRole.SUPPOSED)
    return next(roles, None) or next((role for role, pattern in _BEHIND if pattern.match(behind)), MarkRole.NAMED)


def _is_written(before: str, behind: str) -> bool:
    """«на 4 сдам», «на тройку напишу», «5 получу, 4 выйдет?»."""
    is_on_it = before.endswith("on ") or _MARK.search(behind) is not None
    return is_on_it and _WRITTEN_AT_ONCE.match(behind) is not None and _WISHED_BEFORE.search(before) is None


def _is_of_term(before: str, behind: str) -> bool:
    """Of «за контрольную 4, четвёрка за четверть получится?» the second mark, where none of a term stands before."""
    if _MARK.search(before) is None or _SUPPOSED_LAST.search(before) or re.search(r"\b(?:year|get)\b", behind):
        return False
    is_behind = _FOR_TERM.match(behind) is not None and "quarter" not in before
    return is_behind or _OF_TERM_BEFORE.search(before) is not None
