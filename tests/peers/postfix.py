"""A private mail server: Postfix (STARTTLS and AUTH demanded) delivers, Dovecot checks passwords and shows the mail.

Mailboxes are `MAILBOXES` at example.org, each with plus addresses (`school+anything@`); an unknown recipient is refused
in the SMTP dialogue (550), `later@example.org` is forwarded to a full mailbox and so bounces afterwards. Nothing leaves
the machine.
"""

import asyncio
import email
import imaplib
import os
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from string import Template

import pytest

from tests.peers import processes

MAILBOXES = ("school", "parent", "mother", "father", "student")
BOUNCING = "later@example.org"
UID = 1001  # owns the mailboxes; it needs no entry in the system's list of users


@dataclass(frozen=True, slots=True)
class MailServer:
    host: str
    port: int
    username: str
    password: str
    certificate: Path
    imap_port: int
    _mail: Path

    @property
    def tls(self) -> ssl.SSLContext:
        """A client context that trusts this server and no other."""
        return ssl.create_default_context(cafile=self.certificate)

    def messages(self, mailbox: str) -> list[EmailMessage]:
        """What lies in a mailbox, oldest first, read over IMAP."""
        with imaplib.IMAP4(self.host, self.imap_port) as imap:
            imap.login(mailbox, self.password)
            imap.select(readonly=True)
            numbers = imap.search(None, "ALL")[1][0].decode().split()
            raw = [imap.fetch(number, "(RFC822)")[1][0] for number in numbers]
        return [email.message_from_bytes(part[1], policy=default) for part in raw if isinstance(part, tuple)]

    def clear(self) -> None:
        for mailbox in self._mail.iterdir():
            shutil.rmtree(mailbox)

    async def arrival(self, mailbox: str, *, count: int = 1) -> list[EmailMessage]:
        """The messages of a mailbox as soon as there are `count`; TimeoutError after ten seconds."""
        async with asyncio.timeout(10):
            while len(messages := await asyncio.to_thread(self.messages, mailbox)) < count:
                await asyncio.sleep(0.05)
        return messages


def _prepare(home: Path, ports: dict[str, int]) -> None:
    """The folders and settings of both servers, with the owners that each of them insists on."""
    for name in ("etc", "spool", "data", "mail", "dovecot"):
        (home / name).mkdir()
    os.chown(home / "mail", UID, UID)
    shutil.chown(home / "data", "postfix")
    for name, place in (("main.cf", "etc"), ("master.cf", "etc"), ("dovecot.conf", "dovecot")):
        template = Template(Path(__file__).with_name(name).read_text())
        (home / place / name).write_text(template.substitute(ports, DIR=home, UID=UID))
    (home / "etc/mailboxes").write_text("".join(f"{name}@example.org {name}/\n" for name in MAILBOXES))
    (home / "etc/aliases").write_text(f"{BOUNCING} full@example.net\n")


def _certify(home: Path) -> Path:
    openssl = processes.program("openssl", package="openssl")
    key, certificate = home / "etc/key.pem", home / "etc/cert.pem"
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"]
    usage = ["-addext", "keyUsage=critical,digitalSignature,keyCertSign"]
    files: processes.Command = [openssl, "req", "-x509", "-keyout", key, "-out", certificate]
    subprocess.run([*files, *curve, *names, *usage], check=True, capture_output=True)
    return certificate


@contextmanager
def _postfix(home: Path) -> Iterator[None]:
    """Postfix leaves the caller's process group, so only its own command finds and ends all its processes."""
    command: processes.Command = [processes.program("postfix", package="postfix"), "-c", home / "etc"]
    if subprocess.run([*command, "start"], capture_output=True, check=False).returncode:
        pytest.fail(f"Postfix did not start:\n{(home / 'log').read_text()}")
    try:
        yield
    finally:
        subprocess.run([*command, "abort"], capture_output=True, check=True)


@pytest.fixture
def mail_server(running_mail_server: MailServer) -> MailServer:
    """The mail server with empty mailboxes."""
    running_mail_server.clear()
    return running_mail_server


@pytest.fixture(scope="session")
def running_mail_server() -> Iterator[MailServer]:
    dovecot = processes.program("dovecot", package="dovecot-imapd")
    if os.geteuid() != 0:
        processes.unavailable("postfix changes users: run the tests as root")
    ports = dict(zip(("SMTP", "IMAP"), processes.free_ports(2), strict=True))
    with ExitStack() as stack:
        home = stack.enter_context(processes.folder("mail"))
        _prepare(home, ports)
        certificate = _certify(home)
        stack.enter_context(_postfix(home))
        log = home / "dovecot/output"
        stack.enter_context(processes.running(dovecot, "-F", "-c", home / "dovecot/dovecot.conf", log=log))
        processes.wait_until(lambda: processes.listens(ports["IMAP"]), what="Dovecot", log=log)
        yield MailServer("127.0.0.1", ports["SMTP"], "school", "secret", certificate, ports["IMAP"], home / "mail")
