"""A copy that is put back sends nothing by itself: whoever decides sees the numbers, and what goes again says so."""

import shutil
import sqlite3
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot import anchor, restoring
from bot.app import App, open_app
from bot.settings import SettingsFromArguments
from core.actions import restoring as restored_copy
from core.actions.delivery import fan_out, receipts, sending
from core.actions.delivery.worker import Worker
from core.actions.schoolwork import reminders
from core.errors import OldCopyError
from core.model.broadcast import Acknowledging, Draft
from core.model.conversation import Arrival
from core.model.delivery.deliveries import Receipt
from core.model.delivery.obligations import NewNotice
from core.model.delivery.states import Reason, State, Status
from core.model.notices.kinds import R6_KINDS, NoticeKind
from core.model.people import SYSTEM, Actor, Role
from core.ports import UnavailableError, UnitOfWork, UnitOfWorkFactory
from core.rules.access import Everything
from storage.backup.copies import CopyRefusedError, backup_copy_fault, write_backup_copy
from storage.backup.postgres_tools import AtWorkError
from storage.database.engine import WRITE_LOCK, create_database_engine
from storage.schema import upgrade_schema
from storage.unit_of_work import unit_of_work_factory
from tests.component.audit.test_storage import execute
from tests.component.run.test_worker import a_worker, owe
from tests.support.delivery.fakes import CLOSES, Clock, ScriptedNotifier
from tests.support.schools.builders import FINAL, MARK, NOW, a_family

AGAIN = "(повтор)"


@asynccontextmanager
async def school(data: Path, url: str, clock: Clock) -> AsyncIterator[App]:
    """The school opened for a while, and no connection left open after it."""
    chosen = SettingsFromArguments.of(data=data, database_url=url, log_level="error", quiet=None)
    async with open_app(chosen, clock=clock) as app:
        yield app


async def by_system(_uow: UnitOfWork) -> Actor:
    """Nobody in particular puts the copy back."""
    return SYSTEM


async def sent(app: App, clock: Clock, *answers: Receipt | Exception) -> list[str]:
    """What the worker sends now over Telegram, as its readers see it."""
    phone = ScriptedNotifier("telegram")
    phone.script.extend(answers)
    await a_worker(app.open_uow, phone, clock=clock).drain()
    return [said.title + str(said.sections) + str(said.footer) for _, said, _ in phone.sent]


async def counts(app: App) -> dict[str, int]:
    async with app.open_uow(reading=True) as uow:
        held = await restored_copy.count_held_after_restore(uow)
    found: dict[str, int] = {}
    for each in held.kinds:
        found[each.kind] = found.get(each.kind, 0) + each.count
    return found


async def decide(app: App, kinds: frozenset[NoticeKind], *, send: bool, broadcasts: bool = False) -> int:
    async with app.open_uow() as uow:
        if send:
            return await restored_copy.release_held_after_restore(
                uow, SYSTEM, kinds, broadcasts=broadcasts, now=app.clock(), policy=app.policy
            )
        return await restored_copy.drop_held_after_restore(uow, SYSTEM, kinds, broadcasts=broadcasts, now=app.clock())


async def test_a_restored_copy_sends_nothing_again_by_itself(store_url: str, tmp_path: Path) -> None:
    """Twenty messages went after the copy was made; none goes again by itself; those released say so (Q124)."""
    clock, copy = Clock(NOW), tmp_path / "copy"
    async with school(tmp_path, store_url, clock) as app:
        await owe(app.open_uow, 20)
        await write_backup_copy(store_url, copy)
        assert len(await sent(app, clock)) == 20
    clock.advance(hours=1)
    async with school(tmp_path, store_url, clock) as app:
        numbers, aside = await restoring.restore_school_copy(app, copy, by_system, forced=False)
        assert [(each.kind, each.due, each.count) for each in numbers.kinds] == [
            (NoticeKind.FINALS, NOW + timedelta(hours=24), 20)
        ]
        await anchor.require_anchored_database(app)
        assert await sent(app, clock) == []
        assert await anchor.anchor_fault(app) is None
        assert await decide(app, R6_KINDS, send=True) == 20
        again = await sent(app, clock)
        assert len(again) == 20
        assert all(AGAIN in said for said in again)
        assert await sent(app, clock) == []
    assert aside is not None
    assert aside.stat().st_mode & 0o077 == 0


async def test_what_is_new_after_a_restore_goes_on(store_url: str, tmp_path: Path) -> None:
    """A mark imported afterwards is told as usual, once and without the mark of a repeat."""
    clock, copy = Clock(NOW), tmp_path / "copy"
    async with school(tmp_path, store_url, clock) as app:
        family = await a_family(app.open_uow)
        await family.learns(FINAL)
        await write_backup_copy(store_url, copy)
    async with school(tmp_path, store_url, clock) as app:
        await restoring.restore_school_copy(app, copy, by_system, forced=False)
        async with app.open_uow() as uow:
            await uow.outbox.add([NewNotice(family.student, MARK, "entry:1")], received_at=NOW, published_at=NOW)
            await uow.commit()
        await sent(app, clock)
        clock.advance(minutes=5)
        (said,) = await sent(app, clock)
    assert AGAIN not in said


async def test_exactly_what_was_chosen_goes(store_url: str, tmp_path: Path) -> None:
    """The deputy head lets results go and ends the rest: nothing is lost without a reason (Q87)."""
    clock, copy = Clock(NOW), tmp_path / "copy"
    async with school(tmp_path, store_url, clock) as app:
        family = await a_family(app.open_uow)
        await family.learns(FINAL)
        await family.learns(MARK, MARK, fact="entry:1")
        await write_backup_copy(store_url, copy)
    async with school(tmp_path, store_url, clock) as app:
        await restoring.restore_school_copy(app, copy, by_system, forced=False)
        assert await counts(app) == {"finals": 1, "marks": 2}
        assert await decide(app, R6_KINDS, send=True) == 1
        assert await decide(app, frozenset({NoticeKind.MARKS}), send=False) == 2
        clock.advance(days=3)
        assert len(await sent(app, clock)) == 1
        async with app.open_uow(reading=True) as uow:
            rows = await uow.outbox.obligations(kinds={NoticeKind.MARKS})
            lines = await uow.audit.lines(limit=20)
    ended = {(row.obligation.state, each.status, each.reason) for row in rows for each in row.deliveries}
    assert ended == {(State.WAIVED, Status.WITHDRAWN, Reason.RESTORED)}
    dropped = {line.facts["obligation"] for line in lines if line.action == "restore.dropped"}
    assert dropped == {row.obligation.id for row in rows}


async def a_meeting(uow: UnitOfWork, *hours: int) -> None:
    """Announcements of the deputy head to the only class, planned so many hours from now."""
    head = await uow.people.add("Громова Ольга", "громова ольга")
    await uow.people.add_staff_role(head, Role.DEPUTY_HEAD, group_id=None)
    (group,) = await uow.year.groups(Everything())
    for ahead in hours:
        at = NOW + timedelta(hours=ahead)
        said = Draft(frozenset({group.id}), (), "Собрание", Acknowledging.ONE_PARENT, send_at=at)
        await uow.broadcasts.add(said, author_id=head, at=NOW)


async def test_nothing_that_the_clock_does_goes_again(open_uow: UnitOfWorkFactory) -> None:
    """What was in flight, not fanned out, planned, or an update without an answer may have had its turn (Q124)."""
    clock, phone, policy = Clock(NOW), ScriptedNotifier("telegram"), a_worker(open_uow).identity.policy
    await owe(open_uow, 3)
    async with open_uow() as uow:
        await fan_out.fan_out_all_notices(uow, now=NOW, policy=policy)
        worker = Worker("dead", timedelta(seconds=1), policy, CLOSES)
        (bundle, *_) = await uow.outbox.waiting("telegram", now=NOW, limit=5)
        assert await sending.claim_messages_for_sending(uow, "telegram", [bundle], worker=worker, now=NOW)
        await a_meeting(uow, -1, 5)
        await uow.conversations.arrive([Arrival("telegram", 1, "501", "{}", "dead", NOW, applied=False)])
        await uow.commit()
    async with open_uow() as uow:
        held = await restored_copy.begin_epoch_after_restore(uow, SYSTEM, None, now=NOW, policy=policy)
    assert held.broadcasts == 1
    assert [(each.kind, each.count) for each in held.kinds] == [(NoticeKind.FINALS, 3), (NoticeKind.ANNOUNCEMENTS, 3)]
    for _ in range(3):
        clock.advance(days=1)
        await a_worker(open_uow, phone, clock=clock).drain()
    assert phone.sent == []
    async with open_uow() as uow:
        assert (
            await uow.conversations.claim_unfinished("telegram", holder="new", now=clock(), silent_since=clock()) == []
        )


async def test_the_days_reminders_are_held_with_the_rest(open_uow: UnitOfWorkFactory) -> None:
    """The copy does not know that the evening's reminders went, so they are made now and held, not sent again."""
    evening = datetime(2026, 11, 20, 16, tzinfo=UTC)
    family = await a_family(open_uow)
    policy = a_worker(open_uow).identity.policy
    async with open_uow() as uow:
        (group,) = await uow.year.groups(Everything())
        ids = await uow.year.ensure_subjects({"алгебра": "Алгебра"})
        due_on = evening.date() + timedelta(days=1)
        await uow.schoolwork.give_homework(group.id, ids["алгебра"], due_on=due_on, text="№ 5", by=None, at=NOW)
        await uow.commit()
    async with open_uow() as uow:
        held = await restored_copy.begin_epoch_after_restore(uow, SYSTEM, None, now=evening, policy=policy)
    assert [(each.kind, each.count) for each in held.kinds] == [(NoticeKind.HOMEWORK, 1)]
    async with open_uow() as uow:
        assert await reminders.publish_schoolwork_reminders(uow, time(18), now=evening, policy=policy) == 0
    assert family.mother


async def test_planned_broadcasts_go_when_they_are_released(open_uow: UnitOfWorkFactory) -> None:
    """One that was held and is let go waits for its time again; one that is dropped is called back."""
    await a_family(open_uow)
    clock, policy = Clock(NOW), a_worker(open_uow).identity.policy
    async with open_uow() as uow:
        await a_meeting(uow, 5)
        await uow.commit()
    async with open_uow() as uow:
        await restored_copy.begin_epoch_after_restore(uow, SYSTEM, None, now=NOW, policy=policy)
    async with open_uow() as uow:
        assert (
            await restored_copy.release_held_after_restore(uow, SYSTEM, (), broadcasts=True, now=NOW, policy=policy)
            == 1
        )
    phone = ScriptedNotifier("telegram")
    clock.advance(hours=5, minutes=1)
    for _ in range(2):
        await a_worker(open_uow, phone, clock=clock).drain()
        clock.advance(minutes=10)
    assert len(phone.sent) == 1
    async with open_uow() as uow:
        await a_meeting(uow, 30)
        await uow.commit()
    async with open_uow() as uow:
        await restored_copy.begin_epoch_after_restore(uow, SYSTEM, None, now=clock(), policy=policy)
    async with open_uow() as uow:
        assert await restored_copy.drop_held_after_restore(uow, SYSTEM, (), broadcasts=True, now=clock()) == 1


async def test_news_replaces_what_is_held(open_uow: UnitOfWorkFactory) -> None:
    """A result that is corrected while the old one is held: releasing says the new one only (Q74)."""
    family = await a_family(open_uow)
    await family.learns(FINAL)
    clock, policy, phone = Clock(NOW), a_worker(open_uow).identity.policy, ScriptedNotifier("telegram")
    async with open_uow() as uow:
        await restored_copy.begin_epoch_after_restore(uow, SYSTEM, None, now=NOW, policy=policy)
    await family.learns(replace(FINAL, value="5", before="4"), at=NOW + timedelta(minutes=1))
    clock.advance(minutes=2)
    await a_worker(open_uow, phone, clock=clock).drain()
    async with open_uow() as uow:
        assert not await restored_copy.count_held_after_restore(uow)
    assert len(phone.sent) == 1


async def test_a_late_proof_closes_what_is_held(open_uow: UnitOfWorkFactory) -> None:
    """A delivery report that comes after the restore is evidence: nothing is left to decide (Q93)."""
    family = await a_family(open_uow)
    await family.learns(FINAL)
    clock, policy = Clock(NOW), a_worker(open_uow).identity.policy
    phone = ScriptedNotifier("telegram", script=deque([UnavailableError(Reason.CHANNEL_DOWN)]))
    await a_worker(open_uow, phone, clock=clock).drain()
    async with open_uow() as uow:
        await restored_copy.begin_epoch_after_restore(uow, SYSTEM, None, now=NOW, policy=policy)
    async with open_uow(reading=True) as uow:
        (row,) = await uow.outbox.obligations()
        (attempt,) = await uow.outbox.attempts_of(row.obligation.id)
    worker = a_worker(open_uow).identity
    async with open_uow() as uow:
        assert await receipts.record_delivery_receipt(
            uow, attempt.key, Receipt(Status.DELIVERED), worker=worker, now=NOW
        )
    async with open_uow(reading=True) as uow:
        (row,) = await uow.outbox.obligations()
        assert not await restored_copy.count_held_after_restore(uow)
    assert row.obligation.state is State.CLOSED


async def test_a_repeat_says_so_however_often_it_is_put_off(open_uow: UnitOfWorkFactory) -> None:
    """The channel was down when the released message was tried: the next try is still a repeat (Q88)."""
    family = await a_family(open_uow)
    await family.learns(FINAL)
    clock, policy, phone = Clock(NOW), a_worker(open_uow).identity.policy, ScriptedNotifier("telegram")
    async with open_uow() as uow:
        await restored_copy.begin_epoch_after_restore(uow, SYSTEM, None, now=NOW, policy=policy)
    async with open_uow() as uow:
        await restored_copy.release_held_after_restore(uow, SYSTEM, R6_KINDS, broadcasts=False, now=NOW, policy=policy)
    phone.script.append(UnavailableError(Reason.CHANNEL_DOWN))
    for _ in range(3):
        await a_worker(open_uow, phone, clock=clock).drain()
        clock.advance(minutes=1)
    ((_, said, _),) = phone.sent
    assert AGAIN in said.title


async def test_the_next_way_waits_for_the_one_that_was_released(open_uow: UnitOfWorkFactory) -> None:
    """A result held past the latest start of its next channel goes one way at a time, not over all at once."""
    family = await a_family(open_uow)
    await family.learns(FINAL)
    clock, policy = Clock(NOW), a_worker(open_uow).identity.policy
    async with open_uow() as uow:
        await restored_copy.begin_epoch_after_restore(uow, SYSTEM, None, now=NOW, policy=policy)
    clock.advance(days=2)
    async with open_uow() as uow:
        await restored_copy.release_held_after_restore(
            uow, SYSTEM, R6_KINDS, broadcasts=False, now=clock(), policy=policy
        )
    phone, mail = ScriptedNotifier("telegram"), ScriptedNotifier("email")
    await a_worker(open_uow, phone, mail, clock=clock).drain()
    assert (len(phone.sent), len(mail.sent)) == (1, 0)


async def test_messages_of_two_epochs_have_keys_of_their_own(store_url: str, tmp_path: Path) -> None:
    """Numbers are given a second time after a restore: a late report of a lost message must not prove another (Q93)."""
    clock, copy, keys = Clock(NOW), tmp_path / "copy", []
    async with school(tmp_path, store_url, clock) as app:
        family = await a_family(app.open_uow)
        await write_backup_copy(store_url, copy)
    for restored in (False, True):
        async with school(tmp_path, store_url, clock) as app:
            if restored:
                await restoring.restore_school_copy(app, copy, by_system, forced=False)
            await replace(family, open_uow=app.open_uow).learns(FINAL)
            await sent(app, clock)
            async with app.open_uow(reading=True) as uow:
                (row,) = await uow.outbox.obligations()
                keys += [(row.deliveries[0].id, each.key) for each in await uow.outbox.attempts_of(row.obligation.id)]
    (first_id, first), (second_id, second) = keys
    assert first_id == second_id
    assert first != second


async def test_a_database_at_work_is_not_replaced(store_url: str, tmp_path: Path) -> None:
    """While another process is connected the copy stays where it is, unless the person insists."""
    clock, copy = Clock(NOW), tmp_path / "copy"
    async with school(tmp_path, store_url, clock) as app:
        await owe(app.open_uow, 1)
        await write_backup_copy(store_url, copy)
    async with school(tmp_path, store_url, clock) as working, school(tmp_path, store_url, clock) as app:
        async with working.open_uow(reading=True) as uow:
            await uow.audit.head()
        with pytest.raises(AtWorkError):
            await restoring.restore_school_copy(app, copy, by_system, forced=False)
        if not store_url.startswith("sqlite"):
            await restoring.restore_school_copy(app, copy, by_system, forced=True)


async def test_a_copy_of_the_other_database_is_refused(store_url: str, tmp_path: Path) -> None:
    """SQLite's file does not go into PostgreSQL, nor the other way; nothing is changed."""
    clock, copy = Clock(NOW), tmp_path / "copy"
    copy.write_bytes(b"PGDMP" if store_url.startswith("sqlite") else b"SQLite format 3\0")
    async with school(tmp_path, store_url, clock) as app:
        with pytest.raises(CopyRefusedError) as refused:
            await restoring.restore_school_copy(app, copy, by_system, forced=False)
    assert refused.value.fault == "other_database"


async def test_a_damaged_copy_changes_nothing(store_url: str, tmp_path: Path) -> None:
    """A copy cut short is found before the database is touched (Q104)."""
    clock, copy = Clock(NOW), tmp_path / "copy"
    async with school(tmp_path, store_url, clock) as app:
        await owe(app.open_uow, 2)
        await write_backup_copy(store_url, copy)
        copy.write_bytes(copy.read_bytes()[:-3000])
        with pytest.raises(CopyRefusedError):
            await restoring.restore_school_copy(app, copy, by_system, forced=False)
        assert len(await sent(app, clock)) == 2


async def test_a_copy_with_a_forged_trail_is_refused(store_url: str, tmp_path: Path) -> None:
    """Whoever edits the trail and then makes a copy does not get it restored."""
    clock, copy = Clock(NOW), tmp_path / "copy"
    async with school(tmp_path, store_url, clock) as app:
        await owe(app.open_uow, 1)
        await sent(app, clock)
    off = (
        "DROP TRIGGER audit_line_no_update"
        if store_url.startswith("sqlite")
        else "ALTER TABLE audit_line DISABLE TRIGGER ALL"
    )
    await execute(store_url, off, "UPDATE audit_line SET action = 'nothing'")
    await write_backup_copy(store_url, copy)
    assert await backup_copy_fault(copy) == "audit"


async def test_a_copy_put_back_by_hand_waits_for_a_decision(sqlite_url: str, tmp_path: Path) -> None:
    """`restore --in-place` takes it over: a new epoch, all that is unsent held, and work may begin (Q124)."""
    clock, copy, file = Clock(NOW), tmp_path / "copy", tmp_path / "school.db"
    async with school(tmp_path, sqlite_url, clock) as app:
        await owe(app.open_uow, 3)
        await write_backup_copy(sqlite_url, copy)
        assert len(await sent(app, clock)) == 3
    shutil.copy(copy, file)
    async with school(tmp_path, sqlite_url, clock) as app:
        with pytest.raises(OldCopyError):
            await anchor.require_anchored_database(app)
        held = await restoring.restore_in_place(app, by_system)
        assert sum(each.count for each in held.kinds) == 3
        await anchor.require_anchored_database(app)
        assert await sent(app, clock) == []
        assert await anchor.anchor_fault(app) is None
        async with app.open_uow(reading=True) as uow:
            (line,) = [each for each in await uow.audit.lines(limit=10) if each.action == "restore.epoch"]
    assert (line.facts["held"], line.facts["anchored_line"]) == (3, 3)


async def test_the_abandoned_database_is_an_old_copy_afterwards(sqlite_url: str, tmp_path: Path) -> None:
    """Who puts the one that was kept aside back by hand is asked again: its trail is not the one that went on."""
    clock, copy, file = Clock(NOW), tmp_path / "copy", tmp_path / "school.db"
    async with school(tmp_path, sqlite_url, clock) as app:
        await owe(app.open_uow, 3)
        await write_backup_copy(sqlite_url, copy)
        await sent(app, clock)
        _, aside = await restoring.restore_school_copy(app, copy, by_system, forced=False)
    assert aside is not None
    shutil.copy(aside, file)
    async with school(tmp_path, sqlite_url, clock) as app:
        with pytest.raises(OldCopyError):
            await anchor.require_anchored_database(app)


async def test_a_restore_that_is_broken_off_is_asked_about(sqlite_url: str, tmp_path: Path) -> None:
    """The anchor moves last: killed before it, the next start still sees an older copy."""
    clock, copy, file = Clock(NOW), tmp_path / "copy", tmp_path / "school.db"
    async with school(tmp_path, sqlite_url, clock) as app:
        await owe(app.open_uow, 3)
        await write_backup_copy(sqlite_url, copy)
        await sent(app, clock)
    shutil.copy(copy, file)
    engine = create_database_engine(sqlite_url)
    async with unit_of_work_factory(engine)() as uow:
        await restored_copy.begin_epoch_after_restore(
            uow, SYSTEM, None, now=NOW, policy=a_worker(unit_of_work_factory(engine)).identity.policy
        )
    await engine.dispose()
    async with school(tmp_path, sqlite_url, clock) as app:
        with pytest.raises(OldCopyError):
            await anchor.require_anchored_database(app)
        assert sum(each.count for each in (await restoring.restore_in_place(app, by_system)).kinds) == 3


async def test_a_copy_is_restored_over_a_destroyed_database(sqlite_url: str, tmp_path: Path) -> None:
    """That is what copies are for: the ruin is kept aside and hinders nothing."""
    clock, copy, file = Clock(NOW), tmp_path / "copy", tmp_path / "school.db"
    async with school(tmp_path, sqlite_url, clock) as app:
        await owe(app.open_uow, 1)
        await write_backup_copy(sqlite_url, copy)
    file.write_bytes(b"nothing of a database" * 400)
    async with school(tmp_path, sqlite_url, clock) as app:
        _, aside = await restoring.restore_school_copy(app, copy, by_system, forced=False)
        assert await counts(app) == {"finals": 1}
    assert aside is not None
    assert aside.read_bytes().startswith(b"nothing")


async def test_a_copy_of_an_earlier_version_is_brought_up_to_date(sqlite_url: str, tmp_path: Path) -> None:
    """A copy from before an update is put back with the present tables; one of a later version is refused."""
    clock, copy = Clock(NOW), tmp_path / "copy"
    engine = create_database_engine(f"sqlite:///{copy}").execution_options(**{WRITE_LOCK: True})
    async with engine.begin() as connection:
        await connection.run_sync(lambda before: upgrade_schema(before, "0012"))
        await connection.execute(text("INSERT INTO person (id, name, name_key, language) VALUES (1, 'И', 'и', 'ru')"))
    await engine.dispose()
    async with school(tmp_path, sqlite_url, clock) as app:
        await restoring.restore_school_copy(app, copy, by_system, forced=False)
        await anchor.require_anchored_database(app)
        async with app.open_uow(reading=True) as uow:
            assert [each.id for each in await uow.people.named({"и"})] == [1]
        with closing(sqlite3.connect(copy)) as database:
            database.execute("UPDATE alembic_version SET version_num = '9999'")
            database.commit()
        with pytest.raises(CopyRefusedError) as refused:
            await restoring.restore_school_copy(app, copy, by_system, forced=False)
    assert refused.value.fault == "newer"
