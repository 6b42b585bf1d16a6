"""The URL a channel is configured by: where its peer is, the login, and options behind the question mark."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class PeerUrl:
    """The parts of a URL; login and options are decoded."""

    scheme: str
    host: str
    port: int | None
    path: str
    username: str | None = field(repr=False)
    password: str | None = field(repr=False)
    options: Mapping[str, str]

    @classmethod
    def of(cls, url: str, *, schemes: Collection[str], form: str) -> Self:
        """ValueError shows the `form` a URL must have, never the URL itself, since it holds a password."""
        wrong = ValueError(f"The setting must read {form}: more in the README of notifiers.")
        try:
            parts, port = urlsplit(url), urlsplit(url).port
        except ValueError:
            raise wrong from None
        if parts.scheme not in schemes or not parts.hostname:
            raise wrong
        return cls(
            scheme=parts.scheme,
            host=parts.hostname,
            port=port,
            path=parts.path,
            username=None if parts.username is None else unquote(parts.username),
            password=None if parts.password is None else unquote(parts.password),
            options=dict(parse_qsl(parts.query)),
        )
