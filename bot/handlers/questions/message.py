"""A message may ask for two things: «что задали на завтра и какие уроки» (Q113)."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import timedelta

from bot.handlers.doors import DoorVisit
from bot.handlers.questions.joining import joined_followup_question
from bot.handlers.questions.understanding import understand_question_at_door
from bot.questions.kinds import Asked
from bot.questions.model import CalendarDays, Intent, Question
from bot.questions.people import PeopleInQuestion
from bot.questions.sentence.clauses import pairs_of_questions
from bot.questions.sentence.rewording import words_with_clear_meaning, words_without_courtesy

_SINGLE = {Intent.UNCLEAR, Intent.SETTINGS, Intent.MENU, Intent.LESSON}
"""What is not asked beside something else; a past lesson shows its homework and its mark itself."""

_OF_OTHER_DAYS = {Intent.HOMEWORK, Intent.TIMETABLE, Intent.MARKS, Intent.ABSENCES}
_IN_TWO_WAYS = {Intent.TIMETABLE, Intent.HOLIDAYS}
_OF_PAST = {Intent.MARKS, Intent.ABSENCES}
_NO_DAYS = None, None, None
_ASIDE = {Intent.DEBTS: Asked.DEADLINE, Intent.TEACHERS: Asked.CONTACT, Intent.HOMEWORK: Asked.DONE}
"""What has a line of its own beside the others of a door: «сделала уроки? что по русскому задано»."""

_OF_DAY = {Intent.HOMEWORK, Intent.TIMETABLE, Intent.CONTROL_WORKS}
_OF_WHOLE_DAY = {None, Asked.START, Asked.END, Asked.COUNT, Asked.LEFT, Asked.NUMBER, Asked.NAMES, Asked.CHANGES}
"""What is asked of a day, not of a subject that was named before: «что по физике и во сколько завтра»."""

_PRONOUN = re.compile(r"\b(?:у (?:него|не[её]|них)|он|она|они|ему|ей|им)\b", re.IGNORECASE)
"""«кто у тёмы ведёт физику и во сколько она»: the child is the one that is named before."""

_SUBJECT_MEANT = re.compile(r"\b(?:он|она|оно)\b", re.IGNORECASE)
"""In the same line, «она»: the lesson."""

_BY_SUBJECT = re.compile(r"\bпо\s\w{3,}", re.IGNORECASE)
_BARE = 2
"""Words of a question that takes its day from the other one: «дз и расписание на завтра»."""


async def understand_message_at_door(visit: DoorVisit, words: str) -> Sequence[Question]:
    """The question of a message, or both where it asks two doors; what only one of them names holds for both."""
    words = words_with_clear_meaning(words_without_courtesy(words), visit.today)
    whole = await understand_question_at_door(visit, words)
    if not visit.is_family or not _may_be_two(whole):
        return [whole]
    for texts in pairs_of_questions(words, are_asked=whole.intent is not Intent.UNCLEAR):
        both = await _all_of(visit, *texts)
        if both and not _is_list(whole, both) and _fits(whole, {question.intent for question in both}):
            return both
    return [whole]


def _is_list(whole: Question, both: Sequence[Question]) -> bool:
    """«оценки по алгебре и геометрии за октябрь»: one question about two subjects, in which both have the days."""
    same = {(each.intent, each.asked, each.child_id, each.child_ids) for each in (whole, *both)}
    is_bare = both[0].intent is not whole.intent and both[-1].intent is whole.intent  # «алгебра и геометрия оценки»
    is_of_all = len(whole.subjects) > 1 and {each.subject for each in both} == {*whole.subjects}
    return is_of_all and (len(same) == 1 or is_bare)


def _fits(whole: Question, intents: AbstractSet[Intent]) -> bool:
    """Whether the text as a whole may ask for just these; one that asks for three may be read as two of them."""
    if whole.intent is not Intent.UNCLEAR:
        return whole.intent in intents or len(intents) == 1
    return intents <= {*whole.maybe} or intents > {*whole.maybe}


def _may_be_two(question: Question) -> bool:
    """Whether the text as a whole is understood by itself, if only as a choice between two intents."""
    if question.of_others or question.talk or question.goes_on:
        return False
    return len(question.maybe) > 1 if question.intent is Intent.UNCLEAR else question.intent not in _SINGLE


async def _all_of(visit: DoorVisit, first: str, second: str) -> Sequence[Question]:
    """The questions of these texts; the second may hold two: «какие уроки, что задано и есть ли контрольные»."""
    if not (both := await _both(visit, first, second, None)):
        asked = await understand_question_at_door(visit, first)
        if not _stands_alone(asked):
            return []
        more = await _first_pair(visit, second, asked)
        return _of_one_child([asked, *more]) if more and _differ(asked, more[0]) else []
    more = await _first_pair(visit, second, both[0])
    return _of_one_child([both[0], *more]) if more and both[1].intent in {each.intent for each in more} else both


def _of_one_child(questions: Sequence[Question]) -> Sequence[Question]:
    """The child that the first one names is meant by all that name none."""
    return [_of_child(each, questions[0]) for each in questions]


async def _first_pair(visit: DoorVisit, text: str, before: Question) -> Sequence[Question]:
    """The first way to read two questions in a text that goes on with another one."""
    for texts in pairs_of_questions(text, are_asked=True):
        if both := await _both(visit, *texts, before):
            return both
    return []


async def _both(visit: DoorVisit, first: str, second: str, before: Question | None) -> Sequence[Question]:
    """The two questions of these texts, the second as one that goes on with the first; nothing where one is none."""
    if await _is_one_list(visit, first, second):
        return []
    asked = await understand_question_at_door(visit, first if before is None else f"и {first}", before=before)
    if not _stands_alone(asked) or (before is None and asked.goes_on):
        return []
    names_child = asked.child_id or asked.child_ids or asked.leaves_child
    is_of_subject = _SUBJECT_MEANT.search(second) is not None and asked.subject is not None
    unnamed = _PRONOUN.sub(" ", second) if names_child else second
    other = await understand_question_at_door(visit, f"и {unnamed}", before=asked)
    if asked.asked is Asked.NUMBER and other.intent is Intent.TEACHERS and not (other.subject or other.asked):
        other = replace(asked, asked=Asked.TEACHER)
    if not _stands_alone(other) or not _differ(asked, other):
        return []
    if asked.asked is Asked.AFTER_HOLIDAYS and other.intent in _OF_DAY and _days(other) == _NO_DAYS:
        other = replace(other, calendar_days=CalendarDays.AFTER_HOLIDAYS)
    if len(first.split()) <= _BARE and {asked.intent, other.intent} <= _OF_DAY:
        asked = joined_followup_question(replace(asked, goes_on=True), other)
    if other.intent in _OF_PAST and _days(other) == _NO_DAYS and asked.until and asked.until <= visit.today:
        other = replace(other, since=asked.since, until=asked.until)
    is_of_day = other.intent is Intent.TIMETABLE and other.asked in _OF_WHOLE_DAY and not is_of_subject
    if other.keeps_subject and is_of_day:
        other = replace(other, subject=None, subjects=(), keeps_subject=False)
    return [replace(each, goes_on=False) for each in (_of_child(asked, other), _of_child(other, asked))]


async def _is_one_list(visit: DoorVisit, first: str, second: str) -> bool:
    """«во сколько маша | и | артём заканчивают»: two names in a row are no two questions, unless each has a subject."""
    if _BY_SUBJECT.search(first) and _BY_SUBJECT.search(second):
        return False
    family = PeopleInQuestion(tuple((child.id, child.name) for child in await visit.children()))
    names = [family.named_by(words.strip(" ?,.!").casefold().replace("ё", "е")) for words in _ends(first, second)]
    return all(names)


def _ends(first: str, second: str) -> tuple[str, str]:
    """The last word of the first text and the first one of the second, without the preposition."""
    behind = second.split()
    at = 1 if len(behind) > 1 and behind[0].casefold() == "у" else 0
    return (first.split() or [""])[-1], (behind or [""])[at]


def _stands_alone(question: Question) -> bool:
    is_known = not (question.unread or question.beyond or question.untaught or question.of_others)
    return question.intent not in _SINGLE and is_known


def _differ(question: Question, other: Question) -> bool:
    """Whether they are two: of two doors, of other days, or of one screen that has no line for both."""
    is_of_first = other.subject is None or (other.keeps_subject and question.intent is Intent.MARKS)
    if other.asked is Asked.PLACE and is_of_first:
        return False  # where that is what was asked for before
    are_of_two = question.child_id and other.child_id and question.child_id != other.child_id
    is_of_other = question.intent is other.intent is Intent.FORECAST and bool(question.subject and other.subject)
    is_of_average = question.asked is other.asked is Asked.AVERAGE and question.subject is None
    is_of_other = is_of_other or (is_of_average and other.subject is not None)
    if is_of_other and question.subject != other.subject and not other.keeps_subject:
        return True
    if question.intent is not other.intent or (are_of_two and question.subject != other.subject):
        return True
    if _days(question) != _days(other):
        return question.intent in _OF_OTHER_DAYS and not _adjoin(question, other)
    if question.seasons and other.seasons:
        return question.seasons != other.seasons
    return question.asked is not other.asked and _differ_in_asked(question, other)


def _differ_in_asked(question: Question, other: Question) -> bool:
    """What one screen cannot say in one line: «какие долги и до какого числа сдать»."""
    both = {question.asked, other.asked}
    if question.intent in _ASIDE:
        return _ASIDE[question.intent] in both
    if question.intent is Intent.MARKS:
        return _differ_in_marks(question, other)
    is_of_both = both == {Asked.LENGTH, Asked.AFTER_HOLIDAYS} or not both & {None, Asked.AFTER_HOLIDAYS}
    return question.intent in _IN_TWO_WAYS and is_of_both


def _differ_in_marks(question: Question, other: Question) -> bool:
    """«какой средний балл и сколько двоек», «две пятёрки, и за что по истории», «сколько оценок и какие из них 4»."""
    both = {question.asked, other.asked}
    if Asked.AVERAGE in both:
        return bool(question.marks or other.marks)
    if other.asked is Asked.BY_SUBJECT and question.asked is Asked.WHETHER:
        return True  # «есть четвёрки? по каким предметам»
    if Asked.WHY in both:
        return question.subject != other.subject
    return bool(other.marks) and not question.marks and question.asked in {Asked.COUNT, Asked.WHETHER}


def _adjoin(question: Question, other: Question) -> bool:
    """«за сентябрь и октябрь»: one span of what is past."""
    is_past = question.intent in _OF_PAST and question.asked is other.asked
    return is_past and bool(question.until and other.since == question.until + timedelta(days=1))


def _days(question: Question) -> object:
    return question.since, question.until, question.term


def _of_child(question: Question, other: Question) -> Question:
    """The child that only the other question names is meant by both."""
    if question.child_id or question.child_ids or question.leaves_child:
        return question
    return replace(question, child_id=other.child_id, child_ids=other.child_ids, leaves_child=other.leaves_child)
