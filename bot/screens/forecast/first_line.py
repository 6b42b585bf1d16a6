"""The line that answers a question about a forecast of one subject (Q41–Q45, Q48, Q110)."""

from collections.abc import Iterator

from bot.questions.kinds import Asked
from bot.questions.model import Wish
from bot.screens.forecast.asides import asides, asides_behind, is_reason_asked
from bot.screens.forecast.wishes import (
    BOUNDS,
    YEAR,
    ForecastWishScales,
    aimed_mark_of_wish,
    is_forecast_wish_enough,
    kept_mark_of_wish,
    mark_of_forecast_wish,
    mark_toward_forecast_wish,
    supposed_mark_for_wish,
    term_of_forecast_wish,
)
from bot.screens.forecast.words import (
    capitalised_forecast_screen_words,
    forecast_screen_aim_words,
    forecast_screen_always_words,
    forecast_screen_average_words,
    forecast_screen_bound_words,
    forecast_screen_chance_words,
    forecast_screen_gap_words,
    forecast_screen_heavy_words,
    forecast_screen_percent,
    forecast_screen_reach,
    forecast_screen_spare_words,
    forecast_screen_supposed_words,
    forecast_screen_today_words,
    forecast_screen_verdict_words,
    forecast_screen_ways_words,
    forecast_screen_year_mark,
    forecast_screen_year_need_words,
    forecast_screen_year_range,
    forecast_screen_year_words,
)
from bot.screens.frame import ScreenFrame
from bot.screens.screen import screen_bold
from core.model.forecast import HIGHEST, LOWEST, Forecast
from core.ports import Translator
from core.rules.forecast.advice import coming_mark_for_advice, likeliest_mark_for_advice, resolve_supposition_for_advice
from core.rules.forecast.exact import Reach, exact_mark_of_average

GOOD = 4
"""From this mark on a better one is no disappointment: «выходит ли 4» is true of a «5»."""


def forecast_screen_first_line(
    frame: ScreenFrame, each: Forecast, after: Forecast | None, scales: ForecastWishScales
) -> str:
    """The line that answers what was asked, and of which term where it is not the one that was asked."""
    said, behind = [*asides(frame, each, scales, is_of_one=True)], asides_behind(frame, each)
    is_told = is_reason_asked(frame) or (frame.question is not None and frame.question.wish is Wish.YEAR_OF)
    if frame.question is not None and frame.question.average is not None:
        said, is_told = [*said, forecast_screen_verdict_words(each, frame.t)], True
    answer = [] if said and is_told else [_of_asked_term(frame, each, after, scales)]
    line = " ".join(map(capitalised_forecast_screen_words, [*said, *answer])) if said else answer[0]
    return line if after is not None else " ".join([_with_average(line, each, frame.t), *behind])


def _with_average(line: str, each: Forecast, t: Translator) -> str:
    """The line with today's average behind it, unless it says that already: each answer shows what it rests on."""
    if each.average is None or each.set_mark is not None:
        return line
    average = forecast_screen_average_words(each.average, t)
    return line if average in line else f"{line.removesuffix('.')} · {t('marks.average', average=average)}"


def _of_asked_term(frame: ScreenFrame, each: Forecast, after: Forecast | None, scales: ForecastWishScales) -> str:
    term, answer = term_of_forecast_wish(frame), _answer_of_term(frame, each, after, scales)
    if term is None or (term != YEAR and "полугод" in each.period.casefold()):
        return answer
    of_term = frame.t("forecast.of_term", period=each.period, answer=answer)
    if term != YEAR:
        return frame.t("forecast.no_half_year", answer=of_term)
    of_year = next(forecast_screen_year_words(after or each, scales, frame.t), "")
    aim = aimed_mark_of_wish(frame, each, scales)
    needed = [forecast_screen_year_need_words(each, aim, frame.t)] if aim and (of_year or each.earlier) else []
    if not of_year:
        unknown = frame.t("forecast.no_year_few" if each.year_chances is None else "forecast.no_year")
        return " ".join([*needed, unknown, of_term])
    of_year = " ".join([of_year, *needed])
    if aimed_mark_of_wish(frame, each, scales) is not None and after is None:
        verdict = forecast_screen_verdict_words(each, frame.t)
        of_term = frame.t("forecast.of_term", period=each.period, answer=verdict)
    return f"{_whether_of_year(frame, after or each, scales, of_year)} {of_term}"


def _whether_of_year(frame: ScreenFrame, each: Forecast, scales: ForecastWishScales, answer: str) -> str:
    """«Да. », «Нет. » before the year's mark, where it was asked whether it comes out or can come."""
    aim, likeliest = aimed_mark_of_wish(frame, each, scales), forecast_screen_year_mark(each)
    if frame.asked not in {Asked.WHETHER, Asked.CAN} or aim is None or likeliest is None:
        return answer
    can = frame.asked is Asked.CAN and forecast_screen_year_range(each, scales)[1] >= aim
    return frame.t("forecast.year_yes" if can or _is_it(likeliest, aim) else "forecast.year_no", answer=answer)


def _answer_of_term(frame: ScreenFrame, each: Forecast, after: Forecast | None, scales: ForecastWishScales) -> str:
    """What was asked, of the present term."""
    t, aim, verdict = frame.t, aimed_mark_of_wish(frame, each, scales), forecast_screen_verdict_words(each, frame.t)
    if each.set_mark is not None and frame.asked is Asked.CAN:
        return t("forecast.set_by_teacher", verdict=verdict)
    if each.set_mark is not None or each.average is None:
        return verdict
    if after is not None and after.average is not None:
        return _supposed_words(frame, each, after, scales)
    if frame.asked is Asked.LESSONS:
        lessons = t("forecast.lessons_left", lessons=screen_bold(t("forecast.lessons", each.lessons_left)))
        return f"{lessons} · {_wanted_words(frame, each, aim, scales)}"
    return _wanted_words(frame, each, aim, scales)


def _wanted_words(frame: ScreenFrame, each: Forecast, aim: int | None, scales: ForecastWishScales) -> str:
    """The bounds, what the mark outlasts, what it takes to the one hoped for, or the most likely one."""
    t, verdict = frame.t, forecast_screen_verdict_words(each, frame.t)
    if mark_of_forecast_wish(frame, BOUNDS) is not None:
        return f"{forecast_screen_bound_words(each, frame, scales)} · {verdict}"
    if (kept := kept_mark_of_wish(frame, each, scales)) is not None:
        return f"{forecast_screen_spare_words(each, *kept, scales, t)} · {verdict}"
    if frame.asked is Asked.AVERAGE and each.average is not None:
        verdict = f"{forecast_screen_gap_words(each, aim, scales, t)} · {verdict}"
    if aim is None:
        verdict = " · ".join([*_certain(each, scales, t), verdict])
        return verdict if term_of_forecast_wish(frame) is not None else _with_now(frame, each, verdict, scales)
    if frame.asked is Asked.WHETHER and term_of_forecast_wish(frame) is None:
        return _whether_words(frame, each, aim, scales)
    return _reach_words(frame, each, aim, scales, verdict)


def _certain(each: Forecast, scales: ForecastWishScales, t: Translator) -> Iterator[str]:
    """««5» обеспечена», where the marks are too few for a forecast, and no mark can change it."""
    if each.average is None or likeliest_mark_for_advice(each) is not None or each.not_assessed:
        return
    now = exact_mark_of_average(each.average, scales.thresholds)
    if now > LOWEST and forecast_screen_reach(each, now, scales) is Reach.SAFE:
        yield forecast_screen_aim_words(each, now, scales, t)


def _reach_words(frame: ScreenFrame, each: Forecast, aim: int, scales: ForecastWishScales, verdict: str) -> str:
    """«Можно: до «4» – 1 пятёрка (или 3 четвёрки) · скорее всего 3 (70 %)»."""
    t, by, coming = frame.t, mark_toward_forecast_wish(frame), likeliest_mark_for_advice(each)
    if frame.asked is Asked.CHANCE and coming is not None:
        return _chance_first(frame, each, aim, scales, verdict)
    if aim == LOWEST:
        return verdict
    if (
        frame.question is not None
        and frame.question.is_heavy
        and (least := forecast_screen_heavy_words(each, aim, frame.question.work, scales, t))
    ):
        return f"{least} · {forecast_screen_aim_words(each, aim, scales, t, by=by)} · {verdict}"
    ways = forecast_screen_ways_words(each, aim, scales, t) if by == HIGHEST else ""
    is_other = coming is not None and aim > coming and frame.asked is Asked.CAN
    chance = f"{forecast_screen_chance_words(each, aim, t)} · " if is_other else ""
    reach = f"{_possibly(frame, each, aim, scales)}{forecast_screen_aim_words(each, aim, scales, t, by=by)}{ways}"
    return f"{reach} · {chance}{verdict}"


def _chance_first(frame: ScreenFrame, each: Forecast, aim: int, scales: ForecastWishScales, verdict: str) -> str:
    """««5» – 10 % · до «5» – 3 пятёрки · скорее всего 4 (90 %)»; of the likeliest mark nothing is said twice."""
    chance = forecast_screen_chance_words(each, aim, frame.t)
    if likeliest_mark_for_advice(each) == aim:
        return chance
    reach = [forecast_screen_aim_words(each, aim, scales, frame.t)] if aim > LOWEST else []
    return " · ".join([chance, *reach, verdict])


def _with_now(frame: ScreenFrame, each: Forecast, verdict: str, scales: ForecastWishScales) -> str:
    """The verdict with the step to the next mark behind it; today's mark before it where it is another one.

    Neither of the two is to be taken for the other.
    """
    coming = likeliest_mark_for_advice(each)
    if each.average is None or frame.asked is Asked.LESSONS:
        return verdict
    now = exact_mark_of_average(each.average, scales.thresholds)
    if frame.asked is not Asked.AVERAGE and coming != now:
        today = forecast_screen_today_words(each, scales, frame.t)
        few = f"{frame.t('forecast.today', now=today)} · {verdict}"
        verdict = few if coming is None else frame.t("forecast.now_and_later", now=today, later=verdict)
    others = _others_named(frame, each, coming)
    return " · ".join([verdict, *others, *_step_up(each, now, scales, frame.t)])


def _step_up(each: Forecast, now: int, scales: ForecastWishScales, t: Translator) -> Iterator[str]:
    """What it takes to the mark above today's."""
    if now < HIGHEST:
        ways = forecast_screen_ways_words(each, now + 1, scales, t)
        yield f"{forecast_screen_aim_words(each, now + 1, scales, t)}{ways}"


def _others_named(frame: ScreenFrame, each: Forecast, coming: int | None) -> Iterator[str]:
    """The chances of the marks that were asked about beside the likeliest: «четвёрка или тройка»."""
    question = frame.question
    if question is None or question.wish is not Wish.EITHER or coming is None:
        return
    for mark in dict.fromkeys(question.marks):
        if mark != coming:
            yield forecast_screen_chance_words(each, mark, frame.t)


def _supposed_words(frame: ScreenFrame, each: Forecast, after: Forecast, scales: ForecastWishScales) -> str:
    """«Если получить 5: средний балл 3,43 → 3,63…»; asked if it is enough, «Да: с оценками 5, 5…»."""
    supposed, aim, t = supposed_mark_for_wish(frame), aimed_mark_of_wish(frame, each, scales), frame.t
    supposed = supposed and resolve_supposition_for_advice(each.term, supposed)
    if supposed is None or each.average is None or after.average is None:
        return forecast_screen_verdict_words(each, t)
    named = forecast_screen_always_words(each, supposed, t) or forecast_screen_supposed_words(after, supposed, t)
    average, verdict = (
        screen_bold(forecast_screen_average_words(after.average, t)),
        forecast_screen_verdict_words(after, t),
    )
    mark = exact_mark_of_average(after.average, scales.thresholds)
    if supposed.instead is not None and all(work.mark != supposed.instead for work in each.term.marked):
        return t("forecast.no_such_mark", mark=screen_bold(f"«{supposed.instead}»"), verdict=verdict)
    if not is_forecast_wish_enough(frame) or aim is None:
        before = forecast_screen_average_words(each.average, t)
        return t(
            "forecast.supposed", mark=named, before=before, after=average, now=screen_bold(str(mark)), verdict=verdict
        )
    with_them = t("forecast.with_marks", len(supposed.marks), marks=named, average=average, mark=screen_bold(str(mark)))
    if mark >= aim:
        return f"{t('forecast.yes', answer=with_them)} · {verdict}"
    if max(supposed.marks) >= aim:
        return f"{t('forecast.no', answer=with_them)} · {forecast_screen_aim_words(each, aim, scales, t)}"
    then = t("forecast.after_them", len(supposed.marks), reach=forecast_screen_aim_words(after, aim, scales, t))
    is_still = frame.question is None or frame.question.wish is Wish.STILL
    is_open = is_still and forecast_screen_reach(after, aim, scales) is not Reach.IMPOSSIBLE
    return f"{t('forecast.can' if is_open else 'forecast.no', answer=with_them)} · {then}"


def _whether_words(frame: ScreenFrame, each: Forecast, mark: int, scales: ForecastWishScales) -> str:
    """«Да», «Нет» where today's average and the forecast agree, else both of them: they must not contradict."""
    t, coming, verdict = frame.t, coming_mark_for_advice(each), forecast_screen_verdict_words(each, frame.t)
    today = t("forecast.today", now=forecast_screen_today_words(each, scales, t))
    ways = f"{forecast_screen_aim_words(each, mark, scales, t)}{forecast_screen_ways_words(each, mark, scales, t)}"
    reach = ways if mark > LOWEST else today
    if each.average is None:
        return f"{reach} · {verdict}"
    now = exact_mark_of_average(each.average, scales.thresholds)
    if coming is None:
        key = "so_far_yes" if _is_it(now, mark) else "so_far_no"
        return t(f"forecast.{key}", now=today, answer=f"{reach} · {verdict}" if mark > now else verdict)
    comes = _is_it(coming, mark)
    more = forecast_screen_chance_words(each, mark, t) if mark <= now or mark < coming else reach
    if comes != _is_it(now, mark):
        both = t("forecast.now_and_later", now=forecast_screen_today_words(each, scales, t), later=verdict)
        return both if comes else f"{both} · {more}"
    if comes:
        return t("forecast.yes", answer=f"{reach} · {verdict}")
    return t(
        "forecast.rather_no" if forecast_screen_percent(each, mark) else "forecast.no", answer=f"{verdict} · {more}"
    )


def _is_it(mark: int, hoped: int) -> bool:
    return mark == hoped or (mark > hoped >= GOOD)


def _possibly(frame: ScreenFrame, each: Forecast, mark: int, scales: ForecastWishScales) -> str:
    """«Можно: », «Да: », «Нет: », «Только если разрешит учитель: » before what it takes, where «можно» was asked."""
    if frame.asked is not Asked.CAN or mark <= LOWEST:
        return ""
    reach = forecast_screen_reach(each, mark, scales)
    if reach is Reach.IMPOSSIBLE and each.lessons_left == 0:
        return frame.t("forecast.only_allowed", answer="")
    key = {Reach.IMPOSSIBLE: "no", Reach.OPEN: "can"}.get(reach, "yes")
    return frame.t(f"forecast.{key}", answer="")
