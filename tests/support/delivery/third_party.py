"""A package of somebody else that brings a channel, as if it had been installed."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot import locales
from notifiers import discovery

ANEW = (discovery._entries, discovery._normaliser, locales._translator)  # noqa: SLF001  # what a new process would read
INFO = {
    "METADATA": "Metadata-Version: 2.1\nName: pigeon-post\nVersion: 1.0\n",
    "entry_points.txt": "[vestnik.notifiers]\npigeon = pigeon:open_channel\n",
}


@contextmanager
def installed_pigeon(source: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The module `pigeon` with its entry point, while the block runs."""
    (folder / "pigeon.py").write_text(source)
    info = folder / "pigeon_post-1.0.dist-info"
    info.mkdir()
    for name, text in INFO.items():
        (info / name).write_text(text)
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, "pigeon", raising=False)
    for cached in ANEW:
        cached.cache_clear()
    try:
        yield
    finally:
        for cached in ANEW:
            cached.cache_clear()
