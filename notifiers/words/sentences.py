"""The words of one notice, from which lines of a message or of an SMS are built."""

from collections.abc import Sequence
from datetime import date

from core.ports import Translator


def one_line_sentence(text: str) -> str:
    """A text from a file or a person on one line."""
    return " ".join(text.split())


def truncate_sentence(text: str, longest: int) -> str:
    """The text, cut to `longest` characters with «…» at its end."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def uncapitalised_sentence(words: str) -> str:
    """The first letter in lower case, for use inside a line; an abbreviation («ДЗ») stays."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def old_to_new_sentence(before: str | None, value: str, t: Translator) -> str:
    """«old → new»; the new value alone where the old one is unknown."""
    return value if before is None else t("notice.changed", before=before, value=value)


def weekday_in_sentence(on: date, t: Translator) -> str:
    """«пт 13.11»."""
    return t("notice.weekday", weekday=t(f"notice.weekday_{on.weekday()}"), on=on)


def sentence_in_brackets(details: Sequence[str]) -> str:
    """Details in brackets behind a fact; empty without details."""
    known = list(filter(None, details))
    return f" ({', '.join(known)})" if known else ""
