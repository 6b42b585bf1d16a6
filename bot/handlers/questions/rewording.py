"""Rewords what only the question before gives a meaning: «а 5 какие уроки» is of its month (Q112).

`behind.csv` has a row for each way: behind questions of which intents (none: of any), what that question must have
(`needs`, which `meant` may use in braces), the pattern, what is meant, and an example.
"""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from functools import cache

from bot.questions.kinds import Asked
from bot.questions.model import COMPARING, LAST, Intent, Question
from bot.questions.tables import question_table_rows
from bot.questions.words import MONTHS_OF_DATES

_DAY_ALONE = re.compile(
    r"^(?P<before>\W*(?:а|и|ну а)\s(?:(?:на|к)\s)?)(?P<day>\d{1,2})(?:-?(?:го|е|ого|ому|му))?\b"
    r"(?!\s*(?:[.,:/–-]\s*\d|урок|класс|четв|предм|оцен|отмет|раз\b|балл|пят|по\s|за\s|есть|выйд|будет|янв|фев|мар|апр|ма[йя]"
    r"|июн|июл|авг|сен|окт|ноя|дек|числ|нед|дн|процент|%))",
    re.IGNORECASE,
)
_ORDINAL_DAY = re.compile(r"^\W*(?:а|и|ну а)\s(?:на\s)?(?P<day>\d{1,2})-?(?:го|е|ого)\W*$", re.IGNORECASE)
_DAY_OF_MONTH = re.compile(r"\b(?:во?\s[^\W\d]{5,}\s)?(?P<day>\d{1,2})(?:-?го)?\sчисл[ао]\b", re.IGNORECASE)
"""«а в среду 4 числа»."""

_HAS_BEEN = re.compile(r"\b(?:был[аои]?|болел\w*|отме[тч]\w+)\b", re.IGNORECASE)
_NUMBER_ALONE = re.compile(r"\W*(?:а|и|ну а)\s\d\W*", re.IGNORECASE)
_HIGHEST_MARK = 5
_OF_DAYS = {Intent.TIMETABLE: "какие уроки", Intent.HOMEWORK: "что задали"}
_NUMBERED = {1: "какой первый урок", LAST: "какой последний урок"}
_PLACE_IN_LIST = re.compile(
    r"\bпо\s(?P<place>перв|втор|трет|четв[её]рт|последн)(?:ому|ему|ьему)(?:\s(?:предмету|из\s(?:них|списка)))?\b",
    re.IGNORECASE,
)
"""«по первому когда следующий урок» behind «Хуже всего: Химия, дальше Геометрия»."""

_PLACES = ("пер", "вто", "тре", "чет")
_MANY = {5: "пятёрок", 4: "четвёрок", 3: "троек", 2: "двоек"}

_Way = tuple[AbstractSet[Intent], Sequence[str], re.Pattern[str], str]


def words_behind_question(words: str, before: Question) -> str:
    """The words, said as they are meant behind this question."""
    known = _known_of_question(before)
    for intents, needs, said, meant in _ways_behind():
        if (not intents or before.intent in intents) and all(known[need] for need in needs):
            words = said.sub(_filled(meant, known), words)
    return _with_month(_PLACE_IN_LIST.sub(lambda found: _of_told(found, before.told), words), before)


def _subject_told(before: Question) -> str | None:
    """The only subject that the answer began with, or the first one of a ranking."""
    is_clear = len(before.told) == 1 or before.wish in COMPARING
    return before.told[0] if before.told and is_clear else None


def _of_told(found: re.Match[str], told: Sequence[str]) -> str:
    """«по Химия» of «по первому» behind a list of subjects."""
    said = found["place"][:3].casefold()
    place = _PLACES.index(said) if said in _PLACES else -1
    return f"по {told[place]}" if len(told) > max(place, 0) else found[0]


def _known_of_question(before: Question) -> Mapping[str, str]:
    """What the rows may need of the question before, in words; "" where it has none."""
    is_of_day = before.since is not None and before.since == before.until
    asked = _NUMBERED.get(before.number, "") if before.number else ""
    return {
        "subject": before.subject or _subject_told(before) or "",
        "subjects": " и ".join(before.subjects),
        "number": str(before.number) if before.number is not None and before.number > 0 else "",
        "many": _MANY.get(before.marks[0], "") if len(before.marks) == 1 else "",
        "why": "почему" if before.asked is Asked.WHY else "",
        "final": "итоговые" if before.asked is Asked.FINAL else "",
        "day": _day(before.since) if before.since and is_of_day else "",
        "span": "" if is_of_day or before.since is None or before.until is None else _span(before.since, before.until),
        "days": "дни" if before.since is not None else "",
        "day_asked": asked or _OF_DAYS.get(before.intent, ""),
    }


def _day(on: date) -> str:
    return f"{on.day} {MONTHS_OF_DATES[on.month - 1]}"


def _span(since: date, until: date) -> str:
    return f"с {_day(since)} по {_day(until)}"


def _filled(meant: str, known: Mapping[str, str]) -> str:
    """`meant` with the words of the question before in place of their names in braces."""
    for name, word in known.items():
        meant = meant.replace(f"{{{name}}}", word)
    return meant


@cache
def _ways_behind() -> Sequence[_Way]:
    return [
        (
            frozenset(map(Intent, row["before"].split())),
            row["needs"].split(),
            re.compile(row["said"], re.IGNORECASE),
            row["meant"],
        )
        for row in question_table_rows("behind")
    ]


def _with_month(words: str, before: Question) -> str:
    """«а 5 какие уроки» behind a question about a day: the fifth of that month, or of the one behind it."""
    day = before.since
    found = _ORDINAL_DAY.match(words) or _DAY_ALONE.match(words) or _DAY_OF_MONTH.search(words)
    is_past = found is not None and found.re is _DAY_OF_MONTH and _HAS_BEEN.search(words) is not None
    if found is None or is_past or day is None or before.until != day or before.marks or before.mark:
        return words
    number, is_said_as_day = int(found["day"]), _ORDINAL_DAY.match(words) is not None
    is_alone = number <= _HIGHEST_MARK and not is_said_as_day and _NUMBER_ALONE.fullmatch(words) is not None
    is_mark = is_alone and before.intent in {Intent.MARKS, Intent.FORECAST}
    if is_mark or not _has_day(day, number):
        return words
    begins = found.start() if found.re is _DAY_OF_MONTH else found.start("day")
    month = day.month if number >= day.day or found.re is not _DAY_OF_MONTH else day.month % len(MONTHS_OF_DATES) + 1
    return f"{words[:begins]}{number} {MONTHS_OF_DATES[month - 1]}{words[found.end() :]}"


def _has_day(day: date, number: int) -> bool:
    try:
        day.replace(day=number)
    except ValueError:
        return False
    return True
