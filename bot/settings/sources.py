"""Reads settings from `vestnik.env` and the environment; every name is checked, so that a typing error is reported."""

import difflib
import os
import re
import stat
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from dotenv.parser import Binding, parse_stream

from bot.settings.errors import SettingsErrorSentence, right_values, wrong_setting_error
from bot.settings.messengers import MESSENGERS
from bot.settings.names import PREFIX, setting_variable_name
from notifiers.discovery import discovered_channel_names
from notifiers.peer_url import has_peer_url_controls
from storage.closed_files import OTHERS

RENAMED = {"max_repeats": "repeats"}
"""Renamed fields, old → new; the fault of an old name shows the new one."""

OURS = frozenset({*MESSENGERS, "email", "sms", "paper"})
"""Channels with their own settings; any other has `VESTNIK_<CHANNEL>_URL` only (Q86)."""

LARGEST = 1 << 16
"""Bytes of a settings file."""

_NAME = re.compile(r"VESTNIK_[A-Z0-9_]{1,60}")
"""Names that may be shown: in a broken file a secret can stand in the place of a name."""


@dataclass(slots=True)
class GivenSettingsSource:
    """`values` by field; `urls` of third parties' channels; `faults` of names, files and lines."""

    values: dict[str, str] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)
    faults: list[SettingsErrorSentence] = field(default_factory=list)

    @classmethod
    def read(cls, file: Path, fields: Collection[str]) -> "GivenSettingsSource":
        """The file's values, overridden by the environment; an empty value counts as not set."""
        given, channels = cls(), {_channel_url_name(name): name for name in discovered_channel_names() - OURS}
        here = [(name.upper(), value, _ENVIRONMENT) for name, value in os.environ.items() if _is_ours(name)]
        for name, value, place in [*_read_lines(file, given.faults), *here]:
            if name in channels and has_peer_url_controls(value):
                given.faults.append(
                    wrong_setting_error(f"{channels[name]}_url", "control", right_values("words", {"most": "2000"}))
                )
            elif name in channels:
                given.urls[channels[name]] = value
            elif (key := name.removeprefix(PREFIX).lower()) not in fields:
                given.faults.append(_unknown(name, place, fields))
            elif value:
                given.values[key] = value
        return given


_ENVIRONMENT = SettingsErrorSentence("settings.place.environment")


def _channel_url_name(channel: str) -> str:
    """The variable of a third party's channel (Q86)."""
    return setting_variable_name(f"{channel}_url".replace("-", "_"))


def settings_source_variable(name: str) -> str | None:
    """One environment variable, for settings that are needed before the file is read."""
    return os.environ.get(PREFIX + name) or None


def settings_source_folder(said: str | Path) -> tuple[Path, list[SettingsErrorSentence]]:
    """The data folder and its faults; it need not exist yet."""
    path = Path(said)
    try:
        path = path.expanduser()
        is_wrong = path.exists() and not (path.is_dir() and os.access(path, os.R_OK | os.W_OK | os.X_OK))
    except (OSError, RuntimeError, ValueError):
        is_wrong = True
    return path, [
        SettingsErrorSentence.of("settings.data_no_folder", setting=setting_variable_name("data"))
    ] if is_wrong else []


def settings_source_for_child(chosen: Mapping[str, str]) -> dict[str, str]:
    """The environment for a child process: the machine's, with these settings of Vestnik only."""
    inherited = {name: value for name, value in os.environ.items() if not _is_ours(name)}
    return inherited | {PREFIX + name: value for name, value in chosen.items()}


def take_on_settings_source(environment: Mapping[str, str]) -> None:
    """A process that was forked goes on in this environment and in no other."""
    os.environ.clear()
    os.environ.update(environment)


def settings_source_line(name: str, value: str) -> str:
    """A line of the settings file; quotes and backslashes are escaped."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{PREFIX}{name}="{escaped}"'


def _is_ours(name: str) -> bool:
    return name.upper().startswith(PREFIX)


def _unknown(name: str, place: SettingsErrorSentence, fields: Collection[str]) -> SettingsErrorSentence:
    """The fault of an unknown name, with its new name or the most similar one."""
    key = name.removeprefix(PREFIX).lower()
    shown = name if _NAME.fullmatch(name) else f"{PREFIX}…"
    if RENAMED.get(key) in fields:
        return SettingsErrorSentence.of(
            "settings.renamed", place=place, setting=shown, new=setting_variable_name(RENAMED[key])
        )
    near = difflib.get_close_matches(key, [each for each in fields if each != "data"], n=1)
    if near:
        return SettingsErrorSentence.of(
            "settings.unknown_near", place=place, setting=shown, near=setting_variable_name(near[0])
        )
    return SettingsErrorSentence.of("settings.unknown", place=place, setting=shown)


def _read_lines(file: Path, faults: list[SettingsErrorSentence]) -> Iterator[tuple[str, str, SettingsErrorSentence]]:
    """Names and values with their lines; a broken line becomes a fault."""
    text = _read_text(file, faults)
    first: dict[str, int] = {}
    for each in parse_stream(StringIO(text)):
        line = each.original.line + (len(each.original.string) - len(each.original.string.lstrip("\n")))
        place = SettingsErrorSentence.of("settings.place.file", file=file.name, line=str(line))
        fault = _fault_of_line(each, place, first)
        if fault is not None:
            faults.append(fault)
        elif each.key is not None:
            first.setdefault(each.key.upper(), line)
            yield each.key.upper(), each.value or "", place


def _fault_of_line(
    each: Binding, place: SettingsErrorSentence, first: Mapping[str, int]
) -> SettingsErrorSentence | None:
    if each.error or (each.key is not None and each.value is None):
        return SettingsErrorSentence.of("settings.line_broken", place=place)
    if each.key is None:
        return None
    name = each.key.upper()
    if not _is_ours(name):
        return SettingsErrorSentence.of("settings.line_foreign", place=place)
    if name in first:
        return SettingsErrorSentence.of("settings.line_twice", place=place, first=str(first[name]))
    if name == setting_variable_name("data"):
        return SettingsErrorSentence.of("settings.data_in_file", place=place)
    return None


def _read_text(file: Path, faults: list[SettingsErrorSentence]) -> str:
    """The readable text of the file; empty where there is no file."""
    try:
        found = file.stat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST:
            faults.append(SettingsErrorSentence.of("settings.file_no_file", file=file.name))
            return ""
        if found.st_mode & OTHERS:
            faults.append(SettingsErrorSentence.of("settings.file_open", file=file.name))
        raw = file.read_bytes()
    except FileNotFoundError:
        return ""
    except OSError:
        faults.append(SettingsErrorSentence.of("settings.file_unreadable", file=file.name))
        return ""
    return _decode_lines(raw, file.name, faults)


def _decode_lines(raw: bytes, name: str, faults: list[SettingsErrorSentence]) -> str:
    """Lines that are no UTF-8 or hold control characters become faults and are left out; the others are checked."""
    lines = []
    for number, line in enumerate(raw.split(b"\n"), start=1):
        place = SettingsErrorSentence.of("settings.place.file", file=name, line=str(number))
        if number == 1 and line.startswith(b"\xef\xbb\xbf"):
            faults.append(SettingsErrorSentence.of("settings.line_mark", place=place))
        text = line.removesuffix(b"\r").decode("utf-8-sig", errors="replace")
        is_whole = "\ufffd" not in text and not has_peer_url_controls(text.replace("\t", " "))
        if not is_whole:
            faults.append(SettingsErrorSentence.of("settings.line_bytes", place=place))
        lines.append(text if is_whole else "")
    return "\n".join(lines)
