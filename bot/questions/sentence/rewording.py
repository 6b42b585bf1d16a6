"""Says in other words what was said loosely, so that one pattern less has to know it (Q110)."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

from bot.questions.spelling import is_one_letter_away
from bot.questions.tables import question_table_rows
from bot.questions.words import MONTHS_OF_DATES, ORDINALS
from core.rules.year import SEPTEMBER, first_day_of_year

_ASKING = (
    r"(?:что|ч[её]|шо|как|когда|как(?:ие|ой|ая|ое|их)|сколько|скок\w*|[вд]о ск\w+|где|кто|почему|за что|есть|нет ли"
    r"|будет|будут|у)\b"
)
_GREETINGS = (
    r"здравствуй(?:те)?|здрас[ть]\w+|добрый (?:день|вечер)|доброе утро|доброго (?:дня|вечера|времени суток)"
    r"|приветствую|прив(?:а|ет|етик)?|хай|ку|здаров\w*|салют|алло|извините|простите|будьте добры|будьте любезны"
)
_SIGHS = r"ура+|вау|ого|круто|супер|отлично|жаль|блин|обалдеть|капец"
_PLEASE, _THANKS = "пожалуйста|пожалста|пжлст|плиз|плз|пж", r"спасиб\w*|пасиб\w*|спс|благодарю"
_COURTESY_BEFORE = re.compile(
    rf"^\W*(?:(?:{_GREETINGS}|бот\w*(?=[\s,.!]+(?:ты|вы|как|привет|здрав|подскаж|скаж))|вестник|(?:ты|вы)\s(?:лучш\w+|супер\w*|крут\w+|топ|молод\w+)"
    r"|(?:(?:извини|прости)(?:те)?\s)?(?:за\s)?(?:тупой|глупый|дурацкий|странный)\sвопрос|(?:извини|прости)(?:те)?\sчто\s(?:отвлекаю|беспокою)"
    r"|как\s(?:сам|жизнь|дела|ты|вы)(?=[,.!?)]))[\s,.!?)]+"
    rf"|(?:подскажи|скажи|напомни)(?:те)?[\s,]+(?:(?:мне\s)?(?:{_PLEASE})[\s,]+)?(?={_ASKING})"
    rf"|(?:{_THANKS}|ок|окей|ладно|понял[аи]?|понятно|ясно|хорошо|ага|угу|{_SIGHS})[\s,.!)]+"
    rf"(?=а\s|и\s|тогда\s|{_ASKING}))+(?=\w+\W+\w)",
    re.IGNORECASE,
)
_REMARK_BEFORE = re.compile(
    r"^\W*(?:(?:ну|и|да|а|ох|ой|ах)\s)*"
    r"(?:хорошо|отлично|здорово|круто|класс|молод(?:ец|цы)|умни(?:ца|чка)|слава богу|жаль|жалко|плохо|печально|странно"
    r"|стоп|погоди(?:те)?|подожди(?:те)?|секунд\w+|точно|ясно|понятно|понял[аи]?|ладно|ок|окей|изи|ура|ого|ух ты|вау"
    r"|фух|блин|ага|угу|нет|не|да|верно|логично)"
    rf"(?:(?:\sчто)?(?:,?\s(?!{_ASKING})\w+){{0,2}}[.!)…]+|,(?=[^.!]*$))\s+(?=\w+\W+\w)",
    re.IGNORECASE,
)
"""«ну и хорошо что 4. а физика завтра есть?», «подождите, она болела в среду?»: what is said of the answer before."""

_PLEASE_BEHIND = re.compile(rf"(?<=\w)(\??)[\s,.!]+(?:{_PLEASE})[\s!.)]*$", re.IGNORECASE)
_THANKS_BEHIND = re.compile(
    rf"(?=.*(?:\?|\b{_ASKING}))(?P<asked>.*\w\??)[\s,.!]+(?:заранее\s)?(?:{_THANKS})(?:\s(?:заранее|большое))?[\s!.)]*",
    re.IGNORECASE | re.DOTALL,
)
_AVERAGES = re.compile(r"(?=.*(?<![\d.])[2-5]\.(?:1[3-9]|[2-9]\d)(?![\d.]))(?!.*\d\d\.\d)", re.DOTALL)
_POINT_BETWEEN_DIGITS = re.compile(r"(?<![\d.])([2-5])\.(?=\d{1,2}(?![\d.]))")
"""«почему 4.95, а не 4.5»: beside a number that is no day another one is none either."""

_POINT_OF_AVERAGE = re.compile(
    r"(\bсредн\w*\s(?:балл\w*\s)?[2-5]|\bу\s\w+\s[2-5](?=\.\d{1,2}\s(?:по|средн|балл|в|выходит)\b))\.(?=\d{1,2}\b(?!\.))",
    re.IGNORECASE,
)
_MARK_BEFORE_DAY = re.compile(
    r"(\b(?:за что|почему|откуда|отчего)\s)([2-5])(?:(\sи\s)([2-5]))?(?=\s(?:(?:по\s)?\w+\s)?(?:\d{1,2}"
    r"|\w{4,}(?:ого|его|ого))"
    r"(?:\s(?:янв|фев|мар|апр|ма[йя]|июн|сен|окт|ноя|дек|числ)|[./]\d))",
    re.IGNORECASE,
)
_BLANKS = re.compile(" {2,}")
_SLIPS = ("средний", "последняя", "последний", "начинается", "заканчивается", "результаты")
_STEMS = ("средн", "последн", "начин", "законч", "заканч", "результат")
_LONG_WORD = re.compile(r"[^\W\d_]{5,}")
"""Words by which patterns tell what is asked: «срдений» is «средний»."""

_DIGIT_FOR_LETTER = re.compile(r"\b(?:4(?=[её]тверт|исл[ао])|3(?=ада[лнв]|автра)|0(?=цен|тмет))", re.IGNORECASE)
_MONTH = r"(?P<month>сентября|октября|ноября|декабря|января|февраля|марта|апреля|мая)"
_WEEK_OF_MONTH = re.compile(rf"\b(?P<which>перв|втор|трет|четв[её]рт)\w+\sнедел\w+\s{_MONTH}\b", re.IGNORECASE)
"""«за первую неделю октября»."""

_PART_OF_MONTH = re.compile(rf"\b(?:в|на|за)\s(?P<which>начал|середин|конц|конец)\w*\s{_MONTH}\b", re.IGNORECASE)
_PARTS = {"начал": (1, 10), "середин": (11, 20), "кон": (21, 0)}
"""«в начале октября»: ten days; the last ones as far as the month goes."""

_LAST_TIME = re.compile(
    r"(?=.*\b(?:задава|задал|задан|дз\b|домашк|номера|упражн))"
    r"(?P<before>.*?)(?:\b(?:когда\s)?(?:вообще\s)?(?:в\s)?последний\sраз(?:\sчто[- ]?(?:нибудь|то|либо))?"
    r"|\b(?:в|на|к)\sпрошл\w+\s(?:раз|урок)|\bпоследнее\sчто(?=\sзада))\b",
    re.IGNORECASE,
)
"""«что задавали в прошлый раз по алгебре»: the homework that was due in the last fortnight."""

_FORTNIGHT = timedelta(days=14)
_THURSDAY = 3
_WEEKS = ("пер", "вто", "тре", "чет")
_LETTERS_LIKE_DIGITS = {"4": "ч", "3": "з", "0": "о"}
"""«какая 4етверть»."""

_FORM_IN_WORDS = re.compile(
    rf"\b(?P<number>{'|'.join(ORDINALS)})\w*?(?:ого|его|ому|ему|ом|ем|ый|ий|ой)\s[\"«]?(?P<letter>[бгде]|[ав](?=\W*$))\b[\"»]?",
    re.IGNORECASE,
)
"""«классный у девятого б»: 9Б."""

_MARKS = {"2": "двойка", "3": "тройка", "4": "четвёрка", "5": "пятёрка"}


def _without_slip(word: str) -> str:
    """The word that is meant, where it is one letter off and none of its own."""
    lower = word.casefold()
    if lower.startswith(_STEMS):
        return word
    return next((meant for meant in _SLIPS if is_one_letter_away(lower, meant)), word)


def words_without_courtesy(text: str) -> str:
    """«что задали» of «Добрый день! Подскажите, пожалуйста, что задали? Спасибо»; what only greets or thanks stays."""
    bare = _PLEASE_BEHIND.sub(r"\1", _REMARK_BEFORE.sub("", _COURTESY_BEFORE.sub("", text)))
    asked = _THANKS_BEHIND.fullmatch(bare)
    return asked["asked"] if asked else bare


def words_with_clear_meaning(text: str, today: date) -> str:
    """«при среднем 3.09» has no day of September, «за что 4 12 октября» no span of days, «исправить её» no daughter."""
    text = _LONG_WORD.sub(lambda found: _without_slip(found[0]), text)
    text = _DIGIT_FOR_LETTER.sub(lambda found: _LETTERS_LIKE_DIGITS[found[0]], text)
    text = _WEEK_OF_MONTH.sub(lambda found: _days_of_week(found, today), _FORM_IN_WORDS.sub(_form, text))
    text = _PART_OF_MONTH.sub(lambda found: _days_of_part(found, today), text)
    text = _LAST_TIME.sub(lambda found: f"{found['before']}{_days_behind(today)}", text)
    for said, meant in _rewordings():
        text = said.sub(meant, text)
    if _AVERAGES.match(text):
        text = _POINT_BETWEEN_DIGITS.sub(r"\1,", text)
    text = _MARK_BEFORE_DAY.sub(_marks_in_words, _POINT_OF_AVERAGE.sub(r"\1,", text))
    return _BLANKS.sub(" ", text).strip(" ")


@cache
def _rewordings() -> Sequence[tuple[re.Pattern[str], str]]:
    return [(re.compile(row["said"], re.IGNORECASE), row["meant"]) for row in question_table_rows("rewordings")]


def _marks_in_words(found: re.Match[str]) -> str:
    """«за что четвёрка и пятёрка» of «за что 4 и 5»."""
    return found[1] + _MARKS[found[2]] + (found[3] + _MARKS[found[4]] if found[3] else "")


def _days_of_week(found: re.Match[str], today: date) -> str:
    """«с 5 по 11 октября» of «вторую неделю октября»: a week is of the month that has its Thursday, as in ISO 8601."""
    first = _first_day(found["month"], today)
    thursday = first + timedelta(
        days=(_THURSDAY - first.weekday()) % 7, weeks=_WEEKS.index(found["which"][:3].casefold())
    )
    monday, sunday = max(first, thursday - timedelta(days=3)), thursday + timedelta(days=3)
    return f"с {monday.day} {found['month']} по {sunday.day} {MONTHS_OF_DATES[sunday.month - 1]}"


def _days_behind(today: date) -> str:
    """«с 8 октября по 22 октября»."""
    first, last = today - _FORTNIGHT, today
    return f"с {first.day} {MONTHS_OF_DATES[first.month - 1]} по {last.day} {MONTHS_OF_DATES[last.month - 1]}"


def _days_of_part(found: re.Match[str], today: date) -> str:
    """«с 1 по 10 октября» of «в начале октября»."""
    since, until = next(days for begins, days in _PARTS.items() if found["which"].casefold().startswith(begins))
    last = (_first_day(found["month"], today) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return f"с {since} по {until or last.day} {found['month']}"


def _first_day(month: str, today: date) -> date:
    number = MONTHS_OF_DATES.index(month.casefold()) + 1
    return date(first_day_of_year(today).year + (number < SEPTEMBER), number, 1)


def _form(found: re.Match[str]) -> str:
    """«9б» of «девятого б»."""
    return f"{1 + ORDINALS.index(found['number'].casefold())}{found['letter']}"
