"""A school full of marked facts, and everybody who might ask about them: what the access matrix walks through.

Every fact holds the mark of the student or class that it is about, so whatever a screen shows tells whose it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from core.actions.broadcast import broadcasts
from core.actions.delivery import fan_out
from core.model.broadcast import Draft
from core.model.conversation import SentFile
from core.model.delivery.fact_names import exam_result_fact_name, period_mark_fact_name
from core.model.delivery.obligations import NewNotice
from core.model.marks.entries import EntryKind, NewEntry
from core.model.notices.family import ExamResultSet, FinalMarkSet
from core.model.people import Actor, Role
from core.model.register.consents import Decision
from core.model.results.exams import Exam, ExamKind, ExamOutcome
from core.model.results.period_marks import PeriodMark
from core.model.schoolwork.control_works import NewControlWork
from core.model.schoolwork.recommendations import Audience
from core.model.timetable import ChangeKind, NewLessonChange, NewTemplateLesson
from core.model.year import GroupKind
from core.ports import UnitOfWork, UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_class_name, normal_name
from core.rules.results.exams import next_exam_result_version
from core.rules.results.final_terms import final_terms_of_school
from tests.support.schools.builders import NOW, Builder
from tests.support.schools.results import put_final

TODAY = NOW.date()
TOMORROW = TODAY + timedelta(days=1)
LAST_WEEK = TODAY - timedelta(days=7)

CLASSES = {"own": "8Б", "sibling": "5А", "refused": "8Б", "mate": "8Б", "other": "7А", "left": "8Б"}
"""Students by what they are to the Ершовы: own children, one whose consent was refused, a class mate, a stranger."""

SURNAMES = {
    "own": "Ершова", "sibling": "Ершов", "refused": "Ершенко", "mate": "Карпова", "other": "Щукин", "left": "Сомова",
}  # fmt: skip
LETTERS = {"own": "А", "sibling": "Б", "refused": "В", "mate": "Г", "other": "Д", "left": "Е"}


def mark_of(student: str) -> str:
    """The word that every fact of a student holds."""
    return f"Метка{LETTERS[student]}{SURNAMES[student][:3].upper()}"


def mark_of_class(school_class: str) -> str:
    """The word that homework, topics and rooms of a class hold."""
    return f"Класс{school_class}Слово"


@dataclass(slots=True)
class MatrixSchool:
    """Who is there, under which ids, and what each asker may see at most: students and classes by name."""

    students: dict[str, int] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)
    subject: int = 0
    term: int = 0
    """The number of the quarter in buttons."""

    records: dict[str, int] = field(default_factory=dict)
    actors: dict[str, Actor | None] = field(default_factory=dict)
    chats: dict[str, tuple[Actor, ...]] = field(default_factory=dict)
    """Who speaks in whose chat: each alone, and those who share one."""

    sees: dict[str, frozenset[str]] = field(default_factory=dict)

    def forbidden(self, chat: str) -> frozenset[str]:
        """Words that must not be shown in this asker's chat, whatever they press or say."""
        seen = self.sees[chat]
        students = {word for key in CLASSES if key not in seen for word in (mark_of(key), SURNAMES[key] + " ")}
        classes = {mark_of_class(CLASSES[key]) for key in CLASSES}
        opened = {mark_of_class(CLASSES.get(key, key)) for key in seen}
        return frozenset(students | (classes - opened))


async def build_matrix_school(open_uow: UnitOfWorkFactory) -> MatrixSchool:
    """Everything in one transaction."""
    school = MatrixSchool()
    async with open_uow() as uow:
        build = Builder(uow)
        school.subject = (await uow.year.ensure_subjects({"алгебра": "Алгебра"}))["алгебра"]
        await uow.year.put_period(
            await uow.year.ensure_year(TODAY), "2 четверть", starts_on=date(2026, 11, 9), ends_on=date(2026, 12, 29)
        )
        [term] = [
            each for each in final_terms_of_school(await uow.year.periods(TODAY), TODAY) if each.name == "2 четверть"
        ]
        school.term = term.number
        for key, school_class in CLASSES.items():
            school.students[key] = await build.student(f"{SURNAMES[key]} {mark_of(key)} Ильич", school_class)
        await uow.people.add_student(school.students["left"], leaves_on=LAST_WEEK)
        await _people(build, school)
        for school_class in sorted(set(CLASSES.values())):
            await _class_facts(uow, school, school_class)
        for key in CLASSES:
            await _student_facts(uow, school, key)
        await uow.commit()
    for author, school_class in (("class_teacher", "8Б"), ("class_teacher_of_other", "7А")):
        await _broadcast(open_uow, school, author, school_class)
    return school


async def _broadcast(open_uow: UnitOfWorkFactory, school: MatrixSchool, author: str, school_class: str) -> None:
    """An announcement that families were told of."""
    actor, policy = school.actors[author], Policy()
    assert actor is not None
    draft = Draft(frozenset({school.groups[school_class]}), text=f"Собрание {mark_of_class(school_class)}")
    async with open_uow() as uow:
        school.records[f"broadcast {school_class}"] = await broadcasts.send_broadcast(
            uow, actor, draft, now=NOW, policy=policy, on=TODAY
        )
    async with open_uow() as uow:
        await broadcasts.publish_due_broadcasts(uow, now=NOW, policy=policy)
    async with open_uow() as uow:
        await fan_out.fan_out_all_notices(uow, now=NOW, policy=policy)


async def _people(build: Builder, school: MatrixSchool) -> None:
    await _family(build, school, "mother", {"own": True, "sibling": True, "refused": False})
    await _family(build, school, "father", {"own": True})
    await _family(build, school, "undecided", {"own": None})
    await _family(build, school, "neighbour", {"mate": True})
    await _family(build, school, "mother_of_left", {"left": True})
    await _former(build, school)
    for key in ("own", "other"):
        await build.uow.people.set_account(school.students[key], opened=True)
        await build.decides(school.students[key], school.students[key], Decision.CONSENT)
        person = Actor(school.students[key], frozenset({Role.STUDENT}), "telegram")
        _add(school, f"student_{key}", person, {key})
    await _staff(build, school)
    _add(school, "stranger", None, set())
    _share(school, "shared by parents", "undecided", "neighbour")
    _share(school, "shared by the barred", "barred", "former", "undecided")
    _share(school, "shared with a student", "mother", "student_own", "student_other")
    _share(school, "shared with a teacher", "mother_of_left", "class_teacher_of_other")
    _share(school, "shared by teachers", "class_teacher", "class_teacher_of_other", "father")


def _add(school: MatrixSchool, name: str, actor: Actor | None, sees: set[str]) -> None:
    school.actors[name], school.sees[name] = actor, frozenset(sees)
    school.chats[name] = () if actor is None else (actor,)


def _share(school: MatrixSchool, name: str, *persons: str) -> None:
    """A chat of several: it shows what each of them may see alone, and nothing else."""
    school.chats[name] = tuple(actor for each in persons if (actor := school.actors[each]) is not None)
    school.sees[name] = frozenset().union(*(school.sees[each] for each in persons))


async def _family(build: Builder, school: MatrixSchool, name: str, children: Mapping[str, bool | None]) -> None:
    """A parent with a decision for each child: consent, refusal, or none yet."""
    person = await build.guardian(f"Родитель {name}", *(school.students[key] for key in children))
    await build.contact(person, "email", f"{name}@example.org", signed=False)
    for key, agreed in children.items():
        if agreed is not None:
            await build.decides(person, school.students[key], Decision.CONSENT if agreed else Decision.REFUSAL)
    actor = Actor(person, frozenset({Role.GUARDIAN}), "telegram")
    _add(school, name, actor, {key for key, agreed in children.items() if agreed})


async def _former(build: Builder, school: MatrixSchool) -> None:
    """A guardian until last week, and one whom a court took access from: both once agreed in writing."""
    for name, access, ends_on in (("former", True, LAST_WEEK), ("barred", False, None)):
        person = await build.guardian(f"Родитель {name}")
        await build.uow.people.add_guardianship(
            person, school.students["own"], relation="отец", access=access, ends_on=ends_on
        )
        await build.decides(person, school.students["own"], Decision.CONSENT)
        _add(school, name, Actor(person, frozenset({Role.GUARDIAN}), "telegram"), set())


async def _staff(build: Builder, school: MatrixSchool) -> None:
    uow = build.uow
    eighth, seventh, fifth = [
        await uow.year.ensure_group(GroupKind.CLASS, name, normal_class_name(name)) for name in ("8Б", "7А", "5А")
    ]
    school.groups |= {"8Б": eighth, "7А": seventh, "5А": fifth}
    eighth_class = {"own", "refused", "mate", "8Б"}
    for name, role, group, sees in (
        ("teacher", Role.TEACHER, eighth, eighth_class),
        ("class_teacher", Role.CLASS_TEACHER, eighth, eighth_class),
        ("class_teacher_of_other", Role.CLASS_TEACHER, seventh, {"other", "7А"}),
        ("deputy", Role.DEPUTY_HEAD, None, {*CLASSES, "8Б", "7А", "5А"}),
        ("secretary", Role.SECRETARY, None, {*CLASSES, "8Б", "7А", "5А"}),
    ):
        person = await build.guardian(f"Сотрудник {name}")
        await uow.people.add_staff_role(person, role, group_id=group)
        _add(school, name, Actor(person, frozenset({role}), "telegram"), set(sees))
    await _teacher_of_a_group(build, school)


async def _teacher_of_a_group(build: Builder, school: MatrixSchool) -> None:
    """A teacher of half a class who is the parent of a child of another one."""
    uow = build.uow
    person = await build.guardian("Сотрудник подгруппы", school.students["other"])
    await build.decides(person, school.students["other"], Decision.CONSENT)
    group = await uow.year.ensure_group(
        GroupKind.STUDY_GROUP, "8Б-1", normal_name("8Б-1"), subject_id=school.subject, teacher_id=person
    )
    await uow.people.add_staff_role(person, Role.TEACHER, group_id=group)
    await uow.year.enrol(school.students["own"], group)
    school.groups["8Б-1"] = group
    actor = Actor(person, frozenset({Role.TEACHER, Role.GUARDIAN}), "telegram")
    _add(school, "teacher_and_parent", actor, {"own", "other", "8Б", "7А"})


async def _class_facts(uow: UnitOfWork, school: MatrixSchool, school_class: str) -> None:
    group, word = school.groups[school_class], mark_of_class(school_class)
    lessons = [NewTemplateLesson(school.subject, weekday, 1, room=word) for weekday in range(6)]
    await uow.timetable.put_template(group, lessons, starts_on=date(2026, 9, 1))
    change = NewLessonChange(group, school.subject, TOMORROW, 1, ChangeKind.ROOM, new_room=word)
    await uow.timetable.add_changes([change], by=None, at=NOW, broadcast_id=None)
    for due_on in (TODAY, TOMORROW):
        school.records[f"homework {school_class}"] = await uow.schoolwork.give_homework(
            group, school.subject, due_on=due_on, text=f"Упражнение {word}", by=None, at=NOW
        )
    school.records[f"file {school_class}"] = await uow.schoolwork.add_homework_file(
        school.records[f"homework {school_class}"], SentFile(f"{word}.jpg", "image/jpeg", "AgAD", "telegram")
    )
    school.records[f"work {school_class}"] = await uow.schoolwork.plan_control_work(
        NewControlWork(group, school.subject, TOMORROW, 1, "Контрольная работа", word), by=None, at=NOW
    )


async def _student_facts(uow: UnitOfWork, school: MatrixSchool, key: str) -> None:
    student, word = school.students[key], mark_of(key)
    facts = (("5", EntryKind.SCORE), ("НП", EntryKind.ABSENCE), (".", EntryKind.DEBT))
    entries = [
        NewEntry(student, school.subject, TODAY, kind, value, f"Работа {word}", f"Тема {word}", None, None)
        for value, kind in facts
    ]
    await uow.marks.add_entries(entries, import_id=None, at=NOW)
    year_id = await uow.year.ensure_year(TODAY)
    failed = PeriodMark(
        0, student, school.subject, year_id, "2 четверть", None, "2", 1, NOW, published=False, import_id=None
    )
    mark = await put_final(uow, failed)
    told = FinalMarkSet(f"Алгебра {word}", "2 четверть", "2")
    await uow.outbox.add([NewNotice(student, told, period_mark_fact_name(mark.id))], received_at=NOW, published_at=NOW)
    await _exam_facts(uow, school, key)
    author = school.actors["teacher"]
    assert author is not None
    assert author.person_id is not None
    school.records[f"advice {key}"] = await uow.schoolwork.recommend(
        student, subject_id=school.subject, author_id=author.person_id, audience=Audience.BOTH, text=f"Совет {word}",
        at=NOW,
    )  # fmt: skip


async def _exam_facts(uow: UnitOfWork, school: MatrixSchool, key: str) -> None:
    """An exam that only this student took, and one that all took."""
    for kind, subject in ((ExamKind.SCHOOL, f"Экзамен {mark_of(key)}"), (ExamKind.OGE, "Физика")):
        known = await uow.exams.exams([f"{kind}|{subject}"])
        new = Exam(0, f"{kind}|{subject}", kind, subject, LAST_WEEK, None, None, None, None, None)
        exam_id = known[0].id if known else await uow.exams.put_exam(new)
        school.records["exam"] = exam_id
        outcome = ExamOutcome(12, mark="4", passed=True)
        ids = exam_id, school.students[key]
        result = next_exam_result_version(None, outcome, ids=ids, received_at=NOW, import_id=None)
        (written,) = await uow.exams.put_results([result])
        told = ExamResultSet(kind, f"{subject} {mark_of(key)}", None, mark="4")
        await uow.outbox.add(
            [NewNotice(school.students[key], told, exam_result_fact_name(written.id))],
            received_at=NOW,
            published_at=NOW,
        )
