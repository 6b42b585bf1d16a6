"""The average of a class, for a family to compare with: nobody can be told in it."""

from fractions import Fraction

import pytest

from core.actions.marks import class_average
from core.errors import NotFoundError
from core.model.marks.entries import EntryChange, EntryKind, NewEntry
from core.model.people import Actor, Role
from core.model.register.consents import Decision
from core.ports import UnitOfWorkFactory
from tests.support.schools.builders import NOW, Builder

TODAY = NOW.date()


async def class_of(open_uow: UnitOfWorkFactory, marks: str) -> tuple[Actor, int]:
    """A class with a mark each in algebra, and the parent of the first of them; a better class is next door."""
    async with open_uow() as uow:
        build = Builder(uow)
        students = [await build.student(f"Ученик {place}", "8Б") for place in range(len(marks))]
        others = [await build.student(f"Сосед {place}", "8В") for place in range(9)]
        parent = await build.guardian("Родитель", students[0])
        await build.decides(parent, students[0], Decision.CONSENT)
        algebra = (await uow.year.ensure_subjects({"алгебра": "Алгебра"}))["алгебра"]
        given = [*zip(students, marks, strict=True), *((other, "5") for other in others)]
        entries = [NewEntry(who, algebra, TODAY, EntryKind.SCORE, mark, None, None, None, None) for who, mark in given]
        await uow.marks.add_entries(entries, import_id=None, at=NOW)
        await uow.commit()
    return Actor(parent, frozenset({Role.GUARDIAN}), "telegram"), students[0]


async def means(open_uow: UnitOfWorkFactory, actor: Actor, student: int) -> list[Fraction]:
    async with open_uow(reading=True) as uow:
        found = await class_average.load_class_averages(
            uow, actor, student_id=student, since=TODAY, until=TODAY, on=TODAY
        )
    return [*found.values()]


async def test_the_class_is_one_figure(open_sqlite: UnitOfWorkFactory) -> None:
    """The weighted average of all marks of the own class and of no other (Q13, Q43)."""
    parent, child = await class_of(open_sqlite, "23455")
    assert await means(open_sqlite, parent, child) == [Fraction(19, 5)]


async def test_a_few_marked_classmates_are_no_class(open_sqlite: UnitOfWorkFactory) -> None:
    """Below five the figure would speak of single ones, so there is none (Q15)."""
    parent, child = await class_of(open_sqlite, "2345")
    assert await means(open_sqlite, parent, child) == []


async def test_what_waits_for_its_publication_moves_nothing(open_sqlite: UnitOfWorkFactory) -> None:
    """A classmate's correction counts when families are told of it, until then what it was (Q43)."""
    parent, child = await class_of(open_sqlite, "23455")
    async with open_sqlite() as uow:
        entries = await uow.marks.known([child], since=TODAY, until=TODAY)
        waits = [EntryChange(each, each.kind, "5", None, None, None, publish_at=NOW) for each in entries]
        await uow.marks.change_entries(waits, at=NOW, by=None, reason="correction", import_id=None)
        await uow.commit()
    assert await means(open_sqlite, parent, child) == [Fraction(19, 5)]


async def test_a_stranger_learns_nothing_of_the_class(open_sqlite: UnitOfWorkFactory) -> None:
    """Only the family of a student of the class may compare (Q14)."""
    _, child = await class_of(open_sqlite, "23455")
    with pytest.raises(NotFoundError):
        await means(open_sqlite, Actor(10_000, frozenset({Role.GUARDIAN}), "telegram"), child)
