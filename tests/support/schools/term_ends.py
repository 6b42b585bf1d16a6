"""A class at the end of a quarter: pupils, teachers, a timetable, marks and misses."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from core.model.marks.entries import NewEntry
from core.model.people import Actor, Role
from core.model.register.consents import Decision
from core.model.timetable import NewTemplateLesson
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from core.rules.marks.tokens import token_kind
from core.rules.people.names import normal_class_name, normal_name
from tests.support.schools.builders import NOW, Builder

TODAY = NOW.date()
TERM, SINCE, UNTIL = "1 четверть", date(2026, 9, 1), date(2026, 10, 25)
MONDAY = date(2026, 9, 7)
PUPILS = ("Авдеева Анна", "Белов Борис", "Волков Виктор")


@dataclass(slots=True)
class TermSchool:
    """8Б with three pupils; algebra is taught by Лисина three times a week, physics by Шарова once."""

    open_uow: UnitOfWorkFactory
    pupils: dict[str, int] = field(default_factory=dict)
    staff: dict[str, int] = field(default_factory=dict)
    subjects: dict[str, int] = field(default_factory=dict)
    group: int = 0
    year: int = 0
    mother: int = 0

    @property
    def deputy(self) -> Actor:
        """The deputy head."""
        return Actor(self.staff["deputy"], frozenset({Role.DEPUTY_HEAD}))

    @property
    def lisina(self) -> Actor:
        """The teacher of algebra, who leads the class too."""
        return Actor(self.staff["lisina"], frozenset({Role.TEACHER, Role.CLASS_TEACHER}))

    @property
    def sharova(self) -> Actor:
        """The teacher of physics."""
        return Actor(self.staff["sharova"], frozenset({Role.TEACHER}))

    async def marks(self, pupil: str, subject: str, *values: str) -> None:
        """A pupil's tokens in a subject, one a school day from the second Monday on."""
        async with self.open_uow() as uow:
            entries = [
                NewEntry(
                    self.pupils[pupil], self.subjects[subject], MONDAY + timedelta(days=place), token_kind(value),
                    value, None, None, None, None,
                )
                for place, value in enumerate(values)
            ]  # fmt: skip
            await uow.marks.add_entries(entries, import_id=None, at=NOW)
            await uow.commit()


async def a_term_school(open_uow: UnitOfWorkFactory, *, school_class: str = "8Б") -> TermSchool:
    """The class with its quarter; Анна's mother has signed and hears by Telegram and mail."""
    school = TermSchool(open_uow)
    async with open_uow() as uow:
        build = Builder(uow)
        school.year = await uow.year.ensure_year(TODAY)
        await uow.year.put_period(school.year, TERM, starts_on=SINCE, ends_on=UNTIL)
        await uow.year.put_period(school.year, "2 четверть", starts_on=date(2026, 11, 9), ends_on=date(2026, 12, 29))
        names = {"Алгебра": "алгебра", "Физика": "физика"}
        found = await uow.year.ensure_subjects({key: name for name, key in names.items()})
        school.subjects = {name: found[key] for name, key in names.items()}
        for name in PUPILS:
            school.pupils[name] = await build.student(name, school_class)
        school.group = await uow.year.ensure_group(GroupKind.CLASS, school_class, normal_class_name(school_class))
        school.mother = await build.guardian("Авдеева Вера", school.pupils["Авдеева Анна"])
        await build.decides(school.mother, school.pupils["Авдеева Анна"], Decision.CONSENT)
        await build.contact(school.mother, "telegram", "501")
        for key, name, roles in (
            ("deputy", "Завуч Зоя Ильинична", [(Role.DEPUTY_HEAD, False)]),
            ("lisina", "Лисина Ольга Сергеевна", [(Role.TEACHER, False), (Role.CLASS_TEACHER, True)]),
            ("sharova", "Шарова Вера Львовна", [(Role.TEACHER, False)]),
        ):
            school.staff[key] = await uow.people.add(name, normal_name(name))
            for role, of_class in roles:
                await uow.people.add_staff_role(school.staff[key], role, group_id=school.group if of_class else None)
        algebra, physics = school.subjects["Алгебра"], school.subjects["Физика"]
        lessons = [NewTemplateLesson(algebra, day, 1, None, school.staff["lisina"]) for day in (0, 2, 4)]
        lessons.append(NewTemplateLesson(physics, 1, 2, None, school.staff["sharova"]))
        await uow.timetable.put_template(school.group, lessons, starts_on=SINCE)
        await uow.commit()
    return school
