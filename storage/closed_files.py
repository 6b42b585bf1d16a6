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
    """The path is a folder, a device or a pipe; only regular files are replaced."""


@contextmanager
def closed_files_by_default() -> Iterator[None]:
    """Within the block other users cannot read any new file of this process, whichever library creates it."""
    before = os.umask(OTHERS)
    try:
        yield
    finally:
        os.umask(before)


def make_closed_folder(path: Path) -> None:
    """Makes the folder and its missing parents; an existing folder is not changed. Raises OSError."""
    for missing in reversed([each for each in (path, *path.parents) if not each.exists()]):
        missing.mkdir(mode=FOLDER, exist_ok=True)


def make_closed_file(path: Path) -> bool:
    """Makes an empty file that only its owner can read, for a library to fill; False if it exists. Raises OSError."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE))
    except FileExistsError:
        return False
    return True


def write_closed_file(path: Path, content: str | bytes) -> None:
    """Replaces the file in one step: the content is written under another name, which is then renamed.

    A process that has the old file open still reads the old content. Raises OSError, NoRegularFileError.
    """
    path = path.resolve()  # the target of a link is replaced, not the link
    if path.exists() and not path.is_file():
        raise NoRegularFileError
    with _draft(path, content) as draft:
        draft.replace(path)


def write_closed_file_once(path: Path, content: str | bytes) -> None:
    """Writes the file unless it exists; of several writers at the same time the first succeeds. Raises OSError."""
    with _draft(path, content) as draft, suppress(FileExistsError):
        os.link(draft, path)


@contextmanager
def _draft(path: Path, content: str | bytes) -> Iterator[Path]:
    """A temporary file with the content in the same folder; deleted afterwards, unless it was renamed."""
    make_closed_folder(path.parent)
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


def is_file_left_open(path: Path) -> bool:
    """Whether other users may read, write or enter the path; False for a missing one."""
    try:
        return bool(path.stat().st_mode & OTHERS)
    except OSError:
        return False


def close_files(paths: Iterable[Path]) -> list[Path]:
    """Removes all rights of other users from our files and folders; returns those that had been open.

    Left as they are: folders with the sticky bit, which are shared by design, and files of another owner (`doctor`
    reports both); devices, pipes and sockets, which belong to the machine.
    """
    return [path for path in paths if is_file_left_open(path) and _close(path)]


def _close(path: Path) -> bool:
    """True if the rights were removed."""
    with suppress(OSError):
        status = path.lstat()
        is_file_or_folder = stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)
        is_ours = status.st_uid == os.geteuid() and is_file_or_folder
        if is_ours and not status.st_mode & stat.S_ISVTX:
            path.chmod(stat.S_IMODE(status.st_mode) & ~OTHERS)
            return True
    return False
