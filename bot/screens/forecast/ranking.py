"""The subjects by their averages: which one stands worst, which best (Q41)."""

from collections.abc import Iterator, Sequence

from bot.screens.forecast.wishes import BEST, WORST, ForecastWishScales, aimed_mark_of_wish, wished_by_name
from bot.screens.forecast.words import (
    forecast_screen_aim_words,
    forecast_screen_average_words,
    forecast_screen_chance_words,
    forecast_screen_percent,
    forecast_screen_reach,
)
from bot.screens.frame import ScreenFrame
from bot.screens.screen import screen_bold, screen_text
from core.model.forecast import HIGHEST, Forecast
from core.ports import Translator
from core.rules.forecast.advice import coming_mark_for_advice, usual_kind_for_advice
from core.rules.forecast.exact import Reach, exact_marks_needed

MOST_NAMED = 5
"""Subjects that the first line names, from one end."""


def forecast_screen_ranking(forecasts: Sequence[Forecast], end: int) -> Sequence[Forecast]:
    """The subjects with marks, from the lowest average on; the best first where the best are asked for."""
    sign = -1 if end == BEST else 1
    known = [(sign * each.average, each.subject, each) for each in forecasts if each.average is not None]
    return [each for _, _, each in sorted(known, key=lambda row: row[:2])]


def forecast_screen_ranking_lines(end: int, forecasts: Sequence[Forecast], t: Translator) -> Iterator[str]:
    """«Хуже всего: Геометрия (2,50), дальше Биология (3,33)»; of both ends a line that names one subject of each."""
    if end in {WORST, BEST}:
        first, *others = [_named(each, t) for each in forecast_screen_ranking(forecasts, end)[:MOST_NAMED]] or [""]
        if first:
            rest = t("forecast.ranked_next", subjects=", ".join(others)) if others else ""
            yield t("forecast.weakest" if end == WORST else "forecast.strongest", subject=screen_bold(first), rest=rest)
        return
    for best, worst in zip(
        forecast_screen_ranking(forecasts, BEST)[:1], forecast_screen_ranking(forecasts, WORST)[:1], strict=True
    ):
        yield t("forecast.ranking", best=screen_bold(_named(best, t)), worst=screen_bold(_named(worst, t)))


def _named(each: Forecast, t: Translator) -> str:
    """«Геометрия (2,50)»."""
    return (
        f"{screen_text(each.subject)} ({forecast_screen_average_words(each.average, t)})"
        if each.average is not None
        else ""
    )


def nearest_in_screen_ranking(
    forecasts: Sequence[Forecast], frame: ScreenFrame, scales: ForecastWishScales
) -> Sequence[Forecast]:
    """The subjects that the question names, else those that still lack the mark, by what it takes to it."""
    compared = frame.question.subjects if frame.question else ()
    asked = [each for each in forecasts if (each.subject in compared if compared else _lacks(each, frame, scales))]
    return sorted(asked, key=lambda each: (_distance(each, frame, scales), each.subject))


def nearest_screen_ranking_line(shown: Sequence[Forecast], frame: ScreenFrame, scales: ForecastWishScales) -> str:
    """«Ближе всего к «4»: Физика (до «4» – 1 пятёрка), дальше…»; the chance behind it where it is another mark's."""
    t, mark = frame.t, wished_by_name(frame)
    named = [_with_way(each, frame, scales) for each in shown if each.average is not None][:MOST_NAMED]
    if not named:
        return t("forecast.nearest_none")
    rest = t("forecast.ranked_next", subjects=", ".join(named[1:])) if named[1:] else ""
    aim = screen_bold(f"«{mark}»") if mark else t("forecast.next_mark")
    return t("forecast.nearest", aim=aim, subject=screen_bold(named[0]), rest=rest)


def screen_ranking_needed_fives(each: Forecast, mark: int, scales: ForecastWishScales) -> int:
    """How many fives of the usual kind it takes."""
    kind = usual_kind_for_advice(each.term)
    weight = kind.weight if kind is not None else each.scale
    return exact_marks_needed(each.term.marked, scales.least(mark), mark=HIGHEST, weight=weight) or 0


def is_open_in_screen_ranking(each: Forecast, mark: int, scales: ForecastWishScales) -> bool:
    """Whether the mark is not there yet and can still be reached."""
    return (
        each.average is not None and each.set_mark is None and forecast_screen_reach(each, mark, scales) is Reach.OPEN
    )


def is_lost_in_screen_ranking(each: Forecast, mark: int, scales: ForecastWishScales) -> bool:
    """Whether the mark can no longer be reached."""
    is_known = each.average is not None and each.set_mark is None
    return is_known and forecast_screen_reach(each, mark, scales) is Reach.IMPOSSIBLE


def _lacks(each: Forecast, frame: ScreenFrame, scales: ForecastWishScales) -> bool:
    """Whether the mark that is hoped for can be reached and does not come by itself."""
    mark = aimed_mark_of_wish(frame, each, scales)
    coming = coming_mark_for_advice(each)
    return mark is not None and is_open_in_screen_ranking(each, mark, scales) and (coming is None or coming < mark)


def _distance(each: Forecast, frame: ScreenFrame, scales: ForecastWishScales) -> tuple[bool, int]:
    mark = aimed_mark_of_wish(frame, each, scales)
    if mark is None or each.average is None:
        return True, 0
    return forecast_screen_reach(each, mark, scales) is Reach.IMPOSSIBLE, screen_ranking_needed_fives(
        each, mark, scales
    )


def _with_way(each: Forecast, frame: ScreenFrame, scales: ForecastWishScales) -> str:
    mark = aimed_mark_of_wish(frame, each, scales)
    if mark is None:
        return screen_text(each.subject)
    chance = f", {forecast_screen_chance_words(each, mark, frame.t)}" if forecast_screen_percent(each, mark) else ""
    return f"{screen_text(each.subject)} ({forecast_screen_aim_words(each, mark, scales, frame.t)}{chance})"
