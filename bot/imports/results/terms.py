"""Terms as files of final marks write them: in a header, beside a name, or in the title."""

import re
from collections.abc import Iterable

from core.model.imports.reports import EXAM, FINAL, YEAR

_NUMBER = r"(?:[1-4]|iv|i{1,3}|перв|втор|трет|четв[её]рт)(?:\s*-?\s*(?:ая|ую|ой|я|ю|й|ое|ого|ье|ий|ый|е|го|ь[яюе]))?"
_KIND = (
    r"(?:четв(?:ерть|ерти|\.)?|чет\.|тримест(?:ра?|\.)|трим\.?|полугоди[ея]|полуг(?:од)?\.?|п\s*/\s*г\.?"
    r"|семестра?|модул[ья]|учебн\w+ период\w?)"
)
_NUMBERED = rf"(?:{_NUMBER}\s*{_KIND}|{_KIND}\s*(?:№\s*)?(?:[1-4]|iv|i{{1,3}}))"
_YEARS = r"20[0-9]{2}\s*[/–—-]\s*(?:20)?[0-9]{2}"
_OF_YEAR = rf"(?:\s*(?:в\s+)?{_YEARS}(?:\s*(?:уч\w*\.?\s*)?(?:года?|г\.?))?)?"
_MARKS_FOR = r"(?:(?:оценк|отметк)\w+\s+)?"
_MARKS = r"(?:\s+(?:оценк|отметк)\w+)?"

_PERIOD = re.compile(rf"{_MARKS_FOR}(?:за\s+)?({_NUMBERED}){_OF_YEAR}", re.IGNORECASE)
_YEAR_WORD = r"(?:(?:учебный\s+|уч\.\s*)?год|годов(?:ая|ые|ой)|год\.)"
_OTHERS = (
    (re.compile(rf"{_MARKS_FOR}(?:за\s+)?{_YEAR_WORD}{_MARKS}|year", re.IGNORECASE), YEAR),
    (re.compile(rf"(?:экзамен|экзаменационн(?:ая|ые)|экз\.){_MARKS}|exam", re.IGNORECASE), EXAM),
    (re.compile(rf"(?:итог|итогов(?:ая|ые)|итог\.){_MARKS}|final", re.IGNORECASE), FINAL),
)
_PERIOD_IN_TITLE = re.compile(rf"(?<![\w/-])({_NUMBERED})(?!\w)", re.IGNORECASE)
_OTHERS_IN_TITLE = (
    (
        re.compile(
            rf"(?<!\w)(?:годов(?:ые|ых|ая)|за\s+(?:весь\s+)?(?:{_YEARS}\s*)?(?:уч\w*\.?\s*)?год)\b", re.IGNORECASE
        ),
        YEAR,
    ),
    (re.compile(r"(?<!\w)экзаменационн(?:ые|ых|ая)(?!\w)", re.IGNORECASE), EXAM),
    (re.compile(r"(?<!\w)итогов(?:ые|ых|ая)\s+(?:оценк|отметк)\w*", re.IGNORECASE), FINAL),
)
_AT_END = re.compile(
    rf"(?P<subject>.*\w\.?\)?)[\s,;:/(–—-]+(?P<term>{_NUMBERED}|год(?:овая)?|экзамен|итог(?:овая)?)\)?", re.IGNORECASE
)


def read_result_term(text: str) -> str | None:
    """The term that a text names and nothing else: as it is written, else `year`, `exam` or `final`; None for another.

    «за 3 четверть 2025/2026 учебного года» is «3 четверть».
    """
    text = " ".join(text.split())
    if found := _PERIOD.fullmatch(text):
        return found[1]
    return next((term for pattern, term in _OTHERS if pattern.fullmatch(text)), None)


def read_titled_result_term(lines: Iterable[str]) -> str | None:
    """The term that a title names («Итоги успеваемости 7В класса за 2 четверть»); a numbered one comes first."""
    text = "\n".join(" ".join(line.split()) for line in lines)
    if found := _PERIOD_IN_TITLE.search(text):
        return found[1]
    return next((term for pattern, term in _OTHERS_IN_TITLE if pattern.search(text)), None)


def split_result_term(text: str) -> tuple[str, str] | None:
    """Subject and term of a header cell that names both («Физика, 1 четверть»)."""
    found = _AT_END.fullmatch(" ".join(text.split()))
    term = read_result_term(found["term"]) if found else None
    return (found["subject"].rstrip(), term) if found and term else None
