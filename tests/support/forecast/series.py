"""Series of marks that behave like a school's: abilities, kinds of work, hard and easy works, good and bad weeks."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist

SHARES = ((0.05, 0.25, 0.42, 0.28), (0.10, 0.33, 0.37, 0.20), (0.02, 0.15, 0.40, 0.43), (0.08, 0.30, 0.40, 0.22))
KINDS = (("ответ на уроке", 10, 6), ("домашнее задание", 10, 4), ("самостоятельная", 15, 3), ("контрольная", 20, 2))

Row = tuple[str, str, str, str, str, int, int]
"""group, period, role, student, work, weight, mark."""


@dataclass(frozen=True, slots=True)
class SeriesShape:
    """How large the invented school is, and how strongly its marks depend on ability, work and time."""

    groups: int = 20
    students: int = 28
    earlier: int = 1
    rho: float = 0.4
    group_spread: float = 0.35
    kind_spread: float = 0.25
    work_spread: float = 0.35
    drift: float = 0.5
    persistence: float = 0.85
    same_students: bool = False
    answered: float = 0.7


def dice_of(seed: int) -> random.Random:
    """Dice that fall alike each time."""
    return random.Random(seed)  # noqa: S311  # dice, not secrets


def series(dice: random.Random, shape: SeriesShape) -> Iterator[Row]:
    """Rows of all groups: the earlier periods, then the one that is forecast."""
    for number in range(shape.groups):
        yield from _group(dice, shape, f"класс {number + 1}")


def _group(dice: random.Random, shape: SeriesShape, group: str) -> Iterator[Row]:
    level = dice.gauss(0, shape.group_spread)
    kinds = [
        (name, weight, count, _cuts(dice.choice(SHARES), level + dice.gauss(0, shape.kind_spread)))
        for name, weight, count in KINDS
    ]
    abilities = [dice.gauss(0, 1) for _ in range(shape.students)]
    for period in range(shape.earlier + 1):
        role = "test" if period == shape.earlier else "earlier"
        if shape.same_students:
            r = shape.persistence
            abilities = [r * each + (1 - r * r) ** 0.5 * dice.gauss(0, 1) for each in abilities]
        else:
            abilities = [dice.gauss(0, 1) for _ in abilities]
        works = [kind for kind in kinds for _ in range(max(1, kind[2] + dice.randint(-1, 1)))]
        dice.shuffle(works)
        hardness = [dice.gauss(0, shape.work_spread) for _ in works]
        for student, ability in enumerate(abilities, start=1):
            slope = dice.gauss(0, shape.drift)
            for at, (name, weight, _, cuts) in enumerate(works):
                if dice.random() > shape.answered and weight == 10:  # control works miss nobody
                    continue
                now = ability + slope * (at / len(works) - 0.5)
                noise = dice.gauss(0, (1 - shape.rho) ** 0.5)
                at_work = shape.rho**0.5 * now + noise - hardness[at]
                mark = 2 + sum(at_work > cut for cut in cuts)
                yield group, f"{period + 1} четверть", role, f"ученик {student}", name, weight, mark


def _cuts(shares: tuple[float, ...], shift: float) -> list[float]:
    below, cuts = 0.0, []
    for share in shares[:-1]:
        below += share
        cuts.append(NormalDist().inv_cdf(below) - shift)
    return cuts
