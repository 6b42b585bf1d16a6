"""A question may go on with the one before it: «а по химии?», «а на среду?», «а у Маши?» (Q112).

`followups.csv` has a row for each way that changes what is asked: after questions of which intents, what the text says,
the new intent, what is asked then (`none`: nothing in particular), the new wish of a forecast, and an example.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from bot.questions.asked import names_class_teacher
from bot.questions.dates.terms import PRESENT, PREVIOUS, WHOLE_YEAR, ordinal_alone_in_question
from bot.questions.model import LAST, Asked, CalendarDays, Final, Intent, Question, Wish
from bot.questions.tables import question_table_rows
from core.rules.results.terms import term_key

NOTHING = "none"
LONGEST_PAUSE = timedelta(minutes=10)
"""After this pause a question stands alone."""

_BACK = {Intent.MARKS, Intent.ABSENCES, Intent.DEBTS, Intent.LESSON, Intent.ANNOUNCEMENTS, Intent.EXAMS}
_WITH_TERMS = {Intent.MARKS, Intent.ABSENCES, Intent.DEBTS, Intent.LESSON, Intent.CONTROL_WORKS}
_OF_ALL = re.compile(
    r"предмет|\bвсем|\bвсё|\bвсе\b|везде|\bгде|\bкак(?:ие|им|их|ой)\b|троек|двоек|\b(?:будут|выйдут|выходят|получаются)\b|\bбез\s|отличн|хорошист|ударник|законч|средн",
    re.IGNORECASE,
)
"""Words of a forecast that is asked of all subjects."""

_MARK_ALONE = re.compile(
    r"\W*(?:а|и|ну а)\s+(?:на\s|если\s)?(?P<mark>пят[её]рк\w|четв[её]рк\w|тройк\w|двойк\w|[2-5])\W*", re.IGNORECASE
)
_MARKS = {"пят": 5, "четв": 4, "трой": 3, "двой": 2, "5": 5, "4": 4, "3": 3, "2": 2}
"""«а пятёрку?» after a question about a four."""

_LAST_ONE = re.compile(r"\W*(?:а\s)?последн(?:ий|им|ем)(?:\sурок\w*)?(?:\sкакой)?\W*", re.IGNORECASE)
_OF_NO_MARK = {Asked.FINAL, Asked.AVERAGE, Asked.WHY_AVERAGE, Asked.TREND, Asked.CHART, Asked.CHANGES}
"""What is asked of all marks, not of the twos that were spoken of before."""

_BEGINS = re.compile(r"начин|начн|нача|приход|ко? скольк|вста|буд|первы", re.IGNORECASE)
_ALL_SUBJECTS = re.compile(
    r"\W*(?:а|и)?\s*(?:по|за)\s(?:всем|остальным|другим)(?:\s(?:предметам|остальным|урокам))?\W*", re.IGNORECASE
)
_THEM = re.compile(r"\b(?:им|их|они|них|ними)\b", re.IGNORECASE)
"""Both children, where both were spoken of before."""

_OF_TERM_DATES = {Asked.TERM_END, Asked.TERM_START}
_TERM_DATE = re.compile(
    r"\W*(?:а|и|ну)?\s*(?P<which>\w+)(?:\sчетверть)?(?:\sкогда)?"
    r"(?:\s(?:(?P<starts>начин\w+|начн\w+)|(?P<ends>законч\w+|заканч\w+|конч\w+)))?"
    r"(?:\sи\s(?:до какого|когда|на сколько)(?:\s(?:числ\w+|законч\w+|заканч\w+|конч\w+|кончается))?)?\W*",
    re.IGNORECASE,
)
"""«а вторая когда начинается?» after a question about the end of the first term."""

FEWEST_WORDS = 2
"""Words of a question that says nothing by itself: «до скольки»."""

_ALONE = {Intent.UNCLEAR, Intent.SETTINGS, Intent.MENU}
_OF_ALL_SUBJECTS = {Intent.DEBTS, Intent.HOLIDAYS}
"""«а долги?» after marks of a subject: the few debts of all subjects name theirs."""


def remembered_followup(question: Question, *, at: datetime) -> Mapping[str, Any]:
    """What a chat keeps of a question, as plain JSON; the child is kept as the child that the chat is about."""
    return {
        "at": at.isoformat(),
        "intent": str(question.intent),
        "subjects": [question.subject] if question.subject else list(question.subjects),
        "since": question.since and question.since.isoformat(),
        "until": question.until and question.until.isoformat(),
        "term": question.term,
        "asked": question.asked and question.asked.name,
        "marks": list(question.marks),
        "number": question.number,
        "absences": list(question.absences),
        "is_given": question.is_given,
        "calendar_days": question.calendar_days and question.calendar_days.name,
        "mark": question.mark,
        "is_supposed": question.is_supposed,
        "is_heavy": question.is_heavy,
        "work": list(question.work) if question.intent is Intent.FORECAST else [],
        "wish": question.wish and str(question.wish),
        "final": question.final and str(question.final),
        "children": list(question.child_ids),
    }


def recalled_followup(kept: Mapping[str, Any], *, now: datetime) -> Question | None:
    """The question before, if the pause was not too long."""
    if not kept or now - datetime.fromisoformat(kept["at"]) > LONGEST_PAUSE:
        return None
    subjects = tuple(kept["subjects"])
    return Question(
        Intent(kept["intent"]),
        subject=subjects[0] if len(subjects) == 1 else None,
        subjects=subjects if len(subjects) > 1 else (),
        since=kept["since"] and date.fromisoformat(kept["since"]),
        until=kept["until"] and date.fromisoformat(kept["until"]),
        term=kept["term"],
        asked=Asked[kept["asked"]] if kept["asked"] else None,
        marks=tuple(kept["marks"]),
        number=kept["number"],
        absences=tuple(kept.get("absences", ())),
        is_given=kept["is_given"],
        calendar_days=CalendarDays[kept["calendar_days"]] if kept["calendar_days"] else None,
        mark=kept["mark"],
        is_supposed=kept["is_supposed"],
        is_heavy=kept.get("is_heavy", False),
        work=tuple(kept.get("work", ())),
        wish=Wish(kept["wish"]) if kept.get("wish") else None,
        final=Final(kept["final"]) if kept.get("final") else None,
        child_ids=tuple(kept["children"]),
    )


def is_followup_question(question: Question, before: Question) -> bool:
    """Whether these words may be understood only by the question before."""
    if before.intent in _ALONE or question.of_others or question.talk is not None:
        return False
    if question.absences and question.is_fragment:
        return before.intent is Intent.ABSENCES
    if question.is_fragment:
        if before.intent is Intent.ANNOUNCEMENTS and (question.subjects or question.subject):
            return False
        is_of_year = before.intent is Intent.FORECAST and question.term == WHOLE_YEAR
        return question.term is None or before.intent in _WITH_TERMS or is_of_year
    if _asks_why_of_term(question, before):
        return True
    keeps_marks = question.intent is before.intent is Intent.MARKS and bool(before.marks)
    return question.goes_on and (keeps_marks or _keeps_subject(question, before) or _keeps_dates(question, before))


def _asks_why_of_term(question: Question, before: Question) -> bool:
    """«почему 4, если средний 3 с копейками» after a question about a term's mark."""
    is_why = question.asked is Asked.WHY and question.intent is before.intent is Intent.MARKS
    is_of_term = before.asked is Asked.FINAL and bool(before.subject)
    return is_why and is_of_term and not (question.subject or question.subjects or question.term or question.since)


def is_forecast_of_subject_before(words: str, question: Question, before: Question, child_id: int | None) -> bool:
    """«4 выйдет?», «сколько пятёрок надо» right after a question about one subject: in that subject.

    `child_id`: the child that the chat is about.
    """
    is_of_one = question.intent is Intent.FORECAST and question.mark is not None and question.wish in {None, Wish.WHICH}
    is_other = question.child_id not in {None, child_id} or question.child_ids or question.leaves_child
    has_own = question.subject or question.subjects or is_other
    is_after_one = before.intent in {Intent.MARKS, Intent.FORECAST} and before.subject is not None
    return is_of_one and is_after_one and not has_own and _OF_ALL.search(words) is None


def speaks_of_children_before(words: str, question: Question, before: Question) -> bool:
    """«а ко скольки им завтра» after a question about both children."""
    is_named = question.child_id or question.child_ids or question.leaves_child or question.form
    return bool(before.child_ids) and not is_named and _THEM.search(words) is not None


def is_end_followup(words: str, question: Question, before: Question) -> bool:
    """«а Тёма во сколько?» after «во сколько освободится Маша»."""
    is_time = question.asked is Asked.START and question.goes_on and _BEGINS.search(words) is None
    return is_time and before.asked is Asked.END and before.intent is question.intent


def is_meaning_followup(words: str, question: Question, before: Question) -> bool:
    """«а осв?» after «что значит нп»."""
    is_code = question.intent is Intent.ABSENCES and bool(question.absences) and len(words.split()) <= FEWEST_WORDS
    return before.asked is Asked.MEANING and is_code


def is_exam_points_followup(words: str, question: Question, before: Question) -> bool:
    """«а по русскому сколько баллов» after a question about the results of an exam."""
    is_of_marks = question.intent is Intent.MARKS and not question.marks
    return (
        before.intent is Intent.EXAMS and is_of_marks and "балл" in words.casefold() and "средн" not in words.casefold()
    )


def is_edge_of_lessons(question: Question, before: Question) -> bool:
    """«до скольки» after a question about the lessons of a day: when those end."""
    is_edge = question.asked in {Asked.START, Asked.END, Asked.NUMBER} and question.since is None
    return is_edge and question.intent is before.intent is Intent.TIMETABLE


def is_way_to_teacher(words: str, question: Question, before: Question) -> bool:
    """«как с ней связаться» after a question about the teacher of a subject; the class teacher is another one."""
    return (
        not names_class_teacher(words)
        and question.asked is Asked.CONTACT
        and question.intent is before.intent is Intent.TEACHERS
    )


def followup_by_ordinal(words: str, before: Question) -> Question | None:
    """«а за вторую?» after a question about the first term, «а третий?» after one about the first lesson."""
    if before.asked in _OF_TERM_DATES and (found := _TERM_DATE.fullmatch(words.strip())) is not None:
        asked = Asked.TERM_START if found["starts"] else Asked.TERM_END if found["ends"] else before.asked
        number = ordinal_alone_in_question(found["which"])
        return replace(before, term=term_key(f"{number} четверть"), asked=asked, goes_on=True) if number else None
    if before.asked is Asked.NUMBER and _LAST_ONE.fullmatch(words.strip()):
        return replace(before, number=LAST, goes_on=True, keeps_subject=True)
    number = ordinal_alone_in_question(words)
    if number is None:
        return None
    if before.asked is Asked.NUMBER:
        return replace(before, number=number, goes_on=True, keeps_subject=True)
    unit = (before.term or "").partition(" ")[2]
    return (
        replace(before, term=f"{number} {unit}", since=None, until=None, goes_on=True, keeps_subject=True)
        if unit
        else None
    )


def followup_by_asking(words: str, before: Question) -> Question | None:
    """«за что?» after a question about marks, «а когда?»: the same, but what the row of `followups.csv` changes."""
    said = words.strip()
    for intents, pattern, changes in _ways_to_go_on():
        if before.intent in intents and pattern.fullmatch(said):
            return replace(before, goes_on=True, keeps_subject=True, **changes)
    if _ALL_SUBJECTS.fullmatch(said) and (before.subject or before.subjects):
        return replace(before, subject=None, subjects=(), goes_on=True)
    return _with_other_mark(said, before)


def _with_other_mark(said: str, before: Question) -> Question | None:
    """«а пятёрку?» after a forecast of a four: the mark that is hoped for, or the one that is supposed."""
    other = _MARK_ALONE.fullmatch(said)
    if other is None or before.intent is not Intent.FORECAST or not before.mark:
        return None
    mark = next(mark for begins, mark in _MARKS.items() if other["mark"].casefold().startswith(begins))
    marks = (mark,) if before.is_supposed else before.marks
    return replace(before, mark=mark, marks=marks, goes_on=True, keeps_subject=True)


@cache
def _ways_to_go_on() -> Sequence[tuple[AbstractSet[Intent], re.Pattern[str], Mapping[str, Any]]]:
    """What goes on with questions of these intents, and what it changes in them."""
    return [
        (
            frozenset(map(Intent, row["before"].split())),
            re.compile(rf"\W*(?:(?:а|и|ну|но)\s+)?(?:{row['says']})\W*", re.IGNORECASE),
            dict(_changes(row)),
        )
        for row in question_table_rows("followups")
    ]


def _changes(row: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    if row["intent"]:
        yield "intent", Intent(row["intent"])
    if row["asked"]:
        yield "asked", None if row["asked"] == NOTHING else Asked[row["asked"].upper()]
    if row["wish"]:
        yield "wish", Wish(row["wish"])


def joined_followup_question(question: Question, before: Question) -> Question:
    """The question before with what these words change."""
    if not question.is_fragment:
        return _with_other_intent(question, before)
    named = question.subjects or tuple(filter(None, (question.subject,)))
    joined = replace(
        before, goes_on=True, keeps_subject=not named, unread=question.unread,
        untaught=question.untaught, form=question.form,
        asked=question.asked or before.asked, absences=question.absences or before.absences,
        number=before.number if question.number is None else question.number,
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
        dates = before.since + length * question.shift, before.until + length * question.shift
        return replace(joined, since=dates[0], until=dates[1])
    if question.shift and before.term is not None:
        return replace(joined, term=PREVIOUS if question.shift < 0 else PRESENT)
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
    has_own = question.subject or question.subjects or question.about or question.untaught
    is_open = question.intent not in _ALONE | _OF_ALL_SUBJECTS and question.number is None
    return is_open and not has_own and bool(before.subject or before.subjects)


def _keeps_dates(question: Question, before: Question) -> bool:
    """Only where both look the same way, ahead or back."""
    has_own = question.since or question.term or question.calendar_days or question.seasons
    is_same_way = (question.intent in _BACK) == (before.intent in _BACK)
    return question.intent not in _ALONE and not has_own and is_same_way and before.since is not None


def _with_other_intent(question: Question, before: Question) -> Question:
    """«а оценки?», «а во сколько?»: the subject stays, and the day as far as it fits."""
    joined = question
    if _asks_why_of_term(question, before):
        joined = replace(joined, goes_on=True, term=before.term)
    is_list = question.intent is before.intent is Intent.MARKS and question.asked not in _OF_NO_MARK
    if is_list and not (question.marks or question.work):
        joined = replace(joined, marks=before.marks)
    if _keeps_subject(question, before):
        joined = replace(joined, subject=before.subject, subjects=before.subjects, keeps_subject=True)
    if _keeps_dates(question, before):
        joined = replace(joined, since=before.since, until=before.until)
    return joined
