"""What storage promises on SQLite and PostgreSQL alike: scopes, growth-only tables, one winner, exact times."""

import asyncio
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from core.errors import ConflictError, NotFoundError, SchoolError
from core.model import people, timetable, year
from core.model.audit import Damage, Flaw
from core.model.delivery import deliveries
from core.model.delivery.deliveries import Lease
from core.model.delivery.job_runs import JobRun, JobStep
from core.model.delivery.obligations import Obligation
from core.model.marks import entries
from core.model.marks.entries import EntryKind, NewEntry
from core.model.people import SYSTEM
from core.model.register import contacts
from core.model.register.consents import ConsentEntry, Decision
from core.model.results.period_marks import PeriodMark
from core.model.timetable import NewTemplateLesson
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from core.rules.access import Everything, Family, Nothing, OwnGroups, Scope
from core.rules.people.names import normal_name
from storage.database.engine import create_database_engine
from storage.schema import metadata
from storage.unit_of_work import unit_of_work_factory
from tests.support.schools.builders import NOW, Builder, a_family
from tests.support.schools.results import put_final

NOUNS: dict[str, type[Any]] = {
    "guardianship": people.Guardianship,
    "subject": year.Subject,
    "entry": entries.Entry,
    "period_mark": PeriodMark,
    "consent_entry": ConsentEntry,
    "contact": contacts.Contact,
    "obligation": Obligation,
    "delivery": deliveries.Delivery,
    "attempt": deliveries.Attempt,
    "template_lesson": timetable.TemplateLesson,
    "lesson_change": timetable.LessonChange,
    "holiday": timetable.Holiday,
}


@pytest.mark.parametrize("table", sorted(NOUNS))
def test_a_noun_is_its_table(table: str) -> None:
    """Every field of a noun is a column, so a row is the noun."""
    columns = {column.name for column in metadata.tables[table].columns}
    assert {field.name for field in fields(NOUNS[table])} <= columns


async def test_the_migrations_make_exactly_the_tables(store_url: str) -> None:
    """A school that came by migrations has what the code describes."""
    engine = create_database_engine(store_url)

    def differences(connection: Connection) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_a_family_sees_its_own_child_and_nobody_else(open_uow: UnitOfWorkFactory) -> None:
    """Own children only, over a messenger only with a consent in force; a stranger sees no student (Q3, Q14)."""
    family = await a_family(open_uow)
    today = NOW.date()
    async with open_uow() as uow:
        build = Builder(uow)
        other = await build.student("Чужой Ребёнок", "7А")
        father = await build.guardian("Соколов Олег Петрович", family.student)
        teacher = await build.guardian("Учитель Другого Класса")
        await uow.commit()
    opens: dict[Scope, set[int]] = {
        Family(family.mother, today, needs_consent=True): {family.student},
        Family(father, today, needs_consent=True): set(),
        Family(father, today, needs_consent=False): {family.student},
        OwnGroups(teacher, today): set(),
        Nothing(): set(),
        Everything(): {family.student, other},
    }
    async with open_uow(reading=True) as uow:
        for scope, expected in opens.items():
            assert {child.id for child in await uow.people.children(scope)} == expected
        with pytest.raises(NotFoundError):
            await uow.people.person(other, Family(family.mother, today, needs_consent=True))


async def test_marks_outside_the_scope_are_not_there(open_uow: UnitOfWorkFactory) -> None:
    """The access rule is part of the query, not a filter after it (Q14)."""
    family = await a_family(open_uow)
    async with open_uow() as uow:
        subjects = await uow.year.ensure_subjects({"алгебра": "Алгебра"})
        entry = NewEntry(
            family.student, subjects["алгебра"], NOW.date(), EntryKind.SCORE, "5", None, None, None, None
        )  # fmt: skip
        await uow.marks.add_entries([entry], import_id=None, at=NOW)
        await uow.commit()
    span = {"since": date(2026, 11, 1), "until": date(2026, 11, 30)}
    async with open_uow(reading=True) as uow:
        mine = await uow.marks.entries(family.student, Family(family.mother, NOW.date(), needs_consent=True), **span)
        nobody = await uow.marks.entries(family.student, Nothing(), **span)
    assert [(found.value, subject) for found, subject in mine] == [("5", "Алгебра")]
    assert nobody == []


async def test_a_timetable_outside_the_scope_is_not_there(open_uow: UnitOfWorkFactory) -> None:
    """Its groups are found through the scope, and without groups there is no plan (Q14)."""
    family = await a_family(open_uow)
    today = NOW.date()
    async with open_uow() as uow:
        group = await uow.year.ensure_group(GroupKind.CLASS, "8Б", "8б")
        subjects = await uow.year.ensure_subjects({"алгебра": "Алгебра"})
        lesson = NewTemplateLesson(subjects["алгебра"], today.weekday(), 1)
        await uow.timetable.put_template(group, [lesson], starts_on=today)
        stranger = await Builder(uow).guardian("Учитель Другого Класса")
        await uow.commit()
    mine = Family(family.mother, today, needs_consent=True)
    others = Nothing(), OwnGroups(stranger, today), Family(stranger, today, needs_consent=False)
    async with open_uow(reading=True) as uow:
        plans = [await uow.timetable.of_student(family.student, each, since=today, until=today) for each in others]
        plans += [await uow.timetable.of_group(group, each, since=today, until=today) for each in others]
        plans += [await uow.timetable.of_teacher(stranger, since=today, until=today)]
        own = await uow.timetable.of_student(family.student, mine, since=today, until=today)
    assert [(plan.places, plan.template) for plan in plans] == [((), ())] * len(plans)
    assert [row.subject for row in own.template] == ["Алгебра"]


async def test_a_withdrawn_consent_closes_the_messenger_on_its_day(open_uow: UnitOfWorkFactory) -> None:
    """The register's last entry decides, as of a date (Q5, Q6)."""
    family = await a_family(open_uow)
    async with open_uow() as uow:
        await Builder(uow).decides(family.mother, family.student, Decision.WITHDRAWAL, date(2026, 11, 25))
        await uow.commit()
    async with open_uow(reading=True) as uow:
        seen = [
            len(await uow.people.children(Family(family.mother, date(2026, 11, day), needs_consent=True)))
            for day in (24, 25)
        ]
    assert seen == [1, 0]


@pytest.mark.parametrize("change", ["UPDATE consent_entry SET document = 'x'", "DELETE FROM consent_entry"])
async def test_the_register_of_consents_only_grows(open_uow: UnitOfWorkFactory, store_url: str, change: str) -> None:
    """The database itself refuses to edit or delete an entry (Q6)."""
    await a_family(open_uow)
    engine = create_database_engine(store_url)
    with pytest.raises(Exception, match="only grows"):
        async with engine.begin() as connection:
            await connection.execute(text(change))
    await engine.dispose()


async def test_a_changed_line_of_the_ledger_is_found(open_uow: UnitOfWorkFactory, store_url: str) -> None:
    """Whoever gets past the triggers is betrayed by the chain (Q76)."""
    async with open_uow() as uow:
        for number in range(3):
            await uow.audit.write(SYSTEM, "test", at=NOW, number=number)
        await uow.commit()
    engine = create_database_engine(store_url)
    off = (
        "DROP TRIGGER audit_line_no_update"
        if store_url.startswith("sqlite")
        else "ALTER TABLE audit_line DISABLE TRIGGER ALL"
    )
    async with engine.begin() as connection:
        await connection.execute(text(off))
        await connection.execute(text("UPDATE audit_line SET action = 'forged' WHERE id = 2"))
    await engine.dispose()
    async with open_uow(reading=True) as uow:
        assert await uow.audit.verify() == Flaw(Damage.CHANGED, 2)


async def test_nothing_is_kept_without_a_commit(open_uow: UnitOfWorkFactory) -> None:
    """Commit is explicit; everything else rolls back, the ledger's lines with it."""
    async with open_uow() as uow:
        await uow.people.add("Никто", "никто")
        await uow.audit.write(SYSTEM, "test", at=NOW)
    async with open_uow(reading=True) as uow:
        assert await uow.people.named(["никто"]) == []
        assert await uow.audit.lines(limit=10) == []


async def test_one_of_two_workers_holds_the_lease(open_uow: UnitOfWorkFactory) -> None:
    """The second gets it only from whom it saw with it, and as it saw it: one beat later it gets nothing."""
    async with open_uow() as uow:
        assert await uow.leases.held("worker") is None
        taken = [await uow.leases.take("worker", holder, seen=None) for holder in ("a", "b")]
        seen = await uow.leases.held("worker")
        beats = [await uow.leases.beat("worker", holder) for holder in ("b", "a")]
        taken.append(await uow.leases.take("worker", "b", seen=seen))
        await uow.commit()
    async with open_uow() as uow:
        taken.append(await uow.leases.take("worker", "b", seen=await uow.leases.held("worker")))
    assert (seen, beats) == (Lease("worker", "a", 1), [False, True])
    assert taken == [True, False, False, True]


async def test_a_periodic_job_runs_once_for_a_date(open_uow: UnitOfWorkFactory) -> None:
    """Two processes and a clock change neither skip nor double it (Q47)."""
    claimed = []
    for _ in range(2):
        async with open_uow() as uow:
            claimed.append(await uow.leases.claim_run("verify", NOW.date()))
            await uow.commit()
    assert claimed == [True, False]


async def test_of_a_job_the_last_time_of_each_step_counts(open_uow: UnitOfWorkFactory) -> None:
    """Begun, failed, begun again, ended: one row for the job and its date."""
    later, on = NOW + timedelta(minutes=5), NOW.date()
    async with open_uow() as uow:
        for step, at in ((JobStep.BEGUN, NOW), (JobStep.FAILED, NOW), (JobStep.BEGUN, later), (JobStep.DONE, later)):
            await uow.leases.note_job("verify", on, step, at=at)
        await uow.commit()
    async with open_uow(reading=True) as uow:
        assert await uow.leases.job_runs(since=on) == [JobRun("verify", on, later, later, NOW)]
        assert await uow.leases.job_runs(since=on + timedelta(days=1)) == []


async def test_a_code_is_used_once(open_uow: UnitOfWorkFactory) -> None:
    """Of two that come with the same code one succeeds (Q82)."""
    family = await a_family(open_uow)
    async with open_uow() as uow:
        await uow.register.add_code(
            person_id=family.mother, contact_id=family.telegram, channel="telegram", code_hash="h", token_hash="t",
            expires_at=NOW + timedelta(days=1),
        )  # fmt: skip
        await uow.commit()
    async with open_uow() as uow:
        code = await uow.register.code("h", "telegram")
        assert code is not None
        assert [await uow.register.use_code(code.id, at=NOW) for _ in range(2)] == [True, False]


async def test_somebody_else_changed_it_first(open_uow: UnitOfWorkFactory) -> None:
    """Two who correct the same final mark do not overwrite each other."""
    family = await a_family(open_uow)
    async with open_uow() as uow:
        subjects = await uow.year.ensure_subjects({"алгебра": "Алгебра"})
        first = PeriodMark(
            id=0, student_id=family.student, subject_id=subjects["алгебра"],
            year_id=await uow.year.ensure_year(NOW.date()), term="1 четверть", average=None, value="4", version=1,
            received_at=NOW, published=True, import_id=None,
        )  # fmt: skip
        stands = await put_final(uow, first)
        assert await uow.results.period_marks([family.student], year_ids=[first.year_id]) == [stands]
        better = replace(stands, value="5", version=2)
        await put_final(uow, better, before=stands)
        await uow.commit()
    with pytest.raises(ConflictError):
        async with open_uow() as uow:
            await put_final(uow, better, before=stands)


async def test_a_moment_comes_back_as_utc(open_uow: UnitOfWorkFactory) -> None:
    """UTC inside, whatever zone it was said in (Q105)."""
    family = await a_family(open_uow)
    async with open_uow(reading=True) as uow:
        found = await uow.register.contact(family.telegram)
    assert found.proven_at == NOW
    assert found.proven_at.tzinfo is UTC


async def test_a_naive_moment_is_refused(open_uow: UnitOfWorkFactory) -> None:
    """A time without a zone is a fault of ours, not a time."""
    family = await a_family(open_uow)
    with pytest.raises(Exception, match=r"(?i)naive|zone|aware"):
        async with open_uow() as uow:
            await uow.register.revoke(family.telegram, at=datetime(2026, 11, 20))  # noqa: DTZ001  # the fault under test


async def test_errors_of_the_database_quote_nothing(open_uow: UnitOfWorkFactory) -> None:
    """A broken reference is a school's error, without the row in its text (Q103)."""
    with pytest.raises(SchoolError) as caught:
        await _break_a_reference(open_uow)
    assert "секрет" not in str(caught.value)


async def _break_a_reference(open_uow: UnitOfWorkFactory) -> None:
    async with open_uow() as uow:
        await uow.people.add_guardianship(10**9, 10**9, relation="мать-секрет")
        await uow.commit()


async def test_two_who_wait_for_each_other_are_told_apart_from_a_fault(
    create_database: Callable[..., str], postgres_template: str
) -> None:
    """PostgreSQL ends one of a deadlock: nothing was changed, so that it may be tried again; the other goes through."""
    engine = create_database_engine(create_database(postgres_template))
    open_uow = unit_of_work_factory(engine)
    async with open_uow() as uow:
        people = [await uow.people.add(name, normal_name(name)) for name in ("Орлова Нина", "Громов Пётр")]
        await uow.commit()
    both_began = asyncio.Barrier(2)

    async def speaks(first: int, second: int) -> None:
        async with open_uow() as uow:
            await uow.people.speak(first, "en")
            await both_began.wait()
            await uow.people.speak(second, "en")
            await uow.commit()

    ended = await asyncio.gather(speaks(*people), speaks(*reversed(people)), return_exceptions=True)
    await engine.dispose()
    assert sorted(type(each).__name__ for each in ended) == ["DatabaseBusyError", "NoneType"]
