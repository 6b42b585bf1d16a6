"""The kinds of values a setting takes: each reads words, keeps to its bounds, and says what would be right."""

import json
import math
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import GetCoreSchemaHandler, SecretStr, TypeAdapter, ValidationError
from pydantic_core import CoreSchema, core_schema

from bot.settings.faults import Sentence, right
from core.model.delivery.states import Status
from core.model.notices import ALWAYS_SENT, NoticeKind
from core.rules.delivery.evidence import GIVES, GIVES_AT_MOST
from core.rules.delivery.timing import OTHERS
from notifiers.discovery import known_channels
from notifiers.peer_url import HOST_FORM, has_control_characters, parse_port

_HOURS = re.compile(r"(\d{1,2}:\d{2})\s*[-–]\s*(\d{1,2}:\d{2})")
_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_DATABASE = re.compile(
    r"(?P<scheme>[a-z+0-9]+)://(?:[^:/?@]*(?::[^@]*)?@)?(?:(?P<host>\[[^\]/]+\]|[^:/?\[\]]*)(?::(?P<port>[^/?]*))?)?"
    r"(?:/(?P<database>[^?]*))?(?:\?.*)?"
)
_DURATION = TypeAdapter(timedelta)
T = TypeVar("T")
LITE = frozenset({"sqlite", "sqlite+aiosqlite"})
SERVERS = frozenset({"postgresql", "postgres", "postgresql+asyncpg"})
LOWEST, HIGHEST = Decimal(2), Decimal(5)


class WrongValueError(ValueError):
    """`what` is the end of a key `settings.wrong.…`; nothing of the value is kept."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True, slots=True)
class Kind:
    """How a field's value is read: stands among the field's annotations, so that no setting is without bounds."""

    right: Sentence
    read: Callable[[Any], Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Before pydantic's own judgment of the type; None is «not set»."""
        return core_schema.no_info_before_validator_function(self._of, handler(source))

    def _of(self, value: Any) -> Any:
        if value is None:
            return None
        said = value.get_secret_value() if isinstance(value, SecretStr) else value
        if isinstance(said, str) and has_control_characters(said):
            raise WrongValueError("control")
        return self.read(said)


def duration(least: str, most: str, example: str) -> Kind:
    """ISO 8601, both bounds inclusive."""
    low, high = _DURATION.validate_python(least), _DURATION.validate_python(most)
    facts = {"least": least, "most": most, "example": example}
    return Kind(right("duration", facts), lambda value: _within(_duration(value), low, high))


def whole(least: int, most: int) -> Kind:
    """A whole number, both bounds inclusive."""

    def read(value: Any) -> int:
        try:
            return _within(int(value), least, most)
        except (TypeError, OverflowError, ValueError) as unreadable:
            raise _as_wrong(unreadable) from None

    return Kind(right("number", {"least": str(least), "most": str(most)}), read)


def number(least: float, most: float) -> Kind:
    """A number, both bounds inclusive; NaN is none."""

    def read(value: Any) -> float:
        try:
            found = float(value)
        except (TypeError, ValueError):
            raise WrongValueError("unreadable") from None
        if math.isnan(found):
            raise WrongValueError("unreadable")
        return _within(found, least, most)

    return Kind(right("number", {"least": f"{least:g}", "most": f"{most:g}"}), read)


def choice(*answers: str) -> Kind:
    """One of these words."""
    return Kind(right("choice", {"answers": ", ".join(answers)}), lambda value: _member(str(value), answers))


def yes_or_no() -> Kind:
    """«true» or «false», as pydantic reads them."""
    return Kind(right("choice", {"answers": "true, false"}), lambda value: value)


def words(longest: int = 200) -> Kind:
    """One line for people."""
    return Kind(
        right("words", {"most": str(longest)}), lambda value: _matching(value, re.compile(rf"(?=.*\S).{{1,{longest}}}"))
    )


def checked_together(kind: str) -> Kind:
    """One line; what else it must be is judged in `together`."""
    return Kind(right(kind), str)


def folder() -> Kind:
    """Where it lies is judged before anything is read in it (`given.folder_of`)."""
    return Kind(right("folder"), lambda value: value)


def matching(kind: str, pattern: str) -> Kind:
    """Words of one form; `kind` is the end of a key `settings.right.…`."""
    return Kind(right(kind), lambda value: _matching(value, re.compile(pattern)))


def secret(least: int) -> Kind:
    """A key of at least so many bytes, blanks at its ends not counted."""

    def read(value: Any) -> str:
        if len(str(value).strip().encode()) < least:
            raise WrongValueError("short")
        return str(value)

    return Kind(right("secret", {"least": str(least)}), read)


def zone() -> Kind:
    """A name of the zone database: a folder of it or a path outside is none."""

    def read(value: Any) -> ZoneInfo:
        try:
            return value if isinstance(value, ZoneInfo) else ZoneInfo(str(value))
        except (OSError, LookupError, ValueError):
            raise WrongValueError("zone") from None

    return Kind(right("zone"), read)


def clock() -> Kind:
    """The school's wall clock."""
    return Kind(right("clock"), lambda value: value if isinstance(value, time) else _clock(str(value)))


def quiet() -> Kind:
    """«21:00-07:00», or «none» where the school keeps no quiet hours (None)."""

    def read(value: Any) -> Any:
        if isinstance(value, str):
            if value.strip().lower() == "none":
                return None
            found = _HOURS.fullmatch(value.strip())
            if found is None:
                raise WrongValueError("unreadable")
            value = _clock(found[1]), _clock(found[2])
        if value[0] == value[1]:
            raise WrongValueError("empty")
        return value

    return Kind(right("quiet"), read)


def thresholds() -> Kind:
    """«2.6,3.6,4.6»: exact decimals, since 4.60 must be a 5 (Q42)."""

    def read(value: Any) -> Any:
        try:
            found = tuple(Decimal(part) for part in value.split(",")) if isinstance(value, str) else tuple(value)
        except InvalidOperation:
            raise WrongValueError("unreadable") from None
        if len(found) != 3 or not all(each.is_finite() for each in found):  # noqa: PLR2004  # for 3, 4 and 5
            raise WrongValueError("unreadable")
        if not found[0] < found[1] < found[2]:
            raise WrongValueError("order")
        return tuple(_within(each, LOWEST, HIGHEST) for each in found)

    return Kind(right("thresholds"), read)


def listen() -> Kind:
    """HOST:PORT of this machine; an IPv6 address in brackets."""

    def read(value: Any) -> str:
        host, _, port = str(value).rpartition(":")
        _host(host)
        _port(port)
        return str(value)

    return Kind(right("listen"), read)


def host_and_port(place: str) -> tuple[str, int]:
    """The parts of what `listen` has taken, as a socket wants them."""
    host, _, port = place.rpartition(":")
    return host.strip("[]"), int(port)


def http_url() -> Kind:
    """Where somebody is asked over HTTP; what follows `?` is ours to add."""

    def read(value: Any) -> str:
        try:
            parts = urlsplit(str(value))
        except ValueError:
            raise WrongValueError("unreadable") from None
        _member(parts.scheme, ("http", "https"), "scheme")
        if parts.query or parts.fragment:
            raise WrongValueError("unreadable")
        _, at, place = parts.netloc.rpartition("@")
        _place(place)
        if at:
            raise WrongValueError("login")
        return str(value)

    return Kind(right("http"), read)


def database_url() -> Kind:
    """A file or a server; a database in memory would forget the school."""

    def read(value: Any) -> str:
        found = _DATABASE.fullmatch(str(value))
        if found is None:
            raise WrongValueError("unreadable")
        _member(found["scheme"], LITE | SERVERS, "scheme")
        if found["port"] is not None:
            _port(found["port"])
        if not (found["database"] or "").strip("/") or found["database"] == ":memory:":
            raise WrongValueError("database")
        if found["scheme"] in LITE and found["host"]:
            raise WrongValueError("slashes")
        return str(value)

    return Kind(right("database"), read)


def leads() -> Kind:
    """JSON: channel → the time that it needs, under a day."""

    def read(value: Any) -> dict[str, timedelta]:
        named = _object(value, known_channels(), "channel")
        return {name: _within(_duration(lead), timedelta(0), timedelta(hours=23)) for name, lead in named.items()}

    return Kind(right("leads"), read)


def waits() -> Kind:
    """JSON: kind of notice, or `others` → how long its ways may go without evidence; results have their own term."""
    kinds = [*(kind.value for kind in NoticeKind if kind not in ALWAYS_SENT), OTHERS]

    def read(value: Any) -> dict[str, timedelta]:
        least, most = timedelta(minutes=5), timedelta(days=3)
        named = _object(value, kinds, "notice")
        return {name: _within(_duration(wait), least, most) for name, wait in named.items()}

    return Kind(right("waits", {"kinds": ", ".join(kinds)}), read)


def closes() -> Kind:
    """JSON: channel → the evidence that closes an obligation, one that the channel can give."""

    def read(value: Any) -> dict[str, Status]:
        return {
            name: Status(_member(str(status), GIVES.get(name, GIVES_AT_MOST), "evidence"))
            for name, status in _object(value, known_channels(), "channel").items()
        }

    given = "; ".join(f"{name}: {', '.join(sorted(statuses))}" for name, statuses in sorted(GIVES.items()))
    return Kind(right("closes", {"given": given}), read)


def _object(value: Any, names: Collection[str], what: str) -> dict[str, Any]:
    """A JSON object with some of these names, each once; `what` says what any other is."""
    if isinstance(value, str):
        try:
            value = json.loads(value, object_pairs_hook=_once)
        except (ValueError, RecursionError) as unreadable:
            raise _as_wrong(unreadable, "json") from None
    if not isinstance(value, dict):
        raise WrongValueError("json")
    if not value.keys() <= set(names):
        raise WrongValueError(what)
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise WrongValueError("twice")
    return found


def _duration(value: Any) -> timedelta:
    """A bare number is refused: of seconds, minutes or hours nobody could tell."""
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str) or "P" not in value.upper():
        raise WrongValueError("unreadable")
    try:
        return _DURATION.validate_python(value)
    except ValidationError:
        raise WrongValueError("unreadable") from None


def _clock(value: str) -> time:
    if not _CLOCK.fullmatch(value.strip()):
        raise WrongValueError("unreadable")
    try:
        return time.fromisoformat(value.strip().zfill(5))
    except ValueError:
        raise WrongValueError("unreadable") from None


def _within(value: T, least: Any, most: Any) -> T:
    if value < least:
        raise WrongValueError("low")
    if value > most:
        raise WrongValueError("high")
    return value


def _member(value: str, answers: Collection[str], what: str = "choice") -> str:
    if value not in answers:
        raise WrongValueError(what)
    return value


def _matching(value: Any, pattern: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise WrongValueError("form")
    return value


def _place(place: str) -> None:
    host, colon, port = place.rpartition(":") if not place.endswith("]") else (place, "", "")
    _host(host if colon else place)
    if colon:
        _port(port)


def _host(host: str) -> None:
    if not HOST_FORM.fullmatch(host):
        raise WrongValueError("host")


def _port(port: str) -> None:
    if parse_port(port) is None:
        raise WrongValueError("port")


def _as_wrong(error: Exception, what: str = "unreadable") -> WrongValueError:
    return error if isinstance(error, WrongValueError) else WrongValueError(what)
