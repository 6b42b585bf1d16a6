"""Control works of a family's look-up: coming, later, past (Q19)."""

from collections.abc import Sequence

from bot.screens.dates import screen_date_span, weekday_screen_date
from bot.screens.frame import ScreenFrame, clip_to_screen_frame
from bot.screens.screen import Screen, screen_bold, screen_text
from core.model.schoolwork.control_works import ControlWork

CONTROL = "control"

ControlWorks = Sequence[tuple[ControlWork, str]]


def control_works_screen(frame: ScreenFrame, works: ControlWorks, period: str | None) -> Screen:
    """Works still to come within the look's dates, then later ones, then past ones."""
    t = frame.t
    since, until = frame.look.since or frame.today, frame.look.until or frame.today
    dates = screen_date_span(since, until, t)
    title = screen_bold(t("control.title", dates=f"{period} ({dates})" if period else dates))
    ahead = [control_work_screen_line(frame, *work) for work in works if frame.today <= work[0].on <= until]
    beyond = [control_work_screen_line(frame, *work) for work in works if work[0].on > max(until, frame.today)]
    behind = [control_work_screen_line(frame, *work) for work in works if work[0].on < frame.today]
    lines = [*(ahead or [t("control.none")]), *_part(t("control.beyond"), beyond), *_part(t("control.written"), behind)]
    return frame.screen(frame.head_of_subject(title), lines)


def _part(title: str, lines: Sequence[str]) -> Sequence[str]:
    return ["", screen_bold(title), *lines] if lines else []


def control_work_screen_line(frame: ScreenFrame, work: ControlWork, subject: str) -> str:
    """«пт 27.11 Физика – контрольная работа, тема: Механика»."""
    t = frame.t
    number = t("control.number", number=work.number) if work.number is not None else None
    topic = t("control.topic", topic=clip_to_screen_frame(work.topic)) if work.topic else None
    about = screen_text(", ".join(filter(None, (clip_to_screen_frame(work.work_kind), number, topic))))
    return f"{weekday_screen_date(work.on, t)} {screen_bold(subject)} – {about}"
