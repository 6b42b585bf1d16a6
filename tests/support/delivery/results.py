"""Results that are owed within 24 hours: who hears of them, a deputy head, and a worker with scripted channels."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.actions.delivery import fan_out
from core.model.delivery.owed_results import OwedResult, WantedResults
from core.model.notices.facts import Notice
from core.model.people import Actor, Role
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from core.rules.access import Everything
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_class_name
from tests.support.delivery.post import Post
from tests.support.schools.builders import FINAL, NOW, Builder, Family, a_family

POLICY = Policy()
PHYSICS = replace(FINAL, subject="Физика", value="5")


@dataclass(slots=True)
class OwingSchool:
    """Соколова Анна of 8Б and her mother over Telegram, then e-mail; a deputy head, and a class teacher with a chat."""

    family: Family
    deputy: Actor
    class_teacher: Actor
    post: Post

    @property
    def open_uow(self) -> UnitOfWorkFactory:
        return self.family.open_uow

    async def owes(self, notice: Notice = FINAL, *, fact: str = "period_mark:1", at: datetime = NOW) -> None:
        """A result is published and planned, and nothing is sent yet."""
        await self.family.learns(notice, at=at, fact=fact)
        async with self.open_uow() as uow:
            await fan_out.fan_out_all_notices(uow, now=at, policy=POLICY)

    async def results(self) -> list[OwedResult]:
        """All results with their evidence."""
        async with self.open_uow(reading=True) as uow:
            return list(await uow.outbox.owed_results(Everything(), WantedResults()))

    async def sends(self, **ahead: float) -> None:
        """Time passes, and the worker sends what may go."""
        await self.post.drain(**ahead)

    @property
    def now(self) -> datetime:
        return self.post.clock.now


async def an_owing_school(open_uow: UnitOfWorkFactory) -> OwingSchool:
    """The family, and staff of the school."""
    family = await a_family(open_uow)
    async with open_uow() as uow:
        build = Builder(uow)
        group = await uow.year.ensure_group(GroupKind.CLASS, "8Б", normal_class_name("8Б"))
        staff = []
        for address, name, role, class_id in (
            ("601", "Громова Вера Павловна", Role.DEPUTY_HEAD, None),
            ("602", "Орлова Нина Петровна", Role.CLASS_TEACHER, group),
        ):
            person = await build.guardian(name)
            await uow.people.add_staff_role(person, role, group_id=class_id)
            await build.contact(person, "telegram", address)
            staff.append(Actor(person, frozenset({role}), "telegram"))
        await uow.commit()
    post = Post(open_uow)
    post.clock.now = NOW + timedelta(seconds=1)
    return OwingSchool(family, staff[0], staff[1], post)
