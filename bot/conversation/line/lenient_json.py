"""Reads JSON that is wrong in one place without losing the rest."""

import json
import re

MOST_NESTED = 100
"""Levels of an answer that are read; what Telegram writes has about twenty."""

LARGEST_NESTED = 1 << 20
"""Bytes of an answer that is searched for what lies deeper."""

MOST_FIGURES = 30
"""Of a number that can be one; Python reads no longer ones than 4,300 figures."""

_PIECE = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]|[^"\[\]{}]+|"', re.DOTALL)
"""Of JSON: a text, a bracket, or what stands between them."""


def lenient_json(body: bytes) -> object:
    """JSON, with what is wrong in one place of it left out: it must not hide the rest. ValueError for no JSON.

    Bytes that are no UTF-8, bare control characters, endless numbers and endless nesting are such places.
    """
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        pass
    text = body.decode(errors="replace").removeprefix("\ufeff")
    try:
        return _leniently(text)
    except RecursionError:
        if len(body) > LARGEST_NESTED:
            raise ValueError("nested too deeply") from None
        return _leniently(_shallow(text))


def _leniently(text: str) -> object:
    read: object = json.loads(text, strict=False, parse_int=_whole)
    return read


def _whole(figures: str) -> int | None:
    return int(figures) if len(figures) <= MOST_FIGURES else None


def _shallow(text: str) -> str:
    """The same with null for all that is nested too deeply; read in one pass, however deep it goes."""
    pieces, depth = [], 0
    for piece in _PIECE.findall(text):
        depth += piece in {"[", "{"}
        if depth <= MOST_NESTED:
            pieces.append(piece)
        elif depth == MOST_NESTED + 1 and piece in {"[", "{"}:
            pieces.append("null")
        depth -= piece in {"]", "}"}
    return "".join(pieces)
