"""`bench examedits`: scripts of random edits of exams; obligations equal published results × entitled persons.

A script imports protocols, re-checks and the school's own table (appeals, annulments), joins two entries of a parent,
lets pupils leave, opens and closes accounts and withdraws consents. What is owed, the notices and the results are
compared with the edits.
"""

import random
import shutil
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.bench import Figures
from bot.bench.results.edit_scripts import DIFFERS
from bot.bench.schools.database import bench_database_url, migrated_bench_database
from core.actions.delivery import fan_out
from core.actions.delivery.obligations import verify_obligations
from core.actions.imports.exams import protocols
from core.actions.people import joining
from core.actions.register import accounts, consents
from core.model.delivery.fact_names import exam_result_fact_name
from core.model.delivery.states import State
from core.model.imports.exam_files import REVIEWS, ExamFile, ExamFileKind, PrintedExam, PrintedResult
from core.model.notices.family import ExamResultSet
from core.model.notices.kinds import R6_KINDS
from core.model.people import SYSTEM
from core.model.register.consents import Decision, NewConsent
from core.model.results.exams import ExamKind, ExamOutcome, ExamStatus
from core.model.year import GroupKind
from core.ports import UnitOfWork, UnitOfWorkFactory
from core.rules.access import Everything
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_class_name, normal_name
from core.rules.year import school_date
from storage.database.engine import create_database_engine
from storage.unit_of_work import unit_of_work_factory

SCRIPTS, STEPS = 1000, 12
BEGIN = datetime(2026, 6, 10, 9, tzinfo=UTC)
FIRST_DAY = school_date(BEGIN, UTC)
POLICY = Policy()
SCHOOL_CLASS, PUPILS = "9А", 3
EXAMS = (("Математика", date(2026, 6, 2)), ("Физика", date(2026, 6, 5)))
DECIDED = (ExamStatus.UNDER_APPEAL, ExamStatus.CHANGED, ExamStatus.UPHELD, ExamStatus.ANNULLED)

Edit = Callable[[], Awaitable[None]]
ResultKey = tuple[str, int]
"""The subject of an exam and the pupil."""


@dataclass(slots=True)
class ExamScriptSchool:
    """A small school and what its edits must have left: by result its versions, and who is owed each of them.

    `doubled`: pairs of entries of one parent; `entitled`: who is entitled to the facts about a pupil now.
    """

    open_uow: UnitOfWorkFactory
    dice: random.Random = field(default_factory=random.Random)
    names: dict[int, str] = field(default_factory=dict)
    entitled: dict[int, frozenset[int]] = field(default_factory=dict)
    doubled: list[tuple[int, int]] = field(default_factory=list)
    versions: dict[ResultKey, list[ExamOutcome]] = field(default_factory=lambda: defaultdict(list))
    owed: dict[ResultKey, list[frozenset[int]]] = field(default_factory=lambda: defaultdict(list))
    minutes: Iterator[int] = field(default_factory=count)
    files: Iterator[int] = field(default_factory=count)

    def copied(self, open_uow: UnitOfWorkFactory, seed: int) -> "ExamScriptSchool":
        """The untouched school over a copy of its database, with dice of its own."""
        dice = random.Random(seed)  # noqa: S311  # dice, not secrets
        return ExamScriptSchool(open_uow, dice, self.names, dict(self.entitled), list(self.doubled))

    async def edit(self) -> str:
        """One random edit; returns its name."""
        edits: dict[str, tuple[Edit, int]] = {
            "protocol": (self.protocol, 4), "recheck": (self.recheck, 3), "appeal": (self.appeal, 3),
            "annul": (self.annul, 1), "join": (self.join, 1), "leave": (self.leave, 1),
            "account": (self.account, 1), "withdraw": (self.withdraw, 1),
        }  # fmt: skip
        [name] = self.dice.choices(list(edits), [weight for _, weight in edits.values()])
        await edits[name][0]()
        async with self.open_uow() as uow:
            await fan_out.fan_out_all_notices(uow, now=self._now(), policy=POLICY)
        return name

    def _now(self) -> datetime:
        return BEGIN + timedelta(minutes=next(self.minutes))

    def _some(self) -> Sequence[int]:
        return [pupil for pupil in self.names if self.dice.random() < 1 / 2] or [self.dice.choice([*self.names])]

    def _mark(self, *statuses: ExamStatus) -> ExamOutcome:
        status = self.dice.choice(statuses)
        if status in {ExamStatus.ANNULLED, ExamStatus.UNDER_APPEAL}:
            return ExamOutcome(status=status)
        return ExamOutcome(primary=self.dice.randint(7, 9), mark=self.dice.choice("34"), status=status)

    async def protocol(self) -> None:
        """A protocol is imported, often one that says something old."""
        await self._import(ExamFileKind.OGE, ExamStatus.VALID, ExamStatus.ABSENT)

    async def recheck(self) -> None:
        """A re-check is imported."""
        await self._import(ExamFileKind.OGE_REVIEW, ExamStatus.CHANGED, ExamStatus.UPHELD)

    async def appeal(self) -> None:
        """The school writes into its own table that an appeal was filed or decided."""
        await self._import(ExamFileKind.TABLE, ExamStatus.UNDER_APPEAL, ExamStatus.CHANGED)

    async def annul(self) -> None:
        """The school writes that results were annulled."""
        await self._import(ExamFileKind.TABLE, ExamStatus.ANNULLED)

    async def _import(self, kind: ExamFileKind, *statuses: ExamStatus) -> None:
        subject, on = self.dice.choice(EXAMS)
        rows = {pupil: self._mark(*statuses) for pupil in self._some()}
        printed = [PrintedResult(rows[pupil], self.names[pupil], school_class=SCHOOL_CLASS) for pupil in rows]
        exam = PrintedExam(ExamKind.OGE, subject, on, results=tuple(printed))
        file = ExamFile("exam", f"{next(self.files):064}", kind=kind, exams=(exam,))
        async with self.open_uow() as uow:
            read = await protocols.import_exam_protocols(
                uow, SYSTEM, [file], now=self._now(), policy=POLICY, partial=True
            )
        if not read.ok:
            raise RuntimeError("an invented file has a problem")
        for pupil, outcome in rows.items():
            if self._is_news(kind, outcome, self.versions[subject, pupil]):
                self.versions[subject, pupil].append(outcome)
                self.owed[subject, pupil].append(self.entitled[pupil])

    def _is_news(self, kind: ExamFileKind, outcome: ExamOutcome, known: Sequence[ExamOutcome]) -> bool:
        """The school's own table may say something again; other files not, and a protocol ends with an appeal."""
        if not known or outcome == known[-1]:
            return not known
        if kind is ExamFileKind.TABLE:
            return True
        return outcome not in known and (kind in REVIEWS or known[-1].status not in DECIDED)

    async def join(self) -> None:
        """Two entries of one parent are joined."""
        if not self.doubled:
            return
        keep, gone = self.doubled.pop()
        async with self.open_uow() as uow:
            await joining.join_persons(uow, SYSTEM, keep_id=keep, gone_id=gone, now=self._now())

        def joined(persons: frozenset[int]) -> frozenset[int]:
            return frozenset(keep if person == gone else person for person in persons)

        self.entitled = {pupil: joined(persons) for pupil, persons in self.entitled.items()}
        for key, owed in self.owed.items():
            self.owed[key] = [joined(persons) for persons in owed]

    async def leave(self) -> None:
        """A pupil leaves after the exams; the results still come, and the family is still told."""
        async with self.open_uow() as uow:
            await uow.people.add_student(self.dice.choice([*self.names]), leaves_on=FIRST_DAY - timedelta(days=1))
            await uow.commit()

    async def account(self) -> None:
        """A pupil gets an own account, or loses it."""
        pupil = self.dice.choice([*self.names])
        has_account = pupil in self.entitled[pupil]
        async with self.open_uow() as uow:
            now = self._now()
            if has_account:
                await accounts.close_student_account(uow, SYSTEM, student_id=pupil, now=now)
            else:
                await accounts.open_student_account(uow, SYSTEM, student_id=pupil, on=FIRST_DAY, now=now)
        self.entitled[pupil] ^= {pupil}

    async def withdraw(self) -> None:
        """A parent withdraws a consent; what is owed stays owed, on paper."""
        pupil = self.dice.choice([*self.names])
        person = self.dice.choice(sorted(self.entitled[pupil]))
        new = NewConsent(person, pupil, Decision.WITHDRAWAL, FIRST_DAY, "С-2")
        async with self.open_uow() as uow:
            await consents.register_consent(uow, SYSTEM, new, now=self._now(), policy=POLICY)

    async def differences(self) -> list[str]:
        """The names of what differs from the edits now."""
        async with self.open_uow(reading=True) as uow:
            ids = await self._result_ids(uow)
            agree = {
                "results": {key: len(known) for key, known in self.versions.items() if known}
                == {key: version for key, (_, version, _) in ids.items()},
                "obligations": not await verify_obligations(uow, policy=POLICY),
                "entitled": all([await self._is_owed(uow, key, ids[key][0]) for key in ids]),
                "notices": all([await self._is_told(uow, key, *ids[key]) for key in ids]),
            }
        return [name for name, holds in agree.items() if not holds]

    async def _result_ids(self, uow: UnitOfWork) -> dict[ResultKey, tuple[int, int, ExamOutcome]]:
        found: dict[ResultKey, tuple[int, int, ExamOutcome]] = {}
        for pupil in self.names:
            for exam, result in await uow.exams.of_student(pupil, Everything()):
                found[exam.subject, pupil] = (result.id, result.version, result.outcome)
        return found

    async def _is_owed(self, uow: UnitOfWork, key: ResultKey, result_id: int) -> bool:
        """Each version is owed to whoever was entitled then; only the latest of a person is still open."""
        held: dict[int, set[int]] = defaultdict(set)
        is_open: dict[int, list[int]] = defaultdict(list)
        for row in await uow.outbox.obligations(fact=exam_result_fact_name(result_id)):
            held[row.obligation.notice_id].add(row.obligation.person_id)
            if row.obligation.state is State.OPEN:
                is_open[row.obligation.person_id].append(row.obligation.notice_id)
        latest = {person: max(number for number in held if person in held[number]) for person in is_open}
        return [frozenset(held[number]) for number in sorted(held)] == self.owed[key] and all(
            numbers == [latest[person]] for person, numbers in is_open.items()
        )

    async def _is_told(
        self, uow: UnitOfWork, key: ResultKey, result_id: int, version: int, stored: ExamOutcome
    ) -> bool:
        """There is a notice for each version, and the last one says what is in force."""
        told = [each for each in await uow.outbox.published(R6_KINDS) if each.fact == exam_result_fact_name(result_id)]
        last = told[-1].notice
        return (
            len(told) == version
            and stored == self.versions[key][-1]
            and isinstance(last, ExamResultSet)
            and (last.primary, last.mark, last.status) == (stored.primary, stored.mark, stored.status)
        )


async def build_exam_script_school(open_uow: UnitOfWorkFactory) -> ExamScriptSchool:
    """A class of pupils of 15; each has a parent, and the first one a parent who was entered twice."""
    school = ExamScriptSchool(open_uow)
    async with open_uow() as uow:
        await uow.year.ensure_year(FIRST_DAY)
        group = await uow.year.ensure_group(GroupKind.CLASS, SCHOOL_CLASS, normal_class_name(SCHOOL_CLASS))
        for number in range(PUPILS):
            name = f"Ученик {number}"
            pupil = await uow.people.add(name, normal_name(name), birth_date=date(2011, 1, 1))
            await uow.people.add_student(pupil, leaves_on=None)
            await uow.year.enrol(pupil, group, starts_on=date(2025, 9, 1))
            parents = [await _add_parent(uow, pupil, f"{number} {twice}") for twice in range(1 if number else 2)]
            school.names[pupil], school.entitled[pupil] = name, frozenset(parents)
            school.doubled += [(parents[0], parents[1])] if len(parents) > 1 else []
        await uow.commit()
    return school


async def _add_parent(uow: UnitOfWork, pupil: int, name: str) -> int:
    parent = await uow.people.add(f"Родитель {name}", normal_name(f"Родитель {name}"))
    await uow.people.add_guardianship(parent, pupil, relation="parent")
    consent = NewConsent(parent, pupil, Decision.CONSENT, date(2026, 1, 1), "С-1")
    await uow.register.add_consent(consent, registered_by="С", at=BEGIN)
    return parent


async def run_exam_script(school: ExamScriptSchool, *, steps: int = STEPS) -> Counter[str]:
    """Runs one script; counts its edits by name, and what differs after it as "differs: …"."""
    done = [await school.edit() for _ in range(steps)]
    return Counter([*done, *(f"{DIFFERS}{name}" for name in await school.differences())])


async def run_exam_scripts(folder: Path, scripts: int, *, steps: int = STEPS) -> Counter[str]:
    """Runs scripts of different dice, each in its own copy of the same SQLite database."""
    empty, copied, outcome = folder / "empty.db", folder / "school.db", Counter[str]()
    async with migrated_bench_database(bench_database_url(empty)) as open_uow:
        built = await build_exam_script_school(open_uow)
    engine = create_database_engine(bench_database_url(copied))  # one for all: it keeps the compiled statements
    for seed in range(scripts):
        shutil.copy(empty, copied)
        outcome += await run_exam_script(built.copied(unit_of_work_factory(engine), seed), steps=steps)
        await engine.dispose()
    return outcome


async def measure_exam_scripts() -> Figures:
    """Runs 1,000 scripts and counts edits and differences."""
    began = time.monotonic()
    with TemporaryDirectory() as folder:
        outcome = await run_exam_scripts(Path(folder), SCRIPTS)
    differing = sum(number for name, number in outcome.items() if name.startswith(DIFFERS))
    figures = {"scripts": SCRIPTS, "seconds": round(time.monotonic() - began, 1), "differing": differing}
    return figures | dict(sorted(outcome.items())) | {"ok": not differing}
