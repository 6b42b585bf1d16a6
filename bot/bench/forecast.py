"""`bench forecast`: the speed of a school's forecasts, and what is needed against brute force (Q44)."""

import random
import time
from collections.abc import Iterator, Sequence
from fractions import Fraction

from bot.bench import Figures
from core.model.forecast import HIGHEST, ForecastTerm, MarkedWork, WorkKind
from core.rules.forecast.chances import forecast_chances
from core.rules.forecast.exact import exact_average_range, exact_least_mark, exact_marks_needed
from core.rules.forecast.learning import learn_forecast

FORECASTS, NEEDED = 15_000, 20_000
CLASS_SIZE = 28
MOST_SECONDS = 1.0
ROUNDING = 1e-9
MOST_TRIED = 400
"""Brute force gives up after so many marks; the formula must then say more, or never."""

WEIGHTS = (1, 2, 3, 5, 10, 15, 20)
THRESHOLDS = (("2.6", "3.6", "4.6"), ("2.5", "3.5", "4.5"), ("2.65", "3.65", "4.65"), ("2.5", "3.4", "4.75"))
KINDS = tuple(WorkKind(name, weight) for name, weight in (("ответ", 10), ("самостоятельная", 15), ("контрольная", 20)))


async def measure_forecast() -> Figures:
    """Seconds for 15,000 forecasts, and differences to brute force in 20,000 random cases; `ok` says both are right."""
    dice = random.Random(42)  # noqa: S311  # dice, not secrets
    terms, learnt = list(draw_forecast_bench_terms(dice, FORECASTS)), learn_forecast(_closed(dice))
    started = time.process_time()
    rows = forecast_chances(terms, learnt, _fractions(THRESHOLDS[0]))
    seconds = time.process_time() - started
    differing = sum(has_forecast_bench_difference(dice) for _ in range(NEEDED))
    unsound = int((abs(rows.sum(axis=1) - 1) > ROUNDING).sum())
    return {
        "forecasts": len(terms), "seconds": round(seconds, 2), "sums_not_1": unsound, "needed": NEEDED,
        "differing": differing, "ok": seconds <= MOST_SECONDS and not differing and not unsound,
    }  # fmt: skip


def draw_forecast_bench_terms(dice: random.Random, count: int) -> Iterator[ForecastTerm]:
    """Courses of classes: each class and subject has its own works left."""
    for number in range(0, count, CLASS_SIZE):
        left = [dice.choice(KINDS) for _ in range(dice.randint(3, 12))]
        for _ in range(min(CLASS_SIZE, count - number)):
            works = [_work(dice) for _ in range(dice.randint(3, 12))]
            yield ForecastTerm(f"{number % 15}", works, left)


def has_forecast_bench_difference(dice: random.Random) -> bool:
    """Whether a sum of what is needed differs from trying it out, one mark after another."""
    works = [MarkedWork(WorkKind("", dice.choice(WEIGHTS)), dice.randint(2, 5)) for _ in range(dice.randint(1, 12))]
    least = Fraction(dice.choice(dice.choice(THRESHOLDS)))
    mark, weight = dice.randint(3, HIGHEST), dice.choice(WEIGHTS)
    given = exact_marks_needed(works, least, mark=mark, weight=weight)
    tried = _tried_out(works, least, mark, weight)
    if given != tried and not (tried is None and (given is None or given > MOST_TRIED)):
        return True
    single = next((each for each in range(2, 6) if _reaches(works, least, [(each, weight)])), None)
    left = [WorkKind("", dice.choice(WEIGHTS)) for _ in range(dice.randint(0, 4))]
    best = _reaches(works, least, [(HIGHEST, kind.weight) for kind in left])
    return (
        exact_least_mark(works, least, weight=weight) != single
        or (exact_average_range(works, left)[1] >= least) != best
    )


def _tried_out(works: Sequence[MarkedWork], least: Fraction, mark: int, weight: int) -> int | None:
    """How many marks it takes, counted one by one."""
    points, total = sum(work.mark * work.kind.weight for work in works), sum(work.kind.weight for work in works)
    for n in range(MOST_TRIED + 1):
        if points * least.denominator >= least.numerator * total:
            return n
        points, total = points + mark * weight, total + weight
    return None


def _reaches(works: Sequence[MarkedWork], least: Fraction, more: Sequence[tuple[int, int]]) -> bool:
    pairs = [*((work.mark, work.kind.weight) for work in works), *more]
    total = sum(weight for _, weight in pairs)
    return sum(mark * weight for mark, weight in pairs) * least.denominator >= least.numerator * total


def _closed(dice: random.Random) -> Iterator[tuple[str, list[MarkedWork]]]:
    for number in range(15 * CLASS_SIZE):
        yield f"{number % 15}", [_work(dice) for _ in range(12)]


def _work(dice: random.Random) -> MarkedWork:
    return MarkedWork(dice.choice(KINDS), dice.choices((2, 3, 4, 5), (6, 27, 40, 27))[0])


def _fractions(thresholds: Sequence[str]) -> Sequence[Fraction]:
    return [Fraction(each) for each in thresholds]
