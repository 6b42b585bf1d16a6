"""Reads a question about a forecast: what it wishes, which marks it hopes for, supposes or wants to keep (Q41–Q48).

The words become slots (`line`), the marks get their roles (`marks`), the slots decide the kind (`kinds`).
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from bot.questions.forecast.kinds import ForecastQuestionKind, find_forecast_kind_slots, find_forecast_question_kind
from bot.questions.forecast.line import read_forecast_line
from bot.questions.forecast.marks import MarkRole, SaidMark, find_forecast_mark_mentions
from bot.questions.forecast.works import find_forecast_works, is_large_forecast_work
from bot.questions.model import Final, Wish
from core.model.forecast import HIGHEST, LATEST_OF_ALL, LOWEST, LOWEST_OF_ALL

NEXT_BETTER = 1
"""In place of a mark: the next better one than the average so far makes."""

MOST_SUPPOSED = 6
"""Marks that one question supposes."""

_AT_RISK = LOWEST
"""The mark whose danger is meant where none is named."""

_YEAR = re.compile(
    r"\bгодов\w+|(?<!новый )(?<!нового )(?<!второй )\bгод(?:у|а|ом)?\b|\b(?:year|annual)\b", re.IGNORECASE
)
_HALF_YEAR = re.compile(r"\bполугод\w*|\bhalf.?year\b", re.IGNORECASE)
_AVERAGE = re.compile(r"(?<![\w.,])[2-5][.,]\d{1,2}(?![\w.,]*\d)")
_OUTWEIGHS_BEFORE = re.compile(r"\boutweigh (?:(?!so |@)\S+ ){0,4}$")
_OUTWEIGHS_BEHIND = re.compile(r" (?:(?!so |@|\. )\S+ ){0,7}outweigh(?!\S)")
_MENDING = {"pull", "intime", "reach", "outweigh", "by", "enough"}
_HOPED = {MarkRole.GOAL, MarkRole.AVOIDED, MarkRole.KEPT, MarkRole.NAMED}
_FALLING = {MarkRole.SUPPOSED, MarkRole.BY, MarkRole.NAMED}


@dataclass(frozen=True, slots=True)
class ForecastReading:
    """What was read; `slots` is empty where the words have none."""

    kind: ForecastQuestionKind | None
    line: str
    mentions: Sequence[SaidMark]
    slots: frozenset[str]
    works: Sequence[str] = ()

    @property
    def is_heavy(self) -> bool:
        """Whether a large work is meant."""
        return "control" in self.slots and (not self.works or any(map(is_large_forecast_work, self.works)))

    @property
    def decides(self) -> bool:
        """Whether the words ask for a forecast, whatever else they name."""
        return self.kind is not None and self.kind.decides

    @property
    def suits(self) -> bool:
        """Whether the words may ask for a forecast, where they ask for nothing else."""
        is_other = bool(self.slots & {"remove", "homework", "got", "when", "classmates"})
        is_of_subject = bool(self.slots & {"subject", "subjects"}) and not is_other
        return is_of_subject and bool(self.slots & {"mark", "average", "termly", "forecast", "heading", "norm"})

    @property
    def name(self) -> str:
        """The kind's name; "" without one."""
        return self.kind.name if self.kind else ""

    def of_role(self, *roles: MarkRole) -> Sequence[SaidMark]:
        """The marks with one of these roles, in their order."""
        return [each for each in self.mentions if each.role in roles]


@dataclass(frozen=True, slots=True)
class Wished:
    """What is asked, as `model.Question` has it."""

    wish: Wish | None = None
    mark: int | None = None
    marks: tuple[int, ...] = ()
    is_supposed: bool = False
    is_heavy: bool = False
    average: Fraction | None = None
    options: tuple[tuple[tuple[int, ...], bool], ...] = ()
    shares: tuple[tuple[int, ...], ...] = ()
    """The marks that are supposed or hoped for, as they are said: one each for the subjects that are named."""

    works: tuple[str, ...] = ()
    """The kinds of works that they are for, one for all or one each as they are said."""

    outweighed: int | None = None
    """The mark whose harm is to be made good: «сколькими пятёрками перекрыть двойку»."""


def read_forecast(text: str, subjects: int, knows: Callable[[str], bool]) -> ForecastReading:
    """The reading of a text that names so many subjects."""
    line = read_forecast_line(text, knows)
    mentions = find_forecast_mark_mentions(line)
    slots = frozenset(find_forecast_kind_slots(line, mentions, subjects))
    return ForecastReading(find_forecast_question_kind(slots), line, mentions, slots, find_forecast_works(text))


def read_forecast_wish(reading: ForecastReading, text: str) -> Wished:
    """The wish of a question about a forecast, with its marks."""
    if reading.name == "average":
        return _mark_of(reading, text)
    if reading.name in _WISHES:
        wished = _WISHES[reading.name](reading)
        return replace(wished, works=_works_of(reading, wished))
    if reading.name:
        return Wished(Wish(reading.name))
    return _what_if(reading) if reading.of_role(MarkRole.SUPPOSED) else _hope(reading)


def _works_of(reading: ForecastReading, wished: Wished) -> tuple[str, ...]:
    """One kind for each supposed mark where as many are named, else the first one for all."""
    is_paired = len(reading.works) == len(wished.shares or wished.marks)
    return tuple(reading.works if is_paired else reading.works[:1])


def _hope(reading: ForecastReading) -> Wished:
    """The mark that is hoped for, by which marks, and whether by one large work."""
    is_asked = bool(reading.slots & {"need", "howmany", "so", "asked_work"})
    outweighed = _outweighed(reading)
    is_of_work = "control" in reading.slots and is_asked and outweighed is None
    goals = [each for each in reading.mentions if each.role in _HOPED]
    shares = tuple((_aimed(each),) for each in goals if len(goals) > 1)
    return Wished(
        None, _aim(reading), _by(reading), is_heavy=is_of_work, shares=shares,
        outweighed=outweighed,
    )  # fmt: skip


def _outweighed(reading: ForecastReading) -> int | None:
    """Of «чем перекрыть двойку» the 2."""
    if not reading.slots & {"howmany", "what", "which", "by"}:
        return None
    marks = [each.mark for each in reading.mentions if each.role is not MarkRole.BY and _is_outweighed(reading, each)]
    return min(marks, default=None)


def _is_outweighed(reading: ForecastReading, mention: SaidMark) -> bool:
    before, behind = reading.line[: mention.start], reading.line[mention.end :]
    return bool(_OUTWEIGHS_BEFORE.search(before) or _OUTWEIGHS_BEHIND.match(behind))


def _what_if(reading: ForecastReading) -> Wished:
    marks = tuple(_supposed(reading))[:MOST_SUPPOSED]
    shares = tuple(each.marks for each in reading.of_role(MarkRole.SUPPOSED))
    return Wished(None, marks[0], marks, is_supposed=True, is_heavy=reading.is_heavy, shares=shares)


def _failed(reading: ForecastReading) -> Wished:
    """Of «завалит обе контрольные» a 2 for each; of several subjects one each."""
    count = 2 if "both" in reading.slots and "subject" in reading.slots else 1
    return Wished(
        Wish.FAILED, LOWEST, (LOWEST,) * count, is_supposed=True, is_heavy=reading.is_heavy or not reading.works
    )


def _replaced(reading: ForecastReading) -> Wished:
    """Of «двойку переписать на 4» the 4 in place of the 2; of «без этой двойки» the 2 in place of itself.

    Of «если исправлю двойку» a 5 comes in its place. Where no mark is named the latest or the lowest one is meant: a 5
    comes in its place, or it goes.
    """
    if not reading.mentions:
        old_one = LATEST_OF_ALL if "latest" in reading.slots else LOWEST_OF_ALL
        return Wished(Wish.REPLACED, old_one if reading.name == "removed" else HIGHEST, (old_one,))
    old = next(iter(reading.of_role(MarkRole.REMOVED) or reading.of_role(MarkRole.MENDED) or reading.mentions))
    new = [each for each in reading.mentions if each is not old]
    if reading.name == "removed":
        return Wished(Wish.REPLACED, old.mark, (old.mark,))
    return Wished(Wish.REPLACED, new[0].mark if new else HIGHEST, (old.mark,))


def _mark_of(reading: ForecastReading, text: str) -> Wished:
    """The average that is asked about; the mark that it is to make, the next better one where it is to be reached."""
    average = _average(reading, text)
    if reading.slots & {"pull", "reach", "need", "few", "far", "howmany"}:
        return Wished(Wish.MARK_OF, NEXT_BETTER, average=average)
    marks = [] if "series" in reading.slots else [each.mark for each in reading.mentions]
    return Wished(Wish.MARK_OF, next(iter(marks), None), tuple(marks[1:]), average=average)


def _first_mark(reading: ForecastReading) -> int | None:
    return next((each.mark for each in reading.mentions), None)


def _listed(reading: ForecastReading) -> tuple[int, tuple[int, ...]]:
    """The mark whose subjects are listed; of «какие тройки и двойки» both."""
    marks = tuple(dict.fromkeys(each.mark for each in reading.mentions)) if "mark2" in reading.slots else ()
    return _first_mark(reading) or _honours(reading) or _AT_RISK, marks if "heading" in reading.slots else ()


def _honours(reading: ForecastReading) -> int | None:
    """Of «хорошистка» 4."""
    found = re.search(r"honours(\d)", reading.line)
    return int(found[1]) if found else None


def _honours_either(reading: ForecastReading) -> tuple[int, ...]:
    """Of «отличница или хорошистка» 5 and 4."""
    named = sorted({int(mark) for mark in re.findall(r"honours(\d)", reading.line)}, reverse=True)
    return tuple(named) if len(named) > 1 else ()


def _average(reading: ForecastReading, text: str) -> Fraction:
    """The average that is named, or that of the marks in a row."""
    if found := _AVERAGE.search(text):
        return Fraction(found[0].replace(",", "."))
    marks = [mark for each in reading.mentions for mark in each.marks]
    return Fraction(sum(marks), len(marks))


def _spared(reading: ForecastReading) -> tuple[int, tuple[int, ...]]:
    """Of «сколько двоек можно, чтобы осталась 4» the 4 and the 2, of «сколько двоек до тройки» too."""
    kept = reading.of_role(MarkRole.KEPT, MarkRole.AVOIDED) or reading.of_role(MarkRole.GOAL)
    spoiling = reading.of_role(MarkRole.BY) or [each for each in reading.of_role(*_FALLING) if each not in kept]
    if spoiling and spoiling[0].mark == HIGHEST and not kept:
        kept, spoiling = spoiling[:1], []
    others = kept or [each for each in reading.mentions if each not in spoiling[:1]]
    by = spoiling[0].mark if spoiling else LOWEST
    if not others:
        return NEXT_BETTER, (by,)
    before = reading.line[: others[0].start]
    is_left = others[0].role is MarkRole.AVOIDED and re.search(r"\bso (?:(?!@)\S+ ){0,4}?not\b", before) is not None
    is_fallen_to = others[0].role is MarkRole.GOAL and re.search(r"\bto $", before) is not None
    return min(others[0].mark + (is_left or is_fallen_to), HIGHEST), (by,)


def _not_lost(reading: ForecastReading) -> Wished:
    """Of «не съедет ли на 4» the 5, as long as fours come; of «упадёт ли до двойки» the 3."""
    to = next(each.mark for each in reversed(reading.mentions))
    return Wished(Wish.SPARE, min(to + 1, HIGHEST), (to,))


def _endangered(reading: ForecastReading) -> Wished:
    """Of «пятёрка под угрозой?» how long it holds; a «2» is the danger itself."""
    mark = reading.mentions[0].mark
    return Wished(Wish.SPARE, mark, (LOWEST,)) if mark > LOWEST else _hope(reading)


def _options(reading: ForecastReading) -> Wished:
    """Of «одна 5 за контрольную или две за урок» what stands before and behind «или», each as large works or usual."""
    parts = [list(find_forecast_mark_mentions(part)) for part in reading.line.split(" or ")]
    marks = [tuple(mark for each in part for mark in each.marks) for part in parts]
    heavy = ["control" in part.split() for part in reading.line.split(" or ")]
    options = tuple((each[:MOST_SUPPOSED], is_heavy) for each, is_heavy in zip(marks, heavy, strict=True) if each)
    return Wished(Wish.OPTIONS, options=options)


def _year_of(reading: ForecastReading) -> Wished:
    """Marks of terms; supposed is that of the present one: «если в этой четверти 3»."""
    supposed = tuple(each.mark for each in reading.of_role(MarkRole.SUPPOSED))
    if "series" in reading.slots or not supposed:
        return Wished(Wish.YEAR_OF, None, _all_named(reading))
    return Wished(Wish.YEAR_OF, None, supposed, is_supposed="this" in reading.slots)


def _all_named(reading: ForecastReading) -> tuple[int, ...]:
    return tuple(mark for each in reading.mentions for mark in each.marks)[:MOST_SUPPOSED]


def _enough(reading: ForecastReading) -> tuple[int, tuple[int, ...]]:
    """Of «хватит ли двух пятёрок до 4» the 4 and 5, 5."""
    aims = reading.of_role(MarkRole.AVOIDED, MarkRole.KEPT, MarkRole.GOAL, MarkRole.MENDED)
    if not aims and (reading.slots & {"with", "from", "and", "outcome"} or not reading.slots & {"enough", "outweigh"}):
        aims = reading.of_role(MarkRole.NAMED)[:1]
    if not aims and "outweigh" in reading.slots:
        named = reading.of_role(MarkRole.NAMED)
        aims = [replace(min(named, key=lambda each: each.mark), role=MarkRole.MENDED)] if named else []
    if not aims and "mends" in reading.slots and len(reading.mentions) > 1:
        aims = [replace(min(reading.mentions, key=lambda each: each.mark), role=MarkRole.MENDED)]
    marks = [mark for each in reading.mentions if each.start not in {aim.start for aim in aims} for mark in each.marks]
    return _aimed(aims[0]) if aims else NEXT_BETTER, tuple(marks[:MOST_SUPPOSED])


def _supposed(reading: ForecastReading) -> Iterator[int]:
    """The marks that are supposed to come next, in their order; any where none is said to be."""
    for each in reading.of_role(MarkRole.SUPPOSED) or reading.of_role(MarkRole.BY) or _first_in_a_row(reading):
        yield from each.marks


def _first_in_a_row(reading: ForecastReading) -> Iterator[SaidMark]:
    """The first mark, and those that stand right behind it: «5 и 5»."""
    end = reading.mentions[0].start
    for each in reading.mentions:
        if reading.line[end : each.start].strip() not in {"", "and"}:
            return
        yield each
        end = each.end


def _least_of_all(reading: ForecastReading) -> int:
    if honours := _honours(reading):
        return honours
    if "every" in reading.slots:
        return min(each.mark for each in reading.mentions)
    return _aim(reading) or HIGHEST


def _aim(reading: ForecastReading) -> int | None:
    """The mark that is hoped for; of «сколько пятёрок надо» and «исправлю ли» `NEXT_BETTER`; None where none is."""
    slots, outweighed = reading.slots, _outweighed(reading)
    for role in (MarkRole.AVOIDED, MarkRole.KEPT, MarkRole.GOAL, MarkRole.MENDED, MarkRole.REMOVED):
        if found := [each for each in reading.of_role(role) if each.mark != outweighed]:
            purposes = [each for each in found if re.search(r"\bso ", reading.line[: each.start])]
            return _aimed((purposes or found)[0])
    named = [each for each in reading.mentions if each.role is not MarkRole.BY]
    if honours := _honours(reading):
        return honours
    is_told = named and reading.of_role(MarkRole.BY) and "now" not in slots
    if "outweigh" in slots or ("howmany" in slots and not is_told):
        return NEXT_BETTER
    if not named:
        return NEXT_BETTER if slots & _MENDING else None
    if "between" in slots:
        return named[-1].mark
    return min(named[0].mark + 1, HIGHEST) if "pull" in slots else named[0].mark


def _aimed(mention: SaidMark) -> int:
    """The mark itself, or the next better one where it is to be avoided or mended."""
    is_left = mention.role in {MarkRole.AVOIDED, MarkRole.MENDED, MarkRole.REMOVED}
    return min(mention.mark + is_left, HIGHEST)


def _by(reading: ForecastReading) -> tuple[int, ...]:
    """The mark by which the one hoped for is to be reached: of «сколько четвёрок надо» 4; () for fives."""
    marks = [each.mark for each in reading.of_role(MarkRole.BY) if LOWEST < each.mark < HIGHEST]
    return tuple(marks[:1])


def read_forecast_final(text: str) -> Final | None:
    """The final mark that is asked for: «годовая», «за полугодие»; None for the present term's."""
    if _YEAR.search(text):
        return Final.YEAR
    return Final.HALF_YEAR if _HALF_YEAR.search(text) else None


_WISHES: Mapping[str, Callable[[ForecastReading], Wished]] = {
    "aim": _hope,
    "outlook": _hope,
    "options": _options,
    "lessons": lambda reading: Wished(None, _aim(reading)),
    "why": lambda _: Wished(Wish.WHY),
    "either": lambda reading: Wished(Wish.EITHER, None, _all_named(reading)),
    "year_of": _year_of,
    "lost": _not_lost,
    "kept": _endangered,
    "limits": lambda reading: Wished(Wish.LIMITS, _aim(reading)),
    "what_if": _what_if,
    "failed": _failed,
    "spare": lambda reading: Wished(Wish.SPARE, *_spared(reading)),
    "enough": lambda reading: Wished(Wish.ENOUGH, *_enough(reading), is_heavy=reading.is_heavy),
    "still": lambda reading: Wished(Wish.STILL, *_enough(reading)),
    "always": lambda reading: Wished(Wish.ALWAYS, next(_supposed(reading), None)),
    "which": lambda reading: Wished(Wish.WHICH, *_listed(reading)),
    "all": lambda reading: Wished(Wish.ALL, _least_of_all(reading), _honours_either(reading)),
    "nearest": lambda reading: Wished(Wish.NEAREST, _aim(reading) or NEXT_BETTER),
    "replaced": _replaced,
    "removed": _replaced,
}
"""What a kind wishes; one that is not here wishes what its name says."""
