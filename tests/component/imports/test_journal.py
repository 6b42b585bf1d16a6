"""The e-journal's reports come into the gradebook, and families hear of what is new in them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from core.actions.imports import journal as journal_import
from core.actions.imports import people as people_import
from core.actions.imports.journal import JournalResult
from core.actions.marks import lookup as marks_lookup
from core.errors import NotAllowedError
from core.model.delivery.obligations import PublishedNotice
from core.model.imports.reports import (
    DiaryLesson,
    JournalReport,
    PrintedTerm,
    Problem,
    ReadFile,
    ReportKind,
    SubjectReport,
)
from core.model.marks.entries import Entry
from core.model.notices.facts import Notice
from core.model.notices.family import (
    AbsenceChanged,
    AbsenceRecorded,
    FinalMarkSet,
    MarkChanged,
    MarkRecorded,
    MarkWithdrawn,
)
from core.model.people import SYSTEM, Actor, Role
from core.model.results.closings import TermClosing
from core.ports import UnitOfWorkFactory
from core.rules.access import Everything
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_name
from tests.support.schools.files import (
    ANNA,
    MOTHER,
    PYOTR,
    VERA,
    entry,
    file,
    finals,
    grades,
    guardian,
    people,
    report,
    student,
)

FIRST_DAY, SECOND_DAY = datetime(2026, 11, 16, 12, tzinfo=UTC), datetime(2026, 11, 17, 12, tzinfo=UTC)
QUIET_WEEK = {"Алгебра": {9: "5", 10: "4", 11: "4", 12: "3"}, "Физика": {9: "УП", 10: "3", 11: "5", 12: "4"}}


def november(day: int) -> date:
    return date(2026, 11, day)


@pytest.fixture
async def school(open_uow: UnitOfWorkFactory) -> UnitOfWorkFactory:
    """An eighth-grader with a mother, the sister in the first grade, and a namesake pair."""
    rows = (
        student(),
        student(VERA, "1А"),
        student(ANNA, "8Б", birth_date=date(2012, 5, 1)),
        student(ANNA, "7А", birth_date=date(2013, 6, 2)),
        guardian(),
    )
    async with open_uow() as uow:
        assert (await people_import.import_people(uow, SYSTEM, [people(*rows)], now=FIRST_DAY, policy=Policy())).ok
    return open_uow


async def imported(open_uow: UnitOfWorkFactory, *files: ReadFile, now: datetime = FIRST_DAY) -> JournalResult:
    async with open_uow(reading=True) as uow:
        return await journal_import.import_journal(uow, SYSTEM, files, now=now, policy=Policy())


async def journal(open_uow: UnitOfWorkFactory, name: str = PYOTR) -> list[tuple[str, int, str]]:
    """Subject, day of November and value of all entries in force."""
    return [(subject, each.on.day, each.value) for each, subject in await entries(open_uow, name)]


async def entries(open_uow: UnitOfWorkFactory, name: str = PYOTR) -> Sequence[tuple[Entry, str]]:
    async with open_uow(reading=True) as uow:
        (person, *_) = await uow.people.named([normal_name(name)])
        return await uow.marks.entries(person.id, Everything(), since=november(1), until=november(30))


async def notices(open_uow: UnitOfWorkFactory) -> list[Notice]:
    return [each.notice for each in await published(open_uow)]


async def published(open_uow: UnitOfWorkFactory) -> Sequence[PublishedNotice]:
    async with open_uow(reading=True) as uow:
        return await uow.outbox.unplanned(1000)


def reasons(result: JournalResult) -> list[str]:
    assert not result.ok
    return [problem.reason for each in result.files for problem in each.problems]


async def test_a_students_first_file_is_silent(school: UnitOfWorkFactory) -> None:
    """The first import records history and tells nobody about it (Q90)."""
    result = await imported(school, file(report(QUIET_WEEK)))
    assert result.files[0].counts.recorded == 8
    assert ("Физика", 9, "УП") in await journal(school)
    assert await notices(school) == []


async def test_days_to_come_are_imported_and_doubted(school: UnitOfWorkFactory) -> None:
    """A slip of the pen in a date is said, and the file is imported: only the school knows what is meant (Q134)."""
    result = await imported(school, file(report({"Алгебра": {16: "5", 20: "4", 27: "3"}})))
    facts = (("count", "2"), ("days", "20.11.2026 – 27.11.2026"), ("place", "8Б, Алгебра"))
    assert (result.ok, result.files[0].counts.recorded) == (True, 3)
    assert [(each.reason, each.facts) for each in result.files[0].doubts] == [("dates_ahead", facts)]


async def test_marks_of_days_without_lessons_are_doubted(school: UnitOfWorkFactory) -> None:
    """A Sunday, and a day between two quarters; the days behind the last known quarter may be school days."""
    async with school() as uow:
        year = await uow.year.ensure_year(november(1))
        await uow.year.put_period(year, "1 четверть", starts_on=date(2026, 9, 1), ends_on=november(3))
        await uow.year.put_period(year, "2 четверть", starts_on=november(9), ends_on=november(11))
        await uow.commit()
    result = await imported(school, file(report({"Алгебра": {3: "5", 5: "4", 10: "5", 12: "5", 15: "3"}})))
    facts = (("count", "2"), ("days", "05.11.2026 – 15.11.2026"), ("place", "8Б, Алгебра"))
    assert [(each.reason, each.facts) for each in result.files[0].doubts] == [("dates_free", facts)]


async def test_marks_of_another_school_year_are_doubted(school: UnitOfWorkFactory) -> None:
    """«2026» for «2027» is as likely as an old journal."""
    later = datetime(2027, 9, 10, 12, tzinfo=UTC)
    result = await imported(school, file(report({"Алгебра": {16: "5"}})), now=later)
    assert [each.reason for each in result.files[0].doubts] == ["dates_before"]


async def test_the_next_file_tells_what_is_new(school: UnitOfWorkFactory) -> None:
    """A mark recorded, changed, withdrawn, an absence recorded and one with another reason: a notice each (Q38)."""
    await imported(school, file(report(QUIET_WEEK)))
    algebra = {9: "5", 10: "5", 11: "4", 16: "4 НП"}
    physics = {9: "Б", 10: "3", 11: "5", 12: "4"}
    result = await imported(school, file(report({"Алгебра": algebra, "Физика": physics})), now=SECOND_DAY)
    counts = result.files[0].counts
    assert (counts.recorded, counts.changed, counts.withdrawn, counts.total) == (2, 2, 1, 5)
    assert set(await notices(school)) == {
        MarkRecorded("Алгебра", november(16), "4"),
        AbsenceRecorded("Алгебра", november(16), "НП"),
        MarkChanged("Алгебра", november(10), "4", "5"),
        MarkWithdrawn("Алгебра", november(12), "3"),
        AbsenceChanged("Физика", november(9), "УП", "Б"),
    }
    assert {each.received_at for each in await published(school)} == {SECOND_DAY}
    assert ("Алгебра", 12, "3") not in await journal(school)


async def test_an_absence_that_was_none_is_told_as_such(school: UnitOfWorkFactory) -> None:
    """A withdrawn absence is a changed one without a value."""
    await imported(school, file(report(QUIET_WEEK)))
    present = QUIET_WEEK | {"Физика": {10: "3", 11: "5", 12: "4"}}
    await imported(school, file(report(present)), now=SECOND_DAY)
    assert await notices(school) == [AbsenceChanged("Физика", november(9), "УП", None)]


async def test_the_same_files_again_leave_the_database_unchanged(
    school: UnitOfWorkFactory, dump: Callable[[], list[str]]
) -> None:
    """Importing a folder twice: the second run reports no changes and not a row differs (Q100)."""
    files = [
        file(report(QUIET_WEEK)),
        file(grades("Алгебра", entry(9, "5", "Дроби", "10"))),
        file(finals(PrintedTerm("1 четверть", Decimal("4.25"), "4"))),
        file(diary()),
    ]
    await imported(school, *files)
    before = dump()
    again = await imported(school, *files, now=SECOND_DAY)
    assert [each.counts.total for each in again.files] == [0, 0, 0, 0]
    assert dump() == before


async def test_a_changed_file_leaves_one_audit_line(school: UnitOfWorkFactory) -> None:
    """The line has the file's hash and its counts, never its name; the import row keeps the same (contracts)."""
    first = file(report(QUIET_WEEK), name=f"{PYOTR}.html")
    await imported(school, first, first)
    async with school(reading=True) as uow:
        line, *earlier = await uow.audit.lines(limit=10)
    assert [each.action for each in earlier] == ["people_imported"]
    assert line.action == "journal_imported"
    assert line.facts["sha256"] == first.sha256
    assert (line.facts["recorded"], line.facts["changed"], line.facts["withdrawn"]) == (8, 0, 0)
    assert PYOTR not in str(line.facts)


async def test_a_report_that_lacks_many_marks_withdraws_none(school: UnitOfWorkFactory) -> None:
    """With five of eight known entries present nothing is called withdrawn, what is new is still told (Q90)."""
    await imported(school, file(report(QUIET_WEEK)))
    poor = {"Алгебра": {9: "5", 10: "4", 16: "2"}, "Физика": {9: "УП", 10: "3", 11: "5"}}
    result = await imported(school, file(report(poor)), now=SECOND_DAY)
    assert result.files[0].counts.withdrawn == 0
    doubts = [(each.reason, each.facts) for each in result.files[0].doubts]
    assert doubts == [("marks_kept", (("students", "1"), ("count", "3")))]
    assert await notices(school) == [MarkRecorded("Алгебра", november(16), "2")]
    assert len(await journal(school)) == 9


async def test_a_richer_report_adds_topics_and_no_second_mark(school: UnitOfWorkFactory) -> None:
    """The report of a subject brings topic and weight to marks that StudentTotal recorded (contracts)."""
    await imported(school, file(report(QUIET_WEEK)))
    result = await imported(school, file(grades("Алгебра", entry(9, "5", "Дроби", "10"))), now=SECOND_DAY)
    assert (result.files[0].counts.enriched, result.files[0].counts.recorded) == (1, 0)
    assert len(await journal(school)) == 8
    (five,) = [each for each, subject in await entries(school) if subject == "Алгебра" and each.on == november(9)]
    assert (five.topic, five.weight, five.version) == ("Дроби", Decimal(10), 1)
    assert await notices(school) == []


async def test_all_files_of_a_first_set_are_silent(school: UnitOfWorkFactory) -> None:
    """Fifteen subjects in fifteen files are one first import: the second file of the set is no news either (Q90)."""
    await imported(school, file(grades("Алгебра", entry(9, "5"))), file(grades("Физика", entry(9, "4"))))
    assert await notices(school) == []
    await imported(school, file(grades("Физика", entry(9, "4"), entry(10, "3", "Оптика"))), now=SECOND_DAY)
    assert await notices(school) == [MarkRecorded("Физика", november(10), "3", None, "Оптика")]


async def test_another_kind_of_report_cannot_withdraw_a_mark(school: UnitOfWorkFactory) -> None:
    """A mark that StudentTotal created stays although the known report of the subject lacks it (contracts)."""
    one_subject = file(grades("Алгебра", entry(9, "5"), entry(10, "4"), entry(11, "4")))
    await imported(school, file(report(QUIET_WEEK)), one_subject)
    result = await imported(school, one_subject, now=SECOND_DAY)
    assert result.files[0].counts.total == 0
    assert ("Алгебра", 12, "3") in await journal(school)


async def test_the_broadest_report_of_a_set_creates_the_marks(school: UnitOfWorkFactory) -> None:
    """Whatever the files' order, the marks are StudentTotal's, so that its next file can withdraw one (contracts)."""
    one_subject = file(grades("Алгебра", *(entry(day, cell) for day, cell in QUIET_WEEK["Алгебра"].items())))
    result = await imported(school, one_subject, ReadFile("empty.html", "00"), file(report(QUIET_WEEK)))
    assert [each.counts.recorded for each in result.files] == [0, 0, 8]
    shorter = QUIET_WEEK | {"Алгебра": {9: "5", 10: "4", 11: "4"}}
    await imported(school, file(report(shorter)), now=SECOND_DAY)
    assert await notices(school) == [MarkWithdrawn("Алгебра", november(12), "3")]


async def test_reports_of_one_student_in_one_file_are_one(school: UnitOfWorkFactory) -> None:
    """A student spelled in two ways in a table is one student, and the day's two marks are two marks."""
    table = [
        report({"Алгебра": {9: "5"}}, name, "8Б", kind=ReportKind.TABLE, period=None)
        for name in (PYOTR, "елкин петр ильич")
    ]
    await imported(school, file(*table))
    assert await journal(school) == [("Алгебра", 9, "5"), ("Алгебра", 9, "5")]


async def test_a_table_speaks_of_the_days_and_subjects_of_all_its_rows(school: UnitOfWorkFactory) -> None:
    """A mark that vanished from a table is withdrawn, though its student has no other on that day or in the subject."""
    algebra = dict.fromkeys(range(9, 13), "5")
    mine = report({"Алгебра": algebra, "Физика": {13: "2"}}, kind=ReportKind.TABLE, period=None)
    other = report({"Физика": {13: "4"}}, ANNA, "7А", kind=ReportKind.TABLE, period=None)
    await imported(school, file(mine, other))
    shorter = report({"Алгебра": algebra}, kind=ReportKind.TABLE, period=None)
    await imported(school, file(shorter, other), now=SECOND_DAY)
    assert await notices(school) == [MarkWithdrawn("Физика", november(13), "2")]


async def test_one_bad_file_stops_the_whole_set(school: UnitOfWorkFactory, dump: Callable[[], list[str]]) -> None:
    """With one fault in one file nothing of any file is written, subjects included (Q101)."""
    before = dump()
    fault = Problem(None, 3, 4, "7", "unknown_token")
    result = await imported(school, file(report(QUIET_WEEK)), ReadFile("bad.html", "00", problems=(fault,)))
    assert reasons(result) == ["unknown_token"]
    assert [bool(each.problems) for each in result.files] == [False, True]
    assert dump() == before


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (report({}, "Зимин Олег Львович"), "unknown_student"),
        (report({}, None, None), "student_missing"),
        (report({}, ANNA, None), "ambiguous_student"),
        (report({}, PYOTR, "7А"), "student_in_other_class"),
        (report({}, "Eлкин Пётр Ильич"), "look_alike_student"),
        (grades(None, entry(9, "5")), "subject_missing"),
        (report({"Чтение": {9: "УП", 10: "5"}}, VERA, "1А"), "first_grade"),
        (replace(finals(PrintedTerm("год", None, "5")), student=VERA, school_class="1А"), "first_grade"),
    ],
)
async def test_what_only_a_person_can_decide_is_a_problem(
    school: UnitOfWorkFactory, bad: JournalReport, reason: str
) -> None:
    """Students in doubt, a subject without a name, a first-grader's marks: a line with the place (Q26, Q101)."""
    result = await imported(school, file(replace(bad, sheet="Лист1", row=5)))
    assert reasons(result) == [reason]
    problem = result.files[0].problems[0]
    assert (problem.sheet, problem.row) == ("Лист1", 5)
    assert dict(problem.facts).get("classes", "8Б") == "8Б", "where the class is wrong, the right one is told"
    assert problem.value in {None, "5"}


async def test_a_first_graders_absences_are_recorded(school: UnitOfWorkFactory) -> None:
    """Words and absences are no marks: the first grade has them (Q26)."""
    assert (await imported(school, file(report({"Чтение": {9: "УП"}}, VERA, "1А")))).ok
    assert await journal(school, VERA) == [("Чтение", 9, "УП")]


async def test_final_marks_are_owed_from_the_moment_they_arrive(school: UnitOfWorkFactory) -> None:
    """A new final and a changed one are each a notice received now; printed averages move silently (R6, Q74)."""
    first, second, average = (
        PrintedTerm(f"{number} четверть", None, mark) for number, mark in [(1, "4"), (2, None), (3, None)]
    )
    await imported(school, file(finals(first, second, average)))
    assert await notices(school) == []
    later = finals(replace(first, final="5"), replace(second, final="3"), replace(average, average=Decimal("4.33")))
    result = await imported(school, file(later), now=SECOND_DAY)
    assert result.files[0].counts.terms == 3
    assert await notices(school) == [
        FinalMarkSet("Алгебра", "1 четверть", "5", "4"),
        FinalMarkSet("Алгебра", "2 четверть", "3", None),
    ]
    facts = [each.fact for each in await published(school)]
    assert len(set(facts)) == 2
    assert all(fact.startswith("period_mark:") for fact in facts)
    assert {each.received_at for each in await published(school)} == {SECOND_DAY}


async def test_a_final_that_changes_twice_is_one_fact_with_two_notices(school: UnitOfWorkFactory) -> None:
    """The later notice bears the same fact, so that it supersedes the earlier (Q74)."""
    await imported(school, file(finals()))
    for mark in ("3", "4"):
        await imported(school, file(finals(PrintedTerm("Год", None, mark))), now=SECOND_DAY)
    first, second = await published(school)
    assert first.fact == second.fact
    assert second.notice == FinalMarkSet("Алгебра", "Год", "4", "3")


async def test_a_missing_final_annuls_nothing(school: UnitOfWorkFactory) -> None:
    """A report that leaves a final or an average empty changes neither."""
    await imported(school, file(finals(PrintedTerm("1 четверть", Decimal("4.5"), "5"))))
    result = await imported(school, file(finals(PrintedTerm("1 Четверть", None, None))), now=SECOND_DAY)
    assert result.files[0].counts.total == 0


async def test_a_closed_term_takes_no_other_final_mark(school: UnitOfWorkFactory) -> None:
    """It is kept and said with its place; the rest of the file is imported, and a reopened term takes it (Q67)."""
    first, second = PrintedTerm("1 четверть", None, "4"), PrintedTerm("2 четверть", None, None)
    await imported(school, file(finals(first, second)))
    async with school() as uow:
        year = await uow.year.ensure_year(november(9))
        await uow.closings.add(TermClosing(0, year, "I четверть", True, FIRST_DAY, None, None))  # noqa: FBT003  # closed
        await uow.commit()
    later = finals(replace(first, final="5"), replace(second, final="3"))
    result = await imported(school, file(later), now=SECOND_DAY)
    assert (result.ok, result.files[0].counts.terms) == (True, 1)
    assert [each.reason for each in result.files[0].doubts] == ["term_kept"]
    assert await notices(school) == [FinalMarkSet("Алгебра", "2 четверть", "3", None)]
    async with school() as uow:
        await uow.closings.add(TermClosing(0, year, "1 четверть", False, SECOND_DAY, None, "ошибка"))  # noqa: FBT003  # open
        await uow.commit()
    again = await imported(school, file(later), now=SECOND_DAY)
    assert (again.files[0].counts.terms, again.files[0].doubts) == (1, ())


async def test_terms_without_a_period_belong_to_the_year_of_their_days(school: UnitOfWorkFactory) -> None:
    """A report without a period is of the year of its last day, and without days of the present one."""
    dated = replace(report({"Алгебра": {9: "5"}}, period=None), subjects=())
    algebra = SubjectReport("Алгебра", (entry(9, "5"),), (PrintedTerm(None, Decimal(5), None),))
    await imported(school, file(replace(dated, subjects=(algebra,))), now=datetime(2027, 10, 1, tzinfo=UTC))
    undated = replace(finals(PrintedTerm("1 четверть", None, "4")), period=None)
    await imported(school, file(undated), now=datetime(2027, 3, 1, tzinfo=UTC))
    async with school() as uow:
        year = await uow.year.ensure_year(november(9))
        (person,) = await uow.people.named([normal_name(PYOTR)])
        kept = await uow.results.finals(person.id, Everything(), year_id=year)
    assert [(mark.term, mark.average, mark.value) for mark, _ in kept] == [
        ("", Decimal(5), None),
        ("1 четверть", None, "4"),
    ]


def diary(school_class: str = "8Б", name: str = PYOTR) -> JournalReport:
    """A Monday with algebra and its homework."""
    lesson = DiaryLesson(november(9), 1, time(8, 30), time(9, 15), "21", "Алгебра", ("№ 214, 215",), "Дроби")
    subjects = (SubjectReport("Алгебра", (entry(9, "5"),)),)
    week = (november(9), november(15))
    return JournalReport(ReportKind.DIARY, name, school_class, week, subjects, lessons=(lesson,))


async def test_a_diary_brings_lessons_and_homework_to_the_class(school: UnitOfWorkFactory) -> None:
    """What one student's diary says of lessons holds for the class; a second diary of the class adds nothing (Q23)."""
    first = await imported(school, file(diary()))
    assert first.files[0].counts.lessons == 2
    again = await imported(school, file(diary(name=ANNA)))
    assert again.files[0].counts.lessons == 0
    async with school(reading=True) as uow:
        (person,) = await uow.people.named([normal_name(PYOTR)])
        (given,) = await uow.schoolwork.homework(person.id, Everything(), since=november(9), until=november(9))
    assert given.homework.text == "№ 214, 215"


async def test_a_diary_of_a_student_without_a_class_brings_marks_only(open_uow: UnitOfWorkFactory) -> None:
    """There is no class to put the lessons in."""
    async with open_uow() as uow:
        person_id = await uow.people.add(PYOTR, normal_name(PYOTR))
        await uow.people.add_student(person_id, leaves_on=None)
        await uow.commit()
    result = await imported(open_uow, file(replace(diary(), school_class=None)))
    assert (result.files[0].counts.recorded, result.files[0].counts.lessons) == (1, 0)


async def test_progress_is_told_in_reports(school: UnitOfWorkFactory) -> None:
    """Whoever watches sees how many reports of how many are done (Q101)."""
    seen: list[tuple[int, int]] = []
    files = [file(report(QUIET_WEEK)), file(report({"Алгебра": {9: "5"}}, ANNA, "8Б"))]
    async with school() as uow:
        await journal_import.import_journal(
            uow, SYSTEM, files, now=FIRST_DAY, policy=Policy(), on_progress=lambda *done: seen.append(done)
        )
    assert seen == [(1, 2), (2, 2)]


@pytest.mark.parametrize("cells", [1, 2])
async def test_a_large_file_is_written_in_parts(
    school: UnitOfWorkFactory, monkeypatch: pytest.MonkeyPatch, cells: int
) -> None:
    """Students go in by as many as fit one bulk write, the last part included."""
    monkeypatch.setattr("core.actions.imports.report_parts.CHUNK", cells)
    reports = [report({"Алгебра": {9: "5", 10: "4"}}), report({"Алгебра": {9: "3"}}, ANNA, "8Б")]
    result = await imported(school, file(*reports))
    assert result.files[0].counts.recorded == 3


@pytest.mark.parametrize("role", [Role.TEACHER, Role.CLASS_TEACHER, Role.GUARDIAN, Role.STUDENT])
async def test_only_the_office_imports_journals(school: UnitOfWorkFactory, role: Role) -> None:
    """Teachers and families cannot bring a file in (Q14)."""
    async with school() as uow:
        with pytest.raises(NotAllowedError):
            await journal_import.import_journal(uow, Actor(1, frozenset({role})), [], now=FIRST_DAY, policy=Policy())


async def test_a_mother_reads_her_child_and_nobody_elses(school: UnitOfWorkFactory) -> None:
    """The family's scope opens own children; another child's journal is empty to it (Q14)."""
    files = [file(report(QUIET_WEEK)), file(report({"Алгебра": {9: "5"}}, ANNA, "8Б"))]
    await imported(school, *files)
    async with school(reading=True) as uow:
        (person,) = await uow.people.named([normal_name(MOTHER)])
        mother = Actor(person.id, frozenset({Role.GUARDIAN}))
        (child,) = await marks_lookup.look_up_children(uow, mother, on=november(16))
        assert child.name == PYOTR
        own, other = [
            await marks_lookup.look_up_marks(
                uow, mother, student_id=each.id, since=november(1), until=november(30), on=november(16)
            )
            for each in (child, (await uow.people.named([normal_name(ANNA)]))[0])
        ]
    assert len(own) == 8
    assert other == []
