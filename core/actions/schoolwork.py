"""What there is to do: homework, control works and recommendations, looked up by families and given by teachers."""

from collections.abc import Sequence
from datetime import date, datetime

from core.errors import NotFoundError
from core.model.people import Actor
from core.model.schoolwork import AssignedHomework, ControlWork, HomeworkFile, ReadRecommendation
from core.model.year import ReportingPeriod
from core.ports import UnitOfWork
from core.rules import access


async def homework(
    uow: UnitOfWork, actor: Actor, *, student_id: int, since: date, until: date, on: date
) -> Sequence[AssignedHomework]:
    """What is due within the dates, by date and subject; changed and withdrawn homework stays visible as such (Q23)."""
    return await uow.schoolwork.homework(student_id, access.family(actor, on=on), since=since, until=until)


async def homework_file(uow: UnitOfWork, actor: Actor, file_id: int, *, on: date) -> HomeworkFile:
    """A file of a homework, for the families and the teachers of its group (Q96); NotFoundError for others."""
    try:
        return await uow.schoolwork.homework_file(file_id, access.family(actor, on=on))
    except NotFoundError:
        return await uow.schoolwork.homework_file(file_id, access.reading(actor, on=on))


async def control_works(
    uow: UnitOfWork, actor: Actor, *, student_id: int, since: date, until: date, on: date
) -> Sequence[tuple[ControlWork, str]]:
    """The schedule of control works within the dates, with the subjects' names (Q19)."""
    return await uow.schoolwork.control_works(student_id, access.family(actor, on=on), since=since, until=until)


async def period(uow: UnitOfWork, *, on: date) -> ReportingPeriod | None:
    """The reporting period of a date: the shortest that holds it, since a half-year holds its quarters."""
    holding = [each for each in await uow.year.periods(on) if each.starts_on <= on <= each.ends_on]
    return min(holding, key=lambda each: each.ends_on - each.starts_on, default=None)


async def recommendations(uow: UnitOfWork, actor: Actor, *, student_id: int, on: date) -> Sequence[ReadRecommendation]:
    """What teachers advise this reader, the student or a guardian, the newest first (Q24)."""
    if actor.person_id is None:
        return ()
    scope = access.family(actor, on=on)
    return await uow.schoolwork.recommendations(student_id, scope, reader_id=actor.person_id)


async def read_recommendations(uow: UnitOfWork, actor: Actor, *, student_id: int, now: datetime, on: date) -> None:
    """What the reader has on the screen is read, by this reader alone (Q24)."""
    shown = await recommendations(uow, actor, student_id=student_id, on=on)
    unread = [each.recommendation.id for each in shown if each.read_at is None]
    if actor.person_id is not None:
        await uow.schoolwork.mark_read(unread, actor.person_id, at=now)
    await uow.commit()
