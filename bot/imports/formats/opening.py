"""Opens files given by a person: regular files only, each up to a size limit.

A device, a pipe or a socket could be read without end, and so could a file that is still being written.
"""

import os
import stat
from collections.abc import Iterator
from io import BufferedReader, FileIO
from pathlib import Path
from typing import Any

from bot.imports.reading import UnreadableFileError

MEBI = 1 << 20
MOST_FILES = 20_000
_SYSTEM_FILES = frozenset({"desktop.ini", "thumbs.db"})


class _BoundedFile(FileIO):
    """Raises after `most` bytes, whatever size `stat` reported."""

    most = 0

    def readinto(self, buffer: Any) -> int | None:
        count = super().readinto(buffer)
        if count is None:  # the kernel's own, which waits for news: /proc/kmsg calls itself a regular file
            raise UnreadableFileError("not_regular")
        if self.tell() > self.most:
            raise _too_large(self.most)
        return count


class OpenedImportFile(BufferedReader):
    """A regular file that raises UnreadableError after `most` bytes; read it in chunks."""

    def __init__(self, path: Path, *, most: int) -> None:
        """Raises UnreadableError for a special or too large file, and OSError; opening never blocks."""
        _require_acceptable(path.stat(), most)
        self._bounded_file = _BoundedFile(path, opener=lambda name, _: os.open(name, os.O_RDONLY | _OPEN_FLAGS))
        super().__init__(self._bounded_file)
        try:
            self.as_opened = _require_acceptable(os.fstat(self.fileno()), most)
        except UnreadableFileError:
            self.close()
            raise
        self._bounded_file.most = most

    def lower_limit(self, most: int) -> None:
        """Lower the limit once the form of the file is known."""
        _require_acceptable(self.as_opened, most)
        self._bounded_file.most = most

    def chunks(self) -> Iterator[bytes]:
        """The whole content from the beginning, in chunks of 1 MiB."""
        self.seek(0)
        return iter(lambda: self.read(MEBI), b"")

    def require_unchanged(self) -> None:
        """Raises UnreadableError where the file changed while it was read."""
        now = os.fstat(self.fileno())
        if (now.st_size, now.st_mtime_ns) != (self.as_opened.st_size, self.as_opened.st_mtime_ns):
            raise UnreadableFileError("changing")


_OPEN_FLAGS = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_CLOEXEC", 0)
"""O_NONBLOCK: opening a pipe would block until its other end is opened."""


def import_files_to_open(path: Path) -> list[Path]:
    """The file itself, or all files of a folder sorted by name, subfolders and links included.

    Hidden and system files are left out, nothing else: a special file is refused when it is opened. An empty folder is
    returned itself, so that it is reported. Raises UnreadableError for too many files.
    """
    if not os.path.isdir(path):  # noqa: PTH112  # Path.is_dir raises where a name is too long
        return [path]
    found: list[Path] = []
    for file in _walk(path, set()):
        found.append(file)
        if len(found) > MOST_FILES:
            raise UnreadableFileError("too_many_files", most=str(MOST_FILES))
    return sorted(found) or [path]


def opened_import_file_size(path: Path) -> int:
    """Bytes of a regular file; 0 of anything else."""
    try:
        about = path.stat()
    except OSError:
        return 0
    return about.st_size if stat.S_ISREG(about.st_mode) else 0


def _walk(folder: Path, entered: set[tuple[int, int]]) -> Iterator[Path]:
    """The files of a folder. Each folder is entered once, so circular links end."""
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            about = here.stat()
            if (about.st_dev, about.st_ino) in entered:
                continue
            entered.add((about.st_dev, about.st_ino))
            with os.scandir(here) as entries:
                for entry in entries:
                    if not _is_hidden(entry.name):
                        if entry.is_dir():
                            waiting.append(here / entry.name)
                        else:
                            yield here / entry.name
        except OSError:
            yield here


def _is_hidden(name: str) -> bool:
    return name.lower() in _SYSTEM_FILES or name.startswith((".", "~$"))


def _require_acceptable(about: os.stat_result, most: int) -> os.stat_result:
    """Refuses special and too large files; folders pass, since opening one raises IsADirectoryError."""
    if not stat.S_ISREG(about.st_mode) and not stat.S_ISDIR(about.st_mode):
        raise UnreadableFileError("not_regular")
    if about.st_size > most:
        raise _too_large(most)
    return about


def _too_large(most: int) -> UnreadableFileError:
    return UnreadableFileError("too_large", most=str(most // MEBI))
