"""Where the marks of a term are heading: the answer first, then how it came about (Q41–Q46, Q48, Q51)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from bot.questions.forecast import NEXT_BETTER
from bot.screens.dates import short_date
from bot.screens.frame import Frame, Rows
from bot.screens.screen import Screen, bold, italic, plain_text
from core.model.forecast import HIGHEST, LEAST_MARKS, LOWEST, MARKS, Forecast, MarkedWork, WorkKind
from core.ports import Translator
from core.rules.conversation.buttons import FORECAST
from core.rules.forecast.advice import (
    Supposed,
    chance_of,
    heaviest_kind,
    likeliest,
    possible_works,
    shown_percent,
    supposed_kind,
    usual_kind,
)
from core.rules.forecast.exact import Reach, average_range, least_mark, mark_of_average, marks_needed, reach_of
from core.rules.forecast.years import year_range
from core.rules.marks.averages import format_average

CHART, SCORES = "forechart", "forescores"

AIM, SUPPOSED, SUPPOSED_HEAVY = 1, 2, 3
"""What the mark in a look's `words` is: the one that is hoped for, or the next one of a usual or a heavy work."""

FIGURES = 10
BAR = 10
"""Blocks of a bar that stands for 100 %."""

MOST_MARKS = 25
"""Marks that are written out in the explanation."""


@dataclass(frozen=True, slots=True)
class Scales:
    """The school's thresholds of 3, 4 and 5, and its lowest mark."""

    thresholds: Sequence[Fraction]
    lowest: int = LOWEST

    @classmethod
    def of(cls, thresholds: Sequence[Decimal], lowest: int) -> "Scales":
        """From the settings."""
        return cls([Fraction(each) for each in thresholds], lowest)

    def least(self, mark: int) -> Fraction:
        """The least average of a mark."""
        return self.thresholds[mark - LOWEST - 1]


def look_words(kind: int, *marks: int) -> int:
    """The number that a button carries for a mark that is hoped for, or for those that are supposed: «2555»."""
    number = kind
    for mark in marks:
        number = number * FIGURES + mark
    return number


def _kind_and_marks(frame: Frame) -> tuple[int, Sequence[int]]:
    """What `look_words` put into the look."""
    kind, *marks = map(int, str(frame.look.words))
    return kind, marks


def aimed_mark(frame: Frame, each: Forecast, scales: Scales) -> int | None:
    """The mark that the question or the button hopes for; «сколько пятёрок надо» hopes for the next better one."""
    kind, marks = _kind_and_marks(frame)
    if kind != AIM or len(marks) != 1:
        return None
    (mark,) = marks
    if mark == NEXT_BETTER and each.average is not None:
        return min(mark_of_average(each.average, scales.thresholds) + 1, HIGHEST)
    return mark if LOWEST < mark <= HIGHEST else None


def supposed_mark(frame: Frame) -> Supposed | None:
    """The next mark, or several, that the question or the button supposes."""
    kind, marks = _kind_and_marks(frame)
    if kind not in {SUPPOSED, SUPPOSED_HEAVY} or not marks or not {*marks} <= {*MARKS}:
        return None
    return Supposed(marks[0], is_heavy=kind == SUPPOSED_HEAVY, more=marks[1:])


def no_forecast(frame: Frame) -> Screen:
    """Between terms, for first grades and for subjects without marks there is none (Q50)."""
    return frame.screen(frame.head_of_subject(bold(frame.t("forecast.heading"))), [frame.t("forecast.nothing")])


def all_subjects(frame: Frame, forecasts: Sequence[Forecast], supposed: Sequence[Forecast], scales: Scales) -> Screen:
    """A line for each subject; with a supposed mark its forecast stands behind an arrow."""
    t = frame.t
    after = {each.subject_id: each for each in supposed}
    title = bold(t("forecast.title", period=forecasts[0].period))
    lines = [_subject_line(each, after.get(each.subject_id), frame, scales) for each in forecasts]
    buttons = [frame.button(each.subject, subject_id=each.subject_id) for each in forecasts]
    head = frame.head(title, *_supposition(frame), t("forecast.is_forecast"))
    chart = (
        (
            frame.button(t("forecast.chart"), CHART, subject_id=0, words=0),
            frame.button(t("forecast.scores_door"), SCORES, subject_id=0, words=0),
        ),
    )
    return frame.screen(head, lines, *chart, *(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)))


def _supposition(frame: Frame) -> list[str]:
    supposed = supposed_mark(frame)
    if supposed is None:
        return []
    return [frame.t("forecast.supposed_heavy" if supposed.is_heavy else "forecast.supposed_all", mark=_named(supposed))]


def _named(supposed: Supposed) -> str:
    """«5, 5, 5»."""
    return ", ".join(map(str, supposed.marks))


def _subject_line(each: Forecast, after: Forecast | None, frame: Frame, scales: Scales) -> str:
    t = frame.t
    words = [_verdict(each, t) + ("" if after is None else f" → {_verdict(after, t)}")]
    aim = aimed_mark(frame, each, scales)
    if aim is not None and each.set_mark is None and each.average is not None:
        words = [aim_words(each, aim, scales, t), *words]
    if each.average is not None:
        words.append(t("marks.average", average=_average(each.average, t)))
    if aim is None and after is None and (step := _next_step(each, scales, t)):
        words.append(step)
    return f"{plain_text(each.subject)}: {' · '.join(words)}"


def _verdict(each: Forecast, t: Translator) -> str:
    """«скорее 4 (65 %)»; a mark that is set, н/а and too few marks have words of their own."""
    if each.set_mark is not None:
        return t("forecast.set", mark=bold(each.set_mark))
    if each.not_assessed:
        return t("forecast.not_assessed")
    mark = likeliest(each)
    if mark is None:
        return t("forecast.few", count=len(each.term.marked))
    return t("forecast.likely", mark=bold(str(mark)), percent=_percent(each, mark))


def _percent(each: Forecast, mark: int) -> int:
    return shown_percent(chance_of(each, mark), is_before_half=each.is_before_half)


def _average(average: Fraction, t: Translator) -> str:
    return format_average(average, point=t("marks.point"))


def _next_step(each: Forecast, scales: Scales, t: Translator) -> str:
    """What it takes to the next better mark, in a few words; "" where there is nothing to say."""
    if each.average is None or each.set_mark is not None or likeliest(each) is None:
        return ""
    mark = mark_of_average(each.average, scales.thresholds) + 1
    return "" if mark > HIGHEST else aim_words(each, mark, scales, t)


def aim_words(each: Forecast, mark: int, scales: Scales, t: Translator) -> str:
    """«до «4» – 2 пятёрки», «5» невозможна, «4» обеспечена (Q44, Q45)."""
    least, kind = scales.least(mark), usual_kind(each.term)
    reach = reach_of(each.term.marked, possible_works(each), least, lowest=scales.lowest)
    if reach is not Reach.OPEN or kind is None:
        return t(f"forecast.aim.{reach}", mark=bold(f"«{mark}»"))
    count = marks_needed(each.term.marked, least, mark=HIGHEST, weight=kind.weight)
    if count is None or count > each.lessons_left:
        return t("forecast.aim.heavy", mark=bold(f"«{mark}»"))
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
    """The line that answers what was asked."""
    t, aim, supposed = frame.t, aimed_mark(frame, each, scales), supposed_mark(frame)
    if each.set_mark is not None or each.average is None:
        return _verdict(each, t)
    if supposed is not None and after is not None and after.average is not None:
        return t(
            "forecast.supposed",
            mark=_named(supposed) + _supposed_work(each, supposed, t),
            before=_average(each.average, t),
            after=bold(_average(after.average, t)),
            verdict=_verdict(after, t),
        )
    if aim is not None:
        return f"{aim_words(each, aim, scales, t)} · {_verdict(each, t)}"
    return _verdict(each, t)


def _supposed_work(each: Forecast, supposed: Supposed, t: Translator) -> str:
    """« (контрольная, вес 15)»: which work was supposed, where a large one or several were asked for."""
    kind = supposed_kind(each.term, supposed)
    return f" ({_kind_name(kind, each.scale, t)})" if kind and (supposed.is_heavy or supposed.more) else ""


def _chance_lines(each: Forecast, t: Translator) -> Iterator[str]:
    """A bar for each mark, the best first."""
    if each.chances is None or each.set_mark is not None:
        return
    yield t("forecast.chances")
    for mark in reversed(MARKS):
        percent = _percent(each, mark)
        filled = round(percent * BAR / 100)
        yield f"{bold(str(mark))} {'▓' * filled}{'░' * (BAR - filled)} {t('forecast.percent', percent=percent)}"


def _explanation(each: Forecast, scales: Scales, t: Translator) -> Iterator[str]:
    """The marks used with their weights, the exact average, the thresholds, what is left (Q51)."""
    yield ""
    marks = list(each.term.marked)
    if each.average is not None:
        now = mark_of_average(each.average, scales.thresholds)
        yield t("forecast.used", len(marks), marks=_marks_used(marks, each.scale, t))
        yield t("forecast.average", average=bold(_average(each.average, t)), mark=now)
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
        named = "; ".join(f"{short_date(work.on)} {_kind_name(work.kind, each.scale, t)}" for work in each.announced)
        yield t("forecast.announced", works=named)


def _limit(scales: Scales, mark: int, t: Translator) -> str:
    return _average(scales.least(mark), t)


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
        t("forecast.of_weight", marks=" ".join(str(work.mark) for work in works), weight=_weight(weight, scale, t))
        for weight, works in groups
    )


def _weight(weight: int, scale: int, t: Translator) -> str:
    exact = Decimal(weight) / Decimal(scale)
    return f"{exact.normalize():f}".replace(".", t("marks.point"))


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
    return "" if least is None else t("forecast.heavy_need", work=_kind_name(kind, each.scale, t), mark=least)


def _kind_name(kind: WorkKind, scale: int, t: Translator) -> str:
    weight = t("forecast.weight", weight=_weight(kind.weight, scale, t))
    return f"{plain_text(kind.name)}, {weight}" if kind.name else weight


def _keep_words(each: Forecast, mark: int, scales: Scales, t: Translator) -> str:
    """Whether the present mark is safe, and what the average can still become."""
    reach = reach_of(each.term.marked, possible_works(each), scales.least(mark), lowest=scales.lowest)
    worst, best = average_range(each.term.marked, possible_works(each), lowest=scales.lowest)
    return t(
        f"forecast.keep.{'safe' if reach is Reach.SAFE else 'open'}", mark=bold(f"«{mark}»"),
        worst=_average(worst, t), best=_average(best, t),
    )  # fmt: skip


def _year(each: Forecast, scales: Scales, t: Translator) -> Iterator[str]:
    """The year's mark: the terms that are set and the forecast of the others, worst and best case (Q48)."""
    if each.year_chances is None or not (each.earlier or each.later):
        return
    mark = max(MARKS, key=lambda one: (each.year_chances or ())[one - LOWEST])
    percent = shown_percent(each.year_chances[mark - LOWEST], is_before_half=each.later > 0 or each.is_before_half)
    worst, best = _year_range(each, scales)
    known = " ".join(map(str, each.earlier))
    yield ""
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
        weight = _weight(kind.weight, each.scale, t)
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
        (each.subject, [(mark, _percent(each, mark)) for mark in reversed(MARKS)])
        for each in forecasts
        if each.chances is not None and each.set_mark is None
    ]


def forecast_chart(frame: Frame, picture: bytes) -> Screen:
    """The chart; its caption says that it is a forecast."""
    t = frame.t
    back = ((frame.below(t("forecast.in_words"), FORECAST),),)
    return frame.picture(picture, t("forecast.is_forecast"), *back)
