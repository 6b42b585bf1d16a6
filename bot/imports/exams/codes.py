"""Reads the school's own list of codes of a ВПР: `code,student,class[,subject]`."""

from collections.abc import Mapping

from bot.imports.exams.lines import ExamLine, require_unlike_exam_lines
from bot.imports.exams.sheets import ExamSheet
from bot.imports.exams.words import CLASS, exam_cell_word_key
from bot.imports.reading import UnreadableFileError
from core.model.imports.exam_files import CodeRow

CODE, STUDENT, SUBJECT = "code", "student", "subject"
_ALIASES = {
    CODE: "код, код участника",
    STUDENT: "ученик, ученица, учащийся, обучающийся, участник, фио, ф.и.о.",
    CLASS: "класс",
    SUBJECT: "предмет, учебный предмет",
}
_COLUMNS = {title: name for name, titles in _ALIASES.items() for title in (name, *titles.split(", "))}


def exam_code_columns(sheet: ExamSheet) -> tuple[int, Mapping[str, int]] | None:
    """The number and the columns of the header in the first filled row; None for any other table."""
    for number, row in sheet.numbered:
        titles = {
            _COLUMNS.get(exam_cell_word_key(cell).lstrip("\ufeff")): index
            for index, cell in enumerate(row)
            if cell.strip()
        }
        columns = {name: index for name, index in titles.items() if name is not None}
        return (number, columns) if {CODE, STUDENT, CLASS} <= columns.keys() and None not in titles else None
    return None


def read_exam_codes(sheet: ExamSheet) -> tuple[CodeRow, ...]:
    """The rows of a list. Raises UnreadableFileError for another table, or one without rows."""
    header, columns = exam_code_columns(sheet) or (0, {})
    if not header:
        raise UnreadableFileError("exam_codes_unrecognised")
    lines = [ExamLine(number, row, columns, sheet) for number, row in sheet.numbered if number > header]
    rows = tuple(map(_row, lines))
    keyed = [
        ((row.code, exam_cell_word_key(row.subject or "")), (row.student, row.school_class), line)
        for row, line in zip(rows, lines, strict=True)
    ]
    require_unlike_exam_lines(keyed, CODE, "exam_code_repeated")
    if not rows and not sheet.faults.problems:
        raise UnreadableFileError("empty")
    return rows


def _row(line: ExamLine) -> CodeRow:
    for name, reason in ((CODE, "exam_code"), (STUDENT, "exam_student")):
        if not line.text(name):
            line.add_problem(name, reason)
    return CodeRow(line.number, line.text(CODE), line.text(STUDENT), line.school_class(), line.text(SUBJECT) or None)
