"""A class of thirty at the end of a quarter, with the phones of its teachers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count as count_from

from bot.handlers.doors import DoorSchool
from core.model.marks.entries import NewEntry
from core.model.people import Role
from core.model.year import GroupKind
from core.ports import UnitOfWork, UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from core.rules.marks.tokens import token_kind
from core.rules.people.names import normal_class_name
from notifiers.directory import InstalledChannelDirectory
from tests.support.conversation.asking import CATALOGUES, KEY
from tests.support.conversation.phone import Phone
from tests.support.conversation.telegram import Line
from tests.support.schools.builders import NOW, Builder

TEACHER, COLLEAGUE, LEADER, DEPUTY, MOTHER = 601, 602, 603, 604, 605
STUDENTS = 30
TERM = "2 четверть"
MONDAY = date(2026, 11, 9)
"""The first of five days on which the class had algebra."""


@dataclass(frozen=True, slots=True)
class FinalsClass:
    """8Б in algebra and physics; the quarter has ended two days ago."""

    open_uow: UnitOfWorkFactory
    line: Line
    group: int
    students: Mapping[str, int]
    subjects: Mapping[str, int]

    def phone(self, chat: int = TEACHER) -> Phone:
        """Somebody's phone; it remembers its own buttons."""
        return Phone(self.line, chat)

    async def values(self, subject: str = "Алгебра") -> dict[str, str | None]:
        """The final marks in force by name."""
        async with self.open_uow(reading=True) as uow:
            year = await uow.year.year(NOW.date())
            marks = await uow.results.period_marks(self.students.values(), year_ids=[year or 0])
        names = {id_: name for name, id_ in self.students.items()}
        return {names[mark.student_id]: mark.value for mark in marks if mark.subject_id == self.subjects[subject]}


def student_name(place: int) -> str:
    """«Ученик01 Олег Ильич», in the order of the list."""
    return f"Ученик{place:02} Олег Ильич"


async def a_finals_class(open_uow: UnitOfWorkFactory, *, marks: str = "bot", count: int = STUDENTS) -> FinalsClass:
    """Everybody has five marks of algebra: the first a five on average, the last but one too few, the last was ill."""
    async with open_uow() as uow:
        build = Builder(uow)
        year = await uow.year.ensure_year(NOW.date())
        await uow.year.put_period(year, "1 четверть", starts_on=date(2026, 9, 1), ends_on=date(2026, 10, 25))
        await uow.year.put_period(year, TERM, starts_on=date(2026, 11, 2), ends_on=NOW.date() - timedelta(days=2))
        found = await uow.year.ensure_subjects({"алгебра": "Алгебра", "физика": "Физика"})
        subjects = {"Алгебра": found["алгебра"], "Физика": found["физика"]}
        students = {student_name(place): await build.student(student_name(place)) for place in range(1, count + 1)}
        group = await uow.year.ensure_group(GroupKind.CLASS, "8Б", normal_class_name("8Б"))
        for chat, name, role, subject in (
            (TEACHER, "Громова Инна Павловна", Role.TEACHER, "Алгебра"),
            (COLLEAGUE, "Осипова Дина Олеговна", Role.TEACHER, "Физика"),
            (LEADER, "Шарова Вера Львовна", Role.CLASS_TEACHER, None),
            (DEPUTY, "Завуч Зоя Ильинична", Role.DEPUTY_HEAD, None),
        ):
            person = await build.guardian(name)
            of_class = None if role is Role.DEPUTY_HEAD else group
            await uow.people.add_staff_role(
                person, role, group_id=of_class, subject_id=subjects[subject] if subject else None
            )
            await build.contact(person, "telegram", str(chat))
        for place, student in enumerate(students.values()):
            await _give_marks(uow, student, subjects["Алгебра"], _tokens_of(place, count))
        await uow.commit()
    ticks = count_from(1)
    school = DoorSchool(
        open_uow=open_uow, catalogues=CATALOGUES, clock=lambda: NOW + timedelta(seconds=next(ticks)), policy=Policy(),
        closes={}, signing_key=KEY, language="ru", marks=marks, channels=InstalledChannelDirectory(),
    )  # fmt: skip
    return FinalsClass(open_uow, Line(school), group, students, subjects)


def _tokens_of(place: int, count: int) -> str:
    match count - place:
        case 1:
            return "БББББ"
        case 2:
            return "54"
        case _:
            return "55555" if place == 0 else "44445"


async def _give_marks(uow: UnitOfWork, student: int, subject: int, tokens: str) -> None:
    entries = [
        NewEntry(student, subject, MONDAY + timedelta(days=day), token_kind(token), token, None, None, None, None)
        for day, token in enumerate(tokens)
    ]
    await uow.marks.add_entries(entries, import_id=None, at=NOW)
