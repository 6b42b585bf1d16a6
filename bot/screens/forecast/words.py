"""The words for figures of a forecast: percentages, averages, weights and kinds of works, what it takes, bounds."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from bot.questions.forecast.works import is_large_forecast_work
from bot.screens.forecast.wishes import (
    AS_IS,
    BEST,
    BOTH,
    BOUNDS,
    WORST,
    YEAR,
    ForecastWishScales,
    mark_of_forecast_wish,
    term_of_forecast_wish,
)
from bot.screens.frame import ScreenFrame
from bot.screens.screen import screen_bold, screen_text
from core.model.forecast import HIGHEST, LEAST_MARKS, LOWEST, MARKS, Forecast, MarkedWork, WorkKind
from core.ports import Translator
from core.rules.forecast.advice import (
    AdviceSupposition,
    chance_for_advice,
    coming_mark_for_advice,
    heaviest_kind_for_advice,
    likeliest_mark_for_advice,
    percent_for_advice,
    possible_works_for_advice,
    supposed_kinds_for_advice,
    usual_kind_for_advice,
)
from core.rules.forecast.exact import (
    Reach,
    exact_average_of_works,
    exact_average_range,
    exact_least_mark,
    exact_mark_of_average,
    exact_marks_needed,
    exact_marks_spared,
    exact_reach_of_average,
)
from core.rules.forecast.years import forecast_year_range, forecast_year_sum
from core.rules.marks.averages import format_average, format_weight

_BOUND_KEYS = {AS_IS: "as_is", WORST: "worst", BEST: "best"}


def forecast_screen_percent(each: Forecast, mark: int) -> int:
    """The chance of a mark as it is shown."""
    return percent_for_advice(chance_for_advice(each, mark), is_before_half=each.is_before_half)


def forecast_screen_average_words(average: Fraction, t: Translator) -> str:
    """The average with the language's decimal point."""
    return format_average(average, point=t("marks.point"))


def forecast_screen_weight_words(weight: int, scale: int, t: Translator) -> str:
    """A weight as the journal gives it."""
    return format_weight(Decimal(weight) / Decimal(scale), point=t("marks.point"))


def forecast_screen_kind_words(kind: WorkKind, scale: int, t: Translator) -> str:
    """«контрольная, вес 15», or the weight alone."""
    weight = t("forecast.weight", weight=forecast_screen_weight_words(kind.weight, scale, t))
    return f"{screen_text(kind.name)}, {weight}" if kind.name else weight


def forecast_screen_marks_words(supposed: AdviceSupposition) -> str:
    """«5, 5, 5»."""
    return ", ".join(map(str, supposed.marks))


def forecast_screen_always_words(each: Forecast, supposed: AdviceSupposition, t: Translator) -> str:
    """«до конца периода только 4 (ещё около 5 оценок)»; "" where only some marks are supposed."""
    if supposed.instead is not None:
        key = "without" if supposed.instead == supposed.mark else "instead"
        return t(f"forecast.{key}", mark=supposed.mark, instead=supposed.instead)
    if not supposed.is_always:
        return ""
    works = t("forecast.works", len(each.term.left)) if each.term.left else t("forecast.no_works")
    return t("forecast.always", mark=supposed.mark, works=works)


def forecast_screen_supposed_words(after: Forecast, supposed: AdviceSupposition, t: Translator) -> str:
    """«5 (контрольная, вес 15)»: the marks, and which works were supposed where a certain one or several were.

    `after`: the forecast with them.
    """
    kinds = [work.kind for work in after.term.marked[-len(supposed.marks) :]]
    named = [forecast_screen_kind_words(kind, after.scale, t) for kind in kinds]
    if len(set(named)) > 1:
        return ", ".join(f"{mark} ({work})" for mark, work in zip(supposed.marks, named, strict=True))
    is_told = named and (supposed.is_heavy or supposed.more or supposed.works)
    return forecast_screen_marks_words(supposed) + (f" ({named[0]})" if is_told else "")


def capitalised_forecast_screen_words(line: str) -> str:
    """The line with a capital first letter."""
    return line[:1].upper() + line[1:]


def forecast_screen_verdict_words(each: Forecast, t: Translator) -> str:
    """«скорее 4 (65 %)»; a mark that is set, н/а and too few marks have words of their own."""
    if each.set_mark is not None:
        return t("forecast.set", mark=screen_bold(each.set_mark))
    if each.not_assessed:
        return t("forecast.not_assessed")
    mark = likeliest_mark_for_advice(each)
    if mark is None:
        key = "forecast.few" if each.lessons_left else "forecast.few_and_over"
        return t(key, count=len(each.term.marked), least=LEAST_MARKS)
    return t("forecast.likely", mark=screen_bold(str(mark)), percent=forecast_screen_percent(each, mark))


def forecast_screen_gap_words(each: Forecast, aim: int | None, scales: ForecastWishScales, t: Translator) -> str:
    """«Средний балл 4,40 (до «5» не хватает 0,20)»."""
    if each.average is None:
        return ""
    said = t("marks.average", average=screen_bold(forecast_screen_average_words(each.average, t)))
    if aim is None or aim <= LOWEST or each.average >= scales.least(aim):
        return said
    return said + t("forecast.gap", mark=aim, gap=forecast_screen_average_words(scales.least(aim) - each.average, t))


def forecast_screen_heavy_words(
    each: Forecast, mark: int, works: Sequence[str], scales: ForecastWishScales, t: Translator
) -> str:
    """«За контрольную (вес 2) нужно не меньше 4»: the least mark of such a work for the mark; "" where all weigh alike.

    `works`: the beginning of the name of its kind, where one is named.
    """
    is_heavy = all(map(is_large_forecast_work, works))
    kinds = supposed_kinds_for_advice(each.term, AdviceSupposition(mark, is_heavy=is_heavy, works=works))
    if each.average is None or not kinds or kinds[0] == usual_kind_for_advice(each.term):
        return ""
    kind = kinds[0]
    least = exact_least_mark(each.term.marked, scales.least(mark), weight=kind.weight, lowest=scales.lowest)
    words = forecast_screen_kind_words(kind, each.scale, t)
    name = "heavy" if kind == heaviest_kind_for_advice(each.term) else "work"
    return t(f"forecast.{name}_{'impossible' if least is None else 'least'}", work=words, mark=least, aim=mark)


def forecast_screen_today_words(each: Forecast, scales: ForecastWishScales, t: Translator) -> str:
    """«2 (2,50)»: the mark that today's average makes; "" without marks."""
    if each.average is None:
        return ""
    mark = screen_bold(str(exact_mark_of_average(each.average, scales.thresholds)))
    return t("forecast.now", mark=mark, average=forecast_screen_average_words(each.average, t))


def forecast_screen_chance_words(each: Forecast, mark: int, t: Translator) -> str:
    """««3» – 20 %»."""
    return t("forecast.chance", mark=screen_bold(f"«{mark}»"), percent=forecast_screen_percent(each, mark))


def forecast_screen_reach(each: Forecast, mark: int, scales: ForecastWishScales) -> Reach:
    """Whether the mark can still come in the lessons that are left."""
    works = possible_works_for_advice(each)
    return exact_reach_of_average(each.term.marked, works, scales.least(mark), lowest=scales.lowest)


def forecast_screen_aim_words(
    each: Forecast, mark: int, scales: ForecastWishScales, t: Translator, *, by: int = HIGHEST
) -> str:
    """«до «4» – 2 пятёрки», «5» невозможна, «4» обеспечена (Q44, Q45); `by`: with marks of this value."""
    least, kind = scales.least(mark), usual_kind_for_advice(each.term)
    reach = forecast_screen_reach(each, mark, scales)
    if reach in {Reach.SAFE, Reach.REACHED} or kind is None:
        return t(f"forecast.aim.{reach}", mark=screen_bold(f"«{mark}»"))
    count = exact_marks_needed(each.term.marked, least, mark=by, weight=kind.weight)
    if reach is not Reach.IMPOSSIBLE and count is not None and count <= each.lessons_left:
        return t(
            "forecast.aim.open", mark=screen_bold(f"«{mark}»"), fives=screen_bold(t(f"forecast.needed.{by}", count))
        )
    if by != HIGHEST:
        refused = t(f"forecast.aim.not_by.{by}", mark=screen_bold(f"«{mark}»"))
        return f"{refused}{_count_out_of_reach(count, each, t, by)}: {forecast_screen_aim_words(each, mark, scales, t)}"
    if each.lessons_left == 0 and count is not None:
        fives = t(f"forecast.needed.{by}", count)
        return t("forecast.aim.no_lessons", count, mark=screen_bold(f"«{mark}»"), fives=fives)
    name = "heavy" if reach is Reach.OPEN else reach
    return t(f"forecast.aim.{name}", mark=screen_bold(f"«{mark}»")) + _count_out_of_reach(count, each, t, by)


def _count_out_of_reach(count: int | None, each: Forecast, t: Translator, by: int) -> str:
    """« (нужно 14 пятёрок, впереди 12 уроков)»."""
    if count is None or count <= each.lessons_left:
        return ""
    lessons = t("forecast.lessons", each.lessons_left)
    return t("forecast.aim.too_many", count, fives=t(f"forecast.needed.{by}", count), lessons=lessons)


def forecast_screen_ways_words(each: Forecast, mark: int, scales: ForecastWishScales, t: Translator) -> str:
    """« (или 2 четвёрки)»: lower marks that bring the mark too, in the lessons that are left."""
    least, kind = scales.least(mark), usual_kind_for_advice(each.term)
    if kind is None or each.average is None or each.average >= least:
        return ""
    counts = [
        (by, exact_marks_needed(each.term.marked, least, mark=by, weight=kind.weight))
        for by in reversed(MARKS)
        if LOWEST < by < HIGHEST
    ]
    ways = [t(f"forecast.needed.{by}", count) for by, count in counts if count and count <= each.lessons_left]
    return t("forecast.aim.or", ways=t("forecast.or").join(ways)) if ways else ""


def forecast_screen_spared_count(each: Forecast, kept: int, by: int, scales: ForecastWishScales) -> int | None:
    """How many marks of the value `by`, each for a usual work, leave the mark; None where they never spoil it."""
    kind = usual_kind_for_advice(each.term)
    if kind is None or kept <= LOWEST:
        return None
    return exact_marks_spared(each.term.marked, scales.least(kept), mark=by, weight=kind.weight)


def forecast_screen_spare_words(each: Forecast, kept: int, by: int, scales: ForecastWishScales, t: Translator) -> str:
    """««4» выдержит 2 двойки: средний балл 3,67; 3 двойки – уже 3 (3,43)»: how many marks it outlasts."""
    kind = usual_kind_for_advice(each.term)
    if kind is None or each.average is None:
        return forecast_screen_verdict_words(each, t)
    if kept <= LOWEST:
        return t("forecast.spare.lowest", reach=forecast_screen_aim_words(each, LOWEST + 1, scales, t))
    if exact_mark_of_average(each.average, scales.thresholds) < kept:
        return t(
            "forecast.spare.not_yet",
            mark=screen_bold(f"«{kept}»"),
            reach=forecast_screen_aim_words(each, kept, scales, t),
        )
    count = forecast_screen_spared_count(each, kept, by, scales)
    if count is None:
        return t(f"forecast.spare.never.{by}", mark=screen_bold(f"«{kept}»"))
    with_them, beyond = (
        exact_average_of_works([*each.term.marked, *[MarkedWork(kind, by)] * number]) for number in (count, count + 1)
    )
    return t(
        "forecast.spare.some" if count else "forecast.spare.none",
        kept=screen_bold(f"«{kept}»"), marks=screen_bold(t(f"forecast.needed.{by}", count)),
        average=forecast_screen_average_words(with_them, t),
        more=t(f"forecast.needed.{by}", count + 1), mark=exact_mark_of_average(beyond, scales.thresholds),
        less=forecast_screen_average_words(beyond, t),
    )  # fmt: skip


def forecast_screen_bound_words(each: Forecast, frame: ScreenFrame, scales: ForecastWishScales) -> str:
    """«в худшем случае 2 (средний балл 2,42), в лучшем 5…», «без новых оценок 4 (средний балл 3,75)»."""
    bound = mark_of_forecast_wish(frame, BOUNDS) or AS_IS
    return ", ".join(_bound(each, end, scales, frame.t) for end in ((WORST, BEST) if bound == BOTH else (bound,)))


def forecast_screen_bound(each: Forecast, bound: int, scales: ForecastWishScales) -> Fraction:
    """The average in the worst or the best case, or as it is."""
    left = [] if bound == AS_IS else possible_works_for_advice(each)
    return exact_average_range(each.term.marked, left, lowest=scales.lowest)[bound == BEST]


def _bound(each: Forecast, bound: int, scales: ForecastWishScales, t: Translator) -> str:
    average = forecast_screen_bound(each, bound, scales)
    return t(
        f"forecast.{_BOUND_KEYS[bound]}",
        mark=screen_bold(str(exact_mark_of_average(average, scales.thresholds))),
        average=forecast_screen_average_words(average, t),
    )


def forecast_screen_year_mark(each: Forecast) -> int | None:
    """The year's mark with the greatest chance; None where it cannot be told."""
    chances = each.year_chances
    if chances is None or not (each.earlier or each.later):
        return None
    return max(MARKS, key=lambda mark: chances[mark - LOWEST])


def forecast_screen_coming(frame: ScreenFrame, each: Forecast) -> int | None:
    """The mark that comes out: the year's where that one was asked for, else the present term's."""
    return forecast_screen_year_mark(each) if term_of_forecast_wish(frame) == YEAR else coming_mark_for_advice(each)


def forecast_screen_year_words(each: Forecast, scales: ForecastWishScales, t: Translator) -> Iterator[str]:
    """The year's mark: the terms that are set and the forecast of the others, worst and best case (Q48)."""
    mark = forecast_screen_year_mark(each)
    if mark is None or each.year_chances is None:
        return
    percent = percent_for_advice(each.year_chances[mark - LOWEST], is_before_half=each.later > 0 or each.is_before_half)
    worst, best = forecast_screen_year_range(each, scales)
    known = " ".join(map(str, each.earlier))
    yield t("forecast.year", mark=screen_bold(str(mark)), percent=percent, worst=worst, best=best) + (
        t("forecast.year_known", marks=known) if known else ""
    )


def forecast_screen_year_need_words(each: Forecast, aim: int, t: Translator) -> str:
    """«Для «4» за год периоды, что ещё не закрыты (3), должны дать в сумме не меньше 10»."""
    left, needed = each.later + 1, forecast_year_sum(aim, len(each.earlier) + 1 + each.later) - sum(each.earlier)
    mark = screen_bold(f"«{aim}»")
    if needed > HIGHEST * left:
        return t("forecast.year_impossible", mark=mark, left=left, needed=needed)
    if needed <= LOWEST * left:
        return t("forecast.year_safe", mark=mark)
    if not each.later:
        return t("forecast.year_last", mark=mark, needed=needed)
    return t("forecast.year_need", mark=mark, left=left, needed=needed, rest=_year_rest(each, needed, t))


def _year_rest(each: Forecast, needed: int, t: Translator) -> str:
    """«; с 3 за нынешний остальные (2) – не меньше 7»: what the forecast of this term leaves to the later ones."""
    coming = coming_mark_for_advice(each)
    if not coming or not each.later:
        return ""
    rest = max(needed - coming, LOWEST * each.later)
    name = "year_rest" if rest <= HIGHEST * each.later else "year_no_rest"
    return t(f"forecast.{name}", coming=coming, left=each.later, needed=rest)


def forecast_screen_short_year(each: Forecast, t: Translator) -> Iterator[str]:
    """«год – скорее 4 (60 %)»."""
    mark = forecast_screen_year_mark(each)
    if mark is not None and each.year_chances is not None:
        percent = percent_for_advice(
            each.year_chances[mark - LOWEST], is_before_half=each.later > 0 or each.is_before_half
        )
        yield t("forecast.year_short", mark=screen_bold(str(mark)), percent=percent)


def forecast_screen_year_range(each: Forecast, scales: ForecastWishScales) -> tuple[int, int]:
    """The worst and the best year: this term between its own bounds, the later ones anything."""
    worst, best = exact_average_range(each.term.marked, possible_works_for_advice(each), lowest=scales.lowest)
    lowest, highest = (exact_mark_of_average(average, scales.thresholds) for average in (worst, best))
    return (
        forecast_year_range([*each.earlier, lowest], each.later)[0],
        forecast_year_range([*each.earlier, highest], each.later)[1],
    )
