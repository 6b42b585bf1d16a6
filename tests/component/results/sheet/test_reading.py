"""The summary sheet over the database: who reads it, who stands in it, what was decided and corrected."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.actions.results import completeness, deferrals
from core.actions.results.deferrals import NewDeferral
from core.actions.results.final_marks import FinalMarkEditor
from core.actions.results.sheet import council, reading
from core.actions.results.sheet.council import NewCouncilDecision
from core.actions.results.sheet.reading import SheetRequest
from core.errors import DocumentDateError, EmptyDocumentError, NotAllowedError, NotFoundError
from core.model.people import SYSTEM, Actor, Role
from core.model.results.period_marks import MarkCell, NewFinalMark, PeriodMark
from core.model.results.summary_sheet import Departure, PrintedCell, SheetDifference, SummarySheet
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from core.rules.access import Everything, Family, OwnGroups
from core.rules.marks.gradebook import GradebookRules
from core.rules.people.names import normal_class_name, normal_name
from core.rules.results.proposals import ResultsPolicy
from tests.support.schools.builders import NOW, Builder
from tests.support.schools.results import put_final
from tests.support.schools.term_ends import PUPILS, TERM, TODAY, TermSchool, a_term_school

ANNA, BORIS, VIKTOR = PUPILS
IN_NOVEMBER = date(2026, 11, 10)
PROTOCOL = "7", date(2026, 11, 19)


@pytest.fixture
async def school(open_uow: UnitOfWorkFactory) -> TermSchool:
    """8Б with a mark in every cell of the first quarter."""
    school = await a_term_school(open_uow)
    async with school.open_uow() as uow:
        for pupil, subject in ((pupil, subject) for pupil in school.pupils for subject in school.subjects):
            ids = school.pupils[pupil], school.subjects[subject], school.year
            await put_final(uow, PeriodMark(0, *ids, TERM, None, "4", 1, NOW, published=True, import_id=None))
        await uow.commit()
    return school


def request(school: TermSchool, day: date = TODAY) -> SheetRequest:
    return SheetRequest(school.group, TODAY, day)


async def reads(school: TermSchool, actor: Actor | None = None, asked: SheetRequest | None = None) -> SummarySheet:
    async with school.open_uow(reading=True) as uow:
        return await reading.load_summary_sheet(uow, actor or school.deputy, asked or request(school))


async def verifies(school: TermSchool, *printed: PrintedCell) -> list[SheetDifference]:
    async with school.open_uow(reading=True) as uow:
        return list(await reading.verify_summary_sheet(uow, school.lisina, request(school), printed))


def writer(school: TermSchool, uow: object, *, later: int = 0) -> FinalMarkEditor:
    at = NOW + timedelta(hours=later)
    return FinalMarkEditor(uow, school.deputy, ResultsPolicy(), GradebookRules("bot"), at, TODAY)  # type: ignore[arg-type]


async def a_class_teacher_of_8v(school: TermSchool) -> Actor:
    async with school.open_uow() as uow:
        other = await uow.year.ensure_group(GroupKind.CLASS, "8В", normal_class_name("8В"))
        person = await uow.people.add("Котова Инна Петровна", normal_name("Котова Инна Петровна"))
        await uow.people.add_staff_role(person, Role.CLASS_TEACHER, group_id=other)
        await uow.commit()
    return Actor(person, frozenset({Role.CLASS_TEACHER}))


async def test_the_deputy_head_and_the_class_teacher_read_the_sheet(school: TermSchool) -> None:
    """With the same cells, and the names of those who sign it (Q65)."""
    sheet = await reads(school)
    assert [row.name for row in sheet.rows] == [*PUPILS]
    assert {cell.value for row in sheet.rows for cell in row.cells.values()} == {"4"}
    assert [subject.name for subject in sheet.subjects] == ["Алгебра", "Физика"]
    assert (sheet.class_teachers, sheet.deputy_heads) == (["Лисина Ольга Сергеевна"], ["Завуч Зоя Ильинична"])
    assert await reads(school, school.lisina) == sheet


async def test_nobody_else_reads_it(school: TermSchool) -> None:
    """Not who teaches the class, not who leads another; classes of earlier years were others' (Q14, Q65)."""
    with pytest.raises(NotAllowedError):
        await reads(school, school.sharova)
    with pytest.raises(NotFoundError):
        await reads(school, await a_class_teacher_of_8v(school))
    before = request(school, date(2025, 10, 1))
    with pytest.raises(NotAllowedError):
        await reads(school, school.lisina, before)
    assert (await reads(school, asked=before)).rows == []
    async with school.open_uow(reading=True) as uow:
        classes = await reading.load_sheet_classes(uow, school.lisina, on=TODAY)
    assert [each.name for each in classes] == ["8Б"]


async def test_no_other_scope_opens_a_class_in_sql(school: TermSchool) -> None:
    """A teacher's groups and a parent's children are no sheet, whatever an action forgets (Q14)."""
    scopes = OwnGroups(school.staff["sharova"], TODAY), Family(school.mother, TODAY, needs_consent=False)
    dates = {"since": date(2026, 9, 1), "until": TODAY}
    async with school.open_uow(reading=True) as uow:
        for scope in scopes:
            assert await uow.sheets.members(school.group, scope, **dates) == []
            assert await uow.sheets.histories(school.group, scope, year_id=school.year) == []
        assert len(await uow.sheets.members(school.group, Everything(), **dates)) == 3


async def test_who_left_stays_in_the_sheet_of_the_class(school: TermSchool) -> None:
    """The class teacher still sees the marks, though not the student's page any more (Q40)."""
    async with school.open_uow() as uow:
        await uow.people.add_student(school.pupils[BORIS], leaves_on=IN_NOVEMBER)
        await uow.commit()
    boris = (await reads(school, school.lisina)).rows[1]
    assert (boris.name, boris.departure, len(boris.cells)) == (BORIS, Departure(IN_NOVEMBER), 2)


async def test_who_moved_stands_in_both_sheets(school: TermSchool) -> None:
    """In the old class with the quarter that had ended, in the new one with the whole year (Q40)."""
    teacher = await a_class_teacher_of_8v(school)
    async with school.open_uow() as uow:
        other = await uow.year.ensure_group(GroupKind.CLASS, "8В", normal_class_name("8В"))
        await uow.year.enrol(school.pupils[BORIS], other, starts_on=IN_NOVEMBER + timedelta(days=1))
        ids = school.pupils[BORIS], school.subjects["Физика"], school.year
        await put_final(uow, PeriodMark(0, *ids, "2 четверть", None, "5", 1, NOW, published=True, import_id=None))
        await uow.commit()
    boris = (await reads(school, school.lisina)).rows[1]
    assert (boris.departure, {term for _, term in boris.cells}) == (Departure(IN_NOVEMBER, "8В"), {TERM})
    (row,) = (await reads(school, teacher, replace(request(school), class_id=other))).rows
    assert (row.departure, len(row.cells)) == (None, 3)


async def test_an_individual_plan_is_named(school: TermSchool) -> None:
    """With its own subject in the class's sheet (Q39)."""
    async with school.open_uow() as uow:
        (music,) = (await uow.year.ensure_subjects({"музыка": "Музыка"})).values()
        own = await uow.year.ensure_group(GroupKind.INDIVIDUAL, "План 1", "план 1", subject_id=music)
        await uow.year.enrol(school.pupils[VIKTOR], own)
        await uow.commit()
    sheet = await reads(school)
    assert [row.has_own_plan for row in sheet.rows] == [False, False, True]
    assert [subject.name for subject in sheet.subjects] == ["Алгебра", "Музыка", "Физика"]


async def test_a_deferral_stands_until_the_mark_comes(school: TermSchool) -> None:
    """The cell shows the last day, and after the end of the deferral the mark (Q53, Q54, Q68)."""
    cell = MarkCell(school.pupils[ANNA], school.subjects["Алгебра"], "2 четверть")
    due = date(2026, 12, 20)
    async with school.open_uow() as uow:
        ill = date(2026, 11, 10), date(2026, 11, 19)
        new = NewDeferral(cell.student_id, [cell.subject_id], cell.term, *ill, "справка", "приказ", due)
        await deferrals.grant_deferral(writer(school, uow), new)
    key = cell.subject_id, cell.term
    assert (await reads(school)).rows[0].cells[key].deferred_until == due
    async with school.open_uow() as uow:
        await deferrals.end_deferral(writer(school, uow, later=1), cell, "5")
    ended = (await reads(school)).rows[0].cells[key]
    assert (ended.value, ended.deferred_until) == ("5", None)


async def test_a_correction_after_closing_names_its_author(school: TermSchool) -> None:
    """The sheet is to be reissued, and says who corrected what on which ground (Q67)."""
    async with school.open_uow() as uow:
        policy = ResultsPolicy()
        assert not await completeness.close_term_if_complete(uow, school.deputy, TERM, policy=policy, now=NOW, on=TODAY)
    cell = MarkCell(school.pupils[ANNA], school.subjects["Алгебра"], TERM)
    async with school.open_uow() as uow:
        new = NewFinalMark(cell, "5", comment="олимпиада", ground="решение комиссии № 2")
        await writer(school, uow, later=1).set_mark(new)
    sheet = await reads(school)
    (correction,) = sheet.corrections
    assert sheet.is_to_be_reissued
    assert (correction.student, correction.before, correction.after) == (ANNA, "4", "5")
    assert (sheet.authors[school.staff["deputy"]], correction.ground) == ("Завуч Зоя Ильинична", "решение комиссии № 2")


async def test_verifying_compares_a_print_with_the_marks_of_now(school: TermSchool) -> None:
    """Every cell that the print lacks or shows otherwise is named; the right ones are not (Q66)."""
    places = [(pupil, subject) for pupil in PUPILS for subject in school.subjects]
    cells = [PrintedCell(pupil, 0, subject, "I четверть", "4", "8Б", n, 3) for n, (pupil, subject) in enumerate(places)]
    assert await verifies(school, *cells) == []
    (wrong,) = await verifies(school, replace(cells[0], text="5"), *cells[1:])
    assert (wrong.student, wrong.printed, wrong.in_force, wrong.place) == (ANNA, "5", "4", ("8Б", 0, 3))
    (lacking,) = await verifies(school, *cells[1:])
    assert (lacking.student, lacking.subject, lacking.printed, lacking.place) == (ANNA, "Алгебра", None, None)
    (strange,) = await verifies(school, *cells, replace(cells[0], student="Чужой Пётр"))
    assert (strange.student, strange.in_force) == ("Чужой Пётр", None)


async def decides(school: TermSchool, actor: Actor | None = None, **words: str) -> int:
    texts = {school.pupils[name]: text for name, text in zip(PUPILS, words.values(), strict=False)}
    async with school.open_uow() as uow:
        new = NewCouncilDecision(texts, *PROTOCOL)
        return await council.enter_council_decision(uow, actor or school.deputy, request(school), new, now=NOW)


async def test_the_council_s_decision_stands_with_its_protocol(school: TermSchool) -> None:
    """The last one counts, and the trail names protocol and number, nobody's name (Q65, Q102)."""
    assert await decides(school, first="переведена  условно", second="переведён") == 2
    assert await decides(school, first="переведена в 9 класс") == 1
    sheet = await reads(school)
    decided = [row.decision for row in sheet.rows]
    assert [None if each is None else each.text for each in decided] == ["переведена в 9 класс", "переведён", None]
    assert decided[0] is not None
    assert (decided[0].protocol_no, decided[0].protocol_on) == PROTOCOL
    async with school.open_uow(reading=True) as uow:
        (line,) = await uow.audit.lines(limit=1)
    assert line.action == "council_decided"
    assert ANNA not in str(line)


async def test_a_decision_needs_the_office_a_date_and_words(school: TermSchool) -> None:
    """A teacher enters none, nor does anybody a future protocol, an empty text, or a student of another class (Q65)."""
    with pytest.raises(NotAllowedError):
        await decides(school, school.lisina, first="переведена")
    with pytest.raises(EmptyDocumentError):
        await decides(school, first=" ")
    async with school.open_uow() as uow:
        stranger = await Builder(uow).student("Чужой Пётр", "9А")
        await uow.commit()
    for texts, day, error in (
        ({school.pupils[ANNA]: "да"}, TODAY + timedelta(days=1), DocumentDateError),
        ({school.pupils[ANNA]: "да"}, date(2026, 8, 31), DocumentDateError),
        ({stranger: "да"}, TODAY, NotFoundError),
    ):
        new = NewCouncilDecision(texts, "7", day)
        async with school.open_uow() as uow:
            with pytest.raises(error):
                await council.enter_council_decision(uow, SYSTEM, request(school), new, now=NOW)
