"""Where the marks of a term are heading: the answer first, then how it came about (Q41–Q46, Q48, Q51)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from bot.screens.dates import short_date
from bot.screens.forecast.first_line import answer_of_all, answer_of_subject
from bot.screens.forecast.ranking import nearest_first, ranked
from bot.screens.forecast.wishes import (
    ALL,
    BOUNDS,
    EDGE,
    SUPPOSED,
    SUPPOSED_HEAVY,
    WHICH,
    YEAR,
    Scales,
    aimed_mark,
    asked_term,
    is_enough_asked,
    is_nearest_asked,
    kept_mark,
    look_words,
    mark_for_it,
    ranked_end,
    supposed_mark,
    wished,
)
from bot.screens.forecast.words import (
    aim_words,
    average_words,
    bound_words,
    capitalised,
    kind_words,
    marks_named,
    percent_of,
    spare_words,
    verdict_words,
    weight_words,
    year_in_short,
    year_words,
)
from bot.screens.frame import Frame, Rows
from bot.screens.screen import Screen, bold, italic, plain_text
from core.model.forecast import HIGHEST, LEAST_MARKS, LOWEST, MARKS, Forecast, MarkedWork
from core.ports import Translator
from core.rules.conversation.buttons import FORECAST
from core.rules.forecast.advice import coming_mark, heaviest_kind, is_unclear, likeliest, possible_works
from core.rules.forecast.exact import Reach, average_range, least_mark, mark_of_average, reach_of

CHART, SCORES = "forechart", "forescores"

BAR = 10
"""Blocks of a bar that stands for 100 %."""

MOST_MARKS = 25
"""Marks that are written out in the explanation."""


def no_forecast(frame: Frame) -> Screen:
    """Between terms, for first grades and for subjects without marks there is none (Q50)."""
    return frame.screen(frame.head_of_subject(bold(frame.t("forecast.heading"))), [frame.t("forecast.nothing")])


def all_subjects(frame: Frame, forecasts: Sequence[Forecast], supposed: Sequence[Forecast], scales: Scales) -> Screen:
    """A line for each subject; with a supposed mark its forecast stands behind an arrow."""
    t = frame.t
    after = {each.subject_id: each for each in supposed}
    title = bold(t("forecast.title", period=forecasts[0].period))
    shown = _shown(forecasts, after, frame, scales)
    lines = [_subject_line(each, after.get(each.subject_id), frame, scales) for each in shown]
    buttons = [frame.button(each.subject, subject_id=each.subject_id) for each in forecasts]
    answer = answer_of_all(supposed or forecasts, shown, frame, scales)
    head = frame.head(title, *_supposition(frame), *answer, t("forecast.is_forecast"))
    chart = (
        (
            frame.button(t("forecast.chart"), CHART, subject_id=0, words=0),
            frame.button(t("forecast.scores_door"), SCORES, subject_id=0, words=0),
        ),
    )
    return frame.screen(head, lines, *chart, *(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)))


def _shown(
    forecasts: Sequence[Forecast], after: Mapping[int, Forecast], frame: Frame, scales: Scales
) -> Sequence[Forecast]:
    """The subjects that were asked for; those that are compared by their averages."""
    if is_nearest_asked(frame):
        return nearest_first(forecasts, frame, scales)
    if (end := ranked_end(frame)) is not None:
        compared = frame.question.subjects if frame.question else ()
        return ranked([each for each in forecasts if not compared or each.subject in compared], end)
    return [each for each in forecasts if _is_listed(after.get(each.subject_id, each), frame, scales)]


def _is_listed(each: Forecast, frame: Frame, scales: Scales) -> bool:
    """Whether a subject is among those that were asked for: with this mark, or on an edge."""
    coming = coming_mark(each)
    if (mark := wished(frame, WHICH)) is not None:
        return coming == mark
    if (least := wished(frame, ALL)) is not None:
        return coming is not None and coming < least
    if (spared := kept_mark(frame, each, scales)) is not None and each.average is not None:
        return mark_of_average(each.average, scales.thresholds) == spared[0]
    if wished(frame, EDGE) is not None:
        return is_unclear(each, list(scales.thresholds))
    return True


def _supposition(frame: Frame) -> list[str]:
    supposed = supposed_mark(frame)
    if supposed is None:
        return []
    key = "heavy" if supposed.is_heavy else "always" if supposed.is_always else "all"
    return [frame.t(f"forecast.supposed_{key}", mark=marks_named(supposed))]


def _subject_line(each: Forecast, after: Forecast | None, frame: Frame, scales: Scales) -> str:
    t = frame.t
    words = [verdict_words(each, t) + ("" if after is None else f" → {verdict_words(after, t)}")]
    if asked_term(frame) == YEAR:
        words = [*year_in_short(each, t), *words]
    aim = aimed_mark(frame, each, scales)
    if after is None and aim is not None and aim > LOWEST and each.set_mark is None and each.average is not None:
        words = [aim_words(each, aim, scales, t, by=mark_for_it(frame)), *words]
    if after is not None and is_enough_asked(frame):
        words = [answer_of_subject(frame, each, after, scales)]
    if wished(frame, BOUNDS) is not None and each.average is not None and each.set_mark is None:
        words = [bound_words(each, frame, scales), *words]
    if (kept := kept_mark(frame, each, scales)) is not None and each.set_mark is None:
        words = [spare_words(each, *kept, scales, t), *words]
    if each.average is not None:
        words.append(t("marks.average", average=average_words(each.average, t)))
    if aim is None and after is None and (step := next_step_words(each, scales, t)):
        words.append(step)
    return f"{plain_text(each.subject)}: {' · '.join(words)}"


def next_step_words(each: Forecast, scales: Scales, t: Translator) -> str:
    """What it takes to the next better mark, in a few words; "" where there is nothing to say."""
    if each.average is None or each.set_mark is not None or likeliest(each) is None:
        return ""
    mark = mark_of_average(each.average, scales.thresholds) + 1
    return "" if mark > HIGHEST else aim_words(each, mark, scales, t)


def one_subject(frame: Frame, each: Forecast, after: Forecast | None, scales: Scales) -> Screen:
    """One subject in full: the answer, the chances, how they came about, what it takes, the year, what-if buttons."""
    t, shown = frame.t, after or each
    lines = [
        capitalised(answer_of_subject(frame, each, after, scales)),
        "",
        *_chance_lines(shown, t),
        *_explanation(shown, scales, t),
        *_needs(shown, scales, t),
        *_year(shown, scales, t),
        "",
        italic(t("forecast.is_forecast")),
    ]
    title = bold(t("forecast.title", period=each.period))
    return frame.screen(frame.head_of_subject(title), lines, *_suppositions(frame, each), *_links(frame))


def _chance_lines(each: Forecast, t: Translator) -> Iterator[str]:
    """A bar for each mark, the best first."""
    if each.chances is None or each.set_mark is not None:
        return
    yield t("forecast.chances")
    for mark in reversed(MARKS):
        percent = percent_of(each, mark)
        filled = round(percent * BAR / 100)
        yield f"{bold(str(mark))} {'▓' * filled}{'░' * (BAR - filled)} {t('forecast.percent', percent=percent)}"


def _explanation(each: Forecast, scales: Scales, t: Translator) -> Iterator[str]:
    """The marks used with their weights, the exact average, the thresholds, what is left (Q51)."""
    yield ""
    marks = list(each.term.marked)
    if each.average is not None:
        now = mark_of_average(each.average, scales.thresholds)
        yield t("forecast.used", len(marks), marks=_marks_used(marks, each.scale, t))
        yield t("forecast.average", average=bold(average_words(each.average, t)), mark=now)
    else:
        yield t("forecast.least", least=LEAST_MARKS)
    yield t("forecast.thresholds_are", three=_limit(scales, 3, t), four=_limit(scales, 4, t), five=_limit(scales, 5, t))
    yield t(
        "forecast.left",
        lessons=t("forecast.lessons", each.lessons_left),
        works=t("forecast.works", len(each.term.left)) if each.term.left else t("forecast.no_works"),
        until=short_date(each.until),
    )
    if each.announced:
        named = "; ".join(f"{short_date(work.on)} {kind_words(work.kind, each.scale, t)}" for work in each.announced)
        yield t("forecast.announced", works=named)


def _limit(scales: Scales, mark: int, t: Translator) -> str:
    return average_words(scales.least(mark), t)


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
        t("forecast.of_weight", marks=" ".join(str(work.mark) for work in works), weight=weight_words(weight, scale, t))
        for weight, works in groups
    )


def _needs(each: Forecast, scales: Scales, t: Translator) -> Iterator[str]:
    """What it takes to each better mark, and the least mark of a heavy work for it (Q44, Q45)."""
    if each.average is None or each.set_mark is not None:
        return
    now = mark_of_average(each.average, scales.thresholds)
    better = [mark for mark in MARKS if mark > now]
    if better:
        yield ""
    for mark in better:
        yield f"• {aim_words(each, mark, scales, t)}{_heavy_need(each, mark, scales, t)}"
    if now > LOWEST:
        yield f"• {_keep_words(each, now, scales, t)}"


def _heavy_need(each: Forecast, mark: int, scales: Scales, t: Translator) -> str:
    kind = heaviest_kind(each.term)
    reach = reach_of(each.term.marked, possible_works(each), scales.least(mark), lowest=scales.lowest)
    if kind is None or reach is not Reach.OPEN:
        return ""
    least = least_mark(each.term.marked, scales.least(mark), weight=kind.weight, lowest=scales.lowest)
    return "" if least is None else t("forecast.heavy_need", work=kind_words(kind, each.scale, t), mark=least)


def _keep_words(each: Forecast, mark: int, scales: Scales, t: Translator) -> str:
    """Whether the present mark is safe, and what the average can still become."""
    reach = reach_of(each.term.marked, possible_works(each), scales.least(mark), lowest=scales.lowest)
    worst, best = average_range(each.term.marked, possible_works(each), lowest=scales.lowest)
    return t(
        f"forecast.keep.{'safe' if reach is Reach.SAFE else 'open'}", mark=bold(f"«{mark}»"),
        worst=average_words(worst, t), best=average_words(best, t),
    )  # fmt: skip


def _year(each: Forecast, scales: Scales, t: Translator) -> Iterator[str]:
    """The year's mark below an empty line; nothing where it cannot be told."""
    for line in year_words(each, scales, t):
        yield from ("", line)


def _suppositions(frame: Frame, each: Forecast) -> Rows:
    """Buttons «если 5» … «если 2», for the heavy kind of work too."""
    if each.set_mark is not None or each.average is None:
        return ()
    t = frame.t
    rows = [
        tuple(frame.button(t("forecast.if", mark=mark), words=look_words(SUPPOSED, mark)) for mark in reversed(MARKS))
    ]
    if (kind := heaviest_kind(each.term)) is not None:
        weight = weight_words(kind.weight, each.scale, t)
        rows.append(
            tuple(
                frame.button(t("forecast.if_heavy", mark=mark, weight=weight), words=look_words(SUPPOSED_HEAVY, mark))
                for mark in reversed(MARKS)
            )
        )
    return tuple(rows)


def _links(frame: Frame) -> Rows:
    t = frame.t
    return (
        (
            frame.button(t("forecast.chart"), CHART, words=0),
            frame.button(t("forecast.all"), subject_id=0, words=0),
        ),
    )


def chart_rows(forecasts: Sequence[Forecast]) -> Sequence[tuple[str, Sequence[tuple[int, int]]]]:
    """By subject the shown percentages, the best mark first; subjects without a forecast are left out."""
    return [
        (each.subject, [(mark, percent_of(each, mark)) for mark in reversed(MARKS)])
        for each in forecasts
        if each.chances is not None and each.set_mark is None
    ]


def forecast_chart(frame: Frame, picture: bytes) -> Screen:
    """The chart; its caption says that it is a forecast."""
    t = frame.t
    back = ((frame.below(t("forecast.in_words"), FORECAST),),)
    return frame.picture(picture, t("forecast.is_forecast"), *back)
