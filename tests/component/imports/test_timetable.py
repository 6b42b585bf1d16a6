"""The school's timetables come in: whole or not at all, once, and families hear of what changes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from bot.imports.files import read_import_files
from core.actions import year
from core.actions.imports.timetable.tables import TimetableResult, import_timetable_tables
from core.errors import NotAllowedError
from core.model.imports.reports import LeftOutRow, Problem, ReadFile
from core.model.imports.timetable_tables import (
    BellRow,
    ChangeRow,
    HolidayRow,
    PeriodRow,
    ScheduleKind,
    ScheduleRow,
    ScheduleTable,
    TemplateRow,
)
from core.model.notices.family import LessonChanged
from core.model.people import SYSTEM, Actor, Role
from core.model.timetable import ChangeKind, LessonState, SchoolDay, Week
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from core.rules.access import Everything
from core.rules.delivery.timing import Policy
from core.rules.timetable import days
from storage.database.engine import create_database_engine
from storage.unit_of_work import unit_of_work_factory
from tests.support.samples import samples
from tests.support.schools.builders import NOW, Builder, Family, a_family

TODAY = NOW.date()
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
SEPTEMBER = date(2026, 9, 1)
WEEK = (
    TemplateRow(2, None, "8Б", 0, 1, "Алгебра", "21", "Лисина О.С."),
    TemplateRow(3, None, "8Б", 0, 2, "Физика", "22"),
    TemplateRow(4, None, "8Б", 0, 3, "Алгебра", "21"),
    TemplateRow(5, None, "8 б", 1, 1, "Химия", "23"),
)
SUBSTITUTED = ChangeRow(2, MONDAY, "8Б", None, "физика", ChangeKind.SUBSTITUTION, new_teacher="Шарова В.Л.")


@dataclass(frozen=True, slots=True)
class School:
    """A family of 8Б and two teachers."""

    family: Family
    lisina: int
    sharova: int

    @property
    def open_uow(self) -> UnitOfWorkFactory:
        """The school's transactions."""
        return self.family.open_uow


@pytest.fixture
async def school(open_uow: UnitOfWorkFactory) -> School:
    """8Б with its family and two teachers."""
    family = await a_family(open_uow)
    async with open_uow() as uow:
        build = Builder(uow)
        lisina, sharova = await build.guardian("Лисина Ольга Сергеевна"), await build.guardian("Шарова Вера Львовна")
        for teacher in (lisina, sharova):
            await uow.people.add_staff_role(teacher, Role.TEACHER, group_id=None)
        await uow.commit()
    return School(family, lisina, sharova)


def file(*rows: ScheduleRow, name: str = "week.xlsx") -> ReadFile:
    """A file of one table; its hash follows from what it says."""
    table = ScheduleTable(ScheduleKind.TEMPLATE, "Лист1", rows)
    return ReadFile(name, sha256(repr(rows).encode()).hexdigest(), schedules=(table,))


async def imported(school: School, *files: ReadFile, starts_on: date | None = None) -> TimetableResult:
    """The secretary imports a set of files."""
    async with school.open_uow(reading=True) as uow:
        return await import_timetable_tables(uow, SYSTEM, files, now=NOW, policy=Policy(), starts_on=starts_on)


async def day(school: School, on: date = MONDAY) -> SchoolDay:
    """The student's day."""
    async with school.open_uow(reading=True) as uow:
        plan = await uow.timetable.of_student(school.family.student, Everything(), since=on, until=on)
    return days.timetable_day(plan, on)


async def faults(school: School, *rows: ScheduleRow) -> list[tuple[str, int | str | None, int | str | None]]:
    """Reason, row and column of each problem of a file."""
    result = await imported(school, file(*rows))
    return [(each.reason, each.row, each.column) for each in result.files[0].problems]


async def test_a_week_makes_the_days(school: School) -> None:
    """Number, subject, room and teacher of the template, from the first of September where there was none (Q16)."""
    result = await imported(school, file(*WEEK))
    assert result.files[0].counts.template_lessons == len(WEEK)
    monday = await day(school, SEPTEMBER + timedelta(6))
    assert [(each.number, each.subject, each.room, each.teacher) for each in monday.lessons] == [
        (1, "Алгебра", "21", "Лисина Ольга Сергеевна"),
        (2, "Физика", "22", None),
        (3, "Алгебра", "21", None),
    ]


async def test_a_new_week_holds_from_today(school: School) -> None:
    """What was before stays as it was; another day may be named from which it holds (Q18)."""
    await imported(school, file(*WEEK))
    other = [replace(each, room="30") if each.number == 2 else each for each in WEEK]
    assert (await imported(school, file(*other))).files[0].counts.template_lessons == 2
    later = [replace(each, room="40") if each.number == 2 else each for each in WEEK]
    await imported(school, file(*later), starts_on=MONDAY + timedelta(7))
    rooms = [(await day(school, MONDAY + timedelta(7 * week))).lessons[1].room for week in (-1, 0, 1)]
    assert rooms == ["22", "30", "40"]


async def test_the_same_files_again_leave_the_database_unchanged(school: School, dump: Callable[[], list[str]]) -> None:
    """Nothing is written twice, not even a line of the audit trail (Q100)."""
    files = [
        file(*WEEK, *YEAR), file(SUBSTITUTED, name="changes.xlsx"),
    ]  # fmt: skip
    assert (await imported(school, *files)).ok
    before = dump()
    again = await imported(school, *files)
    assert again.ok
    assert sum(each.counts.total for each in again.files) == 0
    assert dump() == before


async def test_each_file_that_changes_anything_leaves_one_audit_line(school: School) -> None:
    """With hash and counts, and no name (Q76, Q103)."""
    await imported(school, file(*WEEK), file(SUBSTITUTED, name="changes.xlsx"))
    async with school.open_uow(reading=True) as uow:
        lines = [line.facts for line in await uow.audit.lines(limit=5) if line.action == "timetable_imported"]
    assert sorted((each["template_lessons"], each["lesson_changes"]) for each in lines) == [(0, 1), (4, 0)]
    assert {len(str(each["sha256"])) for each in lines} == {64}


async def test_one_doubt_keeps_the_whole_set_out(school: School, dump: Callable[[], list[str]]) -> None:
    """A row in doubt or a fault of any file: nothing of the set is written (Q101)."""
    before = dump()
    result = await imported(school, file(*WEEK), file(replace(SUBSTITUTED, school_class="8Я"), name="changes.xlsx"))
    assert [len(each.problems) for each in result.files] == [0, 1]
    bad = ReadFile("bad.xlsx", "00", problems=(Problem(None, 3, 2, "31.02.2026", "date"),))
    assert not (await imported(school, file(*WEEK), bad)).ok
    assert dump() == before


async def test_faults_of_cells_and_of_names_are_told_at_once(school: School) -> None:
    """A misprinted teacher is told beside a bad cell; a lesson that only a row left out may have is not."""
    bad = Problem("Лист1", 9, 2, "никогда", "weekday", (), "weekday")
    unknown = replace(WEEK[0], teacher="Никто Н. Н.")
    moved = ChangeRow(3, MONDAY, "8Б", 6, "Музыка", ChangeKind.CANCELLATION)
    left_out = LeftOutRow(ScheduleKind.TEMPLATE, "Лист1", 9, {"class": "8Б", "teacher": "Никого Н. Н."})
    result = await imported(school, replace(file(unknown, moved), problems=(bad,), left_out=(left_out,)))
    assert [(each.reason, each.row) for each in result.files[0].problems] == [
        ("weekday", 9),
        ("unknown_teacher", 2),
        ("unknown_teacher", 9),
    ]


async def test_a_substitution_finds_its_lesson(school: School) -> None:
    """The form has no number: it is the class's only lesson of the subject that day (Q17)."""
    await imported(school, file(*WEEK))
    assert (await imported(school, file(SUBSTITUTED))).files[0].counts.lesson_changes == 1
    lesson = (await day(school)).lessons[1]
    assert (lesson.state, lesson.subject, lesson.teacher) == (
        LessonState.SUBSTITUTED, "Физика", "Шарова Вера Львовна",
    )  # fmt: skip


@pytest.mark.parametrize("path", samples("*/zameni*.xlsx"), ids=lambda path: path.name)
async def test_a_real_form_of_substitutions_finds_its_lessons(open_uow: UnitOfWorkFactory, path: Path) -> None:
    """In a school with these classes, lessons and teachers every row becomes a substitution (Q17)."""
    school = School(await a_family(open_uow), lisina=0, sharova=0)
    [form] = read_import_files([path])
    rows = [row for table in form.schedules for row in table.rows if isinstance(row, ChangeRow)]
    async with school.open_uow() as uow:
        for name in {str(row.new_teacher) for row in rows}:
            surname, first, second = name.replace(".", " ").split()
            teacher = await Builder(uow).guardian(f"{surname} {first}лла {second}евна")
            await uow.people.add_staff_role(teacher, Role.TEACHER, group_id=None)
        await uow.commit()
    week = [TemplateRow(row.row, None, row.school_class, row.on.weekday(), 2, row.subject.upper()) for row in rows]
    await imported(school, file(*week), starts_on=min(row.on for row in rows))
    result = await imported(school, form)
    assert (result.files[0].problems, result.files[0].counts.lesson_changes) == ((), len(rows))
    assert (await imported(school, form)).files[0].counts.total == 0


async def test_the_absent_teacher_tells_two_lessons_apart(school: School) -> None:
    """Of two lessons of algebra it is the one that the absent teacher gives (Q17)."""
    await imported(school, file(*WEEK))
    row = replace(SUBSTITUTED, subject="Алгебра", absent="О.С. Лисина")
    assert (await imported(school, file(row))).ok
    assert [lesson.state for lesson in (await day(school)).lessons] == [
        LessonState.SUBSTITUTED, LessonState.PLANNED, LessonState.PLANNED,
    ]  # fmt: skip


@pytest.mark.parametrize(("row", "expected"), [
    (replace(SUBSTITUTED, school_class="9Я"), ("unknown_class", 2, "class")),
    (replace(SUBSTITUTED, new_teacher="Никто Н.Н."), ("unknown_teacher", 2, "new_teacher")),
    (replace(SUBSTITUTED, new_teacher="Шорова В.Л."), ("unknown_teacher_near", 2, "new_teacher")),
    (replace(SUBSTITUTED, subject="Химия"), ("lesson_unknown", 2, "subject")),
    (replace(SUBSTITUTED, number=5), ("lesson_unknown", 2, "subject")),
    (replace(SUBSTITUTED, subject="Алгебра"), ("lesson_ambiguous", 2, "number")),
    (TemplateRow(7, None, "8Б", 0, 1, "Алгебра", None, "Никто"), ("unknown_teacher", 7, "teacher")),
    (TemplateRow(7, None, "8Б", 0, 1, "Алгебра", None, None, "Англ 1"), ("unknown_group", 7, "group")),
    (BellRow(8, "2 смена", 1, time(9), time(10), "9Я"), ("unknown_class", 8, "class")),
])  # fmt: skip
async def test_what_a_row_cannot_mean_is_a_problem_line(
    school: School, row: ScheduleRow, expected: tuple[str, int, str]
) -> None:
    """Class, teacher, lesson or group that the school has not: the place is told, the name is not (Q103)."""
    await imported(school, file(*WEEK))
    assert await faults(school, row) == [expected]


async def test_a_misprinted_teacher_is_told_with_the_likely_one(school: School) -> None:
    """Of the cell the place alone, of the staff list whom it may mean (Q134)."""
    result = await imported(school, file(*WEEK, replace(SUBSTITUTED, new_teacher="Шорова В.Л.")))
    [problem] = result.files[0].problems
    assert (problem.value, problem.facts) == (None, (("likely", "Шарова Вера Львовна"),))


async def test_several_lessons_are_named_in_the_problem(school: School) -> None:
    """«1, 3»: the operator knows which numbers to choose from (Q17)."""
    await imported(school, file(*WEEK))
    result = await imported(school, file(replace(SUBSTITUTED, subject="Алгебра")))
    assert result.files[0].problems[0].facts == (("numbers", "1, 3"),)


async def test_a_namesake_among_the_teachers_is_a_problem(school: School) -> None:
    """«Шарова В.Л.» is nobody in particular when two are called so; the whole name still is."""
    async with school.open_uow() as uow:
        other = await Builder(uow).guardian("Шарова Виктория Леонидовна")
        await uow.people.add_staff_role(other, Role.TEACHER, group_id=None)
        await uow.commit()
    await imported(school, file(*WEEK))
    assert await faults(school, SUBSTITUTED) == [("ambiguous_person", 2, "new_teacher")]
    assert (await imported(school, file(replace(SUBSTITUTED, new_teacher="Шарова Вера Львовна")))).ok


async def test_a_lesson_is_changed_once_in_a_set(school: School) -> None:
    """Two rows about one lesson: which of them holds is for a person to say."""
    await imported(school, file(*WEEK))
    second = ChangeRow(3, MONDAY, "8Б", 2, "Физика", ChangeKind.CANCELLATION)
    assert await faults(school, SUBSTITUTED, second) == [("change_twice", 3, "number")]


async def test_all_four_kinds_of_change_are_written(school: School) -> None:
    """Old → new of each: teacher and subject, date and number, nothing at all, the room (Q17)."""
    await imported(school, file(*WEEK))
    result = await imported(
        school,
        file(
            replace(SUBSTITUTED, new_subject="Химия", new_room="40"),
            ChangeRow(3, MONDAY, "8Б", 1, "Алгебра", ChangeKind.MOVE, new_on=TUESDAY, new_number=2),
            ChangeRow(4, MONDAY, "8Б", 3, "Алгебра", ChangeKind.CANCELLATION),
            ChangeRow(5, TUESDAY, "8Б", 1, "Химия", ChangeKind.ROOM, new_room="50"),
        ),
    )
    assert result.files[0].counts.lesson_changes == 4
    monday, tuesday = await day(school), await day(school, TUESDAY)
    assert [(each.state, each.subject, each.was_subject, each.room) for each in monday.lessons] == [
        (LessonState.MOVED_AWAY, "Алгебра", None, "21"),
        (LessonState.SUBSTITUTED, "Химия", "Физика", "40"),
        (LessonState.CANCELLED, "Алгебра", None, "21"),
    ]
    assert [(each.number, each.state, each.subject, each.room) for each in tuesday.lessons] == [
        (1, LessonState.ROOM_CHANGED, "Химия", "50"),
        (2, LessonState.MOVED_HERE, "Алгебра", "21"),
    ]


async def notices(school: School) -> Sequence[LessonChanged]:
    """What the school has to tell."""
    async with school.open_uow(reading=True) as uow:
        published = await uow.outbox.unplanned(20)
    return [each.notice for each in published if isinstance(each.notice, LessonChanged)]


async def test_the_schools_first_changes_are_told_unless_their_lesson_has_begun(school: School) -> None:
    """A backlog is no news, tomorrow's change is: families and both teachers hear of it (Q17, Q90, Q97)."""
    yesterday = replace(SUBSTITUTED, on=MONDAY - timedelta(7))
    await imported(school, file(*WEEK))
    await imported(school, file(SUBSTITUTED, yesterday))
    expected = LessonChanged(
        "Физика", MONDAY, 2, ChangeKind.SUBSTITUTION, new_teacher="Шарова Вера Львовна", room="22"
    )  # fmt: skip
    assert await notices(school) == [expected, replace(expected, group="8Б")]


def of_week(week: Week, *rows: TemplateRow) -> tuple[TemplateRow, ...]:
    """The same rows as lessons of one week."""
    return tuple(replace(row, week=week) for row in rows)


ODD_WEEK = of_week(Week.ODD, *WEEK[:2])
EVEN_WEEK = of_week(Week.EVEN, replace(WEEK[0], subject="История"), replace(WEEK[1], subject="Химия"))


def weeks_file(**sheets: Sequence[ScheduleRow]) -> ReadFile:
    """A file with several sheets of the template."""
    tables = tuple(ScheduleTable(ScheduleKind.TEMPLATE, name, tuple(rows)) for name, rows in sheets.items())
    return ReadFile("weeks.xlsx", sha256(repr(tables).encode()).hexdigest(), schedules=tables)


async def subjects(school: School, on: date) -> list[str]:
    """The day's subjects, with the school's odd week at MONDAY."""
    async with school.open_uow(reading=True) as uow:
        plan = await uow.timetable.of_student(school.family.student, Everything(), since=on, until=on)
    return [lesson.subject for lesson in days.timetable_day(plan, on).lessons]


async def test_two_sheets_are_two_weeks(school: School, store_url: str) -> None:
    """Odd and even take turns; each week may come again alone, and the same set again changes nothing (contracts)."""
    engine = create_database_engine(store_url)
    school = replace(school, family=replace(school.family, open_uow=unit_of_work_factory(engine, odd_week=MONDAY)))
    both = weeks_file(odd=ODD_WEEK, even=EVEN_WEEK)
    assert (await imported(school, both)).ok
    assert (await imported(school, both)).files[0].counts.template_lessons == 0
    weeks = [await subjects(school, MONDAY + timedelta(7 * at)) for at in range(3)]
    assert weeks == [["Алгебра", "Физика"], ["История", "Химия"], ["Алгебра", "Физика"]]
    await imported(school, weeks_file(even=(*EVEN_WEEK, *of_week(Week.EVEN, WEEK[2]))))
    weeks = [await subjects(school, MONDAY + timedelta(7 * at)) for at in range(2)]
    assert weeks == [["Алгебра", "Физика"], ["История", "Химия", "Алгебра"]]
    await engine.dispose()


async def test_weeks_need_to_know_which_is_odd(school: School) -> None:
    """Without the setting half of the days would be told wrong."""
    assert await faults(school, *ODD_WEEK) == [("odd_week_missing", 2, "week")]


async def test_two_sheets_without_weeks_are_not_one_week(school: School) -> None:
    """Another lesson at the same time on another sheet is another week's; in one sheet it is another half's."""
    plain = [replace(row, week=None) for row in EVEN_WEEK]
    result = await imported(school, weeks_file(first=WEEK[:2], second=plain))
    assert [(each.sheet, each.row, each.reason) for each in result.files[0].problems] == [
        ("second", 2, "lesson_in_two_sheets"),
        ("second", 3, "lesson_in_two_sheets"),
    ]
    assert (await imported(school, weeks_file(only=[*WEEK[:2], *plain]))).ok


async def test_a_subgroup_has_a_timetable_of_its_own(school: School) -> None:
    """Its lessons are its students' only, and a substitution of the class's subject finds it (Q16, Q21)."""
    async with school.open_uow() as uow:
        subject = (await uow.year.ensure_subjects({"английский": "Английский"}))["английский"]
        group = await uow.year.ensure_group(GroupKind.STUDY_GROUP, "Англ 1", "англ 1", subject_id=subject)
        await uow.year.enrol(school.family.student, group)
        await uow.commit()
    english = TemplateRow(6, None, "8Б", 0, 4, "Английский", "31", None, "Англ 1")
    await imported(school, file(*WEEK, english))
    assert (await imported(school, file(replace(SUBSTITUTED, subject="Английский")))).ok
    lesson = (await day(school)).lessons[-1]
    assert (lesson.group, lesson.number, lesson.state) == ("Англ 1", 4, LessonState.SUBSTITUTED)


YEAR = (
    BellRow(2, "", 1, time(8, 30), time(9, 15)),
    BellRow(3, "2 смена", 1, time(13), time(13, 40), "8Б"),
    BellRow(4, "короткий", 1, time(13), time(13, 30), None, TUESDAY),
    HolidayRow(2, "Осенние", date(2026, 10, 26), date(2026, 11, 3)),
    HolidayRow(3, "Дополнительные", date(2027, 2, 8), date(2027, 2, 14), 1, 1),
    PeriodRow(2, "1 четверть", SEPTEMBER, date(2026, 10, 25)),
)


async def test_bells_holidays_and_periods_make_the_year(school: School) -> None:
    """Lessons ring by the shift of the class and by the date's own variant; no lessons on holidays (Q16, Q18, Q22)."""
    result = await imported(school, file(*WEEK, *YEAR))
    counts = result.files[0].counts
    assert (counts.bells, counts.holidays, counts.periods) == (5, 2, 1)
    monday, tuesday, holiday = [await day(school, on) for on in (MONDAY, TUESDAY, date(2026, 10, 26))]
    assert (monday.lessons[0].starts_at, tuesday.lessons[0].ends_at) == (time(13), time(13, 30))
    assert (holiday.lessons, holiday.holiday) == ((), "Осенние")


async def test_two_quarters_that_share_days_are_doubted(school: School) -> None:
    """A slip of the pen in a date is told with its row; a half-year shares its days with quarters by nature."""
    rows = (
        PeriodRow(2, "1 четверть", SEPTEMBER, date(2026, 10, 24)),
        PeriodRow(3, "2 четверть", date(2026, 10, 20), date(2026, 12, 29)),
        PeriodRow(4, "1 полугодие", SEPTEMBER, date(2026, 12, 29)),
        PeriodRow(5, "3 четверть", date(2026, 10, 20), date(2026, 12, 29), grades=(9, 9)),
    )
    (result,) = (await imported(school, file(*rows))).files
    doubts = [(each.row, each.column, each.reason, dict(each.facts)) for each in result.doubts]
    assert doubts == [(3, "starts_on", "periods_overlap", {"period": "1 четверть"})]


async def test_holidays_of_a_year_that_is_over_are_doubted(school: School) -> None:
    """Last year's list, loaded by mistake, is told with its row; this year's says nothing."""
    rows = (
        HolidayRow(2, "Зимние", date(2025, 12, 30), date(2026, 1, 11)),
        HolidayRow(3, "Осенние", date(2026, 10, 26), date(2026, 11, 3)),
        PeriodRow(4, "4 четверть", date(2026, 4, 1), date(2026, 5, 26)),
    )
    (result,) = (await imported(school, file(*rows))).files
    told = [(each.row, each.reason, dict(each.facts)["date"]) for each in result.doubts]
    assert told == [(4, "year_over", "26.05.2026"), (2, "year_over", "11.01.2026")]


async def test_each_student_has_the_periods_of_their_class(school: School) -> None:
    """8Б has trimesters of its own, music is marked by half-years, the other classes have quarters (Q36, Q39)."""
    dates, mother = (SEPTEMBER, date(2026, 12, 29)), Actor(school.family.mother, frozenset({Role.GUARDIAN}))
    await imported(
        school,
        file(
            PeriodRow(2, "1 четверть", *dates),
            PeriodRow(3, "1 триместр", *dates, school_class="8 б"),
            PeriodRow(4, "1 полугодие", *dates, (5, 9), None, "Музыка"),
        ),
    )
    async with school.open_uow(reading=True) as uow:
        music = (await uow.year.subject_ids())["музыка"]
        names = [
            [period.name for period in await year.load_year_periods(uow, actor, on=TODAY, **whose)]
            for actor, whose in (
                (mother, {"student_id": school.family.student}),
                (mother, {"student_id": school.family.student, "subject_id": music}),
                (mother, {"student_id": school.lisina}),
            )
        ]
    assert names == [["1 триместр"], ["1 полугодие"], ["1 четверть"]]


async def test_a_period_may_be_moved(school: School) -> None:
    """The same name with other dates is the same period."""
    await imported(school, file(*YEAR))
    moved = PeriodRow(2, "1 четверть", SEPTEMBER, date(2026, 10, 30))
    assert (await imported(school, file(moved))).files[0].counts.periods == 1
    async with school.open_uow(reading=True) as uow:
        assert [each.ends_on for each in await uow.year.periods(TODAY)] == [date(2026, 10, 30)]


async def test_a_bell_with_two_times_is_a_problem(school: School) -> None:
    """One variant rings once for a lesson."""
    twice = (BellRow(2, "", 1, time(8), time(8, 45)), BellRow(3, "", 1, time(9), time(9, 45)))
    assert await faults(school, *twice) == [("bell_twice", 3, "number")]


async def test_bells_that_would_never_ring_are_refused(school: School) -> None:
    """«обычыне» would be a variant of its own, and families would read the old times (Q16)."""
    bells = [BellRow(2, "обычыне", 1, time(8), time(8, 45)), BellRow(3, "обычыне", 2, time(9), time(9, 45))]
    assert await faults(school, *bells) == [("bells_unused", 2, "variant")]
    known = BellRow(2, "2 смена", 1, time(13), time(13, 40), "8Б")
    assert (await imported(school, file(known))).ok
    assert (await imported(school, file(replace(known, school_class=None, ends_at=time(13, 45))))).ok


async def test_bells_that_overlap_are_refused(school: School) -> None:
    """A slip of an hour shows by the lesson before it."""
    bells = [BellRow(2, "", 1, time(8), time(8, 45)), BellRow(3, "", 2, time(8, 40), time(9, 25))]
    assert await faults(school, *bells) == [("bells_overlap", 3, "starts")]


LESSON = TemplateRow(2, None, "8Б", 0, 1, "Алгебра", "21", "Лисина О.С.")
ELSEWHERE = replace(LESSON, row=3, school_class="9А", room="30")


@pytest.mark.parametrize(("other", "expected"), [
    (ELSEWHERE, ("teacher_clash", 3, "teacher", "8Б")),
    (replace(ELSEWHERE, room="21"), ("teacher_clash", 3, "teacher", "8Б")),
    (replace(ELSEWHERE, teacher="Шарова В.Л.", room="21"), ("room_clash", 3, "room", "8Б")),
    (replace(ELSEWHERE, teacher=None, room="21", column=4), ("room_clash", 3, 4, "8Б")),
    (replace(LESSON, row=3, subject="Физика", teacher=None), ("class_clash", 3, "number", "8Б")),
    (replace(LESSON, row=3), ("class_clash", 3, "number", "8Б")),
    (replace(LESSON, row=3, room="30"), ("teacher_clash", 3, "teacher", "8Б")),
    (replace(LESSON, row=3, room="30", teacher="Шарова В.Л."), None),
    (replace(ELSEWHERE, number=2), None),
    (replace(ELSEWHERE, teacher=None), None),
    (replace(ELSEWHERE, teacher=None, room=None), None),
])  # fmt: skip
async def test_two_lessons_at_one_time_are_told(
    school: School, other: TemplateRow, expected: tuple[str, int, int | str, str] | None
) -> None:
    """One teacher, room or class twice at once is a misprint or a joint lesson: entered, and a person hears of it."""
    async with school.open_uow() as uow:
        await uow.year.ensure_group(GroupKind.CLASS, "9А", "9а")
        await uow.commit()
    result = await imported(school, file(LESSON, other))
    assert result.ok
    told = [(each.reason, each.row, each.column, dict(each.facts)["other_class"]) for each in result.files[0].doubts]
    assert told == ([expected] if expected else [])
    assert (await imported(school, file(LESSON, other))).files[0].doubts == ()


async def test_groups_of_one_class_share_a_time(school: School) -> None:
    """Two groups in two rooms are what groups are for; one teacher in both rooms is not."""
    async with school.open_uow() as uow:
        subject = (await uow.year.ensure_subjects({"английский": "Английский"}))["английский"]
        for name, key in (("Англ 1", "англ 1"), ("Англ 2", "англ 2")):
            await uow.year.ensure_group(GroupKind.STUDY_GROUP, name, key, subject_id=subject)
        await uow.commit()
    first = replace(LESSON, subject="Английский", group="Англ 1")
    second = replace(first, row=3, room="30", teacher="Шарова В.Л.", group="Англ 2")
    assert (await imported(school, file(first, second))).files[0].doubts == ()
    [doubt] = (await imported(school, file(first, replace(second, teacher=first.teacher)))).files[0].doubts
    assert (doubt.reason, doubt.row) == ("teacher_clash", 3)


async def test_two_weeks_do_not_clash(school: School, store_url: str) -> None:
    """A teacher may be elsewhere in the other week; a lesson of every week meets both (contracts)."""
    engine = create_database_engine(store_url)
    school = replace(school, family=replace(school.family, open_uow=unit_of_work_factory(engine, odd_week=MONDAY)))
    odd, even = replace(LESSON, week=Week.ODD), replace(ELSEWHERE, week=Week.EVEN)
    assert {each.reason for each in (await imported(school, file(odd, even))).files[0].doubts} == {"class_new"}
    [doubt] = (await imported(school, file(odd, ELSEWHERE))).files[0].doubts
    assert doubt.reason == "teacher_clash"
    await engine.dispose()


async def test_classes_of_two_shifts_do_not_clash(school: School) -> None:
    """The first lesson of the second shift is in the afternoon, whatever its number says (Q16)."""
    shift = [BellRow(2, "2 смена", 1, time(13), time(13, 40), "9А")]
    async with school.open_uow() as uow:
        await uow.year.ensure_group(GroupKind.CLASS, "9А", "9а")
        await uow.commit()
    result = await imported(school, file(LESSON, ELSEWHERE, *shift))
    assert (result.ok, result.files[0].doubts) == (True, ())


async def test_a_new_class_among_known_ones_is_told(school: School) -> None:
    """«8ББ» is entered, since a timetable may come before its students, but a person hears of it (Q134)."""
    result = await imported(school, file(WEEK[1], *(replace(WEEK[at], school_class="8ББ", row=at) for at in (2, 3))))
    assert result.files[0].doubts == (Problem("Лист1", 2, "class", "8ББ", "class_new"),)
    [doubt] = (await imported(school, file(TemplateRow(7, 5, "8В", 0, 1, "Алгебра")))).files[0].doubts
    assert (doubt.row, doubt.column) == (7, 5)


async def test_a_class_is_found_with_and_without_the_word(school: School) -> None:
    """«9 класс» of a list and «9» of a timetable are one class."""
    for name in ("9 класс", "9", "9-й класс"):
        result = await imported(school, file(replace(WEEK[1], school_class=name)))
        assert result.files[0].counts.classes == (name == "9 класс")


async def test_only_the_office_imports(school: School) -> None:
    """A teacher has no way to overwrite the week (Q14)."""
    async with school.open_uow() as uow:
        teacher = Actor(school.lisina, frozenset({Role.TEACHER}))
        with pytest.raises(NotAllowedError):
            await import_timetable_tables(uow, teacher, [file(*WEEK)], now=NOW, policy=Policy())
