"""The lines that answer a question about a forecast of several subjects, or of all (Q41–Q45, Q48, Q110)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from bot.questions.forecast.reading import NEXT_BETTER
from bot.questions.model import Wish
from bot.screens.forecast.asides import asides
from bot.screens.forecast.first_line import GOOD, forecast_screen_first_line
from bot.screens.forecast.honours import honours_screen_line, reachable_screen_lines, standing_screen_line
from bot.screens.forecast.listing import forecast_listing_lines
from bot.screens.forecast.ranking import (
    forecast_screen_ranking_lines,
    nearest_in_screen_ranking,
    nearest_screen_ranking_line,
)
from bot.screens.forecast.wishes import (
    AIM,
    ALL,
    AS_IS,
    BEST,
    BOTH,
    BOUNDS,
    EDGE,
    WHICH,
    WORST,
    YEAR,
    ForecastWishScales,
    frame_of_one_subject,
    is_forecast_wish_nearest,
    kept_mark_of_wish,
    listed_marks_of_wish,
    mark_of_forecast_wish,
    ranked_end_of_wish,
    supposed_mark_for_wish,
    term_of_forecast_wish,
)
from bot.screens.forecast.words import (
    forecast_screen_average_words,
    forecast_screen_bound,
    forecast_screen_chance_words,
    forecast_screen_coming,
    forecast_screen_marks_words,
    forecast_screen_percent,
    forecast_screen_spared_count,
    forecast_screen_today_words,
    forecast_screen_year_mark,
)
from bot.screens.frame import ScreenFrame
from bot.screens.screen import screen_bold, screen_text
from core.model.forecast import LATEST_OF_ALL, LOWEST_OF_ALL, MARKS, Forecast
from core.ports import Translator
from core.rules.forecast.advice import AdviceSupposition, coming_mark_for_advice
from core.rules.forecast.exact import exact_mark_of_average
from core.rules.marks.averages import format_average


def forecast_screen_first_lines(
    forecasts: Sequence[Forecast],
    supposed: Mapping[int, Forecast],
    shown: Sequence[Forecast],
    frame: ScreenFrame,
    scales: ForecastWishScales,
) -> Iterator[str]:
    """The lines that answer: each subject that was named, those that were asked for, or how many of each mark."""
    if frame.question is not None and frame.question.subjects and not _compares(frame):
        yield _of_named(forecasts, supposed, frame, scales)
        return
    yield from asides(frame, forecasts[0], scales, is_of_one=False)
    if frame.question is not None and frame.question.wish in _OF_ALL:
        yield _OF_ALL[frame.question.wish](forecasts, frame)
    elif supposed:
        yield _with_supposition(forecasts, supposed, frame, scales)
    else:
        first, *others = [*_of_term(forecasts, shown, frame, scales)] or [""]
        yield " ".join(filter(None, [first, *_without_forecast(forecasts, frame)]))
        yield from others


def _compares(frame: ScreenFrame) -> bool:
    return is_forecast_wish_nearest(frame) or ranked_end_of_wish(frame) is not None


def _without_forecast(forecasts: Sequence[Forecast], frame: ScreenFrame) -> Iterator[str]:
    """«Немецкий язык: прогноза нет…»: subjects that are compared and have none."""
    known = {each.subject for each in forecasts}
    for name in frame.question.subjects if frame.question else ():
        if name not in known:
            yield f"{screen_text(name)}: {frame.t('forecast.none_of_it')}."


def _of_named(
    forecasts: Sequence[Forecast], supposed: Mapping[int, Forecast], frame: ScreenFrame, scales: ForecastWishScales
) -> str:
    """«Алгебра: до «4» – 1 пятёрка…; Физика: …», and the subjects that have no forecast."""
    names = frame.question.subjects if frame.question else ()
    known = {each.subject: each for each in forecasts}
    lines = [
        forecast_screen_first_line(
            frame_of_one_subject(frame, name), known[name], supposed.get(known[name].subject_id), scales
        )
        if name in known
        else frame.t("forecast.none_of_it")
        for name in names
    ]
    named = [
        f"{screen_bold(screen_text(name))}: {line.removesuffix('.')}" for name, line in zip(names, lines, strict=True)
    ]
    return f"{'; '.join(named)}."


def _of_term(
    forecasts: Sequence[Forecast], shown: Sequence[Forecast], frame: ScreenFrame, scales: ForecastWishScales
) -> Iterator[str]:
    """What comes out; of which term in the same line where it is not the present one that was asked for."""
    t, term = frame.t, term_of_forecast_wish(frame)
    is_listed = any(mark_of_forecast_wish(frame, kind) is not None for kind in (WHICH, ALL, EDGE))
    answer = [*_asked_for(forecasts, shown, frame, scales)] or [""]
    if term == YEAR and is_listed:
        answer = [t("forecast.in_year", answer=answer[0]), *answer[1:]]
    elif term is not None:
        years = _tally((each.subject, forecast_screen_year_mark(each)) for each in forecasts) if term == YEAR else ""
        of_term = t("forecast.years", marks=years) if years else t("forecast.only_of", period=forecasts[0].period)
        answer = [f"{of_term} {answer[0]}", *answer[1:]]
    yield from answer
    if is_listed:
        unknown = [screen_text(each.subject) for each in forecasts if forecast_screen_coming(frame, each) is None]
        yield from [t("forecast.left_out", subjects=", ".join(unknown))] if unknown else []


def _asked_for(
    forecasts: Sequence[Forecast], shown: Sequence[Forecast], frame: ScreenFrame, scales: ForecastWishScales
) -> Iterator[str]:
    t = frame.t
    if marks := listed_marks_of_wish(frame):
        yield from forecast_listing_lines(marks, forecasts, shown, frame, scales)
    elif (least := mark_of_forecast_wish(frame, ALL)) is not None:
        yield honours_screen_line(least, forecasts, shown, frame, scales)
    elif mark_of_forecast_wish(frame, EDGE) is not None:
        yield _edges(forecasts, shown, frame)
    elif is_forecast_wish_nearest(frame):
        yield nearest_screen_ranking_line(shown, frame, scales)
    elif (end := ranked_end_of_wish(frame)) is not None:
        yield from forecast_screen_ranking_lines(end, shown, t)
    elif bounds := _bounds(forecasts, frame, scales):
        yield bounds
    elif spared := _spared(shown, frame, scales):
        yield spared
    elif reachable := _reachable(forecasts, frame, scales):
        yield reachable
    elif told := " ".join(_tallies(forecasts, scales, t)):
        yield told


def _edges(forecasts: Sequence[Forecast], shown: Sequence[Forecast], frame: ScreenFrame) -> str:
    """The open marks; without any the averages of the subjects that have too few marks for a forecast."""
    if shown:
        named = ", ".join(_on_edge(each, frame) for each in shown)
        return frame.t("forecast.unclear", len(shown), subjects=named)
    few = [each for each in forecasts if forecast_screen_coming(frame, each) is None and each.average is not None]
    averages = ", ".join(f"{screen_text(each.subject)} {_figure(each, frame)}" for each in few)
    return frame.t("forecast.unclear_few", subjects=averages) if few else frame.t("forecast.unclear_none")


def _figure(each: Forecast, frame: ScreenFrame) -> str:
    return format_average(each.average or Fraction(), point=frame.t("marks.point"))


def _tallies(forecasts: Sequence[Forecast], scales: ForecastWishScales, t: Translator) -> Iterator[str]:
    """What is set, what comes out, then what today's averages make where the marks are too few for a forecast."""
    for key, is_set in (("forecast.tally_set", True), ("forecast.tally", False)):
        of_kind = [each for each in forecasts if (each.set_mark is not None) is is_set]
        if tally := _tally((each.subject, coming_mark_for_advice(each)) for each in of_kind):
            yield t(key, marks=tally)
    averages = [(each.subject, each.average) for each in forecasts if coming_mark_for_advice(each) is None]
    today = [(name, exact_mark_of_average(value, scales.thresholds)) for name, value in averages if value is not None]
    if tally := _tally(today):
        yield t("forecast.tally_today", marks=tally)


def _bounds(forecasts: Sequence[Forecast], frame: ScreenFrame, scales: ForecastWishScales) -> str:
    """How many of each mark in the worst and the best case, or without new ones; "" where that was not asked."""
    asked = mark_of_forecast_wish(frame, BOUNDS)
    if asked is None:
        return ""
    known = [each for each in forecasts if each.average is not None]
    said = [
        frame.t(f"forecast.all_{name}", marks=_tally(_bound_marks(known, bound, scales)))
        for bound, name in ((WORST, "worst"), (BEST, "best"), (AS_IS, "as_is"))
        if asked == bound or (asked == BOTH and bound != AS_IS)
    ]
    return " ".join(said)


def _bound_marks(
    forecasts: Sequence[Forecast], bound: int, scales: ForecastWishScales
) -> Iterator[tuple[str, int | None]]:
    for each in forecasts:
        yield each.subject, exact_mark_of_average(forecast_screen_bound(each, bound, scales), scales.thresholds)


def _on_edge(each: Forecast, frame: ScreenFrame) -> str:
    """«Алгебра (3,40: «4» – 45 %, «3» – 55 %)»."""
    if each.average is None:
        return screen_text(each.subject)
    chances = [
        forecast_screen_chance_words(each, mark, frame.t)
        for mark in reversed(MARKS)
        if forecast_screen_percent(each, mark)
    ]
    average = forecast_screen_average_words(each.average, frame.t)
    return f"{screen_text(each.subject)} ({average}: {', '.join(chances)})"


def _with_supposition(
    forecasts: Sequence[Forecast], supposed: Mapping[int, Forecast], frame: ScreenFrame, scales: ForecastWishScales
) -> str:
    """«Если следующая оценка – 2: по среднему баллу изменятся Физика 3 → 2 (2,90)…»: no subject was named."""
    marks = supposed_mark_for_wish(frame)
    if marks is None:
        return ""
    set_marks = {work.mark for each in forecasts for work in each.term.marked}
    if marks.instead in MARKS and marks.instead not in set_marks:
        return frame.t("forecast.nothing_to_correct", mark=screen_bold(f"«{marks.instead}»"))
    said = _supposed_first(frame, marks)
    if frame.question is not None and frame.question.wish is Wish.FAILED:
        return f"{said} {_with_failed_works(forecasts, supposed, frame, scales)}"
    changes = [
        f"{screen_text(each.subject)} {before} → {screen_bold(str(now))} ({average})"
        for each in forecasts
        for before, now, average in _change(each, supposed.get(each.subject_id), frame, scales)
    ]
    rest = frame.t("forecast.changes", subjects=", ".join(changes)) if changes else frame.t("forecast.no_change")
    return f"{said} {rest}"


def _supposed_first(frame: ScreenFrame, marks: AdviceSupposition) -> str:
    """«Если следующая оценка – 2:», «Если исправить самую низкую оценку на 5:», «Если убрать 2:»."""
    if marks.instead is None:
        key = "heavy" if marks.is_heavy else "always" if marks.is_always else "all"
        return frame.t(f"forecast.supposed_{key}", mark=forecast_screen_marks_words(marks))
    named = {LOWEST_OF_ALL: "forecast.lowest_one", LATEST_OF_ALL: "forecast.latest_one"}
    old = frame.t(named[marks.instead]) if marks.instead in named else str(marks.instead)
    key = "removed" if marks.mark == marks.instead else "replaced"
    return frame.t(f"forecast.supposed_{key}", old=old, mark=marks.mark)


def _with_failed_works(
    forecasts: Sequence[Forecast], supposed: Mapping[int, Forecast], frame: ScreenFrame, scales: ForecastWishScales
) -> str:
    """«По среднему баллу станет: Алгебра 3 (2,88), Физика 2 (2,33)»: the subjects with announced works."""
    after = [supposed[each.subject_id] for each in forecasts if each.announced and each.subject_id in supposed]
    named = [
        f"{screen_text(each.subject)} {forecast_screen_today_words(each, scales, frame.t)}"
        for each in after
        if each.average is not None
    ]
    return frame.t("forecast.would_be", subjects=", ".join(named)) if named else frame.t("forecast.no_change")


def _change(
    each: Forecast, after: Forecast | None, frame: ScreenFrame, scales: ForecastWishScales
) -> Iterator[tuple[int, int, str]]:
    """The mark that the average makes, before and after, where it is another one."""
    if each.average is None or after is None or after.average is None or each.set_mark is not None:
        return
    before, now = (exact_mark_of_average(one, scales.thresholds) for one in (each.average, after.average))
    if before != now:
        yield before, now, forecast_screen_average_words(after.average, frame.t)


def _against_earlier(forecasts: Sequence[Forecast], frame: ScreenFrame) -> str:
    """«Против прошлого периода лучше: …; хуже: Алгебра (4 → 3); так же: 9»."""
    pairs = [
        (each.subject, each.earlier[-1], coming)
        for each in forecasts
        if each.earlier and (coming := coming_mark_for_advice(each)) is not None
    ]
    if not pairs:
        return frame.t("forecast.no_earlier")
    better, worse = (
        ", ".join(f"{screen_text(name)} ({old} → {new})" for name, old, new in pairs if (new - old) * sign > 0) or "–"
        for sign in (1, -1)
    )
    same = sum(old == new for _, old, new in pairs)
    return frame.t("forecast.against_earlier", better=better, worse=worse, same=same)


def _not_assessed(forecasts: Sequence[Forecast], frame: ScreenFrame) -> str:
    named = ", ".join(screen_text(each.subject) for each in forecasts if each.not_assessed)
    if named:
        return frame.t("forecast.na.of", subjects=named)
    bare = ", ".join(screen_text(each.subject) for each in forecasts if not each.term.marked)
    return frame.t("forecast.na.bare", subjects=bare) if bare else frame.t("forecast.na.not_now")


def _marks_left(forecasts: Sequence[Forecast], frame: ScreenFrame) -> str:
    """«До конца периода ждём оценок: Алгебра – 4…»."""
    named = ", ".join(f"{screen_text(each.subject)} – {len(each.term.left)}" for each in forecasts)
    return frame.t("forecast.all_marks_left", count=sum(len(each.term.left) for each in forecasts), subjects=named)


_MOST_NAMED = 4
"""Subjects of one mark that are named in the first line."""

_OF_ALL: Mapping[Wish | None, Callable[[Sequence[Forecast], ScreenFrame], str]] = {
    Wish.EARLIER: _against_earlier,
    Wish.NOT_ASSESSED: _not_assessed,
    Wish.MARKS_LEFT: _marks_left,
}
"""Wishes that have an answer of their own over all subjects."""


def _tally(marks: Iterable[tuple[str, int | None]]) -> str:
    """«5» – 2 (Алгебра, Физика), «4» – 9: how many of each mark; the low ones and those that are few by name."""
    named: dict[int, list[str]] = {mark: [] for mark in reversed(MARKS)}
    for subject, mark in marks:
        if mark in named:
            named[mark].append(screen_text(subject))
    return ", ".join(
        screen_bold(f"«{mark}» – {len(names)}")
        + (f" ({', '.join(names)})" if mark < GOOD or len(names) <= _MOST_NAMED else "")
        for mark, names in named.items()
        if names
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
    if mark == NEXT_BETTER:
        return nearest_screen_ranking_line(nearest_in_screen_ranking(forecasts, frame, scales), frame, scales)
    if mark is None or mark not in MARKS[1:]:
        return ""
    standing = standing_screen_line(forecasts, mark, frame, scales)
    return " ".join(filter(None, [standing, *reachable_screen_lines(forecasts, mark, frame, scales)]))
