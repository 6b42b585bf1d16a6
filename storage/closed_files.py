"""Files with personal data or secrets: readable by their owner only, from their first byte on (Q126)."""

import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO
FILE, FOLDER = 0o600, 0o700


class NoRegularFileError(OSError):
    """The path is a folder, a device or a pipe, which is never replaced."""


@contextmanager
def closed_by_default() -> Iterator[None]:
    """Within the block every new file of this process is closed to others, also files of libraries."""
    before = os.umask(OTHERS)
    try:
        yield
    finally:
        os.umask(before)


def make_folder(path: Path) -> None:
    """Makes the folder and its missing parents; an existing folder stays as it is. OSError."""
    for missing in reversed([each for each in (path, *path.parents) if not each.exists()]):
        missing.mkdir(mode=FOLDER, exist_ok=True)


def make_file(path: Path) -> bool:
    """Makes an empty closed file, so that whoever opens it later finds it closed; False if it exists. OSError."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE))
    except FileExistsError:
        return False
    return True


def write(path: Path, content: str | bytes) -> None:
    """Writes the whole file or nothing: it is written under another name, then renamed.

    A process that has the earlier file open keeps seeing the earlier content. OSError, NoRegularFileError.
    """
    path = path.resolve()  # a link stays a link
    if path.exists() and not path.is_file():
        raise NoRegularFileError
    with _draft(path, content) as draft:
        draft.replace(path)


def write_once(path: Path, content: str | bytes) -> None:
    """Writes the file unless it exists: of several writers at the same time the first one wins. OSError."""
    with _draft(path, content) as draft, suppress(FileExistsError):
        os.link(draft, path)


@contextmanager
def _draft(path: Path, content: str | bytes) -> Iterator[Path]:
    """A temporary file with the content in the same folder; deleted afterwards, unless it was renamed."""
    make_folder(path.parent)
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:60]}.")  # 0600, whatever the umask
    draft = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(number)
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def is_open(path: Path) -> bool:
    """Whether other users may read, write or enter the path; False where nothing is there."""
    try:
        return bool(path.stat().st_mode & OTHERS)
    except OSError:
        return False


def close(paths: Iterable[Path]) -> list[Path]:
    """Takes all rights of other users from our own files and folders; returns those that were open.

    A folder with the sticky bit is shared by design, and a file of another owner is not ours: `doctor` reports both.
    Devices, pipes and sockets belong to the machine, whatever the settings call them.
    """
    return [path for path in paths if is_open(path) and _closed(path)]


def _closed(path: Path) -> bool:
    with suppress(OSError):
        found = path.lstat()
        is_of_files = stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)
        is_ours = found.st_uid == os.geteuid() and is_of_files
        if is_ours and not found.st_mode & stat.S_ISVTX:
            path.chmod(stat.S_IMODE(found.st_mode) & ~OTHERS)
            return True
    return False
