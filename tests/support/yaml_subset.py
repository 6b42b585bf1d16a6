"""Reads the part of YAML that API descriptions are written in: maps, lists, plain and quoted scalars, block texts."""

import re
from typing import Any

_KEY = re.compile(r"""(?P<key>'[^']*'|"[^"]*"|[^\s'"#\[{][^:]*?):(?:\s+(?P<rest>.*))?$""")
_BLOCK = re.compile(r"[|>][+-]?")
Line = tuple[int, str]


def read_yaml(text: str) -> Any:
    """The document."""
    lines = [(len(line) - len(line.lstrip()), line.strip()) for line in text.splitlines()]
    found, _ = _node([line for line in lines if line[1] and not line[1].startswith("#")], 0)
    return found


def _node(lines: list[Line], at: int) -> tuple[Any, int]:
    depth, words = lines[at]
    if words.startswith("- "):
        return _list(lines, at, depth)
    return _map(lines, at, depth) if _KEY.match(words) else (_scalar(words), at + 1)


def _list(lines: list[Line], at: int, depth: int) -> tuple[list[Any], int]:
    items: list[Any] = []
    while at < len(lines) and lines[at][0] == depth and lines[at][1].startswith("- "):
        lines[at] = (depth + 2, lines[at][1][2:].strip())
        item, at = _node(lines, at)
        items.append(item)
    return items, at


def _map(lines: list[Line], at: int, depth: int) -> tuple[dict[str, Any], int]:
    found: dict[str, Any] = {}
    while at < len(lines) and lines[at][0] == depth and (pair := _KEY.match(lines[at][1])):
        key, rest, at = str(_scalar(pair["key"])), pair["rest"], at + 1
        is_list_below = at < len(lines) and lines[at][0] == depth and lines[at][1].startswith("- ")
        if rest is None and at < len(lines) and (lines[at][0] > depth or is_list_below):
            found[key], at = _node(lines, at)
            continue
        while at < len(lines) and lines[at][0] > depth:  # a block text, or a text that goes on
            rest, at = f"{rest} {lines[at][1]}", at + 1
        found[key] = None if rest is None else _scalar(rest)
    return found, at


def _scalar(words: str) -> Any:
    if _BLOCK.match(words) or words.startswith(("'", '"')):
        return words.strip("'\"")
    if words.startswith("["):
        return [_scalar(each.strip()) for each in words.strip("[]").split(",")]
    words = words.partition(" #")[0].strip()
    if words in {"true", "false"}:
        return words == "true"
    return int(words) if re.fullmatch(r"-?\d+", words) else words
