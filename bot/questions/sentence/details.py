"""What narrows the answer of an intent: marks, works, tasks, seasons, a lesson's number, the day of giving (Q110)."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.questions.asked.reading import (
    absences_asked_for,
    asked_lesson_number,
    asked_seasons,
    asks_for_given_homework,
    is_asked_word,
    marks_asked_for,
)
from bot.questions.dates.chosen import is_missed_day_spoken
from bot.questions.dates.terms import term_named_in_question
from bot.questions.glossing import GlossedWords
from bot.questions.kinds import Asked
from bot.questions.model import Intent, Question

VERB_IN_QUESTION = re.compile(r"(?:ть|ться|чь|ешь|ете|ите)$")
"""A word that is no name, and no task: «на пятёрку ответить»."""

_SINCE_ILL = re.compile(r"\bпосле болезни\b|\bпока (?:е[её]|его|меня) не был[ао]\b", re.IGNORECASE)
"""Days that nothing here can tell: «какие оценки получила после болезни»."""

_BY_SPANS = re.compile(r"\bпо (?:неделям|дням|четвертям)\b", re.IGNORECASE)
"""«средний балл по неделям» is told in one figure."""

_DUE = re.compile(r"\b(?:on|to|for|till) D\b")


def with_details_of_question(question: Question, said: GlossedWords, text: str, glosses: str) -> Question:
    """What narrows the answer of this intent."""
    intent, is_due = question.intent, _DUE.search(glosses) is not None
    is_day_given = asks_for_given_homework(text) or is_missed_day_spoken(glosses)  # the day on which it was given
    return replace(
        question,
        marks=_marks_of(question, text),
        work=_named_work(question, said),
        seasons=asked_seasons(text) if intent is Intent.HOLIDAYS else (),
        absences=absences_asked_for(text) if intent is Intent.ABSENCES else (),
        number=asked_lesson_number(text, glosses) if intent is Intent.TIMETABLE else None,
        is_given=intent is Intent.HOMEWORK and not is_due and is_day_given,
        unread=(
            *(each for each in question.unread if not is_asked_word(each, question.asked)),
            *_unused_times(question, said, text),
            *(_BY_SPANS.findall(text) if intent is Intent.MARKS and question.asked is Asked.AVERAGE else ()),
            *(_SINCE_ILL.findall(text) if intent is not Intent.ABSENCES and question.since is None else ()),
        ),
    )


def _marks_of(question: Question, text: str) -> tuple[int, ...]:
    """The marks that are named; of «почему средний 4» none, for it is the average."""
    if question.intent is not Intent.MARKS:
        return question.marks
    return () if question.asked is Asked.WHY_AVERAGE else marks_asked_for(text)


def _named_work(question: Question, said: GlossedWords) -> tuple[str, ...]:
    if question.intent is Intent.FORECAST:
        return question.work
    if question.intent is Intent.HOMEWORK:
        return tuple(each for each in said.tasks if not VERB_IN_QUESTION.search(each))
    return said.work if question.intent in {Intent.MARKS, Intent.CONTROL_WORKS, Intent.EXAMS} else ()


def _unused_times(question: Question, said: GlossedWords, text: str) -> Sequence[str]:
    """The words for a season or a term that the answer does not take into account (Q113): «оценки за лето»."""
    is_of_year = question.intent in {Intent.HOLIDAYS, Intent.FORECAST, Intent.EXAMS, Intent.CONTROL_WORKS}
    is_of_year = is_of_year or question.asked in {Asked.AHEAD, Asked.LAST_YEAR}
    if is_of_year or question.calendar_days is not None or question.about:
        return []
    has_term = term_named_in_question(text, of_marks=question.intent is Intent.MARKS) is not None
    return [words for gloss, words in said.times if gloss == "season" or not (has_term or question.since)]
