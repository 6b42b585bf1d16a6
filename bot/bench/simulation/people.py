"""The people of a simulated year: pupils of grades 2 to 11, their parents and accounts, what they agreed to."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from bot.bench.schools.invented import GRADES, LETTERS, invented_full_name
from core.model.people import Role
from core.model.register.consents import Decision, NewConsent
from core.model.register.forms import WrittenForm
from core.model.year import GroupKind
from core.ports import UnitOfWork, UnitOfWorkFactory
from core.rules.people.names import normal_class_name, normal_name
from core.rules.year import school_date

SUBJECTS = ("Алгебра", "Русский язык")
SECOND_PARENT = 3
"""Every third pupil has two parents."""

ACCOUNT = 10
"""Every tenth pupil has an own account."""

WAYS = (
    ("telegram",), ("telegram", "email"), ("telegram", "sms"), ("email",), ("sms",), (), ("telegram", "email", "sms"),
    ("email", "sms"),
)  # fmt: skip
"""What families agree to, in turn; an empty one refuses, and gets paper."""


@dataclass(frozen=True, slots=True)
class SimulatedPupil:
    """A pupil by id, as files name them, and the class."""

    id: int
    name: str
    school_class: str


@dataclass(slots=True)
class SimulatedSchool:
    """Who is in the school. `families`: a person and a pupil who consented; `chats`: their addresses in Telegram."""

    open_uow: UnitOfWorkFactory
    deputy: int = 0
    pupils: list[SimulatedPupil] = field(default_factory=list)
    subjects: dict[str, int] = field(default_factory=dict)
    families: list[tuple[int, int]] = field(default_factory=list)
    chats: list[str] = field(default_factory=list)

    def of_class(self, name: str) -> list[SimulatedPupil]:
        """The pupils of a class."""
        return [pupil for pupil in self.pupils if pupil.school_class == name]

    @property
    def classes(self) -> list[str]:
        """The classes that have pupils."""
        return sorted({pupil.school_class for pupil in self.pupils})


async def build_simulated_school(open_uow: UnitOfWorkFactory, pupils: int, begins: date) -> SimulatedSchool:
    """Writes the school; consents are signed on its first day."""
    names = [f"{grade}{letter}" for grade in GRADES for letter in LETTERS]
    school = SimulatedSchool(open_uow)
    async with open_uow() as uow:
        await uow.year.ensure_year(begins)
        school.subjects = dict(await uow.year.ensure_subjects({normal_name(name): name for name in SUBJECTS}))
        school.deputy = await _add_person(uow, "Завуч")
        await uow.people.add_staff_role(school.deputy, Role.DEPUTY_HEAD, group_id=None)
        for number in range(pupils):
            await _add_pupil(uow, school, number, names[number % min(len(names), max(2, pupils // 5))], begins)
        await uow.commit()
    return school


async def _add_pupil(uow: UnitOfWork, school: SimulatedSchool, number: int, name: str, begins: date) -> None:
    group = await uow.year.ensure_group(GroupKind.CLASS, name, normal_class_name(name))
    pupil = SimulatedPupil(await _add_person(uow, invented_full_name(4 * number)), invented_full_name(4 * number), name)
    has_account = number % ACCOUNT == 0
    await uow.people.add_student(pupil.id, leaves_on=None, own_account=has_account)
    await uow.year.enrol(pupil.id, group, starts_on=begins)
    school.pupils.append(pupil)
    for parent in range(2 if number % SECOND_PARENT == 0 else 1):
        person = await _add_person(uow, invented_full_name(4 * number + 1 + parent))
        await uow.people.add_guardianship(person, pupil.id, relation="parent")
        await _sign(uow, school, (person, pupil.id), WAYS[(number + parent) % len(WAYS)], begins)
    if has_account:
        await _sign(uow, school, (pupil.id, pupil.id), WAYS[number // ACCOUNT % len(WAYS)], begins)


async def _add_person(uow: UnitOfWork, name: str) -> int:
    return await uow.people.add(name, normal_name(name))


async def _sign(
    uow: UnitOfWork, school: SimulatedSchool, pair: tuple[int, int], ways: tuple[str, ...], on: date
) -> None:
    person, pupil = pair
    at = datetime.combine(on, time(6), tzinfo=UTC) - timedelta(days=1)
    decision = Decision.CONSENT if ways else Decision.REFUSAL
    await uow.register.add_consent(
        NewConsent(person, pupil, decision, school_date(at, UTC), "С-1"), registered_by="С", at=at
    )
    if ways:
        school.families.append(pair)
    for rank, channel in enumerate(ways, start=1):
        address = f"{channel}-{person}"
        number = await uow.register.add_contact(
            person_id=person, channel=channel, address=address, rank=rank, origin="form", proven_at=at
        )
        await uow.register.confirm(number, WrittenForm("К-1", school_date(at, UTC), "С"), at=at)
        if channel == "telegram":
            school.chats.append(address)
