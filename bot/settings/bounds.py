"""Kinds of setting values: each parses, checks its bounds, and describes right values."""

import json
import math
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from pydantic import GetCoreSchemaHandler, SecretStr, TypeAdapter, ValidationError
from pydantic_core import CoreSchema, core_schema

from bot.imports.dates import read_date_cell
from bot.settings.errors import SettingsErrorSentence, right_values
from core.model.delivery.states import Status
from core.model.notices.kinds import ALWAYS_SENT, NoticeKind
from core.rules.delivery.timing import OTHERS
from notifiers.discovery import discovered_channel_names, discovered_channels
from notifiers.peer_url import HOST_FORM, has_peer_url_controls, parse_peer_url_port

_HOURS = re.compile(r"(\d{1,2}:\d{2})\s*[-–]\s*(\d{1,2}:\d{2})")
_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_DATABASE = re.compile(
    r"(?P<scheme>[a-z+0-9]+)://(?:[^:/?@]*(?::[^@]*)?@)?(?:(?P<host>\[[^\]/]+\]|[^:/?\[\]]*)(?::(?P<port>[^/?]*))?)?"
    r"(?:/(?P<database>[^?]*))?(?:\?(?P<options>.*))?"
)
_DURATION = TypeAdapter(timedelta)
T = TypeVar("T")
SQLITE_SCHEMES = frozenset({"sqlite", "sqlite+aiosqlite"})
SERVER_SCHEMES = frozenset({"postgresql", "postgres", "postgresql+asyncpg"})
SERVER_OPTIONS = frozenset({"host", "port", "ssl", "sslmode", "passfile"})
TLS_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
"""Values of `ssl`, or of libpq's name for it, `sslmode`."""

LOWEST, HIGHEST = Decimal(2), Decimal(5)


class WrongValueError(ValueError):
    """A wrong value; `what` is the end of a key `settings.wrong.…`. The value itself is not kept."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True, slots=True)
class ValueKind:
    """How a value is parsed. It stands in the annotation of each field, so that no setting is without bounds."""

    right: SettingsErrorSentence
    read: Callable[[Any], Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Runs before pydantic's own validation of the type; None means "not set"."""
        return core_schema.no_info_before_validator_function(self._of, handler(source))

    def _of(self, value: Any) -> Any:
        if value is None:
            return None
        said = value.get_secret_value() if isinstance(value, SecretStr) else value
        if isinstance(said, str) and has_peer_url_controls(said):
            raise WrongValueError("control")
        return self.read(said)


def duration_bounds(least: str, most: str, example: str) -> ValueKind:
    """A duration in ISO 8601, both bounds inclusive."""
    low, high = _DURATION.validate_python(least), _DURATION.validate_python(most)
    facts = {"least": least, "most": most, "example": example}
    return ValueKind(right_values("duration", facts), lambda value: _require_range(_parse_duration(value), low, high))


def whole_number_bounds(least: int, most: int) -> ValueKind:
    """A whole number, both bounds inclusive."""

    def read(value: Any) -> int:
        try:
            return _require_range(int(value), least, most)
        except (TypeError, OverflowError, ValueError) as unreadable:
            raise _wrong_value(unreadable) from None

    return ValueKind(right_values("number", {"least": str(least), "most": str(most)}), read)


def number_bounds(least: float, most: float) -> ValueKind:
    """A number, both bounds inclusive; NaN is refused."""

    def read(value: Any) -> float:
        try:
            found = float(value)
        except (TypeError, ValueError):
            raise WrongValueError("unreadable") from None
        if math.isnan(found):
            raise WrongValueError("unreadable")
        return _require_range(found, least, most)

    return ValueKind(right_values("number", {"least": f"{least:g}", "most": f"{most:g}"}), read)


def choice_bounds(*answers: str) -> ValueKind:
    """One of these words."""
    return ValueKind(
        right_values("choice", {"answers": ", ".join(answers)}), lambda value: _require_member(str(value), answers)
    )


def yes_or_no_bounds() -> ValueKind:
    """«true» or «false», as pydantic reads them."""
    return ValueKind(right_values("choice", {"answers": "true, false"}), lambda value: value)


def one_line_bounds(longest: int = 200) -> ValueKind:
    """One line of text."""
    return ValueKind(
        right_values("words", {"most": str(longest)}),
        lambda value: _require_match(value, re.compile(rf"(?=.*\S).{{1,{longest}}}")),
    )


def cross_checked_bounds(kind: str) -> ValueKind:
    """One line, which `cross_checks` checks further."""
    return ValueKind(right_values(kind), str)


def folder_bounds() -> ValueKind:
    """A folder; `sources.folder_of` checks it before anything is read in it."""
    return ValueKind(right_values("folder"), lambda value: value)


def text_bounds(kind: str, pattern: str) -> ValueKind:
    """A text that matches a pattern; `kind` is the end of a key `settings.right.…`."""
    return ValueKind(right_values(kind), lambda value: _require_match(value, re.compile(pattern)))


def secret_bounds(least: int) -> ValueKind:
    """A key of at least `least` bytes, without blanks at its ends."""

    def read(value: Any) -> str:
        if len(str(value).strip().encode()) < least:
            raise WrongValueError("short")
        return str(value)

    return ValueKind(right_values("secret", {"least": str(least)}), read)


def zone_bounds() -> ValueKind:
    """A name of the time zone database; a folder of it or a path is refused."""

    def read(value: Any) -> ZoneInfo:
        try:
            return value if isinstance(value, ZoneInfo) else ZoneInfo(str(value))
        except (OSError, LookupError, ValueError):
            raise WrongValueError("zone") from None

    return ValueKind(right_values("zone"), read)


def time_of_day_bounds() -> ValueKind:
    """A time of day, HH:MM."""
    return ValueKind(right_values("clock"), lambda value: value if isinstance(value, time) else _parse_time(str(value)))


def school_day_bounds() -> ValueKind:
    """A date of a school, as tables write it: YYYY-MM-DD or DD.MM.YYYY."""
    return ValueKind(right_values("school_day"), lambda value: value if isinstance(value, date) else _parse_day(value))


def quiet_hours_bounds() -> ValueKind:
    """«21:00-07:00», or «none» where the school keeps no quiet hours (None)."""

    def read(value: Any) -> Any:
        if isinstance(value, str):
            if value.strip().lower() == "none":
                return None
            found = _HOURS.fullmatch(value.strip())
            if found is None:
                raise WrongValueError("unreadable")
            value = _parse_time(found[1]), _parse_time(found[2])
        if value[0] == value[1]:
            raise WrongValueError("empty")
        return value

    return ValueKind(right_values("quiet"), read)


def thresholds_bounds() -> ValueKind:
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
        return tuple(_require_range(each, LOWEST, HIGHEST) for each in found)

    return ValueKind(right_values("thresholds"), read)


def listen_bounds() -> ValueKind:
    """HOST:PORT of this machine; an IPv6 address in brackets."""

    def read(value: Any) -> str:
        host, _, port = str(value).rpartition(":")
        _require_host(host)
        _require_port(port)
        return str(value)

    return ValueKind(right_values("listen"), read)


def split_listen_setting(place: str) -> tuple[str, int]:
    """Host and port of a value of `listen`, without the brackets of IPv6."""
    host, _, port = place.rpartition(":")
    return host.strip("[]"), int(port)


def http_url_bounds() -> ValueKind:
    """An HTTP URL without login and query, since Vestnik appends its own query."""

    def read(value: Any) -> str:
        try:
            parts = urlsplit(str(value))
        except ValueError:
            raise WrongValueError("unreadable") from None
        _require_member(parts.scheme, ("http", "https"), "scheme")
        if parts.query or parts.fragment:
            raise WrongValueError("unreadable")
        _, at, place = parts.netloc.rpartition("@")
        _require_host_and_port(place)
        if at:
            raise WrongValueError("login")
        return str(value)

    return ValueKind(right_values("http"), read)


def database_url_bounds() -> ValueKind:
    """A database file or server; a database in memory is refused, since it is lost at exit."""

    def read(value: Any) -> str:
        found = _DATABASE.fullmatch(str(value))
        if found is None:
            raise WrongValueError("unreadable")
        _require_member(found["scheme"], SQLITE_SCHEMES | SERVER_SCHEMES, "scheme")
        if found["port"] is not None:
            _require_port(found["port"])
        if not (found["database"] or "").strip("/") or found["database"] == ":memory:":
            raise WrongValueError("database")
        if found["scheme"] in SQLITE_SCHEMES and found["host"]:
            raise WrongValueError("slashes")
        _require_options(found["options"] or "", SERVER_OPTIONS if found["scheme"] in SERVER_SCHEMES else ())
        return str(value)

    return ValueKind(right_values("database"), read)


def _require_options(query: str, known: Collection[str]) -> None:
    """The database driver fails at an option that it does not know."""
    for name, value in parse_qsl(query, keep_blank_values=True):
        _require_member(name, known, "option")
        if name in {"ssl", "sslmode"}:
            _require_member(value, TLS_MODES, "tls")
        if name == "port":
            _require_port(value)


def lead_times_bounds() -> ValueKind:
    """JSON: channel → the time that it needs before a deadline, under a day."""

    def read(value: Any) -> dict[str, timedelta]:
        named = json_object_in_bounds(value, discovered_channel_names(), "channel")
        return {
            name: _require_range(_parse_duration(lead), timedelta(0), timedelta(hours=23))
            for name, lead in named.items()
        }

    return ValueKind(right_values("leads"), read)


def waiting_times_bounds() -> ValueKind:
    """JSON: kind of notice, or `others` → how long a channel may give no evidence; results have R6's term."""
    kinds = [*(kind.value for kind in NoticeKind if kind not in ALWAYS_SENT), OTHERS]

    def read(value: Any) -> dict[str, timedelta]:
        least, most = timedelta(minutes=5), timedelta(days=3)
        named = json_object_in_bounds(value, kinds, "notice")
        return {name: _require_range(_parse_duration(wait), least, most) for name, wait in named.items()}

    return ValueKind(right_values("waits", {"kinds": ", ".join(kinds)}), read)


def closing_statuses_bounds() -> ValueKind:
    """JSON: channel → the status that closes an obligation; the channel must be able to give it."""

    def read(value: Any) -> dict[str, Status]:
        channels = discovered_channels()
        return {
            name: Status(_require_member(str(status), channels[name].gives, "evidence"))
            for name, status in json_object_in_bounds(value, channels, "channel").items()
        }

    given = "; ".join(f"{name}: {', '.join(sorted(own.gives))}" for name, own in sorted(discovered_channels().items()))
    return ValueKind(right_values("closes", {"given": given}), read)


def json_object_in_bounds(value: Any, names: Collection[str], what: str) -> dict[str, Any]:
    """A JSON object whose keys are among `names`, each once; `what` is the fault of any other key."""
    if isinstance(value, str):
        try:
            value = json.loads(value, object_pairs_hook=_unique_keys)
        except (ValueError, RecursionError) as unreadable:
            raise _wrong_value(unreadable, "json") from None
    if not isinstance(value, dict):
        raise WrongValueError("json")
    if not value.keys() <= set(names):
        raise WrongValueError(what)
    return value


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise WrongValueError("twice")
    return found


def _parse_duration(value: Any) -> timedelta:
    """A duration; a bare number is refused, since its unit is unknown."""
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str) or "P" not in value.upper():
        raise WrongValueError("unreadable")
    try:
        return _DURATION.validate_python(value)
    except ValidationError:
        raise WrongValueError("unreadable") from None


def _parse_time(value: str) -> time:
    if not _CLOCK.fullmatch(value.strip()):
        raise WrongValueError("unreadable")
    try:
        return time.fromisoformat(value.strip().zfill(5))
    except ValueError:
        raise WrongValueError("unreadable") from None


def _parse_day(value: object) -> date:
    if (day := read_date_cell(str(value))) is None:
        raise WrongValueError("unreadable")
    return day


def _require_range(value: T, least: Any, most: Any) -> T:
    if value < least:
        raise WrongValueError("low")
    if value > most:
        raise WrongValueError("high")
    return value


def _require_member(value: str, answers: Collection[str], what: str = "choice") -> str:
    if value not in answers:
        raise WrongValueError(what)
    return value


def _require_match(value: Any, pattern: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise WrongValueError("form")
    return value


def _require_host_and_port(place: str) -> None:
    host, colon, port = place.rpartition(":") if not place.endswith("]") else (place, "", "")
    _require_host(host if colon else place)
    if colon:
        _require_port(port)


def _require_host(host: str) -> None:
    if not HOST_FORM.fullmatch(host):
        raise WrongValueError("host")


def _require_port(port: str) -> None:
    if parse_peer_url_port(port) is None:
        raise WrongValueError("port")


def _wrong_value(error: Exception, what: str = "unreadable") -> WrongValueError:
    return error if isinstance(error, WrongValueError) else WrongValueError(what)
