"""Splits typed text into tokens: words in one spelling, numbers, dates, ends of sentences; and off what is remarked."""

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
    | (?P<nth>\d{1,2}(?:-?(?:ого|его|го|ому|ему|му|ое|ым|st|nd|rd|th)|-(?:[ейюмх]|ая|ую|ый|ий)))\b
    | (?P<mark>[2-5]-?(?:'?s|к[аиуе]|ок|кой|[её]рк[аиуе]|[её]рок))\b
    | (?P<form>\d{1,2}(?:-?|\s?["«])[абвгдеж])\b["»]?
    | (?P<number>\d+)
    | (?P<word>[^\W\d_]+(?:['’ʼ][^\W\d_]+)*)
    | (?P<stop>[!?;\n…]+|[.]+(?=\s+(?-i:[A-ZА-ЯЁ])|\s*$))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NOT_SPOKEN = re.compile(r"(?i)\b((?:[a-z]\.){2,})")
_STRETCHED = re.compile(r"([^\W\d_])\1\1+")
"""A letter that is held down: «расписаниеее», «привееет»."""

_BEFORE_REMARK = re.compile(r"(?P<asked>[^?]*\?)(?P<remark>(?!.*\b(?:если|при|if)\b)[^?]*\w[^?]*)", re.IGNORECASE)
_BEFORE_REASON = re.compile(
    r"^(.*\b(?:почему|отчего|за что)\b[^,]*?)"
    r"(?:,\s*(?:а\s|и\s)?(?:если|хотя|ведь|когда|раз)|\s(?:если|хотя|ведь))\b.*$",
    re.IGNORECASE | re.DOTALL,
)
_POINT_OF_AVERAGE = re.compile(r"(\bсредн\w*\s(?:балл\w*\s)?[2-5])\.(?=\d{1,2}\b(?!\.))", re.IGNORECASE)
_MARK_BEFORE_DAY = re.compile(
    r"(\b(?:за что|почему|откуда|отчего)\s)([2-5])(?=\s(?:\w+\s)?\d{1,2}"
    r"(?:\s(?:янв|фев|мар|апр|ма[йя]|июн|сен|окт|ноя|дек|числ)|[./]\d))",
    re.IGNORECASE,
)
_MARKS = {"2": "двойка", "3": "тройка", "4": "четвёрка", "5": "пятёрка"}
_ASKED_SENTENCE = re.compile(r"[^.!?]+\?")
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


def split_words_at_remark(text: str) -> tuple[str, str]:
    """The question and what is remarked behind it, «Боюсь, что тройка»; a condition is no remark."""
    found = _BEFORE_REMARK.fullmatch(text)
    return (text, "") if found is None else (found["asked"], found["remark"])


def words_before_reason(text: str) -> str:
    """«почему 4 за четверть» of «почему 4 за четверть, если последняя пятёрка»."""
    return _BEFORE_REASON.sub(r"\1", text)


def words_with_clear_numbers(text: str) -> str:
    """«при среднем 3.09» has no day of September, «за что 4 12 октября» no span of days."""
    text = _POINT_OF_AVERAGE.sub(r"\1,", text)
    return _MARK_BEFORE_DAY.sub(lambda found: found[1] + _MARKS[found[2]], text)


def asked_words_and_rest(text: str) -> tuple[str, str]:
    """The one sentence with a question mark, and the others that say why; empty where there is no such one."""
    asked, rest = _ASKED_SENTENCE.findall(text), _ASKED_SENTENCE.sub("", text)
    return (asked[0], rest) if len(asked) == 1 and rest.strip() else ("", "")


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
