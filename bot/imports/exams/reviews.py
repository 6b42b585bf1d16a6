"""Reads the outcomes of re-checks and appeals: of ЕГЭ with a title, of ОГЭ with the exam in each row."""

from collections.abc import Sequence

from bot.imports.exams.lines import HIGHEST_SCORE, ExamLine, require_unlike_exam_lines
from bot.imports.exams.protocols import (
    Columns,
    is_protocol_student_row,
    merge_protocol_tables,
    protocol_columns,
    protocol_title_in_row,
)
from bot.imports.exams.sheets import ExamSheet
from bot.imports.exams.titles import ExamTitle, read_exam_title_cell
from bot.imports.exams.words import (
    BEFORE,
    EXAM,
    MARK,
    PRIMARY,
    PROTOCOL_COLUMNS,
    SCORE,
    STATE,
    STATES,
    SURNAME,
    exam_cell_word_key,
)
from bot.imports.reading import UnreadableFileError
from core.model.imports.exam_files import PrintedExam, PrintedResult
from core.model.results.exams import ExamKind, ExamOutcome, ExamStatus

_CURRENT = frozenset({PRIMARY, SCORE, MARK})
"""What stands below «Текущие», in the second row of the header."""


def has_exam_review(sheet: ExamSheet) -> bool:
    """Whether a sheet lists re-checks or appeals: its header has their state."""
    return any(STATE in (protocol_columns(row) or ()) for _, row in sheet.top)


def has_ege_exam_review(sheet: ExamSheet) -> bool:
    """Whether a sheet lists re-checks of ЕГЭ, whose rows name no exam: the title does."""
    return has_exam_review(sheet) and not any(EXAM in (protocol_columns(row) or ()) for _, row in sheet.top)


def read_exam_review(sheet: ExamSheet) -> list[PrintedExam]:
    """The exams of a sheet with the results as they are now. Raises UnreadableFileError where no row is found."""
    headers = _headers(sheet)
    columns: Columns | None = None
    title, exams, lines = None, list[PrintedExam](), list[tuple[object, object, ExamLine]]()
    for number, row in sheet.numbered:
        if (found := protocol_title_in_row(row)) is not None:
            title = found[1]
            if title.fault:
                sheet.faults.add(title.fault, row=number, column=found[0])
        elif number in headers:
            columns = headers[number]
        elif columns is not None and is_protocol_student_row(row, columns):
            line = ExamLine(number, row, columns, sheet)
            if (exam := _read_line(line, title, lines)) is not None:
                exams.append(exam)
    require_unlike_exam_lines(lines, SURNAME, "exam_repeated")
    if not exams and not sheet.faults.problems:
        raise UnreadableFileError("exam_no_students")
    return merge_protocol_tables(exams)


def _headers(sheet: ExamSheet) -> dict[int, Columns]:
    """The numbers of all rows of headers with the columns that each header names: one for each exam or page."""
    rows, headers = list(sheet.numbered), dict[int, Columns]()
    for place, (_, row) in enumerate(rows):
        if STATE in (protocol_columns(row) or ()):
            columns, numbers = _review_columns(rows, place)
            headers |= dict.fromkeys(numbers, columns)
    return headers


def _review_columns(rows: Sequence[tuple[int, Sequence[str]]], place: int) -> tuple[Columns, set[int]]:
    """The columns of both rows of a header, in either order, and the numbers of these rows."""
    number, header = rows[place]
    columns, numbers = dict(protocol_columns(header) or {}), {number}
    for near in (*(rows[place - 1 : place] if place else ()), *rows[place + 1 : place + 2]):
        below = _current_columns(near[1])
        if below:
            columns |= below
            numbers.add(near[0])
    if not _CURRENT & columns.keys() - {PRIMARY}:
        raise UnreadableFileError("exam_no_scores")
    return columns, numbers


def _current_columns(row: Sequence[str]) -> Columns:
    """The columns of a row that holds nothing but titles of scores and marks."""
    titles = {index: PROTOCOL_COLUMNS.get(exam_cell_word_key(cell)) for index, cell in enumerate(row) if cell.strip()}
    named = {name: index for index, name in titles.items() if name in _CURRENT}
    return named if len(named) == len(titles) else {}


def _read_line(
    line: ExamLine, title: ExamTitle | None, lines: list[tuple[object, object, ExamLine]]
) -> PrintedExam | None:
    """A row as an exam with one result; None where its exam is not known, which is a problem."""
    if EXAM in line.columns:
        title = _exam_of_row(line)
    elif title is None:
        line.sheet.faults.add("exam_title_missing", row=line.number)
    result, kind = _result(line), ExamKind.OGE if MARK in line.columns else ExamKind.EGE
    if title is None or title.fault:
        return None
    exam = PrintedExam(title.subject.kind or kind, title.subject.name, title.on, title.oral_on, results=(result,))
    lines.append(
        ((exam.kind, exam.subject, exam.on, result.student, result.school_class, result.school), result.outcome, line)
    )
    return exam


def _exam_of_row(line: ExamLine) -> ExamTitle | None:
    text = line.text(EXAM)
    title = read_exam_title_cell(text)
    if title is None or title.fault:
        line.add_problem(EXAM, title.fault if title and title.fault else "exam_cell", value=text)
    return title


def _result(line: ExamLine) -> PrintedResult:
    status = line.word(STATE, STATES, "exam_state")
    if not line.text(STATE):
        line.add_problem(STATE, "exam_state")
    return PrintedResult(
        _outcome(line, status or ExamStatus.VALID),
        line.person(),
        None,
        line.school_class(),
        line.school(),
        before_score=line.whole(BEFORE, most=HIGHEST_SCORE),
        sheet=line.sheet.name,
        row=line.number,
        column=line.columns[SURNAME] + 1,
    )


def _outcome(line: ExamLine, status: ExamStatus) -> ExamOutcome:
    primary, score, mark = line.whole(PRIMARY), line.whole(SCORE, most=HIGHEST_SCORE), line.mark(MARK)
    decisive = SCORE if SCORE in line.columns else MARK
    if status is not ExamStatus.UNDER_APPEAL and not line.text(decisive) and not line.is_lost(decisive):
        line.add_problem(decisive, "exam_no_result")
    if primary is not None and score is not None and primary > score:
        line.add_problem(PRIMARY, "exam_swapped", value=str(primary))
    return ExamOutcome(primary, score, mark, None if mark is None else mark != "2", status=status)
