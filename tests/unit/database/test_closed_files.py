"""Files with personal data: closed to others from their first byte, whatever was there before (Q126)."""

import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import closed_files


@pytest.fixture(autouse=True)
def _generous() -> Iterator[None]:
    """A machine that leaves new files open to everybody."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_written_file_and_its_folders_are_closed(tmp_path: Path) -> None:
    """Folders that are made on the way are closed too; one that was there stays as it was."""
    tmp_path.chmod(0o755)
    file = tmp_path / "school" / "year" / "extracts.pdf"
    closed_files.write_closed_file(file, b"%PDF")
    assert (mode(file), mode(file.parent), mode(file.parent.parent)) == (0o600, 0o700, 0o700)
    assert mode(tmp_path) == 0o755


def test_who_holds_the_old_file_does_not_see_the_new_one(tmp_path: Path) -> None:
    """An open file of the same name is replaced, not filled: its readers keep what they had."""
    file = tmp_path / "extracts.pdf"
    file.write_text("old")
    with file.open() as held:
        closed_files.write_closed_file(file, "new")
        assert held.read() == "old"
    assert (file.read_text(), mode(file)) == ("new", 0o600)


def test_nothing_half_written_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk leaves the old file, and no draft beside it."""

    def full(_: int) -> None:
        raise OSError

    file = tmp_path / "extracts.pdf"
    file.write_text("old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=r"^$"):
        closed_files.write_closed_file(file, "new")
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("extracts.pdf", "old")]


def test_a_link_stays_and_its_file_is_closed(tmp_path: Path) -> None:
    """The file that a link leads to is written, wherever it lies."""
    real, link = tmp_path / "real.pdf", tmp_path / "link.pdf"
    real.write_text("old")
    link.symlink_to(real)
    closed_files.write_closed_file(link, "new")
    assert link.is_symlink()
    assert (real.read_text(), mode(real)) == ("new", 0o600)


@pytest.mark.parametrize("kind", ["pipe", "folder", "device"])
def test_what_is_no_regular_file_is_never_replaced(tmp_path: Path, kind: str) -> None:
    """A slip such as `--out /dev/null` must not turn a device into a file, nor wait for a pipe's reader."""
    place = tmp_path / "place"
    match kind:
        case "pipe":
            subprocess.run(["mkfifo", place], check=True)
        case "folder":
            place.mkdir()
        case _:
            place.symlink_to(os.devnull)
    with pytest.raises(closed_files.NoRegularFileError):
        closed_files.write_closed_file(place, "new")
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


def test_open_files_of_our_own_are_closed(tmp_path: Path) -> None:
    """What an earlier version left open is mended, and which ones is told; a second look finds nothing."""
    folder, file, missing = tmp_path / "school", tmp_path / "school" / "vestnik.db", tmp_path / "school" / "none"
    folder.mkdir(mode=0o755)
    file.touch(mode=0o644)
    assert closed_files.close_files([folder, file, missing]) == [folder, file]
    assert (mode(folder), mode(file)) == (0o700, 0o600)
    assert closed_files.close_files([folder, file, missing]) == []


def test_what_is_shared_by_design_is_left(tmp_path: Path) -> None:
    """A data folder set to /tmp by mistake does not lock everybody out of it, nor does a link to a file elsewhere.

    A database set to /dev/null locked every other program of the machine out of it: a device and a pipe stay open.
    """
    shared, file, link = tmp_path / "tmp", tmp_path / "file", tmp_path / "link"
    pipe = tmp_path / "pipe"
    subprocess.run(["mkfifo", "-m", "0666", pipe], check=True)
    shared.mkdir()
    shared.chmod(0o1777)
    file.touch(mode=0o644)
    link.symlink_to(file)
    assert closed_files.close_files([shared, link, pipe]) == []
    assert (mode(shared), mode(file), mode(pipe)) == (0o1777, 0o644, 0o666)
    assert closed_files.is_file_left_open(shared)


def test_whatever_is_made_meanwhile_is_closed(tmp_path: Path) -> None:
    """Files of libraries, which know nothing of us, are closed too; afterwards the machine's own custom is back."""
    with closed_files.closed_files_by_default():
        (tmp_path / "inside").touch()
        (tmp_path / "folder").mkdir()
    (tmp_path / "outside").touch()
    assert [mode(tmp_path / name) for name in ("inside", "folder", "outside")] == [0o600, 0o700, 0o666]
