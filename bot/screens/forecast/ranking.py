"""The subjects by their averages: which one stands worst, which best (Q41)."""

from collections.abc import Iterator, Sequence

from bot.screens.forecast.wishes import BEST, WORST
from bot.screens.forecast.words import average_words
from bot.screens.screen import bold, plain_text
from core.model.forecast import Forecast
from core.ports import Translator

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
