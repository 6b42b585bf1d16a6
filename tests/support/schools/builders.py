"""A small school in the database, built through the ports: a class, families, consents and contacts."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from core.model.delivery.obligations import NewNotice
from core.model.notices.facts import Notice
from core.model.notices.family import FinalMarkSet, MarkRecorded
from core.model.register.consents import Decision, NewConsent
from core.model.register.forms import WrittenForm
from core.model.year import GroupKind
from core.ports import UnitOfWork, UnitOfWorkFactory
from core.rules.people.names import normal_class_name, normal_name

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
"""A Friday, noon in Moscow: no quiet hours."""

FINAL = FinalMarkSet(subject="Алгебра", term="1 четверть", value="4")
MARK = MarkRecorded(subject="Алгебра", on=NOW.date(), value="5")


@dataclass(frozen=True, slots=True)
class Builder:
    """Adds people and their papers to a school, a fact a call."""

    uow: UnitOfWork

    async def student(self, name: str, school_class: str = "8Б") -> int:
        """A student of a class."""
        person = await self.uow.people.add(name, normal_name(name))
        await self.uow.people.add_student(person, leaves_on=None)
        group = await self.uow.year.ensure_group(GroupKind.CLASS, school_class, normal_class_name(school_class))
        await self.uow.year.enrol(person, group)
        return person

    async def guardian(self, name: str, *students: int) -> int:
        """A parent of these students."""
        person = await self.uow.people.add(name, normal_name(name))
        for student in students:
            await self.uow.people.add_guardianship(person, student, relation="parent")
        return person

    async def decides(self, person: int, student: int, decision: Decision, on: date = date(2026, 11, 20)) -> int:
        """An entry of the register of consents."""
        new = NewConsent(person, student, decision, on, "С-1")
        entry = await self.uow.register.add_consent(new, registered_by="Секретарь", at=NOW)
        return entry.id

    async def contact(self, person: int, channel: str, address: str, *, rank: int = 1, signed: bool = True) -> int:
        """A contact; unsigned it has neither of the two proofs."""
        contact = await self.uow.register.add_contact(
            person_id=person, channel=channel, address=address, rank=rank, origin="form",
            proven_at=NOW if signed else None,
        )  # fmt: skip
        if signed:
            await self.uow.register.confirm(contact, WrittenForm("К-1", NOW.date(), "Секретарь"), at=NOW)
        return contact


@dataclass(frozen=True, slots=True)
class Family:
    """A student and the mother, who agreed to Telegram and then e-mail."""

    open_uow: UnitOfWorkFactory
    student: int
    mother: int
    telegram: int
    email: int

    async def learns(self, *notices: Notice, at: datetime = NOW, fact: str = "period_mark:1") -> None:
        """The school publishes facts about the student."""
        async with self.open_uow() as uow:
            rows = [NewNotice(self.student, notice, fact) for notice in notices]
            await uow.outbox.add(rows, received_at=at, published_at=at)
            await uow.commit()


async def a_family(open_uow: UnitOfWorkFactory, *, decision: Decision = Decision.CONSENT) -> Family:
    """Соколова Анна of 8Б and her mother with both papers signed."""
    async with open_uow() as uow:
        build = Builder(uow)
        student = await build.student("Соколова Анна Олеговна")
        mother = await build.guardian("Соколова Вера Ивановна", student)
        await build.decides(mother, student, decision)
        telegram = await build.contact(mother, "telegram", "501", rank=1)
        email = await build.contact(mother, "email", "sokolova@example.org", rank=2)
        await uow.commit()
    return Family(open_uow, student, mother, telegram, email)
