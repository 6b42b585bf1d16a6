"""A list that perhaps enters somebody a second time says so, with the command that joins both (Q134)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from core.actions.imports import people as people_import
from core.actions.imports.people import PeopleResult
from core.actions.people import names
from core.model.imports.people_lists import PersonRow
from core.model.people import SYSTEM, Actor, Role
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_name
from tests.support.schools.files import ANNA, MOTHER, PYOTR, VERA, guardian, people, signed, staff, student

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)
MAIL, PHONE, TEACHER = "olga@example.org", "+79010000001", "Лукина Мария Фёдоровна"
BORN: dict[str, Any] = {"birth_date": date(2012, 5, 1)}


async def listed(open_uow: UnitOfWorkFactory, *rows: PersonRow) -> PeopleResult:
    async with open_uow(reading=True) as uow:
        result = await people_import.import_people(uow, SYSTEM, [people(*rows)], now=NOW, policy=Policy())
    assert result.ok
    return result


async def number(open_uow: UnitOfWorkFactory, name: str) -> str:
    async with open_uow(reading=True) as uow:
        (person,) = await uow.people.named([normal_name(name)])
    return str(person.id)


def doubts(result: PeopleResult) -> list[tuple[str, dict[str, str]]]:
    return [(doubt.reason, dict(doubt.facts)) for each in result.files for doubt in each.doubts]


@pytest.fixture
async def school(open_uow: UnitOfWorkFactory) -> UnitOfWorkFactory:
    """Two pupils of a class, one with a birthday and a mother with contacts; a teacher."""
    rows = (student(**BORN), student(ANNA), student(VERA, "1А"), staff(TEACHER))
    await listed(open_uow, *rows, guardian(email=MAIL, phone=PHONE))
    return open_uow


@pytest.mark.parametrize("mail", ["Olga@example.org", "OLGA@EXAMPLE.ORG", "oLGA@Example.org"])
async def test_capital_letters_make_no_second_mailbox(school: UnitOfWorkFactory, mail: str) -> None:
    """A mother whose address is once written with a capital letter is one person of two children, with one contact."""
    result = await listed(school, guardian(of=VERA, email=mail, **signed()))
    assert (result.files[0].counts.persons, result.files[0].counts.contacts, doubts(result)) == (0, 0, [])
    async with school(reading=True) as uow:
        links = await uow.people.guardianships()
    assert len({link.guardian_id for link in links}) == 1


@pytest.mark.parametrize(
    ("row", "known", "reason"),
    [
        (guardian("Берёзова Ольга Сергеевна"), MOTHER, "likely_renamed"),
        (guardian("Берёзова-Ёлкина Ольга Сергеевна", of=VERA, email="Olga@example.org"), MOTHER, "likely_renamed"),
        (guardian("Берёзова Ольга Сергеевна", of=VERA, phone=PHONE, paper=True), MOTHER, "likely_renamed"),
        (guardian("Ёлкина О. С."), MOTHER, "likely_known"),
        (guardian("Ёлкина Ольга", of=VERA, phone=PHONE), MOTHER, "likely_known"),
        (guardian("Ольга Сергеевна Ёлкина", of=VERA), MOTHER, "likely_known"),
        (student("Берёзов Пётр Ильич", **BORN), PYOTR, "likely_renamed"),
        (student("Берёзов Пётр Ильич", "9А", **BORN), PYOTR, "likely_renamed"),
        (student("Берёзов Пётр Ильич"), PYOTR, "likely_renamed"),
        (student("Берёзова Анна Павловна"), ANNA, "likely_renamed"),
        (student("Котова Анна", birth_date=date(2012, 1, 9)), ANNA, "likely_known"),
        (student("Пётр Ёлкин Ильич", "9А"), PYOTR, "likely_known"),
        (staff("Громова Мария Фёдоровна"), TEACHER, "likely_renamed"),
        (staff("Лукина М. Ф."), TEACHER, "likely_known"),
    ],
)
async def test_the_likely_match_is_named(school: UnitOfWorkFactory, row: PersonRow, known: str, reason: str) -> None:
    """A new surname, initials, a missing patronymic, another order: taken, with the numbers of both entries."""
    result = await listed(school, row)
    name = getattr(row, {"GuardianRow": "guardian", "StudentRow": "student"}.get(type(row).__name__, "person"))
    facts = {"known": await number(school, known), "new": await number(school, name)}
    assert doubts(result) == [(reason, facts)]
    assert doubts(await listed(school, row)) == []


@pytest.mark.parametrize(
    "rows",
    [
        [guardian("Берёзова Ольга Сергеевна", of=VERA, phone="+79010000002")],
        [guardian("Ёлкина Инна Сергеевна", phone=PHONE)],
        [student("Берёзов Пётр Ильич", birth_date=date(2012, 5, 2))],
        [student("Берёзова Анна Павловна", "9А")],
        [student("Берёзова Анна Павловна"), student(ANNA)],
        [staff("Громова Мария Фёдоровна", Role.SECRETARY)],
        [staff("Громова Мария Фёдоровна"), staff(TEACHER)],
    ],
)
async def test_other_people_are_simply_new(school: UnitOfWorkFactory, rows: list[PersonRow]) -> None:
    """Another family, birthday, class or office, and whoever stands in the same list beside the known one."""
    assert doubts(await listed(school, *rows)) == []


@pytest.mark.parametrize("part", ["ольга елкина", "серг ольга", "берёз", "елкина", "Берёзова Ольга Сергеевна"])
async def test_persons_are_found_by_words_of_present_and_former_names(school: UnitOfWorkFactory, part: str) -> None:
    """Words in any order, parts of words, and the name before a marriage."""
    async with school() as uow:
        person_id = int(await number(school, MOTHER))
        office = Actor(None, frozenset({Role.SECRETARY}))
        await names.correct_person_name(uow, office, person_id=person_id, name="Берёзова Ольга Сергеевна", now=NOW)
    async with school(reading=True) as uow:
        assert person_id in [person.id for person in await uow.people.find(normal_name(part))]
        assert await uow.people.find(normal_name("ольга ильич")) == []


async def test_forms_taken_by_nobody_of_the_staff_are_doubted_once(open_sqlite: UnitOfWorkFactory) -> None:
    """Proofs name who took a form: whole or with initials somebody of the staff, else a line with the first row."""
    takers = ("Секретарёва И. О.", "Секретарёва Инна Олеговна", "Секретарёва И. Л.", "Секретарёва И. Л.")
    rows = [
        guardian(name, row=number, **signed(str(number), confirmed_by=taker))
        for number, (name, taker) in enumerate(zip((MOTHER, ANNA, VERA, TEACHER), takers, strict=True), 2)
    ]
    without = await listed(open_sqlite, student(), *rows[:1])
    assert doubts(without) == []
    result = await listed(open_sqlite, staff("Секретарёва Инна Олеговна", Role.SECRETARY), *rows)
    assert doubts(result) == [("accepted_by_stranger", {"count": "2"})]
    assert [(doubt.row, doubt.column, doubt.value) for doubt in result.files[0].doubts] == [(4, "confirmed_by", None)]
