"""The words for figures of a forecast: percentages, averages, weights and kinds of works, what it takes, bounds."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from bot.screens.forecast.wishes import AS_IS, BEST, BOTH, BOUNDS, WORST, Scales, wished
from bot.screens.frame import Frame
from bot.screens.screen import bold, plain_text
from core.model.forecast import HIGHEST, LOWEST, MARKS, Forecast, MarkedWork, WorkKind
from core.ports import Translator
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
from core.rules.forecast.exact import (
    Reach,
    average_of_works,
    average_range,
    least_mark,
    mark_of_average,
    marks_needed,
    marks_spared,
    reach_of,
)
from core.rules.forecast.years import year_range
from core.rules.marks.averages import format_average

_BOUND_KEYS = {AS_IS: "as_is", WORST: "worst", BEST: "best"}


def percent_of(each: Forecast, mark: int) -> int:
    """The chance of a mark as it is shown."""
    return shown_percent(chance_of(each, mark), is_before_half=each.is_before_half)


def average_words(average: Fraction, t: Translator) -> str:
    """The average with the language's decimal point."""
    return format_average(average, point=t("marks.point"))


def weight_words(weight: int, scale: int, t: Translator) -> str:
    """A weight as the journal gives it."""
    exact = Decimal(weight) / Decimal(scale)
    return f"{exact.normalize():f}".replace(".", t("marks.point"))


def kind_words(kind: WorkKind, scale: int, t: Translator) -> str:
    """«контрольная, вес 15», or the weight alone."""
    weight = t("forecast.weight", weight=weight_words(kind.weight, scale, t))
    return f"{plain_text(kind.name)}, {weight}" if kind.name else weight


def marks_named(supposed: Supposed) -> str:
    """«5, 5, 5»."""
    return ", ".join(map(str, supposed.marks))


def always_words(each: Forecast, supposed: Supposed, t: Translator) -> str:
    """«до конца периода только 4 (ещё около 5 оценок)»; "" where only some marks are supposed."""
    if supposed.instead is not None:
        key = "without" if supposed.instead == supposed.mark else "instead"
        return t(f"forecast.{key}", mark=supposed.mark, instead=supposed.instead)
    if not supposed.is_always:
        return ""
    works = t("forecast.works", len(each.term.left)) if each.term.left else t("forecast.no_works")
    return t("forecast.always", mark=supposed.mark, works=works)


def work_supposed(each: Forecast, supposed: Supposed, t: Translator) -> str:
    """« (контрольная, вес 15)»: which work was supposed, where a large one or several were asked for."""
    kind = supposed_kind(each.term, supposed)
    return f" ({kind_words(kind, each.scale, t)})" if kind and (supposed.is_heavy or supposed.more) else ""


def capitalised(line: str) -> str:
    """The line with a capital first letter."""
    return line[:1].upper() + line[1:]


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


def average_and_gap(each: Forecast, aim: int | None, scales: Scales, t: Translator) -> str:
    """«Средний балл 4,40 (до «5» не хватает 0,20)»."""
    if each.average is None:
        return ""
    said = t("marks.average", average=bold(average_words(each.average, t)))
    if aim is None or aim <= LOWEST or each.average >= scales.least(aim):
        return said
    return said + t("forecast.gap", mark=aim, gap=average_words(scales.least(aim) - each.average, t))


def heavy_words(each: Forecast, mark: int, scales: Scales, t: Translator) -> str:
    """«За контрольную (вес 2) нужно не меньше 4»: the least mark of a heavy work for the mark; "" where none does."""
    kind = heaviest_kind(each.term)
    if kind is None or each.average is None:
        return ""
    least = least_mark(each.term.marked, scales.least(mark), weight=kind.weight, lowest=scales.lowest)
    words = kind_words(kind, each.scale, t)
    return t("forecast.heavy_impossible" if least is None else "forecast.heavy_least", work=words, mark=least, aim=mark)


def now_words(each: Forecast, scales: Scales, t: Translator) -> str:
    """«2 (2,50)»: the mark that today's average makes; "" without marks."""
    if each.average is None:
        return ""
    mark = bold(str(mark_of_average(each.average, scales.thresholds)))
    return t("forecast.now", mark=mark, average=average_words(each.average, t))


def chance_words(each: Forecast, mark: int, t: Translator) -> str:
    """««3» – 20 %»."""
    return t("forecast.chance", mark=bold(f"«{mark}»"), percent=percent_of(each, mark))


def aim_words(each: Forecast, mark: int, scales: Scales, t: Translator, *, by: int = HIGHEST) -> str:
    """«до «4» – 2 пятёрки», «5» невозможна, «4» обеспечена (Q44, Q45); `by`: with marks of this value."""
    least, kind = scales.least(mark), usual_kind(each.term)
    reach = reach_of(each.term.marked, possible_works(each), least, lowest=scales.lowest)
    if reach in {Reach.SAFE, Reach.REACHED} or kind is None:
        return t(f"forecast.aim.{reach}", mark=bold(f"«{mark}»"))
    count = marks_needed(each.term.marked, least, mark=by, weight=kind.weight)
    if reach is not Reach.IMPOSSIBLE and count is not None and count <= each.lessons_left:
        return t("forecast.aim.open", mark=bold(f"«{mark}»"), fives=bold(t(f"forecast.needed.{by}", count)))
    if by != HIGHEST:
        refused = t(f"forecast.aim.not_by.{by}", mark=bold(f"«{mark}»"))
        return f"{refused}{count_out_of_reach(count, each, t, by)}: {aim_words(each, mark, scales, t)}"
    name = "heavy" if reach is Reach.OPEN else reach
    return t(f"forecast.aim.{name}", mark=bold(f"«{mark}»")) + count_out_of_reach(count, each, t, by)


def count_out_of_reach(count: int | None, each: Forecast, t: Translator, by: int) -> str:
    """« (нужно 14 пятёрок, впереди 12 уроков)»."""
    if count is None or count <= each.lessons_left:
        return ""
    lessons = t("forecast.lessons", each.lessons_left)
    return t("forecast.aim.too_many", fives=t(f"forecast.needed.{by}", count), lessons=lessons)


def other_ways(each: Forecast, mark: int, scales: Scales, t: Translator) -> str:
    """« (или 2 четвёрки)»: lower marks that bring the mark too, in the lessons that are left."""
    least, kind = scales.least(mark), usual_kind(each.term)
    if kind is None or each.average is None or each.average >= least:
        return ""
    counts = [
        (by, marks_needed(each.term.marked, least, mark=by, weight=kind.weight))
        for by in reversed(MARKS)
        if LOWEST < by < HIGHEST
    ]
    ways = [t(f"forecast.needed.{by}", count) for by, count in counts if count and count <= each.lessons_left]
    return t("forecast.aim.or", ways=t("forecast.or").join(ways)) if ways else ""


def spared_count(each: Forecast, kept: int, by: int, scales: Scales) -> int | None:
    """How many marks of the value `by`, each for a usual work, leave the mark; None where they never spoil it."""
    kind = usual_kind(each.term)
    if kind is None or kept <= LOWEST:
        return None
    return marks_spared(each.term.marked, scales.least(kept), mark=by, weight=kind.weight)


def spare_words(each: Forecast, kept: int, by: int, scales: Scales, t: Translator) -> str:
    """««4» выдержит 2 двойки: средний балл 3,67; 3 двойки – уже 3 (3,43)»: how many marks it outlasts."""
    kind = usual_kind(each.term)
    if kind is None or each.average is None:
        return verdict_words(each, t)
    if mark_of_average(each.average, scales.thresholds) < kept:
        return t("forecast.spare.not_yet", mark=bold(f"«{kept}»"), reach=aim_words(each, kept, scales, t))
    count = spared_count(each, kept, by, scales)
    if count is None:
        return t(f"forecast.spare.never.{by}", mark=bold(f"«{kept}»"))
    with_them, beyond = (
        average_of_works([*each.term.marked, *[MarkedWork(kind, by)] * number]) for number in (count, count + 1)
    )
    return t(
        "forecast.spare.some" if count else "forecast.spare.none",
        kept=bold(f"«{kept}»"), marks=bold(t(f"forecast.needed.{by}", count)), average=average_words(with_them, t),
        more=t(f"forecast.needed.{by}", count + 1), mark=mark_of_average(beyond, scales.thresholds),
        less=average_words(beyond, t),
    )  # fmt: skip


def bound_words(each: Forecast, frame: Frame, scales: Scales) -> str:
    """«в худшем случае 2 (средний балл 2,42), в лучшем 5…», «без новых оценок 4 (средний балл 3,75)»."""
    bound = wished(frame, BOUNDS) or AS_IS
    return ", ".join(_bound(each, end, scales, frame.t) for end in ((WORST, BEST) if bound == BOTH else (bound,)))


def _bound(each: Forecast, bound: int, scales: Scales, t: Translator) -> str:
    left = [] if bound == AS_IS else possible_works(each)
    average = average_range(each.term.marked, left, lowest=scales.lowest)[bound == BEST]
    return t(
        f"forecast.{_BOUND_KEYS[bound]}",
        mark=bold(str(mark_of_average(average, scales.thresholds))),
        average=average_words(average, t),
    )


def likeliest_of_year(each: Forecast) -> int | None:
    """The year's mark with the greatest chance; None where it cannot be told."""
    chances = each.year_chances
    if chances is None or not (each.earlier or each.later):
        return None
    return max(MARKS, key=lambda mark: chances[mark - LOWEST])


def year_words(each: Forecast, scales: Scales, t: Translator) -> Iterator[str]:
    """The year's mark: the terms that are set and the forecast of the others, worst and best case (Q48)."""
    mark = likeliest_of_year(each)
    if mark is None or each.year_chances is None:
        return
    percent = shown_percent(each.year_chances[mark - LOWEST], is_before_half=each.later > 0 or each.is_before_half)
    worst, best = _year_range(each, scales)
    known = " ".join(map(str, each.earlier))
    yield t("forecast.year", mark=bold(str(mark)), percent=percent, worst=worst, best=best) + (
        t("forecast.year_known", marks=known) if known else ""
    )


def year_in_short(each: Forecast, t: Translator) -> Iterator[str]:
    """«год – скорее 4 (60 %)»."""
    mark = likeliest_of_year(each)
    if mark is not None and each.year_chances is not None:
        percent = shown_percent(each.year_chances[mark - LOWEST], is_before_half=each.later > 0 or each.is_before_half)
        yield t("forecast.year_short", mark=bold(str(mark)), percent=percent)


def _year_range(each: Forecast, scales: Scales) -> tuple[int, int]:
    """The worst and the best year: this term between its own bounds, the later ones anything."""
    worst, best = average_range(each.term.marked, possible_works(each), lowest=scales.lowest)
    lowest, highest = (mark_of_average(average, scales.thresholds) for average in (worst, best))
    return (
        year_range([*each.earlier, lowest], each.later)[0],
        year_range([*each.earlier, highest], each.later)[1],
    )
