"""Homework, control works and recommendations as families look them up."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from core.actions import schoolwork
from core.errors import NotFoundError
from core.model.people import Actor, Role
from core.model.schoolwork import AssignedHomework, Audience
from core.model.year import GroupKind
from core.ports import UnitOfWork, UnitOfWorkFactory
from core.rules.names import normal_class, normal_name
from tests.builders import NOW, Builder, Family, a_family

TODAY = NOW.date()
MONDAY = date(2026, 11, 23)


def over_telegram(person_id: int, *roles: Role) -> Actor:
    """A person who asks the bot."""
    return Actor(person_id, frozenset(roles or {Role.GUARDIAN}), "telegram")


async def group_of(uow: UnitOfWork, name: str = "8Б") -> int:
    """The class of this name."""
    return await uow.year.ensure_group(GroupKind.CLASS, name, normal_class(name))


async def algebra(uow: UnitOfWork) -> int:
    """The subject Алгебра."""
    return (await uow.year.ensure_subjects({normal_name("Алгебра"): "Алгебра"}))["алгебра"]


async def given(family: Family, text: str = "№ 214", *, school_class: str = "8Б", due_on: date = MONDAY) -> int:
    """Homework of a class in algebra."""
    async with family.open_uow() as uow:
        group_id = await group_of(uow, school_class)
        work = await uow.schoolwork.give_homework(
            group_id, await algebra(uow), due_on=due_on, text=text, by=None, at=NOW
        )
        await uow.commit()
    return work


async def seen(family: Family, actor: Actor, student_id: int | None = None) -> Sequence[AssignedHomework]:
    """What the actor sees of the week's homework."""
    async with family.open_uow(reading=True) as uow:
        return await schoolwork.homework(
            uow, actor, student_id=student_id or family.student, since=MONDAY, until=MONDAY + timedelta(6), on=TODAY
        )


async def test_a_mother_sees_what_is_due(open_uow: UnitOfWorkFactory) -> None:
    """Homework stands at its due date with subject and words (Q23)."""
    family = await a_family(open_uow)
    await given(family)
    await given(family, "другой неделе", due_on=MONDAY + timedelta(7))
    (work,) = await seen(family, over_telegram(family.mother))
    assert (work.homework.text, work.homework.due_on, work.subject) == ("№ 214", MONDAY, "Алгебра")
    assert (work.was, work.teacher, work.files) == (None, None, ())


async def test_homework_of_another_class_is_not_there(open_uow: UnitOfWorkFactory) -> None:
    """The scope is part of the query, so neither a stranger nor the mother of another child sees it (Q14)."""
    family = await a_family(open_uow)
    await given(family, school_class="7А")
    async with open_uow() as uow:
        other = await Builder(uow).student("Чужой Ребёнок", "7А")
        await uow.commit()
    assert await seen(family, over_telegram(family.mother)) == []
    assert await seen(family, over_telegram(family.mother), other) == []
    assert await seen(family, over_telegram(other, Role.STUDENT), other) == []


async def test_changed_and_withdrawn_homework_says_so(open_uow: UnitOfWorkFactory) -> None:
    """The old words are kept beside the new ones, and what was withdrawn does not vanish (Q23)."""
    family = await a_family(open_uow)
    work = await given(family)
    async with open_uow() as uow:
        await uow.schoolwork.change_homework(work, "№ 215", by=family.mother, at=NOW)
        await uow.commit()
    (changed,) = await seen(family, over_telegram(family.mother))
    async with open_uow() as uow:
        await uow.schoolwork.change_homework(work, None, by=family.mother, at=NOW)
        await uow.commit()
    (withdrawn,) = await seen(family, over_telegram(family.mother))
    assert (changed.was, changed.homework.text, changed.homework.withdrawn_at) == ("№ 214", "№ 215", None)
    assert (withdrawn.was, withdrawn.homework.text, withdrawn.homework.withdrawn_at) == ("№ 214", "№ 215", NOW)


async def test_a_file_opens_for_the_family_and_nobody_else(open_uow: UnitOfWorkFactory) -> None:
    """A file is found by those whom the homework was given to (Q96); for others it does not exist (Q14)."""
    family = await a_family(open_uow)
    work = await given(family)
    async with open_uow() as uow:
        file_id = await uow.schoolwork.add_homework_file(
            work, name="a.pdf", media_type="application/pdf", reference="R"
        )
        stranger = await Builder(uow).guardian("Чужая Мать", await Builder(uow).student("Чужой Ребёнок", "7А"))
        await uow.commit()
    (shown,) = await seen(family, over_telegram(family.mother))
    assert [file.name for file in shown.files] == ["a.pdf"]
    async with open_uow(reading=True) as uow:
        found = await schoolwork.homework_file(uow, over_telegram(family.mother), file_id, on=TODAY)
        assert found.reference == "R"
        with pytest.raises(NotFoundError):
            await schoolwork.homework_file(uow, over_telegram(stranger), file_id, on=TODAY)


async def test_a_teacher_who_is_a_mother_opens_both_files(open_uow: UnitOfWorkFactory) -> None:
    """Her child's file opens although she teaches another class, and that of her class opens too (Q14)."""
    family = await a_family(open_uow)
    async with open_uow() as uow:
        await uow.people.add_staff_role(family.mother, Role.TEACHER, group_id=await group_of(uow, "7А"))
        await uow.commit()
    works = [await given(family), await given(family, school_class="7А")]
    async with open_uow() as uow:
        files = [
            await uow.schoolwork.add_homework_file(work, name="a", media_type="image/jpeg", reference=f"R{work}")
            for work in works
        ]
        both = over_telegram(family.mother, Role.GUARDIAN, Role.TEACHER)
        found = [await schoolwork.homework_file(uow, both, file, on=TODAY) for file in files]
    assert [file.homework_id for file in found] == works


async def test_the_schedule_of_control_works_is_the_periods(open_uow: UnitOfWorkFactory) -> None:
    """Date, subject, kind and topic of the works of the current reporting period (Q19)."""
    family = await a_family(open_uow)
    async with open_uow() as uow:
        year_id = await uow.year.ensure_year(TODAY)
        await uow.year.ensure_period(year_id, "1 полугодие", starts_on=date(2026, 9, 1), ends_on=date(2026, 12, 31))
        await uow.year.ensure_period(year_id, "2 четверть", starts_on=date(2026, 11, 5), ends_on=date(2026, 12, 30))
        work = {"number": 2, "work_kind": "Контрольная работа", "by": None, "at": NOW}
        group_id, subject_id = await group_of(uow), await algebra(uow)
        planned = await uow.schoolwork.plan_control_work(group_id, subject_id, on=MONDAY, topic="Дроби", **work)
        late = await uow.schoolwork.plan_control_work(group_id, subject_id, on=date(2027, 2, 1), topic=None, **work)
        off = await uow.schoolwork.plan_control_work(group_id, subject_id, on=MONDAY, topic=None, **work)
        await uow.schoolwork.withdraw_control_work(off, at=NOW)
        await uow.commit()
    async with open_uow(reading=True) as uow:
        quarter = await schoolwork.period(uow, on=TODAY)
        assert quarter is not None
        found = await schoolwork.control_works(
            uow, over_telegram(family.mother), student_id=family.student,
            since=quarter.starts_on, until=quarter.ends_on, on=TODAY,
        )  # fmt: skip
        due = await uow.schoolwork.control_works_for_students(MONDAY)
    assert quarter.name == "2 четверть"
    assert late != planned
    assert [(each.id, each.topic, name) for each, name in found] == [(planned, "Дроби", "Алгебра")]
    assert [(student, each.id, name) for student, each, name in due] == [(family.student, planned, "Алгебра")]


async def test_no_period_holds_a_day_of_summer(open_uow: UnitOfWorkFactory) -> None:
    """Outside every period there is no current one (Q19)."""
    async with open_uow() as uow:
        year_id = await uow.year.ensure_year(TODAY)
        await uow.year.ensure_period(year_id, "1 четверть", starts_on=date(2026, 9, 1), ends_on=date(2026, 10, 25))
        assert await schoolwork.period(uow, on=date(2026, 10, 27)) is None


async def test_a_recommendation_is_read_by_each_reader(open_uow: UnitOfWorkFactory) -> None:
    """Mother and father read for themselves; what is meant for the student alone is not shown to them (Q24)."""
    family = await a_family(open_uow)
    async with open_uow() as uow:
        build = Builder(uow)
        father = await build.guardian("Соколов Олег Петрович", family.student)
        teacher = await build.guardian("Учитель Алгебры")
        general = {"author_id": teacher, "subject_id": None, "at": NOW}
        advised = [
            await uow.schoolwork.recommend(family.student, audience=audience, text=audience, **general)
            for audience in Audience
        ]
        await uow.commit()
    mother, at_home = over_telegram(family.mother), Actor(father, frozenset({Role.GUARDIAN}))
    async with open_uow() as uow:
        await schoolwork.read_recommendations(uow, mother, student_id=family.student, now=NOW, on=TODAY)
    async with open_uow() as uow:
        later = NOW + timedelta(days=1)
        await schoolwork.read_recommendations(uow, mother, student_id=family.student, now=later, on=TODAY)
    async with open_uow(reading=True) as uow:
        hers = await schoolwork.recommendations(uow, mother, student_id=family.student, on=TODAY)
        his = await schoolwork.recommendations(uow, at_home, student_id=family.student, on=TODAY)
        nobodys = await schoolwork.recommendations(uow, over_telegram(teacher), student_id=family.student, on=TODAY)
    assert [each.recommendation.id for each in hers] == [advised[2], advised[1]]
    assert {each.read_at for each in hers} == {NOW}
    assert {(each.read_at, each.author, each.subject) for each in his} == {(None, "Учитель Алгебры", None)}
    assert nobodys == []


async def test_the_digest_reads_each_students_homework(open_uow: UnitOfWorkFactory) -> None:
    """What is due on a date, student by student, without what was withdrawn (Q95)."""
    family = await a_family(open_uow)
    work, withdrawn = await given(family), await given(family, "отменено")
    await given(family, school_class="7А")
    async with open_uow() as uow:
        await uow.schoolwork.change_homework(withdrawn, None, by=None, at=NOW)
        await uow.commit()
        rows = await uow.schoolwork.homework_for_students(MONDAY)
        none = await uow.schoolwork.homework_for_students(MONDAY, group_id=await group_of(uow, "7А"))
    assert [(student, each.homework.id) for student, each in rows] == [(family.student, work)]
    assert none == []
