"""Whether no subject comes out below a mark: «без троек», «отличница», and where a mark can still be reached (Q48)."""

from collections.abc import Iterator, Sequence

from bot.questions.kinds import Asked
from bot.screens.forecast.ranking import (
    is_lost_in_screen_ranking,
    is_open_in_screen_ranking,
    screen_ranking_needed_fives,
)
from bot.screens.forecast.wishes import ForecastWishScales
from bot.screens.forecast.words import forecast_screen_coming
from bot.screens.frame import ScreenFrame
from bot.screens.screen import screen_bold, screen_text
from core.model.forecast import Forecast
from core.rules.forecast.advice import coming_mark_for_advice
from core.rules.forecast.exact import exact_mark_of_average


def honours_screen_line(
    least: int, forecasts: Sequence[Forecast], shown: Sequence[Forecast], frame: ScreenFrame, scales: ForecastWishScales
) -> str:
    """Whether no subject comes out below the mark; of too few marks for a forecast those of today count."""
    t = frame.t
    if frame.question is not None and frame.question.marks:
        return _which_honours(frame.question.marks, forecasts, frame, scales)
    if frame.asked is Asked.CAN and (barred := _barred(forecasts, least, frame, scales)):
        return barred
    few = ", ".join(screen_text(each.subject) for each in forecasts if is_below_today_on_screen(each, least, scales))
    if not shown:
        return t("forecast.all_but_today", mark=least, subjects=few) if few else t("forecast.all_are", mark=least)
    below = ", ".join(_with_coming_mark(frame, each) for each in shown)
    not_all = (
        t("forecast.all_set_below", mark=least, subjects=below)
        if all(each.set_mark for each in shown)
        else t("forecast.not_all", len(shown), mark=least, subjects=below)
    )
    ways = () if frame.asked is Asked.WHETHER else reachable_screen_lines(shown, least, frame, scales)
    return " ".join([not_all, *([t("forecast.and_today", subjects=few)] if few else []), *ways])


def _with_coming_mark(frame: ScreenFrame, each: Forecast) -> str:
    return f"{screen_text(each.subject)} ({forecast_screen_coming(frame, each)})"


def _barred(forecasts: Sequence[Forecast], least: int, frame: ScreenFrame, scales: ForecastWishScales) -> str:
    """Where the mark can no longer be reached; without lessons the teacher may still let something be handed in."""
    below = [
        f"{screen_text(each.subject)} ({each.set_mark})"
        for each in forecasts
        if (each.set_mark or "").isdecimal() and int(each.set_mark or 0) < least
    ]
    if below:
        return frame.t("forecast.all_set_below", mark=least, subjects=", ".join(below))
    if lost := _lost([each for each in forecasts if each.lessons_left], least, frame, scales):
        return frame.t("forecast.no", answer=lost)
    late = [screen_text(each.subject) for each in forecasts if is_lost_in_screen_ranking(each, least, scales)]
    return frame.t("forecast.all_by_teacher", mark=least, subjects=", ".join(late)) if late else ""


def _which_honours(
    marks: Sequence[int], forecasts: Sequence[Forecast], frame: ScreenFrame, scales: ForecastWishScales
) -> str:
    """Of «отличница или хорошистка» the better one that no subject stands against."""
    t, against = frame.t, {mark: _subjects_below(mark, forecasts, frame, scales) for mark in marks}
    best = next((mark for mark in marks if not against[mark]), None)
    if best is None:
        return t("forecast.honours_none", mark=min(marks), subjects=against[min(marks)])
    better = next((mark for mark in reversed(marks) if mark > best), None)
    if better is None:
        return t("forecast.honours_best", mark=best)
    return t("forecast.honours", mark=best, better=better, subjects=against[better])


def _subjects_below(mark: int, forecasts: Sequence[Forecast], frame: ScreenFrame, scales: ForecastWishScales) -> str:
    def is_below(each: Forecast) -> bool:
        return is_below_today_on_screen(each, mark, scales) or (forecast_screen_coming(frame, each) or mark) < mark

    return ", ".join(screen_text(each.subject) for each in forecasts if is_below(each))


def is_below_today_on_screen(each: Forecast, least: int, scales: ForecastWishScales) -> bool:
    """Of too few marks for a forecast: whether their average makes a worse mark today."""
    if coming_mark_for_advice(each) is not None or each.average is None:
        return False
    return exact_mark_of_average(each.average, scales.thresholds) < least


def reachable_screen_lines(
    forecasts: Sequence[Forecast], mark: int, frame: ScreenFrame, scales: ForecastWishScales
) -> Iterator[str]:
    """Where the mark can still be reached, and where it no longer can."""
    open_ones = sorted(
        (screen_ranking_needed_fives(each, mark, scales), each.subject)
        for each in forecasts
        if is_open_in_screen_ranking(each, mark, scales)
    )
    named = [f"{screen_text(name)} ({frame.t('forecast.needed.5', count)})" for count, name in open_ones]
    if named:
        yield frame.t("forecast.reachable", mark=screen_bold(f"«{mark}»"), subjects=", ".join(named))
    yield from filter(None, [_lost(forecasts, mark, frame, scales)])


def standing_screen_line(
    forecasts: Sequence[Forecast], mark: int, frame: ScreenFrame, scales: ForecastWishScales
) -> str:
    """«„5“ сейчас выходит: Математика, История.»: where it is set, or today's average makes it; "" without any."""

    def stands(each: Forecast) -> bool:
        if each.set_mark is not None:
            return each.set_mark == str(mark)
        return each.average is not None and exact_mark_of_average(each.average, scales.thresholds) == mark

    named = ", ".join(screen_text(each.subject) for each in forecasts if stands(each))
    return frame.t("forecast.standing", mark=screen_bold(f"«{mark}»"), subjects=named) if named else ""


def _lost(forecasts: Sequence[Forecast], mark: int, frame: ScreenFrame, scales: ForecastWishScales) -> str:
    lost = [screen_text(each.subject) for each in forecasts if is_lost_in_screen_ranking(each, mark, scales)]
    return frame.t("forecast.out_of_reach", mark=screen_bold(f"«{mark}»"), subjects=", ".join(lost)) if lost else ""
