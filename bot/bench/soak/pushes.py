"""Messages with numbers of their own, so that each is found again in what the sandbox accepted."""

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.bench.faults.school import AGAIN, FORECAST, FaultySchool, FaultySchoolFamily
from bot.bench.schools.families import EXAM
from bot.bench.schools.invented import TERM
from core.model.delivery.states import State, Status
from core.model.notices.facts import Notice
from core.model.notices.family import FinalMarkSet
from core.model.notices.kinds import R6_KINDS

SUBJECT = "Предмет {:06}"
_NUMBER = re.compile(r"предмет (\d{6})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CountedSoakPushes:
    """What became of all messages: lost, come again, and come again without saying so."""

    lost: int
    repeated: int
    unmarked: int


@dataclass(slots=True)
class SoakPushes:
    """Publishes results and forecasts in turn, to one family after the other."""

    school: FaultySchool
    families: Sequence[FaultySchoolFamily]
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    results: dict[str, int] = field(default_factory=dict)
    """The person to whom each result is owed, by its number."""
    forecasts: set[str] = field(default_factory=set)

    async def publish(self, count: int) -> None:
        """Publishes so many notices in one transaction."""
        chosen, notices = [], []
        for number in itertools.islice(self.numbers, count):
            family = self.families[number % len(self.families)]
            notice = _notice(number)
            chosen.append(family)
            notices.append(notice)
            if notice.kind in R6_KINDS:
                self.results[f"{number:06}"] = family.person
            else:
                self.forecasts.add(f"{number:06}")
        if chosen:
            await self.school.owe(chosen, *notices)

    async def counted(self) -> CountedSoakPushes:
        """Looks for every number in what was accepted; a result that is on paper or still waits is not lost."""
        plain, marked = await self._found()
        rows = await self.school.rows()
        waiting = {row.obligation.person_id for row in rows if row.obligation.state is State.OPEN}
        async with self.school.open_uow(reading=True) as uow:
            waiting |= {extract.person_id for extract in await uow.paper.extracts(set(Status))}
        told = plain.keys() | marked.keys()
        uncertain = sum(
            row.obligation.kind not in R6_KINDS and row.deliveries[-1].status is Status.UNCERTAIN for row in rows
        )
        lost = sum(number not in told and person not in waiting for number, person in self.results.items())
        lost += max(0, len(self.forecasts - told) - uncertain)
        repeated = sum((plain + marked).values()) - len(told)
        return CountedSoakPushes(lost, repeated, sum(count - 1 for count in plain.values()))

    async def _found(self) -> tuple[Counter[str], Counter[str]]:
        """How often each number came, in messages that are no repeats and in those that say so."""
        plain, marked = Counter[str](), Counter[str]()
        for each in await self.school.place.world.log():
            (marked if AGAIN in each["text"] else plain).update({*_NUMBER.findall(each["text"])})
        return plain, marked


def _notice(number: int) -> Notice:
    subject = SUBJECT.format(number)
    match number % 3:
        case 0:
            return FinalMarkSet(subject, TERM, "4")
        case 1:
            return replace(EXAM, subject=subject)
        case _:
            return replace(FORECAST, subject=subject)
