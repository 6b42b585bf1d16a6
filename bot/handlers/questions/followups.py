"""A question may go on with the one before it: «а по химии?», «а на среду?», «а у Маши?» (Q112).

`followups.csv` has a row for each way that changes what is asked: after questions of which intents, what the text says,
the new intent, what is asked then (`none`: nothing in particular), the new wish of a forecast, and an example.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from bot.questions.asked.reading import names_class_teacher
from bot.questions.dates.terms import PRESENT, ordinal_alone_in_question
from bot.questions.intents import is_exam_named
from bot.questions.kinds import Asked
from bot.questions.model import LAST, CalendarDays, Intent, Question, Wish
from bot.questions.tables import question_table_rows
from core.rules.results.terms import term_key
from core.rules.year import first_day_of_week

NOTHING = "none"
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
_OF_ALL = re.compile(
    r"предмет|\bвсем|\bвсё|\bвсе\b|везде|\bгде|\bкак(?:ие|им|их|ой)\b|троек|двоек|тройки\b|двойки\b|\b(?:будут|выйдут|выходят|получаются)\b|\bбез\s|отличн|хорошист|ударник|законч|средн",
    re.IGNORECASE,
)
"""Words of a forecast that is asked of all subjects."""

ENDS_ON = re.compile(
    r"\b(?:законч|оконч)\w+\b.*\bна\b|\b(?:выход\w+|ид[её]т|тян\w+)\s(?:\w+\s)?на\s(?:отлично|одни пят)\w*"
    r"|\bна\s(?:отлично|одни|все|пят|четв|хорош|[45])\w*\b.*\b(?:законч|оконч)\w+",
    re.IGNORECASE,
)
"""«закончит четверть на отлично»: in all subjects, whatever was asked before."""

WHY_OF_TERM = re.compile(
    r"\bпочему\b.*\b[2-5]\b(?:\s[^\W\d]+){0,2},?\sа\sне\s[2-5]\b|\bпочему\s(?:\w+\s)?не\s[345]\b"
    r"|\bпочему\b.*\b[2-5]\b.*\b(?:в|за)\s(?:\w+\s)?(?:четверт|триместр|полугод)"
    r"|\bпочему\b.*\b[2-5]\b.*\b(?:если|когда|при|хотя)\s(?:\w+\s)?средн"
    r"|\bпочему\b.*\b(?:[2-5]|четв[её]рка|тройка)\s(?:при|с)\s(?:оценках\s|одних\s)?[2-5]\b"
    r"|\bпочему\b.*\b(?:[2-5]|четв[её]рка|тройка|пять|четыре|три)\b.*\b(?:если|когда|хотя)\s(?:\w+\s){0,4}?(?:последн|все|одни|пят|четв|тро|три\b|дво|оценки)"
    r"|\bпочему\b.*\b[2-5]\b,\s(?:там|ведь|хотя)\s",
    re.IGNORECASE,
)
"""«почему 4, а не 5», «почему 4 в четверти»: it asks for the reason of a term's mark."""

MARK_OF_TERM = re.compile(
    r"\bпочему\b.*?\b([2-5])\b(?!,?\sа\sне\b).*\b(?:в|за)\s(?:\w+\s)?(?:четверт|триместр|полугод)", re.IGNORECASE
)
"""«почему 4 в четверти»: that mark."""

_MARK_ALONE = re.compile(
    r"\W*(?:а|и|ну а)\s+(?:чтоб\w*\s|если\s)?(?:по\s[^\W\d]+\s)?(?:хотя бы\s|хоть\s)?"
    r"(?:на\s|до\s|для\s|получить\s|была\s)?"
    r"(?P<mark>пят[её]рк\w|четв[её]рк\w|тройк\w|двойк\w|пять|четыре|три|два|[2-5])"
    r"(?:\s(?:получит|получу|поставят))?(?:\s(?:по|у)\s[^\W\d]+){0,2}\W*",
    re.IGNORECASE,
)
_COUNT_ALONE = re.compile(
    r"\W*(?:(?:а|и|ну а)\s+|(?=\w+\s\w))(?!если\s(?:два|три|четыре)\sпол)(?:если\s)?(?P<count>две|два|три"
    r"|четыре)(?:\s(?P<mark>пят[её]рк\w|четв[её]рк\w|тройк\w"
    r"|двойк\w))?(?:\s(?:таких|штуки|раза|подряд|получит|получу))?\W*",
    re.IGNORECASE,
)
_COUNTS = {"две": 2, "два": 2, "три": 3, "четыре": 4}
"""«а две?» after «если пятёрку получит»."""

_MARKS = {"пят": 5, "четв": 4, "четы": 4, "трой": 3, "три": 3, "двой": 2, "два": 2, "5": 5, "4": 4, "3": 3, "2": 2}
"""«а пятёрку?» after a question about a four."""

_LAST_ONE = re.compile(r"\W*(?:а\s)?последн(?:ий|им|ем)(?:\sурок\w*)?(?:\sкакой)?\W*", re.IGNORECASE)
_ENDS_ALONE = re.compile(
    r"\W*(?:(?:а|и|ну а)\s)?(?:(?:когда|во ск\w+|он|до ск\w+)\s?)*(?:заканч\w+|конча\w+|законч\w+|до ск\w+)\W*",
    re.IGNORECASE,
)
"""«а заканчивается?» behind a lesson by its number, whose line has both times."""

_BEGINS = re.compile(r"начин|начн|нача|приход|ко? скольк|вста|буд|первы", re.IGNORECASE)
_ALL_SUBJECTS = re.compile(
    r"\W*(?:а|и)?\s*(?:по|за)\s(?:всем|остальным|другим)(?:\s(?:предметам|остальным|урокам))?\W*", re.IGNORECASE
)
_WHAT_ELSE = re.compile(
    r"\W*(?:а\s|и\s)?(?:(?:можно\s)?узнать\s)?(?:что|как(?:ие|ой))\s(?=.*\b(?:ещ[её]|уже)\b)(?:(?:ещ[её]|уже)\s)*"
    r"(?:выставили|поставили|стоит|стоят)(?:\sуже)?\W*",
    re.IGNORECASE,
)
"""«что ещё выставили» after a question about the mark of a term."""

PATRONYMIC = re.compile(r"\b\w{3,}(?:овн|евн|ович|евич)\w{0,3}\b", re.IGNORECASE)
"""«телефон марины игоревны»: a teacher by name."""

_SIGHS = "(?:блин|ладно|ок|окей|ой|хм|так|понятно|ясно|эх|жаль)"
_NEAREST = re.compile(
    rf"\W*(?:{_SIGHS}\W+)?(?:(?:а|и|ну)\s)?(?:когда\s)?(?:тогда\s)?(?:ближайш\w+|следующ\w+|след)(?:\s(?:когда|урок))?\W*",
    re.IGNORECASE,
)
"""«а когда ближайшая?» after a question about the lessons of a subject."""

_PRESENT = re.compile(
    r"(?:а|и|ну а)?\s*(?:на|за|в|по)\s(?:эт(?:ой|у|ом|от)|нынешн\w+|текущ\w+)"
    r"(?:\s(?P<unit>недел|месяц|четверт)\w*)?\W*",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    r"\W*(?:а|и|ну)?\s*(?:по\s[^\W\d]+\s)?(?:на|во?)\s(?:понедельник|вторник|сред[уы]|четверг|пятниц[уы]|суббот[уы])\b",
    re.IGNORECASE,
)
_HAS_BEEN = re.compile(r"\bбыл[аои]?\b|\bзада(?:ли|но|вали)\b", re.IGNORECASE)
_DATED = re.compile(r"\d|\bэт(?:у|ой|от|о)\b", re.IGNORECASE)  # «в эту субботу»: of the present week
_FIRST_DAY = re.compile(
    r"\b(?:(?:в|на)\s(?:этот|тот|эту|ту)|(?:(?:в|на)\s)?перв\w+)\s(?:\w+\s)?(?:день|дни|недел\w+)", re.IGNORECASE
)
_THEN = re.compile(r"\b(?:тогда|будут)\b", re.IGNORECASE)
_OF_SCHOOL_DAYS = {Intent.TIMETABLE, Intent.HOMEWORK, Intent.CONTROL_WORKS}
_BEHIND_HOLIDAYS = {CalendarDays.AFTER_HOLIDAYS, CalendarDays.WEEK_AFTER_HOLIDAYS}

_OF_TERM_DATES = {Asked.TERM_END, Asked.TERM_START, Asked.ALL_TERMS}
_TERM_DATE = re.compile(
    r"\W*(?:а|и|ну)?\s*(?:когда\s(?=\w+\s(?:начн|начин|конч|законч|заканч))"
    r"|(?:когда|с какого(?: числа)?)\s(?:(?P<begins>начин\w+|начн\w+)|законч\w+|заканч\w+)\s)?"
    r"(?P<which>\w+)(?:\sчетверть)?(?:\sкогда|\sдо (?:какого|когда)(?: числа)?|\s(?P<since>с какого(?: числа)?))?"
    r"(?:\s(?:(?P<starts>начин\w+|начн\w+)|(?P<ends>законч\w+|заканч\w+|конч\w+)))?"
    r"(?:\sи\s(?:до какого|когда|на сколько|ск[оа]\w*)(?:\s(?:длит\w+|ид[её]т|продлит\w+|недель|дней|числ\w+"
    r"|законч\w+|заканч\w+|конч\w+|кончается))?)?\W*",
    re.IGNORECASE,
)
"""«а вторая когда начинается?» after a question about the end of the first term."""

_THEY = re.compile(r"\b(?:он|она|они|у (?:него|не[её]|них)|им|ему|ей|там|уроки)\b", re.IGNORECASE)
FEWEST_WORDS = 2
"""Words of a question that says nothing by itself: «до скольки»."""

_OF_CHILDREN = {
    Intent.HOMEWORK, Intent.TIMETABLE, Intent.MARKS, Intent.ABSENCES, Intent.DEBTS, Intent.CONTROL_WORKS,
    Intent.FORECAST, Intent.LESSON, Intent.TEACHERS,
}  # fmt: skip


def is_forecast_of_subject_before(words: str, question: Question, before: Question, child_id: int | None) -> bool:
    """«4 выйдет?», «сколько пятёрок надо» right after a question about one subject: in that subject.

    `child_id`: the child that the chat is about.
    """
    is_plain = question.wish in {None, Wish.WHICH, Wish.EITHER}
    is_of_one = question.intent is Intent.FORECAST and question.mark is not None and is_plain
    is_other = question.child_id not in {None, child_id} or question.child_ids or question.leaves_child
    has_own = question.subject or question.subjects or is_other
    is_after_one = before.intent in {Intent.MARKS, Intent.FORECAST} and before.subject is not None
    return is_of_one and is_after_one and not has_own and _OF_ALL.search(words) is None


def is_of_children_before(question: Question, before: Question) -> bool:
    """«оценки сегодня» after a question about both children: of both, until one of them is named."""
    is_named = question.child_id or question.child_ids or question.leaves_child or question.form
    return bool(before.child_ids) and not is_named and question.intent in _OF_CHILDREN


def is_weekday_behind_holidays(words: str, question: Question, before: Question) -> bool:
    """«а в четверг?» after «расписание после каникул»: the Thursday behind them."""
    is_weekday = _WEEKDAY.match(words) is not None and not _DATED.search(words)
    return before.calendar_days in _BEHIND_HOLIDAYS and question.is_fragment and is_weekday


def is_weekday_of_past(words: str, day: date, before: Question) -> bool:
    """«а в среду?» after «что задавали на вторник»: that of the same week; a date that is named stays."""
    is_of_day = before.intent in {Intent.HOMEWORK, Intent.TIMETABLE} and before.until is not None
    is_weekday = _WEEKDAY.match(words) is not None and not _DATED.search(words)
    return is_of_day and is_weekday and WEEK < day - (before.until or day) < WEEK * 2


def weeks_to_days_before(words: str, question: Question, before: Question) -> int:
    """«а на четверг?» after «расписание на среду» of next week: as many weeks later as that week is ahead.

    Homework is due on the nearest such day whatever was spoken of.
    """
    is_ahead = before.intent in {Intent.TIMETABLE, Intent.CONTROL_WORKS}
    is_of_days = is_ahead and before.since is not None and before.until is not None
    is_weekday = _WEEKDAY.match(words) is not None and not _DATED.search(words)
    if question.since is None or not (is_of_days and is_weekday and (question.is_fragment or question.goes_on)):
        return 0
    first, last = (first_day_of_week(each or question.since) for each in (before.since, before.until))
    return max(0, (first - first_day_of_week(question.since)) // WEEK) if first == last else 0


def is_why_of_forecast(question: Question, before: Question) -> bool:
    """«почему 4, если там тройка» after a forecast of a subject: of the mark of that term."""
    is_why = question.asked is Asked.WHY and question.intent is Intent.MARKS and question.since is None
    names_none = question.subject is None and not question.subjects
    return is_why and names_none and before.intent is Intent.FORECAST and before.subject is not None


def is_why_of_no_marks(question: Question, before: Question) -> bool:
    """«почему нет оценок» after a question about a subject."""
    is_of_one = before.intent in {Intent.MARKS, Intent.FORECAST} and before.subject is not None
    return question.asked is Asked.WHY_SO_FEW and question.subject is None and is_of_one


def is_why_of_term(words: str, question: Question, before: Question) -> bool:
    """«почему не 5», «почему ей 4 в четверти» after a question about the marks of a subject."""
    names_none = question.subject is None and not question.subjects and question.since is None
    is_why = question.intent in {Intent.MARKS, Intent.FORECAST} and question.asked is Asked.WHY and names_none
    return is_why and before.intent is Intent.MARKS and bool(before.subject) and WHY_OF_TERM.search(words) is not None


def days_behind_holidays(words: str, question: Question, before: Question) -> CalendarDays | None:
    """«а в первую неделю?», «какие уроки в первый день?» after a question about the end of the holidays."""
    is_behind = before.asked is Asked.AFTER_HOLIDAYS or before.calendar_days in _BEHIND_HOLIDAYS
    is_plain = question.intent is Intent.TIMETABLE and question.asked is not Asked.WHEN and question.subject is None
    is_spoken = _FIRST_DAY.search(words) or (is_plain and _THEN.search(words))
    is_of_first = question.asked is Asked.NUMBER and len(words.split()) <= FEWEST_WORDS + 1
    is_edge = question.goes_on and question.asked in {Asked.NUMBER, Asked.START, Asked.END}
    is_asked = bool(is_spoken) or is_of_first or is_edge
    if is_behind and question.since is None and question.intent in _OF_SCHOOL_DAYS and is_asked:
        return CalendarDays.WEEK_AFTER_HOLIDAYS if "недел" in words.casefold() else CalendarDays.AFTER_HOLIDAYS
    return None


def is_end_followup(words: str, question: Question, before: Question) -> bool:
    """«а Тёма во сколько?» after «во сколько освободится Маша»."""
    is_time = question.asked is Asked.START and question.goes_on and _BEGINS.search(words) is None
    return is_time and before.asked is Asked.END and before.intent is question.intent


def is_meaning_followup(words: str, question: Question, before: Question) -> bool:
    """«а осв?» after «что значит нп»."""
    is_code = question.intent is Intent.ABSENCES and bool(question.absences) and len(words.split()) <= FEWEST_WORDS
    return before.asked is Asked.MEANING and is_code


def is_homework_of_missed_day(words: str, question: Question, before: Question) -> bool:
    """«а дз какое было» after «был ли вчера в школе»: that which was given on that day."""
    is_past = before.intent is Intent.LESSON or _HAS_BEEN.search(words) is not None
    is_past = is_past and question.intent is Intent.HOMEWORK and question.since is None
    is_past = is_past and (question.goes_on or len(words.split()) <= FEWEST_WORDS * 2)
    return is_past and before.intent in {Intent.ABSENCES, Intent.LESSON} and before.since == before.until is not None


def is_exam_points_followup(words: str, question: Question, before: Question) -> bool:
    """«а по русскому сколько баллов» after a question about the results of an exam."""
    is_of_marks = question.intent is Intent.MARKS and not question.marks
    return (
        before.intent is Intent.EXAMS and is_of_marks and "балл" in words.casefold() and "средн" not in words.casefold()
    )


def is_exam_of_other_subject(question: Question, before: Question) -> bool:
    """«а русский когда» after «когда ОГЭ по математике»: that exam, not the next lesson."""
    is_when = question.intent is Intent.TIMETABLE and question.asked is Asked.WHEN and question.since is None
    is_of_exam = before.intent is Intent.EXAMS or is_exam_named(" ".join(before.work))
    return is_of_exam and question.goes_on and is_when and question.subject is not None


def is_edge_of_lessons(words: str, question: Question, before: Question) -> bool:
    """«до скольки», «до скольки они» after a question about the lessons of a day: when those end."""
    if len(_THEY.sub(" ", words).split()) > FEWEST_WORDS:
        return False
    is_edge = question.asked in {Asked.START, Asked.END, Asked.NUMBER} and question.since is None
    return is_edge and question.intent is before.intent is Intent.TIMETABLE


def is_place_of_subject(words: str, question: Question, before: Question) -> bool:
    """«в каком кабинете» after a question about the lessons of a subject, or about the first one of a day."""
    is_place = question.asked is Asked.PLACE and question.subject is None and question.since is None
    is_of_lesson = before.intent is Intent.TIMETABLE and (before.subject is not None or before.number is not None)
    return is_place and is_of_lesson and len(words.split()) <= FEWEST_WORDS * 2


def is_way_to_teacher(words: str, question: Question, before: Question) -> bool:
    """«как с ней связаться» after a question about the teacher of a subject; the class teacher is another one."""
    return (
        not (names_class_teacher(words) or PATRONYMIC.search(words))
        and question.asked is Asked.CONTACT
        and question.intent is before.intent is Intent.TEACHERS
    )


def followup_by_ordinal(words: str, before: Question) -> Question | None:
    """«а за вторую?» after a question about the first term, «а третий?» after one about the first lesson."""
    if before.asked in _OF_TERM_DATES and (found := _TERM_DATE.fullmatch(words.strip())) is not None:
        is_start = found["starts"] or found["begins"] or found["since"]
        is_end = found["ends"] or before.asked is Asked.ALL_TERMS
        asked = Asked.TERM_START if is_start else Asked.TERM_END if is_end else before.asked
        number = ordinal_alone_in_question(found["which"])
        return replace(before, term=term_key(f"{number} четверть"), asked=asked, goes_on=True) if number else None
    if before.number is not None and _ENDS_ALONE.fullmatch(words.strip()):
        return replace(before, goes_on=True, keeps_subject=True)
    is_of_number = before.asked is Asked.NUMBER or (before.asked is Asked.PLACE and before.number is not None)
    if is_of_number and _LAST_ONE.fullmatch(words.strip()):
        return replace(before, number=LAST, goes_on=True, keeps_subject=True)
    number = ordinal_alone_in_question(words)
    if number is None:
        return None
    if is_of_number:
        return replace(before, number=number, goes_on=True, keeps_subject=True)
    unit = (before.term or "").partition(" ")[2]
    return (
        replace(before, term=f"{number} {unit}", since=None, until=None, goes_on=True, keeps_subject=True)
        if unit
        else None
    )


def followup_of_present(words: str, before: Question, today: date) -> Question | None:
    """«а на этой?» after a question about another week, month or term."""
    said = _PRESENT.fullmatch(words.strip())
    if said is None or (said["unit"] and not _is_of_unit(said["unit"], before)):
        return None  # «а за эту неделю?» after a month has its own days
    if before.term is not None:
        return replace(before, term=PRESENT, goes_on=True, keeps_subject=True)
    if before.since is None or before.until is None:
        return None
    length = before.until - before.since + DAY
    is_day = before.since == before.until and "недел" not in words and before.intent in _OF_SCHOOL_DAYS
    if is_day and before.since - WEEK < today < before.since:
        return replace(before, since=before.since - WEEK, until=before.until - WEEK, goes_on=True, keeps_subject=True)
    if length == WEEK:
        since = today - DAY * today.weekday()
        return replace(before, since=since, until=since + length - DAY, goes_on=True, keeps_subject=True)
    until = (today.replace(day=1) + DAY * 31).replace(day=1) - DAY
    return (
        replace(before, since=today.replace(day=1), until=until, goes_on=True, keeps_subject=True)
        if _is_month(before.since, before.until)
        else None
    )


def _is_of_unit(unit: str, before: Question) -> bool:
    """True where the period spoken of is a week, month or term; a day of lessons stands for its week."""
    if before.term is not None or before.since is None or before.until is None:
        return unit == "четверт"
    if unit == "месяц":
        return _is_month(before.since, before.until)
    return unit == "недел" and before.until - before.since < WEEK


def _is_month(since: date, until: date) -> bool:
    return since.day == 1 and (until + DAY).day == 1


def followup_by_asking(words: str, before: Question) -> Question | None:
    """«за что?» after a question about marks, «а когда?»: the same, but what the row of `followups.csv` changes."""
    said = words.strip()
    for intents, pattern, changes in _ways_to_go_on():
        if before.intent in intents and pattern.fullmatch(said):
            return replace(before, goes_on=True, keeps_subject=True, **changes)
    if before.intent is Intent.TIMETABLE and before.subject and _NEAREST.fullmatch(said):
        return replace(before, asked=Asked.WHEN, since=None, until=None, goes_on=True, keeps_subject=True)
    is_of_terms = before.intent is Intent.FORECAST or before.asked is Asked.FINAL
    if is_of_terms and _WHAT_ELSE.fullmatch(said):
        return Question(Intent.MARKS, asked=Asked.FINAL, term=before.term, child_id=before.child_id, goes_on=True)
    if _ALL_SUBJECTS.fullmatch(said) and (before.subject or before.subjects):
        return replace(before, subject=None, subjects=(), goes_on=True)
    return _with_other_mark(said, before)


def _with_other_mark(said: str, before: Question) -> Question | None:
    """«а пятёрку?» after a forecast of a four: the mark that is hoped for, or the one that is supposed."""
    more = _COUNT_ALONE.fullmatch(said)
    if more is not None and before.marks and (before.is_supposed or before.wish is Wish.ENOUGH):
        meant = _mark_of_word(more["mark"] or "") or before.marks[0]
        return replace(before, marks=(meant,) * _COUNTS[more["count"].casefold()], goes_on=True, keeps_subject=True)
    other = _MARK_ALONE.fullmatch(said)
    if other is None or before.intent is not Intent.FORECAST or not before.mark:
        return None
    mark = _mark_of_word(other["mark"]) or before.mark
    if before.wish is Wish.ENOUGH and before.marks:
        return replace(before, marks=(mark,), goes_on=True, keeps_subject=True)
    marks = (mark,) if before.is_supposed else before.marks
    return replace(before, mark=mark, marks=marks, goes_on=True, keeps_subject=True)


def _mark_of_word(word: str) -> int | None:
    """5 of «пятёрку» and «5»."""
    return next((mark for begins, mark in _MARKS.items() if word.casefold().startswith(begins)), None)


@cache
def _ways_to_go_on() -> Sequence[tuple[AbstractSet[Intent], re.Pattern[str], Mapping[str, Any]]]:
    """What goes on with questions of these intents, and what it changes in them."""
    return [
        (
            frozenset(map(Intent, row["before"].split())),
            re.compile(rf"\W*(?:{_SIGHS}\W+)?(?:(?:а|и|ну|но)\s+)?(?:{row['says']})\W*", re.IGNORECASE),
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
