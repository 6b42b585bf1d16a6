"""Families find announcements again (Q116)."""

from dataclasses import replace

from bot.handlers.doors import Visit
from bot.handlers.lookups import asked_dates, lookup_door
from bot.questions.model import Intent
from bot.screens.broadcast import archive as screens
from bot.screens.frame import Frame
from bot.screens.screen import Screen
from core.actions.broadcast import archive


async def look_up_announcements(visit: Visit, frame: Frame) -> Screen:
    """`/news`: the announcements of this school year, or of the days that were asked for.

    A day to come is the day of a meeting, not of its announcement («завтра собрание?»): then all are shown.
    """
    if frame.look.since is not None and frame.look.since > visit.today:
        frame = replace(frame, look=replace(frame.look, since=None, until=None))
    since, until = asked_dates(visit, frame)
    found = await archive.received_announcements(
        visit.uow, visit.reader, student_id=frame.child.id, since=since, until=until, on=visit.today,
        policy=visit.school.policy,
    )  # fmt: skip
    return screens.announcements(frame, found)


DOORS = (lookup_door(screens.NEWS, look_up_announcements, command="news", intent=Intent.ANNOUNCEMENTS),)
