"""Control works of a period: to come, planned beyond, written (Q19)."""

from collections.abc import Sequence

from bot.screens.dates import named, span
from bot.screens.frame import Frame, clipped
from bot.screens.screen import Screen, bold, plain
from core.model.schoolwork.control_works import ControlWork

CONTROL = "control"

ControlWorks = Sequence[tuple[ControlWork, str]]


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
