"""The teachers' council's decisions are entered into the summary sheet (Q65)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from core.actions.results.sheet.reading import SheetRequest, load_sheet_facts
from core.errors import EmptyDocumentError, NotFoundError
from core.model.people import OFFICE, Actor
from core.model.results.closings import CouncilDecision
from core.ports import UnitOfWork
from core.rules import access
from core.rules import year as school_years
from core.rules.access import Everything
from core.rules.register.documents import require_document_date


@dataclass(frozen=True, slots=True)
class NewCouncilDecision:
    """What the council decided on students of a class, by student, with its protocol."""

    texts: Mapping[int, str]
    protocol_no: str
    protocol_on: date


async def enter_council_decision(
    uow: UnitOfWork, actor: Actor, request: SheetRequest, new: NewCouncilDecision, *, now: datetime
) -> int:
    """Writes the council's decision on students of the class; a later one replaces it. Returns how many students.

    Raises NotAllowedError unless the actor is a deputy head or secretary, DocumentDateError, EmptyDocumentError,
    NotFoundError for a student of another class.
    """
    access.require_access_role(actor, *OFFICE)
    require_document_date(new.protocol_on, today=request.on, since=school_years.first_day_of_year(request.day))
    protocol = " ".join(new.protocol_no.split())
    texts = {student_id: " ".join(text.split()) for student_id, text in new.texts.items()}
    if not protocol or not all(texts.values()):
        raise EmptyDocumentError
    facts = await load_sheet_facts(uow, Everything(), request)
    if not texts.keys() <= {each.student_id for each in facts.members}:
        raise NotFoundError
    year_id = await uow.year.ensure_year(request.day)
    document = protocol, new.protocol_on, actor.person_id, now
    await uow.sheets.add_decisions([CouncilDecision(0, each, year_id, texts[each], *document) for each in texts])
    await uow.audit.write(
        actor, "council_decided", at=now, group=request.class_id, year=year_id, protocol=protocol, students=len(texts)
    )
    await uow.commit()
    return len(texts)
