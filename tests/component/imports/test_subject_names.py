"""Timetable, journal and lists name one subject in several ways; a name that is new is told of (Q134)."""

from datetime import UTC, datetime

import pytest

from core.actions.imports import journal, people
from core.actions.imports.timetable import tables
from core.model.imports.people_lists import GroupRow
from core.model.imports.reports import Problem, ReadFile
from core.model.imports.timetable_tables import ScheduleKind, ScheduleTable, TemplateRow
from core.model.people import SYSTEM
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from tests.support.schools.files import file, report, student
from tests.support.schools.files import people as lists

NOW = datetime(2026, 11, 9, 12, tzinfo=UTC)


async def scheduled(open_uow: UnitOfWorkFactory, *subjects: str) -> list[Problem]:
    """Imports a Monday of the class 8Б; its doubts."""
    rows = tuple(TemplateRow(number + 1, None, "8Б", 0, number, name) for number, name in enumerate(subjects, 1))
    read = ReadFile("week.csv", "0" * 64, schedules=(ScheduleTable(ScheduleKind.TEMPLATE, None, rows),))
    async with open_uow(reading=True) as uow:
        result = await tables.import_timetable_tables(uow, SYSTEM, [read], now=NOW, policy=Policy())
    assert result.ok
    return [*result.files[0].doubts]


async def journalled(open_uow: UnitOfWorkFactory, *subjects: str) -> list[Problem]:
    """Imports a report with a mark in each subject; its doubts."""
    async with open_uow(reading=True) as uow:
        read = file(report({name: {9: "5"} for name in subjects}))
        result = await journal.import_journal(uow, SYSTEM, [read], now=NOW, policy=Policy())
    assert result.ok
    return [*result.files[0].doubts]


async def known(open_uow: UnitOfWorkFactory) -> dict[str, int]:
    async with open_uow(reading=True) as uow:
        return {subject.name: subject.id for subject in await uow.year.subjects()}


@pytest.fixture
async def school(open_uow: UnitOfWorkFactory) -> UnitOfWorkFactory:
    """A school with one student and no subjects yet."""
    async with open_uow(reading=True) as uow:
        assert (await people.import_people(uow, SYSTEM, [lists(student())], now=NOW, policy=Policy())).ok
    return open_uow


SHORT = ("Физ-ра", "Англ.яз", "Рус. яз.", "Лит-ра", "Матем.", "Вероятн. и стат.", "ИЗО", "Окр. мир", "Труд")
LONG = (
    "Физическая культура",
    "Иностранный язык (английский)",
    "Русский язык",
    "Литература",
    "Математика",
    "Вероятность и статистика",
    "Изобразительное искусство",
    "Окружающий мир",
    "Труд (технология)",
)


@pytest.mark.parametrize(("first", "second"), [(SHORT, LONG), (LONG, SHORT)])
async def test_timetable_and_journal_mean_the_same_subjects(
    school: UnitOfWorkFactory, first: tuple[str, ...], second: tuple[str, ...]
) -> None:
    """The first name stays, the other one finds it, whichever file comes first, and nothing is in doubt."""
    assert await scheduled(school, *first) == []
    assert await journalled(school, *second) == []
    assert set(await known(school)) == set(first)


async def test_the_groups_of_a_list_mean_the_same_subjects(school: UnitOfWorkFactory) -> None:
    """A list of groups and staff names subjects too."""
    await scheduled(school, "Английский язык")
    group = GroupRow(7, "Англ 1", GroupKind.STUDY_GROUP, "Англ. яз.", None, None, None)
    async with school(reading=True) as uow:
        result = await people.import_people(uow, SYSTEM, [lists(group)], now=NOW, policy=Policy())
    assert (result.ok, result.files[0].doubts, set(await known(school))) == (True, (), {"Английский язык"})


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Алгебра и начала математического анализа", "likely_subject"),
        ("Алгебра (углублённая)", "likely_subject"),
        ("Родной русский язык", "likely_subject"),
        ("Шахматы", "new_subject"),
        ("Китайский язык", "new_subject"),
        ("Физ", "new_subject"),
        ("Гео", "new_subject"),
    ],
)
async def test_a_new_subject_is_a_doubt_line(school: UnitOfWorkFactory, name: str, reason: str) -> None:
    """It is taken and said once, with the subject that it may be; «физ» and «гео» may be two subjects each."""
    await journalled(school, "Алгебра", "Русский язык", "Физическая культура", "География")
    (doubt,) = await scheduled(school, "Алгебра", name)
    facts, subjects = dict(doubt.facts), await known(school)
    assert (doubt.reason, doubt.row, facts["subject"], facts["new"]) == (reason, 3, name, str(subjects[name]))
    assert facts.get("known") == (str(subjects[facts["known_subject"]]) if reason == "likely_subject" else None)
    assert await scheduled(school, "Алгебра", name) == []


async def test_an_e_journal_that_prints_two_names_has_two_subjects(school: UnitOfWorkFactory) -> None:
    """Two columns of one report are two subjects, however alike; the one that is new is told of, and only once."""
    await scheduled(school, "Физ-ра")
    printed = ("Физ-ра", "Физическая культура", "Английский язык", "Иностранный язык (английский)")
    doubts = [dict(doubt.facts)["subject"] for doubt in await journalled(school, *printed)]
    assert doubts == ["Английский язык", "Иностранный язык (английский)", "Физическая культура"]
    assert set(await known(school)) == set(printed)
    assert await journalled(school, *printed) == []


async def test_two_subjects_of_one_name_in_the_curriculum_stay_two(school: UnitOfWorkFactory) -> None:
    """Where a school has both already, a third name is nobody's until a person joins them."""
    async with school() as uow:
        await uow.year.ensure_subjects({"физ-ра": "Физ-ра", "физическая культура": "Физическая культура"})
        await uow.commit()
    (doubt,) = await journalled(school, "Физкультура")
    assert doubt.reason == "likely_subject"
    assert len(await known(school)) == 3
