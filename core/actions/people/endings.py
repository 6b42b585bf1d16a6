"""Ends roles and guardianships, bars guardians by a court's decision, and takes both back (Q127).

What is still owed to a person without access is waived in the same transaction.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial

from core.actions.delivery import fan_out
from core.errors import AlreadyBarredError, BarredError, NotFoundError, NothingInForceError
from core.model.delivery.states import Reason
from core.model.people import OFFICE, STAFF, Actor, Guardianship, Role, StaffRole
from core.ports import UnitOfWork
from core.rules import access
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.register import documents

DAY = timedelta(days=1)


async def end_roles_or_guardianships(
    uow: UnitOfWork,
    actor: Actor,
    *,
    person_id: int,
    on: date,
    role: Role | None = None,
    student_id: int | None = None,
    now: datetime,
    policy: Policy,
) -> int:
    """Ends a person's roles or guardianships; returns how many. `on` is the first day without them, past or future.

    `role` selects one role in all its groups (GUARDIAN: all guardianships), `student_id` the link to one student.
    Without both everything ends. Raises NothingInForceError if nothing is in force, or if the person has both roles
    and guardianships, since one of them must be named then; DocumentDateError for a day before the first one.
    """
    access.require_access_role(actor, *OFFICE)
    roles, links = await _named_roles_and_links(uow, person_id, role, student_id)
    roles = [staff_role for staff_role in roles if staff_role.ends_on is None or staff_role.ends_on >= on]
    links = [link for link in links if link.ends_on is None or link.ends_on >= on]
    if bool(roles) is bool(links):
        raise NothingInForceError
    for staff_role in roles:
        await end_role(uow, actor, staff_role, ends_on=on - DAY, now=now, policy=policy)
    for link in links:
        await end_guardianship(uow, actor, link, ends_on=on - DAY, now=now, policy=policy)
    await uow.commit()
    return len(roles) + len(links)


async def _named_roles_and_links(
    uow: UnitOfWork, person_id: int, role: Role | None, student_id: int | None
) -> tuple[Sequence[StaffRole], Sequence[Guardianship]]:
    roles = await uow.people.staff_roles(person_id) if student_id is None and role is not Role.GUARDIAN else ()
    links = await _links(uow, person_id, student_id) if role in {None, Role.GUARDIAN} else ()
    return [staff_role for staff_role in roles if role in {None, staff_role.role}], links


async def _links(uow: UnitOfWork, guardian_id: int, student_id: int | None = None) -> Sequence[Guardianship]:
    """The guardianships of a guardian, the oldest first."""
    links = await uow.people.guardianships(None if student_id is None else [student_id])
    return [link for link in links if link.guardian_id == guardian_id]


async def end_role(
    uow: UnitOfWork, actor: Actor, staff_role: StaffRole, *, ends_on: date, now: datetime, policy: Policy
) -> None:
    """Sets the last day of one staff role. A person without any staff role is owed no staff notices.

    Raises DocumentDateError for a day before the first one. The caller commits.
    """
    documents.require_document_end_date(ends_on + DAY, since=staff_role.starts_on)
    await uow.people.end_role(staff_role.id, ends_on=ends_on)
    person_id, last, today = staff_role.person_id, ends_on.isoformat(), timing.local_date_of_time(now, policy)
    await uow.audit.write(actor, "role.ended", at=now, person=person_id, staff_role=staff_role.id, ends_on=last)
    if ends_on < today and not await uow.people.roles(person_id, on=today) & STAFF:
        await _waive_owed(uow, person_id, None, reason=Reason.ENDED, now=now, policy=policy)


async def end_guardianship(
    uow: UnitOfWork, actor: Actor, link: Guardianship, *, ends_on: date, now: datetime, policy: Policy
) -> None:
    """Sets the last day of one guardianship. If that day is past, what is still owed to the guardian is waived.

    Raises DocumentDateError for a day before the first one. The caller commits.
    """
    documents.require_document_end_date(ends_on + DAY, since=link.starts_on)
    await uow.people.end_guardianship(link.id, ends_on=ends_on, at=now)
    pair = {"person": link.guardian_id, "student": link.student_id}
    await uow.audit.write(actor, "guardianship.ended", at=now, **pair, ends_on=ends_on.isoformat())
    if ends_on < timing.local_date_of_time(now, policy):
        await _waive_owed(uow, link.guardian_id, link.student_id, reason=Reason.ENDED, now=now, policy=policy)


async def end_guardianship_by_court(
    uow: UnitOfWork,
    actor: Actor,
    *,
    guardian_id: int,
    student_id: int,
    document: str,
    document_on: date | None = None,
    now: datetime,
    policy: Policy,
) -> None:
    """Bars a guardian from a student by a court's decision: nothing is shown, sent or printed for them any more.

    `document` is the decision, `document_on` its date. Raises NotFoundError if the person is not a guardian of the
    student, AlreadyBarredError, DocumentDateError.
    """
    access.require_access_role(actor, *OFFICE)
    today = timing.local_date_of_time(now, policy)
    documents.require_document_date(document_on or today, today=today)
    links = await _links(uow, guardian_id, student_id)
    if not links:
        raise NotFoundError
    if any(not link.access and link.ends_on is None for link in links):
        raise AlreadyBarredError
    await end_guardianships_by_court(
        uow, actor, links, document=document, document_on=document_on, now=now, policy=policy
    )
    await uow.commit()


async def end_guardianships_by_court(
    uow: UnitOfWork,
    actor: Actor,
    links: Sequence[Guardianship],
    *,
    document: str,
    document_on: date | None,
    now: datetime,
    policy: Policy,
) -> None:
    """Ends the guardianships of one pair and adds one without access; what is still owed is waived.

    The caller commits.
    """
    today = timing.local_date_of_time(now, policy)
    for link in links:
        if not link.has_ended(today):
            await uow.people.end_guardianship(link.id, ends_on=today - DAY, at=now)
    last = links[-1]
    await uow.people.add_guardianship(
        last.guardian_id,
        last.student_id,
        relation=last.relation,
        access=False,
        starts_on=today,
        document=document,
        document_on=document_on,
    )
    pair = {"person": last.guardian_id, "student": last.student_id}
    await uow.audit.write(actor, "guardian.barred", at=now, **pair)
    await _waive_owed(uow, last.guardian_id, last.student_id, reason=Reason.BARRED, now=now, policy=policy)


async def _waive_owed(
    uow: UnitOfWork, person_id: int, student_id: int | None, *, reason: Reason, now: datetime, policy: Policy
) -> None:
    """Waives at the end of the unit of work, since an import works on copies and the outbox is not one of them."""
    await uow.at_last(
        partial(fan_out.waive_fan_out_person, uow, person_id, student_id, reason=reason, now=now, policy=policy)
    )


async def resume_after_ending(
    uow: UnitOfWork,
    actor: Actor,
    *,
    person_id: int,
    role: Role | None = None,
    student_id: int | None = None,
    document: str | None = None,
    now: datetime,
    policy: Policy,
) -> int:
    """Resumes staff roles that have ended, or a guardian's access to a student; returns how many.

    Raises BarredError if a bar would be lifted without a document, NothingInForceError if nothing has ended.
    """
    access.require_access_role(actor, *OFFICE)
    ended = await _ended_roles(uow, person_id, role) if student_id is None else ()
    for staff_role in ended:
        await uow.people.end_role(staff_role.id, ends_on=None)
        await uow.audit.write(actor, "role.resumed", at=now, person=person_id, staff_role=staff_role.id)
    links = await _links(uow, person_id, student_id) if student_id is not None else ()
    if links:
        await _resume_link(uow, actor, links[-1], document, now=now, policy=policy)
    if not ended and not links:
        raise NothingInForceError
    await uow.commit()
    return len(ended) or 1


async def _ended_roles(uow: UnitOfWork, person_id: int, role: Role | None) -> Sequence[StaffRole]:
    roles = await uow.people.staff_roles(person_id)
    return [ended for ended in roles if ended.ends_on is not None and role in {None, ended.role}]


async def _resume_link(
    uow: UnitOfWork, actor: Actor, link: Guardianship, document: str | None, *, now: datetime, policy: Policy
) -> None:
    today = timing.local_date_of_time(now, policy)
    if link.ends_on is None and link.access:
        raise NothingInForceError
    if not link.access and document is None:
        raise BarredError
    if not link.has_ended(today):
        await uow.people.end_guardianship(link.id, ends_on=today - DAY, at=now)
    await uow.people.add_guardianship(
        link.guardian_id, link.student_id, relation=link.relation, starts_on=today, document=document
    )
    pair = {"person": link.guardian_id, "student": link.student_id}
    await uow.audit.write(actor, "guardianship.resumed", at=now, **pair)


async def waive_after_ending(uow: UnitOfWork, *, now: datetime, policy: Policy) -> int:
    """Waives what is owed to persons whose last day, entered in advance, is past now; returns how many pairs.

    Commits if there are any.
    """
    pairs = await uow.outbox.owed_pairs()
    recipients = await fan_out.load_fan_out_recipients(uow, pairs, now=now, policy=policy)
    entitled = {(each.person_id, each.student_id) for family in recipients.values() for each in family}
    ended = [pair for pair in pairs if (pair.person_id, pair.student_id) not in entitled]
    for pair in ended:
        await fan_out.waive_fan_out_person(
            uow, pair.person_id, pair.student_id, reason=Reason.ENDED, now=now, policy=policy
        )
    if ended:
        await uow.commit()
    return len(ended)
