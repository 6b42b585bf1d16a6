"""From paths to nouns: a whole set of files is read and checked before anything else happens (Q101)."""

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path

from bot.imports.forms import Findings, read_content
from bot.imports.reading import Faults, ReadingRules, UnreadableError
from bot.imports.sniffing import sniff
from core.model.journal import ReadFile

_SYSTEM_FILES = frozenset({"desktop.ini", "thumbs.db"})


def read_files(
    paths: Sequence[Path],
    *,
    on_progress: Callable[[int, int], None] | None = None,
    settings: ReadingRules | None = None,
) -> list[ReadFile]:
    """Read files and, recursively, folders, sorted by name; `on_progress` gets the bytes done and the bytes in all.

    A file that is none of ours, broken or faulty is a ReadFile with problems, never an exception.
    """
    files = list(dict.fromkeys(file for path in paths for file in _files(path)))
    ends = list(accumulate((_size(file) for file in files), initial=0))
    read = []
    for file, start, end in zip(files, ends, ends[1:], strict=False):

        def tick(done: int, start: int = start) -> None:
            if on_progress:
                on_progress(start + done, ends[-1])

        read.append(_read_file(file, rules=settings or ReadingRules(), tick=tick))
        tick(end - start)
    return read


def _read_file(path: Path, *, rules: ReadingRules, tick: Callable[[int], None]) -> ReadFile:
    faults, findings, sha256 = Faults(), Findings(), ""
    try:
        sniffed = sniff(path)
        sha256 = sniffed.sha256
        read_content(path, sniffed, rules=rules, tick=tick, findings=findings)
    except UnreadableError as error:
        faults.add(error.reason, **error.facts)
    except FileNotFoundError:
        faults.add("not_found")
    except IsADirectoryError:
        faults.add("no_files")
    except OSError:
        faults.add("not_readable")
    problems = (*findings.problems, *faults.found)
    return ReadFile(
        str(path),
        sha256,
        reports=tuple(findings.reports),
        people=tuple(findings.people),
        schedules=tuple(findings.schedules),
        problems=problems,
    )


def _files(path: Path) -> Iterator[Path]:
    """The file itself, or a folder's files; a folder without any stands for itself, so that it is not passed over."""
    if not path.is_dir():
        yield path
        return
    inside = [file for file in sorted(path.rglob("*")) if file.is_file() and not _is_hidden(file.relative_to(path))]
    yield from inside or [path]


def _is_hidden(file: Path) -> bool:
    return file.name.lower() in _SYSTEM_FILES or any(part.startswith((".", "~$")) for part in file.parts)


def _size(file: Path) -> int:
    return file.stat().st_size if file.is_file() else 0
