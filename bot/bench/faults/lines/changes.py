"""What changes while it is told: marks and exams that are corrected, consents that are withdrawn."""

import asyncio
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from bot.bench.faults.line import FaultLine, FaultLineFinding, FaultLinePlace
from bot.bench.faults.school import MAIL, MESSENGER, REFUSED, FaultySchool, FaultySchoolFamily, faulty_school
from bot.bench.faults.sending import open_clocked_fault_sender
from bot.bench.register.withdrawals import LATE, is_withdrawal_race_won, race_withdrawals
from bot.bench.schools.database import migrated_bench_database
from bot.bench.schools.families import SCHOOL_CLASS
from bot.bench.schools.invented import SUBJECTS, TERM
from core.actions.imports.exams import protocols
from core.actions.results.final_marks import FinalMarkEditor
from core.model.delivery.states import State
from core.model.imports.exam_files import ExamFile, ExamFileKind, PrintedExam, PrintedResult
from core.model.people import SYSTEM, Actor, Role
from core.model.results.exams import ExamKind, ExamOutcome, ExamStatus
from core.model.results.period_marks import MarkCell, NewFinalMark
from core.rules.delivery.timing import R6_TERM, Policy
from core.rules.marks.gradebook import GradebookRules
from core.rules.people.names import normal_name
from core.rules.results.proposals import ResultsPolicy
from core.rules.year import school_date

BEGINS = datetime(2026, 10, 20, 9, tzinfo=UTC)
"""A Tuesday of the first term, at noon in Moscow."""

SAT_ON = date(2026, 10, 19)
WRONG, RIGHT, BETTER = "3", "4", "5"
POLICY = ResultsPolicy(comment_required=False)


@dataclass(slots=True)
class FaultChangesOffice:
    """Sets final marks and imports exam results, as a school does."""

    school: FaultySchool
    deputy: int
    subject: int
    files: Iterator[int] = field(default_factory=itertools.count)

    async def give(
        self, families: Sequence[FaultySchoolFamily], value: str, *, status: ExamStatus, now: datetime
    ) -> None:
        """A final mark and an exam result of each family's student."""
        actor = Actor(self.deputy, frozenset({Role.DEPUTY_HEAD}))
        for family in families:
            async with self.school.open_uow() as uow:
                writer = FinalMarkEditor(uow, actor, POLICY, GradebookRules("bot"), now, school_date(now, UTC))
                await writer.set_mark(NewFinalMark(MarkCell(family.student, self.subject, TERM), value))
        outcome = ExamOutcome(mark=value, status=status)
        printed = tuple(PrintedResult(outcome, family.name, school_class=SCHOOL_CLASS) for family in families)
        exam = PrintedExam(ExamKind.SCHOOL, SUBJECTS[1], SAT_ON, results=printed)
        file = ExamFile("exam", f"{next(self.files):064}", kind=ExamFileKind.TABLE, exams=(exam,))
        async with self.school.open_uow() as uow:
            await protocols.import_exam_protocols(uow, SYSTEM, [file], now=now, policy=Policy())


async def _corrected(place: FaultLinePlace) -> FaultLineFinding:
    """Corrected before it is sent, only the last mark is told; afterwards old and new, in 24 hours of its own (Q74)."""
    async with faulty_school(place) as school:
        families = await school.add(3, MESSENGER, now=BEGINS) + await school.add(3, MAIL, now=BEGINS)
        on_paper = await school.add(2, REFUSED, now=BEGINS)
        office = await _open_office(school)
        everybody = [*families, *on_paper]
        async with open_clocked_fault_sender(school, begins=BEGINS) as sending:
            await office.give(everybody, WRONG, status=ExamStatus.VALID, now=BEGINS)
            await office.give(everybody, RIGHT, status=ExamStatus.CHANGED, now=BEGINS + timedelta(minutes=1))
            await sending.move(BEGINS + timedelta(minutes=2))
            first = await school.messages()
            corrected_at = BEGINS + timedelta(hours=5)
            await office.give(everybody, BETTER, status=ExamStatus.CHANGED, now=corrected_at)
            await sending.move(corrected_at + timedelta(minutes=1))
        second, told = await school.messages(), await school.told()
        owed = [row.obligation for row in await school.rows() if row.obligation.state is not State.SUPERSEDED]
    early = sum(not _tells(first.get(family.person, ()), RIGHT) for family in families)
    late = sum(not _tells(second[family.person][len(first[family.person]) :], RIGHT, BETTER) for family in families)
    own_terms = all(each.due == corrected_at + R6_TERM for each in owed if each.received_at == corrected_at)
    holds = not (early or late) and own_terms and told.is_audit_whole
    seen = f"{early + late} of {2 * len(families)} tellings wrong, {told.on_paper} on paper"
    return FaultLineFinding(seen, holds, told.lost, told.repeated)


async def _open_office(school: FaultySchool) -> FaultChangesOffice:
    async with school.open_uow() as uow:
        year = await uow.year.ensure_year(date(2026, 9, 1))
        await uow.year.put_period(year, TERM, starts_on=date(2026, 9, 1), ends_on=date(2026, 10, 24))
        subjects = await uow.year.ensure_subjects({normal_name(SUBJECTS[0]): SUBJECTS[0]})
        deputy = await uow.people.add("Завучева Анна", normal_name("Завучева Анна"))
        await uow.people.add_staff_role(deputy, Role.DEPUTY_HEAD, group_id=None)
        await uow.commit()
    return FaultChangesOffice(school, deputy, next(iter(subjects.values())))


def _tells(texts: Sequence[str], *values: str) -> bool:
    """Whether the texts are there and tell these marks and no wrong one."""
    words = "\n".join(texts)
    return bool(texts) and all(value in words for value in values)


async def _withdrawn(place: FaultLinePlace) -> FaultLineFinding:
    """Families withdraw while the worker sends: after the commit only what was in flight arrives (Q5)."""
    url = await asyncio.to_thread(place.new_database)
    async with migrated_bench_database(url) as open_uow:
        told = await race_withdrawals(open_uow, count=place.choose(20, 300), dice=place.dice)
    seen = ", ".join(f"{number} {name}" for name, number in sorted(told.items()))
    return FaultLineFinding(seen, is_withdrawal_race_won(told), 0, told[LATE])


LINES = (
    FaultLine("F34", "mark corrected before, after sending", "the last one alone; then old and new", _corrected),
    FaultLine("F35", "withdrawal while sending", "nothing after the commit but what was in flight", _withdrawn),
)
