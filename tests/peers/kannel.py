"""A private Kannel (bearerbox and smsbox) with two networks behind it: willing phones, and an unwilling operator.

What experiments with Kannel 1.4.5 showed:

- Its own `fakesmsc` prints each message it gets as `Got message N: <FROM TO ucs-2 DATA>`, where DATA is UTF-16BE in URL
  encoding; a part of a long message is `<FROM TO udh UDH data DATA>`, UDH ending in reference, total and number of the
  part. A sender may hold no blank, or the line cannot be split.
- Behind `smsc = fake` the gateway reports DLR 8 (accepted by the network) and DLR 1 (delivered), 1 sometimes first; a
  long message is reported for one of its parts only. It can never report a failure, hence the second network.
- The second network is Kannel's `smsc = http` in front of a few lines of this module: numbers in `REFUSED` are rejected
  at once (DLR 16), numbers in `UNDELIVERED` are accepted (DLR 8) and then reported as failed (DLR 2).
"""

import asyncio
import os
import re
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from urllib.error import URLError
from urllib.parse import parse_qsl, unquote_to_bytes, urlencode, urlsplit

import pytest

from tests.peers import processes

REFUSED = "+7999404"
UNDELIVERED = "+7999405"
CONFIGURATION = Template(Path(__file__).with_name("kannel.conf").read_text())
PORTS = ("ADMIN", "BOXES", "PHONES", "RECEIPTS", "SENDSMS")
ARRIVED = re.compile(
    r"Got message \d+: <(?P<sender>\S*) (?P<number>\S+) (?:udh (?P<udh>\S+) )?(?P<coding>\S+) (?P<data>.*)>"
)


@dataclass(frozen=True, slots=True)
class Sms:
    """What lies on the phone, its parts put together."""

    sender: str
    number: str
    text: str
    parts: int


@dataclass(frozen=True, slots=True)
class Kannel:
    """`url` is where `sendsms` answers; `messages` and `arrival` look at the phones."""

    url: str
    username: str
    password: str
    _phones: Path

    def messages(self, number: str) -> list[Sms]:
        """The whole messages a phone has got, oldest first; one that still lacks a part is not among them."""
        arrived = [part for part in ARRIVED.finditer(self._phones.read_text()) if part["number"] == number]
        whole: dict[int, Sms] = {}
        long: dict[int, dict[int, re.Match[str]]] = {}
        for place, part in enumerate(arrived):
            reference, total, position = _decoded(part["udh"])[-3:] if part["udh"] else (-1 - place, 1, 1)
            parts = long.setdefault(reference, {})
            parts[position] = part
            if len(parts) == total:
                text = "".join(_text(parts[each]) for each in sorted(long.pop(reference)))
                whole[place] = Sms(part["sender"], number, text, total)
        return list(whole.values())

    def clear(self) -> None:
        os.truncate(self._phones, 0)

    async def arrival(self, number: str, *, count: int = 1) -> list[Sms]:
        """The messages on a phone as soon as it has `count` of them; TimeoutError after five seconds."""
        async with asyncio.timeout(5):
            while len(messages := self.messages(number)) < count:
                await asyncio.sleep(0.02)
        return messages


def _decoded(quoted: str) -> bytes:
    return unquote_to_bytes(quoted.replace("+", " "))


def _text(part: re.Match[str]) -> str:
    return part["data"] if part["coding"] == "text" else _decoded(part["data"]).decode("utf-16-be")


class _Operator(BaseHTTPRequestHandler):
    """Speaks the gateway's own dialect: rejects a number, or accepts it and soon reports that delivery failed."""

    receipts: int

    def do_GET(self) -> None:
        query = dict(parse_qsl(urlsplit(self.path).query, errors="replace"))
        refused = query["to"].startswith(REFUSED)
        if not refused:
            threading.Timer(0.1, self.report_failure, [query]).start()
        body = b"4: Rejected" if refused else b"0: Accepted for delivery"
        self.send_response(403 if refused else 202)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def report_failure(self, query: dict[str, str]) -> None:
        message = re.search(r"dlr-mid=([\w-]+)", query["dlr-url"])
        receipt = {"dlr-mask": "2", "dlr-mid": message[1] if message else "", "from": query["from"], "to": query["to"]}
        login = {"username": "operator", "password": "operator", "text": ""}
        with urllib.request.urlopen(f"http://127.0.0.1:{self.receipts}/?{urlencode(login | receipt)}"):
            pass

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the signature of http.server
        """Say nothing: the gateway's log tells it all."""


@contextmanager
def unwilling_operator(*, receipts: int) -> Iterator[int]:
    handler = type("Operator", (_Operator,), {"receipts": receipts})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def _status(port: int) -> str:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/status.txt?password=status") as answer:
            return str(answer.read().decode())
    except URLError:
        return ""


@pytest.fixture
def kannel(running_kannel: Kannel) -> Kannel:
    """Kannel in front of phones without messages."""
    running_kannel.clear()
    return running_kannel


@pytest.fixture(scope="session")
def running_kannel() -> Iterator[Kannel]:
    bearerbox, smsbox = (processes.program(name, package="kannel") for name in ("bearerbox", "smsbox"))
    fakesmsc = processes.program("fakesmsc", package="kannel-extras")
    ports = dict(zip(PORTS, processes.free_ports(len(PORTS)), strict=True))
    with ExitStack() as stack:
        home = stack.enter_context(processes.folder("kannel"))
        operator = stack.enter_context(unwilling_operator(receipts=ports["RECEIPTS"]))
        unwilling = f"{REFUSED};{UNDELIVERED}"
        configuration, log, phones = home / "kannel.conf", home / "log", home / "phones"
        configuration.write_text(CONFIGURATION.substitute(ports, DIR=home, OPERATOR=operator, UNWILLING=unwilling))
        (home / "spool").mkdir()
        stack.enter_context(processes.running(bearerbox, configuration, log=log))
        processes.wait_until(lambda: "running" in _status(ports["ADMIN"]), what="Kannel's bearerbox", log=log)
        listen = ["-H", "127.0.0.1", "-r", str(ports["PHONES"]), "-m", "0", "1 1 text none"]
        stack.enter_context(processes.running(fakesmsc, *listen, log=phones))
        stack.enter_context(processes.running(smsbox, configuration, log=log))
        online = f"FAKE:{ports['PHONES']} (online"
        processes.wait_until(lambda: online in _status(ports["ADMIN"]), what="Kannel's phones", log=log)
        processes.wait_until(lambda: processes.listens(ports["SENDSMS"]), what="Kannel's smsbox", log=log)
        yield Kannel(f"http://127.0.0.1:{ports['SENDSMS']}/cgi-bin/sendsms", "school", "secret", phones)
