"""Raw updates of any messenger: what is told of one before it is read, and how it is stored."""

import json
import re
from typing import Any, TypeGuard

from bot.conversation.messenger import UnreadableUpdateError

UNNAMED = "unnamed"
"""Stands for the kind of an update that names none, or a malformed one, which may hold content (Q103)."""

UNNAMED_FILE = "файл"
UNNAMED_PHOTO = "фото.jpg"
"""Messengers give photos no names."""

_KIND = re.compile(r"[a-z_]{1,40}")


def raw_update_kind(kind: object) -> str:
    """A messenger's word for an update, if it is one."""
    return kind if isinstance(kind, str) and _KIND.fullmatch(kind) else UNNAMED


def is_raw_update_number(value: object) -> TypeGuard[int]:
    """Whether JSON brought a whole number; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def written_update(raw: object, kind: str) -> str:
    """The update as it is stored. UnreadableUpdateError for one that is nested too deeply."""
    try:
        return json.dumps(raw, separators=(",", ":"))
    except RecursionError:
        raise UnreadableUpdateError(kind) from None


def raw_update(body: str) -> Any:
    """The update that `written_update` wrote; None for what another release wrote and this one cannot read."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
