"""Reads weekdays as timetables write them."""

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


def read_weekday(text: str) -> int | None:
    """Monday is 0. Blanks and line ends between letters are allowed, as in vertical cells. None for anything else."""
    return _WEEKDAY_OF.get("".join(text.split()).strip(".:").lower())
