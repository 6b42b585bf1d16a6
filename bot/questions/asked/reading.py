"""Finds what exactly is asked, so that the first line of an answer can say it (Q110).

The ways to ask are in `asked.csv`, a row each: what the text says, what it says beside, what it may not say, and an
example. They are of what is asked, of lessons by number («lesson 1», «lesson -1» the last one), of marks, and of
seasons with the beginnings of the names of their holidays. Those of `works.csv` are short names of works.
"""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import cache

from bot.questions.asked.ways import found_way, numbered_ways, says_way, ways_to_ask
from bot.questions.kinds import Asked
from bot.questions.model import LAST, Intent
from bot.questions.tables import question_table_rows

_LESSON_NUMBER = re.compile(r"\b(?:lesson )?(?:n|o)([1-9])(?: lessons?)\b|\blesson (?:n|o)([1-9])\b(?! m\d)")
_BELL_NUMBER = re.compile(r"\bзвонок\w*\s(?:на|со?)\s([1-8])\b", re.IGNORECASE)
"""«звонок с 4 урока»."""

_COUNTED = re.compile(r"(?<!после )\b(?:[2-8]|два|три|четыре|пять|шесть|семь)\s(?:урока|уроков)\b", re.IGNORECASE)
"""«завтра 3 урока?»: how many, and not the third."""

_NO_LESSON = re.compile(
    r" (?:недел|четв|нед|день|дн|раз|week|day|quarter|term|числ|янв|февр|март|апр|мая|июн|июл|авг|сент|окт|ноя|дек)"
)
"""«пятого ноября», «первая четверть»."""

_OF_FORECAST = {
    "why": Asked.WHY, "average": Asked.AVERAGE, "points": Asked.AVERAGE, "lessons": Asked.LESSONS,
    "chance": Asked.CHANCE,
}  # fmt: skip
_OF_MARKS = {
    "last_year": Asked.LAST_YEAR, "both_extremes": Asked.BOTH_EXTREMES, "lowest_mark": Asked.LOWEST_MARK,
    "highest_mark": Asked.HIGHEST_MARK, "per_subject": Asked.PER_SUBJECT,
    "trend": Asked.TREND, "were_corrected": Asked.CHANGES, "average": Asked.AVERAGE, "chart": Asked.CHART,
    "ahead": Asked.AHEAD, "corrected": Asked.CHANGES,
    "latest": Asked.LATEST, "final": Asked.FINAL, "by_subject": Asked.BY_SUBJECT,
}  # fmt: skip
_NAMED = {
    Intent.MARKS: _OF_MARKS,
    Intent.TEACHERS: {
        "contact": Asked.CONTACT, "class_teacher": Asked.CLASS_TEACHER, "taught_list": Asked.SUBJECTS,
        "own_class": Asked.CLASS,
    },
    Intent.CONTROL_WORKS: {"same_day": Asked.SAME_DAY},
    Intent.HOMEWORK: {"done": Asked.DONE, "task_needed": Asked.WHETHER},
    Intent.ABSENCES: {"meaning": Asked.MEANING, "which_missed": Asked.WHEN, "clear_absence": Asked.DEADLINE},
    Intent.DEBTS: {"deadline": Asked.DEADLINE},
}  # fmt: skip
_WHETHER = {"is", "yes", "kit", "open"}
_ASKING = {"what", "how", "howmany", "when", "where", "who", "time"}
_BESIDE_SUBJECT = re.compile(r"\b(past|before) S\b")
_ABSENT = {"absent ОП", "absent Б", "absent УП", "absent НП", "absent ОСВ"}
_WORDS_OF_MARKS = {"пять": 5, "четыре": 4, "три": 3, "два": 2}
_REASONED = {Intent.MARKS, Intent.LESSON, Intent.ABSENCES, Intent.HOMEWORK}
"""What may be asked why."""

_OF_DAYS = {
    "group": Asked.GROUP,
    "fewest_lessons": Asked.FEWEST_LESSONS,
    "most_lessons": Asked.MOST_LESSONS,
    "window": Asked.WINDOW,
    "left_today": Asked.LEFT,
    "bells": Asked.BELLS,
    "changes": Asked.CHANGES,
    "now": Asked.NOW,
    "next_lesson": Asked.NEXT,
    "calendar": Asked.CALENDAR,
    "break": Asked.BREAK,
    "length": Asked.LENGTH,
}
_EDGES = {1, LAST}
"""The lessons with which a day begins and ends."""

_OF_LESSONS = {"end": Asked.END, "start": Asked.START, "place": Asked.PLACE}
_OF_HOLIDAYS = {
    "back_to_school": Asked.AFTER_HOLIDAYS, "study_days": Asked.STUDY_DAYS, "last_day": Asked.LAST_DAY,
    "holidays_length": Asked.LENGTH, "day_off": Asked.DAY_OFF,
}  # fmt: skip
_OF_SETTINGS = {
    "by_mark": Asked.ONLY,
    "by_channel": Asked.WAYS, "digest": Asked.WAYS, "language": Asked.LANGUAGE, "language_alone": Asked.LANGUAGE,
    "quiet_hours": Asked.QUIET_HOURS, "own_contacts": Asked.CONTACT, "stop_notices": Asked.WAYS,
}  # fmt: skip
_WHO = re.compile(
    r"\b(?:(?:у|за)\s)?(?:кого|кто|кому|who)\b(?:[\s-]*(?:нибудь|нить|то)\b)?(?:\sиз\s(?:(?:моих|наших|двух)\s)?(?:них|детей|двоих|ребят|моих|наших))?",
    re.IGNORECASE,
)
_COMPARE = re.compile(r"\bсравни", re.IGNORECASE)
_OF_BOTH = re.compile(r"\b(?:у|моих|их)\s(?:них|детей|двоих)\b|\bдетей\b", re.IGNORECASE)
_OF_THEM = re.compile(
    r"\b(?:кого|кто|кому)(?:[\s-]*(?:нибудь|то))?\sиз\s(?:(?:моих|наших|двух)\s)?(?:них|детей|двоих|моих|наших)\b",
    re.IGNORECASE,
)
"""«у кого из детей есть двойки»: of one's own."""

_THEY = re.compile(r"\b(?:у них|они|им|детям|ребятам|мои|никто|у кого[\s-]*(?:нибудь|нить|либо))\b", re.IGNORECASE)
_THEY_BOTH = re.compile(
    r"\bу них\b|\bникто\sне\b|\bу кого[\s-]*(?:нибудь|нить|либо)\b|\bони\s(?:\w+\s){0,2}?"
    r"(?:уч[аи]тся|заканчивают|приходят|придут|получили|пропустили|прогуляли|освобождаются|освободятся)\b"
    r"|\bмои\s(?:(?:сегодня|вчера|завтра|дети)\s){0,2}(?:освобод\w+|придут|верн\w+|были|ходили|учились|получили|пропустили|заканчивают|закончат|учатся|сдали|исправили)\b"
    r"|(?:\bурок\w*|ско\w+|\bзадали|\bзадано)\s(?:\w+\s)?(?:им|детям|ребятам)\b|\b(?:детям|ребятам)\s(?:завтра|сегодня|задали)",
    re.IGNORECASE,
)
"""«во сколько они завтра заканчивают»: the children, where there are several."""

_OF_ONE_CHILD = re.compile(r"(?=.*\b(?:notices|deliver|switch)\b).*\babout own\b")
_WORDS_OF_ASKED: dict[Asked | None, tuple[str, ...]] = {
    Asked.CHANGES: ("changes", "corrected", "gone_word", "gone_from"),
    Asked.AVERAGE: ("average",), Asked.START: ("start",), Asked.END: ("end", "compared"),
    Asked.TERM_END: ("end", "starts"), Asked.TERM_START: ("end", "starts"), Asked.YEAR_END: ("end", "starts"),
    Asked.YEAR_START: ("end", "starts"), Asked.LENGTH: ("length", "holidays_word"),
    Asked.DEADLINE: ("deadline_word",), Asked.AHEAD: ("ahead_word",), Asked.WHY: ("why",), Asked.CONTACT: ("contact",),
    Asked.CALENDAR: ("calendar",), Asked.WHEN: ("starts",), Asked.WHETHER: ("kit_word",),
    Asked.PLACE: ("place",), Asked.MEANING: ("meaning_word",), Asked.FINAL: ("term_word",),
}  # fmt: skip


def is_term_date_asked(text: str) -> bool:
    """«когда закончится четверть», «сколько осталось до конца четверти»."""
    return any(says_way(text, what) for what in ("all_terms", "days_of_term_left")) or (
        says_way(text, "term_ends") and not says_way(text, "not_term")
    )


def asks_for_set_marks(text: str) -> bool:
    """«с чем закончили прошлую четверть»: of a term that is over, neither a forecast nor its dates."""
    return says_way(text, "set_marks")


def asks_for_changed_marks(text: str) -> bool:
    """«исправляли ли оценки»: what was done to marks, not what may become of them."""
    return says_way(text, "were_corrected")


def as_asked_of_family(text: str, children: int) -> str:
    """«у кого больше троек», «кто завтра позже заканчивает»: which of one's own children, so it is asked of each.

    With a single child only its lessons are meant: «у кого больше троек» asks about others then.
    """
    is_own = children > 1 or (children == 1 and says_way(text, "lessons_compared"))
    if children > 1 and _COMPARE.search(text):
        return _OF_BOTH.sub("у обоих", text) if _OF_BOTH.search(text) else f"{text} у обоих"
    if children > 1 and _THEY_BOTH.search(text):
        return _THEY.sub("у обоих", text, count=1)
    is_asked = says_way(text, "family_compared") or (children > 1 and _OF_THEM.search(text) is not None)
    return _WHO.sub("у обоих", text, count=1) if is_own and is_asked else text


def asks_for_week(text: str) -> bool:
    """«сколько уроков в неделю»."""
    return says_way(text, "per_week")


def is_fewer_first(text: str) -> bool:
    """«кто раньше заканчивает»: the least comes first; of «кто позже» the most."""
    return says_way(text, "fewer_first")


def asked_of_own_children(text: str) -> str:
    """«у кого двойки» as a mother of several means it: of each of her own; "" where it is asked of others."""
    return _WHO.sub("у обоих", text, count=1) if says_way(text, "own_children") else ""


def asks_for_holidays(text: str) -> bool:
    """«сколько мне отдыхать», «когда в школу после весенних каникул»: neither a forecast nor the timetable."""
    return (
        says_way(text, "rest_length")
        or says_way(text, "last_day")
        or (says_way(text, "back_to_school") and says_way(text, "from_when"))
    )


def names_class_teacher(text: str) -> bool:
    """«телефон классного руководителя»."""
    return says_way(text, "class_teacher")


def asks_for_deadline(text: str) -> bool:
    """«до какого числа сдать химию»: till when undone work may be handed in."""
    return says_way(text, "deadline") and not says_way(text, "not_deadline")


def asks_for_trend(text: str) -> bool:
    """«стало лучше или хуже», «просел ли по физике»."""
    return says_way(text, "trend")


def intent_decided_by_words(text: str) -> Intent | None:
    """What these words ask whatever else they say: «сколько пропусков, не аттестуют?» counts, and forecasts nothing."""
    return next((intent for what, intent in _deciding() if says_way(text, what)), None)


def asks_whether_handed_in(text: str) -> bool:
    """«тёма химию сдал?»: of work that is not handed in."""
    return says_way(text, "handed_in")


def setting_asked_for(text: str, glosses: str = "") -> Asked | None:
    """Which of the settings is spoken of; None where it is none or all of them."""
    if _OF_ONE_CHILD.search(glosses) and says_way(text, "only"):
        return Asked.ONE_CHILD
    return next((asked for what, asked in _OF_SETTINGS.items() if says_way(text, what)), None)


def is_asked_word(word: str, asked: Asked | None) -> bool:
    """Whether this word says what is asked, so that it is not one that was not understood."""
    return any(says_way(word, what) for what in _WORDS_OF_ASKED.get(asked, ()))


def what_is_asked(text: str, glosses: str, intent: Intent) -> Asked | None:
    """What the first line must say; None where the whole screen is the answer."""
    said = f" {glosses} "
    special = _of_intent(text, said, intent)
    if special is not None:
        return special
    if intent is Intent.FORECAST:
        return None
    if " howmany " in said:
        return Asked.COUNT
    if " when " in said or (intent is Intent.HOLIDAYS and " time " in said):
        return Asked.WHEN
    return Asked.WHETHER if _is_whether(text, {*said.split()}, intent) else None


def _is_whether(text: str, words: AbstractSet[str], intent: Intent) -> bool:
    """«есть ли физра», «форму брать?», and of lessons and works also «завтра физра?», where no other word asks."""
    if intent is Intent.MARKS and "what" in words:
        return False  # «какие пятёрки вообще есть»
    if words & _WHETHER or (intent is Intent.TIMETABLE and {"S", "or"} <= words):
        return True
    is_open = intent is Intent.CONTROL_WORKS or (intent is Intent.TIMETABLE and words & {"S", "learns", "study"})
    return bool(is_open) and not words & _ASKING and ("will" in words or text.rstrip().endswith("?"))


def _of_intent(text: str, said: str, intent: Intent) -> Asked | None:
    """What only questions of this intent ask."""
    if intent is Intent.HOLIDAYS:
        return _of_holidays(text)
    if intent is Intent.TIMETABLE:
        return _of_lessons(text, said)
    if intent is Intent.FORECAST:
        return _of_forecast(text, said)
    if intent is Intent.MARKS and not says_way(text, "trend") and (reason := _reason_of_marks(text)) is not None:
        return reason
    is_of_change = intent is Intent.MARKS and (asks_for_changed_marks(text) or asks_for_trend(text))
    if intent in _REASONED and says_way(text, "why") and not is_of_change:
        return Asked.WHY
    named = _NAMED.get(intent, {}).items()
    return next((asked for what, asked in named if says_way(text, what)), None)


def _reason_of_marks(text: str) -> Asked | None:
    if says_way(text, "few_marks") or (says_way(text, "why") and says_way(text, "no_marks")):
        return Asked.WHY_SO_FEW
    if says_way(text, "no_marks") and says_way(text, "by_subject"):
        return Asked.WITHOUT
    if says_way(text, "term_reason"):
        return Asked.WHY
    if says_way(text, "were_corrected") and says_way(text, "why"):
        return Asked.WHY_CHANGES
    is_of_average = says_way(text, "average") and says_way(text, "why")
    return Asked.WHY_AVERAGE if is_of_average or says_way(text, "average_reason") else None


def _of_holidays(text: str) -> Asked | None:
    if says_way(text, "all_terms"):
        return Asked.ALL_TERMS
    if says_way(text, "study_days"):
        return Asked.STUDY_DAYS
    if is_term_date_asked(text):
        is_start, is_year = says_way(text, "starts"), says_way(text, "school_year")
        if is_year:
            return Asked.YEAR_START if is_start else Asked.YEAR_END
        if says_way(text, "term_length"):
            return Asked.TERM_LENGTH
        return Asked.TERM_START if is_start else Asked.TERM_END
    return next((asked for what, asked in _OF_HOLIDAYS.items() if says_way(text, what)), None)


def _of_forecast(text: str, said: str) -> Asked | None:
    for what, asked in _OF_FORECAST.items():
        if says_way(text, what):
            return asked
    if " howmany " in said:
        return Asked.COUNT
    if says_way(text, "whether"):
        return Asked.WHETHER
    if says_way(text, "not_whether"):
        return None
    return Asked.CAN if says_way(text, "can") else Asked.WHETHER


def _of_lessons(text: str, said: str) -> Asked | None:
    return next(_ways_of_lessons(text, said), None)


def _ways_of_lessons(text: str, said: str) -> Iterator[Asked]:
    """What may be asked of lessons, the most exact first."""
    yield from (asked for what, asked in _OF_DAYS.items() if says_way(text, what))
    if " howmany " in said and (" lessons " in said or " S " in said):
        yield Asked.COUNT
    if beside := _BESIDE_SUBJECT.search(said):
        yield Asked.AFTER if beside[1] == "past" else Asked.BEFORE
    if " S " in said and says_way(text, "which_lesson"):
        yield Asked.WHEN
    if says_way(text, "to_lesson"):
        yield Asked.START
    number = asked_lesson_number(text, said)
    is_named = " S " in said or number is not None or says_way(text, "rooms")
    is_place = is_named and not says_way(text, "look_up")
    if number is not None and is_place and says_way(text, "place"):
        yield Asked.PLACE
    if number is not None and number not in _EDGES:
        yield Asked.NUMBER
    found = (asked for what, asked in _OF_LESSONS.items() if says_way(text, what))
    yield from (asked for asked in found if asked is not Asked.PLACE or is_place)
    if number is not None:
        yield Asked.NUMBER
    if " S " not in said and says_way(text, "lesson_names"):
        yield Asked.NAMES


def asked_lesson_number(text: str, glosses: str) -> int | None:
    """«какой третий урок», «что первым уроком», «последний урок»; `model.LAST` for the last one."""
    if (bell := _BELL_NUMBER.search(text)) is not None:
        return int(bell[1])
    if _COUNTED.search(text) or says_way(text, "for_what"):
        return None
    lower = text.casefold()
    for number, what in numbered_ways("lesson"):
        found = found_way(lower, what)
        if found and not re.match(_NO_LESSON, lower[found.end() :]):
            return number
    plain = _LESSON_NUMBER.search(glosses)
    return int(plain[1] or plain[2]) if plain else None


def marks_asked_for(text: str) -> tuple[int, ...]:
    """The marks that are named: of «двойки и тройки» 3 and 2; of «плохие оценки» the same; of «почему 2» that one."""
    if says_way(text, "lowest_mark") or says_way(text, "highest_mark"):
        return ()
    if says_way(text, "bad"):
        return 3, 2
    if says_way(text, "already_final"):
        return ()
    if (below := found_way(text, "below")) is not None:
        return tuple(range(int(below[1] or below[2]) - 1, 1, -1))
    lower = text.casefold()
    found = tuple(mark for mark, what in numbered_ways("mark") if says_way(lower, what))
    if not found and (plain := found_way(lower, "plain_mark")):
        named = plain[1] or plain[2]
        return (_WORDS_OF_MARKS.get(named) or int(named),)
    return found


def absences_asked_for(text: str) -> tuple[str, ...]:
    """The codes of the absences that are named; of «болела, УП стоит?» the one with or without a reason alone."""
    lower = text.casefold()
    found = tuple(what.split()[1] for what in ways_to_ask() if what in _ABSENT and says_way(lower, what))
    if found == ("Б",) and says_way(lower, "why"):
        return ()  # «почему нб, я болел»: it is not recorded as an illness
    return tuple(code for code in found if code in {"УП", "НП"}) or found


def asked_work_name(words: str) -> str:
    """The kind of work as a journal names it: of «за кр», «контру» «контрольную»."""
    bare = words.removeprefix("за ")
    return next((work for pattern, work in _works() if pattern.fullmatch(bare)), bare)


def asks_for_given_homework(text: str) -> bool:
    """«что задали вчера»: the day is that on which it was given, not that on which it is due."""
    return says_way(text, "given")


def asked_seasons(text: str) -> tuple[str, ...]:
    """The beginnings of the names of holidays: «зимние», «новогодние» and «winter» are «зимн», «новогодн»."""
    lower = text.casefold()
    return tuple(
        begins
        for what in ways_to_ask()
        if what.startswith("season") and says_way(lower, what)
        for begins in what.split()[1:]
    )


@cache
def _deciding() -> list[tuple[str, Intent]]:
    """Ways to ask that decide the intent, in the order of `deciding.csv`."""
    return [(row["what"], Intent(row["intent"])) for row in question_table_rows("deciding")]


@cache
def _works() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(row["spoken"]), row["work"]) for row in question_table_rows("works")]
