"""Which of several supposed marks helps most: «одна 5 за контрольную или две за урок» (Q43, Q110)."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from bot.screens.forecast.wishes import ForecastWishScales
from bot.screens.forecast.words import (
    forecast_screen_average_words,
    forecast_screen_supposed_words,
)
from bot.screens.frame import ScreenFrame
from bot.screens.screen import screen_bold
from core.model.forecast import Forecast
from core.rules.forecast.advice import AdviceSupposition, suppose_marks_for_advice
from core.rules.forecast.exact import exact_average_of_works, exact_mark_of_average


def forecast_screen_options(frame: ScreenFrame, each: Forecast, scales: ForecastWishScales) -> str:
    """«Сильнее всего: 5 (контрольная, вес 20) – средний балл 3,86, это 4; 5, 5 (ответ, вес 10) – 3,86, это 4»."""
    options = sorted(_averages(frame, each), key=lambda option: -option[0])
    named = [
        frame.t(
            "forecast.option",
            marks=words,
            average=screen_bold(forecast_screen_average_words(average, frame.t)),
            mark=exact_mark_of_average(average, scales.thresholds),
        )
        for average, words in options
    ]
    is_alike = len({average for average, _ in options}) == 1
    return frame.t("forecast.options_alike" if is_alike else "forecast.options", options="; ".join(named))


def _averages(frame: ScreenFrame, each: Forecast) -> Iterator[tuple[Fraction, str]]:
    """The average with each of them, and their words."""
    for marks, is_heavy in frame.question.options if frame.question else ():
        supposed = AdviceSupposition(marks[0], is_heavy=is_heavy, more=marks[1:])
        after = replace(each, term=suppose_marks_for_advice(each.term, supposed))
        average = exact_average_of_works(after.term.marked)
        yield average, forecast_screen_supposed_words(after, supposed, frame.t)
