"""Finds the mark in a question about a forecast: the one that is hoped for, or that is supposed to come next."""

import re

NEXT_BETTER = 1
"""In place of a mark: the next better one than the average so far makes."""

_MARKS = {
    5: r"5|пять|пяти|пят[её]р\w*|отлично|five",
    4: r"4|четыре|четыр[её]х|четв[её]р(?:к|оч)\w*|хорошо|four",
    3: r"3|три|тр[её]х|тро(?:й|я|е)\w*|удовл\w*|three",
    2: r"2|два|двух|двой\w*|неуд\w*|two",
}
_ORDINAL = r"(?:-?(?:й|я|ю|ая|ую|ой|ей|е|nd|rd|th)\s+)?"
_TERM = rf"{_ORDINAL}(?:четв(?!ер|ёр)|четверт[ьи]|чтв|полуг|трим|класс|quarter|term|half|week|недел|урок|дн)"
_NO_PART = r"(?<![\w.,/:-])"
_NOT_OTHER = rf"(?!\w|[.,/:-]\d|\s*{_TERM})"
_ANY = "|".join(_MARKS.values())
_WORD = re.compile(rf"{_NO_PART}[«\"']?(?P<mark>{_ANY}){_NOT_OTHER}", re.IGNORECASE)
_AIM = re.compile(
    rf"(?:чтоб\w*|для|до|на|вый[дт]\w+|выход\w*|ради|for|so|to|get)\s(?:[^?!.]*?\s)?[«\"']?(?P<mark>{_ANY}){_NOT_OTHER}",
    re.IGNORECASE,
)
_MENDED = re.compile(r"исправ|испрал", re.IGNORECASE)
_SUPPOSED = re.compile(r"\b(?:если|ежели|коли|вдруг|допустим|if|suppose)\b", re.IGNORECASE)


def hoped_mark(text: str) -> int | None:
    """The mark that is aimed at.

    Of «сколько пятёрок до четвёрки» it is the «4», of «сколько пятёрок надо» `NEXT_BETTER`, of «исправлю двойку» «3».
    """
    named = [_mark_of(found["mark"]) for found in _WORD.finditer(text)]
    if is_supposition(text):
        after = text[_start_of_supposition(text) :]
        return next((_mark_of(found["mark"]) for found in _WORD.finditer(after)), named[0] if named else None)
    if _MENDED.search(text):
        return min(named[0] + 1, max(_MARKS)) if named else NEXT_BETTER
    counted = re.search(r"(?:сколько|how many)\s(?:\w+\s)?", text, re.IGNORECASE)
    if counted is None:
        return named[0] if named else None
    aims = list(_AIM.finditer(text, counted.end()))
    return _mark_of(aims[0]["mark"]) if aims else NEXT_BETTER


def is_supposition(text: str) -> bool:
    """«а если получу 3»."""
    return _SUPPOSED.search(text) is not None


def _start_of_supposition(text: str) -> int:
    found = _SUPPOSED.search(text)
    return found.end() if found else 0


def _mark_of(word: str) -> int:
    return next(mark for mark, forms in _MARKS.items() if re.fullmatch(forms, word, re.IGNORECASE))
