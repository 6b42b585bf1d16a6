"""The key of buttons, codes and receipts: made once in the data folder, read with care, never shorter than 32 bytes."""

import os
import secrets
import stat
from pathlib import Path

from bot.settings.faults import Sentence, SettingsError
from storage import closed_files

LEAST = 32
"""Bytes of a key (Q126)."""

_LONGEST = 4096
"""Characters that are read of its file."""


def load(path: Path) -> bytes:
    """The key of a file, made where there is none. SettingsError."""
    if not path.exists() and not path.is_symlink():
        _make(path)
    key, wrong = _read(path)
    if wrong is not None:
        raise SettingsError.all_of([wrong])
    return key


def faults(path: Path) -> list[Sentence]:
    """What is wrong with a key that is there; nothing is made."""
    try:
        path.lstat()
    except OSError:
        return []
    _, wrong = _read(path)
    return [] if wrong is None else [wrong]


def _read(path: Path) -> tuple[bytes, Sentence | None]:
    """A link is refused: who may change it chooses the key. A pipe would be waited for, so it is not opened to read."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return b"", _wrong("no_file", path)
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            said = file.read(_LONGEST).decode("ascii").strip()
    except OSError:
        return b"", _wrong("unreadable", path)
    except UnicodeDecodeError:
        return b"", _wrong("no_hex", path)
    return _of_hex(said, path)


def _of_hex(said: str, path: Path) -> tuple[bytes, Sentence | None]:
    if any(letter not in "0123456789abcdefABCDEF" for letter in said):  # fromhex itself passes over blanks
        return b"", _wrong("no_hex", path)
    if len(said) % 2:
        return b"", _wrong("odd", path)
    key = bytes.fromhex(said)
    return (key, None) if len(key) >= LEAST else (b"", _wrong("short", path))


def _wrong(what: str, path: Path) -> Sentence:
    return Sentence.of("settings.key", wrong=Sentence(f"settings.wrong.key_{what}"), file=str(path), least=str(LEAST))


def _make(path: Path) -> None:
    """Two processes that start together keep one key."""
    try:
        closed_files.write_once(path, secrets.token_hex(LEAST))
    except OSError:
        raise SettingsError("settings.data_unwritable", folder=str(path.parent)) from None
