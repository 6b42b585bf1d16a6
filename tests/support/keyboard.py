"""The command line as a person uses it: type a command, read both streams and the exit code."""

import json
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from bot.cli import main


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command left behind: data in `out`, words for people in `err`."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The JSON of stdout."""
        return json.loads(self.out)


class Keyboard:
    """Commands of a school whose data folder is the test's own."""

    def __init__(self, data: Path, screen: pytest.CaptureFixture[str], settings: pytest.MonkeyPatch) -> None:
        self.data = data
        self.settings = settings
        self._screen = screen
        settings.setenv("VESTNIK_DATA", str(data))

    def open_school(self, *lists: Path) -> None:
        """A school with these lists of people: made once in a process, since that takes a second; here is its copy."""
        shutil.copytree(Path(_made_school(*lists).name) / "school", self.data)

    def employ(self, name: str = "Белова Тамара Ильинична", role: str = "deputy_head") -> None:
        """A staff member, who acts at this keyboard from now on."""
        staff = self.data.parent / "staff.csv"
        staff.write_text(f"person;role;class\n{name};{role};\n", encoding="utf-8")
        self.done("import", "people", staff)
        self.settings.setenv("VESTNIK_DESK", name)

    def type(self, *words: str | Path) -> Outcome:
        """One command."""
        self._screen.readouterr()
        code = main([str(word) for word in words])
        out, err = self._screen.readouterr()
        return Outcome(code, out, err)

    def done(self, *words: str | Path) -> Outcome:
        """A command that succeeds."""
        outcome = self.type(*words)
        assert outcome.code == 0, outcome.err
        return outcome


@cache
def _made_school(*lists: Path) -> TemporaryDirectory[str]:
    """The folder lasts as long as the process."""
    folder = TemporaryDirectory(prefix="made-school-")
    with pytest.MonkeyPatch.context() as settings:
        settings.setenv("VESTNIK_DATA", f"{folder.name}/school")
        assert main(["migrate"]) == 0
        assert not lists or main(["import", "people", *map(str, lists)]) == 0
    return folder
