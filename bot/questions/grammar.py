"""Turns words into a Question: glosses, then dates, then the intent, then child and subject.

Nothing is guessed: an ambiguous question is UNCLEAR and lists the choices.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import pairwise

from bot.questions.dates.days import SpokenDate, span_of, spoken_dates_in
from bot.questions.dates.spans import View
from bot.questions.forecast import asks_for_forecast, hoped_mark, is_supposition
from bot.questions.glossing import Glossed, gloss_words
from bot.questions.intents import intents_of
from bot.questions.lexicon import Lexicon
from bot.questions.model import Intent, Question
from bot.questions.people import ChildrenByName
from bot.questions.words import respelled

_EXAM = r"\b(?:экзамен\w*|егэ|огэ|гвэ|впр|олимпиад\w*|(?:итогов\w+ )?(?:сочинени|собеседовани)\w*|exams?|olympiads?)\b"
_EXAM_ALONE = re.compile(rf"\W*(?:(?:покажи|мои|все|my|show|all)\s+)*{_EXAM}(?:\s+\w+)?\W*", re.IGNORECASE)
_EXAM_RESULTS = re.compile(
    rf"{_EXAM}.*\b(?:результат|балл|резы|порог|result|score|point)|"
    rf"\b(?:результат\w*|балл\w*|резы|порог\w*|получил\w*|сдал\w*|набрал\w*|results?|scores?|points?)\b.*{_EXAM}",
    re.IGNORECASE,
)
_EXAM_AHEAD = re.compile(r"\b(?:когда|какого|будет|будут|скоро|готов\w*|when|will|next|prepare)\b", re.IGNORECASE)

LONGEST = 500
"""Characters that are read of a question."""

Children = Sequence[tuple[int, str]]
_PAST = {Intent.MARKS, Intent.ANNOUNCEMENTS, Intent.EXAMS}
_PERSONAL = {Intent.MARKS, Intent.FORECAST, Intent.RECOMMENDATIONS, Intent.EXAMS}
_OTHERS = re.compile(r"\bother\b|\bat _(?= |$)")
_OTHERS_PERSONALLY = re.compile(r"\b(?:everybody|who (?:\S+ )?got|at who|(?:at|marks|forecast) staff)\b")
_ILL_BEFORE = re.compile(r"\b(?:ill|missed) (?:(?:own|in|school) )*$")
_ILL_AFTER = re.compile(r" (?:own )?(?:ill|missed)\b")
_DEADLINE = {"on", "to", "for", "till"}
_PERIOD = {"over", "for"}


def understand(words: str, *, today: date, subjects: Sequence[str], children: Children) -> Question:
    """The question of a text; `subjects` are the school's names, `children` the caller's own.

    Where nothing is understood, Latin letters are read as transliterated Russian, then by the Russian keyboard layout.
    """
    text = words[:LONGEST]
    question = _read(text, today=today, subjects=tuple(subjects), children=tuple(children))
    for other in respelled(text) if _is_not_understood(question) else ():
        respelt = _read(other, today=today, subjects=tuple(subjects), children=tuple(children))
        if not _is_not_understood(respelt):
            return respelt
    return question


def _asks_for_exam_results(text: str) -> bool:
    """«экзамены», «результаты ЕГЭ по физике»; an exam that is ahead is a control work."""
    is_named = _EXAM_ALONE.fullmatch(text) or _EXAM_RESULTS.search(text)
    return is_named is not None and _EXAM_AHEAD.search(text) is None


def _is_not_understood(question: Question) -> bool:
    return question.intent is Intent.UNCLEAR and not question.maybe


@lru_cache(maxsize=64)
def _lexicon(subjects: tuple[str, ...]) -> Lexicon:
    return Lexicon(subjects)


def _read(text: str, *, today: date, subjects: tuple[str, ...], children: tuple[tuple[int, str], ...]) -> Question:
    """Read a text as it is. An impossible date («31.02») or several subjects make the question UNCLEAR."""
    said = gloss_words(text, _lexicon(subjects), ChildrenByName(children))
    dates = [each for each in spoken_dates_in(said.glosses) if not _is_date_of_illness(each, said.glosses)]
    glosses = _with_dates_marked(said.glosses, dates)
    intents = (Intent.EXAMS,) if _asks_for_exam_results(text) else intents_of(glosses)
    if asks_for_forecast(text):
        intents = (Intent.FORECAST,)
    question = Question(Intent.UNCLEAR, maybe=intents, subjects=said.subjects, child_id=said.child_id)
    if _asks_about_others(glosses, intents):
        return replace(question, child_id=None, of_others=True)
    if len(intents) != 1:
        return question
    (intent,) = intents
    chosen = _chosen(dates, intent)
    span = span_of(chosen, View(today, back=intent in _PAST)) if chosen else None
    if span is not None:
        question = replace(question, since=span.since, until=span.until)
    if intent is Intent.ANNOUNCEMENTS and said.about:
        question = replace(question, about=said.about)
    elif len(said.subjects) > 1 or said.unknown_subject:
        return question
    if chosen and span is None:
        return question
    if intent is Intent.FORECAST:
        question = replace(question, mark=hoped_mark(text), is_supposed=is_supposition(text))
    return replace(question, intent=intent, maybe=(), subjects=(), subject=_only_subject(said))


def _only_subject(said: Glossed) -> str | None:
    return said.subjects[0] if len(said.subjects) == 1 else None


def _chosen(dates: Sequence[SpokenDate], intent: Intent) -> Sequence[SpokenDate]:
    """The dates that belong to the intent, by preposition: homework is due "on" a day, marks are "over" days."""
    if intent in {Intent.MARKS, Intent.FORECAST}:
        dates = [said for said in dates if not said.is_loose]
    exact = [said for said in dates if not said.is_weekday]
    if len(dates) > 1 and len(exact) == 1 and _adjacent(dates):
        return exact
    wanted = {Intent.HOMEWORK: _DEADLINE, Intent.MARKS: _PERIOD, Intent.ANNOUNCEMENTS: _PERIOD}.get(intent, set())
    return [said for said in dates if said.preposition in wanted] or dates


def _is_date_of_illness(said: SpokenDate, glosses: str) -> bool:
    """True for the date of an illness, which is not what is asked."""
    before, after = f" {glosses[: said.start]}", glosses[said.stop :]
    return bool(_ILL_BEFORE.search(before) or _ILL_AFTER.match(after))


def _adjacent(dates: Sequence[SpokenDate]) -> bool:
    return all(one.stop + 1 == other.start for one, other in pairwise(dates))


def _with_dates_marked(glosses: str, dates: Sequence[SpokenDate]) -> str:
    for said in reversed(dates):
        marked = f"{said.preposition} D".strip()
        glosses = glosses[: said.start] + marked + glosses[said.stop :]
    return glosses


def _asks_about_others(glosses: str, intents: Sequence[Intent]) -> bool:
    """True where the text asks about others: a foreign name, «оценки всего класса», «кто получил двойку»."""
    if _OTHERS.search(glosses):
        return True
    return bool(_PERSONAL & {*intents}) and _OTHERS_PERSONALLY.search(glosses) is not None
