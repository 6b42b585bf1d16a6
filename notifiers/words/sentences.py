"""A fact in words, before lines of a message or of an SMS are made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.ports import Translator


@dataclass(frozen=True, slots=True)
class NoticeInWords:
    """A notice in words: `about` what (a subject, a lesson), `when` (a day or a term) and `what` happened.

    `brief` says the same for a line of an SMS and names nobody, so that a discreet channel may say it too (Q85).
    """

    about: str
    when: str
    what: str
    brief: str


def plain(text: str) -> str:
    """What a file or a person said, on one line."""
    return " ".join(text.split())


def cut(text: str, longest: int) -> str:
    """A text that is too long ends with «…»."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def uncapitalised(words: str) -> str:
    """«Контрольная работа» inside a line; an abbreviation («ДЗ») stays."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def changed(before: str | None, value: str, t: Translator) -> str:
    """Old → new; what holds now alone where nobody knows the old."""
    return value if before is None else t("notice.changed", before=before, value=value)


def weekday(on: date, t: Translator) -> str:
    """«пт 13.11»."""
    return t("notice.weekday", weekday=t(f"notice.weekday_{on.weekday()}"), on=on)


def bracketed(details: Sequence[str]) -> str:
    """Details behind a fact, if there are any."""
    known = list(filter(None, details))
    return f" ({', '.join(known)})" if known else ""
