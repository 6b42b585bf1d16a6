"""Finds the intent of glosses by weighted patterns: the strongest wins, and of equals the caller chooses.

The patterns are in `intents.csv`, over the glosses of `words.csv`: S is a subject, D a date, `_` an unknown word, `-`
after a noun marks it as secondary, `<3>` stands for up to three words.
"""

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum
from functools import cache

from bot.questions.asked.reading import (
    asks_for_deadline,
    asks_for_holidays,
    asks_whether_handed_in,
    intent_decided_by_words,
    setting_asked_for,
)
from bot.questions.model import Intent
from bot.questions.tables import question_table_rows


class Strength(IntEnum):
    """How clearly a pattern shows an intent."""

    HINT = 1
    CLUE = 2
    NOUN = 3
    PHRASE = 4
    DECISIVE = 5


_UP_TO = re.compile(r"<(\d)>")
_BEFORE = "to|over|past|before|for|on|in|by|from|about|till|at"
_LINK = "(?:of|by|over|for|in|on)"
_BETWEEN = "what|own|all|next|last|recent|season|this|in|_"
_ASIDES = [
    (re.compile(rf"\b(?:{pattern})(?![\w-])"), meaning)
    for pattern, meaning in (
        (r"own(?: own)+", "own"),
        (r"(?<=\w)(?: \.)+$", ""),
        (r"announce (?:by|over|in) marks", "marks"),
        (r"did (?:\S+ ){0,3}get for homework", "homework"),
        (r"did (?:\S+ ){0,3}get", "got"),
        (r"(?:timetable|season)(?: of| for)?(?: season)? (control|holidays)", r"\1"),
        (r"homework((?: \S+){0,3}) absences", r"homework\1"),
        (r"(?:homework control|teacher homework)", "homework"),
        (rf"(marks|got|results)(?:(?: {_LINK})? S)?(?: {_LINK})?(?: D)? (?:control|homework)", r"\1"),
        (r"control((?: \S+){0,3}) timetable(?= \.|$)", r"control\1"),
        (r"control(?: by S)? (?:marks|results)", "marks"),
        (r"control((?: \S+){0,3} debts)", r"control-\1"),
        (r"(debts(?: \S+){0,2}) control", r"\1 control-"),
        (rf"({_BEFORE}) (?:(?:{_BETWEEN}) )?(control|holidays|timetable)", r"\1 \2-"),
        (r"went by homework", "homework"),
        (r"(over|to|in|by) homework", r"\1 homework-"),
        (r"about beyond((?: \S+){0,3} told)", r"about _\1"),
        (r"((?:announce|told)(?: \S+){0,3}?(?: about)?(?: \S+){0,2}?) beyond", r"\1 _"),
    )
]
"""Rules that mark a noun as secondary: «оценка за контрольную» asks for the mark, «дз на каникулы» for homework."""

_EXAM = (
    r"\b(?:пробник\w*|пробное|экзамен\w*|егэ|огэ|гвэ|впр|олимпиад\w*|итогов\w+ сочинени\w*|собеседовани\w*"
    r"|собес\b|устн\w+ русск\w+"
    r"|exams?|olympiads?)\b"
)
_EXAM_OF_STATE = re.compile(r"\b(?:егэ|огэ|гвэ|впр|пробн\w+)\b", re.IGNORECASE)
_EXAM_ALONE = re.compile(
    rf"\W*(?:(?:покажи|мои|все|my|show|all)\s+)*{_EXAM}(?:\s+(?:(?:по|in)\s+)?\w+)?\W*", re.IGNORECASE
)
_EXAM_RESULTS = re.compile(
    rf"{_EXAM}.*\b(?:результат|бал+|резы|рез-ты|порог|итог|получил|набрал|result|score|point)|"
    rf"{_EXAM}.*\bкак\s+(?:\w+\s+)?(?:написа|сда)|\bкак\s+(?:\w+\s+)?(?:написа|сда)\w*\s.*{_EXAM}|"
    rf"\b(?:результат\w*|бал+\w*|резы|рез-ты|порог\w*|итоги|получил\w*|сдал\w*|набрал\w*|дали|поставили|results?|scores?|points?)\b.*{_EXAM}",
    re.IGNORECASE,
)
_EXAM_AHEAD = re.compile(
    r"^(?!.*\b(?:результат|бал+ы\b)).*\b(?:когда|када|кода|кагда|какого|будет|будут|скоро|готов\w*|when|will|next|prepare)\b",
    re.IGNORECASE,
)
_PRECEDENCE = (
    Intent.FORECAST,
    Intent.RECOMMENDATIONS,
    Intent.SETTINGS,
    Intent.MENU,
    Intent.MARKS,
    Intent.DEBTS,
    Intent.ABSENCES,
    Intent.LESSON,
    Intent.CONTROL_WORKS,
    Intent.HOMEWORK,
    Intent.HOLIDAYS,
    Intent.TIMETABLE,
    Intent.TEACHERS,
    Intent.ANNOUNCEMENTS,
)
"""Decides between equal clues; two nouns are an ambiguous question."""


_NEXT_PART = re.compile(r" and (?=what |is |when |howmany )")
_TO_LEARN = re.compile(r"(?<=control) and what (?:do|task)\b.*|(?<=control by S) and what (?:do|task)\b.*")
"""«когда контрольная и что учить»: its topic stands beside it."""

PERSONAL = {
    Intent.MARKS, Intent.FORECAST, Intent.RECOMMENDATIONS, Intent.EXAMS, Intent.ABSENCES, Intent.DEBTS, Intent.LESSON,
}  # fmt: skip
"""What is told of one's own children alone."""

_OTHERS = re.compile(r"\bother\b")
_OTHERS_PERSONALLY = re.compile(
    r"\b(?:everybody|(?:who|howmany) (?:\S+ )?honours|who (?:\S+ )?(?:got|debts|absences|missed)|at who"
    r"|marks (?:at |in )?(?:own )?class(?! D)|marks (?:at |in )?all (?:form|class)"
    r"|(?:at|marks|forecast) staff)\b"
)

_NEVER_BEYOND = {(Intent.HOMEWORK,), (Intent.SETTINGS,)}
"""What is asked although a word stands for what the bot does not do: «поставь русский язык бота»."""


def is_exam_results_intent(text: str) -> bool:
    """«экзамены», «результаты ЕГЭ по физике»; an exam that is ahead is a control work."""
    is_named = _EXAM_ALONE.fullmatch(text) or _EXAM_RESULTS.search(text)
    return is_named is not None and _EXAM_AHEAD.search(text) is None


def is_exam_result_asked(text: str) -> bool:
    """«ОГЭ в этом году, есть ли результаты»: neither a forecast nor an exam that is ahead."""
    return _EXAM_OF_STATE.search(text) is not None and is_exam_results_intent(text)


def is_exam_named(text: str) -> bool:
    """«ОГЭ по математике»: exams have subjects of their own."""
    return re.search(_EXAM, text, re.IGNORECASE) is not None


def intents_of_question(glosses: str) -> tuple[Intent, ...]:
    """The intent, or several equal ones; empty where nothing is asked that the bot answers."""
    said = _without_asides(glosses)
    found = dict(_found(said))
    if not found:
        return ()
    strongest = max(found.values())
    best = tuple(intent for intent in _PRECEDENCE if found.get(intent) == strongest)
    if _is_beyond(said, strongest, best):
        return ()
    return best if strongest is Strength.NOUN else best[:1]


def intents_of_question_parts(glosses: str) -> tuple[Intent, ...]:
    """«какие уроки и что задали»: the intents of several questions in one; empty where it is one question.

    What was done in a lesson has what was set in it.
    """
    parts = [intents_of_question(part) for part in _NEXT_PART.split(_TO_LEARN.sub("", glosses))]
    found = tuple(dict.fromkeys(intent for part in parts for intent in part))
    if not all(len(part) == 1 for part in parts) or len(found) == 1:
        return ()
    return (Intent.LESSON,) if {*found} == {Intent.LESSON, Intent.HOMEWORK} else found


def _without_asides(glosses: str) -> str:
    for pattern, replacement in _ASIDES:
        glosses = pattern.sub(replacement, glosses)
    return glosses


def _found(glosses: str) -> Iterator[tuple[Intent, Strength]]:
    """Matches in ascending strength, so that `dict` keeps the strongest of an intent."""
    for intent, strength, pattern in _patterns():
        if pattern.search(glosses):
            yield intent, strength


@cache
def _patterns() -> list[tuple[Intent, Strength, re.Pattern[str]]]:
    """All patterns, the weakest first."""
    rows = [
        (Intent(row["intent"]), Strength[row["strength"].upper()], row["pattern"])
        for row in question_table_rows("intents")
    ]
    return [
        (intent, strength, _compiled(pattern)) for intent, strength, pattern in sorted(rows, key=lambda row: row[1])
    ]


def _compiled(pattern: str) -> re.Pattern[str]:
    within = _UP_TO.sub(r"(?:\\S+ ){0,\1}?", pattern)
    return re.compile(rf"\b(?:{within})(?![\w-])")


def _is_beyond(glosses: str, strongest: Strength, best: tuple[Intent, ...]) -> bool:
    """True for questions outside the bot's subjects with known words: «расписание кружков», «поставь пятёрку»."""
    return "beyond" in glosses.split() and (strongest < Strength.NOUN or best not in _NEVER_BEYOND)


def is_intent_about_others(glosses: str, intents: Sequence[Intent], *, is_own: bool) -> bool:
    """True where the text asks about others: a foreign name, «оценки всего класса», «кто получил двойку»."""
    if _OTHERS.search(glosses):
        return True
    return not is_own and bool(PERSONAL & {*intents}) and _OTHERS_PERSONALLY.search(glosses) is not None


def intent_decided_by_question(text: str, glosses: str) -> Intent | None:
    """What these words ask whatever else they say, also of a forecast."""
    if setting_asked_for(text, glosses) is not None:
        return Intent.SETTINGS
    if asks_for_holidays(text):
        return Intent.HOLIDAYS
    if (decided := intent_decided_by_words(text)) is not None:
        return decided
    if is_exam_result_asked(text):
        return Intent.EXAMS
    is_handed_in = asks_whether_handed_in(text) and "S" in glosses.split()
    return Intent.DEBTS if is_handed_in or asks_for_deadline(text) else None
