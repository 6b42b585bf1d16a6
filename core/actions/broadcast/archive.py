"""Announcements that a family got are found again, by child and date (Q116)."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from core.model.broadcast import ReceivedAnnouncement
from core.model.people import Actor
from core.ports import UnitOfWork
from core.rules import access
from core.rules.delivery.timing import Policy


async def load_announcement_archive(
    uow: UnitOfWork, actor: Actor, *, student_id: int, since: date, until: date, on: date, policy: Policy
) -> Sequence[ReceivedAnnouncement]:
    """What was announced about a student from `since` to `until`, by the school's clock, the newest first.

    Nothing for a child of somebody else.
    """
    if actor.person_id is None:
        return ()
    begin = datetime.combine(since, time(), policy.zone)
    end = datetime.combine(until + timedelta(days=1), time(), policy.zone)
    scope = access.family_access_scope(actor, on=on)
    return await uow.broadcasts.announcements(student_id, scope, reader_id=actor.person_id, since=begin, until=end)
