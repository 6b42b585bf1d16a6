"""What is said before a forecast: why it is so, which mark an average makes, н/а, weights, another term."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from bot.questions.forecast.reading import NEXT_BETTER
from bot.questions.kinds import Asked
from bot.questions.model import Wish
from bot.screens.dates import screen_date
from bot.screens.forecast.wishes import ForecastWishScales, mark_toward_forecast_wish
from bot.screens.forecast.words import (
    capitalised_forecast_screen_words,
    forecast_screen_average_words,
    forecast_screen_supposed_words,
    forecast_screen_verdict_words,
    forecast_screen_weight_words,
)
from bot.screens.frame import ScreenFrame
from bot.screens.screen import screen_bold, screen_text
from core.model.forecast import HIGHEST, LEAST_MARKS, LOWEST, Forecast
from core.rules.forecast.advice import (
    AdviceSupposition,
    coming_mark_for_advice,
    likeliest_mark_for_advice,
    suppose_marks_for_advice,
    usual_kind_for_advice,
)
from core.rules.forecast.exact import exact_average_of_works, exact_mark_of_average, exact_marks_needed
from core.rules.forecast.years import forecast_year_range
from core.rules.results.terms import term_key


def asides(frame: ScreenFrame, each: Forecast, scales: ForecastWishScales, *, is_of_one: bool) -> Iterator[str]:
    """The sentences that stand before the forecast; `is_of_one`: it is that of one subject."""
    question = frame.question
    if question is None:
        return
    if question.term and term_key(each.period) != question.term and question.wish is not Wish.EARLIER:
        yield _other_term(frame, question.term)
    if question.average is not None and question.mark == NEXT_BETTER and is_of_one and each.average is not None:
        yield _toward_average(frame, each, question.average)
    elif question.average is not None:
        yield _mark_of(frame, question.average, scales, wanted=None if question.marks else question.mark)
    if question.wish in _OF_WISH and (is_of_one or question.wish in _OF_ALL):
        yield from filter(None, [_OF_WISH[question.wish](frame, each, scales)])
    if is_reason_asked(frame):
        yield _why(frame, each, scales) if is_of_one else _why_all(frame, scales)


def asides_behind(frame: ScreenFrame, each: Forecast) -> Iterator[str]:
    """«Без «2» средний балл был бы 3,67…»: how many marks bring back what the latest such mark took."""
    mark = frame.question.outweighed if frame.question else None
    if mark is None:
        return
    without = suppose_marks_for_advice(each.term, AdviceSupposition(mark, instead=mark))
    kind, by = usual_kind_for_advice(each.term), mark_toward_forecast_wish(frame)
    if kind is None or each.set_mark is not None or without == each.term or not without.marked:
        return
    average = exact_average_of_works(without.marked)
    count = exact_marks_needed(each.term.marked, average, mark=by, weight=kind.weight)
    named, before = screen_bold(f"«{mark}»"), forecast_screen_average_words(average, frame.t)
    if count is None:
        yield frame.t("forecast.outweigh_never", mark=named, average=before)
        return
    marks = screen_bold(frame.t(f"forecast.needed.{by}", count))
    yield frame.t("forecast.outweigh", mark=named, average=before, marks=marks)


def is_reason_asked(frame: ScreenFrame) -> bool:
    """Whether the question is why the forecast is so, or what it rests on."""
    question = frame.question
    if question is None or question.wish is Wish.WHY:
        return question is not None
    return frame.asked is Asked.WHY and question.wish is None and question.mark is None


def _year_of(frame: ScreenFrame, each: Forecast, _: ForecastWishScales) -> str:
    """«Год: 4 при итоговых 3, 4, 4 и нынешней 3»: the marks that were named, one alone beside those that are set."""
    named = frame.question.marks if frame.question else ()
    is_present = frame.question is not None and frame.question.is_supposed
    coming = () if is_present else tuple(filter(None, [coming_mark_for_advice(each)]))
    known = [*(named if len(named) > 1 else (*each.earlier, *named)), *coming]
    left = max(len(each.earlier) + 1 + each.later - len(known), 0)
    worst, best = (screen_bold(str(mark)) for mark in forecast_year_range(known, left))
    key = "forecast.year_of" if worst == best else "forecast.year_between"
    return frame.t(key, marks=", ".join(map(str, known)), worst=worst, best=best)


def _other_term(frame: ScreenFrame, term: str) -> str:
    is_ahead = frame.look.since is not None and frame.look.since > frame.today
    return frame.t("forecast.term_ahead" if is_ahead else "forecast.term_over", period=term)


def _mark_of(frame: ScreenFrame, average: Fraction, scales: ForecastWishScales, *, wanted: int | None) -> str:
    """«Да: средний балл 4,50 – это 4, для «5» нужно от 4,60.»."""
    t, mark = frame.t, exact_mark_of_average(average, scales.thresholds)
    said = t(
        "forecast.mark_of", average=screen_bold(forecast_screen_average_words(average, t)), mark=screen_bold(str(mark))
    )
    if mark < HIGHEST:
        said += t(
            "forecast.mark_of_next", mark=mark + 1, least=forecast_screen_average_words(scales.least(mark + 1), t)
        )
    if wanted is None or wanted < LOWEST or frame.asked is None:
        return capitalised_forecast_screen_words(f"{said}.")
    return t("forecast.yes" if mark >= wanted else "forecast.no", answer=f"{said}.")


def _toward_average(frame: ScreenFrame, each: Forecast, wanted: Fraction) -> str:
    """«До среднего балла 4,50 – 3 пятёрки.»: marks for usual works; few or many lessons may be left for them."""
    t, by, kind = frame.t, mark_toward_forecast_wish(frame), usual_kind_for_advice(each.term)
    named = screen_bold(forecast_screen_average_words(wanted, t))
    if each.average is not None and each.average >= wanted:
        return t("forecast.average_reached", average=named)
    count = exact_marks_needed(each.term.marked, wanted, mark=by, weight=kind.weight) if kind else None
    if count is None:
        return t("forecast.average_never", average=named, mark=by)
    marks = screen_bold(t(f"forecast.needed.{by}", count))
    if count > each.lessons_left:
        lessons = t("forecast.lessons", each.lessons_left)
        return t("forecast.average_needs_more", average=named, marks=marks, lessons=lessons)
    return t("forecast.average_needs", average=named, marks=marks)


def _why(frame: ScreenFrame, each: Forecast, scales: ForecastWishScales) -> str:
    """The average, what it makes, what the next mark takes, and what is still to come (Q51)."""
    t = frame.t
    if each.average is None:
        return _why_all(frame, scales)
    works = t("forecast.works", len(each.term.left)) if each.term.left else t("forecast.no_works")
    average = _mark_of(frame, each.average, scales, wanted=None)
    if each.set_mark is not None:
        return f"{capitalised_forecast_screen_words(t('forecast.set', mark=screen_bold(each.set_mark)))}. {average}"
    if likeliest_mark_for_advice(each) is None:
        return f"{average} {capitalised_forecast_screen_words(forecast_screen_verdict_words(each, t))}."
    return t("forecast.why", average=average, works=works, verdict=forecast_screen_verdict_words(each, t))


def _weights(frame: ScreenFrame, each: Forecast, _: ForecastWishScales) -> str:
    """«Контрольная работа – 2, ответ на уроке – 1»: the kinds of work, the heaviest first."""
    kinds = {work.kind for work in each.term.marked} | {*each.term.left}
    heaviest = sorted(kinds, key=lambda kind: (-kind.weight, kind.name))
    named = [
        f"{screen_text(kind.name) or '–'} – {forecast_screen_weight_words(kind.weight, each.scale, frame.t)}"
        for kind in heaviest
    ]
    return frame.t("forecast.weights", kinds=", ".join(named)) if named else ""


def _works_left(frame: ScreenFrame, each: Forecast, _: ForecastWishScales) -> str:
    """«До конца периода 1 контрольная: 18.12»; the lessons where none is announced."""
    lessons = frame.t("forecast.lessons", each.lessons_left)
    if not each.announced:
        return frame.t("forecast.no_announced", lessons=lessons)
    days = ", ".join(screen_date(work.on) for work in each.announced)
    return frame.t("forecast.announced_left", len(each.announced), days=days, lessons=lessons)


def _marks_left(frame: ScreenFrame, each: Forecast, _: ForecastWishScales) -> str:
    """«До конца периода ещё около 4 оценок, 7 уроков»."""
    works = frame.t("forecast.works", len(each.term.left)) if each.term.left else frame.t("forecast.no_works")
    return frame.t("forecast.marks_left", works=works, lessons=frame.t("forecast.lessons", each.lessons_left))


def _limits(frame: ScreenFrame, scales: ForecastWishScales) -> str:
    """The least average of each mark: «3» от 2,60, «4» от 3,60."""
    return ", ".join(
        frame.t("forecast.limit", mark=mark, least=forecast_screen_average_words(scales.least(mark), frame.t))
        for mark in range(LOWEST + 1, HIGHEST + 1)
    )


def _why_all(frame: ScreenFrame, scales: ForecastWishScales) -> str:
    """What a forecast rests on, and when there is one."""
    return frame.t("forecast.why_all", limits=_limits(frame, scales), least=LEAST_MARKS)


def _next_term(frame: ScreenFrame, each: Forecast, _: ForecastWishScales) -> str:
    return frame.t("forecast.next_term", period=screen_text(each.period))


def _all_limits(frame: ScreenFrame, _: Forecast, scales: ForecastWishScales) -> str:
    return frame.t("forecast.limits", limits=_limits(frame, scales))


def _not_assessed(frame: ScreenFrame, each: Forecast, _: ForecastWishScales) -> str:
    return frame.t("forecast.na.now" if each.not_assessed else "forecast.na.not_now")


def _earlier(frame: ScreenFrame, each: Forecast, _: ForecastWishScales) -> str:
    return frame.t("forecast.earlier", marks=" ".join(map(str, each.earlier))) if each.earlier else ""


def _few_marks(frame: ScreenFrame, each: Forecast, _: ForecastWishScales) -> str:
    return frame.t("forecast.marks_for_it", len(each.term.marked), least=LEAST_MARKS)


def _options(frame: ScreenFrame, each: Forecast, scales: ForecastWishScales) -> str:
    return _options_line(frame, each, scales) if each.average is not None else ""


def _options_line(frame: ScreenFrame, each: Forecast, scales: ForecastWishScales) -> str:
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


_OF_WISH: Mapping[Wish | None, Callable[[ScreenFrame, Forecast, ForecastWishScales], str]] = {
    Wish.NEXT_TERM: _next_term,
    Wish.LIMITS: _all_limits,
    Wish.NOT_ASSESSED: _not_assessed,
    Wish.WEIGHTS: _weights,
    Wish.EARLIER: _earlier,
    Wish.WORKS: _works_left,
    Wish.MARKS_LEFT: _marks_left,
    Wish.FEW_MARKS: _few_marks,
    Wish.OPTIONS: _options,
    Wish.YEAR_OF: _year_of,
}
"""What a wish says of one subject."""

_OF_ALL = {Wish.NEXT_TERM, Wish.LIMITS}
"""Wishes that say the same of all subjects."""
