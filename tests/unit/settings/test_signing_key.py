"""The signing key: never short, never another's, never a traceback (Q126)."""

import os
import subprocess
import threading
from pathlib import Path

import pytest

from bot.locales import LANGUAGES, LocaleCatalogues
from bot.settings import KEY_FILE, Settings, SettingsError, SettingsFromArguments, signing_key

CATALOGUES = LocaleCatalogues.load()
GOOD = "0123456789abcdef" * 4

BROKEN = {
    "empty": b"",
    "blank": b" \n\t\n",
    "one letter": b"a",
    "31 bytes": GOOD[:62].encode(),
    "odd": GOOD.encode() + b"a",
    "no hex": GOOD[:63].encode() + b"g",
    "blanks within": f"{GOOD[:32]} {GOOD[32:]}".encode(),
    "two lines": f"{GOOD}\n{GOOD}".encode(),
    "raw bytes": bytes(range(128, 192)),
    "utf-16": GOOD.encode("utf-16"),
    "nul": GOOD.encode() + b"\0",
}


def refusal(folder: Path) -> list[str]:
    """The sentence with which the key is refused, in each language."""
    with pytest.raises(SettingsError) as refused:
        SettingsFromArguments.of(data=folder).signing_key()
    (fault,) = refused.value.faults
    return [fault(CATALOGUES.translator(language)) for language in LANGUAGES]


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_broken_key_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    """Buttons and codes sealed with a short or torn key could be forged, so nothing is sealed with it."""
    file = tmp_path / KEY_FILE
    file.write_bytes(content)
    for sentence in refusal(tmp_path):
        assert KEY_FILE in sentence
        assert "32" in sentence
        assert GOOD[:16] not in sentence
    assert file.read_bytes() == content


@pytest.mark.parametrize("kind", ["folder", "pipe", "link", "dangling link", "device"])
def test_what_is_no_regular_file_is_no_key(tmp_path: Path, kind: str) -> None:
    """Who may change a link chooses the key; a pipe or a device would be read without end."""
    file, real = tmp_path / KEY_FILE, tmp_path / "elsewhere"
    match kind:
        case "folder":
            file.mkdir()
        case "pipe":
            subprocess.run(["mkfifo", file], check=True)
        case "link":
            real.write_text(GOOD)
            file.symlink_to(real)
        case "dangling link":
            file.symlink_to(real)
        case _:
            file.symlink_to("/dev/zero")
    assert KEY_FILE in refusal(tmp_path)[0]
    assert not real.exists() or real.read_text() == GOOD


def test_a_key_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another user's file is a matter of rights, not a crash."""

    def refuse(*_: object) -> int:
        raise PermissionError

    (tmp_path / KEY_FILE).write_text(GOOD)
    monkeypatch.setattr(os, "open", refuse)
    sentences = refusal(tmp_path)
    monkeypatch.undo()
    assert "прав" in sentences[0]


@pytest.mark.parametrize("content", [GOOD, GOOD.upper(), f"{GOOD}\n", GOOD * 2])
def test_a_whole_key_is_taken(tmp_path: Path, content: str) -> None:
    """Longer ones, capitals and an editor's line break at the end are no faults."""
    (tmp_path / KEY_FILE).write_text(content)
    assert SettingsFromArguments.of(data=tmp_path).signing_key() == bytes.fromhex(content.strip())
    assert Settings.load(data=tmp_path).data == tmp_path


def test_a_new_key_is_long_and_closed_and_two_starts_agree_on_it(tmp_path: Path) -> None:
    """Two processes that start together keep one key, and no draft of it is left."""
    folder, keys = tmp_path / "school", set()
    threads = [
        threading.Thread(target=lambda: keys.add(signing_key.load_signing_key(folder / KEY_FILE))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (key,) = keys
    assert len(key) == 32
    assert [file.name for file in folder.iterdir()] == [KEY_FILE]
    assert (folder / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_key_has_no_place_where_nothing_can_be_written(tmp_path: Path) -> None:
    """A data folder that is a file is told, not traced."""
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError):
        signing_key.load_signing_key(tmp_path / "file" / KEY_FILE)
