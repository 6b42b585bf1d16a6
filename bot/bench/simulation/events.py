"""What happens in a simulated year, and when: final marks, exams, appeals, consents, blocked bots, marks, printing."""

import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import count

from bot.bench.simulation.channels import SimulatedChannel, SimulatedChannelClock, Span
from bot.bench.simulation.people import SimulatedPupil, SimulatedSchool
from core.actions.imports.exams import protocols
from core.actions.paper import queue
from core.actions.register import consents
from core.actions.results.final_marks import FinalMarkEditor
from core.model.delivery.fact_names import entry_fact_name
from core.model.delivery.obligations import NewNotice
from core.model.delivery.states import Status
from core.model.imports.exam_files import ExamFile, ExamFileKind, PrintedExam, PrintedResult
from core.model.notices.family import MarkRecorded
from core.model.people import SYSTEM, Actor, Role
from core.model.register.consents import Decision, NewConsent
from core.model.results.exams import ExamKind, ExamOutcome, ExamStatus
from core.model.results.period_marks import MarkCell, NewFinalMark
from core.rules.delivery.timing import Policy
from core.rules.marks.gradebook import GradebookRules
from core.rules.results.proposals import ResultsPolicy
from core.rules.year import school_date
from notifiers.discovery import discovered_closing_statuses

PRINTED_AT = (time(8, 30), time(14, 30))
"""The secretary prints the queue twice on every school day, and never on another day."""

TERMS = (
    ("1 четверть", (9, 1), (10, 24)), ("2 четверть", (11, 2), (12, 30)), ("3 четверть", (1, 12), (3, 26)),
    ("4 четверть", (4, 5), (5, 28)),
)  # fmt: skip
"""Terms with first and last day; all between them is holidays."""

APPEALED, ANNULLED, WITHDRAWN, BLOCKED = 0.05, 0.1, 0.02, 0.03
"""Shares: of the results of an exam, of the appeals, and in a month of the families and of the chats."""

OUTAGES_A_MONTH = 3
SATURDAY = 5

Event = Callable[[], Awaitable[None]]


def simulated_event_terms(begins: date) -> Sequence[tuple[str, date, date]]:
    """The terms of the school year that begins on this day."""

    def day(month: int, number: int) -> date:
        return date(begins.year if month >= begins.month else begins.year + 1, month, number)

    return [(name, day(*first), day(*last)) for name, first, last in TERMS]


@dataclass(slots=True)
class SimulatedEvents:
    """Throws the dice of a year and does what they say at the moment of the clock."""

    school: SimulatedSchool
    clock: SimulatedChannelClock
    policy: Policy
    telegram: SimulatedChannel
    send: Event
    days: Sequence[date]
    dice: random.Random
    marked: int
    files: Iterator[int] = field(default_factory=count)
    printed_at: list[datetime] = field(default_factory=list)
    done: dict[str, int] = field(default_factory=dict)
    withdrawn: list[tuple[int, int]] = field(default_factory=list)

    def events(self) -> Sequence[tuple[datetime, Event]]:
        """Everything that will happen, by time; appeals follow the exams."""
        found = [*self._printing(), *self._marks(), *self._finals(), *self._exams(), *self._decisions()]
        return sorted(found, key=lambda event: event[0])

    def outages(self) -> Sequence[Span]:
        """When a channel is down: some hours, at any time of day."""
        begins = [
            self._at(self.dice.choice(self.days), self._any_time()) for _ in range(self._monthly(OUTAGES_A_MONTH))
        ]
        return [(begin, begin + timedelta(hours=self.dice.randint(2, 10))) for begin in begins]

    def is_school_day(self, on: date) -> bool:
        """Neither weekend nor holidays."""
        terms = simulated_event_terms(self.days[0].replace(month=9, day=1))
        return on.weekday() < SATURDAY and any(first <= on <= last for _, first, last in terms)

    def _at(self, on: date, clock: time) -> datetime:
        return datetime.combine(on, clock, tzinfo=self.policy.zone).astimezone(UTC)

    def _any_time(self, first: int = 0, last: int = 23) -> time:
        return time(self.dice.randint(first, last), self.dice.randint(0, 59))

    def _monthly(self, number: float) -> int:
        return max(1, round(number * len(self.days) / 30))

    def _count(self, what: str) -> None:
        self.done[what] = self.done.get(what, 0) + 1

    def _printing(self) -> Iterator[tuple[datetime, Event]]:
        for on in filter(self.is_school_day, self.days):
            for clock in PRINTED_AT:
                self.printed_at.append(self._at(on, clock))
                yield self.printed_at[-1], self._print_queue

    async def _print_queue(self) -> None:
        await self.send()
        async with self.school.open_uow(reading=True) as uow:
            queued = await uow.paper.extracts({Status.ACCEPTED})
            ready = await queue.load_printable_queue_extracts(uow, queued, now=self.clock.now, policy=self.policy)
        for extract in ready:
            async with self.school.open_uow() as uow:
                await queue.record_queued_paper_status(
                    uow,
                    SYSTEM,
                    extract.number,
                    Status.PRINTED,
                    closes=discovered_closing_statuses(),
                    now=self.clock.now,
                )
            self._count("printed")

    def _marks(self) -> Iterator[tuple[datetime, Event]]:
        """A mark a school day for some pupils."""
        for on in filter(self.is_school_day, self.days):
            for pupil in self.school.pupils[: self.marked]:
                yield self._at(on, time(9 + pupil.id % 6)), partial(self._mark, pupil, on)

    async def _mark(self, pupil: SimulatedPupil, on: date) -> None:
        subject, subject_id = "Алгебра", next(iter(self.school.subjects.values()))
        notice = NewNotice(pupil.id, MarkRecorded(subject, on, "4"), entry_fact_name(subject_id, on))
        async with self.school.open_uow() as uow:
            await uow.outbox.add([notice], received_at=self.clock.now, published_at=self.clock.now)
            await uow.commit()
        self._count("marks")

    def _finals(self) -> Iterator[tuple[datetime, Event]]:
        """In the last days of each term a class after the other gets its final marks."""
        for term, _, last in simulated_event_terms(self.days[0].replace(month=9, day=1)):
            for name in self.school.classes:
                on = last - timedelta(days=self.dice.randint(0, 3))
                if on in self.days:
                    yield self._at(on, self._any_time(8, 20)), partial(self._set_finals, name, term)

    async def _set_finals(self, name: str, term: str) -> None:
        on = school_date(self.clock.now, self.policy.zone)
        actor = Actor(self.school.deputy, frozenset({Role.DEPUTY_HEAD}))
        for pupil in self.school.of_class(name):
            for subject_id in self.school.subjects.values():
                async with self.school.open_uow() as uow:
                    policy, marking = ResultsPolicy(comment_required=False), GradebookRules("bot")
                    writer = FinalMarkEditor(uow, actor, policy, marking, self.clock.now, on)
                    await writer.set_mark(NewFinalMark(MarkCell(pupil.id, subject_id, term), self.dice.choice("345")))
                self._count("finals")

    def _exams(self) -> Iterator[tuple[datetime, Event]]:
        """Each class sits an exam every two months; its protocol comes at any hour of any day, and then appeals."""
        for start in range(0, len(self.days) - 20, 60):
            for name in self.school.classes:
                on = self.days[start + self.dice.randint(0, 1)]
                came = on + timedelta(days=self.dice.randint(1, 12))
                yield self._at(came, self._any_time()), partial(self._examine, name, on)
                heard = came + timedelta(days=self.dice.randint(1, 5))
                yield self._at(heard, self._any_time()), partial(self._hear_appeals, name, on)

    async def _examine(self, name: str, on: date) -> None:
        results = [self._result(pupil, ExamStatus.VALID) for pupil in self.school.of_class(name)]
        await self._import(on, results, "results")

    async def _hear_appeals(self, name: str, on: date) -> None:
        """Some results change, one in ten of these is annulled."""
        heard = [pupil for pupil in self.school.of_class(name) if self.dice.random() < APPEALED]
        changed = [ExamStatus.ANNULLED if self.dice.random() < ANNULLED else ExamStatus.CHANGED for _ in heard]
        if heard:
            await self._import(on, [self._result(*pair) for pair in zip(heard, changed, strict=True)], "appeals")

    def _result(self, pupil: SimulatedPupil, status: ExamStatus) -> PrintedResult:
        outcome = ExamOutcome(mark=self.dice.choice("345"), status=status)
        return PrintedResult(outcome, pupil.name, school_class=pupil.school_class)

    async def _import(self, on: date, results: Sequence[PrintedResult], what: str) -> None:
        exam = PrintedExam(ExamKind.SCHOOL, "Геометрия", on, results=tuple(results))
        file = ExamFile("exam", f"{next(self.files):064}", kind=ExamFileKind.TABLE, exams=(exam,))
        async with self.school.open_uow() as uow:
            read = await protocols.import_exam_protocols(uow, SYSTEM, [file], now=self.clock.now, policy=self.policy)
        self.done[what] = self.done.get(what, 0) + read.files[0].counts.total

    def _decisions(self) -> Iterator[tuple[datetime, Event]]:
        """Consents are withdrawn, and some given again; chats are blocked."""
        for _ in range(self._monthly(WITHDRAWN * len(self.school.families))):
            yield self._at(self.dice.choice(self.days[1:]), self._any_time(8, 18)), self._withdraw
        for _ in range(self._monthly(WITHDRAWN * len(self.school.families) / 2)):
            yield self._at(self.dice.choice(self.days[1:]), self._any_time(8, 18)), self._consent_again
        for _ in range(self._monthly(BLOCKED * len(self.school.chats))):
            yield self._at(self.dice.choice(self.days), self._any_time()), self._block

    async def _withdraw(self) -> None:
        pair = self.dice.choice(self.school.families)
        if pair not in self.withdrawn:
            self.withdrawn.append(pair)
            await self._decide(pair, Decision.WITHDRAWAL)

    async def _consent_again(self) -> None:
        if self.withdrawn:
            await self._decide(self.withdrawn.pop(0), Decision.CONSENT)

    async def _decide(self, pair: tuple[int, int], decision: Decision) -> None:
        on = school_date(self.clock.now, self.policy.zone)
        new = NewConsent(*pair, decision, on, "С-2")
        async with self.school.open_uow() as uow:
            await consents.register_consent(uow, SYSTEM, new, now=self.clock.now, policy=self.policy)
        self._count(decision)

    async def _block(self) -> None:
        self.telegram.blocked.add(self.dice.choice(self.school.chats))
        self._count("blocked")
