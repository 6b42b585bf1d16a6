"""Opens what a person hands over: only regular files, and never more of one than it may hold.

A device, a pipe or a socket could be read without end, and so could a file that somebody goes on writing.
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


class _Bounded(FileIO):
    """Bytes up to a bound, whatever the size was said to be."""

    most = 0

    def readinto(self, buffer: Any) -> int | None:
        count = super().readinto(buffer)
        if self.tell() > self.most:
            raise _too_large(self.most)
        return count


class RegularFile(BufferedReader):
    """A file that ends in UnreadableError where it would go on for more than `most` bytes; read it a part at a time."""

    def __init__(self, path: Path, *, most: int) -> None:
        """Raises UnreadableError for what is no file or too large, and OSError; neither is waited for."""
        _judge(path.stat(), most)
        self._bounded = _Bounded(path, opener=lambda name, _: os.open(name, os.O_RDONLY | _NOT_WAITING))
        super().__init__(self._bounded)
        try:
            self.as_opened = _judge(os.fstat(self.fileno()), most)
        except UnreadableFileError:
            self.close()
            raise
        self._bounded.most = most

    def narrow(self, most: int) -> None:
        """It turned out to be of a kind that may hold less."""
        _judge(self.as_opened, most)
        self._bounded.most = most

    def parts(self) -> Iterator[bytes]:
        """All of it from the beginning."""
        self.seek(0)
        return iter(lambda: self.read(MEBI), b"")

    def require_unchanged(self) -> None:
        """What was checked and what was read must be one thing."""
        now = os.fstat(self.fileno())
        if (now.st_size, now.st_mtime_ns) != (self.as_opened.st_size, self.as_opened.st_mtime_ns):
            raise UnreadableFileError("changing")


_NOT_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_CLOEXEC", 0)
"""Whoever opens a pipe would else wait for its other end."""


def files_in(path: Path) -> list[Path]:
    """The file itself, or a folder's in the order of their names, folders in it and behind links included.

    Hidden ones and the system's are left out, but nothing else is: what is no file is refused where it is opened. A
    folder without any stands for itself, so that it is not passed over. Raises UnreadableError for too many.
    """
    if not os.path.isdir(path):  # noqa: PTH112  # the other one raises where a name is too long
        return [path]
    found: list[Path] = []
    for file in _walk(path, set()):
        found.append(file)
        if len(found) > MOST_FILES:
            raise UnreadableFileError("too_many_files", most=str(MOST_FILES))
    return sorted(found) or [path]


def size_of(path: Path) -> int:
    """Bytes of a regular file; 0 of anything else."""
    try:
        about = path.stat()
    except OSError:
        return 0
    return about.st_size if stat.S_ISREG(about.st_mode) else 0


def _walk(folder: Path, entered: set[tuple[int, int]]) -> Iterator[Path]:
    """A folder is entered once, so links in a circle end."""
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


def _judge(about: os.stat_result, most: int) -> os.stat_result:
    """Folders are left to whoever opens them, who says so in words of their own."""
    if not stat.S_ISREG(about.st_mode) and not stat.S_ISDIR(about.st_mode):
        raise UnreadableFileError("not_regular")
    if about.st_size > most:
        raise _too_large(most)
    return about


def _too_large(most: int) -> UnreadableFileError:
    return UnreadableFileError("too_large", most=str(most // MEBI))
