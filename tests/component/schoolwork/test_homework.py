"""Homework, control works and recommendations: looked up by families, given by teachers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest

from core.actions import year
from core.actions.schoolwork import control_works, recommendations
from core.actions.schoolwork import homework as homework_actions
from core.errors import FirstHalfYearError, NoTaskError, NotFoundError
from core.model.conversation import SentFile
from core.model.marks.gradebook import LessonDay
from core.model.notices.family import RecommendationGiven
from core.model.people import SYSTEM, Actor, Role
from core.model.schoolwork.control_works import Caution, CautionedWork, NewControlWork, WorkloadRule
from core.model.schoolwork.homework import AssignedHomework
from core.model.schoolwork.recommendations import Audience, ReadRecommendation
from core.model.timetable import ChangeKind, NewLessonChange, NewTemplateLesson
from core.model.year import GroupKind
from core.ports import UnitOfWork, UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_class_name, normal_name
from tests.support.schools.builders import NOW, Builder, Family, a_family

TODAY = NOW.date()
MONDAY = date(2026, 11, 23)


def over_telegram(person_id: int, *roles: Role) -> Actor:
    """A person who asks the bot."""
    return Actor(person_id, frozenset(roles or {Role.GUARDIAN}), "telegram")


async def group_of(uow: UnitOfWork, name: str = "8Б") -> int:
    """The class of this name."""
    return await uow.year.ensure_group(GroupKind.CLASS, name, normal_class_name(name))


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
        return await homework_actions.load_homework(
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


async def test_nothing_is_due_after_the_last_day_at_the_school(open_uow: UnitOfWorkFactory) -> None:
    """Whatever class lists still say: neither looked up nor in a digest; the last day itself counts (Q23, Q40)."""
    family = await a_family(open_uow)
    await given(family, "последнее")
    await given(family, "после", due_on=MONDAY + timedelta(days=1))
    async with open_uow() as uow:
        await uow.people.add_student(family.student, leaves_on=MONDAY)
        await uow.commit()
        due = [await uow.schoolwork.homework_for_students(MONDAY + timedelta(days=day)) for day in range(2)]
    assert [each.homework.text for each in await seen(family, over_telegram(family.mother))] == ["последнее"]
    assert [len(each) for each in due] == [1, 0]


async def test_a_file_opens_for_the_family_and_nobody_else(open_uow: UnitOfWorkFactory) -> None:
    """A file is found by those whom the homework was given to (Q96); for others it does not exist (Q14)."""
    family = await a_family(open_uow)
    work = await given(family)
    async with open_uow() as uow:
        file_id = await uow.schoolwork.add_homework_file(work, SentFile("a.pdf", "application/pdf", "R", "telegram"))
        stranger = await Builder(uow).guardian("Чужая Мать", await Builder(uow).student("Чужой Ребёнок", "7А"))
        await uow.commit()
    (shown,) = await seen(family, over_telegram(family.mother))
    assert [file.name for file in shown.files] == ["a.pdf"]
    async with open_uow(reading=True) as uow:
        found = await homework_actions.load_homework_file(uow, over_telegram(family.mother), file_id, on=TODAY)
        assert found.reference == "R"
        with pytest.raises(NotFoundError):
            await homework_actions.load_homework_file(uow, over_telegram(stranger), file_id, on=TODAY)


async def test_a_teacher_who_is_a_mother_opens_both_files(open_uow: UnitOfWorkFactory) -> None:
    """Her child's file opens although she teaches another class, and that of her class opens too (Q14)."""
    family = await a_family(open_uow)
    async with open_uow() as uow:
        await uow.people.add_staff_role(family.mother, Role.TEACHER, group_id=await group_of(uow, "7А"))
        await uow.commit()
    works = [await given(family), await given(family, school_class="7А")]
    async with open_uow() as uow:
        files = [
            await uow.schoolwork.add_homework_file(work, SentFile("a", "image/jpeg", f"R{work}", "telegram"))
            for work in works
        ]
        both = over_telegram(family.mother, Role.GUARDIAN, Role.TEACHER)
        found = [await homework_actions.load_homework_file(uow, both, file, on=TODAY) for file in files]
    assert [file.homework_id for file in found] == works


async def test_the_schedule_of_control_works_is_the_periods(open_uow: UnitOfWorkFactory) -> None:
    """Date, subject, kind and topic of the works of the current reporting period (Q19)."""
    family = await a_family(open_uow)
    async with open_uow() as uow:
        year_id = await uow.year.ensure_year(TODAY)
        await uow.year.put_period(year_id, "1 полугодие", starts_on=date(2026, 9, 1), ends_on=date(2026, 12, 31))
        await uow.year.put_period(year_id, "2 четверть", starts_on=date(2026, 11, 5), ends_on=date(2026, 12, 30))
        group_id, subject_id = await group_of(uow), await algebra(uow)
        planned, late, off = [
            await uow.schoolwork.plan_control_work(
                NewControlWork(group_id, subject_id, on, 2, "Контрольная работа", "Дроби"), by=None, at=NOW
            )
            for on in (MONDAY, date(2027, 2, 1), MONDAY)
        ]
        await uow.schoolwork.withdraw_control_work(off, at=NOW)
        await uow.commit()
    async with open_uow(reading=True) as uow:
        whose = over_telegram(family.mother)
        quarter = await year.load_year_period(uow, whose, student_id=family.student, on=TODAY)
        assert quarter is not None
        found = await control_works.load_control_works(
            uow, whose, student_id=family.student,
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
        await uow.year.put_period(year_id, "1 четверть", starts_on=date(2026, 9, 1), ends_on=date(2026, 10, 25))
        day = date(2026, 10, 27)
        assert await year.load_year_period(uow, SYSTEM, student_id=1, on=day) is None


async def test_a_recommendation_is_read_by_each_reader(open_uow: UnitOfWorkFactory) -> None:
    """Mother and father read for themselves; what is meant for the student alone is not shown to them (Q24)."""
    family = await a_family(open_uow)
    async with open_uow() as uow:
        build = Builder(uow)
        father = await build.guardian("Соколов Олег Петрович", family.student)
        teacher = await build.guardian("Учитель Алгебры")
        advised = [
            await uow.schoolwork.recommend(
                family.student, subject_id=None, author_id=teacher, audience=audience, text=audience, at=NOW
            )
            for audience in Audience
        ]
        await uow.commit()
    mother, at_home = over_telegram(family.mother), Actor(father, frozenset({Role.GUARDIAN}))
    first, second, third = [await reads(family, mother, at=NOW + timedelta(days=day)) for day in range(3)]
    his, nobodys = await reads(family, at_home), await reads(family, over_telegram(teacher))
    assert [each.recommendation.id for each in first] == [advised[2], advised[1]]
    assert {each.read_at for each in first} == {None}
    assert {each.read_at for each in (*second, *third)} == {NOW}
    assert {(each.read_at, each.author, each.subject) for each in his} == {(None, "Учитель Алгебры", None)}
    assert nobodys == []


async def reads(
    family: Family, actor: Actor, *, at: datetime = NOW, subject_id: int | None = None
) -> Sequence[ReadRecommendation]:
    """What the actor finds, as it stood before."""
    async with family.open_uow() as uow:
        return await recommendations.load_recommendations(
            uow, actor, student_id=family.student, subject_id=subject_id, now=at, on=TODAY
        )


async def test_advice_on_another_subject_stays_unread(open_uow: UnitOfWorkFactory) -> None:
    """Asked about one subject, the reader sees what is said of it and has read nothing else (Q24)."""
    family = await a_family(open_uow)
    async with open_uow() as uow:
        teacher, subject_id = await Builder(uow).guardian("Учитель Алгебры"), await algebra(uow)
        for about in (subject_id, None):
            await uow.schoolwork.recommend(
                family.student, subject_id=about, author_id=teacher, audience=Audience.BOTH, text="Совет", at=NOW
            )
        await uow.commit()
    mother = over_telegram(family.mother)
    assert [each.subject for each in await reads(family, mother, subject_id=subject_id)] == ["Алгебра"]
    assert [(each.subject, each.read_at) for each in await reads(family, mother)] == [(None, None), ("Алгебра", NOW)]


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


@dataclass(frozen=True, slots=True)
class Staffed:
    """A family, the teacher of its class, and a teacher of another class."""

    family: Family
    teacher: Actor
    other: Actor
    group_id: int
    subject_id: int

    @property
    def lesson(self) -> LessonDay:
        return LessonDay(self.group_id, self.subject_id, TODAY)


@pytest.fixture
async def staffed(open_uow: UnitOfWorkFactory) -> Staffed:
    """8Б and its teacher of algebra."""
    family = await a_family(open_uow)
    async with open_uow() as uow:
        build = Builder(uow)
        ours, theirs = await build.guardian("Иванова Ирина Олеговна"), await build.guardian("Петров Пётр Ильич")
        group_id, subject_id = await group_of(uow), await algebra(uow)
        await uow.people.add_staff_role(ours, Role.TEACHER, group_id=group_id)
        await uow.people.add_staff_role(theirs, Role.CLASS_TEACHER, group_id=await group_of(uow, "7А"))
        await uow.commit()
    teacher, other = over_telegram(ours, Role.TEACHER), over_telegram(theirs, Role.CLASS_TEACHER)
    return Staffed(family, teacher, other, group_id, subject_id)


async def gives(school: Staffed, text: str, *files: SentFile, by: Actor | None = None) -> CautionedWork:
    """The teacher gives homework for Monday."""
    async with school.family.open_uow() as uow:
        return await homework_actions.give_homework(
            uow, by or school.teacher, school.lesson, due_on=MONDAY, text=text, now=NOW, policy=Policy(), files=files
        )


async def plans(school: Staffed, on: date, *, by: Actor | None = None, number: int | None = None) -> CautionedWork:
    """The teacher plans a control work."""
    new = NewControlWork(school.group_id, school.subject_id, on, number, "Контрольная работа", "Дроби")
    async with school.family.open_uow() as uow:
        return await control_works.plan_control_work(uow, by or school.teacher, new, now=NOW, on=TODAY)


async def test_a_teacher_gives_changes_and_withdraws(staffed: Staffed) -> None:
    """The family sees who gave it and each step; every step leaves a line in the audit trail (Q23, Q76)."""
    mother = over_telegram(staffed.family.mother)
    photo = SentFile("photo.jpg", "image/jpeg", "R-1", "telegram")
    given_now = await gives(staffed, "№ 5\n№ 6", photo)
    (first,) = await seen(staffed.family, mother)
    async with staffed.family.open_uow() as uow:
        await homework_actions.change_homework(uow, staffed.teacher, given_now.id, text="№ 7", now=NOW, on=TODAY)
    async with staffed.family.open_uow() as uow:
        await homework_actions.withdraw_homework(uow, staffed.teacher, given_now.id, now=NOW, on=TODAY)
    (last,) = await seen(staffed.family, mother)
    async with staffed.family.open_uow(reading=True) as uow:
        lines = [line.action for line in await uow.audit.lines(limit=3)]
    assert (first.homework.text, first.teacher, first.files[0].name) == (
        "№ 5 № 6",
        "Иванова Ирина Олеговна",
        "photo.jpg",
    )
    assert (last.homework.text, last.was, last.homework.withdrawn_at) == ("№ 7", "№ 5 № 6", NOW)
    assert sorted(lines) == ["homework_changed", "homework_given", "homework_withdrawn"]


async def test_withdrawn_homework_is_not_changed_any_more(staffed: Staffed) -> None:
    """Whoever has a new task gives it anew (Q23)."""
    given_now = await gives(staffed, "№ 5")
    async with staffed.family.open_uow() as uow:
        await homework_actions.withdraw_homework(uow, staffed.teacher, given_now.id, now=NOW, on=TODAY)
    async with staffed.family.open_uow() as uow:
        with pytest.raises(NotFoundError):
            await homework_actions.change_homework(uow, staffed.teacher, given_now.id, text="№ 7", now=NOW, on=TODAY)


async def test_a_dash_is_no_homework(staffed: Staffed) -> None:
    """«---Не указана---» gives nobody anything; a photo alone does (Q23)."""
    with pytest.raises(NoTaskError):
        await gives(staffed, "---Не указана---")
    given_now = await gives(staffed, "", SentFile("photo.jpg", "image/jpeg", "R-1", "telegram"))
    async with staffed.family.open_uow() as uow:
        with pytest.raises(NoTaskError):
            await homework_actions.change_homework(uow, staffed.teacher, given_now.id, text="-", now=NOW, on=TODAY)


async def test_only_a_teacher_of_the_group_or_the_deputy_head_gives(staffed: Staffed) -> None:
    """Another class's teacher, a parent and the secretary find no such group; the deputy head does (Q14)."""
    with pytest.raises(NotFoundError):
        await gives(staffed, "№ 5", by=staffed.other)
    with pytest.raises(NotFoundError):
        await plans(staffed, MONDAY, by=staffed.other)
    for role in (Role.GUARDIAN, Role.SECRETARY):
        with pytest.raises(NotFoundError):
            await gives(staffed, "№ 5", by=over_telegram(staffed.family.mother, role))
    given_now = await gives(staffed, "№ 5", by=over_telegram(staffed.family.mother, Role.DEPUTY_HEAD))
    async with staffed.family.open_uow() as uow:
        with pytest.raises(NotFoundError):
            await homework_actions.withdraw_homework(uow, staffed.other, given_now.id, now=NOW, on=TODAY)


async def test_too_much_homework_is_cautioned_of_and_given(staffed: Staffed) -> None:
    """An eighth grade has two and a half hours a day (Q25)."""
    assert (await gives(staffed, "150 мин")).cautions == ()
    assert (await gives(staffed, "ещё")).cautions == (Caution(WorkloadRule.HOMEWORK, count=180, limit=150),)


async def test_a_broken_norm_does_not_hold_the_work_back(staffed: Staffed) -> None:
    """A second control work two weeks later is planned, and the caution names the first one (Q20)."""
    assert (await plans(staffed, MONDAY)).cautions == ()
    second = await plans(staffed, MONDAY + timedelta(14))
    assert second.cautions == (Caution(WorkloadRule.INTERVAL, group="8Б", on=MONDAY),)
    async with staffed.family.open_uow() as uow:
        await control_works.withdraw_control_work(uow, staffed.teacher, second.id, now=NOW, on=TODAY)
    async with staffed.family.open_uow() as uow:
        with pytest.raises(NotFoundError):
            await control_works.withdraw_control_work(uow, staffed.teacher, second.id, now=NOW, on=TODAY)


async def test_the_parallel_and_the_study_groups_count_too(staffed: Staffed) -> None:
    """Algebra of 8А sets the interval; English of a study group of this class takes the day (Q20)."""
    async with staffed.family.open_uow() as uow:
        await Builder(uow).student("Ученик Параллели", "8А")
        subjects = await uow.year.ensure_subjects({"английский": "Английский"})
        english = await uow.year.ensure_group(
            GroupKind.STUDY_GROUP, "Англ 1", "англ 1", subject_id=subjects["английский"]
        )
        await uow.year.enrol(staffed.family.student, english)
        for group_id, subject_id, on in [
            (await group_of(uow, "8А"), staffed.subject_id, MONDAY + timedelta(1)),
            (english, subjects["английский"], MONDAY),
        ]:
            new = NewControlWork(group_id, subject_id, on, None, "Контрольная работа", None)
            await uow.schoolwork.plan_control_work(new, by=None, at=NOW)
        await uow.commit()
    assert (await plans(staffed, MONDAY)).cautions == (
        Caution(WorkloadRule.ONE_A_DAY, subject="Английский", on=MONDAY),
        Caution(WorkloadRule.INTERVAL, group="8А", on=MONDAY + timedelta(1)),
    )


async def test_the_template_knows_hours_and_edges(staffed: Staffed) -> None:
    """Two lessons a week in a quarter of three weeks are six hours: a tenth of them is none (Q20)."""
    async with staffed.family.open_uow() as uow:
        year_id = await uow.year.ensure_year(TODAY)
        await uow.year.put_period(year_id, "2 четверть", starts_on=date(2026, 11, 9), ends_on=date(2026, 11, 29))
        physics = (await uow.year.ensure_subjects({"физика": "Физика"}))["физика"]
        lessons = [
            NewTemplateLesson(subject_id, weekday, number)
            for weekday, number, subject_id in [(0, 1, staffed.subject_id), (0, 2, physics), (2, 2, staffed.subject_id)]
        ]
        await uow.timetable.put_template(staffed.group_id, lessons, starts_on=date(2026, 9, 1))
        await uow.commit()
    assert (await plans(staffed, MONDAY)).cautions == (
        Caution(WorkloadRule.SHARE, count=1, limit=0),
        Caution(WorkloadRule.EDGE_LESSON, number=1),
    )


async def test_a_first_grade_is_refused_before_the_new_year(open_uow: UnitOfWorkFactory) -> None:
    """The refusal says until when; afterwards the work is planned (Q26)."""
    async with open_uow() as uow:
        build = Builder(uow)
        student = await build.student("Первый Класс", "1А")
        deputy = await build.guardian("Завуч Школы")
        group_id, subject_id = await group_of(uow, "1А"), await algebra(uow)
        await uow.commit()
    school = Staffed(
        Family(open_uow, student, deputy, 0, 0), over_telegram(deputy, Role.DEPUTY_HEAD),
        over_telegram(deputy), group_id, subject_id,
    )  # fmt: skip
    with pytest.raises(FirstHalfYearError) as caught:
        await plans(school, MONDAY)
    assert caught.value.until == date(2026, 12, 31)
    assert (await plans(school, date(2027, 1, 18))).cautions == ()


@pytest.mark.parametrize(("audience", "readers"), [
    (Audience.BOTH, {"mother", "student"}), (Audience.GUARDIAN, {"mother"}), (Audience.STUDENT, {"student"}),
])  # fmt: skip
async def test_advice_goes_to_those_it_is_meant_for(staffed: Staffed, audience: Audience, readers: set[str]) -> None:
    """What a teacher says to the parents is not pushed to the student, and the other way round (Q24)."""
    family = staffed.family
    async with family.open_uow() as uow:
        await uow.people.set_account(family.student, opened=True)
        await uow.commit()
    async with family.open_uow() as uow:
        await recommendations.give_recommendation(
            uow, staffed.teacher, student_id=family.student, lesson=staffed.lesson, audience=audience,
            text="Повторить дроби", now=NOW, on=TODAY,
        )  # fmt: skip
    async with family.open_uow(reading=True) as uow:
        notices = await uow.outbox.unplanned(10)
    names = {family.mother: "mother", family.student: "student"}
    assert {names[each.person_id] for each in notices if each.person_id is not None} == readers
    assert {each.notice for each in notices} == {
        RecommendationGiven("Алгебра", TODAY, "Иванова Ирина Олеговна", "Повторить дроби")
    }


async def test_a_stranger_advises_nobody(staffed: Staffed) -> None:
    """Another class's teacher does not find the student, neither on a subject nor in general (Q14)."""
    for lesson in (staffed.lesson, None):
        async with staffed.family.open_uow() as uow:
            with pytest.raises(NotFoundError):
                await recommendations.give_recommendation(
                    uow, staffed.other, student_id=staffed.family.student, lesson=lesson, audience=Audience.BOTH,
                    text="Больше читать", now=NOW, on=TODAY,
                )  # fmt: skip


async def a_teacher_of(school: Staffed, name: str) -> Actor:
    """Somebody who teaches 8Б another subject."""
    async with school.family.open_uow() as uow:
        person = await Builder(uow).guardian(f"Учитель предмета {name}")
        subject_id = (await uow.year.ensure_subjects({normal_name(name): name}))[normal_name(name)]
        await uow.people.add_staff_role(person, Role.TEACHER, group_id=school.group_id, subject_id=subject_id)
        await uow.commit()
    return over_telegram(person, Role.TEACHER)


async def test_work_is_given_and_changed_by_those_who_teach_the_subject(staffed: Staffed) -> None:
    """A teacher of chemistry neither gives algebra to the same class nor takes its work back (Q14)."""
    chemist = await a_teacher_of(staffed, "Химия")
    homework, work = await gives(staffed, "№ 5"), await plans(staffed, MONDAY)
    async with staffed.family.open_uow() as uow:
        with pytest.raises(NotFoundError):
            await homework_actions.withdraw_homework(uow, chemist, homework.id, now=NOW, on=TODAY)
        with pytest.raises(NotFoundError):
            await control_works.withdraw_control_work(uow, chemist, work.id, now=NOW, on=TODAY)
    with pytest.raises(NotFoundError):
        await gives(staffed, "№ 6", by=chemist)
    with pytest.raises(NotFoundError):
        await plans(staffed, MONDAY, by=chemist)
    async with staffed.family.open_uow(reading=True) as uow:
        assert (
            await homework_actions.load_homework_of_lesson(uow, chemist, replace(staffed.lesson, on=MONDAY), on=TODAY)
            == []
        )


async def test_a_substitute_gives_work_and_advice_on_the_day(staffed: Staffed) -> None:
    """As whoever teaches the lesson, and takes it back later; the day after nothing more is given (Q17, Q23)."""
    chemist = await a_teacher_of(staffed, "Химия")
    async with staffed.family.open_uow() as uow:
        change = NewLessonChange(
            staffed.group_id, staffed.subject_id, TODAY, 1, ChangeKind.SUBSTITUTION, new_teacher_id=chemist.person_id
        )
        await uow.timetable.add_changes([change], by=None, at=NOW, broadcast_id=None)
        await uow.commit()
    homework = await gives(staffed, "№ 5", by=chemist)
    async with staffed.family.open_uow() as uow:
        await recommendations.give_recommendation(
            uow, chemist, student_id=staffed.family.student, lesson=staffed.lesson, audience=Audience.BOTH,
            text="Повторить дроби", now=NOW, on=TODAY,
        )  # fmt: skip
    tomorrow = TODAY + timedelta(days=1)
    async with staffed.family.open_uow() as uow:
        given = await homework_actions.load_homework_of_lesson(
            uow, chemist, replace(staffed.lesson, on=MONDAY), on=tomorrow
        )
        await homework_actions.withdraw_homework(uow, chemist, homework.id, now=NOW, on=tomorrow)
        with pytest.raises(NotFoundError):
            await homework_actions.give_homework(
                uow, chemist, replace(staffed.lesson, on=tomorrow), due_on=MONDAY, text="№ 6", now=NOW, policy=Policy()
            )
    assert [each.homework.id for each in given] == [homework.id]
