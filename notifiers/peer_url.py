"""The URL that configures a channel: the peer's host and port, the login, and options in the query string."""

import ipaddress
import re
import ssl
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit

from core.rules.characters import first_forbidden_character

HOST_FORM = re.compile(r"[A-Za-zА-Яа-яЁё0-9_]([\w.-]*\w)?|\[[0-9A-Fa-f:.]+\]")
"""A name, an IPv4 address, or an IPv6 address in brackets."""

MAIL_ADDRESS_FORM = re.compile(r"[^\s<>\"(),:;@\[\\\]]+@\w([\w.-]*\w)?")
"""A mail address of the school; its domain may be a name of an internal network."""

LARGEST_PORT = 65535


class WrongUrlError(ValueError):
    """Shows the form that the URL must have, never the URL itself, since it holds a password.

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
    def parse(cls, url: str, *, schemes: Collection[str], form: str, options: Collection[str] | None = None) -> Self:
        """Parses a URL and checks scheme, host, port and the names of its options. WrongUrlError."""
        if has_peer_url_controls(url) or has_peer_url_controls(
            unquote(url)
        ):  # before urlsplit, which silently removes line breaks
            raise WrongUrlError("control", form)
        try:
            parts = urlsplit(url)
            host, pairs = parts.hostname, parse_qsl(parts.query, keep_blank_values=True)
        except ValueError:
            raise WrongUrlError("host", form) from None
        if parts.scheme not in schemes:
            raise WrongUrlError("scheme", form)
        if not host or not HOST_FORM.fullmatch(f"[{host}]" if ":" in host else host):
            raise WrongUrlError("host", form)
        if options is not None and not dict(pairs).keys() <= set(options):
            raise WrongUrlError("option", form)
        return cls(
            scheme=parts.scheme,
            host=host,
            port=_port_of_netloc(parts.netloc, form),
            path=parts.path,
            username=None if parts.username is None else unquote(parts.username),
            password=None if parts.password is None else unquote(parts.password),
            options=dict(pairs),
            form=form,
        )

    def require_login_or_none(self) -> None:
        """Requires username and password together, or neither. WrongUrlError."""
        if bool(self.username) is not bool(self.password):
            raise WrongUrlError("login", self.form)

    def choice(self, option: str, values: Collection[str], default: str) -> str:
        """The value of an option that takes certain words only. WrongUrlError."""
        value = self.options.get(option, default)
        if value not in values:
            raise WrongUrlError(option, self.form)
        return value


def is_peer_url_loopback(host: str) -> bool:
    """True for this machine, by name or by number."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def require_peer_url_certificates(file: str | None) -> None:
    """Reads the file of the option `ca` at start, so that no connection fails because of it later. WrongUrlError."""
    try:
        ssl.create_default_context(cafile=file)
    except OSError:
        raise WrongUrlError("ca", "?ca=FILE") from None


def has_peer_url_controls(text: str) -> bool:
    """True where the text has a line break or another control character: it could inject a header.

    Also for other forbidden characters: bytes of the environment that are no UTF-8 become lone surrogates.
    """
    if first_forbidden_character(text) is not None:
        return True
    return any(unicodedata.category(letter) in {"Cc", "Zl", "Zp"} for letter in text)


def parse_peer_url_port(figures: str) -> int | None:
    """The port, 1 to 65535; None for anything else."""
    is_number = figures.isascii() and figures.isdecimal() and len(figures) <= len(str(LARGEST_PORT))
    return int(figures) if is_number and 0 < int(figures) <= LARGEST_PORT else None


def _port_of_netloc(place: str, form: str) -> int | None:
    """None where the URL names no port."""
    figures = place.rpartition("@")[2].rpartition("]")[2].rpartition(":")
    if not figures[1]:
        return None
    port = parse_peer_url_port(figures[2])
    if port is None:
        raise WrongUrlError("port", form)
    return port
