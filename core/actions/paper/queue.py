"""The print queue: it asks once more before it prints (Q127), and what became of an extract is evidence (Q34).

Pages with results (R6) come first, with the time until which they are to be handed out.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.actions.delivery import fan_out
from core.actions.people.class_teachers import load_class_teachers
from core.errors import WithdrawnPaperError
from core.model.delivery.deliveries import Receipt
from core.model.delivery.fact_names import waiting_pages_fact_name
from core.model.delivery.obligations import NewNotice, OwedPair
from core.model.delivery.states import Status
from core.model.notices.staff import PagesToHandOut
from core.model.paper import Extract
from core.model.people import OFFICE, SYSTEM, Actor, Role
from core.ports import UnitOfWork
from core.rules import access
from core.rules.access import Everything
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy

BATCH_AFTER = timedelta(minutes=10)
"""How long after the last page the clock prints: by then the worker has queued all extracts of the day."""


@dataclass(frozen=True, slots=True)
class ClassBatch:
    """The extracts of one class in the order of its list; "" holds those of nobody's class."""

    school_class: str
    extracts: Sequence[Extract]


@dataclass(frozen=True, slots=True)
class ResultPage:
    """A page of the print queue that holds results; `due` is until when it must be ready (R6)."""

    extract: Extract
    due: datetime


async def load_queued_result_pages(
    uow: UnitOfWork, actor: Actor, *, now: datetime, policy: Policy, statuses: Collection[Status] = (Status.ACCEPTED,)
) -> Sequence[ResultPage]:
    """The pages with results that wait to be printed, the most urgent first (Q33). NotAllowedError unless office."""
    access.require_access_role(actor, *OFFICE)
    terms = await uow.paper.result_terms(statuses)
    waiting = [each for each in await uow.paper.extracts(statuses) if each.id in terms]
    found = await load_printable_queue_extracts(uow, waiting, now=now, policy=policy)
    return sorted((ResultPage(each, terms[each.id]) for each in found), key=lambda page: (page.due, page.extract.id))


async def record_printed_queue_pages(
    uow: UnitOfWork, actor: Actor, *, last_id: int, closes: Mapping[str, Status], now: datetime, policy: Policy
) -> int:
    """The pages with results up to this number were printed: they are ready to be handed out. Commits."""
    pages = [
        page.extract
        for page in await load_queued_result_pages(uow, actor, now=now, policy=policy)
        if page.extract.id <= last_id
    ]
    for extract in pages:
        await _advance(uow, actor, extract, Status.PRINTED, closes=closes, now=now)
    await uow.commit()
    return len(pages)


async def announce_queued_pages(uow: UnitOfWork, *, now: datetime, policy: Policy) -> int:
    """Tells class teachers of pages with results that wait to be handed out, each page once (R6, Q33).

    Where a class has no class teacher the deputy heads are told. Returns how many pages; commits.
    """
    on = timing.local_date_of_time(now, policy)
    pages = await uow.paper.claim_unannounced(at=now)
    if not pages:
        return 0
    pupils = await uow.learning.pupils(Everything(), on=on)
    classes = {pupil.student_id: (pupil.class_id, pupil.school_class) for pupil in pupils}
    dues: dict[tuple[int, str], list[datetime]] = defaultdict(list)
    for extract in await uow.paper.extracts((Status.ACCEPTED, Status.PRINTED)):
        if extract.id in pages and extract.student_id in classes:
            dues[classes[extract.student_id]].append(pages[extract.id])
    for (class_id, school_class), times in sorted(dues.items()):
        notice = PagesToHandOut(school_class, len(times), min(times).astimezone(policy.zone))
        staff = await load_class_teachers(uow, class_id, on) or await uow.people.holders_of_role(
            Role.DEPUTY_HEAD, on=on
        )
        told = [NewNotice(None, notice, waiting_pages_fact_name(class_id, now), person_id) for person_id in staff]
        await uow.outbox.add(told, received_at=now, published_at=now)
    await uow.commit()
    return len(pages)


async def queued_paper_by_class(
    uow: UnitOfWork, extracts: Sequence[Extract], *, now: datetime, policy: Policy
) -> Sequence[ClassBatch]:
    """These extracts by class, each in the order of the class list; a student's parents follow each other."""
    pupils = await uow.learning.pupils(Everything(), on=timing.local_date_of_time(now, policy))
    places = {pupil.student_id: place for place, pupil in enumerate(pupils)}
    classes = {pupil.student_id: (pupil.grade_level or 0, pupil.school_class) for pupil in pupils}
    found: dict[tuple[int, str], list[Extract]] = defaultdict(list)
    for extract in sorted(extracts, key=lambda each: (places.get(each.student_id or 0, 0), each.person_id, each.id)):
        found[classes.get(extract.student_id or 0, (0, ""))].append(extract)
    return [ClassBatch(school_class, of_class) for (_, school_class), of_class in sorted(found.items())]


async def load_due_queue_batches(uow: UnitOfWork, *, now: datetime, policy: Policy) -> Sequence[ClassBatch]:
    """What the clock is to print now: extracts of the week that neither it nor a person has printed (Q33).

    Empty while the worker still adds some. Pages with results are printed by the office, out of turn.
    """
    with_results = await uow.paper.result_terms({Status.ACCEPTED})
    waiting = [
        each
        for each in await uow.paper.extracts({Status.ACCEPTED})
        if each.is_weekly and each.batched_at is None and each.id not in with_results
    ]
    if any(each.queued_at > now - BATCH_AFTER for each in waiting):
        return ()
    return await queued_paper_by_class(
        uow, await load_printable_queue_extracts(uow, waiting, now=now, policy=policy), now=now, policy=policy
    )


async def claim_due_queue_batches(uow: UnitOfWork, *, now: datetime, policy: Policy) -> Sequence[ClassBatch]:
    """The same, claimed for the printer, so that no second process prints them. Commits.

    It is no evidence: a person says that the pages came out.
    """
    batches = await load_due_queue_batches(uow, now=now, policy=policy)
    ids = [each.id for batch in batches for each in batch.extracts]
    await uow.paper.record_batch(ids, at=now)
    await uow.audit.write(SYSTEM, "extract.batched", at=now, count=len(ids))
    await uow.commit()
    return batches


async def release_queue_batches(uow: UnitOfWork, batches: Sequence[ClassBatch]) -> None:
    """The printer did not take them: the clock is to print them later. Commits."""
    await uow.paper.record_batch([each.id for batch in batches for each in batch.extracts], at=None)
    await uow.commit()


async def load_printable_queue_extracts(
    uow: UnitOfWork, extracts: Sequence[Extract], *, now: datetime, policy: Policy
) -> Sequence[Extract]:
    """Of these extracts those that their persons may still have: whose access ended or was barred gets no paper."""
    pairs = {OwedPair(each.person_id, each.student_id) for each in extracts}
    owed = await fan_out.load_fan_out_recipients(uow, pairs, now=now, policy=policy)
    entitled = {OwedPair(each.person_id, each.student_id) for family in owed.values() for each in family}
    return [
        each
        for each in extracts
        if each.status is not Status.WITHDRAWN and OwedPair(each.person_id, each.student_id) in entitled
    ]


async def record_queued_paper_status(
    uow: UnitOfWork, actor: Actor, number: str, status: Status, *, closes: Mapping[str, Status], now: datetime
) -> None:
    """An extract was printed, handed over or its slip came back signed (Q34): evidence like any other.

    WithdrawnPaperError for one that whom it is for may not have any more.
    """
    access.require_access_role(actor, *OFFICE)
    extract = await uow.paper.extract(number)
    if extract.status is Status.WITHDRAWN:
        raise WithdrawnPaperError
    await _advance(uow, actor, extract, status, closes=closes, now=now)
    await uow.commit()


async def record_signed_queue_slips(
    uow: UnitOfWork, actor: Actor, extract_ids: Collection[int], *, closes: Mapping[str, Status], now: datetime
) -> Sequence[Extract]:
    """The slips of these extracts were scanned: they came back signed (Q34). Returns the extracts; commits.

    One that was withdrawn is left out. Raises NotFoundError for an unknown one; then nothing is recorded.
    """
    access.require_access_role(actor, *OFFICE)
    extracts = [await uow.paper.extract_by_id(extract_id) for extract_id in extract_ids]
    owed = [extract for extract in extracts if extract.status is not Status.WITHDRAWN]
    for extract in owed:
        if extract.status is not Status.SIGNED:
            await _advance(uow, actor, extract, Status.SIGNED, closes=closes, now=now)
    await uow.commit()
    return owed


async def _advance(
    uow: UnitOfWork, actor: Actor, extract: Extract, status: Status, *, closes: Mapping[str, Status], now: datetime
) -> None:
    await uow.paper.advance(extract.number, status, at=now)
    attempt = await uow.outbox.attempt(extract.key)
    if attempt is not None:
        await uow.outbox.record_receipt(attempt.id, Receipt(status, extract.number), closes, at=now)
    await uow.audit.write(actor, f"extract.{status}", at=now, extract=extract.id)
