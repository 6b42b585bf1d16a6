"""Splits typed text into tokens: words in one spelling, numbers, dates, ends of sentences."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from core.rules.people.names import has_mixed_name_alphabets, look_alike_name_key

_TOKEN = re.compile(
    r"""
      (?P<iso>\d{4}-\d\d-\d\d)(?!\d)
    | (?P<time>\d{1,2}:\d\d)
    | (?P<date>\d{1,2}[./]\d{1,2}(?:[./](?:\d{4}|\d\d))?)(?![\d.:]*\d)
    | (?P<nth>(?:1[2-9]|2\d|3[01])е\b
        |\d{1,2}(?:-?(?:ого|его|го|ому|ему|му|ое|ым|st|nd|rd|th)|-(?:[ейюмх]|ая|ую|ый|ий)))\b
    | (?P<mark>[2-5]-?(?:'?s|к[аиуе]|ок|кой|[её]рк[аиуе]|[её]рок))\b
    | (?P<form>(?:1[01]|[1-9])(?:(?:-?|\s?["«])[абвгдеж]|\s(?:[бгдеж]|[ав](?=\W*$))))\b["»]?
    | (?P<number>\d+)
    | (?P<word>[^\W\d_]+(?:['’ʼ][^\W\d_]+)*)
    | (?P<stop>[!?;\n…]+|[.]+(?=\s+(?-i:[A-ZА-ЯЁ])|\s*$))
    """,
    re.VERBOSE | re.IGNORECASE,
)
ORDINALS = ("перв", "втор", "трет", "четв", "пят", "шест", "седьм", "восьм", "девят", "десят", "одиннадцат")
"""Beginnings of «первый», «второй» …, as far as classes are numbered."""

MONTHS_OF_DATES = (
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября",
    "ноября", "декабря",
)  # fmt: skip
"""As they stand behind a number."""

_NOT_SPOKEN = re.compile(r"(?i)\b((?:[a-z]\.){2,})")
_STRETCHED = re.compile(r"([^\W\d_])\1\1+")
"""A letter that is held down: «расписаниеее», «привееет»."""

_APOSTROPHE = re.compile("['’ʼ]")


@dataclass(frozen=True, slots=True)
class WordToken:
    """A token; words are in lower case with «е» for «ё», and `as_typed` keeps capital letters."""

    kind: str
    text: str
    as_typed: str
    opens: bool
    """True at the beginning of a sentence, where a capital letter marks no name."""

    @property
    def is_capital(self) -> bool:
        """True for one capital letter in front; False for abbreviations such as «ЕГЭ»."""
        return self.as_typed[:1].isupper() and (len(self.as_typed) == 1 or not self.as_typed.isupper())


def word_tokens(text: str) -> list[WordToken]:
    """All tokens; other characters, emoji included, are dropped."""
    return list(_tokens(_NOT_SPOKEN.sub(lambda dots: dots[0].replace(".", " "), unicodedata.normalize("NFKC", text))))


def _tokens(text: str) -> Iterator[WordToken]:
    opens = True
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or "word"
        parts = _APOSTROPHE.split(found[0]) if kind == "word" else [found[0]]
        for typed in parts:
            yield WordToken(kind, _spelling(typed), typed, opens and parts[1:] != ["s"])
            opens = kind == "stop"


def _spelling(typed: str) -> str:
    lower = _STRETCHED.sub(r"\1", typed.casefold().replace("ё", "е"))
    return look_alike_name_key(lower) if has_mixed_name_alphabets(lower) else lower
