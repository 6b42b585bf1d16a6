"""Teachers and holidays of the school year (Q21, Q22)."""

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

from bot.screens.dates import screen_date_span
from bot.screens.frame import ScreenFrame
from bot.screens.screen import Screen, screen_bold, screen_text
from core.model.timetable import Holiday, Teaching
from core.model.year import GroupKind

TEACHERS, HOLIDAYS = "teachers", "holidays"

_BELONGING = tuple(GroupKind)


def year_teachers_screen(frame: ScreenFrame, teachings: Sequence[Teaching]) -> Screen:
    """Teachers by group and subject, in the order of the four kinds of groups (Q21)."""
    t = frame.t
    lines = list(_teachings(frame, teachings))
    return frame.screen(frame.head(screen_bold(t("teachers.title"))), lines or [t("teachers.none")])


def year_teachers_screen_line(frame: ScreenFrame, of_subject: Sequence[Teaching]) -> str:
    """«Физика: Иванова Ирина Олеговна»; that nobody is named, where the timetable names nobody (Q110, Q113)."""
    if frame.question is None or frame.subject is None:
        return ""
    names = dict.fromkeys(teaching.teacher for teaching in of_subject)
    subject = screen_text(frame.subject)
    if not names:
        return frame.t("teachers.answer.nobody", subject=subject)
    return f"{subject}: {screen_text(', '.join(names))}"


def teacher_screen_line(frame: ScreenFrame, of_teacher: Sequence[Teaching]) -> str:
    """«Иванова Ирина Олеговна: Физика, Химия, классный руководитель»: what a teacher who is named teaches."""
    subjects = sorted({screen_text(each.subject) for each in of_teacher if each.subject is not None})
    leads = any(each.subject is None for each in of_teacher)
    name, duties = (
        screen_text(of_teacher[0].teacher),
        [*subjects, *([frame.t("teachers.class_teacher").lower()] if leads else [])],
    )
    return f"{name}: {', '.join(duties)}" if len(duties) > 1 else f"{duties[0]}: {name}"


def all_teachers_screen_line(frame: ScreenFrame, teachings: Sequence[Teaching]) -> str:
    """«Учителей: 8. Классный руководитель: Иванова Ирина Олеговна»."""
    if frame.question is None:
        return ""
    if not teachings:
        return frame.t("teachers.none")
    count = len({teaching.teacher for teaching in teachings})
    return frame.t("teachers.answer.count", count, leader=class_teacher_screen_line(frame, teachings))


def taught_subjects_screen_line(frame: ScreenFrame, subjects: Collection[str]) -> str:
    """«9 предметов: Алгебра, Геометрия…», or that they are not known."""
    if not subjects:
        return frame.t("teachers.none")
    named = ", ".join(map(screen_text, sorted(subjects)))
    return frame.t("teachers.answer.subjects", len(subjects), subjects=named)


def class_teacher_screen_line(frame: ScreenFrame, teachings: Sequence[Teaching]) -> str:
    """«Классный руководитель: Иванова Ирина Олеговна», or that nobody is named."""
    names = dict.fromkeys(teaching.teacher for teaching in teachings if teaching.subject is None)
    if not names:
        return frame.t("teachers.answer.no_class_teacher")
    return f"{frame.t('teachers.class_teacher')}: {screen_text(', '.join(names))}"


def whether_class_teacher_screen_line(
    frame: ScreenFrame, of_subject: Sequence[Teaching], teachings: Sequence[Teaching]
) -> str:
    """«Да, Русский язык и классный руководитель – Иванова Ирина Олеговна», or both of them."""
    leads = {teaching.teacher for teaching in teachings if teaching.subject is None}
    both = ", ".join(sorted(leads & {teaching.teacher for teaching in of_subject}))
    lines = f"{year_teachers_screen_line(frame, of_subject)}; {class_teacher_screen_line(frame, teachings)}"
    if not both:
        return frame.t("teachers.answer.not_class_teacher", lines=lines)
    subject = screen_text(frame.subject or "")
    return frame.t("teachers.answer.is_class_teacher", subject=subject, name=screen_text(both))


def _teachings(frame: ScreenFrame, teachings: Sequence[Teaching]) -> Iterator[str]:
    ordered = sorted(
        teachings,
        key=lambda teaching: (
            _BELONGING.index(teaching.kind),
            teaching.group,
            teaching.subject is not None,
            teaching.subject,
        ),
    )
    for (kind, group), of_group in groupby(ordered, key=lambda teaching: (teaching.kind, teaching.group)):
        yield screen_bold(frame.t(f"teachers.{kind}", name=group))
        for teaching in of_group:
            subject = teaching.subject or frame.t("teachers.class_teacher")
            yield f"{screen_text(subject)}: {screen_text(teaching.teacher)}"


def year_holidays_screen(frame: ScreenFrame, all_holidays: Sequence[Holiday]) -> Screen:
    """Holidays of the school year; the present and the next ones in bold."""
    t = frame.t
    ahead = [holiday for holiday in all_holidays if holiday.ends_on >= frame.today]
    lines = [_holiday(frame, holiday, is_next=holiday in ahead[:1]) for holiday in all_holidays]
    return frame.screen(frame.head(screen_bold(t("holidays.title"))), lines or [t("holidays.none")])


def _holiday(frame: ScreenFrame, holiday: Holiday, *, is_next: bool) -> str:
    t = frame.t
    line = f"{screen_date_span(holiday.starts_on, holiday.ends_on, t)} {screen_text(holiday.name)}"
    if holiday.ends_on < frame.today:
        return line
    if holiday.starts_on <= frame.today:
        return f"{screen_bold(line)} – {t('holidays.now')}"
    days = (holiday.starts_on - frame.today).days
    return f"{screen_bold(line)} – {t('holidays.in_days', days)}" if is_next else line
