"""Words of a printed matrix that are neither pupils nor subjects: titles, totals, signatures, other columns."""

import re
from collections.abc import Iterable
from itertools import pairwise


def _begins(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


_QUOTES = "«»\"„“”'‘’"
_LETTER = rf"[{_QUOTES}]*\s*(?P<letter>[а-яёa-z]{{1,3}})\s*[{_QUOTES}]*"
_CLASSES = (
    re.compile(
        rf"(?<![\w№])(?<!№ )(?P<grade>1[0-2]|[1-9])(?:\s*-\s*(?:го|й))?\s*-?\s*(?:{_LETTER})?"
        rf"\s+класс(?:а|е|у|ом|ы)?(?![а-яё])"
        rf"(?:\s*[{_QUOTES}]\s*(?P<after>[а-яё])\s*[{_QUOTES}])?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?<!\w)класс(?:а|е)?\s*:?\s*[{_QUOTES}]?\s*(?P<grade>1[0-2]|[1-9])(?!\d)\s*-?\s*"
        rf"(?:[{_QUOTES}]+\s*(?P<letter>[а-яёa-z]{{1,3}})\s*[{_QUOTES}]+|(?P<after>[а-яёa-z])(?!\w))?",
        re.IGNORECASE,
    ),
)
"""«9 "Б" класса», «8 Б класс», «9 класса «Б»»; «Класс: 10 "А"»."""

_CLASS_LABEL = re.compile(r"класс\s*:?", re.IGNORECASE)
"""The label of a page whose value is the next line."""

_OF_PUPIL = r"(?:ученик|учащ|обучающ|школьник|воспитанник|детей|ребенк)\w*"
_NAME_TITLE = re.compile(
    r"(?:ф\s*\.?\s*и\s*\.?\s*(?:о\s*\.?)?|фамили[яи]\s*(?:,|и)?\s*(?:и\.|имя|имена)?\s*,?\s*(?:и\s+)?(?:о\.|отчество)?"
    r"|фамилия,?\s*и\.\s*о\.|список|student|name)"
    rf"(?:\s*\(?{_OF_PUPIL}\)?)?(?:\s+класса)?|{_OF_PUPIL}(?:\s*\(\w+\))?"
)
_NO_SUBJECT = _begins(
    # missed lessons
    r"пропу(?:щен|ск)|опоздан|по (?:болезни|неуваж|уваж)|без уваж|уваж|неуваж|из них",
    r"\(?(?:в\s*т\.?\s*ч\b|в том числе)",
    # figures about the pupil
    r"средн\w* (?:балл|оценк|отметк)|ср\.\s*(?:балл|оц|отм)|успеваемость|качество|степень обуч|рейтинг|соу\b|%",
    r"кол(?:-|ичеств|\.)|всего\b|итого\b|место\b|на [«\"]?[345]|[«\"“„'][2-5][»\"”“']|[2-5]$",
    # words about the pupil
    r"примечан|комментар|подпись|дата\b|день рожд|класс\b|пол\b|личн\w* дел|№",
    r"решени[ея](?!\s+.*(?:задач|уравнен))",
)
"""«Решение …» is the council's, except in an elective such as «Решение задач повышенной сложности»."""

_LABEL = _begins(
    # totals
    r"успеваемость\b|качество\b|(?:общ|абсол|качеств)\w*\.? (?:успев|качеств|показат)|степень обуч|обученность|соу\b",
    r"средн\w* (?:балл|оценк|отметк|взвеш)|ср\.|процент|всего\b|итого\b|число (?:уч|обуч|дет|проп|отл|хор|неусп)",
    # counts
    r"кол-|колич|кол\.|на [«\"']?[2-5]|с одн|[«\"“„'][2-5][»\"”“']|(?:н/а|осв|отс|зач|незач)$|[\d.,\s%]+$",
    r"отличник(?:и|ов)?$|хорошист(?:ы|ов)?$|неуспевающ|успевающ|не успева|неаттест|не аттест|аттестован",
    # signatures and remarks
    r"выполнен|пройден",
    r"классн\w* рук|кл\.?\s*рук|директор\b|завуч\b|зам\.|заместитель|подпис|исп\.|дата\b|примечан|решени[ея]\b",
)
_LABEL_SIGNS = re.compile(r"[%«»:]|_{3,}|/.*/")


def class_in_result_title(lines: Iterable[str]) -> str | None:
    """The class that a title names, as «9Б»; the word «класс» stands beside it, so a school's number is none."""
    texts = [" ".join(line.split()) for line in lines]
    texts += [f"{label} {value}" for label, value in pairwise(texts) if _CLASS_LABEL.fullmatch(label)]
    for pattern in _CLASSES:
        for text in texts:
            if found := pattern.search(text):
                return f"{found['grade']}{(found['letter'] or found['after'] or '').upper()}"
    return None


def is_result_name_title(text: str) -> bool:
    """True for the title of the column with the pupils' names: «ФИО», «Фамилия, имя, отчество», «Обучающийся»."""
    return _NAME_TITLE.fullmatch(_plain(text)) is not None


def is_no_subject_title(text: str) -> bool:
    """True for a column of a matrix with no final marks: missed lessons, averages, remarks, decisions, counts."""
    return _NO_SUBJECT.match(_plain(text)) is not None


def is_title_after_pupils(text: str, *, is_numbered: bool = False) -> bool:
    """True for a text in a name's place that is no name: totals, counts («Кол-во «5»») and signatures.

    Two words with a number or capital letters are a name («Число Яна»), unless they have the signs of a label.
    """
    plain, words = _plain(text), text.split()
    is_name = len(words) > 1 and (is_numbered or words[1][0].isupper())
    return bool(plain) and ((_LABEL.match(plain) is not None and not is_name) or _LABEL_SIGNS.search(text) is not None)


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("ё", "е").strip("\ufeff:* ").split())
