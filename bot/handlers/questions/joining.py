"""Joins a question with the one before it, where it goes on with it (Q112)."""

import re
from dataclasses import replace
from datetime import date, timedelta

from bot.handlers.questions.dropping import followup_without_dropped
from bot.handlers.questions.followups import (
    ENDS_ON,
    WEEK,
    days_behind_holidays,
    followup_by_asking,
    followup_by_ordinal,
    followup_of_present,
    is_edge_of_lessons,
    is_end_followup,
    is_exam_of_other_subject,
    is_exam_points_followup,
    is_forecast_of_subject_before,
    is_homework_of_missed_day,
    is_meaning_followup,
    is_place_of_subject,
    is_way_to_teacher,
    is_weekday_behind_holidays,
    is_weekday_of_past,
    is_why_of_forecast,
    is_why_of_no_marks,
    is_why_of_term,
    weeks_to_days_before,
)
from bot.questions.dates.terms import NEXT, PRESENT, PREVIOUS, WHOLE_YEAR
from bot.questions.kinds import Asked
from bot.questions.model import CalendarDays, Final, Intent, Question, Talk
from bot.questions.sentence.clauses import asked_words_and_rest, split_words_at_reason
from core.rules.year import first_day_of_week

_BACK = {Intent.MARKS, Intent.ABSENCES, Intent.DEBTS, Intent.LESSON, Intent.ANNOUNCEMENTS, Intent.EXAMS}
_WITH_TERMS = {Intent.MARKS, Intent.ABSENCES, Intent.DEBTS, Intent.LESSON, Intent.CONTROL_WORKS}
_OF_NO_MARK = {Asked.FINAL, Asked.AVERAGE, Asked.WHY_AVERAGE, Asked.TREND, Asked.CHART, Asked.CHANGES}
"""What is asked of all marks, not of the twos that were spoken of before."""

_OF_NO_DAY_AHEAD = {
    Intent.MARKS, Intent.ABSENCES, Intent.DEBTS, Intent.EXAMS, Intent.HOLIDAYS, Intent.TEACHERS, Intent.FORECAST,
}  # fmt: skip
"""«что на завтра» goes on with none of these."""

_OF_NO_DAYS = {Intent.HOLIDAYS, Intent.TEACHERS, Intent.FORECAST, Intent.RECOMMENDATIONS}
_OF_SCHOOL_DAYS = {Intent.TIMETABLE, Intent.HOMEWORK, Intent.CONTROL_WORKS}
_ALONE = {Intent.UNCLEAR, Intent.SETTINGS, Intent.MENU}
_OF_ALL_SUBJECTS = {Intent.DEBTS, Intent.HOLIDAYS, Intent.ANNOUNCEMENTS}
"""«а долги?» after marks of a subject: the few debts of all subjects name theirs, and news are of the whole school."""

_NO_LESSON_OF = re.compile(
    r"\W*(?:а\s)?[^\W\d]{3,}\s(?:сегодня|завтра|послезавтра|в\s\w+)\s(?:не будет|нет|же нет)\b", re.IGNORECASE
)
"""«химии завтра нет ведь?»: a lesson, whatever was asked before."""

_WHAT_ALONE = re.compile(r"\W*(?:что|ч[еёо]|шо)\s(?:там\s)?(?:у\s\w+\s)?(?:по|с)\s", re.IGNORECASE)
"""«что по физике завтра» asks anew, unless behind what may be asked so."""

_OF_CONTENT = {Intent.HOMEWORK, Intent.MARKS, Intent.LESSON, Intent.ABSENCES, Intent.DEBTS, Intent.FORECAST}
_CORRECT = re.compile(
    r"\b(?:как|можно|могут|надо|хочу)\s(?:\w+\s){0,2}?(?:исправить|убрать|снять|поправить|изменить|поменять|переправить)\b|\bошибк\w*"
    r"|\bя был[аи]?\sна\s(?:урок|н[её]м)|\bне прогул\w*|\bне прогуливал\w*"
    r"|\b(?:кому|кто)\b.*\b(?:чтоб\w*\s)?(?:убра|сня|исправ|поправ)\w+",
    re.IGNORECASE,
)
"""«я был, как это исправить» behind a question about absences: what is recorded."""

_OF_MARK = re.compile(r"средн|четверт|пят[её]р|четв[её]р|трой|двой|оцен|отмет|\b[2-5]\b", re.IGNORECASE)
_DIARY = re.compile(r"\bдневник\b", re.IGNORECASE)
"""«дневник за неделю»: of what, is asked back, whatever was spoken of."""

_ASKS = re.compile(r"\b(?:что|ч[её]|как(?:ой|ая|ое|ие)|кто)\b", re.IGNORECASE)
_SUCH = re.compile(r"\b(?:такая|такой|такие|такую|эта|эту|этот|эти)\b", re.IGNORECASE)
"""«почему такая оценка?»: one of those before."""

_MOST_WORDS_OF_CHOICE = 3
"""Words that choose between what the bot offers: «а средний балл»."""

_IS_SET = re.compile(r"\bвыстав(?:ил|лен)\w*", re.IGNORECASE)
"""«а Артёму уже выставили?» behind final marks: those."""

_MOST_WORDS_OF_PART = 8
_TOO = re.compile(r"\b(?:тоже|также|так же)\b", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(?:он|она|они|его|е[её]|их|него|не[её]|них)\b", re.IGNORECASE)
"""«за что она?»: the mark, not the daughter."""

_OF_CHILD = re.compile(r"\s?\bу\s(?:него|не[её]|них|\w+)\b", re.IGNORECASE)
"""«а у Маши лучше всего?» goes on as «а лучше всего?»."""


def is_understood_by_no_door(question: Question) -> bool:
    """Whether nothing is known of a question, not even why it cannot be answered."""
    is_known = question.maybe or question.of_others or question.subjects or question.untaught or question.bad_dates
    return question.intent is Intent.UNCLEAR and question.talk is None and not is_known


def question_joined_to_before(
    question: Question, words: str, before: Question, *, today: date, child_id: int | None, is_half: bool = False
) -> Question:
    """The question as one that goes on with the one before, if it does.

    `child_id`: whom the chat is about; `is_half`: the words are one half of a message.
    """
    if before.intent is Intent.ABSENCES and _CORRECT.search(words) and not _OF_MARK.search(words):
        return Question(Intent.UNCLEAR, talk=Talk.RECORD)
    if before.intent is Intent.UNCLEAR and (_is_choice(question, words) or question.intent is not Intent.UNCLEAR):
        return _as_chosen(question, before, words)
    question = _as_said_behind(question, words, before, child_id)
    known = followup_of_present(words, before, today) or _known_way(question, words, before)
    if known is not None and (known.intent is not Intent.SETTINGS or is_understood_by_no_door(question)):
        return _of_what_is_named(known, question, words)
    if _is_the_same_of_other_child(question, words, before):
        return replace(before, child_id=question.child_id, child_ids=question.child_ids, goes_on=True)
    if not is_half and _is_loose_part(question, words, before):
        question = replace(question, is_fragment=True)
    if not is_followup_question(question, before, today):
        return replace(question, goes_on=False)
    return followup_without_dropped(joined_followup_question(question, before), question, words, child_id)


def _of_what_is_named(known: Question, question: Question, words: str) -> Question:
    """A way of `followups.csv` with the subject and the child that the words name beside it."""
    known = replace(known, marks=(), work=()) if known.asked is Asked.AVERAGE else known
    named = question.subject or (question.subjects[0] if len(question.subjects) == 1 else None)
    if named is not None:
        known = replace(known, subject=named, subjects=(), keeps_subject=False)
    is_named = (question.child_id or question.child_ids) and _PRONOUN.search(words) is None
    return replace(known, child_id=question.child_id, child_ids=question.child_ids) if is_named else known


def _is_the_same_of_other_child(question: Question, words: str, before: Question) -> bool:
    """«у Тёмы тоже с 5-го?» behind a question about Маша."""
    is_named = bool(question.child_id or question.child_ids) and question.intent is Intent.UNCLEAR
    is_bare = not (question.subjects or question.maybe or question.talk or question.of_others)
    return is_named and is_bare and before.intent not in _ALONE and _TOO.search(words) is not None


def _is_loose_part(question: Question, words: str, before: Question) -> bool:
    """«и на прошлой неделе тоже ничего не было?»: of what, only the question before tells."""
    is_clear = question.intent is not Intent.UNCLEAR or bool(question.maybe)
    is_other = question.talk or question.of_others or question.bad_dates or question.untaught or question.beyond
    names_child = bool(question.child_id or question.child_ids) and _PRONOUN.search(words) is None
    has_part = question.since or question.term or question.calendar_days or question.subjects or names_child
    is_short = len(words.split()) <= _MOST_WORDS_OF_PART and len(question.unread) <= 1
    is_open = not (is_clear or is_other or before.intent in _ALONE or _WHAT_ALONE.match(words))
    return is_open and bool(has_part) and is_short


def _is_choice(question: Question, words: str) -> bool:
    """«а средний балл», but not «покажи мои пятёрки», which asks anew."""
    has_own = question.marks or question.absences or question.intent in _OF_ALL_SUBJECTS or question.talk
    return len(words.split()) <= _MOST_WORDS_OF_CHOICE and not has_own


def _as_chosen(question: Question, before: Question, words: str) -> Question:
    """«средний» behind «Математика: что показать?»; what says in full what was not understood stands alone."""
    if not _is_choice(question, words):
        is_of_mark = question.intent is Intent.FORECAST and bool(question.mark) and before.subject is not None
        is_plain = is_of_mark and not (question.subject or question.subjects or question.wish)
        return replace(question, goes_on=False, subject=before.subject if is_plain else question.subject)
    is_named = question.subject or question.subjects or question.since or question.term or question.calendar_days
    if question.intent in _ALONE or is_named or question.child_id:
        return replace(question, goes_on=False)
    subject = before.subject
    return replace(question, subject=subject, subjects=before.subjects, since=before.since, until=before.until)


def _as_said_behind(question: Question, words: str, before: Question, child_id: int | None) -> Question:
    """What these words mean behind the question before."""
    if _asks_anew(question, words, before):
        question = replace(question, is_fragment=False)
    if is_why_of_forecast(question, before) or is_why_of_term(words, question, before):
        term = question.term or PRESENT
        return replace(question, subject=before.subject, term=term, goes_on=True, keeps_subject=True)
    goes_on = is_edge_of_lessons(words, question, before) or is_way_to_teacher(words, question, before)
    goes_on = goes_on or is_place_of_subject(words, question, before) or is_why_of_no_marks(question, before)
    is_beside = {question.asked, before.asked} <= {Asked.AFTER, Asked.BEFORE} and question.since is None
    goes_on = goes_on or (is_beside and question.intent is before.intent and _ASKS.search(words) is None)
    goes_on = goes_on or (question.asked is Asked.COUNT and bool(before.marks) and _PRONOUN.search(words) is not None)
    is_of_day = question.number is not None and question.since is None and before.since == before.until is not None
    goes_on = goes_on or (is_of_day and question.intent is before.intent is Intent.TIMETABLE)
    goes_on = goes_on or (question.asked is Asked.WHY and _SUCH.search(words) is not None)
    goes_on = goes_on or (question.asked is Asked.WHY_AVERAGE and question.subject is None and bool(before.subject))
    question = _of_final_before(question, words, before)
    if goes_on:
        question = replace(question, goes_on=True)
    question = _of_days_before(question, words, before)
    if is_meaning_followup(words, question, before):
        question = replace(question, asked=Asked.MEANING)
    if question.intent is before.intent is Intent.HOLIDAYS and question.goes_on and question.asked is None:
        question = replace(question, asked=before.asked if before.asked is Asked.LENGTH else None)
    if is_end_followup(words, question, before):
        question = replace(question, asked=Asked.END)
    if question.is_fragment and before.intent is not Intent.TIMETABLE and _NO_LESSON_OF.search(words):
        named = question.subject or next(iter(question.subjects), None)
        question = replace(
            question, intent=Intent.TIMETABLE, subject=named, subjects=(), asked=Asked.WHETHER, is_fragment=False
        )
    if is_exam_points_followup(words, question, before):
        question = replace(question, intent=Intent.EXAMS, asked=None, since=None, until=None)
    if is_exam_of_other_subject(question, before):
        return replace(before, subject=question.subject, subjects=(), goes_on=True)
    if is_forecast_of_subject_before(words, question, before, child_id):
        question = replace(question, goes_on=True, wish=None)
    return question


def _of_final_before(question: Question, words: str, before: Question) -> Question:
    """«а Артёму выставили?», «почему средний 3,09» behind the marks of a term."""
    is_set_too = question.intent is before.intent is Intent.MARKS and before.asked is Asked.FINAL and question.goes_on
    if is_set_too and question.since is None and _IS_SET.search(words):
        question = replace(question, asked=Asked.FINAL, term=before.term)
    is_of_final = before.intent is Intent.MARKS and bool(before.term) and len(before.told) == 1
    if question.asked is Asked.WHY_AVERAGE and question.subject is None and is_of_final:
        question = replace(question, subject=before.told[0])
    return question


def _of_days_before(question: Question, words: str, before: Question) -> Question:
    """The days that the question before gives to these words."""
    if question.since and question.until and is_weekday_of_past(words, question.since, before):
        question = replace(question, since=question.since - WEEK, until=question.until - WEEK)
    if question.since and question.until and (weeks := weeks_to_days_before(words, question, before)):
        question = replace(question, since=question.since + WEEK * weeks, until=question.until + WEEK * weeks)
    if is_weekday_behind_holidays(words, question, before):
        question = replace(question, calendar_days=CalendarDays.AFTER_HOLIDAYS)
    if question.calendar_days is None and (days := days_behind_holidays(words, question, before)) is not None:
        question = replace(question, calendar_days=days, since=None, until=None)
    if is_homework_of_missed_day(words, question, before):
        question = replace(question, since=before.since, until=before.until, is_given=True)
    return question


def _asks_anew(question: Question, words: str, before: Question) -> bool:
    """«что по физике», «закончит на отлично?»: no part of the question before."""
    if _DIARY.search(words) or (question.intent is Intent.HOMEWORK and before.asked is Asked.CHANGES):
        return True
    is_of_span = before.intent is Intent.HOMEWORK and question.until != question.since
    is_of_content = _WHAT_ALONE.match(words) is not None and (is_of_span or before.intent not in _OF_CONTENT)
    is_of_subjects = question.subject or "предмет" in words.casefold()
    is_wished = question.intent is Intent.FORECAST and bool(question.wish and is_of_subjects)
    return is_of_content or is_wished or (question.intent is Intent.FORECAST and ENDS_ON.search(words) is not None)


def _known_way(question: Question, words: str, before: Question) -> Question | None:
    """One of the ways of `followups.csv`, also with a child beside it."""
    asked, _ = asked_words_and_rest(words)
    bare = split_words_at_reason(words)[0] or (asked if asked and words.startswith(asked) else words)
    known = followup_by_ordinal(bare, before) or followup_by_asking(bare, before)
    if known is None and (question.child_id or question.child_ids):
        return followup_by_asking(_OF_CHILD.sub(" ", bare), before)
    return known


def is_followup_question(question: Question, before: Question, today: date) -> bool:
    """Whether these words may be understood only by the question before.

    «что на завтра» asks nothing of marks or holidays.
    """
    if before.intent in _ALONE or question.of_others or question.talk is not None:
        return False
    if question.is_fragment:
        return _is_fragment_of(question, before, today)
    if _asks_why_of_term(question, before):
        return True
    keeps_marks = question.intent is before.intent is Intent.MARKS and bool(before.marks)
    return question.goes_on and (keeps_marks or _keeps_subject(question, before) or _keeps_dates(question, before))


def _is_fragment_of(question: Question, before: Question, today: date) -> bool:
    if question.absences:
        return before.intent is Intent.ABSENCES
    if question.asked is Asked.FINAL and before.intent not in {Intent.MARKS, Intent.FORECAST}:
        return False
    if question.since is not None and question.since > today and before.intent in _OF_NO_DAY_AHEAD:
        return False
    if before.intent in {Intent.ANNOUNCEMENTS, Intent.HOLIDAYS} and (question.subjects or question.subject):
        return False
    is_of_year = before.intent is Intent.FORECAST and question.term == WHOLE_YEAR
    return question.term is None or before.intent in _WITH_TERMS or is_of_year


def _asks_why_of_term(question: Question, before: Question) -> bool:
    """«почему 4, если средний 3 с копейками» after a question about a term's mark."""
    is_why = question.asked is Asked.WHY and question.intent is before.intent is Intent.MARKS
    is_of_term = before.asked is Asked.FINAL and bool(before.subject)
    return is_why and is_of_term and not (question.subjects or question.term or question.since)


def joined_followup_question(question: Question, before: Question) -> Question:
    """The question before with what these words change."""
    if not question.is_fragment:
        return _with_other_intent(question, before)
    named = question.subjects or tuple(filter(None, (question.subject,)))
    joined = replace(
        before, goes_on=True, keeps_subject=not named, unread=question.unread, order=question.order or before.order,
        untaught=question.untaught, form=question.form,
        asked=question.asked or (None if before.asked is Asked.NOW else before.asked),
        absences=question.absences or before.absences, marks=question.marks or before.marks,
        number=question.number or (None if named else before.number),
    )  # fmt: skip
    if (question.untaught and not named) or question.is_ambiguous or question.bad_dates:
        return replace(question, maybe=(before.intent,), is_fragment=False)
    if named:
        several = len(named) > 1
        joined = replace(joined, subject=None if several else named[0], subjects=named if several else ())
    if question.child_id or question.child_ids or question.leaves_child or question.form:
        joined = replace(
            joined, child_id=question.child_id, child_ids=question.child_ids, leaves_child=question.leaves_child
        )
    if question.shift and before.since and before.until:
        length = before.until - before.since + timedelta(days=1)
        first = first_day_of_week(before.until) if length == WEEK else before.since  # «за неделю» ends today
        dates = first + length * question.shift, first + length * (question.shift + 1) - timedelta(days=1)
        return replace(joined, since=dates[0], until=dates[1])
    if question.shift and (before.term is not None or before.calendar_days is CalendarDays.UNTIL_TERM_ENDS):
        next_term = NEXT if before.term in {None, PRESENT} else PRESENT
        return replace(joined, term=PREVIOUS if question.shift < 0 else next_term, calendar_days=None)
    return _with_other_dates(joined, question)


def _with_other_dates(joined: Question, question: Question) -> Question:
    if question.since is None and question.term is None and question.calendar_days is None:
        return joined
    if joined.intent is Intent.FORECAST and question.term == WHOLE_YEAR:
        return replace(joined, final=Final.YEAR, term=None)
    return replace(
        joined, since=question.since, until=question.until, term=question.term, calendar_days=question.calendar_days
    )


def _keeps_subject(question: Question, before: Question) -> bool:
    is_named = question.subject or question.subjects or question.about or question.untaught
    has_own = bool(is_named) or question.asked in {Asked.CLASS_TEACHER, Asked.LEFT}
    is_open = question.intent not in _ALONE | _OF_ALL_SUBJECTS and question.number is None
    if question.intent is before.intent is Intent.CONTROL_WORKS and question.since is not None:
        return False  # «а какие контрольные на следующей неделе?» behind those of a subject
    return is_open and not has_own and bool(before.subject or before.subjects)


def _keeps_dates(question: Question, before: Question) -> bool:
    """Only where both look the same way, ahead or back; «а когда…» asks for the day itself."""
    is_of_one = question.asked is Asked.WHEN or (question.asked is Asked.WHY and question.subject is not None)
    if is_of_one or question.intent in _OF_NO_DAYS or question.asked is Asked.FINAL:
        return False
    has_own = question.since or question.term or question.calendar_days or question.seasons
    if before.intent is Intent.FORECAST or (question.asked is Asked.WHY and question.intent is not before.intent):
        return False
    if question.absences and before.asked is Asked.WHY:  # «а опоздания были?» behind the reason of one absence
        return False
    is_same_way = (question.intent in _BACK) == (before.intent in _BACK)
    has_days = before.since is not None or (before.term is not None and question.intent is before.intent)
    return question.intent not in _ALONE and not has_own and is_same_way and has_days


def _with_other_intent(question: Question, before: Question) -> Question:
    """«а оценки?», «а во сколько?»: the subject stays, and the day as far as it fits."""
    joined = question
    if _asks_why_of_term(question, before):
        joined = replace(joined, goes_on=True, term=before.term or PRESENT)
    is_list = question.intent is before.intent is Intent.MARKS and question.asked not in _OF_NO_MARK
    if is_list and not (question.marks or question.work):
        joined = replace(joined, marks=before.marks)
    if _keeps_subject(question, before):
        joined = replace(joined, subject=before.subject, subjects=before.subjects, keeps_subject=True)
    if question.asked is Asked.PLACE and not joined.subject:
        joined = replace(joined, number=question.number or before.number)
    if _keeps_dates(question, before):
        days = before.calendar_days if question.intent in _OF_SCHOOL_DAYS else None
        joined = replace(joined, since=before.since, until=before.until, calendar_days=days, term=before.term)
    return joined
