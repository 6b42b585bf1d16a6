"""«24 часа» of the deputy head: what is still owed, calls, sending at once, the report, the proof (Q75, Q76)."""

from dataclasses import replace
from datetime import timedelta

from bot.documents.delivery import proof as proof_documents
from bot.handlers.doors import Ask, Behind, Door, Visit
from bot.screens.delivery import hours as screens
from bot.screens.delivery import report as report_screens
from bot.screens.delivery.hours import HoursFrame
from bot.screens.screen import Screen, ScreenFile
from core.actions.delivery import deadline_reports, open_results, proofs
from core.model.people import Role
from core.rules.conversation.buttons import HandleRefusedError

DEPUTY = frozenset({Role.DEPUTY_HEAD})
PDF = "application/pdf"


async def list_open_results(visit: Visit, ask: Ask) -> Screen:
    """`/hours`: everybody who is still owed a result, by the time that is left."""
    (page,) = ask.exactly(0, 1) or (0,)
    persons = await open_results.open_results(visit.uow, visit.reader)
    return replace(screens.open_result_list(hours_frame(visit), persons, page=page), in_place=ask.pressed)


async def open_person(visit: Visit, ask: Ask) -> Screen:
    """What one person is owed, and what to say on the phone."""
    (person_id,) = ask.exactly(1)
    return replace(await _person(visit, person_id), in_place=True)


async def _person(visit: Visit, person_id: int, *, note: str = "") -> Screen:
    owed = await open_results.open_results_of(visit.uow, visit.reader, person_id)
    if owed is None:
        return screens.nothing_owed(hours_frame(visit), note or visit.t("hours.nothing_left"))
    for student_id in dict.fromkeys(each.obligation.student_id for each in owed.results):
        visit.afterwards.views.append((visit.reader, screens.PERSON, student_id or 0))
    return screens.person_screen(hours_frame(visit), owed, note=note)


async def record_call(visit: Visit, ask: Ask) -> Screen:
    """«Дозвонился»: the person was told by phone what the screen showed."""
    person_id, last_id = ask.exactly(2)
    count = await open_results.record_call(visit.uow, visit.reader, person_id, last_id, now=visit.now)
    called = await open_results.called_results_of(visit.uow, visit.reader, person_id, last_id)
    if not count or called is None:
        return replace(await _person(visit, person_id), in_place=True)
    return replace(screens.called_screen(hours_frame(visit), called, count), in_place=True)


async def undo_call(visit: Visit, ask: Ask) -> Screen:
    """The person was not reached after all."""
    person_id, last_id = ask.exactly(2)
    undone = await open_results.undo_call(
        visit.uow, visit.reader, person_id, last_id, closes=visit.school.closes, now=visit.now
    )
    return replace(await _person(visit, person_id, note=visit.t("hours.undone", undone)), in_place=True)


async def send_now(visit: Visit, ask: Ask) -> Screen:
    """Sends what waits at once, and by the next channel what gave no evidence."""
    person_id, last_id = ask.exactly(2)
    count = await open_results.send_now(
        visit.uow, visit.reader, person_id, last_id, now=visit.now, policy=visit.school.policy
    )
    return replace(await _person(visit, person_id, note=visit.t("hours.sent_now", count)), in_place=True)


async def put_on_paper(visit: Visit, ask: Ask) -> Screen:
    """Prints out of turn instead of waiting for the other channels."""
    person_id, last_id = ask.exactly(2)
    count = await open_results.put_on_paper(
        visit.uow, visit.reader, person_id, last_id, now=visit.now, policy=visit.school.policy
    )
    return replace(await _person(visit, person_id, note=visit.t("hours.put_on_paper", count)), in_place=True)


async def show_report(visit: Visit, ask: Ask) -> Screen:
    """The report of the last days."""
    (days,) = ask.exactly(0, 1) or report_screens.SPANS[:1]
    if days not in report_screens.SPANS:
        raise HandleRefusedError
    report = await deadline_reports.deadline_report(
        visit.uow, visit.reader, since=visit.today - timedelta(days=days - 1), until=visit.today,
        closes=visit.school.closes, now=visit.now, policy=visit.school.policy,
    )  # fmt: skip
    return replace(report_screens.report_screen(hours_frame(visit), report), in_place=ask.pressed)


async def give_proof(visit: Visit, ask: Ask) -> Screen:
    """The proof of one obligation as a PDF."""
    (number,) = ask.exactly(1)
    proof = await proofs.obligation_proof(visit.uow, visit.reader, number, now=visit.now)
    if proof.row.obligation.student_id is not None:
        visit.afterwards.views.append((visit.reader, screens.PROOF, proof.row.obligation.student_id))
    pdf = proof_documents.proof_pdf(
        proof, visit.t, policy=visit.school.policy, notice_words=visit.school.channels.notice_words,
        school=visit.school.name,
    )  # fmt: skip
    name = visit.t("proof.file", number=number)
    return Screen(visit.t("proof.ready", number=number), files=(ScreenFile(name, PDF, pdf),))


def hours_frame(visit: Visit) -> HoursFrame:
    """What the screens of the deputy head need."""
    return HoursFrame(
        now=visit.now,
        zone=visit.school.policy.zone,
        t=visit.t,
        seal=visit.seal,
        notice_words=visit.school.channels.notice_words,
    )


DOORS = (
    Door(screens.HOURS, list_open_results, DEPUTY, Behind.NOTHING, command="hours"),
    Door(screens.PERSON, open_person, DEPUTY, Behind.RECORD),
    Door(screens.CALL, record_call, DEPUTY, Behind.RECORD, writes=True),
    Door(screens.UNCALL, undo_call, DEPUTY, Behind.RECORD, writes=True),
    Door(screens.SEND, send_now, DEPUTY, Behind.RECORD, writes=True),
    Door(screens.PAPERS, put_on_paper, DEPUTY, Behind.RECORD, writes=True),
    Door(screens.REPORT, show_report, DEPUTY, Behind.NOTHING),
    Door(screens.PROOF, give_proof, DEPUTY, Behind.RECORD),
)
