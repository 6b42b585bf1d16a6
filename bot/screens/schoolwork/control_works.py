"""What holds for longer: control works of the period, teachers, holidays, recommendations (Q19, Q21, Q22, Q24)."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.screens.dates import brief, named, span
from bot.screens.frame import Frame, clipped
from bot.screens.schoolwork.homework import chunks
from bot.screens.screen import Screen, bold, plain
from core.model.schoolwork.control_works import ControlWork
from core.model.schoolwork.recommendations import ReadRecommendation
from core.model.timetable import Holiday, Teaching
from core.model.year import GroupKind
from core.rules.people.names import with_initials

CONTROL, TEACHERS, HOLIDAYS, ADVICE = "control", "teachers", "holidays", "advice"

ControlWorks = Sequence[tuple[ControlWork, str]]

_BELONGING = tuple(GroupKind)


def control_works(frame: Frame, works: ControlWorks, period: str | None) -> Screen:
    """What is still to come within the look's dates first, then what is planned beyond, then what has been written."""
    t = frame.t
    since, until = frame.look.since or frame.today, frame.look.until or frame.today
    dates = span(since, until, t)
    title = bold(t("control.title", dates=f"{period} ({dates})" if period else dates))
    ahead = [_work(frame, *each) for each in works if frame.today <= each[0].on <= until]
    beyond = [_work(frame, *each) for each in works if each[0].on > max(until, frame.today)]
    behind = [_work(frame, *each) for each in works if each[0].on < frame.today]
    lines = [*(ahead or [t("control.none")]), *_part(t("control.beyond"), beyond), *_part(t("control.written"), behind)]
    return frame.screen(frame.head_of_subject(title), lines)


def _part(title: str, lines: Sequence[str]) -> Sequence[str]:
    return ["", bold(title), *lines] if lines else []


def _work(frame: Frame, work: ControlWork, subject: str) -> str:
    t = frame.t
    number = t("control.number", number=work.number) if work.number is not None else None
    topic = t("control.topic", topic=clipped(work.topic)) if work.topic else None
    said = plain(", ".join(filter(None, (clipped(work.work_kind), number, topic))))
    return f"{named(work.on, t)} {bold(subject)} – {said}"


def teachers(frame: Frame, teachings: Sequence[Teaching]) -> Screen:
    """Under each of the four ways of belonging, subject by subject (Q21)."""
    t = frame.t
    lines = list(_teachings(frame, teachings))
    return frame.screen(frame.head(bold(t("teachers.title"))), lines or [t("teachers.none")])


def _teachings(frame: Frame, teachings: Sequence[Teaching]) -> Iterator[str]:
    ordered = sorted(
        teachings, key=lambda each: (_BELONGING.index(each.kind), each.group, each.subject is not None, each.subject)
    )
    for (kind, group), found in groupby(ordered, key=lambda each: (each.kind, each.group)):
        yield bold(frame.t(f"teachers.{kind}", name=group))
        for each in found:
            yield f"{plain(each.subject or frame.t('teachers.class_teacher'))}: {plain(each.teacher)}"


def holidays(frame: Frame, found: Sequence[Holiday]) -> Screen:
    """All of the school year; the present one and the next are told apart."""
    t = frame.t
    ahead = [each for each in found if each.ends_on >= frame.today]
    lines = [_holiday(frame, each, is_next=each in ahead[:1]) for each in found]
    return frame.screen(frame.head(bold(t("holidays.title"))), lines or [t("holidays.none")])


def _holiday(frame: Frame, each: Holiday, *, is_next: bool) -> str:
    t = frame.t
    line = f"{span(each.starts_on, each.ends_on, t)} {plain(each.name)}"
    if each.ends_on < frame.today:
        return line
    if each.starts_on <= frame.today:
        return f"{bold(line)} – {t('holidays.now')}"
    days = (each.starts_on - frame.today).days
    return f"{bold(line)} – {t('holidays.in_days', days)}" if is_next else line


def advice(frame: Frame, found: Sequence[ReadRecommendation]) -> Screen:
    """The newest first; what was not read until now is called new (Q24)."""
    t = frame.t
    lines = [line for each in found for line in _advice(frame, each)]
    return frame.screen(frame.head_of_subject(bold(t("advice.title"))), lines or [t("advice.none")])


def _advice(frame: Frame, each: ReadRecommendation) -> Iterator[str]:
    t, said = frame.t, each.recommendation
    new = f"{bold(t('advice.new'))} " if each.read_at is None else ""
    about = each.subject or t("advice.general")
    yield f"{new}{brief(frame.day_of(said.given_at))} {bold(about)}, {plain(with_initials(each.author))}"
    yield f"<i>{plain(t(f'advice.for_{said.audience}'))}</i>"
    yield from map(plain, chunks(said.text))
    yield ""
