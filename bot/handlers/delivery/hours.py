"""«24 часа» of the deputy head: what is still owed, calls, sending at once, the report, the proof (Q75, Q76)."""

from dataclasses import replace
from datetime import timedelta

from bot.documents.delivery import proof as proof_documents
from bot.handlers.doors import Behind, Door, DoorRequest, DoorVisit
from bot.screens.delivery import hours as screens
from bot.screens.delivery import report as report_screens
from bot.screens.delivery.hours import HoursScreenFrame
from bot.screens.screen import Screen, ScreenFile
from core.actions.delivery import deadline_reports, open_results, proofs
from core.model.people import Role
from core.rules.conversation.buttons import HandleRefusedError

DEPUTY = frozenset({Role.DEPUTY_HEAD})
PDF = "application/pdf"


async def list_hours_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """`/hours`: everybody who is still owed a result, by the time that is left."""
    (page,) = ask.exactly(0, 1) or (0,)
    persons = await open_results.load_open_results(visit.uow, visit.reader)
    return replace(screens.hours_list_screen(hours_door_frame(visit), persons, page=page), in_place=ask.pressed)


async def hours_of_person_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """What one person is owed, and what to say on the phone."""
    (person_id,) = ask.exactly(1)
    return replace(await _person(visit, person_id), in_place=True)


async def _person(visit: DoorVisit, person_id: int, *, note: str = "") -> Screen:
    owed = await open_results.load_person_open_results(visit.uow, visit.reader, person_id)
    if owed is None:
        return screens.hours_nothing_owed_screen(hours_door_frame(visit), note or visit.t("hours.nothing_left"))
    for student_id in dict.fromkeys(each.obligation.student_id for each in owed.results):
        visit.afterwards.views.append((visit.reader, screens.PERSON, student_id or 0))
    return screens.hours_person_screen(hours_door_frame(visit), owed, note=note)


async def record_hours_call_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """«Дозвонился»: the person was told by phone what the screen showed."""
    person_id, last_id = ask.exactly(2)
    count = await open_results.record_open_results_call(visit.uow, visit.reader, person_id, last_id, now=visit.now)
    called = await open_results.load_called_open_results(visit.uow, visit.reader, person_id, last_id)
    if not count or called is None:
        return replace(await _person(visit, person_id), in_place=True)
    return replace(screens.hours_called_screen(hours_door_frame(visit), called, count), in_place=True)


async def undo_hours_call_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The person was not reached after all."""
    person_id, last_id = ask.exactly(2)
    undone = await open_results.undo_open_results_call(
        visit.uow, visit.reader, person_id, last_id, closes=visit.school.closes, now=visit.now
    )
    return replace(await _person(visit, person_id, note=visit.t("hours.undone", undone)), in_place=True)


async def send_hours_now_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Sends what waits at once, and by the next channel what gave no evidence."""
    person_id, last_id = ask.exactly(2)
    count = await open_results.send_open_results_now(
        visit.uow, visit.reader, person_id, last_id, now=visit.now, policy=visit.school.policy
    )
    return replace(await _person(visit, person_id, note=visit.t("hours.sent_now", count)), in_place=True)


async def print_hours_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Prints out of turn instead of waiting for the other channels."""
    person_id, last_id = ask.exactly(2)
    count = await open_results.print_open_results(
        visit.uow, visit.reader, person_id, last_id, now=visit.now, policy=visit.school.policy
    )
    return replace(await _person(visit, person_id, note=visit.t("hours.put_on_paper", count)), in_place=True)


async def hours_report_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The report of the last days."""
    (days,) = ask.exactly(0, 1) or report_screens.SPANS[:1]
    if days not in report_screens.SPANS:
        raise HandleRefusedError
    report = await deadline_reports.load_deadline_report(
        visit.uow, visit.reader, since=visit.today - timedelta(days=days - 1), until=visit.today,
        closes=visit.school.closes, now=visit.now, policy=visit.school.policy,
    )  # fmt: skip
    return replace(report_screens.delivery_report_screen(hours_door_frame(visit), report), in_place=ask.pressed)


async def hours_proof_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The proof of one obligation as a PDF."""
    (number,) = ask.exactly(1)
    proof = await proofs.load_obligation_proof(visit.uow, visit.reader, number, now=visit.now)
    if proof.row.obligation.student_id is not None:
        visit.afterwards.views.append((visit.reader, screens.PROOF, proof.row.obligation.student_id))
    pdf = proof_documents.proof_pdf(
        proof, visit.t, policy=visit.school.policy, notice_words=visit.school.channels.notice_words,
        school=visit.school.name,
    )  # fmt: skip
    name = visit.t("proof.file", number=number)
    return Screen(visit.t("proof.ready", number=number), files=(ScreenFile(name, PDF, pdf),))


def hours_door_frame(visit: DoorVisit) -> HoursScreenFrame:
    """What the screens of the deputy head need."""
    return HoursScreenFrame(
        now=visit.now,
        zone=visit.school.policy.zone,
        t=visit.t,
        seal=visit.seal,
        notice_words=visit.school.channels.notice_words,
    )


DOORS = (
    Door(screens.HOURS, list_hours_door, DEPUTY, Behind.NOTHING, command="hours"),
    Door(screens.PERSON, hours_of_person_door, DEPUTY, Behind.RECORD),
    Door(screens.CALL, record_hours_call_door, DEPUTY, Behind.RECORD, writes=True),
    Door(screens.UNCALL, undo_hours_call_door, DEPUTY, Behind.RECORD, writes=True),
    Door(screens.SEND, send_hours_now_door, DEPUTY, Behind.RECORD, writes=True),
    Door(screens.PAPERS, print_hours_door, DEPUTY, Behind.RECORD, writes=True),
    Door(screens.REPORT, hours_report_door, DEPUTY, Behind.NOTHING),
    Door(screens.PROOF, hours_proof_door, DEPUTY, Behind.RECORD),
)
