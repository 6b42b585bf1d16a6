"""Gathers the page for the head from what the school has already counted (Q108)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from core.actions.delivery.deadline_reports import load_deadline_report
from core.actions.results.lesson_statistics import load_lesson_statistics
from core.actions.results.overview import load_statistics_overview
from core.actions.results.result_statistics import load_result_statistics
from core.model.delivery.deadline_report import DeadlineReport
from core.model.delivery.recipients import Recipient
from core.model.delivery.states import Status
from core.model.imports.reports import YEAR
from core.model.notices.kinds import NoticeKind
from core.model.people import Actor, Role
from core.model.results.statistics import ResultStatistics, StatisticsScope
from core.model.year import TeachingGroup
from core.ports import UnitOfWork
from core.rules import access
from core.rules.access import Everything
from core.rules.delivery import planning, timing
from core.rules.delivery.timing import Policy, is_served_channel


@dataclass(frozen=True, slots=True)
class LoadedSchoolPageLessons:
    """Lessons held against the plan until today, of one class or of the school (None)."""

    school_class: str | None
    planned: int
    held: int

    @property
    def percent(self) -> Fraction | None:
        """Held of planned, in percent; None where nothing is planned."""
        return Fraction(100 * self.held, self.planned) if self.planned else None

    @property
    def lag(self) -> int:
        """Planned lessons that were not held."""
        return max(self.planned - self.held, 0)


@dataclass(frozen=True, slots=True)
class SchoolPage:
    """What the page shows. `electronic` and `paper` count pairs of a student and a person who is to be told.

    `deadlines` are those of the last days, `results` the rows of the school and of its classes in `term`.
    `imported_at` is the last successful import by kind of file.
    """

    on: date
    electronic: int
    paper: int
    deadlines: DeadlineReport
    lessons: Sequence[LoadedSchoolPageLessons]
    open_deferrals: int
    overdue_deferrals: int
    term: str
    classes: Mapping[int, TeachingGroup]
    results: Sequence[ResultStatistics]
    imported_at: Mapping[str, datetime]


DAYS = timedelta(days=30)
"""The days whose results the page counts."""


async def load_school_page(
    uow: UnitOfWork,
    actor: Actor,
    *,
    closes: Mapping[str, Status],
    now: datetime,
    policy: Policy,
    unmarked: frozenset[str] = frozenset(),
) -> SchoolPage:
    """The page as it is now. NotAllowedError unless a deputy head or the system asks."""
    access.require_access_role(actor, Role.DEPUTY_HEAD)
    on = timing.local_date_of_time(now, policy)
    choice = await load_statistics_overview(uow, actor, on=on)
    electronic, paper = await _channels(uow, on, policy)
    deferrals = await _open_deferrals(uow, on)
    results = await load_result_statistics(uow, actor, on=on, term=choice.current, unmarked=unmarked)
    return SchoolPage(
        on=on,
        electronic=electronic,
        paper=paper,
        deadlines=await load_deadline_report(
            uow, actor, since=on - DAYS, until=on, closes=closes, now=now, policy=policy
        ),
        lessons=await _lessons(uow, actor, on),
        open_deferrals=len(deferrals),
        overdue_deferrals=sum(due_on < on for due_on in deferrals),
        term=choice.current,
        classes={each.id: each for each in choice.classes},
        results=_of_classes(results),
        imported_at=await uow.imports.last_imports(),
    )


async def _channels(uow: UnitOfWork, on: date, policy: Policy) -> tuple[int, int]:
    """Pairs of a student and an entitled person whose results go electronically, and those on paper alone."""
    students = {pupil.student_id for pupil in await uow.learning.pupils(Everything(), on=on)}
    recipients = await uow.people.recipients(students, on=on)
    electronic = sum(_is_reached_electronically(each, policy) for each in recipients)
    return electronic, len(recipients) - electronic


def _is_reached_electronically(recipient: Recipient, policy: Policy) -> bool:
    """Whether one of the open ways is a contact on a channel that the school has set up."""
    ways = planning.planned_open_routes(recipient, NoticeKind.FINALS)
    return any(way.contact_id is not None and is_served_channel(way.channel, policy) for way in ways)


async def _open_deferrals(uow: UnitOfWork, on: date) -> Sequence[date]:
    year_id = await uow.year.year(on)
    if year_id is None:
        return ()
    deferrals = await uow.deferrals.deferrals(Everything(), year_id=year_id)
    return [each.due_on for each in deferrals if each.ended_at is None]


async def _lessons(uow: UnitOfWork, actor: Actor, on: date) -> Sequence[LoadedSchoolPageLessons]:
    """The school first, then the classes, those that lag most first."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in await load_lesson_statistics(uow, actor, on=on):
        if row.lesson_type is None and row.term == YEAR:
            counts[row.school_class.name][0] += row.planned
            counts[row.school_class.name][1] += row.held
    classes = [LoadedSchoolPageLessons(name, planned, held) for name, (planned, held) in counts.items()]
    whole = LoadedSchoolPageLessons(None, sum(each.planned for each in classes), sum(each.held for each in classes))
    return [whole, *sorted(classes, key=lambda each: (-each.lag, each.school_class or ""))]


def _of_classes(rows: Sequence[ResultStatistics]) -> Sequence[ResultStatistics]:
    wanted = {StatisticsScope.SCHOOL, StatisticsScope.CLASS}
    return [row for row in rows if row.subject_id is None and row.scope in wanted]
