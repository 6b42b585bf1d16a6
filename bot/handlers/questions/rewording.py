"""Rewords what only the question before gives a meaning: «а 5 какие уроки» is of its month (Q112)."""

import re
from datetime import date

from bot.questions.kinds import Asked
from bot.questions.model import LAST, Intent, Question
from bot.questions.words import MONTHS_OF_DATES

_DAY_ALONE = re.compile(
    r"^(?P<before>\W*(?:а|и|ну а)\s(?:(?:на|к)\s)?)(?P<day>\d{1,2})(?:-?(?:го|е|ого|ому|му))?\b"
    r"(?!\s*(?:[.,:/–-]\s*\d|урок|класс|четв|предм|оцен|отмет|раз\b|балл|пят|по\s|за\s|есть|выйд|будет|янв|фев|мар|апр|ма[йя]"
    r"|июн|июл|авг|сен|окт|ноя|дек|числ|нед|дн|процент|%))",
    re.IGNORECASE,
)
_ORDINAL_DAY = re.compile(r"^\W*(?:а|и|ну а)\s(?:на\s)?(?P<day>\d{1,2})-?(?:го|е|ого)\W*$", re.IGNORECASE)
_DAY_OF_MONTH = re.compile(r"\b(?:во?\s[^\W\d]{5,}\s)?(?P<day>\d{1,2})(?:-?го)?\sчисл[ао]\b", re.IGNORECASE)
"""«а в среду 4 числа»."""

_HAS_BEEN = re.compile(r"\b(?:был[аои]?|болел\w*|отме[тч]\w+)\b", re.IGNORECASE)
_NUMBER_ALONE = re.compile(r"\W*(?:а|и|ну а)\s\d\W*", re.IGNORECASE)
_HIGHEST_MARK = 5

_ABOUT = re.compile(
    r"^\W*(?:(?:нет|не|ой|да нет|да)\W+)?я\s(?:(?:же|вообще|имел[аи]? в виду|спрашива\w+|говор\w+)\s)*(?:про|о|об)\s"
    r"(?P<what>[^,.?!]+?)(?:\s(?:же|вообще|спрашива\w+|говор\w+|теперь|имел[аи]? в виду|имею в виду))*\W*$",
    re.IGNORECASE,
)
"""«нет, я про Тёму спрашиваю»."""

_ALSO = re.compile(
    r"^\W*(?P<what>(?:у|по|за|на)\s\w+|про\s\w+)\s(?:тоже|также)(?:\s(?:спросите|посмотрите|посмотри|покажи\w*|скажи\w*|гляньте|глянь"
    r"|проверьте|хочу|интересно|узнать|пожалуйста|пж|плиз))+\W*$",
    re.IGNORECASE,
)
"""«у Маши тоже спросите, пожалуйста»."""

_THAT_DAY = re.compile(r"\bв\s(?:этот|тот)(?:\sже)?\sдень\b", re.IGNORECASE)
_BEHIND_HOLIDAYS = re.compile(r"\W*(?:а|и)\s(?P<on>(?:во?|на)\s[^\W\d]{5,}\sпосле каникул)\W*", re.IGNORECASE)
_OF_DAYS = {Intent.TIMETABLE: "какие уроки", Intent.HOMEWORK: "что задали"}
_NUMBERED = {1: "какой первый урок", LAST: "какой последний урок"}
"""«а во вторник после каникул?» behind the first lesson of a Monday."""

_BEHIND_IT = re.compile(r"(?<=перемена )после\s(?:него|не[её]|этого)\b(?:\sурока)?", re.IGNORECASE)
_MANY = {5: "пятёрок", 4: "четвёрок", 3: "троек", 2: "двоек"}
_ALL_OF_THEM = re.compile(
    r"^\W*(?:(?:а|и)\s)?(?:всего\s)?(?:их\s)?(?:всего\s)?сколько\s(?:их\s)?(?:всего\s)?(?P<since>за\s.+)$",
    re.IGNORECASE,
)
"""«а всего их сколько за четверть» behind fives."""

_OF_IT = re.compile(
    r"\bпо\s(?:ней|нему|этому предмету|тому предмету)\b|(?<=если )(?:на ней|на н[её]м|там)\b"
    r"|(?:(?<=отметки )|(?<=оценки ))за\s(?:не[её]|него)\b",
    re.IGNORECASE,
)
"""«что по ней выходит» behind a question about a subject."""

_FOR_DAY = re.compile(r"^(\W*(?:(?:а|и)\s)?на\s\w+)\s(?:что|ч[еёо])\sбыло\b(.*)", re.IGNORECASE)
"""«а на сегодня что было по геометрии» behind homework: what was set."""

_FOR_WHAT = re.compile(r"^(\W*(?:а|и)\sпо\s[^\W\d]+(?:\s[^\W\d]+)?)\s(?:за что|почему)\W*$", re.IGNORECASE)
"""«а по математике за что» behind the reason of a five."""

_OF_THEM = re.compile(r"\bпо\s(?:ним|этим предметам|обоим)\b", re.IGNORECASE)
_WITHOUT_REASON = re.compile(r"\W*(?:а\s)?(?:сколько\s)?без\s(?:уважительной\s)?причины(?:\s\w+)?\W*", re.IGNORECASE)
"""«а без причины» behind absences by illness."""

_WAS_ILL = re.compile(r"\W*(?:а|и)\s(?:он\s|она\s)?(?:не\s)?болел[аи]?\W*", re.IGNORECASE)
_SAME_WEEK = re.compile(
    r"^(\W*(?:и|а)\sу\s\w+)\s(?:за|на)\s(?:эту\sже\s|ту\sже\s)?неделю\s(?:тоже|также)\W*$", re.IGNORECASE
)
"""«и у Артёма за неделю тоже» behind the marks of a week: the same one."""

_SUBJECT_ONLY = re.compile(r"^(\W*(?:(?:а|и)\s)?(?:по|за|на|у)\s[^\W\d]+)\sтолько\W*$", re.IGNORECASE)
"""«по алгебре только?»."""

_AS_BEFORE = re.compile(
    r"^(\W*(?:а|и)\s(?:во?|за|на)\s(?:\w+\s)?\w+)\s(?:какой|какая|какие|как|сколько)\sбыл[аои]?\W*$", re.IGNORECASE
)
"""«а в прошлом месяце какой был» behind an average."""

_ON_HOLIDAYS = re.compile(r"\W*(?:а\s|и\s)?на\s(?:\w+\s)?каникулы\W*", re.IGNORECASE)
_ONLY = re.compile(r"^\W*(?:(?:и|а|ну|мне|нет)\s)*только\s(?P<what>(?:у\s)?[^\W\d]+)\W*$", re.IGNORECASE)
"""«только Артём» behind the marks of both."""


_IN_FULL = (
    (Intent.HOMEWORK, _ON_HOLIDAYS, "что задали на каникулы"),
    (Intent.ABSENCES, _WITHOUT_REASON, "пропуски без уважительной причины"),
    (Intent.ABSENCES, _WAS_ILL, "пропуски по болезни"),
)
"""Behind questions of this intent, these words, and what they ask."""


def words_behind_question(words: str, before: Question) -> str:
    """The words, said as they are meant behind this question."""
    for intent, said, meant in _IN_FULL:
        if before.intent is intent and said.fullmatch(words):
            return meant
    for said in (_ABOUT, _ALSO, _ONLY):
        if (found := said.match(words)) is not None:
            return f"а {found['what']}"
    if before.intent in _OF_DAYS and (day := _BEHIND_HOLIDAYS.fullmatch(words)) is not None:
        asked = _OF_DAYS[before.intent]
        return f"{_NUMBERED.get(before.number, asked) if before.number else asked} {day['on']}"
    words = _SUBJECT_ONLY.sub(r"а \1", _AS_BEFORE.sub(r"\1", words))
    return _with_month(_with_days(_with_subject(words, before), before), before)


def _with_subject(words: str, before: Question) -> str:
    """The subject, the lesson or the marks that a pronoun stands for."""
    if before.number is not None and before.number > 0:
        words = _BEHIND_IT.sub(f"после {before.number} урока", words)
    if before.intent is Intent.MARKS and len(before.marks) == 1 and before.marks[0] in _MANY:
        words = _ALL_OF_THEM.sub(rf"сколько {_MANY[before.marks[0]]} \g<since>", words)
    if before.subject is not None:
        words = _OF_IT.sub(f"по {before.subject}", words)
    if before.asked is Asked.WHY:
        words = _FOR_WHAT.sub(r"\1", words)
    if before.subjects:
        words = _OF_THEM.sub("по " + " и ".join(before.subjects), words)
    return words


def _with_days(words: str, before: Question) -> str:
    """The days that are said as those before: «в этот день», «за неделю тоже»."""
    if before.intent is Intent.HOMEWORK:
        words = _FOR_DAY.sub(r"\1\2", words)
    if before.since is None:
        return words
    if before.since == before.until:
        words = _THAT_DAY.sub(f"{before.since.day} {MONTHS_OF_DATES[before.since.month - 1]}", words)
    return _SAME_WEEK.sub(r"\1", words)


def _with_month(words: str, before: Question) -> str:
    """«а 5 какие уроки» behind a question about a day: the fifth of that month, or of the one behind it."""
    day = before.since
    found = _ORDINAL_DAY.match(words) or _DAY_ALONE.match(words) or _DAY_OF_MONTH.search(words)
    is_past = found is not None and found.re is _DAY_OF_MONTH and _HAS_BEEN.search(words) is not None
    if found is None or is_past or day is None or before.until != day or before.marks or before.mark:
        return words
    number, is_said_as_day = int(found["day"]), _ORDINAL_DAY.match(words) is not None
    is_alone = number <= _HIGHEST_MARK and not is_said_as_day and _NUMBER_ALONE.fullmatch(words) is not None
    is_mark = is_alone and before.intent in {Intent.MARKS, Intent.FORECAST}
    if is_mark or not _has_day(day, number):
        return words
    begins = found.start() if found.re is _DAY_OF_MONTH else found.start("day")
    month = day.month if number >= day.day or found.re is not _DAY_OF_MONTH else day.month % len(MONTHS_OF_DATES) + 1
    return f"{words[:begins]}{number} {MONTHS_OF_DATES[month - 1]}{words[found.end() :]}"


def _has_day(day: date, number: int) -> bool:
    try:
        day.replace(day=number)
    except ValueError:
        return False
    return True
