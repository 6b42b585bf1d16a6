"""Plain tables: the journal of a whole school, and the four lists of people."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from core.model.imports.people_lists import (
    BY_CODE,
    GroupRow,
    GuardianRow,
    PeopleKind,
    PersonRow,
    StaffRow,
    StudentRow,
)
from core.model.imports.reports import JournalEntry, Problem
from core.model.people import Role
from core.model.register.consents import Decision
from core.model.year import GroupKind
from tests.support.report_files import FIXTURES, csv_text, only_report, read, workbook, written

MAYA = ("Рощина Майя Глебовна", "8Б")
ROW = (*MAYA, "Алгебра", "02.09.2026", "Контрольная работа", "Корни", "10", "5")
ENTRY = JournalEntry(date(2026, 9, 2), ("5",), "Контрольная работа", "Корни", Decimal(10))
GUARDIANS = (
    *("guardian", "student", "class", "relation", "telegram", "email", "phone", "paper"),
    *("consent", "form_no", "form_date", "confirmed_by"),
)
GUARDIAN = (
    *("Рощин Глеб Ильич", *MAYA, "отец", "700001", "Gleb@Family.Test", "8 (900) 000-00-01", "нет"),
    *("согласие", "С-12", "01.09.2026", "Мохова А.И."),
)


def table(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    return written(folder, text, name="table.csv", encoding=encoding)


def people(folder: Path, *rows: tuple[str, ...]) -> tuple[PersonRow, ...]:
    """The rows of a list of people without a fault; the first row is its header."""
    found = read(table(folder, csv_text(*rows[1:], header=rows[0])))
    assert found.problems == ()
    [register] = found.people
    return register.rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_journal_is_read_in_any_encoding(tmp_path: Path, encoding: str, delimiter: str) -> None:
    """Semicolons or tabs, with or without BOM, or cp1251: the same marks come out (Q100)."""
    report = only_report(read(table(tmp_path, csv_text(ROW, delimiter=delimiter), encoding)))
    assert (report.student, report.school_class, report.row) == (*MAYA, 2)
    assert report.subjects[0].entries == (ENTRY,)


def test_a_comma_parts_columns_too_and_quotes_hold_it(tmp_path: Path) -> None:
    """A topic with a comma in quotes stays one cell."""
    text = 'student,class,subject,date,topic,mark\nРощина Майя,8Б,Алгебра,2026-09-02,"Корни, §1",5\n'
    assert only_report(read(table(tmp_path, text))).subjects[0].entries[0].topic == "Корни, §1"


@pytest.mark.parametrize(
    "header",
    [
        ("Ученик", "Класс", "Предмет", "Дата", "Тип", "Тема", "Вес", "Отметка"),
        ("ФИО ученика", "КЛАСС", "Дисциплина", "Дата урока", "Вид работы", "Тема урока", "Коэффициент", "Оценка"),
        (" Учащийся ", "class", "subject", "date", "Work kind", "TOPIC", "weight", "mark"),
    ],
)
def test_headers_may_be_russian(tmp_path: Path, header: tuple[str, ...]) -> None:
    """The usual Russian titles are names of the same columns."""
    assert only_report(read(table(tmp_path, csv_text(ROW, header=header)))).subjects[0].entries == (ENTRY,)


def test_a_table_gives_a_report_for_each_student(tmp_path: Path) -> None:
    """Rows of one student and subject come together in any spelling; the period is the whole table's."""
    rows = (
        ROW,
        ("Дымов Савва", "8Б", "Алгебра", "09.09.26", "", "", "", "уп"),
        ("рощина  майя Глебовна", "8 б", "алгебра", "16.9.2026", "", "", "0,5", "5/4"),
        ("Рощина Майя Глебовна", "9А", "Алгебра", "16.09.2026", "", "", "", "3"),
        ("Дымов Савва", "8Б", "Химия", "16.09.2026", "", "", "", ""),
    )
    maya, savva, namesake = read(table(tmp_path, csv_text(*rows))).reports
    assert maya.subjects[0].entries == (
        ENTRY,
        JournalEntry(date(2026, 9, 16), ("5", "4"), weight=Decimal("0.5")),
    )
    assert (savva.row, [(each.subject, len(each.entries)) for each in savva.subjects]) == (
        3,
        [("Алгебра", 1), ("Химия", 0)],
    )
    assert namesake.school_class == "9А"
    assert {maya.period, savva.period} == {(date(2026, 9, 2), date(2026, 9, 16))}


def test_a_real_xls_and_an_xlsx_are_read_with_real_dates(tmp_path: Path) -> None:
    """Figures of a workbook are marks and weights, its dates dates, whatever the file is called (Q100)."""
    header = ("student", "class", "subject", "date", "weight", "mark")
    rows = [header, (*MAYA, "Алгебра", date(2026, 9, 2), 10.0, 5), (*MAYA, "Алгебра", date(2026, 9, 9), 0.5, "4 5")]
    report = only_report(read(workbook(tmp_path / "journal.csv", {"Журнал": rows})))
    assert (report.sheet, report.subjects[0].entries) == (
        "Журнал",
        (
            JournalEntry(date(2026, 9, 2), ("5",), weight=Decimal(10)),
            JournalEntry(date(2026, 9, 9), ("4", "5"), weight=Decimal("0.5")),
        ),
    )
    [algebra] = only_report(read(FIXTURES / "journal.xls")).subjects
    assert [(each.tokens, each.weight) for each in algebra.entries] == [
        (("5",), Decimal(10)),
        (("5", "4"), Decimal("20.5")),
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ((*ROW[:7], "7"), [(2, 8, "7", "unknown_token")]),
        ((*ROW[:3], "31.09.2026", *ROW[4:]), [(2, 4, "31.09.2026", "date")]),
        ((*ROW[:3], "29.02.2027", *ROW[4:]), [(2, 4, "29.02.2027", "date")]),
        ((*ROW[:3], "0001-01-01", *ROW[4:]), [(2, 4, "0001-01-01", "date")]),
        ((*ROW[:3], "31.12.9999", *ROW[4:]), [(2, 4, "31.12.9999", "date")]),
        ((*ROW[:3], "", *ROW[4:]), [(2, 4, None, "cell_missing")]),
        ((*ROW[:6], "много", "5"), [(2, 7, "много", "weight")]),
        (("", *ROW[1:]), [(2, 1, None, "cell_missing")]),
        ((*ROW[:2], "", *ROW[3:]), [(2, 3, None, "cell_missing")]),
        (("", "", "", "вчера", "", "", "x", "y"), [
            (2, 1, None, "cell_missing"), (2, 3, None, "cell_missing"), (2, 4, "вчера", "date"),
            (2, 8, "y", "unknown_token"), (2, 7, "x", "weight"),
        ]),
    ],
)  # fmt: skip
def test_every_fault_of_a_row_is_told(
    tmp_path: Path, row: tuple[str, ...], expected: list[tuple[int, int, str | None, str]]
) -> None:
    """All faults of a row are found at once; values of name cells are not shown (Q101, Q103)."""
    found = read(table(tmp_path, csv_text(row, ROW)))
    assert found.problems == tuple(
        Problem(None, line, column, value, reason) for line, column, value, reason in expected
    )
    assert sum(len(each.entries) for report in found.reports for each in report.subjects) == 1


def test_rows_that_do_not_fit_the_header_are_problems_and_empty_ones_are_not(tmp_path: Path) -> None:
    """A short or long row is never read past; blank lines count as rows and say nothing (Q101)."""
    text = csv_text(ROW, (), ("", "", "", "", "", "", "", ""), ("a", "b"), (*ROW, "", ""), (*ROW, "5"))
    found = read(table(tmp_path, text))
    assert [(problem.row, problem.reason) for problem in found.problems] == [(5, "column_count"), (7, "column_count")]
    assert found.reports[0].subjects[0].entries == (ENTRY, ENTRY)


def test_students_are_listed_with_birth_dates(tmp_path: Path) -> None:
    """A list of students has its day of leaving where somebody leaves."""
    assert people(
        tmp_path,
        ("Ученик", "Дата рождения", "Класс", "Дата выбытия"),
        (*MAYA[:1], "04.05.2012", MAYA[1], ""),
        ("Дымов Савва", "2012-06-01", "8Б", "31.12.2026"),
    ) == (
        StudentRow(2, MAYA[0], date(2012, 5, 4), "8Б", None),
        StudentRow(3, "Дымов Савва", date(2012, 6, 1), "8Б", date(2026, 12, 31)),
    )


def test_guardians_come_with_contacts_and_the_signed_form(tmp_path: Path) -> None:
    """Contacts are brought to their normal form, so that a school can start with its forms in bulk (R7)."""
    assert people(tmp_path, GUARDIANS, GUARDIAN) == (
        GuardianRow(
            row=2,
            guardian="Рощин Глеб Ильич",
            student=MAYA[0],
            school_class="8Б",
            relation="отец",
            telegram="700001",
            email="Gleb@family.test",
            phone="+79000000001",
            paper=False,
            consent=Decision.CONSENT,
            form_no="С-12",
            form_date=date(2026, 9, 1),
            confirmed_by="Мохова А.И.",
        ),
    )


@pytest.mark.parametrize(
    ("said", "access"), [("да", True), ("yes", True), ("нет", False), ("no", False), ("-", False), ("", None)]
)
def test_a_list_may_say_who_has_no_access_and_until_when(tmp_path: Path, said: str, access: bool | None) -> None:  # noqa: FBT001
    """`access` is yes or no, an empty cell says nothing; `ends_on` is the last day (Q127)."""
    header = (*GUARDIANS, "Доступ", "ends_on")
    [row] = people(tmp_path, header, (*GUARDIAN, said, "30.11.2026"))
    assert isinstance(row, GuardianRow)
    assert (row.access, row.ends_on) == (access, date(2026, 11, 30))


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("MAX", ("max",)),
        ("макс, Телеграм", ("max", "telegram")),
        ("Telegram, почта и СМС", ("email", "sms", "telegram")),
        ("max/e-mail, max", ("email", "max")),
        ("", None),
        ("-", None),
    ],
)
def test_a_list_says_whose_processors_a_paper_names(tmp_path: Path, said: str, named: tuple[str, ...] | None) -> None:
    """By the words that title the columns of contacts, in one cell; an empty cell says nothing (Q4)."""
    [row] = people(tmp_path, (*GUARDIANS, "Обработчики"), (*GUARDIAN, said))
    assert isinstance(row, GuardianRow)
    assert row.processors == named


@pytest.mark.parametrize("said", ["да", "нет", "MAX, голубь", "бумага", ","])
def test_a_word_that_names_no_channel_is_told_by_its_place(tmp_path: Path, said: str) -> None:
    """A plain yes would name nobody, and nobody is guessed: the row is a problem, and the file is not written."""
    found = read(table(tmp_path, csv_text((*GUARDIAN, said), header=(*GUARDIANS, "Обработчики"))))
    assert found.problems == (Problem(None, 2, len(GUARDIANS) + 1, None, "processors"),)


def test_a_staff_members_last_day_comes_from_the_list(tmp_path: Path) -> None:
    """Under its English or Russian name; without the column the role has no end (Q127)."""
    for title in ("ends_on", "Дата увольнения", "Последний день"):
        [row] = people(tmp_path, ("person", "role", "class", title), ("Мохова А.И.", "учитель", "8Б", "30.11.2026"))
        assert isinstance(row, StaffRow)
        assert row.ends_on == date(2026, 11, 30)


@pytest.mark.parametrize("wish", ["+", "да", "@gleb_r", "+7 900 000-00-01", "89000000001", "8 (900) 000-00-01"])
def test_a_telegram_wish_without_a_chat_is_bound_by_a_code(tmp_path: Path, wish: str) -> None:
    """Neither a name nor a phone can be written to, so the chat is bound by a one-time code (Q82)."""
    [row] = people(tmp_path, GUARDIANS, (*GUARDIAN[:4], wish, *GUARDIAN[5:]))
    assert isinstance(row, GuardianRow)
    assert row.telegram == BY_CODE


@pytest.mark.parametrize(
    ("word", "decision"),
    [
        ("да", Decision.CONSENT),
        ("Отказ", Decision.REFUSAL),
        ("refusal", Decision.REFUSAL),
        ("отзыв", Decision.WITHDRAWAL),
    ],
)
def test_a_decision_is_one_of_three(tmp_path: Path, word: str, decision: Decision) -> None:
    """Consent, refusal and withdrawal are registered alike (Q1)."""
    [row] = people(tmp_path, GUARDIANS, (*GUARDIAN[:8], word, *GUARDIAN[9:]))
    assert isinstance(row, GuardianRow)
    assert row.consent is decision


def test_a_guardian_without_a_form_has_decided_nothing(tmp_path: Path) -> None:
    """The four columns of who is whose are enough; no record of consent is no consent."""
    [row] = people(tmp_path, GUARDIANS[:4], GUARDIAN[:4])
    assert row == GuardianRow(2, *GUARDIAN[:4], None, None, None, False, None, None, None, None)  # noqa: FBT003  # paper


@pytest.mark.parametrize(
    ("place", "text", "reason"),
    [
        (0, "", "cell_missing"),
        (3, "", "cell_missing"),
        (4, "Глеб", "telegram"),
        (4, "-1001234567890", "telegram"),
        (4, "-4012345678", "telegram"),
        (4, "0", "telegram"),
        (4, "700001.0", "telegram"),
        (4, "https://t.me/gleb_r", "telegram"),
        (5, "gleb@", "email"),
        (5, "gleb@sсhool.example", "email"),
        (5, "глеб@family.test", "email"),
        (5, "gleb@family.test, olga@family.test", "email"),
        (6, "12-34", "phone"),
        (6, "+7 495 123-45-67", "phone"),
        (6, "-1001234567890", "phone"),
        (6, "+79000000001, +79000000002", "phone"),
        (7, "иногда", "yes_no"),
        (8, "возможно", "consent"),
        (9, "", "form_missing"),
        (10, "", "form_missing"),
    ],
)
def test_a_faulty_guardian_is_told_by_place_only(tmp_path: Path, place: int, text: str, reason: str) -> None:
    """Of names and contacts a problem shows the place, never the value (Q103)."""
    row = (*GUARDIAN[:place], text, *GUARDIAN[place + 1 :])
    found = read(table(tmp_path, csv_text(row, header=GUARDIANS)))
    assert found.problems == (Problem(None, 2, place + 1, None, reason),)
    assert found.people[0].rows == ()


@pytest.mark.parametrize(
    ("place", "text", "kept"),
    [
        (4, "700001", "700001"),
        (5, "vera@школа.рф", "vera@xn--80atdl2c.xn--p1ai"),
        (5, "Gleb@FAMILY.test", "Gleb@family.test"),
        (6, "8 (900) 000-00-01", "+79000000001"),
    ],
)
def test_an_address_is_kept_as_its_channel_sends_to_it(tmp_path: Path, place: int, text: str, kept: str) -> None:
    """What the table takes is what the channel is given: one rule for both (R7)."""
    [row] = people(tmp_path, GUARDIANS, (*GUARDIAN[:place], text, *GUARDIAN[place + 1 :]))
    assert isinstance(row, GuardianRow)
    assert (row.telegram, row.email, row.phone)[place - 4] == kept


def test_staff_have_roles(tmp_path: Path) -> None:
    """A class teacher's row names the class, a teacher's may name class and subject."""
    assert people(
        tmp_path,
        ("Сотрудник", "Должность", "Класс", "Предмет"),
        ("Мохова Анна Ивановна", "Секретарь", "", ""),
        ("Ершова Инга Павловна", "классный руководитель", "8Б", ""),
        ("Ершова Инга Павловна", "teacher", "8Б", "Алгебра"),
    ) == (
        StaffRow(2, "Мохова Анна Ивановна", Role.SECRETARY, None, None),
        StaffRow(3, "Ершова Инга Павловна", Role.CLASS_TEACHER, "8Б", None),
        StaffRow(4, "Ершова Инга Павловна", Role.TEACHER, "8Б", "Алгебра"),
    )


def test_groups_are_of_four_kinds(tmp_path: Path) -> None:
    """A class has no subject of its own, the other ways of belonging have one (Q21)."""
    assert people(
        tmp_path,
        ("group", "kind", "subject", "teacher", "student", "class"),
        ("8Б", "класс", "", "Ершова Инга Павловна", "", "8Б"),
        ("Англ-1", "study_group", "Английский язык", "Зимина Ольга Львовна", *MAYA),
        ("ИУП", "индивидуальный план", "Химия", "", *MAYA),
    ) == (
        GroupRow(2, "8Б", GroupKind.CLASS, None, "Ершова Инга Павловна", None, "8Б"),
        GroupRow(3, "Англ-1", GroupKind.STUDY_GROUP, "Английский язык", "Зимина Ольга Львовна", *MAYA),
        GroupRow(4, "ИУП", GroupKind.INDIVIDUAL, "Химия", None, *MAYA),
    )


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        (("person", "role", "class"), ("Мохова А.И.", "космонавт", ""), Problem(None, 2, 2, "космонавт", "role")),
        (("person", "role", "class"), ("Мохова А.И.", "class_teacher", ""), Problem(None, 2, 3, None, "cell_missing")),
        (
            ("group", "kind", "subject", "teacher", "student", "class"),
            ("А", "кружок", "Хор", "", *MAYA),
            Problem(None, 2, 2, None, "kind"),
        ),
        (
            ("group", "kind", "subject", "teacher", "student", "class"),
            ("А", "поток", "", "", *MAYA),
            Problem(None, 2, 3, None, "cell_missing"),
        ),
        (("student", "birth_date", "class"), (MAYA[0], "32.05.2012", "8Б"), Problem(None, 2, 2, "32.05.2012", "date")),
    ],
)
def test_a_word_that_the_school_does_not_know_is_a_problem(
    tmp_path: Path, header: tuple[str, ...], row: tuple[str, ...], expected: Problem
) -> None:
    """Roles, kinds and dates are checked before anything is written."""
    assert read(table(tmp_path, csv_text(row, header=header))).problems == (expected,)


def test_the_four_lists_may_be_sheets_of_one_workbook(tmp_path: Path) -> None:
    """Each sheet is recognised by its own header, and problems name the sheet."""
    sheets: dict[str, list[tuple[object, ...]]] = {
        "Ученики": [("student", "birth_date", "class"), (*MAYA[:1], date(2012, 5, 4), MAYA[1])],
        "Родители": [GUARDIANS[:4], ("", *GUARDIAN[1:4])],
        "Пусто": [],
    }
    found = read(workbook(tmp_path / "school.xlsx", sheets))
    assert [register.kind for register in found.people] == [PeopleKind.STUDENTS, PeopleKind.GUARDIANS]
    assert found.people[0].rows == (StudentRow(2, MAYA[0], date(2012, 5, 4), "8Б", None),)
    assert found.problems == (Problem("Родители", 2, 1, None, "cell_missing"),)


@pytest.mark.parametrize(
    ("sheet", "header", "table_meant", "columns"),
    [
        ("Родители", ("Родитель", "Ученик", "Класс", "Почта"), "guardians", "relation"),
        ("Родители ", ("Родитель", "Ученик"), "guardians", "class, relation"),
        ("Ученики", ("Ученик", "Класс"), "students", "birth_date"),
        ("Звонки", ("Начало", "Окончание"), "bells", "number"),
        ("Замещения", ("Дата", "Отсутствует", "Предмет", "Класс", "Номер урока"), "substitutions", "new_teacher"),
        ("Учебный план", ("Класс", "Предмет"), "plan", "hours"),
        ("Итоговые отметки", ("Ученик", "Предмет", "Оценка"), "finals_table", "term"),
    ],
)
def test_the_title_of_a_sheet_says_which_table_lacks_columns(
    tmp_path: Path, sheet: str, header: tuple[str, ...], table_meant: str, columns: str
) -> None:
    """A sheet of parents without «Родство» is no list of students without birthdays."""
    found = read(workbook(tmp_path / "school.xlsx", {sheet: [header, ("а",) * len(header)]}))
    facts = (("table", table_meant), ("columns", columns))
    assert found.problems == (Problem(sheet, None, None, None, "columns_missing", facts),)


def test_a_sheet_of_an_unknown_title_and_form_stays_unknown(tmp_path: Path) -> None:
    """A title alone makes no table."""
    found = read(workbook(tmp_path / "school.xlsx", {"Родители": [("Собрание", "Зал")], "Прочее": [("Ученик",)]}))
    assert [problem.reason for problem in found.problems] == ["unrecognised", "unrecognised"]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            ("student", "class", "subject", "date"),
            Problem(None, None, None, None, "columns_missing", (("table", "journal"), ("columns", "mark"))),
        ),
        (
            ("student", "subject", "date", "mark", "mark"),
            Problem(None, 1, 5, None, "column_repeated"),
        ),
        (
            ("student", "birth_date", "class", "родитель"),
            Problem(None, 1, 4, "родитель", "column_of_other", (("table", "students"), ("other", "guardians"))),
        ),
        (
            ("student", "subject", "date", "mark", "четверть"),
            Problem(None, 1, 5, "четверть", "column_of_other", (("table", "journal"), ("other", "finals_table"))),
        ),
        (
            ("student", "class", "subject", "date", "mark", "первичный балл"),
            Problem(None, 1, 6, "первичный балл", "column_of_other", (("table", "journal"), ("other", "exams"))),
        ),
        (("student", "exam", "subject", "date", "mark", "score"), Problem(None, None, None, None, "is_exam")),
        (("guardian", "phone"), Problem(None, None, None, None, "unrecognised")),
    ],
)
def test_a_header_that_does_not_fit_is_a_problem(tmp_path: Path, header: tuple[str, ...], expected: Problem) -> None:
    """What lacks is said, and a header of another table is refused by its name: no exam is read as marks (Q130)."""
    assert read(table(tmp_path, csv_text(header=header))).problems == (expected,)


def test_a_title_and_numbers_beside_the_table_do_no_harm(tmp_path: Path) -> None:
    """A line above the header and columns such as № are left alone; rows count from the top of the table."""
    header = ("№", "student", "subject", "date", "mark", "Примечание")
    text = "Отметки 8Б;;;;;\r\n" + csv_text(("1", MAYA[0], "Алгебра", "02.09.2026", "6", "!"), header=header)
    assert read(table(tmp_path, text)).problems == (Problem(None, 3, 5, "6", "unknown_token"),)


def test_a_column_that_no_table_knows_is_named_and_passed_over(tmp_path: Path) -> None:
    """A school's list has more than Vestnik may keep: it is told by its title, and nothing of it is read (Q130)."""
    header = ("student", "birth_date", "class", "СНИЛС", "Дата выбытя", "телефон")
    found = read(table(tmp_path, csv_text((MAYA[0], "04.05.2012", "8Б", "секрет-1", "", "секрет-2"), header=header)))
    assert found.problems == ()
    assert found.notes == (
        Problem(None, 1, 4, "СНИЛС", "column_unknown", (("table", "students"),)),
        Problem(None, 1, 5, "Дата выбытя", "column_unknown_near", (("table", "students"), ("near", "leaves_on"))),
        Problem(None, 1, 6, "телефон", "column_unknown", (("table", "students"),)),
    )
    assert "секрет" not in repr(found)
