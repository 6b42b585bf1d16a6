"""Timetables: the week as schools print it, the form of substitutions, and the plain tables of a year."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, time
from pathlib import Path

import pytest
import xlsxwriter

from bot.imports.formats.workbooks import read_workbook_sheets
from core.model.imports.reports import Problem
from core.model.imports.timetable_tables import (
    BellRow,
    ChangeRow,
    HolidayRow,
    PeriodRow,
    ScheduleKind,
    ScheduleRow,
    TemplateRow,
)
from core.model.timetable import ChangeKind
from tests.support.report_files import csv_text, read, written
from tests.support.samples import samples

GRID = (
    ("", "", '5 "А" класс', "", "", "5-б", ""),
    ("ПОНЕДЕЛЬНИК", 0, "Разговоры о важном ", 327, 1, "Русский язык", "Сп.зал 2"),
    ("", 1, "Английский язык", "331/436", "", "Литература", 242),
    ("", "", "", "", 3, "Алгебра", ""),
    ("", "", "", "", "", "", ""),
    ("ВТОРНИК", 2, "Физика", 338, "", "ИЗО", 430),
    ("", "", "Черчение", 430, 2, "Физика", 338),
)
AS_READ = [
    ("5А", 0, 0, "Разговоры о важном", "327"),
    ("5А", 0, 1, "Английский язык", "331/436"),
    ("5А", 1, 2, "Физика", "338"),
    ("5А", 1, 2, "Черчение", "430"),
    ("5Б", 0, 1, "Русский язык", "Сп.зал 2"),
    ("5Б", 0, 1, "Литература", "242"),
    ("5Б", 0, 3, "Алгебра", None),
    ("5Б", 1, 2, "ИЗО", "430"),
    ("5Б", 1, 2, "Физика", "338"),
]


def grid(path: Path, rows: Sequence[Sequence[object]] = GRID, *merged: tuple[int, int, int, int, str]) -> Path:
    """A workbook of one sheet; `merged` are areas with their text."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("5 класс")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        for area in merged:
            sheet.merge_range(*area)
    return path


def lessons(path: Path) -> list[tuple[str, int, int, str, str | None]]:
    """The lessons of a grid without a fault, as class, weekday, number, subject, room."""
    found = read(path)
    assert found.problems == ()
    [table] = found.schedules
    assert (table.kind, table.sheet) == (ScheduleKind.TEMPLATE, "5 класс")
    rows = [row for row in table.rows if isinstance(row, TemplateRow)]
    return [(row.school_class, row.weekday, row.number, row.subject, row.room) for row in rows]


def rows(folder: Path, *table: Sequence[str]) -> tuple[ScheduleRow, ...]:
    """The rows of a plain table without a fault; the first row is its header."""
    found = read(written(folder, csv_text(*table[1:], header=table[0]), name="table.csv"))
    assert found.problems == ()
    [schedule] = found.schedules
    return schedule.rows


def problems(folder: Path, *table: Sequence[str]) -> list[tuple[object, object, str]]:
    """Row, column and reason of each fault of a plain table."""
    found = read(written(folder, csv_text(*table[1:], header=table[0]), name="table.csv"))
    return [(problem.row, problem.column, problem.reason) for problem in found.problems]


def test_a_printed_week_is_read_class_by_class(tmp_path: Path) -> None:
    """Blocks of columns, days downwards; «331/436» stays; a missing number is that of the lesson above (Q16)."""
    assert lessons(grid(tmp_path / "week.xlsx")) == AS_READ


def test_merged_cells_say_the_same(tmp_path: Path) -> None:
    """The day may be merged over its lessons and the class over its block."""
    merged = [(1, 0, 3, 0, "П О Н Е Д Е Л Ь Н И К"), (0, 4, 0, 6, '5 "Б"'), (0, 1, 0, 3, "5 А класс")]
    assert lessons(grid(tmp_path / "week.xlsx", GRID, *merged)) == AS_READ


def test_numbers_may_stand_once_for_all_classes(tmp_path: Path) -> None:
    """The other common form: one column of numbers at the left, then a column for each class."""
    table = (
        ("День", "Урок", "5А", "каб", "5Б"),
        ("Понедельник", 1, "Алгебра", 21, "Физика"),
        ("", 2, "Физика", 12, "Алгебра"),
        ("Вторник", 1, "Химия", 40, ""),
    )
    assert lessons(grid(tmp_path / "week.xlsx", table)) == [
        ("5А", 0, 1, "Алгебра", "21"),
        ("5А", 0, 2, "Физика", "12"),
        ("5А", 1, 1, "Химия", "40"),
        ("5Б", 0, 1, "Физика", None),
        ("5Б", 0, 2, "Алгебра", None),
    ]


def test_a_title_of_a_column_is_no_lesson(tmp_path: Path) -> None:
    """«№, Предмет, Каб.» under the class stands above the first day."""
    table = (GRID[0], ("", "№", "Предмет", "Каб.", "№", "Предмет", "Каб."), *GRID[1:])
    assert lessons(grid(tmp_path / "week.xlsx", table)) == AS_READ


def test_days_may_be_lines_across_the_sheet(tmp_path: Path) -> None:
    """The day is merged over all columns, and the classes are named again below it."""
    titles = ("№", "5А (физмат)", "каб", "№", "5 «Б» кл.", "каб")
    table = (
        titles,
        ("", "", "", "", "", ""),
        (1, "Алгебра", 21, 1, "Физика", 22),
        ("", "", "", "", "", ""),
        titles,
        (1, "Химия", 23, 2, "ИЗО", 24),
    )
    merged = [(1, 0, 1, 5, "Понедельник"), (3, 0, 3, 5, "ВТОРНИК:")]
    assert lessons(grid(tmp_path / "week.xlsx", table, *merged)) == [
        ("5А", 0, 1, "Алгебра", "21"),
        ("5А", 1, 1, "Химия", "23"),
        ("5Б", 0, 1, "Физика", "22"),
        ("5Б", 1, 2, "ИЗО", "24"),
    ]


def test_classes_and_days_alone_are_no_timetable(tmp_path: Path) -> None:
    """A list of duties by class and day has no lessons in it."""
    table = (("Дежурство", "5А"), ("Понедельник", ""))
    assert read(grid(tmp_path / "week.xlsx", table)).problems == (Problem("5 класс", None, None, None, "unrecognised"),)


def test_faults_of_a_grid_have_their_place(tmp_path: Path) -> None:
    """Sheet, row and column of what has no number, no day or no subject; nothing is guessed (Q101)."""
    table = (
        ("", "", "5А", ""),
        ("", 1, "Химия", 40),
        ("Среда", "x", "Алгебра", 21),
        ("", 2, "", 22),
        ("", 3, "Физика", 23),
        ("Пятница", "", "ИЗО", 24),
        ("", "", "", ""),
        *[("Суббота", number, "Музыка", 25) for number in range(1, 4)],
    )
    found = read(grid(tmp_path / "week.xlsx", table)).problems
    sheet = "5 класс"
    assert sorted(found, key=lambda each: int(each.row or 0)) == [
        Problem(sheet, 2, 3, None, "weekday_missing"),
        Problem(sheet, 3, 2, None, "whole"),
        Problem(sheet, 4, 3, None, "cell_missing"),
        Problem(sheet, 6, 2, None, "number_missing"),
    ]


def test_the_weekly_template_is_a_plain_table_too(tmp_path: Path) -> None:
    """With Russian headers, teacher and subgroup; days by name, short name or number (Q16)."""
    header = ("Класс", "День недели", "Урок", "Предмет", "Кабинет", "Учитель", "Подгруппа")
    found = rows(
        tmp_path,
        header,
        ("8Б", "Пн", "0", "Алгебра", "214", "Шарова В.Л.", ""),
        ("8Б", "5", "3.", "Химия", "", "", "1"),
    )
    assert found == (
        TemplateRow(2, None, "8Б", 0, 0, "Алгебра", "214", "Шарова В.Л.", None),
        TemplateRow(3, None, "8Б", 4, 3, "Химия", None, None, "1"),
    )


def test_changes_are_of_four_kinds(tmp_path: Path) -> None:
    """Substitution, move, cancellation, room; a move without a date stays on its day (Q17)."""
    header = ("date", "class", "number", "subject", "change", "new_teacher", "new_room", "new_date", "new_number")
    found = rows(
        tmp_path, header,
        ("23.11.2026", "8Б", "2", "Алгебра", "замена", "Шарова В.Л.", "", "", ""),
        ("23.11.2026", "8Б", "3", "Физика", "Перенос", "", "", "", "5"),
        ("23.11.2026", "8Б", "4", "Химия", "move", "", "12", "24.11.2026", ""),
        ("23.11.2026", "8Б", "5", "ИЗО", "отменён", "", "", "", ""),
        ("23.11.2026", "8Б", "6", "Музыка", "кабинет", "", "45", "", ""),
    )  # fmt: skip
    monday, tuesday = date(2026, 11, 23), date(2026, 11, 24)
    assert found == (
        ChangeRow(2, monday, "8Б", 2, "Алгебра", ChangeKind.SUBSTITUTION, new_teacher="Шарова В.Л."),
        ChangeRow(3, monday, "8Б", 3, "Физика", ChangeKind.MOVE, new_on=monday, new_number=5),
        ChangeRow(4, monday, "8Б", 4, "Химия", ChangeKind.MOVE, new_room="12", new_on=tuesday, new_number=4),
        ChangeRow(5, monday, "8Б", 5, "ИЗО", ChangeKind.CANCELLATION),
        ChangeRow(6, monday, "8Б", 6, "Музыка", ChangeKind.ROOM, new_room="45"),
    )


def test_the_form_of_substitutions_is_known_by_its_header(tmp_path: Path) -> None:
    """Pay and signatures are not read; the lesson's number is not on the form (Q17)."""
    header = (
        *("№ п/п", "Дата", "ФИО  пропуст. урок", "№таб", "предмет", "Класс", "Причина пропуска", "ФИО замен. урок"),
        *("№таб", "ИФО", "% оплаты", "Подпись замещающего"),
    )
    row = ("1", "23.11.2026", "Лисина О.С.", "5006", "алгебра", "8Б", "причина", "Шарова В.Л.", "5008", "СГЗ", "1", "")
    assert rows(tmp_path, header, row) == (
        ChangeRow(
            2, date(2026, 11, 23), "8Б", None, "алгебра", ChangeKind.SUBSTITUTION,
            new_teacher="Шарова В.Л.", absent="Лисина О.С.",
        ),
    )  # fmt: skip


def test_bells_holidays_and_periods_are_tables_of_their_own(tmp_path: Path) -> None:
    """Shifts and short days are variants of the bells (Q16); holidays may be for some grades only (Q22)."""
    assert rows(
        tmp_path, ("Вариант", "Урок", "Начало", "Конец", "Класс", "Дата"),
        ("Обычные", "1", "8:30", "09.15", "", ""), ("2 смена", "0", "13:00:00", "13-40", "7А", "30.12.2026"),
    ) == (
        BellRow(2, "", 1, time(8, 30), time(9, 15)),
        BellRow(3, "2 смена", 0, time(13), time(13, 40), "7А", date(2026, 12, 30)),
    )  # fmt: skip
    assert rows(
        tmp_path, ("Каникулы", "с", "по", "класс с", "класс по"),
        ("Осенние", "26.10.2026", "3.11.26", "", ""), ("Дополнительные", "8 февраля 2027", "2027-02-14", "1", "1"),
    ) == (
        HolidayRow(2, "Осенние", date(2026, 10, 26), date(2026, 11, 3)),
        HolidayRow(3, "Дополнительные", date(2027, 2, 8), date(2027, 2, 14), 1, 1),
    )  # fmt: skip
    assert rows(tmp_path, ("Период", "Начало", "Конец"), ("1 четверть", "1.09.2026", "25.10.2026")) == (
        PeriodRow(2, "1 четверть", date(2026, 9, 1), date(2026, 10, 25)),
    )


def test_a_period_may_hold_for_grades_a_class_or_a_subject(tmp_path: Path) -> None:
    """Half-years in grades 10 and 11, trimesters of one class, half-years of a subject of one hour a week (Q36)."""
    dates = date(2026, 9, 1), date(2026, 12, 29)
    assert rows(
        tmp_path, ("Период", "Начало", "Конец", "Класс с", "Класс по", "Класс", "Предмет"),
        ("1 полугодие", "1.09.2026", "29.12.2026", "10", "", "", ""),
        ("1 триместр", "1.09.2026", "29.12.2026", "", "", "8Б", ""),
        ("1 полугодие", "1.09.2026", "29.12.2026", "5", "8", "", "Музыка"),
    ) == (
        PeriodRow(2, "1 полугодие", *dates, (10, 11)),
        PeriodRow(3, "1 триместр", *dates, None, "8Б"),
        PeriodRow(4, "1 полугодие", *dates, (5, 8), None, "Музыка"),
    )  # fmt: skip


CHANGES = ("date", "class", "number", "subject", "change", "new_teacher", "new_date")


@pytest.mark.parametrize(("table", "expected"), [
    ([("class", "weekday", "number", "subject"), ("", "пятнеца", "x", "")],
     [(2, 1, "cell_missing"), (2, 4, "cell_missing"), (2, 3, "whole"), (2, 2, "weekday")]),
    ([CHANGES, ("31.02.2026", "8Б", "1", "Алгебра", "шутка", "", "завтра")],
     [(2, 1, "date"), (2, 5, "change"), (2, 7, "date")]),
    ([CHANGES, ("23.11.2026", "8Б", "1", "Алгебра", "замена", "", "")], [(2, 5, "change_incomplete")]),
    ([CHANGES, ("23.11.2026", "8Б", "1", "Алгебра", "перенос", "", "")], [(2, 5, "change_incomplete")]),
    ([("number", "starts", "ends"), ("1", "8.30", "8 утра"), ("2", "9:25", "9:10"), ("", "10:00", "10:45")],
     [(2, 3, "time"), (3, 3, "ends_first"), (4, 1, "cell_missing")]),
    ([("name", "starts", "ends"), ("Летние", "31.08.2027", "01.06.2027"), ("", "x", "")],
     [(2, 3, "ends_first"), (3, 1, "cell_missing"), (3, 2, "date"), (3, 3, "cell_missing")]),
    ([("period", "starts", "ends"), ("1 четверть", "25.10.2026", "01.09.2026"), ("", "", "1.1.2027")],
     [(2, 3, "ends_first"), (3, 1, "cell_missing"), (3, 2, "cell_missing")]),
    ([("period", "starts", "ends", "grade_from", "grade_to", "class"),
      ("1 четверть", "1.9.2026", "25.10.2026", "9", "5", ""), ("1 четверть", "1.9.2026", "25.10.2026", "5", "", "9А")],
     [(2, 5, "grades"), (3, 6, "class_or_grades")]),
])  # fmt: skip
def test_every_fault_of_a_row_is_a_problem_with_its_place(
    tmp_path: Path, table: list[tuple[str, ...]], expected: list[tuple[int, int, str]]
) -> None:
    """The whole row is checked, and a faulty one is not read in part (Q101)."""
    assert problems(tmp_path, *table) == expected


@pytest.mark.parametrize("path", samples("*/raspisanie*.xlsx"), ids=lambda path: path.name)
def test_no_lesson_of_a_real_week_is_lost(path: Path) -> None:
    """Each cell that names a subject is a lesson: counted by class, whatever its number (Q16)."""
    found = read(path)
    assert found.problems == ()
    with path.open("rb") as file:
        for sheet, table in zip(read_workbook_sheets(file), found.schedules, strict=True):
            titles, *body = list(sheet.rows)
            taken = range(2, len(titles), 3)
            expected = Counter(titles[column] for row in body for column in taken if row[column].strip())
            assert sum(expected.values()) == len(table.rows)
            assert sorted(expected.values()) == sorted(
                Counter(row.school_class for row in table.rows if isinstance(row, TemplateRow)).values()
            )


@pytest.mark.parametrize("path", samples("*/zameni*.xlsx"), ids=lambda path: path.name)
def test_a_real_form_of_substitutions_is_read(path: Path) -> None:
    """Every row has date, class, subject and both teachers, and none has a number (Q17)."""
    found = read(path)
    assert found.problems == ()
    changes = [row for table in found.schedules for row in table.rows if isinstance(row, ChangeRow)]
    assert changes
    assert all(row.number is None and row.absent and row.new_teacher for row in changes)
