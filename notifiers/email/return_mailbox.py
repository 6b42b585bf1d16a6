"""The mailbox for bounces, read over IMAP; the only module that imports imaplib."""

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
from core.ports import UnavailableError, UnencryptedError
from notifiers.email.replies import SUBJECT_MARK
from notifiers.peer_url import PeerUrl, WrongUrlError

_URL_FORM = "imaps://USER:PASSWORD@HOST/INBOX"
_STARTTLS = frozenset({"required", "never"})
_SEARCH = (
    "UNSEEN",
    f'OR HEADER Subject "{SUBJECT_MARK}"',
    'OR HEADER Content-Type "multipart/report" (HEADER To "+" HEADER To "=")',
)
"""Answers of families, reports, and what came to a return address (`bounce+KEY=SEAL@`): some report in plain words."""

_FETCH_BEGINNING = "(BODY.PEEK[]<0.65536>)"
"""The first 64 KiB: the report comes before the returned mail. PEEK leaves the message unseen."""

_MOST_REPORTS = 100
"""Reports read in one pass; the next pass takes the rest."""


@dataclass(frozen=True, slots=True)
class ReturnedMail:
    """Mail that may be a delivery report or an answer; `uid` is its IMAP number."""

    uid: str
    message: Message


@dataclass(frozen=True, slots=True)
class ReturnMailbox:
    """Where reports of failed deliveries arrive. Its methods block, so they must run in a thread."""

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
    def from_url(cls, url: str) -> Self:
        """`imaps://user:password@host:port/FOLDER?starttls=required|never&ca=FILE`.

        `imaps://` uses TLS from the start; `imap://` requires STARTTLS unless the URL says never. WrongUrlError says
        what is wrong, never the password.
        """
        peer = PeerUrl.parse(url, schemes={"imap", "imaps"}, form=_URL_FORM, options={"starttls", "ca"})
        tls, starttls = peer.scheme == "imaps", peer.choice("starttls", _STARTTLS, "required")
        folder = unquote(peer.path.strip("/")) or "INBOX"
        if not peer.username or not peer.password:
            raise WrongUrlError("login", _URL_FORM)
        if not folder.isascii() or '"' in folder or "\\" in folder:  # it is sent as a quoted string
            raise WrongUrlError("folder", _URL_FORM)
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

    def require_open(self) -> None:
        """Logs in, opens the folder and reads nothing. UnavailableError where the server does not let us."""
        with self._open_folder(readonly=True):
            pass

    def unseen_mail(self) -> Sequence[ReturnedMail]:
        """Unprocessed mail that may be a report or an answer, the oldest first; people read what is not marked as seen.

        UnavailableError where the server cannot be reached or refuses.
        """
        with self._open_folder(readonly=True) as imap:
            uids = _ok_data(imap.uid("SEARCH", *_SEARCH))[0].decode().split()[:_MOST_REPORTS]
            return [ReturnedMail(uid, message) for uid in uids for message in _fetch_message(imap, uid)]

    def mark_seen(self, uids: Collection[str]) -> None:
        """Marks reports as processed. UnavailableError as above: they are then read again, which does no harm."""
        if uids:
            with self._open_folder(readonly=False) as imap:
                _ok_data(imap.uid("STORE", ",".join(uids), "+FLAGS.SILENT", r"(\Seen)"))

    @contextmanager
    def _open_folder(self, *, readonly: bool) -> Iterator[imaplib.IMAP4]:
        with suppress(imaplib.IMAP4.error, OSError), self._connect() as imap:
            if self.starttls:
                _require_starttls(imap)
                imap.starttls(self._tls_context())
            imap.login(self.username, self.password)
            _ok_data(imap.select(f'"{self.folder}"', readonly=readonly))
            yield imap
            return
        raise UnavailableError(Reason.CHANNEL_DOWN)  # outside the suppressed block: a chained error may quote the login

    def _connect(self) -> imaplib.IMAP4:
        if self.tls:
            return imaplib.IMAP4_SSL(self.host, self.port, ssl_context=self._tls_context(), timeout=self.timeout)
        return imaplib.IMAP4(self.host, self.port, timeout=self.timeout)

    def _tls_context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.certificates)


def _require_starttls(imap: imaplib.IMAP4) -> None:
    """UnencryptedError where the server does not offer STARTTLS."""
    if "STARTTLS" not in imap.capabilities:
        raise UnencryptedError


def _fetch_message(imap: imaplib.IMAP4, uid: str) -> Iterator[Message]:
    """The message, or nothing where it was deleted meanwhile."""
    parts = _ok_data(imap.uid("FETCH", uid, _FETCH_BEGINNING))
    yield from (email.message_from_bytes(part[1]) for part in parts if isinstance(part, tuple))


def _ok_data(answer: tuple[str, list[Any]]) -> list[Any]:
    """The data of an OK answer; imaplib returns NO as a value, so it is raised here."""
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(status)
    return data
