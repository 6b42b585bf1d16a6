"""The words for figures of a forecast: percentages, averages, weights and kinds of works, bounds."""

from decimal import Decimal
from fractions import Fraction

from bot.screens.forecast.wishes import BEST, BOUNDS, Scales, wished
from bot.screens.frame import Frame
from bot.screens.screen import bold, plain_text
from core.model.forecast import Forecast, WorkKind
from core.ports import Translator
from core.rules.forecast.advice import Supposed, chance_of, possible_works, shown_percent, supposed_kind
from core.rules.forecast.exact import average_range, mark_of_average
from core.rules.marks.averages import format_average


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


def work_supposed(each: Forecast, supposed: Supposed, t: Translator) -> str:
    """« (контрольная, вес 15)»: which work was supposed, where a large one or several were asked for."""
    kind = supposed_kind(each.term, supposed)
    return f" ({kind_words(kind, each.scale, t)})" if kind and (supposed.is_heavy or supposed.more) else ""


def count_out_of_reach(count: int | None, lessons: int, t: Translator) -> str:
    """« (нужно 14 пятёрок, впереди 12 уроков)»."""
    if count is None or count <= lessons:
        return ""
    return t("forecast.aim.too_many", fives=t("forecast.fives", count), lessons=t("forecast.lessons", lessons))


def bound_words(each: Forecast, frame: Frame, scales: Scales) -> str:
    """«в худшем случае 2 (средний балл 2,42)»."""
    is_best = wished(frame, BOUNDS) == BEST
    average = average_range(each.term.marked, possible_works(each), lowest=scales.lowest)[is_best]
    return frame.t(
        f"forecast.{'best' if is_best else 'worst'}",
        mark=bold(str(mark_of_average(average, scales.thresholds))),
        average=average_words(average, frame.t),
    )
