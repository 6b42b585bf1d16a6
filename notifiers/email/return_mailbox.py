"""The mailbox that mail comes back to, read over IMAP; the one module that speaks imaplib."""

import email
import imaplib
import ssl
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from typing import Any, Self
from urllib.parse import unquote

from core.model.delivery.states import Reason
from core.ports import UnavailableError
from notifiers.peer_url import PeerUrl, WrongUrlError

_FORM = "imaps://USER:PASSWORD@HOST/INBOX"
_STARTTLS = frozenset({"required", "never"})
_REPORTS = ("UNSEEN", "HEADER", "Content-Type", "multipart/report")
_BEGINNING = "(BODY.PEEK[]<0.65536>)"
"""The report stands before the mail that it returns, and looking at it leaves it unseen."""

_AT_ONCE = 100
"""Reports of one look: a mailbox that was left alone for long is worked off in several."""


@dataclass(frozen=True, slots=True)
class Returned:
    """A report in the mailbox: `uid` is the mailbox's own number for it."""

    uid: str
    message: Message


@dataclass(frozen=True, slots=True)
class ReturnMailbox:
    """Where reports of failed deliveries arrive. Its calls wait for the server, so they belong in a thread."""

    host: str
    port: int
    username: str = field(repr=False)
    password: str = field(repr=False)
    folder: str = "INBOX"
    tls: bool = True
    starttls: bool = True
    certificates: str | None = None
    timeout: float = 30.0

    @classmethod
    def of(cls, url: str) -> Self:
        """`imaps://user:password@host:port/FOLDER?starttls=required|never&ca=FILE`.

        `imaps://` is TLS at once; with `imap://` STARTTLS is required unless the URL says never. WrongUrlError says
        what is wrong, never the password.
        """
        peer = PeerUrl.of(url, schemes={"imap", "imaps"}, form=_FORM, options={"starttls", "ca"})
        tls, starttls = peer.scheme == "imaps", peer.one_of("starttls", _STARTTLS, "required")
        folder = unquote(peer.path.strip("/")) or "INBOX"
        if not peer.username or not peer.password:
            raise WrongUrlError("login", _FORM)
        if not folder.isascii() or '"' in folder or "\\" in folder:  # it is sent in quotes
            raise WrongUrlError("folder", _FORM)
        return cls(
            host=peer.host,
            port=peer.port or (993 if tls else 143),
            username=peer.username,
            password=peer.password,
            folder=folder,
            tls=tls,
            starttls=not tls and starttls == "required",
            certificates=peer.options.get("ca"),
        )

    def unseen(self) -> Sequence[Returned]:
        """Reports that nobody has dealt with, the oldest first; letters of people are left alone.

        UnavailableError where the server cannot be reached or refuses.
        """
        with self._opened(readonly=True) as imap:
            uids = _done(imap.uid("SEARCH", *_REPORTS))[0].decode().split()[:_AT_ONCE]
            return [Returned(uid, message) for uid in uids for message in _messages(imap, uid)]

    def mark_seen(self, uids: Collection[str]) -> None:
        """They have been dealt with. UnavailableError as of `unseen`: then they are met again, which does no harm."""
        if uids:
            with self._opened(readonly=False) as imap:
                _done(imap.uid("STORE", ",".join(uids), "+FLAGS.SILENT", r"(\Seen)"))

    @contextmanager
    def _opened(self, *, readonly: bool) -> Iterator[imaplib.IMAP4]:
        with suppress(imaplib.IMAP4.error, OSError), self._connected() as imap:
            if self.starttls:
                imap.starttls(self._trusted())
            imap.login(self.username, self.password)
            _done(imap.select(f'"{self.folder}"', readonly=readonly))
            yield imap
            return
        raise UnavailableError(Reason.CHANNEL_DOWN)  # not in a handler: the server's words may quote the login

    def _connected(self) -> imaplib.IMAP4:
        if self.tls:
            return imaplib.IMAP4_SSL(self.host, self.port, ssl_context=self._trusted(), timeout=self.timeout)
        return imaplib.IMAP4(self.host, self.port, timeout=self.timeout)

    def _trusted(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.certificates)


def _messages(imap: imaplib.IMAP4, uid: str) -> Iterator[Message]:
    """None where it was deleted meanwhile."""
    parts = _done(imap.uid("FETCH", uid, _BEGINNING))
    yield from (email.message_from_bytes(part[1]) for part in parts if isinstance(part, tuple))


def _done(answer: tuple[str, list[Any]]) -> list[Any]:
    """The data of an answer that says OK."""
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(status)
    return data
