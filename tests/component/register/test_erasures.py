"""Contact data are destroyed after a withdrawal: the term, the reminder, what stays, and every byte that goes (Q10)."""

import asyncio
import io
import subprocess
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from core.actions.delivery import fan_out
from core.actions.delivery.proofs import load_obligation_proof
from core.actions.register import consents, erasures
from core.errors import ConsentInForceError, NotAllowedError, NothingToEraseError
from core.model.conversation import Arrival, Dialog
from core.model.delivery.obligations import NewNotice
from core.model.delivery.states import Status
from core.model.notices.family import FinalMarkSet
from core.model.notices.staff import ErasuresDue
from core.model.people import SYSTEM, Actor, Role
from core.model.register.consents import Decision, NewConsent
from core.model.register.erasures import ErasureReason
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_name
from storage.backup.copies import write_backup_copy
from storage.database.engine import create_database_engine
from storage.database.purging import purge_deleted_data
from tests.support.schools.builders import Builder

POLICY = Policy()
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
GIVEN, TAKEN = date(2026, 9, 1), date(2026, 11, 20)
SECRETARY = "Секретарёва Инна Олеговна"


@dataclass(frozen=True)
class Office:
    """A secretary, a parent with three contacts and one child, and what the secretary does."""

    open_uow: UnitOfWorkFactory
    parent: int
    child: int
    secretary: Actor

    async def registers(self, decision: Decision, on: date, *, now: datetime = NOW) -> None:
        async with self.open_uow() as uow:
            new = NewConsent(self.parent, self.child, decision, on, "З-1")
            await consents.register_consent(uow, self.secretary, new, now=now, policy=POLICY)

    async def addresses(self) -> list[str]:
        async with self.open_uow(reading=True) as uow:
            return [address for person_id, _, address in await uow.register.addresses() if person_id == self.parent]


@pytest.fixture
async def office(open_uow: UnitOfWorkFactory) -> Office:
    """The parent has consented and is about to take it back."""
    async with open_uow() as uow:
        build = Builder(uow)
        child = await build.student("Соколова Анна Олеговна")
        parent = await build.guardian("Соколова Вера Ивановна", child)
        for rank, (channel, address) in enumerate(
            (("telegram", "900100200"), ("email", "vera@example.org"), ("sms", "+79990000001")), start=1
        ):
            await build.contact(parent, channel, address, rank=rank)
        secretary = await uow.people.add(SECRETARY, normal_name(SECRETARY))
        await uow.people.add_staff_role(secretary, Role.SECRETARY, group_id=None)
        await build.decides(parent, child, Decision.CONSENT, GIVEN)
        await uow.commit()
    return Office(open_uow, parent, child, Actor(secretary, frozenset({Role.SECRETARY})))


async def test_contacts_are_destroyed_after_a_withdrawal(office: Office) -> None:
    """Their rows stay as numbers, revoked; consents and proofs stay, and the chain verifies (Q6, Q10)."""
    await office.registers(Decision.WITHDRAWAL, TAKEN)
    async with office.open_uow() as uow:
        (done,) = await erasures.erase_due_contacts(uow, office.secretary, now=NOW, policy=POLICY)
    async with office.open_uow(reading=True) as uow:
        contacts = await uow.register.contacts(office.parent)
        assert [len(await uow.register.confirmations(each.id)) for each in contacts] == [1, 1, 1]
        assert len(await uow.register.consents()) == 2
        assert await uow.audit.verify() is None
    assert [(each.address, each.destroyed_at, each.revoked_at) for each in contacts] == [(None, NOW, NOW)] * 3
    assert (done.number, done.reason, done.document) == ("У-2026-0001", ErasureReason.WITHDRAWAL, "2026-0002")
    assert done.contact_ids == tuple(each.id for each in contacts)
    assert (done.channels, done.office, done.destroyed_by) == (
        ("telegram", "email", "sms"), Role.SECRETARY, office.secretary.person_id,
    )  # fmt: skip


async def test_the_clock_destroys_when_the_term_is_over(office: Office) -> None:
    """On the thirtieth day, by itself; a day earlier nothing is destroyed (Q10)."""
    await office.registers(Decision.WITHDRAWAL, TAKEN)
    for days, left in ((29, 3), (30, 0)):
        now = NOW + timedelta(days=days)
        async with office.open_uow() as uow:
            await erasures.erase_due_contacts(uow, SYSTEM, until=now.date(), now=now, policy=POLICY)
        assert len(await office.addresses()) == left


async def test_on_day_25_the_secretary_is_told_once(office: Office) -> None:
    """How many and until when, nobody by name; the day before and the day after nothing is said (Q10)."""
    await office.registers(Decision.WITHDRAWAL, TAKEN)
    told = []
    for days in (24, 25, 26):
        async with office.open_uow() as uow:
            told.append(await erasures.remind_of_erasures(uow, now=NOW + timedelta(days=days), policy=POLICY))
    async with office.open_uow() as uow:
        (notice,) = [each for each in await uow.outbox.unplanned(10) if isinstance(each.notice, ErasuresDue)]
    assert told == [0, 1, 0]
    assert (notice.person_id, notice.notice) == (office.secretary.person_id, ErasuresDue(date(2026, 12, 20), 1))


async def test_a_family_that_came_back_keeps_its_contacts(office: Office) -> None:
    """With a new consent there is no term; a contact that was proven after the withdrawal stays (Q10)."""
    await office.registers(Decision.WITHDRAWAL, TAKEN)
    later = NOW + timedelta(days=2)
    async with office.open_uow() as uow:
        await uow.register.add_contact(
            person_id=office.parent, channel="email", address="new@example.org", rank=9, origin="self", proven_at=later
        )
        await uow.commit()
    async with office.open_uow() as uow:
        await erasures.erase_due_contacts(uow, office.secretary, now=later, policy=POLICY)
    assert await office.addresses() == ["new@example.org"]
    await office.registers(Decision.CONSENT, later.date(), now=later)
    async with office.open_uow(reading=True) as uow:
        assert not await erasures.load_due_erasures(
            uow, office.secretary, now=later + timedelta(days=99), policy=POLICY
        )


async def test_on_request_contacts_go_at_once(office: Office) -> None:
    """Not while a consent is in force; after the withdrawal without waiting, and only once (Q10)."""
    asked = {"person_id": office.parent, "document": "З-5"}
    async with office.open_uow() as uow:
        with pytest.raises(ConsentInForceError):
            await erasures.erase_contacts_on_request(uow, office.secretary, **asked, now=NOW, policy=POLICY)  # type: ignore[arg-type]
    await office.registers(Decision.WITHDRAWAL, TAKEN)
    async with office.open_uow() as uow:
        done = await erasures.erase_contacts_on_request(uow, office.secretary, **asked, now=NOW, policy=POLICY)  # type: ignore[arg-type]
    assert (done.reason, done.document, await office.addresses()) == (ErasureReason.REQUEST, "З-5", [])
    async with office.open_uow() as uow:
        with pytest.raises(NothingToEraseError):
            await erasures.erase_contacts_on_request(uow, office.secretary, **asked, now=NOW, policy=POLICY)  # type: ignore[arg-type]


async def test_a_colleague_who_is_a_parent_keeps_the_contacts(office: Office) -> None:
    """Contacts of staff serve their own work, whatever they withdrew as a parent; after the office ends they go."""
    await office.registers(Decision.WITHDRAWAL, TAKEN)
    async with office.open_uow() as uow:
        await uow.people.add_staff_role(office.parent, Role.TEACHER, group_id=None, ends_on=date(2026, 12, 1))
        await uow.commit()
    async with office.open_uow(reading=True) as uow:
        assert not await erasures.load_due_erasures(uow, office.secretary, now=NOW, policy=POLICY)
        assert await erasures.load_due_erasures(uow, office.secretary, now=NOW + timedelta(days=12), policy=POLICY)


async def test_what_still_waits_goes_on_paper_and_is_proved(office: Office) -> None:
    """A result is not lost with an address, and its proof names consent, form and contact by number (Q5, Q10, Q76)."""
    async with office.open_uow() as uow:
        notice = NewNotice(office.child, FinalMarkSet("Алгебра", "1 четверть", "5"), "period_mark:1")
        await uow.outbox.add([notice], received_at=NOW, published_at=NOW)
        await fan_out.fan_out_notice_batch(uow, now=NOW, policy=POLICY)
        await uow.commit()
    await office.registers(Decision.WITHDRAWAL, TAKEN)
    async with office.open_uow() as uow:
        await erasures.erase_due_contacts(uow, office.secretary, now=NOW, policy=POLICY)
    async with office.open_uow(reading=True) as uow:
        waiting = await uow.outbox.deliveries_of_pair(office.parent, office.child, {Status.PENDING})
        proof = await load_obligation_proof(uow, SYSTEM, waiting[0].obligation_id, now=NOW)
    assert [each.channel for each in waiting] == ["paper"]
    assert [[form.document for form in forms] for forms in proof.confirmations.values()] == [["К-1"]]
    assert [entry.decision for entry in proof.consents.values()] == [Decision.CONSENT, Decision.WITHDRAWAL]


@pytest.mark.parametrize("role", [Role.GUARDIAN, Role.TEACHER, Role.CLASS_TEACHER, Role.STUDENT])
async def test_only_the_office_destroys(office: Office, role: Role) -> None:
    """Families ask for it, teachers have nothing to do with it (Q102)."""
    stranger = Actor(office.parent, frozenset({role}))
    async with office.open_uow() as uow:
        with pytest.raises(NotAllowedError):
            await erasures.erase_due_contacts(uow, stranger, now=NOW, policy=POLICY)
        with pytest.raises(NotAllowedError):
            await erasures.erase_contacts_on_request(
                uow, stranger, person_id=office.parent, document="З", now=NOW, policy=POLICY
            )
        with pytest.raises(NotAllowedError):
            await erasures.load_erasure_by_number(uow, stranger, "У-2026-0001")


CANARIES = [f"canary{number:02}" for number in range(20)]


async def test_no_byte_of_twenty_addresses_is_left(
    open_uow: UnitOfWorkFactory, office: Office, store_url: str, tmp_path: Path
) -> None:
    """Of contacts, chats, updates: gone from the file, its -wal, a copy or dump made afterwards, the log (Q10)."""
    log = io.StringIO()
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(log))
    async with open_uow() as uow:
        for place, canary in enumerate(CANARIES):
            channel = ("email", "telegram", "sms")[place % 3]
            await Builder(uow).contact(office.parent, channel, f"{canary}@example.org", rank=place + 10)
            await uow.conversations.keep(Dialog(channel, f"{canary}@example.org"), at=NOW)
            update = Arrival(channel, place, f"{canary}@example.org", f"text of {canary}", "bot", NOW, applied=True)
            await uow.conversations.arrive([update])
            await uow.conversations.finish(channel, [place], at=NOW)
        await uow.commit()
    await office.registers(Decision.WITHDRAWAL, TAKEN)
    assert await asyncio.to_thread(_traces, store_url, tmp_path / "before") == CANARIES
    async with open_uow() as uow:
        await erasures.erase_due_contacts(uow, office.secretary, now=NOW, policy=POLICY)
    engine = create_database_engine(store_url)
    assert await purge_deleted_data(engine)
    await engine.dispose()
    await write_backup_copy(store_url, tmp_path / "copy")
    assert await asyncio.to_thread(_traces, store_url, tmp_path / "after") == []
    assert _found((tmp_path / "copy").read_bytes()) == []
    assert _found(log.getvalue().encode()) == []
    async with open_uow(reading=True) as uow:
        assert await uow.audit.verify() is None


def _traces(url: str, folder: Path) -> list[str]:
    """The canaries in the files of SQLite, or in a plain dump of PostgreSQL."""
    if url.startswith("sqlite"):
        file = Path(url.partition(":///")[2])
        return _found(
            b"".join(Path(f"{file}{end}").read_bytes() for end in ("", "-wal") if Path(f"{file}{end}").exists())
        )
    plain = url.replace("postgresql+asyncpg", "postgresql")
    (tool,) = list(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"))[-1:]
    folder.write_bytes(subprocess.run([tool, plain], capture_output=True, check=True).stdout)
    return _found(folder.read_bytes())


def _found(content: bytes) -> list[str]:
    return [canary for canary in CANARIES if canary.encode() in content]
