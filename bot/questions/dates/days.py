"""Reads dates in plain words from glosses: «на среду следующей недели», «за декабрь», «через два дня».

A day without a week or a year is the nearest one from today on; for marks, which look back, the nearest one up to today
(contracts, Questions). A rule is a pattern of glosses and a function from a View to a Span.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.questions.dates.spans import DAY, QuestionDateSpans, QuestionSpan

Groups = dict[str, str | None]
Rule = Callable[[QuestionDateSpans, Groups], QuestionSpan | None]

LAST_SEVEN, LAST_THIRTY = DAY * 6, DAY * 29
_LENGTHS = {"day": 1, "week": 7, "month": 30}
_PREPOSITION = r"(?:(?P<preposition>on|in|over|for|to|by|from|till|of|past|before|about) )?"
_JOINED = re.compile(r" (?:(?:and|or) )?")
_RULES: list[tuple[re.Pattern[str], Rule]] = []


def _date_rule(pattern: str) -> Callable[[Rule], Rule]:
    def remember(rule: Rule) -> Rule:
        _RULES.append((re.compile(f"{_PREPOSITION}(?:{pattern})(?= |$)"), rule))
        return rule

    return remember


@dataclass(frozen=True, slots=True)
class SpokenDay:
    """A date among the glosses: its first and last character, and its preposition."""

    start: int
    stop: int
    preposition: str
    rule: Rule
    groups: Groups

    @property
    def is_weekday(self) -> bool:
        """True for a bare weekday, which only repeats another date next to it."""
        return self.rule is _weekday

    @property
    def is_range(self) -> bool:
        """True for «с 1 по 5 декабря», which names both ends."""
        return self.rule in {_days_of_month, _days_without_month, _days_of_week}

    @property
    def is_loose(self) -> bool:
        """True for a bare number, which in a question about marks is a mark."""
        return self.rule is _bare_number

    def resolve(self, view: QuestionDateSpans) -> QuestionSpan | None:
        """The days that it means; None where the calendar has no such day."""
        try:
            return self.rule(view, self.groups)
        except (OverflowError, ValueError):
            return None


def spoken_days_in(glosses: str) -> list[SpokenDay]:
    """All dates from left to right; at each place the first rule that matches wins."""
    return list(_dates_in(glosses))


def _dates_in(glosses: str) -> Iterator[SpokenDay]:
    """Dates joined by «и» share one preposition: «за апрель и май»."""
    place = 0
    before: SpokenDay | None = None
    while place < len(glosses):
        if said := _date_at(glosses, place):
            if before and not said.preposition and _JOINED.fullmatch(glosses, before.stop, place):
                said = replace(said, preposition=before.preposition)
            yield said
            before, place = said, said.stop + 1
        else:
            place = (glosses.find(" ", place) + 1) or len(glosses)


def _date_at(glosses: str, place: int) -> SpokenDay | None:
    for pattern, rule in _RULES:
        if found := pattern.match(glosses, place):
            groups = found.groupdict()
            return SpokenDay(place, found.end(), groups.pop("preposition") or "", rule, groups)
    return None


def span_of_spoken_days(dates: Sequence[SpokenDay], view: QuestionDateSpans) -> QuestionSpan | None:
    """One span over all dates; listed weekdays and `from … by …` are read as a range in their order."""
    listed = len(dates) > 1 and all(said.is_weekday for said in dates)
    if listed or [said.preposition for said in dates] in (["from", "by"], ["from", "till"], ["of", "till"]):
        return _range(dates[0], dates[-1], view)
    if len(dates) == 1 and dates[0].preposition == "from" and view.back and not dates[0].is_range:
        first = dates[0].resolve(view)
        return QuestionSpan(first.since, max(first.until, view.today)) if first else None
    spans = [said.resolve(view) for said in dates]
    found = [span for span in spans if span]
    if len(found) < len(spans) or not found:
        return None
    return QuestionSpan(min(span.since for span in found), max(span.until for span in found))


def _range(first: SpokenDay, last: SpokenDay, view: QuestionDateSpans) -> QuestionSpan | None:
    """Resolve the nearer end first, then the other end as seen from it."""
    near, far = (last, first) if view.back else (first, last)
    nearer = near.resolve(view)
    farther = far.resolve(QuestionDateSpans(nearer.since, view.back)) if nearer else None
    if nearer is None or farther is None:
        return None
    return QuestionSpan(min(nearer.since, farther.since), max(nearer.until, farther.until))


@_date_rule(r"dated(?P<day>\d+)[./](?P<month>\d+)(?:[./](?P<year>\d+))?(?: year)?")
def _written(view: QuestionDateSpans, said: Groups) -> QuestionSpan | None:
    return view.dated(int(said["day"] or 0), int(said["month"] or 0), said["year"])


@_date_rule(r"dated(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)")
def _written_by_year(view: QuestionDateSpans, said: Groups) -> QuestionSpan | None:
    return view.dated(int(said["day"] or 0), int(said["month"] or 0), said["year"])


@_date_rule(r"[no](?P<first>\d+)(?: (?:by|till|to|and))? [no](?P<last>\d+) m(?P<month>\d+)")
def _days_of_month(view: QuestionDateSpans, said: Groups) -> QuestionSpan | None:
    last = view.dated(int(said["last"] or 0), int(said["month"] or 0))
    first = last.since.replace(day=int(said["first"] or 0)) if last else None
    return QuestionSpan(first, last.until) if last and first and first <= last.until else None


@_date_rule(
    r"(?<=from )[no](?P<first>[1-9]|[12]\d|3[01]) by [no](?P<last>[1-9]|[12]\d|3[01])(?: numberth)?"
    r"(?! (?:lessons?|class|term|m\d))(?!\S)"
)
def _days_without_month(view: QuestionDateSpans, said: Groups) -> QuestionSpan | None:
    """«с 12 по 16»: of this month where today is among them, else as seen from the last one."""
    first, last = int(said["first"] or 0), int(said["last"] or 0)
    is_now = first <= view.today.day <= last
    until = view.dated(last, view.today.month, str(view.today.year)) if is_now else view.day_of_month(last)
    return QuestionSpan(until.since.replace(day=first), until.until) if until and first <= last else None


@_date_rule(r"[no](?P<day>\d+)(?: numberth)?(?: of)? m(?P<month>\d+)(?: n(?P<year>20\d\d))?(?: term)?")
def _day_and_month(view: QuestionDateSpans, said: Groups) -> QuestionSpan | None:
    return view.dated(int(said["day"] or 0), int(said["month"] or 0), said["year"])


@_date_rule(r"m(?P<month>\d+) (?:o(?P<nth>\d+)|n(?P<day>\d\d?))(?: n(?P<year>20\d\d))?")
def _month_and_day(view: QuestionDateSpans, said: Groups) -> QuestionSpan | None:
    return view.dated(int(said["nth"] or said["day"] or 0), int(said["month"] or 0), said["year"])


@_date_rule(r"wd(?P<first>\d) (?:by|till) wd(?P<last>\d)(?: (?:on|in|of|over|for))? (?P<which>next|last|this) week")
def _days_of_week(view: QuestionDateSpans, said: Groups) -> QuestionSpan | None:
    monday = view.week(said["which"]).since
    return QuestionSpan(monday + DAY * int(said["first"] or 0), monday + DAY * int(said["last"] or 0))


@_date_rule(r"wd(?P<weekday>\d)(?: (?:on|in|of|over|for))? (?P<which>next|last|this) week")
def _weekday_of_week(view: QuestionDateSpans, said: Groups) -> QuestionSpan | None:
    return QuestionSpan.of(view.week(said["which"]).since + DAY * int(said["weekday"] or 0))


@_date_rule(r"(?P<which>next|last|this) week(?: (?:on|in|over|for|from))? wd(?P<weekday>\d)")
def _week_and_weekday(view: QuestionDateSpans, said: Groups) -> QuestionSpan | None:
    return _weekday_of_week(view, said)


@_date_rule(r"after (?:n(?P<count>\d{1,3}) )?(?P<unit>day|week|month)(?! ago)")
def _after(view: QuestionDateSpans, said: Groups) -> QuestionSpan | None:
    """«через день» means the day after tomorrow."""
    unit = said["unit"] or ""
    return QuestionSpan.of(view.moved(unit, int(said["count"] or (2 if unit == "day" else 1))))


@_date_rule(r"in n(?P<count>(?!1 )\d{1,3}) (?P<unit>day|week|month)")
def _in(view: QuestionDateSpans, said: Groups) -> QuestionSpan | None:
    return _after(view, said)


@_date_rule(r"(?:n(?P<count>\d{1,3}) )?(?P<unit>day|week|month) ago")
def _ago(view: QuestionDateSpans, said: Groups) -> QuestionSpan | None:
    return QuestionSpan.of(view.moved(said["unit"] or "", -int(said["count"] or 1)))


@_date_rule(
    r"(?:(?<=on )|(?<=over )|(?<=for )|(?<=in )(?!n1 day)|(?P<side>last|recent|near|next) )n(?P<count>\d{1,3})"
    r" (?:(?P<other>last|recent|near) )?(?P<unit>day|week|month)"
)
def _stretch(view: QuestionDateSpans, said: Groups) -> QuestionSpan | None:
    """«за последние три дня», «на две недели», today included."""
    length = timedelta(days=int(said["count"] or 1) * _LENGTHS[said["unit"] or "day"] - 1)
    past = view.back or {said["side"], said["other"]} & {"last", "recent"}
    return QuestionSpan(view.today - length, view.today) if past else QuestionSpan(view.today, view.today + length)


@_date_rule(r"end (?:of )?(?:(?P<which>this|next) )?week")
def _rest_of_week(view: QuestionDateSpans, said: Groups) -> QuestionSpan | None:
    week = view.week(said["which"])
    return QuestionSpan(max(view.today, week.since), week.until)


@_date_rule(r"end (?:of )?(?:this )?month")
def _rest_of_month(view: QuestionDateSpans, _said: Groups) -> QuestionSpan | None:
    return QuestionSpan(view.today, view.month_away(0).until)


@_date_rule(r"start (?:of )?m(?P<month>\d+)")
def _since_month_began(view: QuestionDateSpans, said: Groups) -> QuestionSpan | None:
    """«с начала октября»: until today, else the month."""
    whole = view.named_month(int(said["month"] or 1))
    return QuestionSpan(whole.since, view.today) if view.back and whole.since <= view.today else whole


@_date_rule(r"that week")
def _that_week(view: QuestionDateSpans, _said: Groups) -> QuestionSpan | None:
    """«на той неделе» is the last one of what is past and the next one of what is to come."""
    return view.week("last" if view.back else "next")


@_date_rule(r"start (?:of )?(?:this )?(?P<unit>week|month)")
def _so_far(view: QuestionDateSpans, said: Groups) -> QuestionSpan | None:
    """«с начала месяца»: until today for marks, else until the end of the month."""
    whole = view.week(None) if said["unit"] == "week" else view.month_away(0)
    return QuestionSpan(whole.since, view.today) if view.back and whole.since <= view.today else whole


@_date_rule(r"(?:(?P<which>next|last|this|near|recent) )?weekend")
def _weekend(view: QuestionDateSpans, said: Groups) -> QuestionSpan | None:
    return view.weekend(said["which"])


@_date_rule(r"recent week")
def _last_seven_days(view: QuestionDateSpans, _said: Groups) -> QuestionSpan | None:
    return QuestionSpan(view.today - LAST_SEVEN, view.today)


@_date_rule(r"(?P<which>next|beforelast|last|this|near) week")
def _calendar_week(view: QuestionDateSpans, said: Groups) -> QuestionSpan | None:
    return view.week(said["which"])


@_date_rule(r"(?<=over )week|(?<=for )week")
def _over_week(view: QuestionDateSpans, said: Groups) -> QuestionSpan | None:
    """For marks the last seven days with today, for anything else the calendar week."""
    return _last_seven_days(view, said) if view.back else view.week(None)


@_date_rule(r"(?<!howmany )week")
def _bare_week(view: QuestionDateSpans, _said: Groups) -> QuestionSpan | None:
    return view.week(None)


@_date_rule(r"(?:(?P<which>next|last|this|near|recent) )?wd(?P<weekday>\d)")
def _weekday(view: QuestionDateSpans, said: Groups) -> QuestionSpan | None:
    """«следующий вторник» is in the next week and «прошлый» in the last one, whatever day it is today."""
    if said["which"] in {"next", "last"}:
        return _weekday_of_week(view, said)
    return view.weekday(int(said["weekday"] or 0))


@_date_rule(r"(?P<which>next|last|this) month")
def _calendar_month(view: QuestionDateSpans, said: Groups) -> QuestionSpan | None:
    return view.month_away({"next": 1, "last": -1}.get(said["which"] or "", 0))


@_date_rule(r"(?:recent )?(?<!howmany )month")
def _over_month(view: QuestionDateSpans, _said: Groups) -> QuestionSpan | None:
    """For marks the last thirty days with today, for anything else the calendar month."""
    return QuestionSpan(view.today - LAST_THIRTY, view.today) if view.back else view.month_away(0)


@_date_rule(r"(?:(?:next|last|this|recent) )?m(?P<month>\d+)(?: n(?P<year>20\d\d))?(?: term)?")
def _named_month(view: QuestionDateSpans, said: Groups) -> QuestionSpan | None:
    return view.named_month(int(said["month"] or 1), said["year"])


@_date_rule(
    r"[no](?P<day>\d+) numberth|(?<!lesson )(?!(?<=to )o\d(?!\d))o(?P<nth>\d+)"
    r"(?:(?<=o1[2-9])|(?<=o[23]\d)|(?! (?:lessons?|term|class|marks|timetable|control|_|S)))"
)
def _day_of_month(view: QuestionDateSpans, said: Groups) -> QuestionSpan | None:
    return view.day_of_month(int(said["day"] or said["nth"] or 0))


@_date_rule(r"(?<=on )n(?P<day>[6-9]|[12]\d|3[01])(?= (?:by|\.|S)|$)")
def _bare_number(view: QuestionDateSpans, said: Groups) -> QuestionSpan | None:
    return view.day_of_month(int(said["day"] or 0))


@_date_rule(r"(?<=over )day|(?<=for )day")
def _over_day(view: QuestionDateSpans, _said: Groups) -> QuestionSpan | None:
    return QuestionSpan.of(view.today)


@_date_rule(r"day(?P<shift>[+-]\d)")
def _relative(view: QuestionDateSpans, said: Groups) -> QuestionSpan | None:
    return QuestionSpan.of(view.today + DAY * int(said["shift"] or 0))
