"""Reads protocols of ЕГЭ, ОГЭ and ГВЭ: blocks of a title, a header, the students' rows and the tail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from bot.imports.exams.lines import HIGHEST_SCORE, ExamLine, require_unlike_exam_lines
from bot.imports.exams.sheets import ExamSheet
from bot.imports.exams.titles import ExamTitle, exam_title_subject, is_oral_day_title, read_exam_title
from bot.imports.exams.words import (
    MARK,
    NAME,
    NUMBER,
    ORAL,
    PARTICIPANTS,
    PRIMARY,
    PROTOCOL_COLUMNS,
    SCORE,
    STATE,
    SURNAME,
    TAIL_LABELS,
    THRESHOLD,
    WRITTEN,
    exam_cell_word_key,
)
from bot.imports.reading import UnreadableFileError
from core.model.imports.exam_files import PrintedExam, PrintedResult
from core.model.results.exams import ExamKind, ExamOutcome, ExamStatus

FEWEST_CELLS = 4
"""A row with fewer filled cells is a line of text: a signature, a heading."""

_RESULT_COLUMNS = frozenset({PRIMARY, SCORE, MARK, STATE})
"""A header has one of them: a list of people with surnames and names is no protocol."""

Columns = Mapping[str, int]


@dataclass(slots=True)
class _Block:
    """A part of a protocol: one exam, as far as it was read."""

    title: ExamTitle
    columns: Columns | None = None
    results: list[PrintedResult] = field(default_factory=list)
    lines: list[tuple[object, object, ExamLine]] = field(default_factory=list)
    threshold: int | None = None
    is_named_by_file: bool = False
    is_ended: bool = False

    @property
    def kind(self) -> ExamKind:
        """What the title says, else what the layout means: a test score is ЕГЭ, a mark is ОГЭ."""
        by_layout = ExamKind.EGE if self.columns and SCORE in self.columns else ExamKind.OGE
        return self.title.subject.kind or by_layout


def protocol_columns(row: Sequence[str]) -> Columns | None:
    """The columns of a header row; None for any other row."""
    columns: dict[str, int] = {}
    for index, cell in enumerate(row):
        if (name := PROTOCOL_COLUMNS.get(exam_cell_word_key(cell))) is not None:
            columns.setdefault(name, index)
    is_header = {SURNAME, NAME} <= columns.keys() and columns.keys() & _RESULT_COLUMNS
    return columns if is_header else None


def has_protocol(sheet: ExamSheet) -> bool:
    """Whether a sheet is a protocol, or a damaged one: it has a header without re-checks, or a title."""
    for _, row in sheet.top:
        columns = protocol_columns(row)
        if columns is not None:
            return STATE not in columns
        if protocol_title_in_row(row) is not None:
            return True
    return False


def protocol_title_in_row(row: Sequence[str]) -> tuple[int, ExamTitle] | None:
    """The title of a row that has one filled cell, with the number of its column.

    The day of a language's oral part stands in a second cell where the «;» before it was taken for a delimiter.
    """
    filled = [(column, cell) for column, cell in enumerate(row, start=1) if cell.strip()]
    if not filled or not all(is_oral_day_title(cell) for _, cell in filled[1:]):
        return None
    title = read_exam_title(" ".join(cell for _, cell in filled))
    return (filled[0][0], title) if title else None


def read_protocol(sheet: ExamSheet, *, file_title: ExamTitle | None) -> list[PrintedExam]:
    """The exams of a sheet. `file_title` serves a table that has no title of its own.

    Raises UnreadableFileError where no student's row is found.
    """
    blocks = _read_blocks(sheet, file_title)
    for block in blocks:
        before = sheet.counted.pop(block.title, 0)
        if not block.is_ended:
            sheet.counted[block.title] = before + len(block.lines)
    require_unlike_exam_lines([line for block in blocks for line in block.lines], SURNAME, "exam_repeated")
    exams = merge_protocol_tables([_exam(block) for block in blocks if block.results])
    if not exams and not sheet.faults.problems:
        raise UnreadableFileError("exam_no_students")
    return exams


def merge_protocol_tables(exams: Sequence[PrintedExam]) -> list[PrintedExam]:
    """One exam for each title, by first appearance, with the rows of all its blocks."""
    merged: dict[PrintedExam, PrintedExam] = {}
    for exam in exams:
        key = replace(exam, results=(), threshold=None, max_primary=None)
        before = merged.get(key)
        merged[key] = exam if before is None else _joined(before, exam)
    return list(merged.values())


def _joined(before: PrintedExam, exam: PrintedExam) -> PrintedExam:
    """One exam of two pages: the threshold stands below the last page and decides for all rows."""
    threshold = exam.threshold if before.threshold is None else before.threshold
    most = exam.max_primary if before.max_primary is None else before.max_primary
    results = (*before.results, *exam.results)
    return _decided(replace(before, threshold=threshold, max_primary=most, results=results))


def _read_blocks(sheet: ExamSheet, file_title: ExamTitle | None) -> list[_Block]:
    blocks = [_Block(file_title, is_named_by_file=True)] if file_title else []
    columns: Columns | None = None
    rows = list(sheet.numbered)
    last = max((number for number, _ in rows), default=0)
    for (number, row), (_, below) in zip_longest(rows, rows[1:], fillvalue=(0, ())):
        found = protocol_title_in_row(row) or _dateless_title(row, below, blocks)
        if found is not None and not _goes_on(found[1], blocks):
            columns = columns if not blocks or blocks[-1].columns is None else None
            blocks.append(_Block(_usable_title(found, number, sheet), columns))
        elif (header := protocol_columns(row)) is not None:
            if blocks and blocks[-1].is_ended:
                sheet.faults.add("exam_title_missing", row=number)
                break
            columns = header
            if blocks:
                _begin_rows(blocks[-1], header, sheet)
        elif blocks and blocks[-1].columns is not None:
            _read_line(sheet, blocks[-1], number, row, is_last=number == last)
        elif is_protocol_student_row(row, columns):
            sheet.faults.add("exam_header_missing" if blocks else "exam_title_missing", row=number)
            break
    return blocks


def _goes_on(title: ExamTitle, blocks: Sequence[_Block]) -> bool:
    """Whether a title is the one above it again, at the head of a further page: the tail counts all pages."""
    return bool(blocks) and blocks[-1].title == title and blocks[-1].columns is not None and not blocks[-1].is_ended


def _dateless_title(row: Sequence[str], below: Sequence[str], blocks: Sequence[_Block]) -> tuple[int, ExamTitle] | None:
    """A subject alone above a header, where another exam's title is due: rows must not go to the exam before it."""
    filled = [(column, cell) for column, cell in enumerate(row, start=1) if cell.strip()]
    subject = exam_title_subject(filled[0][1]) if len(filled) == 1 and protocol_columns(below) is not None else None
    is_due = not blocks or blocks[-1].is_named_by_file or blocks[-1].columns is not None
    if subject is None or not is_due or (blocks and blocks[-1].title.subject.name == subject.name):
        return None
    return filled[0][0], ExamTitle(subject, None, fault="exam_date_missing")


def _begin_rows(block: _Block, header: Columns, sheet: ExamSheet) -> None:
    """The block's rows follow. A title of the file's name is checked now, since it is used."""
    is_first = block.columns is None
    block.columns = header
    if is_first and block.is_named_by_file and block.title.fault:
        sheet.faults.add(block.title.fault)


def _usable_title(found: tuple[int, ExamTitle], number: int, sheet: ExamSheet) -> ExamTitle:
    column, title = found
    if title.fault:
        sheet.faults.add(title.fault, row=number, column=column)
    return title


def is_protocol_student_row(row: Sequence[str], columns: Columns | None) -> bool:
    """Whether a row is a student's: it has many filled cells, or a number in the column of numbers."""
    filled = sum(1 for cell in row if cell.strip())
    number = (columns or {}).get(NUMBER)
    is_numbered = number is not None and number < len(row) and row[number].strip().isdecimal()
    return filled >= FEWEST_CELLS or is_numbered


def _read_line(sheet: ExamSheet, block: _Block, number: int, row: Sequence[str], *, is_last: bool) -> None:
    """Reads a row below a header: of the tail, or of a student."""
    line = ExamLine(number, row, block.columns or {}, sheet)
    label = exam_cell_word_key(next(filter(str.strip, row), ""))
    if label in TAIL_LABELS:
        block.is_ended = True
        _read_tail(block, line, label)
    elif sheet.is_text and is_last and len(row) < _header_width(sheet, block):
        sheet.faults.add("exam_cut_off", row=number, found=str(len(row)), expected=str(_header_width(sheet, block)))
    elif is_protocol_student_row(row, block.columns):
        _read_student(block, line)


def _header_width(sheet: ExamSheet, block: _Block) -> int:
    return next((len(row) for _, row in sheet.numbered if protocol_columns(row) == block.columns), 0)


def _read_tail(block: _Block, line: ExamLine, label: str) -> None:
    """The number of a tail row stands anywhere in it; «Средние» are read for nothing."""
    numbers = [(index, cell.strip()) for index, cell in enumerate(line.cells) if cell.strip()][1:]
    if label not in {THRESHOLD, PARTICIPANTS} or not numbers:
        return
    tail = replace(line, columns={label: numbers[0][0]})
    value = tail.whole(label, most=HIGHEST_SCORE if label == THRESHOLD else None)
    if label == THRESHOLD:
        block.threshold = value
    elif value is not None and value not in {
        len(block.lines),
        len(block.lines) + line.sheet.counted.get(block.title, 0),
    }:
        tail.add_problem(label, "exam_rows_missing", said=str(value), found=str(len(block.lines)))


def _read_student(block: _Block, line: ExamLine) -> None:
    outcome = _outcome(line)
    student, school, school_class = line.person(), line.school(), line.school_class()
    exam = block.kind, block.title.subject.name, block.title.on
    block.lines.append(((exam, student, school_class, school), outcome, line))
    column = line.columns[SURNAME] + 1
    block.results.append(
        PrintedResult(
            outcome, student, None, school_class, school, sheet=line.sheet.name, row=line.number, column=column
        )
    )


def _outcome(line: ExamLine) -> ExamOutcome:
    """Scores and marks of a row; a status may stand in their place (Q78)."""
    decisive = SCORE if SCORE in line.columns else MARK
    if decisive not in line.columns:
        raise UnreadableFileError("exam_no_scores")
    if (status := line.status(decisive)) is not None:
        return ExamOutcome(status=status)
    primary = line.whole(PRIMARY)
    score = line.whole(SCORE, most=HIGHEST_SCORE)
    mark = line.mark(MARK)
    if not line.text(decisive) and not line.is_lost(decisive):
        line.add_problem(decisive, "exam_no_result")
    if primary is not None and score is not None and primary > score:
        line.add_problem(PRIMARY, "exam_swapped", value=str(primary))
    passed = None if decisive == SCORE or mark is None else mark != "2"
    return ExamOutcome(primary, score, mark, passed, line.whole(ORAL), line.whole(WRITTEN))


def _exam(block: _Block) -> PrintedExam:
    title = block.title
    exam = PrintedExam(
        block.kind, title.subject.name, title.on, title.oral_on, threshold=block.threshold, results=tuple(block.results)
    )
    return _decided(exam)


def _decided(exam: PrintedExam) -> PrintedExam:
    """The exam with what its threshold decides: nothing is passed or failed without one."""
    results = tuple(replace(each, outcome=_judged(each.outcome, exam.threshold)) for each in exam.results)
    return replace(exam, results=results)


def _judged(outcome: ExamOutcome, threshold: int | None) -> ExamOutcome:
    if outcome.score is None or threshold is None or outcome.status is not ExamStatus.VALID:
        return outcome
    return replace(outcome, passed=outcome.score >= threshold)
