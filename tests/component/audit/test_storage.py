"""What must hold when several work at once or somebody tampers: chain, numbers, one winner, no lost writer."""

import asyncio
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from core.errors import NotFoundError, StorageError
from core.model.audit import Damage, Flaw
from core.model.delivery.states import Status
from core.model.delivery.text import Attachment, Button, Section, Text
from core.model.people import SYSTEM
from core.model.register.consents import Decision, NewConsent
from core.ports import UnitOfWorkFactory
from storage.database.engine import create_database_engine
from storage.database.revision import DamagedDatabaseError
from storage.unit_of_work import unit_of_work_factory
from tests.support.schools.builders import NOW, Builder, a_family


async def execute(store_url: str, *statements: str) -> None:
    engine = create_database_engine(store_url)
    async with engine.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await engine.dispose()


async def test_a_ledger_that_lost_its_last_line_is_found(open_uow: UnitOfWorkFactory, store_url: str) -> None:
    """Cutting off the end leaves a chain that fits, so the head remembers how long it was (Q76)."""
    async with open_uow() as uow:
        for number in range(3):
            await uow.audit.write(SYSTEM, "test", at=NOW, number=number)
        await uow.commit()
    sqlite = store_url.startswith("sqlite")
    off = "DROP TRIGGER audit_line_no_delete" if sqlite else "ALTER TABLE audit_line DISABLE TRIGGER ALL"
    await execute(store_url, off, "DELETE FROM audit_line WHERE id = 3")
    async with open_uow(reading=True) as uow:
        assert await uow.audit.verify() == Flaw(Damage.CUT, 3)


UNREADABLE = {
    "half a JSON": "facts = '{'",
    "nested too deeply": f"facts = '{'[' * 5000}'",
    "bytes": "facts = x'ff'",
    "no moment": "at = 'yesterday'",
    "bytes in a word": "action = x'ff'",
    "no text": "action = CAST(x'ff' AS TEXT)",
    "another sign in a moment": "at = replace(at, 'T', ' ')",
    "minus nought": "at = replace(at, '+', '-')",
    "another blank": "facts = replace(facts, ' ', char(9))",
    "bytes that say the same": "facts = CAST(facts AS BLOB)",
}


@pytest.mark.parametrize("written", UNREADABLE.values(), ids=UNREADABLE)
async def test_a_line_that_somebody_made_unreadable_is_a_changed_one(sqlite_url: str, written: str) -> None:
    """SQLite keeps whatever it is given; the check says which line it is, and is no fault of ours (Q76)."""
    engine = create_database_engine(sqlite_url)
    async with unit_of_work_factory(engine)() as uow:
        for number in range(3):
            await uow.audit.write(SYSTEM, "test", at=NOW, number=number)
        await uow.commit()
    await execute(sqlite_url, "DROP TRIGGER audit_line_no_update", f"UPDATE audit_line SET {written} WHERE id = 2")  # noqa: S608  # our own words
    async with unit_of_work_factory(engine)(reading=True) as uow:
        assert await uow.audit.verify() == Flaw(Damage.CHANGED, 2)
    await engine.dispose()


@pytest.mark.parametrize(
    "done",
    ["DELETE FROM audit_head WHERE id = 1", "UPDATE audit_head SET line_id = 'x'", "UPDATE audit_head SET epoch = 'x'"],
)
async def test_nothing_is_added_to_a_trail_without_a_head(sqlite_url: str, done: str) -> None:
    """It takes a person; a second row of somebody's says nothing."""
    engine = create_database_engine(sqlite_url)
    two = "INSERT INTO audit_head SELECT 2, line_id + 5, chain, trail, epoch FROM audit_head"
    await execute(sqlite_url, two)
    async with unit_of_work_factory(engine)() as uow:
        await uow.audit.write(SYSTEM, "test", at=NOW)
        await uow.commit()
        assert await uow.audit.verify() is None
    await execute(sqlite_url, done)
    async with unit_of_work_factory(engine)() as uow:
        await uow.audit.write(SYSTEM, "test", at=NOW)
        with pytest.raises(DamagedDatabaseError):
            await uow.commit()
    async with unit_of_work_factory(engine)(reading=True) as uow:
        assert await uow.audit.verify() == Flaw(Damage.HEADLESS, 1)
    await engine.dispose()


async def test_many_writers_make_one_chain(open_uow: UnitOfWorkFactory) -> None:
    """Units of work that commit at the same time wait for each other; none is told that the database is locked."""

    async def write(number: int) -> None:
        async with open_uow() as uow:
            await uow.people.add(f"Ученик {number}", f"ученик {number}")
            await uow.audit.write(SYSTEM, "test", at=NOW, number=number)
            await uow.commit()

    await asyncio.gather(*(write(number) for number in range(20)))
    async with open_uow(reading=True) as uow:
        lines = await uow.audit.lines(limit=100)
        assert await uow.audit.verify() is None
    assert [line.id for line in lines] == list(range(20, 0, -1))
    assert {line.facts["number"] for line in lines} == set(range(20))


async def test_of_many_who_reach_for_the_lease_one_gets_it(open_uow: UnitOfWorkFactory) -> None:
    """The claim is one statement, so there is no moment between looking and taking."""

    async def reach(holder: str) -> tuple[bool, bool]:
        async with open_uow() as uow:
            taken = await uow.leases.take("worker", holder, seen=None)
            ran = await uow.leases.claim_run("verify", NOW.date())
            await uow.commit()
        return taken, ran

    won = await asyncio.gather(*(reach(f"holder {number}") for number in range(8)))
    assert sum(taken for taken, _ in won) == 1
    assert sum(ran for _, ran in won) == 1


async def test_of_many_who_saw_a_dead_workers_lease_one_gets_it(open_uow: UnitOfWorkFactory) -> None:
    """Whoever comes second finds that the count has moved."""
    async with open_uow() as uow:
        await uow.leases.take("worker", "dead", seen=None)
        await uow.commit()
    async with open_uow(reading=True) as uow:
        seen = await uow.leases.held("worker")

    async def reach(holder: str) -> bool:
        async with open_uow() as uow:
            taken = await uow.leases.take("worker", holder, seen=seen)
            await uow.commit()
        return taken

    assert sum(await asyncio.gather(*(reach(f"holder {number}") for number in range(8)))) == 1


async def test_a_holder_that_counts_on_cannot_be_robbed(open_uow: UnitOfWorkFactory) -> None:
    """A lease is taken only as it was seen; its holder's next beat finds it its own still, or knows that it is gone."""
    async with open_uow() as uow:
        await uow.leases.take("worker", "a", seen=None)
        seen = await uow.leases.held("worker")
        assert await uow.leases.beat("worker", "a")
        assert not await uow.leases.take("worker", "b", seen=seen)
        assert await uow.leases.take("worker", "b", seen=await uow.leases.held("worker"))
        assert not await uow.leases.beat("worker", "a")


async def test_a_lease_given_back_is_free_at_once(open_uow: UnitOfWorkFactory) -> None:
    """Only its holder can give it back."""
    async with open_uow() as uow:
        assert await uow.leases.take("worker", "a", seen=None)
        await uow.leases.release("worker", "b")
        assert not await uow.leases.take("worker", "b", seen=None)
        await uow.leases.release("worker", "a")
        assert await uow.leases.take("worker", "b", seen=None)


async def test_registration_numbers_run_through_the_calendar_year(open_uow: UnitOfWorkFactory) -> None:
    """Consents, refusals and withdrawals share one series, which begins anew in January and has no gaps (Q1)."""
    family = await a_family(open_uow)
    async with open_uow() as uow:
        await Builder(uow).decides(family.mother, family.student, Decision.REFUSAL)
    async with open_uow() as uow:
        await Builder(uow).decides(family.mother, family.student, Decision.WITHDRAWAL)
        first, last = await uow.register.consents(family.mother)
        in_january = await uow.register.add_consent(
            NewConsent(last.person_id, last.student_id, last.decision, last.decided_on, last.document, last.form),
            registered_by=last.registered_by,
            at=datetime(2027, 1, 11, 9, tzinfo=UTC),
        )
    assert [first.number, last.number, in_january.number] == ["2026-0001", "2026-0002", "2027-0001"]


TEXT = Text(
    title="Выписка",
    sections=(Section("Алгебра", ("5 — контрольная", "4")), Section(None, ("Итого",))),
    short="Выписка готова",
    buttons=((Button("Подробнее", data="m"), Button("Сайт", url="https://school.example")),),
    footer="Школа № 30",
)


async def test_an_extract_is_queued_once_for_a_key(open_uow: UnitOfWorkFactory) -> None:
    """The same key gives the same page and number back; its text returns whole, without attachments (Q32, Q88)."""
    family = await a_family(open_uow)
    given = replace(TEXT, attachments=(Attachment("a.pdf", "application/pdf", b"%PDF"),))
    async with open_uow() as uow:
        first, again, other = [
            await uow.paper.put(
                person_id=family.mother, student_id=family.student, key=key, basis="refusal", text=given, at=NOW
            )
            for key in ("a", "a", "b")
        ]
        await uow.commit()
    assert first == again
    assert [first.number, other.number] == ["В-2026-00001", "В-2026-00002"]
    assert first.text == TEXT


async def test_an_extract_goes_only_forward(open_uow: UnitOfWorkFactory) -> None:
    """Printing again what was handed over takes nothing back (Q34)."""
    family = await a_family(open_uow)
    async with open_uow() as uow:
        extract = await uow.paper.put(
            person_id=family.mother, student_id=family.student, key="a", basis="refusal", text=TEXT, at=NOW
        )
        for status in (Status.HANDED, Status.PRINTED):
            await uow.paper.advance(extract.number, status, at=NOW)
        handed = await uow.paper.extract(extract.number)
        assert await uow.paper.extracts({Status.HANDED}) == [handed]
        with pytest.raises(NotFoundError):
            await uow.paper.extract("В-2026-99999")
    assert (handed.status, handed.handed_at, handed.printed_at) == (Status.HANDED, NOW, None)


async def test_wrong_codes_are_counted_in_their_window(open_uow: UnitOfWorkFactory) -> None:
    """What is as old as the window no longer counts, and each chat has its own count (Q82)."""
    window = timedelta(hours=1)
    async with open_uow() as uow:
        counts = [
            await uow.register.count_guess(origin, at=NOW + timedelta(minutes=minutes), window=window)
            for origin, minutes in (("a", 0), ("a", 59), ("b", 59), ("a", 60))
        ]
        later = await uow.register.guesses("a", since=NOW + timedelta(minutes=59))
    assert counts == [1, 2, 1, 2]
    assert later == 1


@pytest.mark.parametrize(
    "url", ["sqlite:////nowhere/at/all/school.db", "postgresql://postgres@127.0.0.1:9/school"], ids=["file", "server"]
)
async def test_a_database_out_of_reach_is_a_schools_error(url: str) -> None:
    """Neither the address nor the driver's words are passed on (Q103)."""
    older = set(threading.enumerate())
    engine = create_database_engine(url)
    with pytest.raises(StorageError):
        async with unit_of_work_factory(engine)(reading=True) as uow:
            await uow.year.subjects()
    await engine.dispose()
    async with asyncio.timeout(30):
        while any("_connection_worker" in thread.name for thread in set(threading.enumerate()) - older):
            await asyncio.sleep(0.01)  # aiosqlite ends the thread of a failed connection a moment later, in this loop
