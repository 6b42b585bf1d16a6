"""The URL a channel is configured by: where its peer is, the login, and options behind the question mark."""

import re
import ssl
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit

HOST = re.compile(r"[A-Za-zА-Яа-яЁё0-9_]([\w.-]*\w)?|\[[0-9A-Fa-f:.]+\]")
"""A name, an IPv4 address, or an IPv6 address in brackets."""

ADDRESS = re.compile(r"[^\s<>\"(),:;@\[\\\]]+@\w([\w.-]*\w)?")
"""A mail address of the school's own: its server may be one of an inner network."""

LAST_PORT = 65535


class WrongUrlError(ValueError):
    """Says the form that the URL must have, never the URL itself, since it holds a password.

    `what` is one of: control, scheme, host, port, login, option, or the name of the option that is wrong.
    """

    def __init__(self, what: str, form: str) -> None:
        super().__init__(f"The setting must read {form}: more in the README of notifiers.")
        self.what = what


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
    form: str = ""

    @classmethod
    def of(cls, url: str, *, schemes: Collection[str], form: str, options: Collection[str] | None = None) -> Self:
        """Checks scheme, host, port, and that every option is one of `options`. WrongUrlError."""
        if has_controls(url) or has_controls(unquote(url)):  # before urlsplit, which drops line breaks in silence
            raise WrongUrlError("control", form)
        try:
            parts = urlsplit(url)
            host, pairs = parts.hostname, parse_qsl(parts.query, keep_blank_values=True)
        except ValueError:
            raise WrongUrlError("host", form) from None
        if parts.scheme not in schemes:
            raise WrongUrlError("scheme", form)
        if not host or not HOST.fullmatch(f"[{host}]" if ":" in host else host):
            raise WrongUrlError("host", form)
        if options is not None and not dict(pairs).keys() <= set(options):
            raise WrongUrlError("option", form)
        return cls(
            scheme=parts.scheme,
            host=host,
            port=_port(parts.netloc, form),
            path=parts.path,
            username=None if parts.username is None else unquote(parts.username),
            password=None if parts.password is None else unquote(parts.password),
            options=dict(pairs),
            form=form,
        )

    def require_login_or_none(self) -> None:
        """A name without its password, or the other way round, is a slip. WrongUrlError."""
        if bool(self.username) is not bool(self.password):
            raise WrongUrlError("login", self.form)

    def one_of(self, option: str, values: Collection[str], default: str) -> str:
        """An option that takes certain words. WrongUrlError."""
        value = self.options.get(option, default)
        if value not in values:
            raise WrongUrlError(option, self.form)
        return value


def require_certificates(file: str | None) -> None:
    """The file of the option `ca` can be read; else the first connection would fail for it. WrongUrlError."""
    try:
        ssl.create_default_context(cafile=file)
    except OSError:
        raise WrongUrlError("ca", "?ca=FILE") from None


def has_controls(text: str) -> bool:
    """Whether it holds a line break or another control character, which would start a header of its own."""
    return any(unicodedata.category(letter) in {"Cc", "Zl", "Zp"} for letter in text)


def port_of(figures: str) -> int | None:
    """1 to 65535; None for anything else."""
    is_number = figures.isascii() and figures.isdecimal() and len(figures) <= len(str(LAST_PORT))
    return int(figures) if is_number and 0 < int(figures) <= LAST_PORT else None


def _port(place: str, form: str) -> int | None:
    """None where the URL names no port."""
    figures = place.rpartition("@")[2].rpartition("]")[2].rpartition(":")
    if not figures[1]:
        return None
    port = port_of(figures[2])
    if port is None:
        raise WrongUrlError("port", form)
    return port
