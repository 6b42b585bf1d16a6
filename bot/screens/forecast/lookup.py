"""Where the marks of a term are heading: the answer first, then how it came about (Q41–Q46, Q48, Q51)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.screens.dates import short_date
from bot.screens.forecast.wishes import (
    BOUNDS,
    EDGE,
    SUPPOSED,
    SUPPOSED_HEAVY,
    WHICH,
    YEAR,
    Scales,
    aimed_mark,
    asked_term,
    look_words,
    supposed_mark,
    wished,
)
from bot.screens.forecast.words import (
    average_words,
    bound_words,
    count_out_of_reach,
    kind_words,
    marks_named,
    percent_of,
    weight_words,
    work_supposed,
)
from bot.screens.frame import Frame, Rows
from bot.screens.screen import Screen, bold, italic, plain_text
from core.model.forecast import HIGHEST, LEAST_MARKS, LOWEST, MARKS, Forecast, MarkedWork
from core.ports import Translator
from core.rules.conversation.buttons import FORECAST
from core.rules.forecast.advice import (
    coming_mark,
    heaviest_kind,
    is_unclear,
    likeliest,
    possible_works,
    shown_percent,
    usual_kind,
)
from core.rules.forecast.exact import Reach, average_range, least_mark, mark_of_average, marks_needed, reach_of
from core.rules.forecast.years import year_range

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
    shown = [each for each in forecasts if _is_listed(after.get(each.subject_id, each), frame, scales)]
    lines = [_subject_line(each, after.get(each.subject_id), frame, scales) for each in shown]
    buttons = [frame.button(each.subject, subject_id=each.subject_id) for each in forecasts]
    answer = _answer_of_all(supposed or forecasts, shown, frame)
    head = frame.head(title, *_supposition(frame), *answer, t("forecast.is_forecast"))
    chart = (
        (
            frame.button(t("forecast.chart"), CHART, subject_id=0, words=0),
            frame.button(t("forecast.scores_door"), SCORES, subject_id=0, words=0),
        ),
    )
    return frame.screen(head, lines, *chart, *(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)))


def _is_listed(each: Forecast, frame: Frame, scales: Scales) -> bool:
    """Whether a subject is among those that were asked for: with this mark, or on an edge."""
    if (mark := wished(frame, WHICH)) is not None:
        return coming_mark(each) == mark
    if wished(frame, EDGE) is not None:
        return is_unclear(each, list(scales.thresholds))
    return True


def _answer_of_all(forecasts: Sequence[Forecast], shown: Sequence[Forecast], frame: Frame) -> Iterator[str]:
    """The line that answers: the subjects that were asked for, or how many of each mark come out."""
    t = frame.t
    named = ", ".join(plain_text(each.subject) for each in shown)
    if (mark := wished(frame, WHICH)) is not None:
        yield t("forecast.which" if shown else "forecast.which_none", mark=bold(f"«{mark}»"), subjects=named)
        chances = [(each.subject, percent_of(each, mark)) for each in forecasts if each not in shown and each.chances]
        less = ", ".join(f"{plain_text(name)} ({percent} %)" for name, percent in chances if percent)
        if less:
            yield t("forecast.less_likely", subjects=less)
    elif wished(frame, EDGE) is not None:
        yield t("forecast.unclear" if shown else "forecast.unclear_none", subjects=named)
    elif counts := Counter(filter(None, map(coming_mark, forecasts))):
        marks = ", ".join(f"«{mark}» – {counts[mark]}" for mark in reversed(MARKS) if counts[mark])
        yield t("forecast.tally", marks=bold(marks))
    if asked_term(frame) is not None:
        yield t("forecast.only_of", period=forecasts[0].period)


def _supposition(frame: Frame) -> list[str]:
    supposed = supposed_mark(frame)
    if supposed is None:
        return []
    return [
        frame.t("forecast.supposed_heavy" if supposed.is_heavy else "forecast.supposed_all", mark=marks_named(supposed))
    ]


def _subject_line(each: Forecast, after: Forecast | None, frame: Frame, scales: Scales) -> str:
    t = frame.t
    words = [verdict_words(each, t) + ("" if after is None else f" → {verdict_words(after, t)}")]
    aim = aimed_mark(frame, each, scales)
    if aim is not None and each.set_mark is None and each.average is not None:
        words = [aim_words(each, aim, scales, t), *words]
    if wished(frame, BOUNDS) is not None and each.average is not None and each.set_mark is None:
        words = [bound_words(each, frame, scales), *words]
    if each.average is not None:
        words.append(t("marks.average", average=average_words(each.average, t)))
    if aim is None and after is None and (step := next_step_words(each, scales, t)):
        words.append(step)
    return f"{plain_text(each.subject)}: {' · '.join(words)}"


def verdict_words(each: Forecast, t: Translator) -> str:
    """«скорее 4 (65 %)»; a mark that is set, н/а and too few marks have words of their own."""
    if each.set_mark is not None:
        return t("forecast.set", mark=bold(each.set_mark))
    if each.not_assessed:
        return t("forecast.not_assessed")
    mark = likeliest(each)
    if mark is None:
        return t("forecast.few", count=len(each.term.marked))
    return t("forecast.likely", mark=bold(str(mark)), percent=percent_of(each, mark))


def next_step_words(each: Forecast, scales: Scales, t: Translator) -> str:
    """What it takes to the next better mark, in a few words; "" where there is nothing to say."""
    if each.average is None or each.set_mark is not None or likeliest(each) is None:
        return ""
    mark = mark_of_average(each.average, scales.thresholds) + 1
    return "" if mark > HIGHEST else aim_words(each, mark, scales, t)


def aim_words(each: Forecast, mark: int, scales: Scales, t: Translator) -> str:
    """«до «4» – 2 пятёрки», «5» невозможна, «4» обеспечена (Q44, Q45)."""
    least, kind = scales.least(mark), usual_kind(each.term)
    reach = reach_of(each.term.marked, possible_works(each), least, lowest=scales.lowest)
    if reach in {Reach.SAFE, Reach.REACHED} or kind is None:
        return t(f"forecast.aim.{reach}", mark=bold(f"«{mark}»"))
    count = marks_needed(each.term.marked, least, mark=HIGHEST, weight=kind.weight)
    if reach is Reach.IMPOSSIBLE or count is None or count > each.lessons_left:
        name = "heavy" if reach is Reach.OPEN else reach
        return t(f"forecast.aim.{name}", mark=bold(f"«{mark}»")) + count_out_of_reach(count, each.lessons_left, t)
    return t("forecast.aim.open", count, mark=bold(f"«{mark}»"), fives=bold(t("forecast.fives", count)))


def one_subject(frame: Frame, each: Forecast, after: Forecast | None, scales: Scales) -> Screen:
    """One subject in full: the answer, the chances, how they came about, what it takes, the year, what-if buttons."""
    t, shown = frame.t, after or each
    lines = [
        capitalised(_answer(frame, each, after, scales)),
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


def capitalised(line: str) -> str:
    """The line with a capital first letter."""
    return line[:1].upper() + line[1:]


def _answer(frame: Frame, each: Forecast, after: Forecast | None, scales: Scales) -> str:
    """The line that answers what was asked, and of which term where it is not the one that was asked."""
    term, answer = asked_term(frame), _answer_of_term(frame, each, after, scales)
    if term is None or (term != YEAR and "полугод" in each.period.casefold()):
        return answer
    of_term = frame.t("forecast.of_term", period=each.period, answer=answer)
    if term != YEAR:
        return frame.t("forecast.no_half_year", answer=of_term)
    unknown = frame.t("forecast.no_year_few" if each.year_chances is None else "forecast.no_year")
    return next(_year_line(after or each, scales, frame.t), unknown) + f" {of_term}"


def _answer_of_term(frame: Frame, each: Forecast, after: Forecast | None, scales: Scales) -> str:
    """What was asked, of the present term."""
    t, aim, supposed = frame.t, aimed_mark(frame, each, scales), supposed_mark(frame)
    if each.set_mark is not None or each.average is None:
        return verdict_words(each, t)
    if supposed is not None and after is not None and after.average is not None:
        return t(
            "forecast.supposed",
            mark=marks_named(supposed) + work_supposed(each, supposed, t),
            before=average_words(each.average, t),
            after=bold(average_words(after.average, t)),
            verdict=verdict_words(after, t),
        )
    if wished(frame, BOUNDS) is not None:
        return f"{bound_words(each, frame, scales)} · {verdict_words(each, t)}"
    if aim is not None:
        return f"{aim_words(each, aim, scales, t)} · {verdict_words(each, t)}"
    return verdict_words(each, t)


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
    for line in _year_line(each, scales, t):
        yield from ("", line)


def _year_line(each: Forecast, scales: Scales, t: Translator) -> Iterator[str]:
    """The year's mark: the terms that are set and the forecast of the others, worst and best case (Q48)."""
    if each.year_chances is None or not (each.earlier or each.later):
        return
    mark = max(MARKS, key=lambda one: (each.year_chances or ())[one - LOWEST])
    percent = shown_percent(each.year_chances[mark - LOWEST], is_before_half=each.later > 0 or each.is_before_half)
    worst, best = _year_range(each, scales)
    known = " ".join(map(str, each.earlier))
    yield t("forecast.year", mark=bold(str(mark)), percent=percent, worst=worst, best=best) + (
        t("forecast.year_known", marks=known) if known else ""
    )


def _year_range(each: Forecast, scales: Scales) -> tuple[int, int]:
    """The worst and the best year: this term between its own bounds, the later ones anything."""
    worst, best = average_range(each.term.marked, possible_works(each), lowest=scales.lowest)
    lowest, highest = (mark_of_average(average, scales.thresholds) for average in (worst, best))
    return (
        year_range([*each.earlier, lowest], each.later)[0],
        year_range([*each.earlier, highest], each.later)[1],
    )


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
