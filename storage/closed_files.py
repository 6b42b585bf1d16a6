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
    """In the file's place is a folder, a device or a pipe, which is never replaced."""


@contextmanager
def closed_by_default() -> Iterator[None]:
    """While the block runs, whatever this process makes is closed to others: libraries' files too."""
    before = os.umask(OTHERS)
    try:
        yield
    finally:
        os.umask(before)


def make_folder(path: Path) -> None:
    """The folder with all above it that is missing; one that exists stays as it is. OSError."""
    for missing in reversed([each for each in (path, *path.parents) if not each.exists()]):
        missing.mkdir(mode=FOLDER, exist_ok=True)


def make_file(path: Path) -> bool:
    """An empty closed file, where there is none yet: whoever opens it finds it closed already. OSError."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE))
    except FileExistsError:
        return False
    return True


def write(path: Path, content: str | bytes) -> None:
    """All or nothing: written beside it under another name, then moved into its place.

    Whoever held an older open file of this name open does not see the new one. OSError, NoRegularFileError.
    """
    path = path.resolve()  # a link stays a link
    if path.exists() and not path.is_file():
        raise NoRegularFileError
    with _draft(path, content) as draft:
        draft.replace(path)


def write_once(path: Path, content: str | bytes) -> None:
    """Of several who write it at the same time the first has its way, and the others' is dropped. OSError."""
    with _draft(path, content) as draft, suppress(FileExistsError):
        os.link(draft, path)


@contextmanager
def _draft(path: Path, content: str | bytes) -> Iterator[Path]:
    """A finished file in the same folder; gone afterwards, unless it was moved away."""
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
    """Whether others may read, write or enter it; False for what is not there."""
    try:
        return bool(path.stat().st_mode & OTHERS)
    except OSError:
        return False


def close(paths: Iterable[Path]) -> list[Path]:
    """Take from others what they may do with our own files and folders; gives those that were open.

    A folder with the sticky bit is shared by design, and a foreign file is its owner's: both stay, for doctor to tell.
    """
    return [path for path in paths if is_open(path) and _closed(path)]


def _closed(path: Path) -> bool:
    with suppress(OSError):
        found = path.lstat()
        is_ours = found.st_uid == os.geteuid() and not stat.S_ISLNK(found.st_mode)
        if is_ours and not found.st_mode & stat.S_ISVTX:
            path.chmod(stat.S_IMODE(found.st_mode) & ~OTHERS)
            return True
    return False
