"""What the deputy head does about results that are still owed: send at once, put on paper, record a call (Q75)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.actions.delivery import fan_out
from core.model.delivery.deliveries import Delivery
from core.model.delivery.owed_results import OwedResult, WantedResults
from core.model.delivery.states import Reason, State, Status
from core.model.people import Actor, Role
from core.ports import UnitOfWork
from core.rules import access
from core.rules.access import Everything
from core.rules.delivery import planning, steps
from core.rules.delivery.timing import Policy

OPEN = frozenset({State.OPEN, State.HELD})


@dataclass(frozen=True, slots=True)
class OpenResultsPerson:
    """A person with the results that they are owed, by due time. `last_id` is the newest of the obligations."""

    person_id: int
    person: str
    results: tuple[OwedResult, ...]

    @property
    def due(self) -> datetime | None:
        """The earliest due time."""
        return self.results[0].obligation.due

    @property
    def last_id(self) -> int:
        """Whatever is owed since this screen was shown has a higher number."""
        return max(each.obligation.id for each in self.results)


async def load_open_results(uow: UnitOfWork, actor: Actor) -> Sequence[OpenResultsPerson]:
    """Everybody who is still owed a result, the most urgent first. NotAllowedError unless a deputy head asks."""
    access.require_access_role(actor, Role.DEPUTY_HEAD)
    return _by_person(await uow.outbox.owed_results(Everything(), WantedResults(states=OPEN)))


async def load_person_open_results(uow: UnitOfWork, actor: Actor, person_id: int) -> OpenResultsPerson | None:
    """What one person is still owed; None if nothing. NotAllowedError unless a deputy head asks."""
    access.require_access_role(actor, Role.DEPUTY_HEAD)
    found = await uow.outbox.owed_results(Everything(), WantedResults(states=OPEN, person_id=person_id))
    return next(iter(_by_person(found)), None)


async def load_called_open_results(
    uow: UnitOfWork, actor: Actor, person_id: int, last_id: int
) -> OpenResultsPerson | None:
    """What a person was told by phone, of the obligations up to this number."""
    access.require_access_role(actor, Role.DEPUTY_HEAD)
    found = await uow.outbox.owed_results(Everything(), WantedResults(person_id=person_id))
    return next(iter(_by_person(each for each in found if each.call and each.obligation.id <= last_id)), None)


def _by_person(results: Iterable[OwedResult]) -> Sequence[OpenResultsPerson]:
    found: dict[int, list[OwedResult]] = defaultdict(list)
    for each in results:
        found[each.obligation.person_id].append(each)
    return [
        OpenResultsPerson(person_id, of_person[0].person, tuple(of_person)) for person_id, of_person in found.items()
    ]


async def record_open_results_call(
    uow: UnitOfWork, actor: Actor, person_id: int, last_id: int, *, now: datetime
) -> int:
    """The person was told the results by phone: `reached` closes what they were owed up to this number (Q72).

    What was not sent or printed is withdrawn. Returns how many results; 0 if nothing is open any more. Commits.
    """
    owed = await _shown(uow, actor, person_id, last_id)
    if owed is None or actor.person_id is None:
        return 0
    ids = [each.obligation.id for each in owed]
    called = await uow.outbox.record_call_about(ids, caller_id=actor.person_id, at=now)
    await _audit(uow, actor, "result.reached", person_id, ids, now)
    await uow.commit()
    return called


async def undo_open_results_call(
    uow: UnitOfWork, actor: Actor, person_id: int, last_id: int, *, closes: Mapping[str, Status], now: datetime
) -> int:
    """The person was not reached after all: what the call withdrew goes on. Returns how many results. Commits."""
    called = await load_called_open_results(uow, actor, person_id, last_id)
    if called is None:
        return 0
    ids = [each.obligation.id for each in called.results]
    undone = await uow.outbox.undo_call_about(ids, closes=closes, at=now)
    await _audit(uow, actor, "result.not_reached", person_id, ids, now)
    await uow.commit()
    return undone


async def send_open_results_now(
    uow: UnitOfWork, actor: Actor, person_id: int, last_id: int, *, now: datetime, policy: Policy
) -> int:
    """Sends without waiting: what waits goes now, what gave no evidence by the next channel (Q73).

    The same message never goes twice over one channel by this; paper is not sent. Returns how many results. Commits.
    """
    owed = await _shown(uow, actor, person_id, last_id) or ()
    current = [
        each for result in owed if (each := steps.delivery_of_current_step(result.deliveries)) and each.contact_id
    ]
    waiting = {each.id: now for each in current if each.status is Status.PENDING}
    stuck = [each for each in current if each.status not in {Status.PENDING, Status.SENDING, Status.HELD}]
    await uow.outbox.postpone(waiting, now=now)
    await _next_channel(uow, stuck, now=now, policy=policy, plan=planning.planned_next_delivery)
    await _audit(uow, actor, "result.sent_now", person_id, [each.obligation_id for each in (*current,)], now)
    await uow.commit()
    return len(waiting) + len(stuck)


async def print_open_results(
    uow: UnitOfWork, actor: Actor, person_id: int, last_id: int, *, now: datetime, policy: Policy
) -> int:
    """Prints without waiting for the other channels: a page out of turn (Q33). Returns how many results. Commits."""
    owed = await _shown(uow, actor, person_id, last_id) or ()
    current = [
        each for result in owed if (each := steps.delivery_of_current_step(result.deliveries)) and each.contact_id
    ]
    moving = [each for each in current if each.status not in {Status.SENDING, Status.HELD}]
    await _next_channel(uow, moving, now=now, policy=policy, plan=planning.planned_paper_delivery)
    await _audit(uow, actor, "result.on_paper", person_id, [each.obligation_id for each in moving], now)
    await uow.commit()
    return len(moving)


async def _shown(uow: UnitOfWork, actor: Actor, person_id: int, last_id: int) -> Sequence[OwedResult] | None:
    """What the person is still owed of what the screen showed."""
    owed = await load_person_open_results(uow, actor, person_id)
    return None if owed is None else [each for each in owed.results if each.obligation.id <= last_id]


async def _next_channel(
    uow: UnitOfWork, deliveries: Sequence[Delivery], *, now: datetime, policy: Policy, plan: fan_out.Following
) -> None:
    """A delivery that was sent keeps its status, since its evidence may still come; one that waits is withdrawn."""
    by_status: dict[Status, list[Delivery]] = defaultdict(list)
    for each in deliveries:
        by_status[Status.WITHDRAWN if each.status is Status.PENDING else each.status].append(each)
    for status, same in sorted(by_status.items()):
        await fan_out.replan_fan_out_deliveries(
            uow, same, status=status, reason=Reason.EVIDENCE_MISSING, now=now, policy=policy, plan=plan
        )


async def _audit(uow: UnitOfWork, actor: Actor, action: str, person_id: int, ids: Sequence[int], now: datetime) -> None:
    if ids:
        obligations = ",".join(map(str, ids))
        await uow.audit.write(actor, action, at=now, person=person_id, obligations=obligations)
