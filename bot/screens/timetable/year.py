"""What holds for the school year: teachers and holidays (Q21, Q22)."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.screens.dates import date_span
from bot.screens.frame import Frame
from bot.screens.screen import Screen, bold, plain_text
from core.model.timetable import Holiday, Teaching
from core.model.year import GroupKind

TEACHERS, HOLIDAYS = "teachers", "holidays"

_BELONGING = tuple(GroupKind)


def student_teachers(frame: Frame, teachings: Sequence[Teaching]) -> Screen:
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
            yield f"{plain_text(each.subject or frame.t('teachers.class_teacher'))}: {plain_text(each.teacher)}"


def holidays(frame: Frame, found: Sequence[Holiday]) -> Screen:
    """All of the school year; the present one and the next are told apart."""
    t = frame.t
    ahead = [each for each in found if each.ends_on >= frame.today]
    lines = [_holiday(frame, each, is_next=each in ahead[:1]) for each in found]
    return frame.screen(frame.head(bold(t("holidays.title"))), lines or [t("holidays.none")])


def _holiday(frame: Frame, each: Holiday, *, is_next: bool) -> str:
    t = frame.t
    line = f"{date_span(each.starts_on, each.ends_on, t)} {plain_text(each.name)}"
    if each.ends_on < frame.today:
        return line
    if each.starts_on <= frame.today:
        return f"{bold(line)} – {t('holidays.now')}"
    days = (each.starts_on - frame.today).days
    return f"{bold(line)} – {t('holidays.in_days', days)}" if is_next else line
