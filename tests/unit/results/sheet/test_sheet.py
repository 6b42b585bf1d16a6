"""The summary sheet of a class: what stands in it, in which order, and what a check finds in a printed one."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.documents.results.sheet.decisions import sheet_decision_texts
from bot.documents.results.sheet.grid import Layout, sheet_grid
from bot.documents.results.sheet.page import PageForm
from bot.documents.results.sheet.words import other_sheet_heads, sheet_document_words
from bot.documents.results.sheet.workbook import sheet_workbook
from bot.imports.results.printed_sheet import PrintedSheet, read_printed_sheet_workbook
from bot.locales import LocaleCatalogues
from core.model.results.closings import TermClosing
from core.model.results.summary_sheet import Departure, PrintedCell, SheetCell, SummarySheet
from core.model.year import ReportingPeriod
from core.rules.results.sheet.arrangement import arranged_marks_in_force, arranged_summary_sheet
from core.rules.results.sheet.comparison import sheet_comparison
from tests.support.schools.sheets import (
    AT,
    FIRST,
    ISSUE,
    LAST,
    QUARTERS,
    YEAR_ID,
    SheetClass,
    full_class,
    quarters,
)

RU, EN = (LocaleCatalogues.load().translator(language) for language in ("ru", "en"))
FIRST_TERM = QUARTERS[0]


def values(sheet: SummarySheet, student: int) -> dict[tuple[int, str], str | None]:
    (row,) = (row for row in sheet.rows if row.student_id == student)
    return {key: cell.value for key, cell in row.cells.items()}


def reread(sheet: SummarySheet, layout: Layout = Layout.TERMS_IN_COLUMNS) -> PrintedSheet:
    """The sheet printed as a workbook, and read again by the reader of workbooks."""
    return read_printed_sheet_workbook(
        sheet_workbook(sheet, PageForm(layout), ISSUE, RU), other_heads=other_sheet_heads()
    )


def test_every_mark_in_force_has_its_cell() -> None:
    """The last value counts, an annulled mark leaves the cell empty, a term has several spellings (Q66)."""
    school = SheetClass()
    school.mark(1, 1, "I четв.", "3", "4")
    school.mark(1, 2, FIRST_TERM, "5", None)
    school.mark(2, 2, "year", "зач")
    sheet = arranged_summary_sheet(school.facts())
    assert values(sheet, 1) == {(1, FIRST_TERM): "4"}
    assert values(sheet, 2) == {(2, "year"): "зач"}
    assert [row.student_id for row in sheet.rows] == [1, 2, 3]


def test_terms_stand_in_their_order_with_year_exam_and_final_mark_behind() -> None:
    """A ninth grade has final marks; an exam stands where there is one (Q57, Q65)."""
    school = SheetClass(school_class="9Б")
    school.mark(1, 1, "exam", "5")
    algebra, english = arranged_summary_sheet(school.facts()).subjects
    assert algebra.terms == (*QUARTERS, "year", "exam", "final")
    assert english.terms == (*QUARTERS, "year", "final")
    assert arranged_summary_sheet(SheetClass().facts()).subjects[0].terms == (*QUARTERS, "year")


def test_a_subject_of_one_hour_has_its_half_years() -> None:
    """Periods of a subject come before those of everybody, and the rows of other terms are struck out (Q36)."""
    half = ReportingPeriod(9, YEAR_ID, "1 полугодие", FIRST, date(2026, 12, 29), subject_id=2)
    other = replace(half, id=10, name="2 полугодие", ends_on=LAST)
    sheet = arranged_summary_sheet(SheetClass().facts(periods=[*quarters(), half, other]))
    assert sheet.subjects[1].terms == ("1 полугодие", "2 полугодие", "year")
    lines = dict(sheet_grid(sheet, Layout.TERMS_IN_ROWS, RU).pupils[0].lines)
    assert [cell.exists for cell in lines["1 полугодие"]] == [False, True]
    assert [cell.exists for cell in lines["Год"]] == [True, True]


def test_a_deferral_is_no_empty_cell() -> None:
    """It shows «отс» with a footnote that says until when; a mark takes its place (Q53, Q68)."""
    school = SheetClass()
    school.defer(2, 1, "I четверть", date(2026, 11, 15))
    school.defer(2, 2, FIRST_TERM, date(2026, 11, 15))
    sheet = arranged_summary_sheet(school.facts())
    assert sheet.rows[1].cells[1, FIRST_TERM] == SheetCell(None, date(2026, 11, 15))
    cells = sheet_grid(sheet, Layout.TERMS_IN_COLUMNS, RU).pupils[1].lines[0][1]
    assert [(cell.text, cell.note) for cell in cells if cell.text] == [("отс", 1), ("отс", 1)]
    (note,) = sheet_document_words(sheet, ISSUE, RU).notes
    assert "отсрочка до 15.11.2026" in note
    assert note.endswith("Алгебра (1 четверть), Английский язык (1 четверть)")
    school.mark(2, 1, FIRST_TERM, "4")
    assert arranged_summary_sheet(school.facts()).rows[1].cells[1, FIRST_TERM] == SheetCell("4")


def test_who_left_stands_with_the_day_and_the_marks() -> None:
    """In alphabetical order as before; the marks of a student who left the school all stay (Q40)."""
    school = SheetClass()
    for term in QUARTERS[:2]:
        school.mark(1, 1, term, "5")
    school.members[0] = replace(school.members[0], leaves_on=date(2027, 1, 15))
    row = arranged_summary_sheet(school.facts()).rows[0]
    assert row.departure == Departure(date(2027, 1, 15))
    assert len(row.cells) == 2
    assert "15.01.2027" in sheet_grid(arranged_summary_sheet(school.facts()), Layout.TERMS_IN_ROWS, RU).pupils[0].remark


def test_who_moved_leaves_the_terms_that_had_ended() -> None:
    """Later marks stand in the sheet of the new class alone, where all of the year stand (Q40)."""
    school = SheetClass()
    for term in (*QUARTERS[:3], "year"):
        school.mark(1, 1, term, "5")
    school.members[0] = replace(school.members[0], ends_on=date(2027, 1, 10), next_class="8В")
    sheet = arranged_summary_sheet(school.facts())
    assert sorted(values(sheet, 1)) == [(1, QUARTERS[0]), (1, QUARTERS[1])]
    assert sheet.rows[0].departure == Departure(date(2027, 1, 10), "8В")
    assert "8В" in sheet_grid(sheet, Layout.TERMS_IN_COLUMNS, RU).pupils[0].remark


@pytest.mark.parametrize(
    "gone",
    [{"leaves_on": LAST + timedelta(days=30)}, {"ends_on": LAST, "next_class": "9Б"}, {"ends_on": date(2027, 8, 31)}],
)
def test_the_end_of_the_year_is_no_departure(gone: dict[str, object]) -> None:
    """Graduates and those who go over to the next grade have learned in the class to the last day of lessons (Q40)."""
    school = SheetClass(day=date(2027, 8, 31))
    school.members[0] = replace(school.members[0], **gone)  # type: ignore[arg-type]
    assert arranged_summary_sheet(school.facts()).rows[0].departure is None


def test_an_individual_plan_stands_in_the_class_s_sheet() -> None:
    """With its own subject, which the others do not have (Q39)."""
    school = SheetClass(subjects=("Алгебра", "Ритмика"))
    school.members[1] = replace(school.members[1], has_own_plan=True)
    school.mark(2, 2, FIRST_TERM, "5")
    sheet = arranged_summary_sheet(school.facts(learned=frozenset({1})))
    assert [subject.name for subject in sheet.subjects] == ["Алгебра", "Ритмика"]
    assert sheet_grid(sheet, Layout.TERMS_IN_COLUMNS, RU).pupils[1].remark == "индивидуальный учебный план"


def test_a_first_grade_is_assessed_in_words() -> None:
    """No cell of marks, and in their place the words (Q26, Q65)."""
    sheet = arranged_summary_sheet(SheetClass(school_class="1А").facts())
    grid = sheet_grid(sheet, Layout.TERMS_IN_ROWS, RU)
    assert {pupil.words for pupil in grid.pupils} == {"безотметочное обучение"}
    assert all(not pupil.lines for pupil in grid.pupils)
    assert [heading.text for heading in grid.headings] == ["Алгебра", "Английский язык"]


def test_a_subject_without_marks_is_named_below() -> None:
    """It has no column, and a note says that it is assessed in words (Q65)."""
    sheet = arranged_summary_sheet(SheetClass().facts(unmarked=frozenset({"английский язык"})))
    assert [subject.name for subject in sheet.subjects] == ["Алгебра"]
    assert sheet_document_words(sheet, ISSUE, RU).notes == ["Безотметочное обучение: Английский язык."]


def closed(days: int = 1, *, is_closed: bool = True) -> TermClosing:
    return TermClosing(0, YEAR_ID, FIRST_TERM, is_closed, AT + timedelta(days=days), 50)


def test_a_correction_after_closing_makes_the_sheet_to_be_reissued() -> None:
    """It says what was corrected, by whom, on which ground, until the term is closed anew (Q67).

    The mark that ends a deferral needs no ground and is no correction.
    """
    school = SheetClass()
    corrected = {"ground": "комиссия", "changed_by": 50, "received_at": AT + timedelta(days=2)}
    school.mark(1, 1, "1 четв.", "3", "4", **corrected)
    school.mark(2, 1, FIRST_TERM, "5", received_at=AT + timedelta(days=2))
    assert not arranged_summary_sheet(school.facts()).corrections
    sheet = arranged_summary_sheet(school.facts(closings=[closed()]))
    assert sheet.is_to_be_reissued
    words = sheet_document_words(replace(sheet, authors={50: "Завуч Зоя Ильинична"}), ISSUE, RU)
    assert words.warning == "Подлежит переоформлению"
    (line,) = words.corrections
    assert "1 четверть: 3 → 4" in line
    assert line.endswith("Завуч З. И., основание: комиссия")
    anew = arranged_summary_sheet(school.facts(closings=[closed(), closed(3, is_closed=False), closed(4)]))
    assert not anew.is_to_be_reissued
    assert len(anew.corrections) == 1
    reopened = [closed(), replace(closed(), closed=False)]
    assert not arranged_summary_sheet(school.facts(closings=reopened)).corrections


def test_the_last_decision_of_the_council_counts() -> None:
    """With its protocol, which stands in the heading where there is only one (Q65)."""
    school = SheetClass()
    school.decide(1, "переведена условно")
    school.decide(1, "переведена в 9 класс")
    grid = sheet_grid(arranged_summary_sheet(school.facts()), Layout.TERMS_IN_COLUMNS, RU)
    assert [pupil.decision for pupil in grid.pupils] == ["переведена в 9 класс", "", ""]
    assert grid.decision_heading == "Решение педагогического совета, протокол №\u00a05 от 28.05.2027"
    school.decisions.append(replace(school.decisions[0], student_id=2, protocol_no="6"))
    grid = sheet_grid(arranged_summary_sheet(school.facts()), Layout.TERMS_IN_COLUMNS, RU)
    assert [pupil.decision[-26:] for pupil in grid.pupils[:2]] == [
        "протокол №\u00a05 от 28.05.2027",
        "протокол №\u00a06 от 28.05.2027",
    ]


def test_the_usual_decision_follows_the_marks_of_the_year() -> None:
    """A debt promotes on condition; without marks of the year, and in grades 9 and 11, the council has to say (Q65)."""
    school = SheetClass(pupils=4)
    school.mark(1, 1, "year", "3")
    school.mark(2, 1, "year", "2")
    school.defer(3, 1, "year", date(2027, 9, 15))
    texts = sheet_decision_texts(arranged_summary_sheet(school.facts()), [1, 2, 3, 4], None, RU)
    condition = "переведён(а) в 9 класс условно"
    assert texts == {1: "переведён(а) в 9 класс", 2: condition, 3: condition, 4: None}
    ninth = arranged_summary_sheet(SheetClass(school_class="9Б").facts())
    assert sheet_decision_texts(ninth, [1], None, RU) == {1: None}
    assert sheet_decision_texts(ninth, [1], "получил аттестат", RU) == {1: "получил аттестат"}
    first = arranged_summary_sheet(SheetClass(school_class="1Б").facts())
    assert sheet_decision_texts(first, [1], None, EN) == {1: "promoted to grade 2"}


@pytest.mark.parametrize("layout", Layout)
@pytest.mark.parametrize("school_class", ["8Б", "11А", "1А"])
def test_a_printed_sheet_holds_the_marks_in_force(layout: Layout, school_class: str) -> None:
    """Printed in either arrangement and read again, every cell is right; class and year stand in the title (Q66)."""
    school = SheetClass(2, school_class=school_class)
    if school_class != "1А":
        for number, value in enumerate(("5", "н/а", "осв", "зач", "незач")):
            school.mark(1, 1 + number % 2, (*QUARTERS, "year")[number], value)
        school.defer(2, 1, FIRST_TERM, date(2026, 11, 15))
    facts = school.facts()
    printed = reread(arranged_summary_sheet(facts), layout)
    assert (printed.school_class, printed.year) == (school_class, FIRST)
    assert sheet_comparison(arranged_summary_sheet(facts), arranged_marks_in_force(facts), printed.cells) == []
    assert bool(printed.cells) is (school_class != "1А")


def test_each_difference_is_named_by_its_place() -> None:
    """Another value, a mark that is gone, and one that the sheet does not have (Q66)."""
    school = SheetClass(2)
    school.mark(1, 1, FIRST_TERM, "4")
    school.mark(2, 1, FIRST_TERM, "3")
    printed = reread(arranged_summary_sheet(school.facts()))
    changed = SheetClass(2)
    changed.mark(1, 1, FIRST_TERM, "4", "5")
    changed.mark(2, 2, "year", "5")
    facts = changed.facts()
    found = sheet_comparison(arranged_summary_sheet(facts), arranged_marks_in_force(facts), printed.cells)
    assert [(each.student, each.subject, each.term, each.printed, each.in_force) for each in found] == [
        ("Авдеенко Борис Ильич", "Алгебра", "1 четверть", "4", "5"),
        ("Агапов Вера Павловна", "Алгебра", "1 четверть", "3", None),
        ("Агапов Вера Павловна", "Английский язык", "year", None, "5"),
    ]
    assert [each.place for each in found] == [
        ("Сводная ведомость", 5, 3),
        ("Сводная ведомость", 6, 3),
        ("Сводная ведомость", 6, 12),
    ]


def test_the_sheet_is_checked_against_the_history() -> None:
    """A mark that was changed past its versions, and two rows of one term, are found: no sheet can be right (Q66)."""
    school = SheetClass(1)
    school.mark(1, 1, FIRST_TERM, "4")
    history = school.histories[0]
    school.histories[0] = replace(history, mark=replace(history.mark, value="5"))
    facts = school.facts()
    (found,) = sheet_comparison(
        arranged_summary_sheet(facts), arranged_marks_in_force(facts), reread(arranged_summary_sheet(facts)).cells
    )
    assert (found.printed, found.in_force) == ("5", "4")
    twice = SheetClass(1)
    twice.mark(1, 1, FIRST_TERM, "4")
    twice.mark(1, 1, "I четв.", "5")
    facts = twice.facts()
    (found,) = sheet_comparison(
        arranged_summary_sheet(facts), arranged_marks_in_force(facts), reread(arranged_summary_sheet(facts)).cells
    )
    assert (found.printed, found.in_force) == ("5", "4/5")


def test_namesakes_are_told_apart_by_their_place() -> None:
    """Two students of one name stand in one order in the class and in the file (Q66)."""
    school = SheetClass(2)
    school.members[1] = replace(school.members[1], name=school.members[0].name)
    school.mark(1, 1, FIRST_TERM, "4")
    school.mark(2, 1, FIRST_TERM, "5")
    facts = school.facts()
    for layout in Layout:
        cells = reread(arranged_summary_sheet(facts), layout).cells
        assert sheet_comparison(arranged_summary_sheet(facts), arranged_marks_in_force(facts), cells) == []


KINDS = st.sampled_from(["2", "3", "4", "5", "зач", "незач", "н/а", "осв", None])
CELLS = st.dictionaries(
    st.tuples(st.integers(1, 3), st.integers(1, 2), st.sampled_from([*QUARTERS, "year", "exam", "final"])), KINDS
)


def as_printed(sheet: SummarySheet) -> list[PrintedCell]:
    """What a workbook of the sheet holds, without the workbook."""
    return [
        PrintedCell(row.name, 0, subject.name, term, cell.value or "отс", None, row.student_id, 0)
        for row in sheet.rows
        for subject in sheet.subjects
        for term in subject.terms
        if (cell := row.cells.get((subject.id, term))) is not None
    ]


@settings(max_examples=40)
@given(CELLS, CELLS)
def test_a_sheet_differs_exactly_where_the_marks_do(
    before: dict[tuple[int, int, str], str | None], after: dict[tuple[int, int, str], str | None]
) -> None:
    """Whatever was printed, the check names each cell that has changed since, and no other (Q66). None: deferred."""
    printed, now = filled(before), filled(after)
    differences = sheet_comparison(
        arranged_summary_sheet(now.facts()),
        arranged_marks_in_force(now.facts()),
        as_printed(arranged_summary_sheet(printed.facts())),
    )
    found = {(each.student, each.subject, each.term) for each in differences}
    names = {member.student_id: member.name for member in now.members}
    labels = {
        key: arranged_summary_sheet(now.facts()).terms.get(key, key) for key in {term for *_, term in before | after}
    }
    missing = object()
    expected = {
        (names[student], now.subjects[subject - 1], labels[term])
        for student, subject, term in before | after
        if before.get((student, subject, term), missing) != after.get((student, subject, term), missing)
    }
    assert found == expected
    assert len(differences) == len(expected)


def filled(cells: dict[tuple[int, int, str], str | None]) -> SheetClass:
    school = SheetClass()
    for (student, subject, term), value in cells.items():
        if value is None:
            school.defer(student, subject, term, date(2026, 11, 15))
        else:
            school.mark(student, subject, term, value)
    return school


def test_a_class_of_thirty_two_is_printed_right_in_both_arrangements() -> None:
    """32 students, 16 subjects, four quarters and the year, marks of all kinds: 2,560 right cells (Q65, Q66)."""
    facts = full_class().facts()
    sheet, truth = arranged_summary_sheet(facts), arranged_marks_in_force(facts)
    assert len(truth) == 32 * 16 * 5
    for layout in Layout:
        cells = reread(sheet, layout).cells
        assert len(cells) == len(truth)
        assert sheet_comparison(sheet, truth, cells) == []
