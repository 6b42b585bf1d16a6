"""StudentGrades, a subject mark by mark, and StudentTotalMarks, the finals of all terms."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from core.model.imports.reports import EXAM, FINAL, YEAR, JournalEntry, PrintedTerm, Problem, ReportKind
from tests.support.report_files import FIXTURES, HEAD, cells, html_head, html_table, only_report, read, read_text

GRADES = ("Тип задания", "Тема задания", "Дата урока", "Дата выставления оценки", "Оценка")
TERMS = ("№", "Предмет", "1 четверть", "2 четверть", "Год. оценка", "Экз. оценка", "Итог. оценка")


def grades(*rows: tuple[str, ...], header: tuple[str, ...] = GRADES) -> str:
    return html_head(HEAD | {"Предмет": "Алгебра"}) + html_table([cells(*row) for row in (header, *rows)])


def total_marks(*rows: tuple[str, ...], header: tuple[str, ...] = TERMS) -> str:
    return html_head() + html_table([cells(*row) for row in (header, *rows)])


def test_marks_of_a_subject_come_with_type_topic_and_both_dates() -> None:
    """The lesson's date is the entry's; «---Не указана---» is no topic, and the totals are no mark (Q13, Q100)."""
    report = only_report(read(FIXTURES / "student_grades.html"))
    [algebra] = report.subjects
    assert (report.kind, report.student, report.school_class) == (
        ReportKind.STUDENT_GRADES,
        "Рощина Майя Глебовна",
        "8Б",
    )
    assert (algebra.subject, algebra.teacher) == ("Алгебра", "Ершова Инга Павловна")
    assert algebra.entries == (
        JournalEntry(date(2026, 12, 3), ("5",), "Ответ на уроке", set_on=date(2026, 12, 3)),
        JournalEntry(
            date(2026, 12, 10), ("3",), "Контрольная работа", "К/р № 3 «Корни», вариант 2", set_on=date(2026, 12, 14)
        ),
        JournalEntry(date(2026, 12, 24), (".",), "Домашнее задание", "№ 312, 314 (а, в)", set_on=date(2027, 1, 12)),
        JournalEntry(date(2027, 1, 14), ("УП",), "Ответ на уроке", set_on=date(2027, 1, 14)),
    )


def test_a_table_without_a_head_says_neither_student_nor_subject(tmp_path: Path) -> None:
    """What the file does not say stays unknown, and «Дата выполнения» is the lesson's date."""
    header = (*GRADES[:2], "Дата выполнения", *GRADES[3:])
    row = ("Ответ на уроке", "Тема 2", "20.01.26", "20.01.26", "УП")
    report = only_report(read_text(tmp_path, html_table([cells(*header), cells(*row)])))
    assert (report.student, report.period, report.subjects[0].subject) == (None, None, None)
    assert report.subjects[0].entries[0].date == date(2026, 1, 20)


def test_a_column_of_weights_is_read(tmp_path: Path) -> None:
    """A weight keeps its figures, a row without a mark is no entry, and a subject without entries is listed."""
    header = (*GRADES, "Вес")
    report = only_report(
        read_text(
            tmp_path,
            grades(("Тест", "", "2.09.26", "", "5", "1,5"), ("Тест", "", "9.09.26", "", "", "20"), header=header),
        )
    )
    assert report.subjects[0].entries == (JournalEntry(date(2026, 9, 2), ("5",), "Тест", weight=Decimal("1.5")),)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("Тест", "", "2.09.26", "", "5+"), Problem(None, 2, 5, "5+", "unknown_token")),
        (("Тест", "", "31.09.26", "", "5"), Problem(None, 2, 3, "31.09.26", "date")),
        (("Тест", "", "", "", "5"), Problem(None, 2, 3, None, "cell_missing")),
        (("Тест", "", "2.09.26", "вчера", "5"), Problem(None, 2, 4, "вчера", "date")),
        (("Тест", "", "2.09.25", "", "5"), Problem(None, 2, 3, "2.09.25", "date_outside_period")),
        (("Тест", "", "5"), Problem(None, 2, None, None, "column_count", (("expected", "5"), ("found", "3")))),
    ],
)
def test_a_faulty_mark_has_its_row_and_column(tmp_path: Path, row: tuple[str, ...], expected: Problem) -> None:
    """A mark, a date or a year that does not fit is a problem of its cell (Q101)."""
    assert read_text(tmp_path, grades(row)).problems == (expected,)


def test_finals_of_all_terms_are_read() -> None:
    """Year, exam and final are terms of their own; н/а, осв and зач stay what they are (Q37, Q100)."""
    report = only_report(read(FIXTURES / "student_total_marks.html"))
    chemistry, english, sport = report.subjects
    halves = ("1 полугодие", "2 полугодие")
    assert (report.kind, report.student, report.school_class, report.period) == (
        ReportKind.STUDENT_TOTAL_MARKS,
        "Рощина Майя Глебовна",
        "9Б",
        None,
    )
    assert [term.term for term in chemistry.terms] == [*halves, YEAR, EXAM, FINAL]
    assert [term.final for term in chemistry.terms] == ["2", "3", "3", "4", "4"]
    assert english.subject == "Иностранный язык (английский)"
    assert [term.final for term in english.terms] == ["н/а", None, None, None, None]
    assert [term.final for term in sport.terms] == ["осв", "зач", "зач", None, "зач"]


@pytest.mark.parametrize(
    ("title", "term"),
    [
        ("I четверть", "I четверть"),
        ("3 триместр", "3 триместр"),
        ("Годовая оценка", YEAR),
        ("Экзамен", EXAM),
        ("Итоговая отметка", FINAL),
    ],
)
def test_terms_go_by_their_titles(tmp_path: Path, title: str, term: str) -> None:
    """Whatever the school calls the columns, a term is its title and the last three are known."""
    report = only_report(read_text(tmp_path, total_marks(("Химия", "5"), header=("Предмет", title))))
    assert report.subjects[0].terms == (PrintedTerm(term, None, "5"),)


def test_numbered_columns_under_a_title_make_terms(tmp_path: Path) -> None:
    """«1» under «Четверти» is «1 четверти», so two columns never have one name."""
    rows = [
        '<th rowspan="2">Предмет</th><th colspan="2">Четверть</th>',
        "<th>1</th><th>2</th>",
        cells("Химия", "5", "4"),
    ]
    report = only_report(read_text(tmp_path, html_table(rows)))
    assert [(term.term, term.final) for term in report.subjects[0].terms] == [("1 четверть", "5"), ("2 четверть", "4")]


def test_a_faulty_final_has_its_row_and_column(tmp_path: Path) -> None:
    """A final mark that is none is a problem, the others are read."""
    found = read_text(tmp_path, total_marks(("1", "Химия", "5", "6", "УП", "", "5")))
    assert found.problems == (Problem(None, 2, 4, "6", "final_mark"), Problem(None, 2, 5, "УП", "final_mark"))
    assert [term.final for term in found.reports[0].subjects[0].terms] == ["5", None, "5"]


def test_a_row_without_a_subject_is_a_problem(tmp_path: Path) -> None:
    """Finals of nothing are not read past."""
    found = read_text(tmp_path, total_marks(("1", "", "5", "4", "", "", "")))
    assert found.problems == (Problem(None, 2, 2, None, "subject_missing"),)
