"""A school where all is as long as it gets: forty students and lessons, twenty subjects, names of sixty characters."""

from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from bot.handlers.broadcast.draft import BroadcastDraft
from bot.screens.broadcast.compose import PickedLesson
from core.actions.broadcast import broadcasts
from core.actions.delivery import fan_out
from core.actions.register import onboarding
from core.model.conversation import SentFile
from core.model.marks.entries import EntryKind, NewEntry
from core.model.people import OFFICE, Actor, Role
from core.model.register.consents import Decision
from core.model.results.exams import Exam, ExamKind, ExamOutcome
from core.model.results.period_marks import PeriodMark
from core.model.schoolwork.control_works import NewControlWork
from core.model.schoolwork.recommendations import Audience
from core.model.timetable import Bell, ChangeKind, Holiday, NewLessonChange, NewTemplateLesson
from core.model.year import GroupKind
from core.ports import UnitOfWork, UnitOfWorkFactory
from core.rules.access import Everything
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_class_name, normal_name
from core.rules.results.exams import next_exam_result_version
from tests.support.schools.builders import NOW, Builder
from tests.support.schools.results import put_final

TODAY = NOW.date()
MONDAY = TODAY - timedelta(days=TODAY.weekday())
STUDENTS, SUBJECTS, NUMBERS, SCHOOL_DAYS, ENTRIES, CHILDREN = 40, 20, 8, 6, 30, 4
CLASS, CHAT = "11«Б»", "9001"


def long_name(place: int) -> str:
    """Sixty characters with everything that HTML would take for markup."""
    start = f'Константинопольский-Задунайский <&>" «{place:02}» Ё'
    return start + "ж" * (60 - len(start))


def long_subject(place: int) -> str:
    """Sixty characters, no two alike."""
    start = f'Второй иностранный язык <b>&"{place:02}" углублённо '
    return start + "я" * (60 - len(start))


@dataclass(slots=True)
class LongSchool:
    """Ids by what they are, and who asks."""

    students: list[int] = field(default_factory=list)
    subjects: list[int] = field(default_factory=list)
    group: int = 0
    year: int = 0
    actors: dict[str, Actor] = field(default_factory=dict)
    chat: str = ""
    chat_id: int = 0
    """The chat of a newcomer whose forms wait, and its number as a contact."""

    draft: dict[str, Any] = field(default_factory=dict)
    """What a chat is composing: a change of every lesson of a day, or the entries of a person."""


async def build_long_school(open_uow: UnitOfWorkFactory) -> LongSchool:
    """Everything in one transaction."""
    school = LongSchool()
    async with open_uow() as uow:
        build = Builder(uow)
        names = {normal_name(long_subject(place)): long_subject(place) for place in range(SUBJECTS)}
        school.subjects = list((await uow.year.ensure_subjects(names)).values())
        school.students = [await build.student(long_name(place), CLASS) for place in range(STUDENTS)]
        school.group = await uow.year.ensure_group(GroupKind.CLASS, CLASS, normal_class_name(CLASS))
        await _people(build, school)
        await _year(uow, school)
        await _timetable(uow, school)
        await _schoolwork(uow, school)
        await _journal(uow, school)
        await _exams(uow, school)
        await uow.commit()
    await _broadcast(open_uow, school)
    await _newcomer(open_uow, school)
    return school


async def _people(build: Builder, school: LongSchool) -> None:
    children = school.students[:CHILDREN]
    mother = await build.guardian(long_name(50), *children)
    for child in children:
        await build.decides(mother, child, Decision.CONSENT)
    school.actors["mother"] = Actor(mother, frozenset({Role.GUARDIAN}), "telegram")
    for place, role in enumerate((Role.CLASS_TEACHER, Role.TEACHER, Role.DEPUTY_HEAD, Role.SECRETARY)):
        person = await build.guardian(long_name(60 + place))
        await build.uow.people.add_staff_role(person, role, group_id=None if role in OFFICE else school.group)
        school.actors[role] = Actor(person, frozenset({role}), "telegram")


async def _year(uow: UnitOfWork, school: LongSchool) -> None:
    school.year = await uow.year.ensure_year(TODAY)
    await uow.year.put_period(school.year, "2 четверть <&>", starts_on=date(2026, 11, 9), ends_on=date(2026, 12, 29))
    holidays = [
        Holiday(0, school.year, f"Каникулы <&> {place}", date(2027, 1, 1 + place), date(2027, 1, 1 + place), None, None)
        for place in range(20)
    ]
    await uow.timetable.put_holidays(school.year, holidays)


async def _timetable(uow: UnitOfWork, school: LongSchool) -> None:
    teacher = school.actors[Role.TEACHER].person_id
    slots = [(weekday, number) for weekday in range(SCHOOL_DAYS) for number in range(NUMBERS)]
    lessons = [
        NewTemplateLesson(
            school.subjects[place % SUBJECTS], weekday, number, room="Спортзал <1>/436", teacher_id=teacher
        )
        for place, (weekday, number) in enumerate(slots)
    ]
    await uow.timetable.put_template(school.group, lessons, starts_on=date(2026, 9, 1))
    bells = [Bell(0, "", number, time(8 + number), time(8 + number, 45)) for number in range(NUMBERS)]
    await uow.timetable.put_bells("", bells)
    changes = [
        NewLessonChange(
            school.group, lesson.subject_id, MONDAY + timedelta(days=week * 7 + lesson.weekday), lesson.number,
            ChangeKind.SUBSTITUTION, new_subject_id=school.subjects[(place + 1) % SUBJECTS],
            new_teacher_id=school.actors[Role.CLASS_TEACHER].person_id, new_room="Кабинет <&> 12",
        )
        for week in (0, 1)
        for place, lesson in enumerate(lessons)
    ]  # fmt: skip
    await uow.timetable.add_changes(changes, by=None, at=NOW, broadcast_id=None)


async def _schoolwork(uow: UnitOfWork, school: LongSchool) -> None:
    for day in range(-3, 12):
        due_on = TODAY + timedelta(days=day)
        for subject in school.subjects:
            homework = await uow.schoolwork.give_homework(
                school.group, subject, due_on=due_on, text="Упражнение <&> " * 30, by=None, at=NOW
            )
            await uow.schoolwork.change_homework(homework, "Параграф <b> " * 30, by=None, at=NOW)
            await uow.schoolwork.add_homework_file(
                homework, SentFile("Файл <&>" * 8, "application/pdf", "BQAC", "telegram")
            )
        work = NewControlWork(school.group, school.subjects[day], due_on, 2, "Контрольная работа <&>", "Тема <i> " * 20)
        await uow.schoolwork.plan_control_work(work, by=None, at=NOW)
    author = school.actors[Role.TEACHER].person_id
    assert author is not None
    for place in range(30):
        await uow.schoolwork.recommend(
            school.students[0], subject_id=school.subjects[place % SUBJECTS], author_id=author,
            audience=Audience.BOTH, text="Повторить <&> " * 30, at=NOW + timedelta(minutes=place),
        )  # fmt: skip


async def _journal(uow: UnitOfWork, school: LongSchool) -> None:
    kinds = (("5", EntryKind.SCORE), ("НП", EntryKind.ABSENCE), (".", EntryKind.DEBT), ("4", EntryKind.SCORE))
    entries = [
        NewEntry(
            student, subject, TODAY - timedelta(days=place), kind, value, "Контрольная <&> работа",
            'Тема <i>& "кавычки" ' * 8, Decimal(10), None,
        )
        for student in school.students
        for subject in school.subjects
        for place in range(ENTRIES if student in school.students[:CHILDREN] else 1)
        for value, kind in (kinds[place % len(kinds)],)
    ]  # fmt: skip
    await uow.marks.add_entries(entries, import_id=None, at=NOW)
    for subject in school.subjects:
        for term in ("1 четверть <&>", "2 четверть", "year"):
            mark = PeriodMark(
                0, school.students[0], subject, school.year, term, Decimal("4.33"), "4", 1, NOW, published=True,
                import_id=None,
            )  # fmt: skip
            await put_final(uow, mark)


async def _broadcast(open_uow: UnitOfWorkFactory, school: LongSchool) -> None:
    """One that was sent to the class about every lesson of a day, and the like in the making."""
    on = MONDAY + timedelta(days=7)
    async with open_uow(reading=True) as uow:
        plan = await uow.timetable.of_group(school.group, Everything(), since=on, until=on)
    lessons = [each.lesson for each in plan.template if each.lesson.weekday == on.weekday()]
    picked = tuple(PickedLesson(school.group, lesson.subject_id, lesson.number) for lesson in lessons)
    start = BroadcastDraft((school.group,), ChangeKind.SUBSTITUTION, on, picked)
    composed = start.changed(new_teacher_id=school.actors[Role.CLASS_TEACHER].person_id, new_room="Кабинет <&> 12")
    school.draft = replace(
        composed, kind=ChangeKind.SUBSTITUTION, day=on, picked=picked, text="Слова <&> " * 200
    ).kept() | {"person": school.students[0]}
    author = school.actors[Role.CLASS_TEACHER]
    async with open_uow() as uow:
        await broadcasts.send_broadcast(uow, author, composed.draft, now=NOW, policy=Policy(), on=TODAY)
    async with open_uow() as uow:
        await broadcasts.publish_due_broadcasts(uow, now=NOW, policy=Policy())
    async with open_uow() as uow:
        await fan_out.fan_out_all_notices(uow, now=NOW, policy=Policy())


async def _newcomer(open_uow: UnitOfWorkFactory, school: LongSchool) -> None:
    """A parent of four who has proven the chat; all forms are issued and wait for a signature."""
    async with open_uow() as uow:
        build = Builder(uow)
        person = await build.guardian(long_name(70), *school.students[:CHILDREN])
        school.chat, school.chat_id = CHAT, await build.contact(person, "telegram", CHAT, signed=False)
        await build.contact(person, "email", f"{'ж' * 50}@example.org", rank=2, signed=False)
        await uow.register.bind(school.chat_id, CHAT, at=NOW)
        actor = Actor(person, frozenset(), "telegram")
        await onboarding.issue_onboarding_forms(uow, actor, now=NOW, policy=Policy())


async def _exams(uow: UnitOfWork, school: LongSchool) -> None:
    """An exam in each subject, in which all students failed."""
    for place in range(SUBJECTS):
        exam = Exam(0, f"exam {place}", ExamKind.EGE_BASE, long_subject(place), TODAY, TODAY, None, None, None, None)
        exam_id = await uow.exams.put_exam(exam)
        outcome = ExamOutcome(12, mark="2", passed=False, oral=10, written=20)
        results = [
            next_exam_result_version(None, outcome, ids=(exam_id, student), received_at=NOW, import_id=None)
            for student in school.students
        ]
        await uow.exams.put_results(results)
