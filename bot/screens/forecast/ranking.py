"""The subjects by their averages: which one stands worst, which best (Q41)."""

from collections.abc import Iterator, Sequence

from bot.screens.forecast.wishes import BEST, WORST, Scales, aimed_mark, wished_by_name
from bot.screens.forecast.words import aim_words, average_words, chance_words, percent_of
from bot.screens.frame import Frame
from bot.screens.screen import bold, plain_text
from core.model.forecast import HIGHEST, Forecast
from core.ports import Translator
from core.rules.forecast.advice import coming_mark, possible_works, usual_kind
from core.rules.forecast.exact import Reach, marks_needed, reach_of

MOST_NAMED = 3
"""Subjects that the first line names, from one end."""


def ranked(forecasts: Sequence[Forecast], end: int) -> Sequence[Forecast]:
    """The subjects with marks, from the lowest average on; the best first where the best are asked for."""
    sign = -1 if end == BEST else 1
    known = [(sign * each.average, each.subject, each) for each in forecasts if each.average is not None]
    return [each for _, _, each in sorted(known, key=lambda row: row[:2])]


def ranking_lines(end: int, forecasts: Sequence[Forecast], t: Translator) -> Iterator[str]:
    """«Хуже всего: Геометрия (2,50), дальше Биология (3,33)»; of both ends a line that names one subject of each."""
    if end in {WORST, BEST}:
        first, *others = [_named(each, t) for each in ranked(forecasts, end)[:MOST_NAMED]] or [""]
        if first:
            rest = t("forecast.ranked_next", subjects=", ".join(others)) if others else ""
            yield t("forecast.weakest" if end == WORST else "forecast.strongest", subject=bold(first), rest=rest)
        return
    for best, worst in zip(ranked(forecasts, BEST)[:1], ranked(forecasts, WORST)[:1], strict=True):
        yield t("forecast.ranking", best=bold(_named(best, t)), worst=bold(_named(worst, t)))


def _named(each: Forecast, t: Translator) -> str:
    """«Геометрия (2,50)»."""
    return f"{plain_text(each.subject)} ({average_words(each.average, t)})" if each.average is not None else ""


def nearest_first(forecasts: Sequence[Forecast], frame: Frame, scales: Scales) -> Sequence[Forecast]:
    """The subjects that the question names, else those that still lack the mark, by what it takes to it."""
    compared = frame.question.subjects if frame.question else ()
    asked = [each for each in forecasts if (each.subject in compared if compared else _lacks(each, frame, scales))]
    return sorted(asked, key=lambda each: (_distance(each, frame, scales), each.subject))


def nearest_line(shown: Sequence[Forecast], frame: Frame, scales: Scales) -> str:
    """«Ближе всего к «4»: Физика (до «4» – 1 пятёрка), дальше…»; the chance behind it where it is another mark's."""
    t, mark = frame.t, wished_by_name(frame)
    named = [_with_way(each, frame, scales) for each in shown if each.average is not None][:MOST_NAMED]
    if not named:
        return t("forecast.nearest_none")
    rest = t("forecast.ranked_next", subjects=", ".join(named[1:])) if named[1:] else ""
    aim = bold(f"«{mark}»") if mark else t("forecast.next_mark")
    return t("forecast.nearest", aim=aim, subject=bold(named[0]), rest=rest)


def needed_fives(each: Forecast, mark: int, scales: Scales) -> int:
    """How many fives of the usual kind it takes."""
    kind = usual_kind(each.term)
    weight = kind.weight if kind is not None else each.scale
    return marks_needed(each.term.marked, scales.least(mark), mark=HIGHEST, weight=weight) or 0


def is_open(each: Forecast, mark: int, scales: Scales) -> bool:
    """Whether the mark is not there yet and can still be reached."""
    return each.average is not None and each.set_mark is None and _reach(each, mark, scales) is Reach.OPEN


def _reach(each: Forecast, mark: int, scales: Scales) -> Reach:
    return reach_of(each.term.marked, possible_works(each), scales.least(mark), lowest=scales.lowest)


def _lacks(each: Forecast, frame: Frame, scales: Scales) -> bool:
    """Whether the mark that is hoped for can be reached and does not come by itself."""
    mark = aimed_mark(frame, each, scales)
    coming = coming_mark(each)
    return mark is not None and is_open(each, mark, scales) and (coming is None or coming < mark)


def _distance(each: Forecast, frame: Frame, scales: Scales) -> tuple[bool, int]:
    mark = aimed_mark(frame, each, scales)
    if mark is None or each.average is None:
        return True, 0
    return _reach(each, mark, scales) is Reach.IMPOSSIBLE, needed_fives(each, mark, scales)


def _with_way(each: Forecast, frame: Frame, scales: Scales) -> str:
    mark = aimed_mark(frame, each, scales)
    if mark is None:
        return plain_text(each.subject)
    chance = f", {chance_words(each, mark, frame.t)}" if percent_of(each, mark) else ""
    return f"{plain_text(each.subject)} ({aim_words(each, mark, scales, frame.t)}{chance})"
