"""What families hear before a day without asking: what is due, what is written, what changed overnight (Q19, Q23, Q95).

Reminders are for those whom a channel reaches in time; on paper the same stands in the extract. A job claims its run
and writes its notices in one transaction, and what was told once is not told again: a second run says nothing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from core.actions.timetable import lookup as timetable_lookup
from core.model.delivery.recipients import Recipient
from core.model.notices import ControlWorkAhead, HomeworkDue, Notice, NoticeKind
from core.model.people import SYSTEM
from core.model.register.preferences import Frequency
from core.model.schoolwork.control_works import ControlWork
from core.model.schoolwork.homework import AssignedHomework
from core.ports import UnitOfWork
from core.rules.delivery import planning, timing
from core.rules.delivery.timing import Policy

_AHEAD = 3
"""Days within which the next school day lies, from Friday to Monday; holidays are longer and ask nothing."""

Told = tuple[int, int, Notice]
"""Student, person, notice."""


async def hours(uow: UnitOfWork, *, now: datetime, policy: Policy) -> Sequence[time]:
    """The hours of today that have come, at which somebody wants to be reminded."""
    clock = now.astimezone(policy.zone).time()
    chosen = {policy.digest_at, *await uow.register.digest_hours()}
    return sorted(hour for hour in chosen if hour <= clock)


async def remind(uow: UnitOfWork, hour: time, *, now: datetime, policy: Policy) -> int:
    """Homework of the next school day and control works of tomorrow, for those whose hour it is; how many notices.

    Homework is a digest by its nature, so it comes at the person's hour, or the school's, unless it was switched off.
    Each hour is claimed once a local date.
    """
    today = timing.local_date(now, policy)
    if not await uow.leases.claim_run(f"reminders {hour.isoformat('minutes')}", today):
        return 0
    due_on, homework = await _homework(uow, today)
    tomorrow = today + timedelta(days=1)
    told = await _tell(uow, homework, f"homework:{due_on.isoformat()}", hour=hour, now=now, policy=policy)
    works = await _control_works(uow, tomorrow)
    told += await _tell(uow, works, f"control_works:{tomorrow.isoformat()}", hour=hour, now=now, policy=policy)
    await uow.commit()
    return told


async def _homework(uow: UnitOfWork, today: date) -> tuple[date, list[tuple[int, Notice]]]:
    """Of the nearest day ahead for which anybody at the school has some: that is the next school day."""
    due_on = today
    for _ in range(_AHEAD):
        due_on += timedelta(days=1)
        if given := await uow.schoolwork.homework_for_students(due_on):
            begins = await _begins(uow, {each.homework.group_id for _, each in given}, due_on)
            return due_on, [
                (student_id, _due(each, due_on, begins.get((each.homework.group_id, each.homework.subject_id))))
                for student_id, each in given
            ]
    return due_on, []


async def _control_works(uow: UnitOfWork, on: date) -> list[tuple[int, Notice]]:
    planned = await uow.schoolwork.control_works_for_students(on)
    begins = await _begins(uow, {work.group_id for _, work, _ in planned}, on)
    return [
        (student_id, ControlWorkAhead(subject, on, work.work_kind, work.topic, begins.get(_lesson_of(work))))
        for student_id, work, subject in planned
    ]


def _due(given: AssignedHomework, on: date, starts: time | None) -> HomeworkDue:
    return HomeworkDue(given.subject, on, given.homework.text, len(given.files), starts)


def _lesson_of(work: ControlWork) -> tuple[int, int]:
    return work.group_id, work.subject_id


async def _begins(uow: UnitOfWork, group_ids: Collection[int], on: date) -> Mapping[tuple[int, int], time]:
    """When the first lesson of a group's subject begins on a day; a lesson without a bell is left out."""
    begins: dict[tuple[int, int], time] = {}
    for group_id in group_ids:
        for day in await timetable_lookup.group_days(uow, SYSTEM, group_id=group_id, since=on, until=on, on=on):
            for lesson in day.lessons:
                if lesson.is_held and lesson.starts_at is not None:
                    begins.setdefault((group_id, lesson.subject_id), lesson.starts_at)
    return begins


async def _tell(
    uow: UnitOfWork, news: Sequence[tuple[int, Notice]], fact: str, *, hour: time, now: datetime, policy: Policy
) -> int:
    """Write down what the persons of an hour have not been told of this day yet."""
    if not news:
        return 0
    on = timing.local_date(now, policy)
    family = await uow.people.recipients({student_id for student_id, _ in news}, on=on)
    known = {(each.student_id, each.person_id, each.notice) for each in await uow.outbox.published_as(fact)}
    new = [
        (*told, fact)
        for told in _addressed(news, [each for each in family if (each.digest_at or policy.digest_at) == hour])
        if told not in known
    ]
    await uow.outbox.add_personal(new, received_at=now, published_at=now)
    return len(new)


def _addressed(news: Iterable[tuple[int, Notice]], family: Iterable[Recipient]) -> Iterable[Told]:
    """Each fact for each reachable person of the student's family who wants its kind."""
    by_student: dict[int | None, list[Recipient]] = {}
    for recipient in family:
        by_student.setdefault(recipient.student_id, []).append(recipient)
    for student_id, notice in news:
        for recipient in by_student.get(student_id, ()):
            if _wants(recipient, notice.kind):
                yield student_id, recipient.person_id, notice


def _wants(recipient: Recipient, kind: NoticeKind) -> bool:
    is_reachable = planning.ways(recipient)[0].contact_id is not None
    return is_reachable and planning.frequency(recipient, kind) is not Frequency.OFF
