"""Paper: the print queue with the basis of each extract, and its pages as a PDF (R2b)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum

from bot.documents.slips import EXTRACT, slip_code
from bot.paper.extract import ExtractPage, extracts_pdf
from core.errors import StorageError
from core.model.delivery.states import Reason, Status
from core.model.delivery.text import Text
from core.model.paper import Extract
from core.model.register.consents import Decision
from core.ports import Translator, UnavailableError, UnitOfWork, UnitOfWorkFactory
from core.rules import year
from core.rules.access import Everything
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy

KEPT = (Status.ACCEPTED, Status.PRINTED, Status.HANDED, Status.SIGNED)


class Basis(StrEnum):
    """Why a family gets paper (Q29)."""

    NO_ACCESS = "no_access"
    REFUSAL = "refusal"
    NO_CONSENT = "no_consent"
    CHANNEL_FAILED = "channel_failed"


class PaperTray:
    """Queues extracts, each in its own transaction, as the peer of the channel `paper`."""

    def __init__(self, open_uow: UnitOfWorkFactory, *, clock: Callable[[], datetime], policy: Policy) -> None:
        self._open_uow = open_uow
        self._clock = clock
        self._policy = policy

    async def put(self, *, person_id: int, student_id: int | None, text: Text, key: str) -> str:
        """Queues one extract a key; returns its number. Raises UnavailableError while the database is out of reach."""
        try:
            return await self._put(person_id, student_id, text, key)
        except StorageError:
            raise UnavailableError(Reason.CHANNEL_DOWN) from None

    async def _put(self, person_id: int, student_id: int | None, text: Text, key: str) -> str:
        now = self._clock()
        async with self._open_uow() as uow:
            basis = Basis.NO_ACCESS
            if student_id is not None:
                basis = await extract_basis(uow, person_id, student_id, now=now, policy=self._policy)
            extract = await uow.paper.put(
                person_id=person_id, student_id=student_id, key=key, basis=basis, text=text, at=now
            )
            await uow.commit()
        return extract.number


async def extract_basis(uow: UnitOfWork, person_id: int, student_id: int, *, now: datetime, policy: Policy) -> Basis:
    """Why a person gets paper about a student: the register says refusal or no consent; without contacts: no access."""
    entries = await uow.register.consents(person_id, student_id)
    recipients = await uow.people.recipients({student_id}, on=timing.local_date(now, policy))
    recipient = next((each for each in recipients if each.person_id == person_id), None)
    if entries and entries[-1].decision is Decision.REFUSAL:
        return Basis.REFUSAL
    if recipient is not None and recipient.consent_id is None and entries:
        return Basis.NO_CONSENT
    if recipient is None or not recipient.routes:
        return Basis.NO_ACCESS
    return Basis.CHANNEL_FAILED if recipient.consent_id is not None else Basis.NO_CONSENT


async def print_queue_pdf(
    uow: UnitOfWork,
    extracts: Sequence[Extract],
    *,
    school: str,
    signatory: str,
    t: Translator,
    key: bytes,
    policy: Policy,
) -> bytes:
    """The PDF of these extracts, one page each; one with results says until when it is to be handed out (R6)."""
    kept = await uow.paper.extracts(KEPT)
    terms = await uow.paper.result_terms(KEPT)
    pages = [
        replace(
            await _page(uow, each, kept, t=t, key=key, policy=policy), hand_out=_term(terms.get(each.id), t, policy)
        )
        for each in extracts
    ]
    return extracts_pdf(pages, t, school=school, signatory=signatory)


def _term(due: datetime | None, t: Translator, policy: Policy) -> str | None:
    return None if due is None else t("extract.hand_out", at=due.astimezone(policy.zone))


async def _page(
    uow: UnitOfWork, extract: Extract, kept: Sequence[Extract], *, t: Translator, key: bytes, policy: Policy
) -> ExtractPage:
    issued_on, about = timing.local_date(extract.queued_at, policy), extract.student_id
    classes = {entry.student_id: entry.class_name for entry in await uow.people.roll(issued_on)}
    return ExtractPage(
        number=extract.number,
        issued_on=issued_on,
        period=(_since(extract, kept, issued_on, policy), issued_on),
        student="–" if about is None else (await uow.people.person(about, Everything())).name,
        school_class="–" if about is None else classes.get(about, ""),
        recipient=(await uow.people.person(extract.person_id, Everything())).name,
        basis=t(f"extract.basis.{extract.basis}"),
        facts=extract.text,
        code=slip_code(EXTRACT, extract.id, key=key),
    )


def _since(extract: Extract, kept: Sequence[Extract], issued_on: date, policy: Policy) -> date:
    """The first day of an extract: that of the last one for this person and student, else of the school year."""
    pair = (extract.person_id, extract.student_id)
    earlier = [each for each in kept if (each.person_id, each.student_id) == pair and each.id < extract.id]
    if earlier:
        return timing.local_date(earlier[-1].queued_at, policy)
    return year.first_day(issued_on)
