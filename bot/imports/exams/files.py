"""Reads exam files by their layout: the whole file is checked before anything is written (Q101)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from bot.imports.exams.codes import exam_code_columns, read_exam_codes
from bot.imports.exams.protocols import has_protocol, merge_protocol_tables, read_protocol
from bot.imports.exams.reviews import has_ege_exam_review, has_exam_review, read_exam_review
from bot.imports.exams.sheets import ExamSheet, read_exam_sheets
from bot.imports.exams.table import exam_table_header, read_exam_table
from bot.imports.exams.titles import exam_title_of_file
from bot.imports.exams.vpr import has_vpr_form, has_vpr_report, is_vpr_statistics, read_vpr_form, read_vpr_report
from bot.imports.formats.opening import OpenedImportFile, import_files_to_open
from bot.imports.formats.sniffing import LARGEST_FILE, sniff_format
from bot.imports.reading import ReadingProblems, UnreadableFileError
from bot.imports.tables.examples import is_example_explanation
from core.model.imports.exam_files import CodeFile, ExamFile, ExamFileKind, PrintedExam
from core.model.imports.reports import Problem
from core.model.results.exams import ExamKind
from core.rules.characters import with_escaped_characters

Rows = TypeVar("Rows")


@dataclass(slots=True)
class _Opened:
    """An exam file while it is read: its hash and its lists of problems."""

    sha256: str = ""
    lists: list[ReadingProblems] = field(default_factory=list)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Each once: a cell may be read several times."""
        return tuple(dict.fromkeys(problem for each in self.lists for problem in each.problems))


def read_exam_files(paths: Sequence[Path], *, schools: frozenset[str] = frozenset()) -> Iterator[ExamFile]:
    """The files of paths and, recursively, of folders; a folder of too many files is a file with a problem."""
    for path in paths:
        try:
            files = import_files_to_open(path)
        except UnreadableFileError as error:
            problem = Problem(None, None, None, None, error.reason, tuple(error.facts.items()))
            yield ExamFile(with_escaped_characters(path.name), "", str(path), problems=(problem,))
        else:
            yield from (read_exam_file(file, schools=schools) for file in files)


def read_exam_file(path: Path, *, schools: frozenset[str] = frozenset()) -> ExamFile:
    """An exam file; with the codes of a school only its rows, and exams that have any of them.

    A broken or unknown file becomes an ExamFile with problems, never an exception.
    """
    kinds: list[ExamFileKind] = []
    opened, exams = _read(path, lambda sheet: _read_sheet(sheet, path.name, kinds))
    found = merge_protocol_tables([exam for some in exams for exam in some])
    notes = tuple(note for each in opened.lists for note in each.notes)
    name = with_escaped_characters(path.name)
    kind = _file_kind(kinds, found)
    read = ExamFile(name, opened.sha256, str(path), kind, tuple(found), opened.problems, notes)
    return exam_file_of_school(read, schools)


def exam_file_of_school(read: ExamFile, schools: frozenset[str]) -> ExamFile:
    """A file with the rows of a school, whose codes these are; rows without a code are its own. No codes: all rows."""
    return replace(read, exams=tuple(_of_schools(read.exams, schools)))


def read_exam_code_file(path: Path) -> CodeFile:
    """A list of codes; a broken or unknown file becomes a CodeFile with problems."""
    opened, rows = _read(path, read_exam_codes)
    sheet = opened.lists[0].sheet if opened.lists else None
    name = with_escaped_characters(path.name)
    return CodeFile(name, opened.sha256, sheet, tuple(row for some in rows for row in some), opened.problems)


def is_exam_file(path: Path) -> bool:
    """Whether a file is made for `exam import` or `exam codes`, well or badly: other imports refuse it by name."""
    _, known = _read(path, lambda sheet: _reader_of(sheet) is not None or exam_code_columns(sheet) is not None)
    return any(known)


def _read(path: Path, read: Callable[[ExamSheet], Rows]) -> tuple[_Opened, list[Rows]]:
    """What is read of each sheet of a file; whatever stops the reading is a problem of the file or the sheet."""
    opened, found = _Opened(), list[Rows]()
    file_faults = ReadingProblems()
    try:
        with OpenedImportFile(path, most=LARGEST_FILE) as file:
            sniffed = sniff_format(file)
            opened.sha256 = sniffed.sha256
            sheets = read_exam_sheets(file, sniffed, opened.lists)
            file.require_unchanged()
        for sheet in _relevant_sheets(sheets):
            found += _read_one(sheet, read)
    except UnreadableFileError as error:
        file_faults.add(error.reason, **error.facts)
    except FileNotFoundError:
        file_faults.add("not_found")
    except IsADirectoryError:
        file_faults.add("no_files")
    except OSError:
        file_faults.add("not_readable")
    opened.lists.append(file_faults)
    return opened, found


def _relevant_sheets(sheets: Sequence[ExamSheet]) -> Iterable[ExamSheet]:
    """All sheets that are not empty; explanations of a template and, beside the form of a ВПР, lists are left out."""
    filled = [sheet for sheet in sheets if any(True for _ in sheet.numbered) and not is_example_explanation(sheet.name)]
    return [sheet for sheet in filled if has_vpr_form(sheet)] or filled


def _read_one(sheet: ExamSheet, read: Callable[[ExamSheet], Rows]) -> list[Rows]:
    try:
        return [read(sheet)]
    except UnreadableFileError as error:
        sheet.faults.add(error.reason, **error.facts)
        return []


Reader = Callable[[ExamSheet, str], list[PrintedExam]]


def _reader_of(sheet: ExamSheet) -> tuple[ExamFileKind | None, Reader] | None:
    """The layout of a sheet and its reader; None for a sheet that is no exam file."""
    return next(((kind, reader) for fits, kind, reader in _LAYOUTS if fits(sheet)), None)


def _read_sheet(sheet: ExamSheet, file: str, kinds: list[ExamFileKind]) -> list[PrintedExam]:
    known = _reader_of(sheet)
    if known is None:
        raise UnreadableFileError("exam_unrecognised")
    kind, reader = known
    kinds += [kind] if kind else []
    return reader(sheet, file)


def _refuse_statistics(_sheet: ExamSheet, _file: str) -> list[PrintedExam]:
    raise UnreadableFileError("exam_statistics")


def _read_protocol(sheet: ExamSheet, file: str) -> list[PrintedExam]:
    return read_protocol(sheet, file_title=exam_title_of_file(file))


_LAYOUTS: tuple[tuple[Callable[[ExamSheet], bool], ExamFileKind | None, Reader], ...] = (
    (lambda sheet: exam_table_header(sheet) is not None, ExamFileKind.TABLE, lambda sheet, _: read_exam_table(sheet)),
    (has_vpr_report, ExamFileKind.VPR, lambda sheet, _: read_vpr_report(sheet)),
    (has_vpr_form, ExamFileKind.VPR, read_vpr_form),
    (is_vpr_statistics, ExamFileKind.VPR, _refuse_statistics),
    (has_ege_exam_review, ExamFileKind.EGE_REVIEW, lambda sheet, _: read_exam_review(sheet)),
    (has_exam_review, ExamFileKind.OGE_REVIEW, lambda sheet, _: read_exam_review(sheet)),
    (has_protocol, None, _read_protocol),
)
"""How each layout is recognised, in this order; the kind of a protocol follows from its exams."""


def _file_kind(kinds: Sequence[ExamFileKind], exams: Sequence[PrintedExam]) -> ExamFileKind | None:
    """The layout; a protocol is of ГВЭ where nothing else stands in it, of ОГЭ where any exam is one."""
    if kinds or not exams:
        return kinds[0] if kinds else None
    found = {exam.kind for exam in exams}
    if found == {ExamKind.GVE}:
        return ExamFileKind.GVE
    return ExamFileKind.OGE if ExamKind.OGE in found else ExamFileKind.EGE


def _of_schools(exams: Iterable[PrintedExam], schools: frozenset[str]) -> Iterable[PrintedExam]:
    """An exam that keeps no rows goes."""
    for exam in exams:
        kept = tuple(each for each in exam.results if not schools or each.school is None or each.school in schools)
        if kept:
            yield replace(exam, results=kept)
