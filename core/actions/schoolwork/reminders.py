"""Daily reminders: homework of the next school day and control works of tomorrow (Q19, Q23, Q95).

Only persons with an electronic channel get reminders; on paper the same facts stand in the extract. A run is claimed
and its notices are written in one transaction. A notice that was published before is left out.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from core.actions.timetable import lookup as timetable_lookup
from core.model.conversation import SentFile
from core.model.delivery.fact_names import control_works_fact_name, homework_fact_name
from core.model.delivery.obligations import NewNotice
from core.model.delivery.recipients import Recipient
from core.model.notices.facts import Notice
from core.model.notices.family import ControlWorkAhead, HomeworkDue
from core.model.notices.kinds import NoticeKind
from core.model.people import SYSTEM
from core.model.schoolwork.homework import AssignedHomework
from core.ports import UnitOfWork
from core.rules.delivery import planning, timing
from core.rules.delivery.timing import Policy

MOST_DAYS_AHEAD = 3
"""From Friday to Monday. Longer gaps are holidays, and there is no reminder before them."""


async def load_schoolwork_reminder_hours(uow: UnitOfWork, *, now: datetime, policy: Policy) -> Sequence[time]:
    """The reminder hours of today that have passed: the school's hour and those that persons chose."""
    clock = now.astimezone(policy.zone).time()
    chosen = {policy.digest_at, *await uow.register.digest_hours()}
    return sorted(hour for hour in chosen if hour <= clock)


async def publish_schoolwork_reminders(uow: UnitOfWork, hour: time, *, now: datetime, policy: Policy) -> int:
    """Publishes the reminders for everybody whose hour this is; returns how many. Each hour runs once a local date.

    Homework always comes at the person's hour or at the school's, whatever the frequency, unless it is switched off.
    """
    today = timing.local_date_of_time(now, policy)
    if not await uow.leases.claim_run(f"reminders {hour.isoformat('minutes')}", today):
        return 0
    due_on, homework = await _homework_reminders(uow, today)
    tomorrow = today + timedelta(days=1)
    count = await _publish_new(uow, homework, homework_fact_name(due_on), hour=hour, now=now, policy=policy)
    works = await _control_work_reminders(uow, tomorrow)
    count += await _publish_new(uow, works, control_works_fact_name(tomorrow), hour=hour, now=now, policy=policy)
    await uow.commit()
    return count


async def _homework_reminders(uow: UnitOfWork, today: date) -> tuple[date, list[tuple[int, Notice]]]:
    """By student, for the nearest day ahead that has any homework in the school: that is the next school day."""
    due_on = today
    for _ in range(MOST_DAYS_AHEAD):
        due_on += timedelta(days=1)
        if given := await uow.schoolwork.homework_for_students(due_on):
            starts = await _first_starts(uow, {each.homework.group_id for _, each in given}, due_on)
            return due_on, [(student_id, _homework_due(homework, starts)) for student_id, homework in given]
    return due_on, []


async def _control_work_reminders(uow: UnitOfWork, on: date) -> list[tuple[int, Notice]]:
    planned = await uow.schoolwork.control_works_for_students(on)
    starts = await _first_starts(uow, {work.group_id for _, work, _ in planned}, on)
    reminders: list[tuple[int, Notice]] = []
    for student_id, work, subject in planned:
        begins = starts.get((work.group_id, work.subject_id))
        reminders.append((student_id, ControlWorkAhead(subject, work.on, work.work_kind, work.topic, begins)))
    return reminders


def _homework_due(given: AssignedHomework, starts: Mapping[tuple[int, int], time]) -> HomeworkDue:
    homework = given.homework
    begins = starts.get((homework.group_id, homework.subject_id))
    files = tuple(SentFile(each.name, each.media_type, each.reference, each.channel) for each in given.files)
    return HomeworkDue(given.subject, homework.due_on, homework.text, len(files), begins, files)


async def _first_starts(uow: UnitOfWork, group_ids: Collection[int], on: date) -> Mapping[tuple[int, int], time]:
    """By group and subject, when the first lesson of the day begins; a lesson without a bell is left out."""
    starts: dict[tuple[int, int], time] = {}
    for group_id in group_ids:
        for day in await timetable_lookup.look_up_group_timetable(
            uow, SYSTEM, group_id=group_id, since=on, until=on, on=on
        ):
            for lesson in day.lessons:
                if lesson.is_held and lesson.starts_at is not None:
                    starts.setdefault((group_id, lesson.subject_id), lesson.starts_at)
    return starts


async def _publish_new(
    uow: UnitOfWork, reminders: Sequence[tuple[int, Notice]], fact: str, *, hour: time, now: datetime, policy: Policy
) -> int:
    """Publishes the reminders that the persons of this hour have not had yet; returns how many."""
    if not reminders:
        return 0
    on = timing.local_date_of_time(now, policy)
    recipients = await uow.people.recipients({student_id for student_id, _ in reminders}, on=on)
    of_hour = [each for each in recipients if (each.digest_at or policy.digest_at) == hour]
    known = {(each.student_id, each.person_id, each.notice) for each in await uow.outbox.published_as(fact)}
    notices = [
        each
        for each in _personal_notices(reminders, of_hour, fact)
        if (each.student_id, each.person_id, each.notice) not in known
    ]
    await uow.outbox.add(notices, received_at=now, published_at=now)
    return len(notices)


def _personal_notices(
    reminders: Iterable[tuple[int, Notice]], recipients: Iterable[Recipient], fact: str
) -> Iterable[NewNotice]:
    """Each reminder for each recipient of the student who can and wants to get its kind."""
    by_student: dict[int | None, list[Recipient]] = {}
    for recipient in recipients:
        by_student.setdefault(recipient.student_id, []).append(recipient)
    for student_id, notice in reminders:
        for recipient in by_student.get(student_id, ()):
            if _wants(recipient, notice.kind):
                yield NewNotice(student_id, notice, fact, recipient.person_id)


def _wants(recipient: Recipient, kind: NoticeKind) -> bool:
    is_reachable = planning.planned_open_routes(recipient, kind)[0].contact_id is not None
    return is_reachable and not planning.is_planned_notice_off(recipient, kind)
