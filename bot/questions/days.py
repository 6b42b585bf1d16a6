"""Dates as people say them, read from glosses: «на среду следующей недели», «за декабрь», «через два дня».

Looking ahead, a day without a week or a year is the nearest from today on; looking back, for marks, the nearest until
today (contracts, Questions). A rule is a pattern of glosses and what it means from where one stands.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.questions.spans import DAY, Span, View

Groups = dict[str, str | None]
Rule = Callable[[View, Groups], Span | None]

LAST_SEVEN, LAST_THIRTY = DAY * 6, DAY * 29
_PREPOSITION = r"(?:(?P<preposition>on|in|over|for|to|by|from|till|of|past|before|about) )?"
_JOINED = re.compile(r" (?:(?:and|or) )?")
_RULES: list[tuple[re.Pattern[str], Rule]] = []


def _says(pattern: str) -> Callable[[Rule], Rule]:
    def remember(rule: Rule) -> Rule:
        _RULES.append((re.compile(f"{_PREPOSITION}(?:{pattern})(?= |$)"), rule))
        return rule

    return remember


@dataclass(frozen=True, slots=True)
class SpokenDate:
    """A date among the glosses: from and to which character, after which preposition."""

    start: int
    stop: int
    preposition: str
    rule: Rule
    groups: Groups

    @property
    def is_weekday(self) -> bool:
        """A bare weekday, which beside another date only repeats it."""
        return self.rule is _weekday

    @property
    def is_range(self) -> bool:
        """«с 1 по 5 декабря»: both ends are said."""
        return self.rule in {_days_of_month, _days_of_week}

    @property
    def is_loose(self) -> bool:
        """A bare number, which beside marks is a mark."""
        return self.rule is _bare_number

    def seen_from(self, view: View) -> Span | None:
        """The days meant; None where no calendar has them."""
        try:
            return self.rule(view, self.groups)
        except (OverflowError, ValueError):
            return None


def dates_in(glosses: str) -> list[SpokenDate]:
    """All dates, from left to right; the first rule that fits at a place takes it."""
    return list(_dates_in(glosses))


def _dates_in(glosses: str) -> Iterator[SpokenDate]:
    """«за апрель и май»: the preposition is said once."""
    place = 0
    before: SpokenDate | None = None
    while place < len(glosses):
        if said := _date_at(glosses, place):
            if before and not said.preposition and _JOINED.fullmatch(glosses, before.stop, place):
                said = replace(said, preposition=before.preposition)
            yield said
            before, place = said, said.stop + 1
        else:
            place = (glosses.find(" ", place) + 1) or len(glosses)


def _date_at(glosses: str, place: int) -> SpokenDate | None:
    for pattern, rule in _RULES:
        if found := pattern.match(glosses, place):
            groups = found.groupdict()
            return SpokenDate(place, found.end(), groups.pop("preposition") or "", rule, groups)
    return None


def span_of(dates: Sequence[SpokenDate], view: View) -> Span | None:
    """One span for all: from the first day to the last; listed weekdays and `from … by …` keep their order."""
    listed = len(dates) > 1 and all(said.is_weekday for said in dates)
    if listed or [said.preposition for said in dates] in (["from", "by"], ["from", "till"], ["of", "till"]):
        return _range(dates[0], dates[-1], view)
    if len(dates) == 1 and dates[0].preposition == "from" and view.back and not dates[0].is_range:
        first = dates[0].seen_from(view)
        return Span(first.since, view.today) if first else None
    spans = [said.seen_from(view) for said in dates]
    found = [span for span in spans if span]
    if len(found) < len(spans) or not found:
        return None
    return Span(min(span.since for span in found), max(span.until for span in found))


def _range(first: SpokenDate, last: SpokenDate, view: View) -> Span | None:
    """The end that lies nearer is found first, the other one beyond it."""
    near, far = (last, first) if view.back else (first, last)
    nearer = near.seen_from(view)
    farther = far.seen_from(View(nearer.since, view.back)) if nearer else None
    if nearer is None or farther is None:
        return None
    return Span(min(nearer.since, farther.since), max(nearer.until, farther.until))


@_says(r"dated(?P<day>\d+)[./](?P<month>\d+)(?:[./](?P<year>\d+))?(?: year)?")
def _written(view: View, said: Groups) -> Span | None:
    return view.dated(int(said["day"] or 0), int(said["month"] or 0), said["year"])


@_says(r"dated(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)")
def _written_by_year(view: View, said: Groups) -> Span | None:
    return view.dated(int(said["day"] or 0), int(said["month"] or 0), said["year"])


@_says(r"[no](?P<first>\d+)(?: (?:by|till|to|and))? [no](?P<last>\d+) m(?P<month>\d+)")
def _days_of_month(view: View, said: Groups) -> Span | None:
    last = view.dated(int(said["last"] or 0), int(said["month"] or 0))
    first = last.since.replace(day=int(said["first"] or 0)) if last else None
    return Span(first, last.until) if last and first and first <= last.until else None


@_says(r"[no](?P<day>\d+)(?: numberth)?(?: of)? m(?P<month>\d+)(?: n(?P<year>20\d\d))?(?: term)?")
def _day_and_month(view: View, said: Groups) -> Span | None:
    return view.dated(int(said["day"] or 0), int(said["month"] or 0), said["year"])


@_says(r"m(?P<month>\d+) (?:o(?P<nth>\d+)|n(?P<day>\d\d?))(?: n(?P<year>20\d\d))?")
def _month_and_day(view: View, said: Groups) -> Span | None:
    return view.dated(int(said["nth"] or said["day"] or 0), int(said["month"] or 0), said["year"])


@_says(r"wd(?P<first>\d) (?:by|till) wd(?P<last>\d)(?: (?:on|in|of|over|for))? (?P<which>next|last|this) week")
def _days_of_week(view: View, said: Groups) -> Span | None:
    monday = view.week(said["which"]).since
    return Span(monday + DAY * int(said["first"] or 0), monday + DAY * int(said["last"] or 0))


@_says(r"wd(?P<weekday>\d)(?: (?:on|in|of|over|for))? (?P<which>next|last|this) week")
def _weekday_of_week(view: View, said: Groups) -> Span | None:
    return Span.of(view.week(said["which"]).since + DAY * int(said["weekday"] or 0))


@_says(r"(?P<which>next|last|this) week(?: (?:on|in|over|for|from))? wd(?P<weekday>\d)")
def _week_and_weekday(view: View, said: Groups) -> Span | None:
    return _weekday_of_week(view, said)


@_says(r"after (?:n(?P<count>\d{1,3}) )?(?P<unit>day|week|month)(?! ago)")
def _after(view: View, said: Groups) -> Span | None:
    """«через день» is the day after tomorrow."""
    unit = said["unit"] or ""
    return Span.of(view.moved(unit, int(said["count"] or (2 if unit == "day" else 1))))


@_says(r"in n(?P<count>\d{1,3}) (?P<unit>day|week|month)")
def _in(view: View, said: Groups) -> Span | None:
    return _after(view, said)


@_says(r"(?:n(?P<count>\d{1,3}) )?(?P<unit>day|week|month) ago")
def _ago(view: View, said: Groups) -> Span | None:
    return Span.of(view.moved(said["unit"] or "", -int(said["count"] or 1)))


@_says(
    r"(?:(?<=on )|(?<=over )|(?<=for )|(?<=in )|(?P<side>last|recent|near|next) )n(?P<count>\d{1,3})"
    r" (?:(?P<other>last|recent|near) )?(?P<unit>day|week)"
)
def _stretch(view: View, said: Groups) -> Span | None:
    """«за последние три дня», «на две недели»: with today."""
    length = timedelta(days=int(said["count"] or 1) * (7 if said["unit"] == "week" else 1) - 1)
    past = view.back or {said["side"], said["other"]} & {"last", "recent"}
    return Span(view.today - length, view.today) if past else Span(view.today, view.today + length)


@_says(r"end (?:of )?(?:(?P<which>this|next) )?week")
def _rest_of_week(view: View, said: Groups) -> Span | None:
    week = view.week(said["which"])
    return Span(max(view.today, week.since), week.until)


@_says(r"end (?:of )?(?:this )?month")
def _rest_of_month(view: View, _said: Groups) -> Span | None:
    return Span(view.today, view.month_away(0).until)


@_says(r"start (?:of )?(?:this )?(?P<unit>week|month)")
def _so_far(view: View, said: Groups) -> Span | None:
    """«с начала месяца»: until today, looking ahead until its end."""
    whole = view.week(None) if said["unit"] == "week" else view.month_away(0)
    return Span(whole.since, view.today) if view.back else whole


@_says(r"(?:(?P<which>next|last|this|near|recent) )?weekend")
def _weekend(view: View, said: Groups) -> Span | None:
    return view.weekend(said["which"])


@_says(r"recent week")
def _last_seven_days(view: View, _said: Groups) -> Span | None:
    return Span(view.today - LAST_SEVEN, view.today)


@_says(r"(?P<which>next|last|this|near) week")
def _calendar_week(view: View, said: Groups) -> Span | None:
    return view.week(said["which"])


@_says(r"(?<=over )week|(?<=for )week")
def _over_week(view: View, said: Groups) -> Span | None:
    """Of marks the last seven days with today, of all else the calendar week."""
    return _last_seven_days(view, said) if view.back else view.week(None)


@_says(r"week")
def _bare_week(view: View, _said: Groups) -> Span | None:
    return view.week(None)


@_says(r"(?:(?P<which>next|last|this|near|recent) )?wd(?P<weekday>\d)")
def _weekday(view: View, said: Groups) -> Span | None:
    """«следующий вторник» is next week's, «прошлый» last week's, whatever day it is."""
    if said["which"] in {"next", "last"}:
        return _weekday_of_week(view, said)
    return view.weekday(int(said["weekday"] or 0))


@_says(r"(?P<which>next|last|this) month")
def _calendar_month(view: View, said: Groups) -> Span | None:
    return view.month_away({"next": 1, "last": -1}.get(said["which"] or "", 0))


@_says(r"(?:recent )?month")
def _over_month(view: View, _said: Groups) -> Span | None:
    """Of marks the last thirty days with today, as with a week."""
    return Span(view.today - LAST_THIRTY, view.today) if view.back else view.month_away(0)


@_says(r"(?:(?:next|last|this|recent) )?m(?P<month>\d+)(?: n(?P<year>20\d\d))?(?: term)?")
def _named_month(view: View, said: Groups) -> Span | None:
    return view.named_month(int(said["month"] or 1), said["year"])


@_says(
    r"[no](?P<day>\d+) numberth|(?<!lesson )(?!(?<=to )o\d(?!\d))o(?P<nth>\d+)"
    r"(?! (?:lessons?|term|class|marks|timetable|control|_|S))"
)
def _day_of_month(view: View, said: Groups) -> Span | None:
    return view.day_of_month(int(said["day"] or said["nth"] or 0))


@_says(r"(?<=on )n(?P<day>[6-9]|[12]\d|3[01])(?= (?:by|\.|S)|$)")
def _bare_number(view: View, said: Groups) -> Span | None:
    return view.day_of_month(int(said["day"] or 0))


@_says(r"(?<=over )day|(?<=for )day")
def _over_day(view: View, _said: Groups) -> Span | None:
    return Span.of(view.today)


@_says(r"day(?P<shift>[+-]\d)")
def _relative(view: View, said: Groups) -> Span | None:
    return Span.of(view.today + DAY * int(said["shift"] or 0))
