"""StudentTotal: marks and absences by days, averages and finals by terms."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from core.model.imports.reports import PrintedTerm, Problem, ReportKind
from tests.support.report_files import (
    FIXTURES,
    HEAD,
    cells,
    html_head,
    html_table,
    marks_by_day,
    only_report,
    read,
    read_text,
    student_total,
    workbook,
)

TERM = "1 триместр"


def problem(row: int | None, column: int | None, value: str | None, reason: str, **facts: str) -> Problem:
    return Problem(None, row, column, value, reason, tuple(facts.items()))


def test_the_newer_report_is_read_over_new_year() -> None:
    """Days get the year that puts them into the period, the term its average and final, the photo is dropped (Q100)."""
    report = only_report(read(FIXTURES / "student_total_5_56.html"))
    algebra, music, horizons = report.subjects
    assert (report.kind, report.student, report.school_class) == (
        ReportKind.STUDENT_TOTAL,
        "Рощина Майя Глебовна",
        None,
    )
    assert report.period == (date(2026, 12, 1), date(2027, 2, 28))
    assert marks_by_day(algebra.entries) == {
        date(2026, 12, 3): ("5",),
        date(2026, 12, 10): ("Б", "3"),
        date(2027, 1, 14): ("4", "5"),
    }
    assert algebra.terms == (PrintedTerm("2 триместр", Decimal("4.25"), "4"),)
    assert music.subject == "Музыка & ИЗО <блок 1>"
    assert marks_by_day(music.entries) == {
        date(2026, 12, 10): ("ОСВ",),
        date(2027, 1, 14): (".",),
        date(2027, 1, 21): ("зач",),
    }
    assert music.terms == (PrintedTerm("2 триместр", None, "осв"),)
    assert (horizons.entries, horizons.terms) == ((), (PrintedTerm("2 триместр", None, None),))


def test_the_older_report_is_html_named_xls_in_cp1251() -> None:
    """Version 5.0 has two-digit years and one average without a term (Q100)."""
    report = only_report(read(FIXTURES / "student_total_5_0.xls"))
    literature, courses = report.subjects
    assert (report.student, report.school_class) == ("Дымов Савва", "7В")
    assert report.period == (date(2022, 3, 30), date(2022, 4, 4))
    assert marks_by_day(literature.entries) == {
        date(2022, 3, 30): (".",),
        date(2022, 3, 31): ("4", "3"),
        date(2022, 4, 4): ("ОП", "5"),
    }
    assert literature.terms == (PrintedTerm(None, Decimal("3.5"), None),)
    assert courses.entries == ()


@pytest.mark.parametrize(
    ("months", "days", "first"),
    [
        ('<th colspan="2">сентября</th>', ("02", "9"), date(2026, 9, 2)),
        ('<th colspan="2">Окт.</th>', ("2 пт", "9"), date(2026, 10, 2)),
        ('<th colspan="2">Ноябрь 2026</th>', ("2", "9"), date(2026, 11, 2)),
        ("<th>Сентябрь</th><th>Октябрь</th>", ("30", "9"), date(2026, 9, 30)),
    ],
)
def test_months_are_read_however_they_are_written(
    tmp_path: Path, months: str, days: tuple[str, str], first: date
) -> None:
    """Genitives, abbreviations and a year beside the month are months too."""
    report = only_report(read_text(tmp_path, student_total(("Алгебра", "5", "", "", ""), months=months, days=days)))
    assert marks_by_day(report.subjects[0].entries) == {first: ("5",)}


@pytest.mark.parametrize(
    "labels",
    [
        {"Учебный год": "2026/2027", "Ученик": "Рощина Майя Глебовна"},
        {"Учебный год": "2026-27", "Учебный период": "1 триместр", "Ученик": "Рощина Майя Глебовна"},
        {"Период": "с 1 сентября 2026 по 30 ноября 2026 г.", "Ученик": "Рощина Майя Глебовна"},
    ],
)
def test_the_year_comes_from_the_period_or_the_school_year(tmp_path: Path, labels: dict[str, str]) -> None:
    """A report without a period takes its years from its school year."""
    report = only_report(read_text(tmp_path, student_total(("Алгебра", "5", "", "", ""), labels=labels)))
    assert marks_by_day(report.subjects[0].entries) == {date(2026, 9, 2): ("5",)}


def test_at_worst_the_year_comes_from_the_day_of_printing(tmp_path: Path) -> None:
    """«Состояние на …» is the last day that a mark can have."""
    text = student_total(("Алгебра", "5", "", "", ""), labels={"Ученик": "Рощина Майя"})
    report = only_report(read_text(tmp_path, text + "<i>Состояние на 05.09.26 17:40:20</i>"))
    assert marks_by_day(report.subjects[0].entries) == {date(2026, 9, 2): ("5",)}


def test_without_any_year_no_date_is_guessed(tmp_path: Path) -> None:
    """A report that says no year is refused with the reason."""
    found = read_text(tmp_path, student_total(("Алгебра", "5", "", "", ""), labels={"Ученик": "Рощина Майя"}))
    assert found.problems == (problem(None, None, None, "year_unknown"),)


def test_an_unknown_token_is_named_with_its_row_and_column(tmp_path: Path) -> None:
    """Rows and columns count from 1 in the table, header rows included; the other cells are still read (Q101)."""
    found = read_text(tmp_path, student_total(("Алгебра", "5", "", "", ""), ("Химия", "", "4 7", "", "")))
    assert found.problems == (problem(4, 3, "7", "unknown_token"),)
    assert marks_by_day(found.reports[0].subjects[0].entries) == {date(2026, 9, 2): ("5",)}


def test_a_one_is_a_mark_by_the_school_s_setting(tmp_path: Path) -> None:
    """The setting reaches the cells (Q37)."""
    path = tmp_path / "report.html"
    path.write_text(student_total(("Алгебра", "1", "", "", "1")), encoding="utf-8")
    assert [each.reason for each in read(path).problems] == ["unknown_token", "final_mark"]
    assert only_report(read(path, lowest_mark=1)).subjects[0].terms[0].final == "1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            student_total(("Алгебра", "", "5", "", ""), days=("2", "31")),
            problem(2, 3, "31", "day_outside_period", month="Сентябрь"),
        ),
        (
            student_total(("Алгебра", "", "5", "", ""), months='<th colspan="2">Декабрь</th>', days=("2",)),
            problem(2, 2, "2", "day_outside_period", month="Декабрь"),
        ),
        (
            student_total(("Алгебра", "", "", "", ""), months='<th colspan="2">Сентябрь 2025</th>', days=("2", "9")),
            problem(2, 2, "2", "day_outside_period", month="Сентябрь 2025"),
        ),
        (
            student_total(("Алгебра", "", "", "", ""), days=("2",)),
            problem(2, 3, "Сентябрь", "month_without_day"),
        ),
        (
            student_total(("Алгебра", "", "", "", "", ""), days=("2", "9", "16")),
            problem(2, 6, "16", "day_without_month"),
        ),
        (
            student_total(("Алгебра", "", "", "")),
            problem(3, None, None, "column_count", expected="5", found="4"),
        ),
        (
            student_total(("Алгебра", "", "", "", "", "5")),
            problem(3, None, None, "column_count", expected="5", found="6"),
        ),
        (student_total(("", "5", "", "", "")), problem(3, 1, None, "subject_missing")),
        (student_total(("Алгебра", "", "", "433.0", "")), problem(3, 4, "433.0", "average")),
        (student_total(("Алгебра", "", "", "", "4 5")), problem(3, 5, "4 5", "final_mark")),
        (
            student_total(("Алгебра", "", "", "", ""), labels=HEAD | {"Период": "с 31.09.2026 по 30.11.2026"}),
            problem(None, None, "31.09.2026–30.11.2026", "period"),
        ),
        (
            student_total(("Алгебра", "", "", "", ""), labels=HEAD | {"Период": "с 30.11.2026 по 1.09.2026"}),
            problem(None, None, "30.11.2026–1.09.2026", "period"),
        ),
        (
            student_total(("Алгебра", "", "", "", ""), labels=HEAD | {"Учебный год": "2024/2025"}),
            problem(None, None, "01.09.2026–30.11.2026", "period_outside_year"),
        ),
        (
            student_total(("Алгебра", "", "", "", ""), labels=HEAD | {"Учебный год": "2026/2028"}),
            problem(None, None, None, "school_year"),
        ),
    ],
)
def test_whatever_does_not_fit_is_a_problem_with_its_place(tmp_path: Path, text: str, expected: Problem) -> None:
    """A day that the calendar or the period lacks, a missing column or a wrong year is never read past (Q101)."""
    assert expected in read_text(tmp_path, text).problems


def test_markup_does_not_matter(tmp_path: Path) -> None:
    """Bodies, headers in td, attributes, comments and blanks change nothing."""
    table = """<TABLE border=1><thead><tr><td rowspan=2> <b>Предмет</b> </td><td colspan="1px">&nbsp;СЕНТЯБРЬ</td>
        <th rowspan='2'>Ср. балл</th></tr><tr><td><a href=#>2</a></td></tr></thead><!-- 5 -->
        <tbody><tr class=x><th>Алгебра&nbsp; и начала</th><td title="Диктант"><span>уп</span><span>5</span></td>
        <td>4.5</td></tr><tr><td></td><td></td><td></td></tr></tbody></TABLE>"""
    report = only_report(read_text(tmp_path, html_head() + table))
    assert report.subjects[0].subject == "Алгебра и начала"
    assert marks_by_day(report.subjects[0].entries) == {date(2026, 9, 2): ("УП", "5")}
    assert report.subjects[0].terms == (PrintedTerm(None, Decimal("4.5"), None),)


def test_a_report_inside_a_layout_table_is_found(tmp_path: Path) -> None:
    """Tables around the report are layout and give its head."""
    inner = student_total(("Алгебра", "5", "", "", ""))
    assert only_report(read_text(tmp_path, f"<table><tr><td>{inner}</td></tr></table>")).student == HEAD["Ученик"]


def test_labels_may_stand_in_cells_of_their_own(tmp_path: Path) -> None:
    """A label is read whether its value follows in the same line or in the next cell."""
    rows = "".join(f"<tr><td>{name}:</td><td>{value}</td></tr>" for name, value in HEAD.items())
    text = f"<table>{rows}</table>" + student_total(("Алгебра", "5", "", "", ""), labels={})
    report = only_report(read_text(tmp_path, text))
    assert (report.student, report.school_class) == (HEAD["Ученик"], HEAD["Класс"])


def test_a_subject_named_twice_is_one(tmp_path: Path) -> None:
    """Two groups of one subject are one part of the report, so that nothing of it looks withdrawn."""
    report = only_report(read_text(tmp_path, student_total(("Алгебра", "5", "", "", ""), ("Алгебра", "", "4", "", ""))))
    [algebra] = report.subjects
    assert marks_by_day(algebra.entries) == {date(2026, 9, 2): ("5",), date(2026, 9, 9): ("4",)}


def test_a_print_of_a_class_is_a_report_for_each_student(tmp_path: Path) -> None:
    """Each table is under its own head."""
    second = HEAD | {"Ученик": "Дымов Савва"}
    text = student_total(("Алгебра", "5", "", "", "")) + student_total(("Алгебра", "4", "", "", ""), labels=second)
    assert [report.student for report in read_text(tmp_path, text).reports] == [HEAD["Ученик"], "Дымов Савва"]


def test_a_period_without_lessons_is_still_this_report(tmp_path: Path) -> None:
    """With no day in the header the averages and finals are left."""
    text = html_head() + html_table(
        [cells("Предмет", "Средн. оценка 1 триместр", "Итог.оценка 1 триместр"), cells("Химия", "", "4")]
    )
    report = only_report(read_text(tmp_path, text))
    assert (report.kind, report.subjects[0].terms) == (ReportKind.STUDENT_TOTAL, (PrintedTerm(TERM, None, "4"),))


def test_several_terms_stand_side_by_side(tmp_path: Path) -> None:
    """Average and final of each term are brought together by its name."""
    tail = (
        "Средняя оценка за 1 четверть",
        "Итоговая оценка за 1 четверть",
        "Средн. балл 2 четверть",
        "Итог 2 четверть",
    )
    report = only_report(read_text(tmp_path, student_total(("Химия", "", "", "4,5", "5", "3", "3"), tail=tail)))
    assert report.subjects[0].terms == (
        PrintedTerm("1 четверть", Decimal("4.5"), "5"),
        PrintedTerm("2 четверть", Decimal(3), "3"),
    )


def test_the_same_report_is_read_from_a_sheet(tmp_path: Path) -> None:
    """Saved as xlsx the report keeps its meaning; rows of problems are the sheet's own (Q100)."""
    rows: list[list[object]] = [
        ["Отчет об успеваемости и посещаемости ученика"],
        ["Учебный год:", "2026/2027"],
        ["Период: с 1.09.2026 по 30.11.2026"],
        ["Ученик: Рощина Майя Глебовна"],
        [],
        ["Предмет", "Сентябрь", "Октябрь", "Средн. оценка 1 триместр"],
        ["", 2, 9, ""],
        ["Алгебра", 5, "4 7", 4.5],
        [],
        ["Подпись родителей:"],
    ]
    found = read(workbook(tmp_path / "report.xlsx", {"Рощина": rows}))
    [report] = found.reports
    assert (report.student, report.sheet) == ("Рощина Майя Глебовна", "Рощина")
    assert marks_by_day(report.subjects[0].entries) == {date(2026, 9, 2): ("5",)}
    assert report.subjects[0].terms == (PrintedTerm(TERM, Decimal("4.5"), None),)
    assert found.problems == (Problem("Рощина", 8, 3, "7", "unknown_token"),)
