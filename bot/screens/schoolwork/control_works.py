"""Control works of a family's look-up: coming, later, past (Q19)."""

from collections.abc import Sequence

from bot.screens.dates import date_span, weekday_date
from bot.screens.frame import Frame, clip_words
from bot.screens.screen import Screen, bold, plain_text
from core.model.schoolwork.control_works import ControlWork

CONTROL = "control"

ControlWorks = Sequence[tuple[ControlWork, str]]


def control_works(frame: Frame, works: ControlWorks, period: str | None) -> Screen:
    """Works still to come within the look's dates, then later ones, then past ones."""
    t = frame.t
    since, until = frame.look.since or frame.today, frame.look.until or frame.today
    dates = date_span(since, until, t)
    title = bold(t("control.title", dates=f"{period} ({dates})" if period else dates))
    ahead = [work_line(frame, *work) for work in works if frame.today <= work[0].on <= until]
    beyond = [work_line(frame, *work) for work in works if work[0].on > max(until, frame.today)]
    behind = [work_line(frame, *work) for work in works if work[0].on < frame.today]
    lines = [*(ahead or [t("control.none")]), *_part(t("control.beyond"), beyond), *_part(t("control.written"), behind)]
    return frame.screen(frame.head_of_subject(title), lines)


def _part(title: str, lines: Sequence[str]) -> Sequence[str]:
    return ["", bold(title), *lines] if lines else []


def work_line(frame: Frame, work: ControlWork, subject: str) -> str:
    """«пт 27.11 Физика – контрольная работа, тема: Механика»."""
    t = frame.t
    number = t("control.number", number=work.number) if work.number is not None else None
    topic = t("control.topic", topic=clip_words(work.topic)) if work.topic else None
    about = plain_text(", ".join(filter(None, (clip_words(work.work_kind), number, topic))))
    return f"{weekday_date(work.on, t)} {bold(subject)} – {about}"
