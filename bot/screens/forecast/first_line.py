"""The line that answers a question about a forecast (Q41–Q45, Q48, Q110): of one subject, or of all of them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from bot.questions.forecast.reading import NEXT_BETTER
from bot.questions.model import Asked
from bot.screens.forecast.asides import asides
from bot.screens.forecast.ranking import forecast_screen_ranking_lines, is_open, nearest_line, needed_fives
from bot.screens.forecast.wishes import (
    AIM,
    ALL,
    BOUNDS,
    EDGE,
    WHICH,
    YEAR,
    ForecastWishScales,
    aimed_mark_of_wish,
    is_forecast_wish_enough,
    is_nearest_asked,
    kept_mark_of_wish,
    mark_of_forecast_wish,
    mark_toward_forecast_wish,
    ranking_of_forecast_wish,
    supposed_mark_for_wish,
    term_of_forecast_wish,
)
from bot.screens.forecast.words import (
    always_words,
    average_and_gap,
    capitalised_forecast_screen_words,
    forecast_screen_aim,
    forecast_screen_average_words,
    forecast_screen_bound_words,
    forecast_screen_chance_words,
    forecast_screen_marks_words,
    forecast_screen_percent,
    forecast_screen_spare_words,
    forecast_screen_spared_count,
    forecast_screen_today_words,
    forecast_screen_verdict_words,
    forecast_screen_ways_words,
    forecast_screen_work_words,
    forecast_screen_year_mark,
    forecast_screen_year_words,
    heavy_words,
)
from bot.screens.frame import ScreenFrame
from bot.screens.screen import screen_bold, screen_text
from core.model.forecast import HIGHEST, LOWEST, MARKS, Forecast
from core.rules.forecast.advice import coming_mark_for_advice, likeliest_mark_for_advice, possible_works_for_advice
from core.rules.forecast.exact import Reach, exact_mark_of_average, exact_reach_of_average

GOOD = 4
"""From this mark on a better one is no disappointment: «выходит ли 4» is true of a «5»."""


def forecast_screen_first_line(
    frame: ScreenFrame, each: Forecast, after: Forecast | None, scales: ForecastWishScales
) -> str:
    """The line that answers what was asked, and of which term where it is not the one that was asked."""
    said = [*asides(frame, each, scales, is_of_one=True)]
    is_told = frame.asked is Asked.WHY
    if frame.question is not None and frame.question.average is not None and frame.question.mark != NEXT_BETTER:
        said, is_told = [*said, forecast_screen_verdict_words(each, frame.t)], True
    answer = [] if said and is_told else [_of_asked_term(frame, each, after, scales)]
    return " ".join(map(capitalised_forecast_screen_words, [*said, *answer])) if said else answer[0]


def _of_asked_term(frame: ScreenFrame, each: Forecast, after: Forecast | None, scales: ForecastWishScales) -> str:
    term, answer = term_of_forecast_wish(frame), _answer_of_term(frame, each, after, scales)
    if term is None or (term != YEAR and "полугод" in each.period.casefold()):
        return answer
    of_term = frame.t("forecast.of_term", period=each.period, answer=answer)
    if term != YEAR:
        return frame.t("forecast.no_half_year", answer=of_term)
    unknown = frame.t("forecast.no_year_few" if each.year_chances is None else "forecast.no_year")
    of_year = next(forecast_screen_year_words(after or each, scales, frame.t), unknown)
    return f"{_whether_of_year(frame, after or each, scales, of_year)} {of_term}"


def _whether_of_year(frame: ScreenFrame, each: Forecast, scales: ForecastWishScales, answer: str) -> str:
    """«Да. », «Нет. » before the year's mark, where it was asked whether it comes out."""
    aim, likeliest = aimed_mark_of_wish(frame, each, scales), forecast_screen_year_mark(each)
    if frame.asked is not Asked.WHETHER or aim is None or likeliest is None:
        return answer
    return frame.t("forecast.year_yes" if _is_it(likeliest, aim) else "forecast.year_no", answer=answer)


def _answer_of_term(frame: ScreenFrame, each: Forecast, after: Forecast | None, scales: ForecastWishScales) -> str:
    """What was asked, of the present term."""
    t, aim, verdict = frame.t, aimed_mark_of_wish(frame, each, scales), forecast_screen_verdict_words(each, frame.t)
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
        verdict = f"{average_and_gap(each, aim, scales, t)} · {verdict}"
    if aim is None:
        return verdict if term_of_forecast_wish(frame) is not None else _with_now(frame, each, verdict, scales)
    if frame.asked is Asked.WHETHER and term_of_forecast_wish(frame) is None:
        return _whether_words(frame, each, aim, scales)
    return _reach_words(frame, each, aim, scales, verdict)


def _reach_words(frame: ScreenFrame, each: Forecast, aim: int, scales: ForecastWishScales, verdict: str) -> str:
    """«Можно: до «4» – 1 пятёрка (или 3 четвёрки) · скорее всего 3 (70 %)»."""
    t, by, coming = frame.t, mark_toward_forecast_wish(frame), likeliest_mark_for_advice(each)
    if aim == LOWEST:
        return verdict
    if frame.question is not None and frame.question.is_heavy and (least := heavy_words(each, aim, scales, t)):
        return f"{least} · {forecast_screen_aim(each, aim, scales, t, by=by)} · {verdict}"
    ways = forecast_screen_ways_words(each, aim, scales, t) if by == HIGHEST else ""
    is_other = (
        coming is not None
        and coming != aim
        and (frame.asked is Asked.CHANCE or (frame.asked is Asked.CAN and aim > coming))
    )
    chance = f"{forecast_screen_chance_words(each, aim, t)} · " if is_other else ""
    reach = f"{_possibly(frame, each, aim, scales)}{forecast_screen_aim(each, aim, scales, t, by=by)}{ways}"
    return f"{chance}{reach} · {verdict}" if frame.asked is Asked.CHANCE else f"{reach} · {chance}{verdict}"


def _with_now(frame: ScreenFrame, each: Forecast, verdict: str, scales: ForecastWishScales) -> str:
    """The verdict; today's mark before it where it is another one, so that neither is taken for the other."""
    coming = likeliest_mark_for_advice(each)
    is_plain = frame.asked not in {Asked.AVERAGE, Asked.LESSONS} and each.average is not None and coming is not None
    if not is_plain or each.average is None or exact_mark_of_average(each.average, scales.thresholds) == coming:
        return verdict
    return frame.t("forecast.now_and_later", now=forecast_screen_today_words(each, scales, frame.t), later=verdict)


def _supposed_words(frame: ScreenFrame, each: Forecast, after: Forecast, scales: ForecastWishScales) -> str:
    """«Если получить 5: средний балл 3,43 → 3,63…»; asked if it is enough, «Да: с оценками 5, 5…»."""
    supposed, aim, t = supposed_mark_for_wish(frame), aimed_mark_of_wish(frame, each, scales), frame.t
    if supposed is None or each.average is None or after.average is None:
        return forecast_screen_verdict_words(each, t)
    named = always_words(each, supposed, t) or forecast_screen_marks_words(supposed) + forecast_screen_work_words(
        each, supposed, t
    )
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
    lost = exact_mark_of_average(each.average, scales.thresholds) >= aim
    return f"{t('forecast.no', answer=with_them)} · {forecast_screen_aim(after if lost else each, aim, scales, t)}"


def _whether_words(frame: ScreenFrame, each: Forecast, mark: int, scales: ForecastWishScales) -> str:
    """«Да», «Нет» where today's average and the forecast agree, else both of them: they must not contradict."""
    t, coming, verdict = frame.t, coming_mark_for_advice(each), forecast_screen_verdict_words(each, frame.t)
    reach = (
        forecast_screen_aim(each, mark, scales, t) if mark > LOWEST else forecast_screen_today_words(each, scales, t)
    )
    if coming is None or each.average is None:
        return f"{reach} · {verdict}"
    now = exact_mark_of_average(each.average, scales.thresholds)
    comes = _is_it(coming, mark)
    more = forecast_screen_chance_words(each, mark, t) if mark < max(now, coming) else reach
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
    """«Можно: », «Да: », «Нет: » before what it takes, where it was asked whether it can be."""
    if frame.asked is not Asked.CAN or mark <= LOWEST:
        return ""
    reach = exact_reach_of_average(
        each.term.marked, possible_works_for_advice(each), scales.least(mark), lowest=scales.lowest
    )
    key = {Reach.IMPOSSIBLE: "no", Reach.OPEN: "can"}.get(reach, "yes")
    return frame.t(f"forecast.{key}", answer="")


def forecast_screen_first_lines(
    forecasts: Sequence[Forecast], shown: Sequence[Forecast], frame: ScreenFrame, scales: ForecastWishScales
) -> Iterator[str]:
    """The lines that answer: the subjects that were asked for, or how many of each mark come out."""
    t = frame.t
    yield from asides(frame, forecasts[0], scales, is_of_one=False)
    if (mark := mark_of_forecast_wish(frame, WHICH)) is not None:
        yield from _subjects_with(mark, forecasts, shown, frame, scales)
    elif (least := mark_of_forecast_wish(frame, ALL)) is not None:
        marks = ", ".join(f"{screen_text(each.subject)} ({coming_mark_for_advice(each)})" for each in shown)
        yield (
            t("forecast.not_all", len(shown), mark=least, subjects=marks)
            if shown
            else t("forecast.all_are", mark=least)
        )
    elif mark_of_forecast_wish(frame, EDGE) is not None:
        named = ", ".join(screen_text(each.subject) for each in shown)
        yield t("forecast.unclear", len(shown), subjects=named) if shown else t("forecast.unclear_none")
    elif is_nearest_asked(frame):
        yield nearest_line(shown, frame, scales)
    elif (end := ranking_of_forecast_wish(frame)) is not None:
        yield from forecast_screen_ranking_lines(end, shown, t)
    elif spared := _spared(shown, frame, scales):
        yield spared
    elif reachable := _reachable(forecasts, frame, scales):
        yield reachable
    elif tally := _tally(map(coming_mark_for_advice, forecasts)):
        yield t("forecast.tally", marks=tally)
    if any(mark_of_forecast_wish(frame, kind) is not None for kind in (WHICH, ALL, EDGE)):
        left_out = ", ".join(screen_text(each.subject) for each in forecasts if coming_mark_for_advice(each) is None)
        yield from [t("forecast.left_out", subjects=left_out)] if left_out else []
    if term_of_forecast_wish(frame) is not None:
        years = _tally(map(forecast_screen_year_mark, forecasts)) if term_of_forecast_wish(frame) == YEAR else ""
        yield t("forecast.years", marks=years) if years else t("forecast.only_of", period=forecasts[0].period)


def _tally(marks: Iterable[int | None]) -> str:
    """«5» – 2, «4» – 9: how many of each mark."""
    counts = Counter(filter(None, marks))
    return (
        screen_bold(", ".join(f"«{mark}» – {counts[mark]}" for mark in reversed(MARKS) if counts[mark]))
        if counts
        else ""
    )


def _spared(shown: Sequence[Forecast], frame: ScreenFrame, scales: ForecastWishScales) -> str:
    """How many marks of one kind each subject outlasts; "" where that was not asked."""
    asked = [(each, kept) for each in shown if (kept := kept_mark_of_wish(frame, each, scales)) is not None]
    counts = [(each, by, forecast_screen_spared_count(each, kept, by, scales)) for each, (kept, by) in asked]
    named = [f"{screen_text(each.subject)} – {count}" for each, _, count in counts if count is not None]
    return (
        frame.t("forecast.spare.all", by=screen_bold(f"«{counts[0][1]}»"), subjects=", ".join(named)) if named else ""
    )


def _reachable(forecasts: Sequence[Forecast], frame: ScreenFrame, scales: ForecastWishScales) -> str:
    """Where the mark that is hoped for can still be reached, the nearest first; "" where none is hoped for by name."""
    mark = mark_of_forecast_wish(frame, AIM)
    if mark is None or mark not in MARKS[1:]:
        return ""
    open_ones = sorted(
        (needed_fives(each, mark, scales), each.subject) for each in forecasts if is_open(each, mark, scales)
    )
    named = [f"{screen_text(name)} ({frame.t('forecast.needed.5', count)})" for count, name in open_ones]
    return frame.t("forecast.reachable", mark=screen_bold(f"«{mark}»"), subjects=", ".join(named)) if named else ""


def _subjects_with(
    mark: int, forecasts: Sequence[Forecast], shown: Sequence[Forecast], frame: ScreenFrame, scales: ForecastWishScales
) -> Iterator[str]:
    """The subjects in which the mark comes out, their number first if asked; those where today's average differs."""
    t, named = frame.t, ", ".join(screen_text(each.subject) for each in shown)
    differing = [each for each in forecasts if _differs(each, mark, scales)]
    so_far = [each for each in differing if each not in shown]
    words = screen_bold(f"«{mark}»")
    if frame.asked is Asked.COUNT:
        yield (
            t("forecast.count", len(shown), mark=words, subjects=named)
            if shown
            else t("forecast.count_none", mark=words)
        )
    elif shown:
        which = t("forecast.which", mark=words, subjects=named)
        yield t("forecast.yes", answer=which) if frame.asked is Asked.WHETHER else which
    elif not so_far:
        yield t("forecast.which_none", mark=words)
    if differing:
        both = "; ".join(_now_and_later(each, frame, scales) for each in differing)
        is_answer = frame.asked is Asked.WHETHER and not shown
        yield t("forecast.rather_no", answer=both) if is_answer else t("forecast.differs", subjects=both)
    chances = [
        (each.subject, forecast_screen_percent(each, mark)) for each in forecasts if each not in [*shown, *differing]
    ]
    less = ", ".join(f"{screen_text(name)} ({percent} %)" for name, percent in chances if percent)
    if less:
        yield t("forecast.less_likely", subjects=less)


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
