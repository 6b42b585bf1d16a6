"""Subjects in which a mark comes out: set ones are told apart from likely ones and from those of today (Q110)."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from bot.questions.kinds import Asked
from bot.questions.model import Intent, Question, Wish
from bot.screens.forecast.listing import forecast_listing_lines
from bot.screens.forecast.wishes import ForecastWishScales
from core.model.forecast import Forecast, ForecastTerm
from tests.support.conversation.screens import TODAY, frame

SCALES = ForecastWishScales((Fraction(13, 5), Fraction(18, 5), Fraction(23, 5)))
FOUR = (0.0, 0.1, 0.9, 0.0)
BARE = Forecast(
    7, "Белова Анна", 1, "8Б", 1, "История", "1 четверть", TODAY - timedelta(days=30), TODAY + timedelta(days=9), TODAY,
    ForecastTerm("История", ()), 1, 10, Fraction(4), None,
)  # fmt: skip
FEW, SET = BARE, replace(BARE, subject_id=2, subject="Русский язык", set_mark="4")
LIKELY = replace(BARE, subject_id=3, subject="Физика", chances=FOUR)


@pytest.mark.parametrize(
    ("asked", "forecasts", "line"),
    [
        (Asked.COUNT, (SET,), "1 предмет: Русский язык – «4» уже выставлена."),
        (None, (SET, FEW), "«4» уже выставлена: Русский язык. По сегодняшним оценкам ещё: История, там мало данных."),
        (Asked.COUNT, (SET, LIKELY), "2 предмета: Русский язык (уже выставлена), Физика – скорее всего «4»."),
        (None, (LIKELY,), "«4» скорее всего: Физика."),
        (None, (FEW,), "По прогнозу «4» нигде не выходит, но мало данных; по сегодняшним оценкам «4»: История."),
    ],
)
def test_a_set_mark_is_no_likely_one(asked: Asked | None, forecasts: tuple[Forecast, ...], line: str) -> None:
    """«сколько четвёрок выходит» counts set ones as such, and those of today beside them."""
    question = Question(Intent.FORECAST, wish=Wish.WHICH, mark=4, asked=asked)
    shown = [each for each in forecasts if each is not FEW]
    first, *_ = forecast_listing_lines([4], forecasts, shown, frame("forecast", question=question), SCALES)
    assert "".join(letter for letter in first if letter.isprintable()).replace("<b>", "").replace("</b>", "") == line
