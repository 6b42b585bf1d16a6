"""The subjects in which the marks that are asked for come out (R4)."""

from collections.abc import Iterator, Sequence

from bot.questions.kinds import Asked
from bot.screens.forecast.wishes import YEAR, ForecastWishScales, term_of_forecast_wish
from bot.screens.forecast.words import (
    forecast_screen_coming,
    forecast_screen_percent,
    forecast_screen_today_words,
    forecast_screen_verdict_words,
)
from bot.screens.frame import ScreenFrame
from bot.screens.screen import screen_bold, screen_text
from core.model.forecast import Forecast
from core.rules.forecast.advice import coming_mark_for_advice
from core.rules.forecast.exact import exact_mark_of_average


def forecast_listing_lines(
    marks: Sequence[int],
    forecasts: Sequence[Forecast],
    shown: Sequence[Forecast],
    frame: ScreenFrame,
    scales: ForecastWishScales,
) -> Iterator[str]:
    """The subjects of each mark that is asked for, all in the first line; then what may still change."""
    coming = {mark: _coming_with(mark, shown, frame) for mark in marks}
    lines = {mark: [*_subjects_with(mark, forecasts, coming[mark], frame, scales)] for mark in marks}
    is_split = any(coming.values())
    first = [lines[mark].pop(0) for mark in marks if lines[mark] and (coming[mark] or not is_split)]
    yield " ".join(first)
    yield from dict.fromkeys(line for mark in marks for line in lines[mark] if line not in first)


def _coming_with(mark: int, shown: Sequence[Forecast], frame: ScreenFrame) -> Sequence[Forecast]:
    return [each for each in shown if forecast_screen_coming(frame, each) == mark]


def _subjects_with(
    mark: int, forecasts: Sequence[Forecast], shown: Sequence[Forecast], frame: ScreenFrame, scales: ForecastWishScales
) -> Iterator[str]:
    """The subjects in which the mark comes out, their number first if asked; those where today's average differs."""
    t, is_of_term = frame.t, term_of_forecast_wish(frame) != YEAR
    differing = [each for each in forecasts if is_of_term and _differs(each, mark, scales)]
    so_far = [each for each in differing if each not in shown]
    words = screen_bold(f"«{mark}»")
    today = ", ".join(screen_text(each.subject) for each in _few_with(mark, forecasts, scales))
    if shown:
        also = [t("forecast.and_today", subjects=today)] if today and is_of_term else []
        yield " ".join([_come_out(shown, words, frame, is_of_term=is_of_term), *also])
    elif today:
        yield t("forecast.few_with", mark=words, subjects=today)
    elif frame.asked is Asked.COUNT:
        yield t("forecast.count_none", mark=words)
    elif not so_far:
        yield t("forecast.which_none", mark=words)
    if differing:
        both = "; ".join(_now_and_later(each, frame, scales) for each in differing)
        is_answer = frame.asked is Asked.WHETHER and not shown
        yield t("forecast.rather_no", answer=both) if is_answer else t("forecast.differs", subjects=both)
    chances = [
        (each.subject, forecast_screen_percent(each, mark))
        for each in forecasts
        if each not in [*shown, *differing] and each.set_mark is None
    ]
    less = ", ".join(f"{screen_text(name)} ({percent} %)" for name, percent in chances if percent and is_of_term)
    if less:
        yield t("forecast.less_likely", subjects=less)


def _come_out(shown: Sequence[Forecast], mark: str, frame: ScreenFrame, *, is_of_term: bool) -> str:
    """««4» скорее всего: История (выставлена), Физика»; a mark that stands everywhere is no likely one."""
    are_set = is_of_term and all(each.set_mark for each in shown)
    set_one = "" if are_set or not is_of_term else frame.t("forecast.set_aside")
    named = ", ".join(f"{screen_text(each.subject)}{set_one if each.set_mark else ''}" for each in shown)
    if frame.asked is Asked.COUNT:
        key = "forecast.count_set" if are_set else "forecast.count"
        return frame.t(key, len(shown), mark=mark, subjects=named)
    which = frame.t("forecast.which_set" if are_set else "forecast.which", mark=mark, subjects=named)
    return frame.t("forecast.yes", answer=which) if frame.asked is Asked.WHETHER else which


def _few_with(mark: int, forecasts: Sequence[Forecast], scales: ForecastWishScales) -> Sequence[Forecast]:
    """The subjects with too few marks for a forecast whose average makes this mark today."""
    return [
        each
        for each in forecasts
        if coming_mark_for_advice(each) is None
        and each.average is not None
        and exact_mark_of_average(each.average, scales.thresholds) == mark
    ]


def _differs(each: Forecast, mark: int, scales: ForecastWishScales) -> bool:
    """Whether the mark comes out but is not today's, or the other way round."""
    coming = coming_mark_for_advice(each)
    if coming is None or each.average is None or each.set_mark is not None:
        return False
    return (coming == mark) != (exact_mark_of_average(each.average, scales.thresholds) == mark)


def _now_and_later(each: Forecast, frame: ScreenFrame, scales: ForecastWishScales) -> str:
    later = frame.t(
        "forecast.now_and_later",
        now=forecast_screen_today_words(each, scales, frame.t),
        later=forecast_screen_verdict_words(each, frame.t),
    )
    return f"{screen_text(each.subject)} – {later}"
