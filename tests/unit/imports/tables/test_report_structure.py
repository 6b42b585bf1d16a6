"""Titles and rows of journals and lists: none is passed over in silence (Q101, Q113)."""

from pathlib import Path

import pytest

from core.model.imports.reports import ReadFile
from tests.support.report_files import (
    JOURNAL_HEADER,
    cells,
    csv_text,
    html_head,
    html_table,
    read,
    read_text,
    student_total,
    workbook,
    written,
)

ROW = ("Рощина Майя", "8Б", "Алгебра", "02.09.2026", "Ответ", "Корни", "10", "5")


def problems(found: ReadFile) -> list[tuple[object, object, str]]:
    return [(each.row, each.column, each.reason) for each in found.problems]


@pytest.mark.parametrize("month", ["Сентябь", "9", "Сент-рь"])
def test_a_misspelt_month_is_refused(tmp_path: Path, month: str) -> None:
    """All marks under it would be missing, as if they had been taken back."""
    months = f"<th>Сентябрь</th><th>{month}</th>"
    found = read_text(tmp_path, student_total(("Алгебра", "5", "4", "", ""), months=months))
    assert problems(found)[0][1:] in [(3, "report_column"), (3, "day_without_month")]


def test_a_column_of_absences_is_told_and_any_other_refused(tmp_path: Path) -> None:
    """Totals of absences repeat what the days say; a column that nobody knows may hold marks."""
    known = read_text(tmp_path, student_total(("Алгебра", "5", "4", "3"), tail=("Пропуски",)))
    assert (problems(known), [each.reason for each in known.notes]) == ([], ["report_column_left_out"])
    strange = read_text(tmp_path, student_total(("Алгебра", "5", "4", "3"), tail=("Срденяя",)))
    assert problems(strange) == [(1, 4, "report_column")]


def test_marks_without_any_title_are_refused(tmp_path: Path) -> None:
    """A column whose title was lost still has its marks."""
    rows = ["<th>Предмет</th><th>1 четверть</th><th></th><th>2 четверть</th>", cells("Алгебра", "5", "4", "3")]
    assert problems(read_text(tmp_path, html_head() + html_table(rows))) == [(2, 3, "column_untitled")]


@pytest.mark.parametrize("subject", ["Итоговый проект", "Всеобщая история", "Подписка"])
def test_a_subject_that_begins_like_a_total_is_a_subject(tmp_path: Path, subject: str) -> None:
    """Only the whole words «Итого», «Всего» and «Подпись» end a table."""
    found = read_text(tmp_path, student_total((subject, "5", "4", "", "")))
    assert [each.subject for each in found.reports[0].subjects] == [subject]


def test_subjects_below_an_empty_row_are_read(tmp_path: Path) -> None:
    """An empty row in a workbook does not end the table; lines of text below it do."""
    rows = [
        ["Период: с 1.09.2026 по 30.11.2026", "", ""],
        ["Предмет", "Сентябрь", "Сентябрь"],
        ["", "2", "9"],
        ["Алгебра", "5", "4"],
        ["", "", ""],
        ["Физика", "3", "4"],
        ["", "", ""],
        ["Состояние на 30.11.2026", "", ""],
    ]
    [report] = read(workbook(tmp_path / "total.xlsx", {"Лист": rows})).reports
    assert [each.subject for each in report.subjects] == ["Алгебра", "Физика"]


GRADES = ("Тема", "Тип", "Дата урока", "Отметка")


def test_a_topic_that_begins_like_a_total_is_a_topic(tmp_path: Path) -> None:
    """«Средневековье» and «Всего понемногу» are topics of lessons with a date; rows below an empty one are read."""
    rows = [
        [*GRADES],
        ["Средневековая Русь", "Ответ", "02.09.2026", "5"],
        ["Подпись художника", "Ответ", "03.09.2026", "4"],
        ["", "", "", ""],
        ["Выполнено чертежей", "Ответ", "04.09.2026", "3"],
        ["Средний балл", "", "", "4"],
    ]
    found = read(workbook(tmp_path / "grades.xlsx", {"Лист": rows}))
    assert problems(found) == []
    assert [entry.tokens for entry in found.reports[0].subjects[0].entries] == [("5",), ("4",), ("3",)]


def test_an_unknown_column_of_marks_is_refused(tmp_path: Path) -> None:
    """A misspelt «Вес» would make every weight the same."""
    rows = [[*GRADES, "Всё"], ["Корни", "Ответ", "02.09.2026", "5", "10"]]
    assert problems(read(workbook(tmp_path / "grades.xlsx", {"Лист": rows}))) == [(1, 5, "report_column")]


def test_a_filled_column_without_a_title_is_refused(tmp_path: Path) -> None:
    """In journals and in lists alike; an empty one does no harm."""
    header = (*JOURNAL_HEADER[:4], "", *JOURNAL_HEADER[4:])
    rows = (*ROW[:4], "", *ROW[4:]), (*ROW[:4], "4", *ROW[4:])
    assert problems(read(written(tmp_path, csv_text(*rows, header=header), name="a.csv"))) == [
        (3, 5, "column_untitled")
    ]
    people = csv_text(("Рощина Майя", "01.02.2012", "8А?", "8Б"), header=("student", "birth_date", "", "class"))
    assert problems(read(written(tmp_path, people, name="b.csv"))) == [(2, 3, "column_untitled")]


@pytest.mark.parametrize("text", ["восьмой", "Б", "-"])
def test_a_class_of_a_list_has_its_year(tmp_path: Path, text: str) -> None:
    """A word in the class's column would be a new class without a year of study."""
    people = csv_text(("Рощина Майя", "01.02.2012", text), header=("student", "birth_date", "class"))
    assert problems(read(written(tmp_path, people, name="a.csv"))) == [(2, 3, "class_name")]


def test_a_period_with_one_date_is_refused(tmp_path: Path) -> None:
    """Half a period would be none, and nothing in it could be taken back."""
    found = read_text(
        tmp_path, student_total(("Алгебра", "5", "4", "", ""), labels={"Период": "с 1.09.2026 по 3О.11.2026"})
    )
    assert "period" in [each.reason for each in found.problems]


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [("number", "третий", "whole"), ("number", 99, "whole"), ("startTime", "полдень", "time")],
)
def test_a_diary_is_read_or_told(tmp_path: Path, field: str, value: object, reason: str) -> None:
    """A number or time that is not understood moves the lesson within its day."""
    shown = f'"{value}"' if isinstance(value, str) else value
    lesson = f'{{"day": "2026-09-02", "subjectName": "Физика", "{field}": {shown}}}'
    found = read_text(tmp_path, f'{{"weekDays": [{{"date": "2026-09-02", "lessons": [{lesson}]}}]}}')
    assert problems(found) == [("/weekDays/0/lessons/0", field, reason)]


@pytest.mark.parametrize("title", ["Средняя оцнка", "Итоговая оценка 1 четверт", "Средний балл Обед"])
def test_a_misspelt_term_is_no_term_of_its_own(tmp_path: Path, title: str) -> None:
    """Only the words of reporting periods name a term; anything else would hide a final mark under a new name."""
    found = read_text(tmp_path, student_total(("Алгебра", "5", "4", "4"), tail=(title,)))
    assert problems(found) == [(1, 4, "report_column")]


@pytest.mark.parametrize("subject", ["?", "2", "8:00"])
def test_a_subject_has_letters(tmp_path: Path, subject: str) -> None:
    """Where columns have slipped, a number or a time stands in the subject's place."""
    report = read_text(tmp_path, student_total((subject, "5", "4", "", "")))
    assert problems(report) == [(3, 1, "subject_words")]
    table = read(written(tmp_path, csv_text((*ROW[:2], subject, *ROW[3:])), name="a.csv"))
    assert problems(table) == [(2, 3, "subject_words")]
