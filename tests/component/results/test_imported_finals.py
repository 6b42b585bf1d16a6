"""Final marks of a class come from a table or matrix, and families hear of what is new in them."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from core.actions.delivery import fan_out
from core.actions.imports import journal, people
from core.actions.imports import results as finals_import
from core.actions.imports.results import FinalsResult
from core.errors import NotAllowedError
from core.model.delivery.obligations import PublishedNotice
from core.model.imports.finals import FinalsKind
from core.model.imports.reports import PrintedTerm, Problem, ReadFile
from core.model.notices.facts import Notice
from core.model.notices.family import FinalMarkSet
from core.model.people import SYSTEM, Actor, Role
from core.model.results.closings import TermClosing
from core.model.results.deferrals import Deferral, DeferralEnd
from core.model.results.period_marks import PeriodMark
from core.ports import UnitOfWorkFactory
from core.rules.access import Everything
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_name
from storage.database.engine import create_database_engine
from storage.schema.results import period_mark_version
from tests.support.schools.files import ANNA, FATHER, PYOTR, VERA, file, guardian, report, signed, student
from tests.support.schools.files import finals as printed_finals
from tests.support.schools.files import people as lists
from tests.support.schools.finals import FIRST, SECOND, final, finals_file, finals_of

NOW = datetime(2026, 11, 9, 12, tzinfo=UTC)
TODAY = NOW.date()
LATER = NOW + timedelta(days=1)
TWO_MARKS = {"Алгебра": "5", "Физика": "4"}


@pytest.fixture
async def school(open_uow: UnitOfWorkFactory) -> UnitOfWorkFactory:
    """An eighth-grader with two parents, the sister in the first grade, a namesake pair, and the first quarter."""
    rows = (
        student(),
        student(VERA, "1А"),
        student(ANNA, "8Б", birth_date=date(2012, 5, 1)),
        student(ANNA, "7А", birth_date=date(2013, 6, 2)),
        guardian(email="mother@example.org", **signed("1")),
        guardian(FATHER, relation="отец", email="father@example.org", **signed("2")),
    )
    async with open_uow() as uow:
        assert (await people.import_people(uow, SYSTEM, [lists(*rows)], now=NOW, policy=Policy())).ok
    async with open_uow() as uow:
        year_id = await uow.year.ensure_year(TODAY)
        await uow.year.put_period(year_id, "I четверть", starts_on=date(2026, 9, 1), ends_on=date(2026, 10, 25))
        await uow.commit()
    return open_uow


async def imported(
    open_uow: UnitOfWorkFactory, *files: ReadFile, now: datetime = NOW, made_in: str = "journal"
) -> FinalsResult:
    async with open_uow(reading=True) as uow:
        return await finals_import.import_final_results(uow, SYSTEM, files, now=now, policy=Policy(), made_in=made_in)


async def known(open_uow: UnitOfWorkFactory, name: str = PYOTR, *, on: date = TODAY) -> list[PeriodMark]:
    """A student's final marks of the school year of a date, by subject."""
    async with open_uow(reading=True) as uow:
        (person, *_) = await uow.people.named([normal_name(name)])
        year_id = await uow.year.year(on)
        assert year_id is not None
        return [mark for mark, _ in await uow.results.finals(person.id, Everything(), year_id=year_id)]


async def values(open_uow: UnitOfWorkFactory) -> list[tuple[str, str | None]]:
    return [(mark.term, mark.value) for mark in await known(open_uow)]


async def published(open_uow: UnitOfWorkFactory) -> Sequence[PublishedNotice]:
    async with open_uow(reading=True) as uow:
        return await uow.outbox.unplanned(1000)


async def told(open_uow: UnitOfWorkFactory) -> list[Notice]:
    return [each.notice for each in await published(open_uow)]


def problems(result: FinalsResult) -> list[Problem]:
    assert not result.ok
    return [problem for each in result.files for problem in each.problems]


def places(result: FinalsResult) -> list[tuple[str, int | str | None, int | str | None]]:
    return [(problem.reason, problem.row, problem.column) for problem in problems(result)]


async def test_both_parents_of_a_pupil_are_owed_the_marks_of_a_matrix(school: UnitOfWorkFactory) -> None:
    """Two marks and two parents are four obligations, due 24 hours after the import (R6, Q70, Q71)."""
    result = await imported(school, finals_of(TWO_MARKS))
    assert result.files[0].counts.recorded == 2
    async with school() as uow:
        await fan_out.fan_out_all_notices(uow, now=NOW, policy=Policy())
    async with school(reading=True) as uow:
        owed = await uow.outbox.obligations()
    assert len(owed) == 4
    assert {each.person for each in owed} == {"Ёлкина Ольга Сергеевна", FATHER}
    assert {(each.obligation.received_at, each.obligation.due) for each in owed} == {(NOW, NOW + timedelta(hours=24))}


async def test_a_mark_is_kept_under_the_name_of_the_schools_period(school: UnitOfWorkFactory) -> None:
    """«1 четв.» of a file is the school's «I четверть», a term without a period has its usual name (Q36)."""
    marks = finals_file(final("5", term="1 четв."), final("4", term="2 полуг."), final("5", term="year"))
    assert (await imported(school, marks)).ok
    assert sorted(await values(school)) == [("2 полугодие", "4"), ("I четверть", "5"), ("year", "5")]


async def test_a_mark_that_the_journal_printed_is_the_same_mark(school: UnitOfWorkFactory) -> None:
    """A report of the journal wrote «1 Четверть»; the matrix changes that mark and adds no second one (Q38)."""
    async with school(reading=True) as uow:
        reports = file(printed_finals(PrintedTerm("1 Четверть", None, "4")))
        assert (await journal.import_journal(uow, SYSTEM, [reports], now=NOW, policy=Policy())).ok
    assert (await imported(school, finals_of({"Алгебра": "4"}), now=LATER)).files[0].counts.total == 0
    assert (await imported(school, finals_of({"Алгебра": "5"}), now=LATER)).files[0].counts.changed == 1
    assert [value for _, value in await values(school)] == ["5"]


async def test_the_same_file_again_changes_nothing(school: UnitOfWorkFactory, dump: Callable[[], list[str]]) -> None:
    """Equal marks make no version, no notice and no audit line (Q100)."""
    await imported(school, finals_of(TWO_MARKS))
    before = dump()
    again = await imported(school, finals_of(TWO_MARKS), now=LATER)
    assert again.files[0].counts.total == 0
    assert dump() == before


async def test_another_mark_is_a_new_version_with_its_own_day(school: UnitOfWorkFactory) -> None:
    """The family reads what the mark was and what it is, and the 24 hours begin again (Q38, Q74)."""
    await imported(school, finals_of(TWO_MARKS))
    result = await imported(school, finals_of(TWO_MARKS | {"Физика": "5"}), now=LATER)
    (physics,) = [mark for mark in await known(school) if mark.value == "5" and mark.version > 1]
    assert (result.files[0].counts.changed, physics.version, physics.received_at) == (1, 2, LATER)
    assert (await published(school))[-1].notice == FinalMarkSet(
        "Физика", "I четверть", "5", before="4", subject_id=physics.subject_id
    )


async def test_a_mark_of_an_earlier_year_is_history(school: UnitOfWorkFactory) -> None:
    """Last year's marks of the class 7Б are those of today's 8Б; they are kept, and nobody is told (Q57, Q90)."""
    past = final("4", term="year", school_class="7Б", school_year=date(2025, 9, 1))
    result = await imported(school, finals_file(past, kind=FinalsKind.TABLE))
    counts = result.files[0].counts
    assert (counts.history, counts.recorded) == (1, 0)
    assert await told(school) == []
    assert [(mark.term, mark.value) for mark in await known(school, on=date(2025, 10, 1))] == [("year", "4")]


async def test_a_long_ended_period_is_history_but_its_corrections_are_news(school: UnitOfWorkFactory) -> None:
    """Whoever begins in January tells nobody of October; a mark that then changes is told (Q90, Q74)."""
    january = datetime(2027, 1, 15, 9, tzinfo=UTC)
    assert (await imported(school, finals_of(TWO_MARKS), now=january)).files[0].counts.history == 2
    assert await told(school) == []
    corrected = await imported(school, finals_of(TWO_MARKS | {"Физика": "5"}), now=january + timedelta(days=1))
    assert corrected.files[0].counts.changed == 1
    assert len(await told(school)) == 1


async def test_a_comment_of_the_long_table_is_kept_with_the_version(school: UnitOfWorkFactory, store_url: str) -> None:
    """Why a mark differs from the proposal is part of its history (Q55)."""
    await imported(school, finals_file(final(comment="Олимпиада"), kind=FinalsKind.TABLE))
    assert await comments(store_url) == ["Олимпиада"]


async def comments(url: str) -> list[str | None]:
    engine = create_database_engine(url)
    async with engine.connect() as connection:
        found = list(await connection.scalars(select(period_mark_version.c.comment)))
    await engine.dispose()
    return found


async def test_one_unknown_pupil_refuses_the_set(school: UnitOfWorkFactory, dump: Callable[[], list[str]]) -> None:
    """The name's place is told once, however many marks the row has, and nothing of the set is written (Q101)."""
    before = dump()
    stranger = [final(mark, "Алгебра", term, student="Новиков Илья Петрович") for mark, term in ((
        "5", FIRST), ("4", SECOND))]  # fmt: skip
    result = await imported(school, finals_of(TWO_MARKS), finals_file(*stranger))
    assert places(result) == [("unknown_student", 7, 2)]
    assert dump() == before


async def test_two_marks_of_one_term_refuse_the_set(school: UnitOfWorkFactory) -> None:
    """Two files that disagree on a mark would leave the last one in force by chance; equal ones are no matter."""
    assert places(await imported(school, finals_of({"Алгебра": "5"}), finals_of({"Алгебра": "4"}))) == [
        ("final_twice", 7, 3)
    ]
    assert (await imported(school, finals_of(TWO_MARKS), finals_of({"Алгебра": "5"}))).ok


async def test_a_short_name_means_the_subject_that_the_school_has(school: UnitOfWorkFactory) -> None:
    """«Физ-ра» of a matrix is «Физическая культура» of the journal; a name that is new is told of (Q134)."""
    async with school(reading=True) as uow:
        marks = file(report({"Физическая культура": {9: "5"}}))
        assert (await journal.import_journal(uow, SYSTEM, [marks], now=NOW, policy=Policy())).ok
    result = await imported(school, finals_of({"Физ-ра": "5", "Химия": "4"}))
    assert [dict(doubt.facts)["subject"] for doubt in result.files[0].doubts] == ["Химия"]
    async with school(reading=True) as uow:
        assert {subject.name for subject in await uow.year.subjects()} == {"Физическая культура", "Химия"}


async def test_a_closed_term_takes_no_other_mark(school: UnitOfWorkFactory) -> None:
    """After the closing a mark that differs is refused at its place, an equal one is no matter (Q67)."""
    await imported(school, finals_of(TWO_MARKS))
    async with school() as uow:
        year_id = await uow.year.year(TODAY)
        assert year_id is not None
        await uow.closings.add(TermClosing(0, year_id, "I четверть", closed=True, at=NOW, by=None))
        await uow.commit()
    assert (await imported(school, finals_of(TWO_MARKS), now=LATER)).ok
    other = finals_of(TWO_MARKS | {"Физика": "5"})
    assert places(await imported(school, other, now=LATER)) == [("term_closed", 7, 4)]
    async with school() as uow:
        await uow.closings.add(TermClosing(0, year_id, "I четверть", closed=False, at=LATER, by=None, reason="Ошибка"))
        await uow.commit()
    assert (await imported(school, other, now=LATER)).ok


async def test_where_marks_are_made_in_the_bot_a_file_changes_none_of_this_year(school: UnitOfWorkFactory) -> None:
    """`VESTNIK_MARKS=bot`: the teacher's mark stands, but the years before Vestnik still come from files (Q57)."""
    assert places(await imported(school, finals_of({"Алгебра": "5"}), made_in="bot")) == [("made_in_bot", 7, 3)]
    past = final("4", term="year", school_class="7Б", school_year=date(2025, 9, 1))
    assert (await imported(school, finals_file(past), made_in="bot")).ok


async def test_a_mark_ends_the_deferral(school: UnitOfWorkFactory) -> None:
    """The mark that was waited for, or н/а, ends its deferral, also after closing (Q53, Q54)."""
    await imported(school, finals_of({"Химия": "3"}))
    async with school() as uow:
        year_id = await uow.year.year(TODAY)
        (pyotr, *_) = await uow.people.named([normal_name(PYOTR)])
        subjects = await uow.year.ensure_subjects({"алгебра": "Алгебра", "физика": "Физика"})
        assert year_id is not None
        for subject_id in subjects.values():
            ill = date(2026, 10, 1), date(2026, 10, 30), "справка 12", "приказ 3", date(2026, 11, 30)
            await uow.deferrals.add(Deferral(0, pyotr.id, subject_id, year_id, "I четверть", *ill, None, NOW))
        await uow.closings.add(TermClosing(0, year_id, "1 четверть", closed=True, at=NOW, by=None))
        await uow.commit()
    marks = {"Алгебра": "4", "Физика": "н/а", "Химия": "3"}
    assert places(await imported(school, finals_of(marks | {"Химия": "4"}), now=LATER)) == [("term_closed", 7, 5)]
    assert (await imported(school, finals_of(marks), now=LATER)).ok
    async with school(reading=True) as uow:
        deferrals = await uow.deferrals.deferrals(Everything(), year_id=year_id)
    assert {each.ended_as for each in deferrals} == {DeferralEnd.MARK, DeferralEnd.NOT_ASSESSED}
    assert {each.ended_at for each in deferrals} == {LATER}


async def test_a_pupil_who_left_keeps_the_marks_of_the_class(school: UnitOfWorkFactory) -> None:
    """A sheet still shows whoever left in December, with the first quarter (Q40)."""
    left = student(leaves_on=date(2026, 12, 1))
    async with school() as uow:
        assert (await people.import_people(uow, SYSTEM, [lists(left)], now=NOW, policy=Policy())).ok
    later = datetime(2026, 12, 20, 9, tzinfo=UTC)
    assert (await imported(school, finals_of(TWO_MARKS), now=later)).ok
    assert len(await known(school)) == 2


async def test_a_file_leaves_one_audit_line(school: UnitOfWorkFactory) -> None:
    """The line has the file's hash and its counts, and no name (contracts)."""
    marks = finals_of(TWO_MARKS)
    await imported(school, marks)
    async with school(reading=True) as uow:
        (line, *_) = await uow.audit.lines(limit=1)
    assert (line.action, line.facts["sha256"], line.facts["recorded"]) == ("finals_imported", marks.sha256, 2)
    assert PYOTR not in str(line.facts)


async def test_a_dry_run_writes_nothing(school: UnitOfWorkFactory, dump: Callable[[], list[str]]) -> None:
    """It finds what the import would find (Q131)."""
    before = dump()
    async with school(reading=True) as uow:
        result = await finals_import.import_final_results(
            uow, SYSTEM, [finals_of(TWO_MARKS)], now=NOW, policy=Policy(), check_only=True
        )
    assert result.files[0].counts.recorded == 2
    assert dump() == before


async def test_a_teacher_imports_no_final_marks(school: UnitOfWorkFactory) -> None:
    """Files of final marks are the office's."""
    async with school(reading=True) as uow:
        with pytest.raises(NotAllowedError):
            await finals_import.import_final_results(
                uow, Actor(1, frozenset({Role.TEACHER})), [finals_of(TWO_MARKS)], now=NOW, policy=Policy()
            )
