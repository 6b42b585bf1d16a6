"""Reads files into nouns of core: all files are read and checked before anything is written (Q101)."""

import os
from collections.abc import Callable, Sequence
from itertools import accumulate
from pathlib import Path

from bot.imports.exams.files import is_exam_file
from bot.imports.formats.opening import OpenedImportFile, import_files_to_open, opened_import_file_size
from bot.imports.formats.sniffing import LARGEST_FILE, sniff_format
from bot.imports.reading import ReadingRules, UnreadableFileError
from bot.imports.recognition import RecognitionFindings, recognise_content
from core.model.imports.reports import Problem, ReadFile
from core.rules.characters import with_escaped_characters


def read_import_files(
    paths: Sequence[Path],
    *,
    on_progress: Callable[[int, int], None] | None = None,
    settings: ReadingRules | None = None,
) -> list[ReadFile]:
    """Read files and, recursively, folders, sorted by name; `on_progress` gets the bytes done and the bytes in all.

    An unknown, broken or faulty file becomes a ReadFile with problems, never an exception.
    """
    read, files = [], []
    for path in paths:
        try:
            files += import_files_to_open(path)
        except UnreadableFileError as error:
            findings = RecognitionFindings()
            findings.faults().add(error.reason, **error.facts)
            read.append(_read_result(path, "", findings))
    files = list(dict.fromkeys(files))
    ends = list(accumulate(map(opened_import_file_size, files), initial=0))
    for file, start, end in zip(files, ends, ends[1:], strict=False):

        def tick(done: int, start: int = start) -> None:
            if on_progress:
                on_progress(start + done, ends[-1])

        read.append(_read_file(file, rules=settings or ReadingRules(), tick=tick))
        tick(end - start)
    return read


def _read_file(path: Path, *, rules: ReadingRules, tick: Callable[[int], None]) -> ReadFile:
    findings, sha256 = RecognitionFindings(), ""
    try:
        with OpenedImportFile(path, most=LARGEST_FILE) as file:
            sniffed = sniff_format(file)
            sha256 = sniffed.sha256
            recognise_content(file, sniffed, rules=rules, tick=tick, findings=findings)
            file.require_unchanged()
    except UnreadableFileError as error:
        findings.faults().add(error.reason, **error.facts)
    except FileNotFoundError:
        findings.faults().add("not_found")
    except IsADirectoryError:
        findings.faults().add("no_files")
    except OSError:
        findings.faults().add("not_readable")
    return _named_as_exam(path, _read_result(path, sha256, findings))


def _named_as_exam(path: Path, read: ReadFile) -> ReadFile:
    """An exam file is refused by the name of its command instead of all that is strange in it."""
    if not read.problems or not is_exam_file(path):
        return read
    return ReadFile(read.file, read.sha256, problems=(Problem(None, None, None, None, "is_exam"),))


def _read_result(path: Path, sha256: str, findings: RecognitionFindings) -> ReadFile:
    return ReadFile(
        with_escaped_characters(os.fspath(path)),
        sha256,
        reports=tuple(findings.reports),
        people=tuple(findings.people),
        schedules=tuple(findings.schedules),
        finals=tuple(findings.finals),
        problems=tuple(problem for sheet in findings.sheets for problem in sheet.problems),
        notes=tuple(note for sheet in findings.sheets for note in sheet.notes),
        left_out=tuple(row for sheet in findings.sheets for row in sheet.rows_left_out),
    )
