"""Days of the week as timetables spell them."""

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
    """Monday is 0; a name may run down a merged cell letter by letter. None for anything else, numbers too."""
    return _WEEKDAY_OF.get("".join(text.split()).strip(".:").lower())
