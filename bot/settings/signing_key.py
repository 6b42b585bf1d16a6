"""The key of buttons, codes and receipts: a file of the data folder, created once, at least 32 bytes."""

import os
import secrets
import stat
from pathlib import Path

from bot.settings.errors import SettingsError, SettingsErrorSentence
from storage import closed_files

LEAST_BYTES = 32
"""Bytes of a key (Q126)."""

_LONGEST = 4096
"""Characters that are read of the key's file."""


def load_signing_key(path: Path) -> bytes:
    """The key in the file, which is created where it does not exist. SettingsError."""
    if not path.exists() and not path.is_symlink():
        _create(path)
    key, wrong = _read(path)
    if wrong is not None:
        raise SettingsError.all_of([wrong])
    return key


def signing_key_faults(path: Path) -> list[SettingsErrorSentence]:
    """Faults of an existing key; creates nothing."""
    try:
        path.lstat()
    except OSError:
        return []
    _, wrong = _read(path)
    return [] if wrong is None else [wrong]


def _read(path: Path) -> tuple[bytes, SettingsErrorSentence | None]:
    """Refuses a link, since whoever can change it chooses the key, and a pipe, since opening it would block."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return b"", _wrong("no_file", path)
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            said = file.read(_LONGEST).decode("ascii").strip()
    except OSError:
        return b"", _wrong("unreadable", path)
    except UnicodeDecodeError:
        return b"", _wrong("no_hex", path)
    return _parse_hex(said, path)


def _parse_hex(said: str, path: Path) -> tuple[bytes, SettingsErrorSentence | None]:
    if any(letter not in "0123456789abcdefABCDEF" for letter in said):  # bytes.fromhex accepts blanks
        return b"", _wrong("no_hex", path)
    if len(said) % 2:
        return b"", _wrong("odd", path)
    key = bytes.fromhex(said)
    return (key, None) if len(key) >= LEAST_BYTES else (b"", _wrong("short", path))


def _wrong(what: str, path: Path) -> SettingsErrorSentence:
    return SettingsErrorSentence.of(
        "settings.key",
        wrong=SettingsErrorSentence(f"settings.wrong.key_{what}"),
        file=str(path),
        least=str(LEAST_BYTES),
    )


def _create(path: Path) -> None:
    """Writes the file only where it does not exist, so that two processes that start together share one key."""
    try:
        closed_files.write_closed_file_once(path, secrets.token_hex(LEAST_BYTES))
    except OSError:
        raise SettingsError("settings.data_unwritable", folder=str(path.parent)) from None
