"""Reads the school's own table of results: school exams, olympiads, essays, interviews, ГВЭ and others."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bot.imports.dates import read_date_cell
from bot.imports.exams.lines import HIGHEST_SCORE, ExamLine, require_unlike_exam_lines
from bot.imports.exams.protocols import merge_protocol_tables
from bot.imports.exams.sheets import ExamSheet
from bot.imports.exams.words import EXAM, KINDS, MARK, PLACES, PRIMARY, SCORE, STAGES, STATUSES, VERDICTS
from bot.imports.reading import UnreadableFileError
from bot.imports.tables.examples import is_example_row
from bot.imports.tables.headers import note_unknown_header_columns
from bot.imports.tables.schemas import EXAM_RESULTS, EXAMS
from core.model.imports.exam_files import PrintedExam, PrintedResult
from core.model.results.exams import ExamKind, ExamOutcome, ExamStatus

STUDENT, SUBJECT, DATE, STAGE, PASSED, STATUS, PLACE = (
    "student",
    "subject",
    "date",
    "stage",
    "passed",
    "status",
    "place",
)
_TOP_ROWS = 5
_INTERVIEW_MOST, _INTERVIEW_PASS = 20, 10
"""The final interview of grade 9: at most 20 points, 10 pass."""

_MOST = {ExamKind.INTERVIEW: _INTERVIEW_MOST, ExamKind.EGE: HIGHEST_SCORE}
_ABSENT = frozenset({ExamStatus.ABSENT, ExamStatus.ABSENT_EXCUSED})


def exam_table_header(sheet: ExamSheet) -> tuple[int, Mapping[str, int]] | None:
    """The number and the columns of the header; None for any other table."""
    for number, row in list(sheet.numbered)[:_TOP_ROWS]:
        if EXAM_RESULTS.fits(row):
            columns: dict[str, int] = {}
            for index, cell in enumerate(row):
                if (name := EXAM_RESULTS.column(cell)) is not None:
                    columns.setdefault(name, index)
            return number, columns
    return None


def read_exam_table(sheet: ExamSheet) -> list[PrintedExam]:
    """The exams of the table, one for each kind, subject and date. Raises UnreadableFileError without a row."""
    header, columns = exam_table_header(sheet) or (0, {})
    exams, lines = list[PrintedExam](), list[tuple[object, object, ExamLine]]()
    for number, row in sheet.numbered:
        if number == header:
            note_unknown_header_columns(EXAM_RESULTS, number, row, sheet.faults)
        elif number > header and is_example_row(EXAMS, row, columns):
            sheet.faults.note("example_left_out", row=number)
        elif number > header and (exam := _read_line(ExamLine(number, row, columns, sheet), lines)) is not None:
            exams.append(exam)
    require_unlike_exam_lines(lines, STUDENT, "exam_repeated")
    if not exams and not sheet.faults.problems:
        raise UnreadableFileError("exam_no_students")
    return merge_protocol_tables(exams)


def _read_line(line: ExamLine, lines: list[tuple[object, object, ExamLine]]) -> PrintedExam | None:
    """A row as an exam with one result; None where its exam or its day is not known, which is a problem."""
    kind, subject, on = _exam_kind(line), _subject(line), _day(line)
    if not line.text(STUDENT):
        line.add_problem(STUDENT, "exam_student")
    outcome = _outcome(line, kind)
    if kind is None or on is None:
        return None
    result = PrintedResult(
        outcome,
        line.text(STUDENT),
        school_class=line.school_class(),
        stage=line.word(STAGE, STAGES, "exam_stage"),
        sheet=line.sheet.name,
        row=line.number,
        column=line.columns[STUDENT] + 1,
    )
    lines.append(((kind, subject, on, result.stage, result.student, result.school_class), outcome, line))
    return PrintedExam(kind, subject, on, results=(result,))


def _exam_kind(line: ExamLine) -> ExamKind | None:
    if not line.text(EXAM):
        line.add_problem(EXAM, "exam_kind")
    return line.word(EXAM, KINDS, "exam_kind")


def _subject(line: ExamLine) -> str:
    text = line.text(SUBJECT)
    if not any(map(str.isalpha, text)):
        line.add_problem(SUBJECT, "exam_subject", value=text)
    return text


def _day(line: ExamLine) -> date | None:
    text = line.text(DATE)
    on = read_date_cell(text)
    if on is None:
        line.add_problem(DATE, "exam_date" if text else "exam_date_missing", value=text)
    return on


def _outcome(line: ExamLine, kind: ExamKind | None) -> ExamOutcome:
    """The facts of a row; who is absent has no score, and a row must say something."""
    found = len(line.sheet.faults.problems)
    status = line.word(STATUS, STATUSES, "exam_status") or ExamStatus.VALID
    most = _MOST.get(kind) if kind else None
    told = ExamOutcome(
        line.whole(PRIMARY),
        line.whole(SCORE, most=most),
        line.mark(MARK),
        line.word(PASSED, VERDICTS, "exam_passed"),
        status=status,
        place=line.word(PLACE, PLACES, "exam_place"),
    )
    if status in _ABSENT and told != ExamOutcome(status=status):
        line.add_problem(STATUS, "exam_absent_with_score")
    if told == ExamOutcome() and len(line.sheet.faults.problems) == found:
        line.sheet.faults.add("exam_no_result", row=line.number)
    return replace(told, passed=_passed(told, kind))


def _passed(told: ExamOutcome, kind: ExamKind | None) -> bool | None:
    """The column, if empty the mark, for an interview the score; a status that stands for a score decides nothing."""
    if told.passed is not None:
        return told.passed
    if told.mark is not None:
        return told.mark != "2"
    if kind is ExamKind.INTERVIEW and told.score is not None:
        return told.score >= _INTERVIEW_PASS
    return None
