"""The headers of a mail that hold words: who sends it and what it is about (RFC 5322, 2047)."""

import re
from dataclasses import dataclass
from email.header import Header
from email.headerregistry import Address
from email.policy import EmailPolicy
from typing import Self

from notifiers.peer_url import MAIL_ADDRESS_FORM

_NAMED_ADDRESS = re.compile(r"(?P<name>[^<>]*)<\s*(?P<address>[^<>\s]+)\s*>", re.DOTALL)
_ASCII_NAME = re.compile(r"[A-Za-z0-9 !#$%&'*+/^`{|}~-]*")
"""Names of a mailbox that need no quotes and cannot be taken for an encoded word."""

_LONGEST_LINE = 68
"""Characters behind «From: » in a line of 78, less a blank and the angle brackets."""


@dataclass(frozen=True, slots=True)
class SenderHeader:
    """The school as mail programs show it. The name may hold any character, the address is ASCII."""

    name: str
    address: str

    @classmethod
    def parse(cls, words: str) -> Self:
        """`ADDRESS`, or `NAME <ADDRESS>` with or without quotes around the name; ValueError for anything else."""
        named = _NAMED_ADDRESS.fullmatch(words.strip())
        name, address = (named["name"], named["address"]) if named else ("", words.strip())
        if not MAIL_ADDRESS_FORM.fullmatch(address):
            raise ValueError("A sender is an address, or a name and an address in angle brackets")
        local, _, domain = address.rpartition("@")
        local.encode("ascii")  # UnicodeError is a ValueError
        return cls(_unquoted(" ".join(name.split())), f"{local}@{domain.encode('idna').decode()}")

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]

    @property
    def mailbox(self) -> Address:
        """For the header From: the library quotes the name."""
        return Address(self.name, addr_spec=self.address)


class WordHeaderPolicy(EmailPolicy):
    """Encodes From and Subject whole, keeps List-Unsubscribe as it is; other headers as the standard library does.

    Its own folding loses blanks between encoded words and the quotes of a name (CPython issues 92081 and 121284, both
    in releases that we support), and it encodes an address that is longer than a line, so that no mail program can
    follow it (RFC 2369 allows no encoded words there; RFC 5322 allows lines of 998 characters).
    """

    def fold(self, name: str, value: object) -> str:
        """One header with its line ends."""
        match name:
            case "Subject":
                return f"{name}: {_encoded(str(value), name)}\r\n"
            case "From":
                return f"{name}: {_encoded_sender(SenderHeader.parse(str(value)))}\r\n"
            case "List-Unsubscribe":
                return f"{name}: {value}\r\n"
            case _:
                return str(super().fold(name, value))  # type: ignore[arg-type]  # the base class names a narrower type

    def fold_binary(self, name: str, value: object) -> bytes:
        """As `fold`."""
        return self.fold(name, value).encode("ascii")


def _unquoted(name: str) -> str:
    if len(name) > 1 and name[0] == name[-1] == '"':
        return re.sub(r"\\(.)", r"\1", name[1:-1])
    return name


def _encoded(words: str, header: str) -> str:
    """ASCII as it is; everything else in encoded words of 75 characters at most, the blanks inside them."""
    charset = "us-ascii" if words.isascii() else "utf-8"
    return Header(words, charset, header_name=header).encode(linesep="\r\n")


def _encoded_sender(sender: SenderHeader) -> str:
    if not sender.name:
        return sender.address
    is_plain = _ASCII_NAME.fullmatch(sender.name) and "=?" not in sender.name
    name = sender.name if is_plain else Header(sender.name, "utf-8", header_name="From").encode(linesep="\r\n")
    separator = " " if len(name) + len(sender.address) < _LONGEST_LINE else "\r\n "
    return f"{name}{separator}<{sender.address}>"
