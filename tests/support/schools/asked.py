"""A school that families ask about: a mother of two, and a daughter with an own account; every kind of fact."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from core.model.marks.entries import EntryKind, NewEntry
from core.model.people import Role
from core.model.register.consents import Decision
from core.model.schoolwork.control_works import NewControlWork
from core.model.timetable import Bell, ChangeKind, Holiday, NewLessonChange, NewTemplateLesson
from core.model.year import GroupKind
from core.ports import UnitOfWork, UnitOfWorkFactory
from core.rules.people.names import normal_class_name, normal_name
from tests.support.schools.builders import NOW, Builder

TODAY = NOW.date()
"""Friday, 20.11.2026, noon in Moscow."""

MOTHER, DAUGHTER, FATHER, TEACHER = 601, 602, 603, 604
SUBJECTS = (
    "Алгебра",
    "Геометрия",
    "Русский язык",
    "Английский язык",
    "Физика",
    "Химия",
    "Физическая культура",
    "История",
    "Математика",
)
_WEEK = {
    0: ("Алгебра", "Русский язык", "Физика", "История", "Английский язык"),
    1: ("Геометрия", "Физическая культура", "Алгебра", "Химия"),
    2: ("Русский язык", "Алгебра", "Английский язык", "Физика", "История", "Физическая культура"),
    3: ("Химия", "Геометрия", "Русский язык", "Алгебра", "Английский язык"),
    4: ("Физика", "Алгебра", "Русский язык", "Химия"),
}
"""The timetable of 8Б, Monday first; rooms are 201, 202 … by subject."""


@dataclass(frozen=True, slots=True)
class AskedSchool:
    """Who is who."""

    open_uow: UnitOfWorkFactory
    maria: int
    artyom: int


async def a_school_to_ask(open_uow: UnitOfWorkFactory) -> AskedSchool:
    """Ковалёва Мария of 8Б and Ковалёв Артём of 5А, their mother, and the father of Мария alone."""
    async with open_uow() as uow:
        build = Builder(uow)
        maria = await build.student("Ковалёва Мария Денисовна", "8Б")
        artyom = await build.student("Ковалёв Артём Денисович", "5А")
        await build.student("Сидоров Пётр Ильич", "9Б")
        mother = await build.guardian("Ковалёва Ольга Николаевна", maria, artyom)
        father = await build.guardian("Ковалёв Денис Петрович", maria)
        for person, children, chat in ((mother, (maria, artyom), MOTHER), (father, (maria,), FATHER)):
            for child in children:
                await build.decides(person, child, Decision.CONSENT)
            await build.contact(person, "telegram", str(chat))
        await uow.people.set_account(maria, opened=True)
        await build.decides(maria, maria, Decision.CONSENT)
        await build.contact(maria, "telegram", str(DAUGHTER))
        teacher = await build.guardian("Иванова Ирина Олеговна")
        await uow.people.add_staff_role(teacher, Role.TEACHER, group_id=None)
        await build.contact(teacher, "telegram", str(TEACHER))
        subjects = await uow.year.ensure_subjects({normal_name(name): name for name in SUBJECTS})
        await _add_year(uow)
        await _add_timetable(uow, {name: subjects[normal_name(name)] for name in SUBJECTS}, teacher)
        await _add_marks(uow, {name: subjects[normal_name(name)] for name in SUBJECTS}, maria, artyom)
        await uow.commit()
    return AskedSchool(open_uow, maria, artyom)


async def _add_year(uow: UnitOfWork) -> None:
    year = await uow.year.ensure_year(TODAY)
    for name, since, until in (
        ("1 четверть", date(2026, 9, 1), date(2026, 10, 25)),
        ("2 четверть", date(2026, 11, 3), date(2026, 12, 29)),
        ("3 четверть", date(2027, 1, 11), date(2027, 3, 24)),
    ):
        await uow.year.put_period(year, name, starts_on=since, ends_on=until)
    days = (
        ("Осенние каникулы", date(2026, 10, 26), date(2026, 11, 2)),
        ("Зимние каникулы", date(2026, 12, 30), date(2027, 1, 10)),
        ("Весенние каникулы", date(2027, 3, 25), date(2027, 4, 1)),
    )
    await uow.timetable.put_holidays(
        year, [Holiday(0, year, name, first, last, None, None) for name, first, last in days]
    )


async def _group(uow: UnitOfWork, name: str) -> int:
    return await uow.year.ensure_group(GroupKind.CLASS, name, normal_class_name(name))


async def _add_timetable(uow: UnitOfWork, subjects: dict[str, int], teacher: int) -> None:
    starts = datetime(2026, 1, 1, 8, 30, tzinfo=UTC)
    bells = [
        Bell(0, "", number, (begin := starts + timedelta(minutes=55 * (number - 1))).time(), _later(begin.time()))
        for number in range(1, 8)
    ]
    await uow.timetable.put_bells("", bells)
    lessons = [
        NewTemplateLesson(
            subjects[name], weekday, number, str(200 + subjects[name]), teacher if name == "Физика" else None
        )
        for weekday, names in _WEEK.items()
        for number, name in enumerate(names, start=1)
    ]
    group, small = await _group(uow, "8Б"), await _group(uow, "5А")
    await uow.timetable.put_template(group, lessons, starts_on=date(2026, 9, 1))
    fifth = [
        NewTemplateLesson(subjects[name], day, n, None)
        for day in range(5)
        for n, name in enumerate(("Математика", "Русский язык"), 1)
    ]
    await uow.timetable.put_template(small, fifth, starts_on=date(2026, 9, 1))
    change = NewLessonChange(
        group, subjects["Химия"], date(2026, 11, 24), 4, ChangeKind.SUBSTITUTION, subjects["Физика"], teacher
    )
    await uow.timetable.add_changes([change], by=None, at=NOW, broadcast_id=None)
    for on, name, kind in (
        (date(2026, 11, 27), "Физика", "Контрольная работа"),
        (date(2026, 12, 2), "Русский язык", "Диктант"),
    ):
        work = NewControlWork(group, subjects[name], on, None, kind, "Механика" if name == "Физика" else None)
        await uow.schoolwork.plan_control_work(work, by=None, at=NOW)
    yesterday = NOW - timedelta(days=1)
    for name, due, text, at in (
        ("Алгебра", date(2026, 11, 23), "№ 315, 316", NOW),
        ("Русский язык", date(2026, 11, 23), "упр. 42", yesterday),
        ("Физика", date(2026, 11, 25), "§ 12", NOW),
        ("Химия", date(2026, 11, 20), "§ 7 прочитать", NOW - timedelta(days=3)),
    ):
        await uow.schoolwork.give_homework(group, subjects[name], due_on=due, text=text, by=teacher, at=at)


def _later(begin: time) -> time:
    return (datetime.combine(TODAY, begin) + timedelta(minutes=45)).time()


async def _add_marks(uow: UnitOfWork, subjects: dict[str, int], maria: int, artyom: int) -> None:
    def mark(student: int, name: str, on: date, value: str, **more: str) -> NewEntry:
        kind = EntryKind.ABSENCE if value in {"УП", "Б"} else EntryKind.DEBT if value == "." else EntryKind.SCORE
        weight = Decimal(more["weight"]) if "weight" in more else None
        return NewEntry(
            student,
            subjects[name],
            on,
            kind,
            value,
            more.get("work"),
            more.get("topic"),
            weight,
            None,
            more.get("comment"),
        )

    await uow.marks.add_entries(
        [
            mark(maria, "Алгебра", date(2026, 10, 14), "5"),
            mark(maria, "Алгебра", date(2026, 11, 18), "4", work="Ответ на уроке", weight="10"),
            mark(maria, "Алгебра", date(2026, 11, 19), "5", work="Контрольная работа", topic="Корни", weight="20"),
            mark(maria, "Физика", date(2026, 11, 18), "2", work="Самостоятельная работа", topic="Сила", comment="Нет единиц"),  # noqa: E501
            mark(maria, "Химия", date(2026, 11, 10), "3"),
            mark(maria, "Химия", date(2026, 11, 19), "УП"),
            mark(maria, "История", date(2026, 11, 16), "."),
            mark(maria, "Физическая культура", date(2026, 11, 17), "5"),
            mark(artyom, "Математика", date(2026, 11, 17), "4"),
            mark(artyom, "Русский язык", date(2026, 11, 18), "3", work="Диктант"),
        ],
        import_id=None,
        at=NOW,
    )  # fmt: skip
