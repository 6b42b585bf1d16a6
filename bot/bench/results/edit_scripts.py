"""`bench edits`: scripts of random edits of final marks, after each of which all views agree with the marks in force.

A script sets, corrects, annuls, defers, ends, moves, lets leave, closes and reopens at random. What was refused must
have changed nothing; completeness, summary sheets, statistics, the family's view and the obligations are compared
with the edits.
"""

import random
import shutil
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count, product
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.bench import Figures
from bot.bench.schools.database import bench_database_url, migrated_bench_database
from bot.bench.schools.edited_results import EditedResults, edited_sheets_agree, edited_statistics_agree
from core.actions.delivery import fan_out
from core.actions.delivery.obligations import verify_obligations
from core.actions.results import completeness, deferrals, lookup
from core.actions.results.deferrals import NewDeferral
from core.actions.results.final_marks import FinalMarkEditor
from core.errors import SchoolError
from core.model.delivery.fact_names import period_mark_fact_name
from core.model.notices.family import FinalMarkSet
from core.model.people import Actor, Role
from core.model.results.period_marks import MarkCell, NewFinalMark
from core.model.year import GroupKind
from core.ports import UnitOfWork, UnitOfWorkFactory
from core.rules.access import Everything
from core.rules.delivery.timing import Policy
from core.rules.marks.gradebook import GradebookRules
from core.rules.people.names import normal_class_name, normal_name
from core.rules.results.proposals import ResultsPolicy
from storage.database.engine import create_database_engine
from storage.unit_of_work import unit_of_work_factory

SCRIPTS, STEPS = 1000, 12
LIKELY = 0.75
DIFFERS = "differs: "
ON = date(2026, 10, 20)
BEGIN = datetime(2026, 10, 20, 9, tzinfo=UTC)
TERM, TERM_DAYS = "1 четверть", (date(2026, 9, 1), date(2026, 10, 25))
CLASSES, SUBJECTS, PUPILS = ("8А", "8Б"), ("Алгебра", "Физика"), 2
VALUES = ("2", "3", "4", "5", "зач", "н/а", "осв")
POLICY, MARKING = ResultsPolicy(), GradebookRules("bot")

Edit = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class EditScriptSchool:
    """A small school and what its edits have returned: values and deferrals by cell, who has left, what is closed.

    `corrected` are the marks that were corrected with a ground since the last closing.
    """

    open_uow: UnitOfWorkFactory
    dice: random.Random = field(default_factory=random.Random)
    deputy: int = 0
    groups: dict[str, int] = field(default_factory=dict)
    subjects: dict[str, int] = field(default_factory=dict)
    parents: dict[int, int] = field(default_factory=dict)
    values: dict[MarkCell, str] = field(default_factory=dict)
    deferred: set[MarkCell] = field(default_factory=set)
    left: set[int] = field(default_factory=set)
    corrected: set[MarkCell] = field(default_factory=set)
    closed: bool = False
    minutes: Iterator[int] = field(default_factory=count)

    @property
    def actor(self) -> Actor:
        """The deputy head, who may do all of it."""
        return Actor(self.deputy, frozenset({Role.DEPUTY_HEAD}))

    @property
    def cells(self) -> list[MarkCell]:
        """Every cell of the school's sheets."""
        return [MarkCell(pupil, subject, TERM) for pupil, subject in product(self.parents, self.subjects.values())]

    def copied(self, open_uow: UnitOfWorkFactory, seed: int) -> "EditScriptSchool":
        """The untouched school over a copy of its database, with dice of its own."""
        dice = random.Random(seed)  # noqa: S311  # dice, not secrets
        return EditScriptSchool(open_uow, dice, self.deputy, self.groups, self.subjects, self.parents)

    async def edit(self) -> str:
        """One random edit; returns its name. What the rules refuse changes nothing."""
        edits = self._edits()
        name = self.dice.choices([name for name, _, _ in edits], [weight for _, _, weight in edits])[0]
        try:
            await next(edit for each, edit, _ in edits if each == name)()
        except SchoolError:
            return f"{name}, refused"
        return name

    def _edits(self) -> Sequence[tuple[str, Edit, int]]:
        """The edits with names and weights."""
        return (
            ("set", self.set_mark, 6), ("fill", self.fill, 2), ("annul", self.annul, 2), ("defer", self.defer, 2),
            ("end", self.end, 2), ("move", self.move, 1), ("leave", self.leave, 1), ("close", self.close, 4),
            ("reopen", self.reopen, 1),
        )  # fmt: skip

    def _any_of(self, chosen: Collection[MarkCell]) -> MarkCell:
        """One of these cells in three cases of four, else any."""
        likely = [cell for cell in self.cells if cell in chosen]
        return self.dice.choice(likely if likely and self.dice.random() < LIKELY else self.cells)

    def _writer(self, uow: UnitOfWork) -> FinalMarkEditor:
        now = BEGIN + timedelta(minutes=next(self.minutes))
        return FinalMarkEditor(uow, self.actor, POLICY, MARKING, now, ON)

    async def set_mark(self) -> None:
        """Sets or corrects a mark, now and then without the ground that a closed term asks for."""
        await self._set(self.dice.choice(self.cells))

    async def fill(self) -> None:
        """Sets everything that is missing, so that terms close now and then."""
        for cell in self.cells:
            if cell not in self.values and cell not in self.deferred and cell.student_id not in self.left:
                await self._set(cell)

    async def _set(self, cell: MarkCell) -> None:
        new = NewFinalMark(cell, self.dice.choice(VALUES), "по работам", self.dice.choice((None, "записка 7")))
        async with self.open_uow() as uow:
            mark = await self._writer(uow).set_mark(new)
        if self.closed and new.ground is not None and self.values.get(cell) != mark.value:
            self.corrected.add(cell)
        self.values[cell] = str(mark.value)
        self.deferred.discard(cell)

    async def annul(self) -> None:
        """Annuls a mark, or what is none."""
        cell = self._any_of(self.values)
        async with self.open_uow() as uow:
            await self._writer(uow).annul(cell)
        del self.values[cell]

    async def defer(self) -> None:
        """Grants a deferral, or extends the one in force."""
        cell, due = self.dice.choice(self.cells), ON + timedelta(days=self.dice.randint(1, 40))
        new = NewDeferral(cell.student_id, [cell.subject_id], TERM, TERM_DAYS[0], ON, "справка", "приказ", due)
        async with self.open_uow() as uow:
            await deferrals.grant_deferral(self._writer(uow), new)
        self.deferred.add(cell)

    async def end(self) -> None:
        """Ends a deferral by a mark or н/а."""
        cell, value = self._any_of(self.deferred), self.dice.choice(VALUES)
        async with self.open_uow() as uow:
            await deferrals.end_deferral(self._writer(uow), cell, value)
        self.values[cell] = value
        self.deferred.remove(cell)

    async def move(self) -> None:
        """A student goes into another class."""
        async with self.open_uow() as uow:
            group = self.groups[self.dice.choice(CLASSES)]
            await uow.year.enrol(self.dice.choice([*self.parents]), group, starts_on=ON)
            await uow.commit()

    async def leave(self) -> None:
        """A student leaves the school before the term's end."""
        student = self.dice.choice([*self.parents])
        async with self.open_uow() as uow:
            await uow.people.add_student(student, leaves_on=ON - timedelta(days=1))
            await uow.commit()
        self.left.add(student)

    async def close(self) -> None:
        """Closes the term, if nobody lacks a mark."""
        async with self.open_uow() as uow:
            now = self._writer(uow).now
            lacking = await completeness.close_term_if_complete(uow, self.actor, TERM, policy=POLICY, now=now, on=ON)
        self.closed = not lacking
        if self.closed:
            self.corrected.clear()

    async def reopen(self) -> None:
        """Reopens the term."""
        async with self.open_uow() as uow:
            now = self._writer(uow).now
            await completeness.reopen_complete_term(uow, self.actor, TERM, reason="ошибка", now=now, on=ON)
        self.closed = False

    async def differences(self) -> list[str]:
        """The names of the views that differ from the edits now."""
        async with self.open_uow() as uow:
            await fan_out.fan_out_all_notices(uow, now=BEGIN + timedelta(minutes=next(self.minutes)), policy=Policy())
        async with self.open_uow(reading=True) as uow:
            agree = {
                "completeness": await self._completeness_agrees(uow),
                "closing": await self._closing_agrees(uow),
                "family": await self._families_agree(uow),
                "obligations": not await verify_obligations(uow, policy=Policy()),
                "notices": await self._notices_agree(uow),
                "sheet": await edited_sheets_agree(uow, self._results),
                "statistics": await edited_statistics_agree(uow, self._results),
            }
        return [name for name, holds in agree.items() if not holds]

    @property
    def _results(self) -> EditedResults:
        return EditedResults(
            self.actor, TERM, {*self.groups.values()}, self.values, self.deferred, self.left, bool(self.corrected), ON
        )

    async def _completeness_agrees(self, uow: UnitOfWork) -> bool:
        found = await completeness.load_gaps_in_completeness(uow, Everything(), TERM, policy=POLICY, on=ON)
        lacking = {(each.expected.pupil.student_id, each.expected.subject_id) for each in found}
        filled = self.values.keys() | self.deferred
        return lacking == {
            (cell.student_id, cell.subject_id)
            for cell in self.cells
            if cell not in filled and cell.student_id not in self.left
        }

    async def _closing_agrees(self, uow: UnitOfWork) -> bool:
        """A closed term lacks nothing of whoever is there."""
        is_closed = await completeness.is_complete_term_closed(uow, TERM, on=ON)
        lacking = await completeness.load_gaps_in_completeness(uow, Everything(), TERM, policy=POLICY, on=ON)
        return is_closed == self.closed and not (is_closed and lacking)

    async def _families_agree(self, uow: UnitOfWork) -> bool:
        seen: dict[MarkCell, str] = {}
        for student, parent in self.parents.items():
            family = Actor(parent, frozenset({Role.GUARDIAN}))
            for mark, _ in await lookup.look_up_final_marks(uow, family, student_id=student, on=ON):
                if mark.value is not None:
                    seen[MarkCell(student, mark.subject_id, mark.term)] = mark.value
        return seen == self.values

    async def _notices_agree(self, uow: UnitOfWork) -> bool:
        """The last notice of each mark says what is in force, and there is one for each version."""
        year_id = await uow.year.ensure_year(ON)
        for mark in await uow.results.period_marks(self.parents, year_ids=[year_id]):
            told = await uow.outbox.published_as(period_mark_fact_name(mark.id))
            last = told[-1].notice
            if len(told) != mark.version or not isinstance(last, FinalMarkSet) or last.value != mark.value:
                return False
        return True


async def build_edit_script_school(open_uow: UnitOfWorkFactory) -> EditScriptSchool:
    """Two classes with a student each, their parents on paper, two subjects, a deputy head who teaches them."""
    school = EditScriptSchool(open_uow)
    async with open_uow() as uow:
        year_id = await uow.year.ensure_year(ON)
        since, until = TERM_DAYS
        await uow.year.put_period(year_id, TERM, starts_on=since, ends_on=until)
        keys = {normal_name(name): name for name in SUBJECTS}
        school.subjects = dict(await uow.year.ensure_subjects(keys))
        school.deputy = await _person(uow, "Завуч")
        await uow.people.add_staff_role(school.deputy, Role.DEPUTY_HEAD, group_id=None)
        for name in CLASSES:
            group = school.groups[name] = await uow.year.ensure_group(GroupKind.CLASS, name, normal_class_name(name))
            for subject_id in school.subjects.values():
                await uow.people.add_staff_role(school.deputy, Role.TEACHER, group_id=group, subject_id=subject_id)
        for number in range(PUPILS):
            student, parent = await _person(uow, f"Ученик {number}"), await _person(uow, f"Родитель {number}")
            await uow.people.add_student(student, leaves_on=None)
            await uow.year.enrol(student, school.groups[CLASSES[number % 2]], starts_on=since)
            await uow.people.add_guardianship(parent, student, relation="parent")
            school.parents[student] = parent
        await uow.commit()
    return school


async def _person(uow: UnitOfWork, name: str) -> int:
    return await uow.people.add(name, normal_name(name))


async def run_edit_script(school: EditScriptSchool, *, steps: int = STEPS) -> Counter[str]:
    """Runs one script; counts its edits by name, and what differs after it as "differs: …"."""
    done = [await school.edit() for _ in range(steps)]
    return Counter([*done, *(f"{DIFFERS}{name}" for name in await school.differences())])


async def run_edit_scripts(folder: Path, scripts: int, *, steps: int = STEPS) -> Counter[str]:
    """Runs scripts of different dice, each in its own copy of the same SQLite database."""
    empty, copied, outcome = folder / "empty.db", folder / "school.db", Counter[str]()
    async with migrated_bench_database(bench_database_url(empty)) as open_uow:
        built = await build_edit_script_school(open_uow)
    engine = create_database_engine(bench_database_url(copied))  # one for all: it keeps the compiled statements
    for seed in range(scripts):
        shutil.copy(empty, copied)
        outcome += await run_edit_script(built.copied(unit_of_work_factory(engine), seed), steps=steps)
        await engine.dispose()
    return outcome


async def measure_edit_scripts() -> Figures:
    """Runs 1,000 scripts and counts edits and differences."""
    began = time.monotonic()
    with TemporaryDirectory() as folder:
        outcome = await run_edit_scripts(Path(folder), SCRIPTS)
    differing = sum(number for name, number in outcome.items() if name.startswith(DIFFERS))
    figures = {"scripts": SCRIPTS, "seconds": round(time.monotonic() - began, 1), "differing": differing}
    return figures | dict(sorted(outcome.items())) | {"ok": not differing}
