"""Where the marks of a term are heading: the answer first, then how it came about (Q41–Q46, Q48, Q51)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from bot.screens.dates import screen_date
from bot.screens.forecast.first_line import forecast_screen_first_line
from bot.screens.forecast.ranking import forecast_screen_ranking, nearest_in_screen_ranking
from bot.screens.forecast.several import forecast_screen_first_lines
from bot.screens.forecast.wishes import (
    ALL,
    BOUNDS,
    EDGE,
    SUPPOSED,
    SUPPOSED_HEAVY,
    YEAR,
    ForecastWishScales,
    aimed_mark_of_wish,
    is_forecast_wish_enough,
    is_forecast_wish_nearest,
    kept_mark_of_wish,
    listed_marks_of_wish,
    mark_of_forecast_wish,
    mark_toward_forecast_wish,
    ranked_end_of_wish,
    term_of_forecast_wish,
    wish_number_of_button,
)
from bot.screens.forecast.words import (
    capitalised_forecast_screen_words,
    forecast_screen_aim_words,
    forecast_screen_average_words,
    forecast_screen_bound_words,
    forecast_screen_coming,
    forecast_screen_kind_words,
    forecast_screen_percent,
    forecast_screen_short_year,
    forecast_screen_spare_words,
    forecast_screen_verdict_words,
    forecast_screen_weight_words,
    forecast_screen_year_words,
)
from bot.screens.frame import Rows, ScreenFrame
from bot.screens.screen import Screen, screen_bold, screen_italic, screen_text
from core.model.forecast import HIGHEST, LEAST_MARKS, LOWEST, MARKS, Forecast, MarkedWork
from core.ports import Translator
from core.rules.conversation.buttons import FORECAST
from core.rules.forecast.advice import (
    heaviest_kind_for_advice,
    is_advice_unclear,
    likeliest_mark_for_advice,
    possible_works_for_advice,
)
from core.rules.forecast.exact import (
    Reach,
    exact_average_range,
    exact_least_mark,
    exact_mark_of_average,
    exact_reach_of_average,
)

CHART, SCORES = "forechart", "forescores"

BAR = 10
"""Blocks of a bar that stands for 100 %."""

MOST_MARKS = 25
"""Marks that are written out in the explanation."""


def no_forecast_lookup_screen(frame: ScreenFrame) -> Screen:
    """Between terms, for first grades and for subjects without marks there is none (Q50)."""
    head = frame.head_of_subject(screen_bold(frame.t("forecast.heading")))
    return frame.answered(frame.t("forecast.nothing"), frame.screen(head, []))


def forecast_lookup_screen(
    frame: ScreenFrame, forecasts: Sequence[Forecast], supposed: Sequence[Forecast], scales: ForecastWishScales
) -> Screen:
    """A line for each subject; with a supposed mark its forecast stands behind an arrow."""
    t = frame.t
    after = {each.subject_id: each for each in supposed}
    title = screen_bold(t("forecast.title", period=forecasts[0].period))
    forecasts = _of_named(forecasts, frame)
    shown = _shown(forecasts, after, frame, scales)
    lines = [_subject_line(each, after.get(each.subject_id), frame, scales) for each in shown]
    buttons = [frame.button(each.subject, subject_id=each.subject_id) for each in forecasts]
    answer = "\n".join(forecast_screen_first_lines(forecasts, after, shown, frame, scales))
    head = frame.head(title, t("forecast.is_forecast"))
    chart = (
        (
            frame.button(t("forecast.chart"), CHART, subject_id=0, words=0),
            frame.button(t("forecast.scores_door"), SCORES, subject_id=0, words=0),
        ),
    )
    rows = (tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))
    return frame.answered(answer, frame.screen(head, lines, *chart, *rows))


def _of_named(forecasts: Sequence[Forecast], frame: ScreenFrame) -> Sequence[Forecast]:
    """Those of the subjects that the question names; all where it names none that has one."""
    names = frame.question.subjects if frame.question else ()
    return [each for each in forecasts if each.subject in names] or forecasts


def _shown(
    forecasts: Sequence[Forecast], after: Mapping[int, Forecast], frame: ScreenFrame, scales: ForecastWishScales
) -> Sequence[Forecast]:
    """The subjects that were asked for; those that are compared by their averages."""
    if is_forecast_wish_nearest(frame):
        return nearest_in_screen_ranking(forecasts, frame, scales)
    if (end := ranked_end_of_wish(frame)) is not None:
        return forecast_screen_ranking(forecasts, end)
    return [each for each in forecasts if _is_listed(after.get(each.subject_id, each), frame, scales)]


def _is_listed(each: Forecast, frame: ScreenFrame, scales: ForecastWishScales) -> bool:
    """Whether a subject is among those that were asked for: with this mark, or on an edge."""
    coming = forecast_screen_coming(frame, each)
    if marks := listed_marks_of_wish(frame):
        return coming in marks
    if (least := mark_of_forecast_wish(frame, ALL)) is not None:
        return coming is not None and coming < least
    if (spared := kept_mark_of_wish(frame, each, scales)) is not None and each.average is not None:
        return exact_mark_of_average(each.average, scales.thresholds) == spared[0]
    if mark_of_forecast_wish(frame, EDGE) is not None:
        return is_advice_unclear(each, list(scales.thresholds))
    return True


def _subject_line(each: Forecast, after: Forecast | None, frame: ScreenFrame, scales: ForecastWishScales) -> str:
    t = frame.t
    words = [
        forecast_screen_verdict_words(each, t)
        + ("" if after is None else f" → {forecast_screen_verdict_words(after, t)}")
    ]
    if term_of_forecast_wish(frame) == YEAR:
        words = [*forecast_screen_short_year(each, t), *words]
    aim = aimed_mark_of_wish(frame, each, scales)
    if after is None and aim is not None and aim > LOWEST and each.set_mark is None and each.average is not None:
        words = [forecast_screen_aim_words(each, aim, scales, t, by=mark_toward_forecast_wish(frame)), *words]
    if after is not None and is_forecast_wish_enough(frame):
        words = [forecast_screen_first_line(frame, each, after, scales)]
    if mark_of_forecast_wish(frame, BOUNDS) is not None and each.average is not None and each.set_mark is None:
        words = [forecast_screen_bound_words(each, frame, scales), *words]
    if (kept := kept_mark_of_wish(frame, each, scales)) is not None and each.set_mark is None:
        words = [forecast_screen_spare_words(each, *kept, scales, t), *words]
    if each.average is not None:
        words.append(t("marks.average", average=forecast_screen_average_words(each.average, t)))
    if aim is None and after is None and (step := forecast_step_on_lookup_screen(each, scales, t)):
        words.append(step)
    return f"{screen_text(each.subject)}: {' · '.join(words)}"


def forecast_step_on_lookup_screen(each: Forecast, scales: ForecastWishScales, t: Translator) -> str:
    """What it takes to the next better mark, in a few words; "" where there is nothing to say."""
    if each.average is None or each.set_mark is not None or likeliest_mark_for_advice(each) is None:
        return ""
    mark = exact_mark_of_average(each.average, scales.thresholds) + 1
    return "" if mark > HIGHEST else forecast_screen_aim_words(each, mark, scales, t)


def forecast_subject_lookup_screen(
    frame: ScreenFrame, each: Forecast, after: Forecast | None, scales: ForecastWishScales
) -> Screen:
    """One subject in full: the answer, the chances, how they came about, what it takes, the year, what-if buttons."""
    t, shown = frame.t, after or each
    answer = capitalised_forecast_screen_words(forecast_screen_first_line(frame, each, after, scales))
    lines = [
        *_chance_lines(shown, t),
        *_explanation(shown, scales, t),
        *_needs(shown, scales, t),
        *_year(shown, scales, t),
        "",
        screen_italic(t("forecast.is_forecast")),
    ]
    title = screen_bold(t("forecast.title", period=each.period))
    screen = frame.screen(frame.head_of_subject(title), lines, *_suppositions(frame, each), *_links(frame))
    return frame.answered(answer, screen)


def _chance_lines(each: Forecast, t: Translator) -> Iterator[str]:
    """A bar for each mark, the best first."""
    if each.chances is None or each.set_mark is not None:
        return
    yield t("forecast.chances")
    for mark in reversed(MARKS):
        percent = forecast_screen_percent(each, mark)
        filled = round(percent * BAR / 100)
        yield f"{screen_bold(str(mark))} {'▓' * filled}{'░' * (BAR - filled)} {t('forecast.percent', percent=percent)}"


def _explanation(each: Forecast, scales: ForecastWishScales, t: Translator) -> Iterator[str]:
    """The marks used with their weights, the exact average, the thresholds, what is left (Q51)."""
    yield ""
    marks = list(each.term.marked)
    if each.average is not None:
        now = exact_mark_of_average(each.average, scales.thresholds)
        yield t("forecast.used", len(marks), marks=_marks_used(marks, each.scale, t))
        yield t("forecast.average", average=screen_bold(forecast_screen_average_words(each.average, t)), mark=now)
    else:
        yield t("forecast.least", least=LEAST_MARKS)
    yield t("forecast.thresholds_are", three=_limit(scales, 3, t), four=_limit(scales, 4, t), five=_limit(scales, 5, t))
    yield t(
        "forecast.left" if each.term.left else "forecast.left_none",
        lessons=t("forecast.lessons", each.lessons_left),
        works=t("forecast.works", len(each.term.left)),
        until=screen_date(each.until),
    )
    if each.announced:
        named = "; ".join(
            f"{screen_date(work.on)} {forecast_screen_kind_words(work.kind, each.scale, t)}" for work in each.announced
        )
        yield t("forecast.announced", works=named)


def _limit(scales: ForecastWishScales, mark: int, t: Translator) -> str:
    return forecast_screen_average_words(scales.least(mark), t)


def _marks_used(marks: Sequence[MarkedWork], scale: int, t: Translator) -> str:
    """«5, 4, 4 (вес 10); 3 (вес 20)»: the marks in their order within each weight."""
    if len(marks) > MOST_MARKS:
        counts = Counter(work.mark for work in marks)
        return ", ".join(f"{mark} × {counts[mark]}" for mark in reversed(MARKS) if counts[mark])
    by_weight = sorted(marks, key=lambda work: work.kind.weight)
    groups = [(weight, list(works)) for weight, works in groupby(by_weight, key=lambda work: work.kind.weight)]
    if len(groups) == 1 and groups[0][0] == scale:
        return " ".join(str(work.mark) for work in marks)
    return "; ".join(
        t(
            "forecast.of_weight",
            marks=" ".join(str(work.mark) for work in works),
            weight=forecast_screen_weight_words(weight, scale, t),
        )
        for weight, works in groups
    )


def _needs(each: Forecast, scales: ForecastWishScales, t: Translator) -> Iterator[str]:
    """What it takes to each better mark, and the least mark of a heavy work for it (Q44, Q45)."""
    if each.average is None or each.set_mark is not None:
        return
    now = exact_mark_of_average(each.average, scales.thresholds)
    better = [mark for mark in MARKS if mark > now]
    if better:
        yield ""
    for mark in better:
        yield f"• {forecast_screen_aim_words(each, mark, scales, t)}{_heavy_need(each, mark, scales, t)}"
    if now > LOWEST:
        yield f"• {_keep_words(each, now, scales, t)}"


def _heavy_need(each: Forecast, mark: int, scales: ForecastWishScales, t: Translator) -> str:
    kind = heaviest_kind_for_advice(each.term)
    reach = exact_reach_of_average(
        each.term.marked, possible_works_for_advice(each), scales.least(mark), lowest=scales.lowest
    )
    if kind is None or reach is not Reach.OPEN:
        return ""
    least = exact_least_mark(each.term.marked, scales.least(mark), weight=kind.weight, lowest=scales.lowest)
    return (
        ""
        if least is None
        else t("forecast.heavy_need", work=forecast_screen_kind_words(kind, each.scale, t), mark=least)
    )


def _keep_words(each: Forecast, mark: int, scales: ForecastWishScales, t: Translator) -> str:
    """Whether the present mark is safe, and what the average can still become."""
    reach = exact_reach_of_average(
        each.term.marked, possible_works_for_advice(each), scales.least(mark), lowest=scales.lowest
    )
    worst, best = exact_average_range(each.term.marked, possible_works_for_advice(each), lowest=scales.lowest)
    return t(
        f"forecast.keep.{'safe' if reach is Reach.SAFE else 'open'}", mark=screen_bold(f"«{mark}»"),
        worst=forecast_screen_average_words(worst, t), best=forecast_screen_average_words(best, t),
    )  # fmt: skip


def _year(each: Forecast, scales: ForecastWishScales, t: Translator) -> Iterator[str]:
    """The year's mark below an empty line; nothing where it cannot be told."""
    for line in forecast_screen_year_words(each, scales, t):
        yield from ("", line)


def _suppositions(frame: ScreenFrame, each: Forecast) -> Rows:
    """Buttons «если 5» … «если 2», for the heavy kind of work too."""
    if each.set_mark is not None or each.average is None:
        return ()
    t = frame.t
    rows = [
        tuple(
            frame.button(t("forecast.if", mark=mark), words=wish_number_of_button(SUPPOSED, mark))
            for mark in reversed(MARKS)
        )
    ]
    if (kind := heaviest_kind_for_advice(each.term)) is not None:
        weight = forecast_screen_weight_words(kind.weight, each.scale, t)
        rows.append(
            tuple(
                frame.button(
                    t("forecast.if_heavy", mark=mark, weight=weight), words=wish_number_of_button(SUPPOSED_HEAVY, mark)
                )
                for mark in reversed(MARKS)
            )
        )
    return tuple(rows)


def _links(frame: ScreenFrame) -> Rows:
    t = frame.t
    return (
        (frame.button(t("forecast.chart"), CHART, words=0), frame.button(t("forecast.all"), subject_id=0, words=0)),
    )


def forecast_rows_on_lookup_screen(forecasts: Sequence[Forecast]) -> Sequence[tuple[str, Sequence[tuple[int, int]]]]:
    """By subject the shown percentages, the best mark first; subjects without a forecast are left out."""
    return [
        (each.subject, [(mark, forecast_screen_percent(each, mark)) for mark in reversed(MARKS)])
        for each in forecasts
        if each.chances is not None and each.set_mark is None
    ]


def forecast_chart_lookup_screen(frame: ScreenFrame, picture: bytes) -> Screen:
    """The chart; its caption says that it is a forecast."""
    t = frame.t
    back = ((frame.below(t("forecast.in_words"), FORECAST),),)
    return frame.picture(picture, t("forecast.is_forecast"), *back)
