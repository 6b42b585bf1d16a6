"""Turns a text into a Question: the whole first, then what is asked beside a remark or in some of its clauses."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.questions.letters.keyboard import respelled_from_keyboard
from bot.questions.model import Intent, Question, Talk
from bot.questions.people import PeopleInQuestion
from bot.questions.sentence.clauses import (
    asked_words_and_rest,
    clauses_of_words,
    is_clause_asked,
    split_words_at_reason,
    split_words_at_remark,
    split_words_at_told,
    words_before_reason,
)
from bot.questions.sentence.reader import SentenceReader
from bot.questions.sentence.rewording import words_with_clear_meaning
from bot.questions.talk import decided_small_talk

LONGEST = 500
"""Characters that are read of a question."""

Children = Sequence[tuple[int, str]]
_TELLS = re.compile(
    r"\W*(?:мне|нам|ему|ей|я|мы|он|она|просто|хочу|надо|нужно|а то)\s(?!.*(?:\?|\b(?:что|какие|когда|сколько"
    r"|почему|кто)\b))"
    r"(?!.*\b(?:получ|постав|если|[2-5])\w*)",
    re.IGNORECASE,
)
"""«химия завтра есть? мне долг нести»: what only tells."""

_REMARKED = {Talk.ELSEWHERE, Talk.ABUSE}
"""What may also be a remark: «еду в автобусе, какие оценки»."""


def understand_by_grammar(
    words: str, *, today: date, subjects: Sequence[str], children: Children, before: Intent = Intent.UNCLEAR
) -> Question:
    """The question of a text; `subjects` are the school's names, `children` the caller's own.

    `before`: the intent of the question before; a bare «на среду» is the day that this intent means.
    Words in another keyboard layout and without blanks are read as they were meant. Where nothing is understood, the
    whole text is read as transliterated Russian, then by the Russian keyboard layout, then clause by clause.
    """
    reading = _TextReading(SentenceReader(today, tuple(subjects), PeopleInQuestion(tuple(children)), before))
    if (talk := decided_small_talk(words)) is not None:
        beside = reading.asked_beside_talk(words[:LONGEST], talk)
        return beside or Question(Intent.UNCLEAR, talk=talk, child_id=reading.reader.family.only_one_named(words))
    return reading.read(words_with_clear_meaning(words_before_reason(words[:LONGEST]), today))


def _is_answerable(question: Question) -> bool:
    """Whether it is understood, or it is known why not: two meanings, talk, somebody else."""
    return (
        question.intent is not Intent.UNCLEAR
        or len(question.maybe) > 1
        or question.talk is not None
        or question.of_others
    )


def _is_not_understood(question: Question) -> bool:
    return question.intent is Intent.UNCLEAR and not question.maybe and question.talk is None


def _names_same(one: Question, other: Question) -> bool:
    """Whether both name the same topic, child, subjects and days."""
    return all(
        getattr(one, what) == getattr(other, what)
        for what in ("about", "child_id", "child_ids", "subject", "subjects", "since", "until", "calendar_days", "form")
    )


@dataclass(frozen=True, slots=True)
class _TextReading:
    reader: SentenceReader

    def read(self, words: str) -> Question:
        text = self.reader.mended(words)
        if (asked := self.asked_before_remark(text) or self.asked_before_reason(text)) is not None:
            return asked
        question = self.reader.read(text)
        for other in respelled_from_keyboard(text) if _is_not_understood(question) else ():
            respelt = self.reader.read(other)
            if not _is_not_understood(respelt):
                return respelt
        if _is_answerable(question) or self._is_asked(question):
            return self.asked_before_comma(text, question) or self.told_beside(text, question) or question
        if question.untaught or question.is_ambiguous or question.bad_dates or (question.maybe and not question.unread):
            return question
        found = self.asked_beside(text) or self.asked_in_clause(text)
        return replace(found, unread=question.unread) if found else question

    def asked_before_comma(self, text: str, whole: Question) -> Question | None:
        """What is asked before a comma where the rest only tells: «какой параграф читать, тему пропустил»."""
        asked, told = split_words_at_told(text)
        if not asked:
            return None
        question = self.reader.read(asked)
        is_other = question.intent not in {Intent.UNCLEAR, whole.intent} and not (question.unread or question.beyond)
        return question if is_other and not self.reader.read(told).of_others else None

    def told_beside(self, text: str, question: Question) -> Question | None:
        """The same as a clause says it that has no unknown words: «еду в автобусе, какой средний балл»."""
        if question.intent is Intent.UNCLEAR or not (question.beyond or len(question.unread) > 1):
            return None
        for clause in clauses_of_words(text):
            said = self.reader.read(clause)
            is_plain = said.intent is not Intent.UNCLEAR and not (said.unread or said.beyond)
            if is_plain and _names_same(said, question):
                return replace(said, unread=(text.replace(clause, " ").strip(" ,.;:!?"),))
        return None

    def asked_before_remark(self, text: str) -> Question | None:
        """What is asked before a remark: «Исправит алгебру? Первую четверть ведь закончила на 4»."""
        asked, remark = split_words_at_remark(text)
        if remark and _TELLS.match(remark) and self._is_asked(question := self.reader.read(asked)):
            return question
        told = self.reader.read(remark) if remark else None
        if told is None or told.of_others:
            return None
        question = self.reader.read(asked)
        if question.intent is Intent.FORECAST:
            return question if question.subject or question.subjects else None
        narrows = told.is_fragment or not _is_not_understood(told) or told.subjects or told.child_id
        return None if question.intent is Intent.UNCLEAR or narrows else question

    def asked_before_reason(self, text: str) -> Question | None:
        """What is asked before a reason: «до скольки уроки, а то бабушка ждёт»."""
        asked, reason = split_words_at_reason(text)
        if not asked or self.reader.read(reason).of_others:
            return None
        question = self.reader.read(asked)
        return question if self._is_asked(question) else None

    def asked_in_clause(self, text: str, *, only_asked: bool = False) -> Question | None:
        """What is asked in some clauses where the others say nothing that is known: «выручили, а дз?».

        `only_asked`: a clause counts only if it is said as a question.
        """
        fragment = None
        for clause in clauses_of_words(text):
            if only_asked and not is_clause_asked(clause):
                continue
            question = self.reader.read(clause)
            if question.of_others:
                return None
            if question.intent is not Intent.UNCLEAR:
                return question
            if fragment is None and self._is_asked(question):
                fragment = question
        return fragment

    def asked_beside_talk(self, text: str, talk: Talk) -> Question | None:
        """«кто классный, хочу написать» asks before its reason; «не успеваю, есть продлёнка?» asks what is talk."""
        asked, _ = split_words_at_reason(text)
        if asked and decided_small_talk(asked) is None and (question := self.asked_before_reason(text)) is not None:
            return question
        return self.asked_in_clause(text, only_asked="?" in text) if talk in _REMARKED else None

    def asked_beside(self, text: str) -> Question | None:
        """The one sentence with a question mark, beside others that say why: «Когда каникулы? Берём билеты»."""
        asked, rest = asked_words_and_rest(text)
        if not asked or self.reader.read(rest).of_others:
            return None
        question = self.reader.read(asked)
        return None if question.intent is Intent.UNCLEAR else question

    def _is_asked(self, question: Question) -> bool:
        goes_on = question.is_fragment and self.reader.before is not Intent.UNCLEAR
        return question.intent is not Intent.UNCLEAR or (goes_on and not question.unread)
