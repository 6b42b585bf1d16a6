"""Reports of failed delivery: as fields (RFC 3464, 6533), or as the plain words of older mail servers."""

import re
from collections.abc import Iterator
from email import message_from_string
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message

from core.model.delivery.deliveries import Receipt
from notifiers.email.answers import smtp_answer_receipt, worded_smtp_answer_receipt

_STATUS_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})

_MAIL_SYSTEM = re.compile(
    r"mailer-?daemon|postmaster|mail delivery (sub)?system|mdaemon@|system administrator|internet mail delivery",
    re.IGNORECASE,
)
_FAILURE_SUBJECT = re.compile(
    r"undeliver|failure notice|non-?delivery|delivery (status notification|has failed|fail)|mail delivery failed"
    r"|returned (mail|to sender)|delivery problem|не ?доставлен|не удалось доставить|невозможно доставить|возвра[тщ]",
    re.IGNORECASE,
)
_DELAY = re.compile(
    r"delayed|still (trying|being retried)|will (keep|continue) (trying|to)|will be retried|warning message only"
    r"|has not (yet )?been delivered|not yet been delivered|do(es)? not need to re-?send|no action is required"
    r"|задержан|задержива|задержк"
    r"|попыт\w+ .{0,30}(продолж|повтор)|пока не доставлен|ещё не доставлен",
    re.IGNORECASE,
)
_PERMANENT = re.compile(r"permanent|gave up|giving up|given up|retry timeout exceeded|окончательн", re.IGNORECASE)
_FAILURE = re.compile(
    r"(could|can|did|was|were|is|has)( ?not|n't) (be|been|able to|get)?\s*(deliver|reach)|unable to deliver"
    r"|undeliverable"
    r"|delivery .{0,40}fail|permanent (fatal )?error|user unknown|unknown user|no such (user|mailbox|address|recipient)"
    r"|(mailbox|user|account|address).{0,40}(not found|does ?n[o']t exist|unavailable|disabled|full)|quota"
    r"|не (может быть|могло быть|было|будет)? ?доставлен|не удалось доставить|невозможно доставить|не существует"
    r"|не найден|переполнен",
    re.IGNORECASE,
)
_PERMANENT_CODE = re.compile(r"(?<![\d.])(5\d\d[ -]|5\.\d{1,3}\.\d{1,3})")
_COPY_OF_MAIL = re.compile(
    r"^(-{2,}.*(copy|original|message follows|исходн|копия|returned).*|return-path:.*|received:.*)$",
    re.IGNORECASE | re.MULTILINE,
)
_LONGEST_WORDS = 8_000


def failure_report_receipt(message: Message) -> Receipt | None:
    """What a mail says of a failed delivery; None for a delay, a read receipt, or an answering machine's letter."""
    if _is_report(message):
        blocks = _status_blocks(message)
        failures = (block for block in blocks if _field(block, "Action").casefold() == "failed")
        return next(
            (smtp_answer_receipt(_field(each, "Status"), _field(each, "Diagnostic-Code")) for each in failures), None
        )
    words = _words(message)
    is_failure = _is_from_mail_system(message) and _says_failed(failure_report_subject(message), words)
    return worded_smtp_answer_receipt(words) if is_failure else None


def _is_report(message: Message) -> bool:
    return message.get_content_type() == "multipart/report" or any(True for _ in _status_parts(message))


def _is_from_mail_system(message: Message) -> bool:
    """True for the robot of a mail server. An out-of-office letter comes from a person's address, also without a path.

    Exim marks its reports as automatic replies, so that header tells nothing.
    """
    if message.get("X-Failed-Recipients") or _MAIL_SYSTEM.search(str(message.get("From", ""))):
        return True
    is_pathless = str(message.get("Return-Path", "")).strip() == "<>"
    return is_pathless and _FAILURE_SUBJECT.search(failure_report_subject(message)) is not None


def _says_failed(subject: str, words: str) -> bool:
    if _DELAY.search(f"{subject}\n{words}") and not _PERMANENT.search(words):
        return False
    return (_PERMANENT_CODE.search(words) or _FAILURE.search(words)) is not None


def _words(message: Message) -> str:
    """The server's own words, without the copy of our mail behind them."""
    part = next((part for part in message.walk() if part.get_content_type() == "text/plain"), None)
    raw = part.get_payload(decode=True) if part is not None else None
    if not isinstance(raw, bytes) or part is None:
        return ""
    text = _decoded(raw, part.get_content_charset())[:_LONGEST_WORDS]
    return _COPY_OF_MAIL.split(text, maxsplit=1)[0]


def _status_parts(message: Message) -> Iterator[Message]:
    return (part for part in message.walk() if part.get_content_type() in _STATUS_TYPES)


def _status_blocks(message: Message) -> list[Message]:
    """The blocks of fields of a delivery status: one of the mail, one of each recipient."""
    return [block for part in _status_parts(message) for block in _blocks(part)]


def _blocks(part: Message) -> list[Message]:
    """The library splits `message/delivery-status` alone; the international form is read as one mail, or encoded."""
    payload = part.get_payload()
    if part.get_content_type() == "message/delivery-status" and isinstance(payload, list):
        return [block for block in payload if isinstance(block, Message)]
    return [message_from_string(block) for block in re.split(r"\r?\n\s*\r?\n", _report_text(part)) if block.strip()]


def _report_text(part: Message) -> str:
    inner = part.get_payload()
    text = inner[0].as_string() if isinstance(inner, list) and isinstance(inner[0], Message) else str(inner)
    encoding = str(part.get("Content-Transfer-Encoding", "")).strip().casefold()
    if encoding not in {"base64", "quoted-printable"}:
        return text
    holder = Message()
    holder["Content-Transfer-Encoding"] = encoding
    holder.set_payload(text.strip())
    raw = holder.get_payload(decode=True)
    return _decoded(raw, "utf-8") if isinstance(raw, bytes) else ""


def _field(block: Message, name: str) -> str:
    return str(block.get(name, "")).strip()


def failure_report_subject(message: Message) -> str:
    """The subject of a mail; as it came where it cannot be decoded."""
    subject = str(message.get("Subject", ""))
    try:
        return str(make_header(decode_header(subject)))
    except (HeaderParseError, LookupError, ValueError):
        return subject


def _decoded(raw: bytes, charset: str | None) -> str:
    try:
        return raw.decode(charset or "utf-8", errors="replace")
    except LookupError:
        return raw.decode("utf-8", errors="replace")
