"""Reads results of a ВПР: the report Ф1 and the form in which a school collects them. Neither names a student."""

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from unicodedata import normalize

from bot.imports.dates import read_date_cell
from bot.imports.exams.lines import ExamLine, require_unlike_exam_lines
from bot.imports.exams.sheets import ExamSheet
from bot.imports.exams.words import MARK, PRIMARY, SCHOOL, STATUSES, exam_cell_word_key
from bot.imports.reading import UnreadableFileError
from core.model.imports.exam_files import PrintedExam, PrintedResult
from core.model.results.exams import ExamKind, ExamOutcome, ExamStatus

CODE, VARIANT = "code", "variant"
_REPORT_COLUMNS = {"оо": SCHOOL, "код участника": CODE, "вариант": VARIANT, "первичный балл": PRIMARY, "отметка": MARK}
_FORM_COLUMNS = {"код участника": CODE, "вариант": VARIANT, "итого баллов": PRIMARY}
_TASK = re.compile(r"\((\d+)\s*б\)")
_GRADE = re.compile(r"(\d{1,2})\s+класс", re.IGNORECASE)
_FORM_NAME = re.compile(r"результатов\s+(?P<subject>.+?)\s+(?P<grade>\d{1,2})\s+класс", re.IGNORECASE)
_LABELS = {"предмет": "subject", "максимальный первичный балл": "most", "дата": "date"}
_STATISTICS = re.compile(r"^статистика по |группы участников$", re.IGNORECASE)

Columns = Mapping[str, int]


def has_vpr_report(sheet: ExamSheet) -> bool:
    """Whether a sheet is the report Ф1."""
    return _header(sheet, _REPORT_COLUMNS, {CODE, PRIMARY, SCHOOL}) is not None


def has_vpr_form(sheet: ExamSheet) -> bool:
    """Whether a sheet is the form in which results are collected."""
    return _header(sheet, _FORM_COLUMNS, {CODE, PRIMARY}) is not None


def is_vpr_statistics(sheet: ExamSheet) -> bool:
    """Whether a sheet is a report of a ВПР about groups of participants: nobody's result stands in it."""
    return any(_STATISTICS.search(exam_cell_word_key(cell)) for _, row in sheet.top for cell in row[:1])


def read_vpr_report(sheet: ExamSheet) -> list[PrintedExam]:
    """The exam of a sheet of Ф1. Raises UnreadableFileError where the head lacks something, or no row is found."""
    number, columns = _header(sheet, _REPORT_COLUMNS, {CODE, PRIMARY, SCHOOL}) or (0, {})
    head = _Head(sheet, number)
    results = _results(sheet, number, columns, most=head.most, is_form=False)
    return [PrintedExam(ExamKind.VPR, head.subject, head.on, None, head.grade, None, head.most, results)]


def read_vpr_form(sheet: ExamSheet, file: str) -> list[PrintedExam]:
    """The exam of the form: the file's name alone says subject and grade, and nothing says the date."""
    number, columns = _header(sheet, _FORM_COLUMNS, {CODE, PRIMARY}) or (0, {})
    named = _FORM_NAME.search(" ".join(normalize("NFC", PurePath(file).stem).replace("_", " ").split()))
    if named is None:
        raise UnreadableFileError("exam_form_name")
    most = sum(int(task[1]) for cell in sheet.rows[number - 1] for task in _TASK.finditer(cell))
    results = _results(sheet, number, columns, most=most, is_form=True)
    return [PrintedExam(ExamKind.VPR, named["subject"], None, None, int(named["grade"]), None, most, results)]


class _Head:
    """The lines above the header of Ф1: «Предмет:», «Максимальный первичный балл:», «Дата:», and the title."""

    def __init__(self, sheet: ExamSheet, header: int) -> None:
        self._cells: dict[str, tuple[int, int, str]] = {}
        self.grade: int | None = None
        for number, row in sheet.numbered:
            if number < header:
                self._note(number, row)
        self.subject = self._text("subject")
        self.most = self._most(sheet)
        self.on = read_date_cell(self._text("date"))
        if self.on is None:
            place = self._cells["date"]
            sheet.faults.add("exam_date", row=place[0], column=place[1])

    def _note(self, number: int, row: Sequence[str]) -> None:
        filled = [(column, cell) for column, cell in enumerate(row, start=1) if cell.strip()]
        label = _LABELS.get(exam_cell_word_key(filled[0][1]).rstrip(" :"))
        if label and len(filled) > 1:
            self._cells.setdefault(label, (number, *filled[1]))
        elif len(filled) == 1 and (grade := _GRADE.search(filled[0][1])) is not None:
            self.grade = int(grade[1])

    def _text(self, label: str) -> str:
        if label not in self._cells:
            raise UnreadableFileError("exam_head")
        return " ".join(self._cells[label][2].split())

    def _most(self, sheet: ExamSheet) -> int | None:
        """The highest primary score; a wrong one is a problem."""
        row, column, text = self._cells.get("most", (0, 0, ""))
        if text and not text.isdecimal():
            sheet.faults.add("exam_number", row=row, column=column, value=text)
        return int(text) if text.isdecimal() else None


def _header(sheet: ExamSheet, names: Mapping[str, str], needed: set[str]) -> tuple[int, Columns] | None:
    """The number and the columns of the first row that has the needed columns."""
    for number, row in sheet.top:
        columns: dict[str, int] = {}
        for index, cell in enumerate(row):
            if (name := names.get(exam_cell_word_key(cell))) is not None:
                columns.setdefault(name, index)
        if needed <= columns.keys():
            return number, columns
    return None


def _results(
    sheet: ExamSheet, header: int, columns: Columns, *, most: int | None, is_form: bool
) -> tuple[PrintedResult, ...]:
    """The rows below the header. A school gives its own codes, so two schools of a report may have one code."""
    results, lines = list[PrintedResult](), list[tuple[object, object, ExamLine]]()
    for number, row in sheet.numbered:
        line = ExamLine(number, row, columns, sheet)
        is_row = _is_form_row if is_form else _is_report_row
        if number <= header or not is_row(line):
            continue
        result = _result(line, most)
        results.append(result)
        lines.append(((result.school, result.code or number), result.outcome, line))
    require_unlike_exam_lines(lines, CODE, "exam_code_repeated")
    if not results and not sheet.faults.problems:
        raise UnreadableFileError("exam_no_students")
    return tuple(results)


def _is_report_row(line: ExamLine) -> bool:
    """Whether a row of Ф1 is of a participant: the line of a school has its first cell only."""
    return bool(_cell(line, SCHOOL)) and sum(1 for cell in line.cells if cell.strip()) > 1


def _is_form_row(line: ExamLine) -> bool:
    """Whether a row of the form is used: the form is longer than the school, and its empty rows add up to 0."""
    return any((_cell(line, CODE), _cell(line, VARIANT), _cell(line, PRIMARY).strip("0.,")))


def _cell(line: ExamLine, name: str) -> str:
    """A cell as it is: no problem is said of rows that are left out."""
    index = line.columns.get(name, len(line.cells))
    return line.cells[index].strip() if index < len(line.cells) else ""


def _result(line: ExamLine, most: int | None) -> PrintedResult:
    code = line.text(CODE)
    if not code:
        line.add_problem(CODE, "exam_code")
    return PrintedResult(
        _outcome(line, most),
        code=code or None,
        school=line.school() if SCHOOL in line.columns else None,
        sheet=line.sheet.name,
        row=line.number,
        column=line.columns[CODE] + 1,
    )


def _outcome(line: ExamLine, most: int | None) -> ExamOutcome:
    """A primary score and a mark; nobody passes or fails a ВПР."""
    if STATUSES.get(exam_cell_word_key(line.text(VARIANT))) is ExamStatus.ABSENT:
        return ExamOutcome(status=ExamStatus.ABSENT)
    primary = line.whole(PRIMARY, most=most)
    if not line.text(PRIMARY) and not line.is_lost(PRIMARY):
        line.add_problem(PRIMARY, "exam_no_result")
    return ExamOutcome(primary, mark=line.mark(MARK))
