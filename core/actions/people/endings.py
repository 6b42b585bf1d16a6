"""Roles and guardianships end, a court bars a representative, and what follows obeys at once (Q127)."""

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
    """From `on` a person's roles or guardianships are over; returns how many. The day may lie ahead.

    With `role` that role in all its groups (GUARDIAN: all guardianships), with `student_id` the link to that student.
    With neither all that a person is, where that is of one kind: a teacher who is a parent as well is asked about.
    Raises NothingInForceError, DocumentDateError before the first day.
    """
    access.require_role(actor, *OFFICE)
    roles, links = await _named_roles_and_links(uow, person_id, role, student_id)
    roles = [each for each in roles if each.ends_on is None or each.ends_on >= on]
    links = [each for each in links if each.ends_on is None or each.ends_on >= on]
    if bool(roles) is bool(links):
        raise NothingInForceError
    for borne in roles:
        await end_role(uow, actor, borne, ends_on=on - DAY, now=now, policy=policy)
    for link in links:
        await end_guardianship(uow, actor, link, ends_on=on - DAY, now=now, policy=policy)
    await uow.commit()
    return len(roles) + len(links)


async def _named_roles_and_links(
    uow: UnitOfWork, person_id: int, role: Role | None, student_id: int | None
) -> tuple[Sequence[StaffRole], Sequence[Guardianship]]:
    roles = await uow.people.staff_roles(person_id) if student_id is None and role is not Role.GUARDIAN else ()
    links = await _links(uow, person_id, student_id) if role in {None, Role.GUARDIAN} else ()
    return [each for each in roles if role in {None, each.role}], links


async def _links(uow: UnitOfWork, guardian_id: int, student_id: int | None = None) -> Sequence[Guardianship]:
    """The representative's links, the older first."""
    found = await uow.people.guardianships(None if student_id is None else [student_id])
    return [link for link in found if link.guardian_id == guardian_id]


async def end_role(
    uow: UnitOfWork, actor: Actor, borne: StaffRole, *, ends_on: date, now: datetime, policy: Policy
) -> None:
    """The last day of one staff role; whoever has none left is owed nothing as staff. The caller commits.

    DocumentDateError before the first day.
    """
    documents.require_end_date(ends_on + DAY, since=borne.starts_on)
    await uow.people.end_role(borne.id, ends_on=ends_on)
    last, today = ends_on.isoformat(), timing.local_date(now, policy)
    await uow.audit.write(actor, "role.ended", at=now, person=borne.person_id, staff_role=borne.id, ends_on=last)
    if ends_on < today and not await uow.people.roles(borne.person_id, on=today) & STAFF:
        await _waive_owed(uow, borne.person_id, None, reason=Reason.ENDED, now=now, policy=policy)


async def end_guardianship(
    uow: UnitOfWork, actor: Actor, link: Guardianship, *, ends_on: date, now: datetime, policy: Policy
) -> None:
    """The last day of one guardianship; past it what was still owed is let go. The caller commits.

    DocumentDateError before the first day.
    """
    documents.require_end_date(ends_on + DAY, since=link.starts_on)
    await uow.people.end_guardianship(link.id, ends_on=ends_on, at=now)
    pair = {"person": link.guardian_id, "student": link.student_id}
    await uow.audit.write(actor, "guardianship.ended", at=now, **pair, ends_on=ends_on.isoformat())
    if ends_on < timing.local_date(now, policy):
        await _waive_owed(uow, link.guardian_id, link.student_id, reason=Reason.ENDED, now=now, policy=policy)


async def bar_guardian(
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
    """A court barred a representative: nothing about the student is owed or shown to them any more, on paper neither.

    `document` is the ground, `document_on` its date. Raises NotFoundError where the person represents no such student,
    AlreadyBarredError, DocumentDateError.
    """
    access.require_role(actor, *OFFICE)
    today = timing.local_date(now, policy)
    documents.require_document_date(document_on or today, today=today)
    links = await _links(uow, guardian_id, student_id)
    if not links:
        raise NotFoundError
    if any(not link.access and link.ends_on is None for link in links):
        raise AlreadyBarredError
    await bar_guardianships(uow, actor, links, document=document, document_on=document_on, now=now, policy=policy)
    await uow.commit()


async def bar_guardianships(
    uow: UnitOfWork,
    actor: Actor,
    links: Sequence[Guardianship],
    *,
    document: str,
    document_on: date | None,
    now: datetime,
    policy: Policy,
) -> None:
    """One pair's links end, and one without access takes their place; what is owed obeys. The caller commits."""
    today = timing.local_date(now, policy)
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
    """What is owed lies in the outbox, which an import does not copy."""
    await uow.at_last(
        partial(fan_out.waive_and_replan, uow, person_id, student_id, reason=reason, now=now, policy=policy)
    )


async def resume_after_end(
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
    """A staff role that has ended goes on, or a representative has access to a student again; returns how many.

    Raises BarredError where a bar would be lifted without a document, NothingInForceError where nothing has ended.
    """
    access.require_role(actor, *OFFICE)
    ended = await _ended_roles(uow, person_id, role) if student_id is None else ()
    for borne in ended:
        await uow.people.end_role(borne.id, ends_on=None)
        await uow.audit.write(actor, "role.resumed", at=now, person=person_id, staff_role=borne.id)
    links = await _links(uow, person_id, student_id) if student_id is not None else ()
    if links:
        await _resume_link(uow, actor, links[-1], document, now=now, policy=policy)
    if not ended and not links:
        raise NothingInForceError
    await uow.commit()
    return len(ended) or 1


async def _ended_roles(uow: UnitOfWork, person_id: int, role: Role | None) -> Sequence[StaffRole]:
    roles = await uow.people.staff_roles(person_id)
    return [each for each in roles if each.ends_on is not None and role in {None, each.role}]


async def _resume_link(
    uow: UnitOfWork, actor: Actor, link: Guardianship, document: str | None, *, now: datetime, policy: Policy
) -> None:
    today = timing.local_date(now, policy)
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


async def waive_after_last_day(uow: UnitOfWork, *, now: datetime, policy: Policy) -> int:
    """Let go what is owed to pairs whose last day has come by itself; returns how many pairs. Commits where any."""
    pairs = await uow.outbox.owed_pairs()
    owed = await fan_out.entitled_recipients(uow, pairs, now=now, policy=policy)
    entitled = {(each.person_id, each.student_id) for family in owed.values() for each in family}
    over = [pair for pair in pairs if (pair.person_id, pair.student_id) not in entitled]
    for pair in over:
        await fan_out.waive_and_replan(
            uow, pair.person_id, pair.student_id, reason=Reason.ENDED, now=now, policy=policy
        )
    if over:
        await uow.commit()
    return len(over)
