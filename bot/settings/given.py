"""What a school has set: the environment, then `vestnik.env`; every name is looked at, so that a slip is told."""

import difflib
import os
import re
import stat
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from dotenv.parser import Binding, parse_stream

from bot.settings.faults import PREFIX, Sentence, right, variable, wrong
from notifiers.discovery import known_channels
from notifiers.peer_url import has_control_characters
from storage.closed_files import OTHERS

RENAMED = {"max_repeats": "repeats"}
"""Fields of earlier versions: whoever still sets one is told its new name."""

OURS = frozenset({"telegram", "email", "sms", "paper"})
"""Channels with settings of their own; any other has `VESTNIK_<CHANNEL>_URL` alone (Q86)."""

LARGEST = 1 << 16
"""Bytes of a settings file."""

_NAME = re.compile(r"VESTNIK_[A-Z0-9_]{1,60}")
"""What may be shown as a name: in a broken file a secret can stand in its place."""


@dataclass(slots=True)
class GivenValues:
    """`values` by field; `urls` of third parties' channels; `faults` of names, files and lines."""

    values: dict[str, str] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)
    faults: list[Sentence] = field(default_factory=list)

    @classmethod
    def read(cls, file: Path, fields: Collection[str]) -> "GivenValues":
        """The file, over which the environment goes; what is empty is not set."""
        given, channels = cls(), {url_name(name): name for name in known_channels() - OURS}
        here = [(name.upper(), value, _ENVIRONMENT) for name, value in os.environ.items() if _is_ours(name)]
        for name, value, place in [*_of_file(file, given.faults), *here]:
            if name in channels and has_control_characters(value):
                given.faults.append(wrong(f"{channels[name]}_url", "control", right("words", {"most": "2000"})))
            elif name in channels:
                given.urls[channels[name]] = value
            elif (key := name.removeprefix(PREFIX).lower()) not in fields:
                given.faults.append(_unknown(name, place, fields))
            elif value:
                given.values[key] = value
        return given


_ENVIRONMENT = Sentence("settings.place.environment")


def url_name(channel: str) -> str:
    """The variable that a third party's channel is set by (Q86)."""
    return variable(f"{channel}_url".replace("-", "_"))


def environment(name: str) -> str | None:
    """One setting of the environment, for what must be known before anything else is read."""
    return os.environ.get(PREFIX + name) or None


def folder_of(said: str | Path) -> tuple[Path, list[Sentence]]:
    """The data folder, and what is wrong with it; it need not be there yet."""
    path = Path(said)
    try:
        path = path.expanduser()
        is_wrong = path.exists() and not (path.is_dir() and os.access(path, os.R_OK | os.W_OK | os.X_OK))
    except (OSError, RuntimeError, ValueError):
        is_wrong = True
    return path, [Sentence.of("settings.data_no_folder", setting=variable("data"))] if is_wrong else []


def child_environment(chosen: Mapping[str, str]) -> dict[str, str]:
    """The machine's environment with these settings and no others, for a process of our own."""
    inherited = {name: value for name, value in os.environ.items() if not _is_ours(name)}
    return inherited | {PREFIX + name: value for name, value in chosen.items()}


def line_of(name: str, value: str) -> str:
    """A line of the settings file: what would end a quoted value is escaped."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{PREFIX}{name}="{escaped}"'


def _is_ours(name: str) -> bool:
    return name.upper().startswith(PREFIX)


def _unknown(name: str, place: Sentence, fields: Collection[str]) -> Sentence:
    """The new name, or the nearest one: a letter is quickly left out."""
    key = name.removeprefix(PREFIX).lower()
    shown = name if _NAME.fullmatch(name) else f"{PREFIX}…"
    if RENAMED.get(key) in fields:
        return Sentence.of("settings.renamed", place=place, setting=shown, new=variable(RENAMED[key]))
    near = difflib.get_close_matches(key, [each for each in fields if each != "data"], n=1)
    if near:
        return Sentence.of("settings.unknown_near", place=place, setting=shown, near=variable(near[0]))
    return Sentence.of("settings.unknown", place=place, setting=shown)


def _of_file(file: Path, faults: list[Sentence]) -> Iterator[tuple[str, str, Sentence]]:
    """Names and values with their places; what cannot be read becomes a fault with its line."""
    text = _text(file, faults)
    first: dict[str, int] = {}
    for each in parse_stream(StringIO(text)):
        line = each.original.line + (len(each.original.string) - len(each.original.string.lstrip("\n")))
        place = Sentence.of("settings.place.file", file=file.name, line=str(line))
        fault = _fault_of_line(each, place, first)
        if fault is not None:
            faults.append(fault)
        elif each.key is not None:
            first.setdefault(each.key.upper(), line)
            yield each.key.upper(), each.value or "", place


def _fault_of_line(each: Binding, place: Sentence, first: Mapping[str, int]) -> Sentence | None:
    if each.error or (each.key is not None and each.value is None):
        return Sentence.of("settings.line_broken", place=place)
    if each.key is None:
        return None
    name = each.key.upper()
    if not _is_ours(name):
        return Sentence.of("settings.line_foreign", place=place)
    if name in first:
        return Sentence.of("settings.line_twice", place=place, first=str(first[name]))
    if name == variable("data"):
        return Sentence.of("settings.data_in_file", place=place)
    return None


def _text(file: Path, faults: list[Sentence]) -> str:
    """The file's text as far as it can be taken; nothing where there is none."""
    try:
        found = file.stat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST:
            faults.append(Sentence.of("settings.file_no_file", file=file.name))
            return ""
        if found.st_mode & OTHERS:
            faults.append(Sentence.of("settings.file_open", file=file.name))
        raw = file.read_bytes()
    except FileNotFoundError:
        return ""
    except OSError:
        faults.append(Sentence.of("settings.file_unreadable", file=file.name))
        return ""
    return _decoded(raw, file.name, faults)


def _decoded(raw: bytes, name: str, faults: list[Sentence]) -> str:
    """Lines that are no UTF-8 or hold control characters are told and left out, so that the others are judged too."""
    lines = []
    for number, line in enumerate(raw.split(b"\n"), start=1):
        place = Sentence.of("settings.place.file", file=name, line=str(number))
        if number == 1 and line.startswith(b"\xef\xbb\xbf"):
            faults.append(Sentence.of("settings.line_mark", place=place))
        text = line.removesuffix(b"\r").decode("utf-8-sig", errors="replace")
        is_whole = "\ufffd" not in text and not has_control_characters(text.replace("\t", " "))
        if not is_whole:
            faults.append(Sentence.of("settings.line_bytes", place=place))
        lines.append(text if is_whole else "")
    return "\n".join(lines)
