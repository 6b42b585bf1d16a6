"""The entries of the dates and the subject that a family asks about."""

from datetime import date

from bot.handlers.doors import Visit
from bot.screens.frame import Frame
from bot.screens.marks import lookup as screens
from core.actions.marks import lookup as marks_lookup
from core.rules import year


async def entries_in_dates(visit: Visit, frame: Frame) -> screens.Entries:
    """The entries of the look's dates, else of this school year."""
    since, until = asked_dates(visit, frame)
    return await marks_lookup.look_up_marks(
        visit.uow, visit.reader, student_id=frame.child.id, since=since, until=until, on=visit.today
    )


async def asked_entries(visit: Visit, frame: Frame) -> screens.Entries:
    """The entries of the look's subject, if it has one, else all."""
    return [
        entry for entry in await entries_in_dates(visit, frame) if frame.look.subject_id in {0, entry[0].subject_id}
    ]


def asked_dates(visit: Visit, frame: Frame) -> tuple[date, date]:
    since, until = frame.look.since, frame.look.until
    return (since, until) if since and until else (year.first_day(visit.today), visit.today)
