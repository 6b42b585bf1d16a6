"""The first line of answers about homework and control works (Q110)."""

from collections.abc import Sequence

from bot.questions.model import Asked
from bot.screens.dates import relative_screen_date, screen_date_span
from bot.screens.frame import ScreenFrame
from bot.screens.schoolwork.control_works import ControlWorks, control_work_screen_line
from bot.screens.screen import screen_text
from core.model.schoolwork.homework import AssignedHomework

_WHETHER = {Asked.WHETHER, Asked.COUNT}


def homework_screen_first_line(frame: ScreenFrame, due: Sequence[AssignedHomework], holiday: str | None) -> str:
    """«На завтра ничего не задано.», «Завтра каникулы…», «Да, задано по 3 предметам.»."""
    if frame.question is None:
        return ""
    t, dates = frame.t, _dates(frame)
    given = {each.subject for each in due if each.homework.withdrawn_at is None}
    if not given:
        if holiday is not None:
            return t("homework.answer.holiday", dates=dates, name=screen_text(holiday))
        return t("homework.answer.none_given" if frame.question.is_given else "homework.answer.none", dates=dates)
    if frame.asked in _WHETHER and frame.subject is None:
        return t("homework.answer.yes", len(given), dates=dates)
    return t("homework.answer.yes_subject", dates=dates) if frame.asked is Asked.WHETHER else ""


def control_screen_first_line(frame: ScreenFrame, works: ControlWorks) -> str:
    """«Ближайшая: пт 27.11 Физика – контрольная работа», «Нет: контрольных не запланировано.»."""
    if frame.question is None or frame.asked not in {Asked.WHEN, Asked.WHETHER, Asked.COUNT}:
        return ""
    until = frame.look.until or frame.today
    ahead = [each for each in works if each[0].on >= frame.today]
    asked = [each for each in ahead if each[0].on <= until]
    if frame.asked is Asked.COUNT:
        return frame.t("control.answer.count", len(asked), dates=_dates(frame))
    if frame.asked is Asked.WHETHER and not asked:
        return frame.t("control.answer.no", dates=_dates(frame))
    if not ahead:
        return frame.t("control.none")
    key = "control.answer.yes" if frame.asked is Asked.WHETHER else "control.answer.next"
    return frame.t(key, work=control_work_screen_line(frame, *(asked or ahead)[0]))


def _dates(frame: ScreenFrame) -> str:
    since, until = frame.look.since or frame.today, frame.look.until or frame.today
    return (
        relative_screen_date(since, frame.today, frame.t) if since == until else screen_date_span(since, until, frame.t)
    )
