"""Faults on request: which calls go wrong, how, and how often."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypedDict, Unpack


class FaultKind(StrEnum):
    """Kinds of faults: refusals of the Bot API, then errors of proxies and networks."""

    TOO_MANY_REQUESTS = "too_many_requests"  # 429 with retry_after
    BLOCKED = "blocked"  # 403
    SERVER_ERROR = "server_error"  # 502 in the Bot API's own JSON
    UNAUTHORIZED = "unauthorized"  # 401, the token is not taken
    CONFLICT = "conflict"  # 409, as if another process polled
    REFUSED_CONTENT = "refused_content"  # 400, the text is at fault and not the chat
    MIGRATED = "migrated"  # 400 with migrate_to_chat_id, the chat has another number now
    SLOW = "slow"  # the answer comes, after a delay
    ANSWER_LOST = "answer_lost"  # accepted, then the connection is dropped

    HTML_OK = "html_ok"  # 200 with a page
    HTML_FORBIDDEN = "html_forbidden"  # 403 with a page
    HTML_BAD_GATEWAY = "html_bad_gateway"  # 502 with a page
    EMPTY = "empty"  # 200 with nothing
    CUT = "cut"  # 200 with half of the JSON
    LIST = "list"  # 200 with a bare list
    NOT_OK = "not_ok"  # ok:false in a 200
    WRONG_TYPES = "wrong_types"  # 200 with a result of another type
    HUGE_NUMBERS = "huge_numbers"  # 429 that asks for a wait of 30,000 years
    SILENCE = "silence"  # no answer until the caller gives up
    CLOSED = "closed"  # the connection is dropped before anything happens
    FUTURE_UPDATE = "future_update"  # getUpdates brings an update of a kind that nobody knows yet
    NOT_READY = "not_ready"  # MAX: 400, the attachment is not processed yet
    TWICE = "twice"  # MAX's webhook: the update is delivered twice
    REORDERED = "reordered"  # MAX's webhook: the next update is delivered first
    UNSUBSCRIBED = "unsubscribed"  # MAX: the subscription has ended after hours of failures
    NO_MESSAGE = "no_message"  # MAX: a press whose message is not there any more
    REPLY = "reply"  # mail and SMS: these words instead of the usual ones


class Peer(StrEnum):
    """The peer whose calls fail; each fault names one."""

    BOT_API = "bot_api"
    MAX_API = "max_api"  # methods as "POST /messages", also "webhook" and "press"
    MAIL = "mail"  # methods MAIL, RCPT, DATA
    SMS = "sms"


class Details(TypedDict, total=False):
    """What may be said of a fault beside its kind (see Fault)."""

    peer: Peer
    chat_id: int | None
    method: str | None
    times: int | None
    probability: float
    retry_after: int
    delay: float
    accepted: bool
    reply: str


@dataclass(frozen=True, slots=True)
class SandboxFault:
    """``None`` for a chat, a method or a number of times means any; delays and waits are in seconds.

    ``accepted``: the call is played first, so what it sends arrives although its answer is spoilt. ``reply``: the words
    of a REPLY, for an SMTP stage its line, for the SMS gateway ``STATUS BODY``.
    """

    kind: FaultKind
    peer: Peer = Peer.BOT_API
    chat_id: int | None = None
    method: str | None = None
    times: int | None = 1
    probability: float = 1.0
    retry_after: int = 1
    delay: float = 1.0
    accepted: bool = False
    reply: str = ""

    def strikes(self, method: str, chat_id: int | None, peer: Peer) -> bool:
        """Whether this fault is meant for such a call."""
        return self.peer == peer and self.method in {None, method} and self.chat_id in {None, chat_id}


class SandboxFaults:
    """Requested faults. The random generator is seeded, so a run can be repeated."""

    def __init__(self, *, seed: int = 30) -> None:
        self._faults: list[SandboxFault] = []
        self._dice = random.Random(seed)  # noqa: S311 -- dice, not secrets

    def __iter__(self) -> Iterator[SandboxFault]:
        return iter(self._faults)

    def add(self, kind: FaultKind, **details: Unpack[Details]) -> None:
        """Request a fault, by default once; of several that match a call the oldest one applies."""
        if kind is FaultKind.ANSWER_LOST:
            details["accepted"] = True
        self._faults.append(SandboxFault(kind, **details))

    def clear(self) -> None:
        """Remove all faults."""
        self._faults.clear()

    def strike(self, method: str, chat_id: int | None, *, peer: Peer = Peer.BOT_API) -> SandboxFault | None:
        """The fault of this call, with one use less; ``None`` without one."""
        for place, fault in enumerate(self._faults):
            if fault.strikes(method, chat_id, peer) and self._dice.random() < fault.probability:
                self._use(place, fault)
                return fault
        return None

    def _use(self, place: int, fault: SandboxFault) -> None:
        if fault.times is None:
            return
        if fault.times > 1:
            self._faults[place] = replace(fault, times=fault.times - 1)
        else:
            del self._faults[place]
