"""Reads weekdays and weeks as timetables write them."""

import re

from core.model.timetable import Week

_NAMES = (
    "понедельник пн monday mon",
    "вторник вт tuesday tue",
    "среда ср wednesday wed",
    "четверг чт thursday thu",
    "пятница пт friday fri",
    "суббота сб saturday sat",
    "воскресенье вс sunday sun",
)
_WEEKDAY_OF = {name: weekday for weekday, names in enumerate(_NAMES) for name in names.split()}
_ODD = r"неч[её]тн\w*|неч[её]т|неч|числитель|числ|odd"
_EVEN = r"ч[её]тн\w*|ч[её]т|знаменатель|знам|even"
_FIRST, _SECOND = r"1|i|перв\w*|1-я|1-ая", r"2|ii|втор\w*|2-я|2-ая"
_WEEK_WORD = r"\s*(?:недел\w+|нед\.?|week)"
_MARK = re.compile(
    rf"(?:по\s+)?(?:(?P<odd>{_ODD})|(?P<even>{_EVEN}))\.?(?:{_WEEK_WORD})?"
    rf"|(?:недел\w+|week)\s*[№:]?\s*(?:(?P<odd1>{_FIRST}|{_ODD})|(?P<even1>{_SECOND}|{_EVEN}))\.?"
    rf"|(?:(?P<odd2>{_FIRST}){_WEEK_WORD}|(?P<even2>{_SECOND}){_WEEK_WORD})",
    re.IGNORECASE,
)
_IN_LINE = re.compile(rf"(?<!\w)(?:(?P<odd>{_ODD})|(?P<even>{_EVEN}))\.?{_WEEK_WORD}(?!\w)", re.IGNORECASE)
_BESIDE = re.compile(r"(?P<words>.*\S)\s*(?:\((?P<inner>[^()]*)\)|[,/]\s*(?P<after>[^,/()]+))", re.DOTALL)


def read_weekday(text: str) -> int | None:
    """Monday is 0. Blanks and line ends between letters are allowed, as in vertical cells. None for anything else.

    A week may stand behind the day: «Понедельник (чётная неделя)».
    """
    return _WEEKDAY_OF.get("".join(split_week_from_cell(text)[0].split()).strip(".:").lower())


def read_week(text: str) -> Week | None:
    """«нечётная неделя», «нечет.», «числитель», «1 неделя», «odd» … or the same for even; None for anything else."""
    found = _MARK.fullmatch(" ".join(text.split()).strip("()[].,: "))
    return _week_of(found) if found else None


def read_week_in_title(text: str) -> Week | None:
    """The week that a title line names («Расписание. Чётная неделя»); None where it names none or both."""
    weeks = {_week_of(found) for found in _IN_LINE.finditer(text)}
    return weeks.pop() if len(weeks) == 1 else None


def split_week_from_cell(text: str) -> tuple[str, Week | None]:
    """The words of a cell without a week in brackets or behind a comma: «Физика (чёт.)» is «Физика», even."""
    found = _BESIDE.fullmatch(text)
    week = read_week(found["inner"] or found["after"] or "") if found else None
    return (found["words"], week) if found and week else (text, None)


def _week_of(found: re.Match[str]) -> Week:
    return Week.ODD if any(value and name.startswith("odd") for name, value in found.groupdict().items()) else Week.EVEN
