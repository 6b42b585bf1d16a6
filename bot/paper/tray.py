"""The print tray: what the channel `paper` sends becomes a page of the print queue, with its basis (Q29)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.locales import LocaleCatalogues
from bot.paper.contents import paper_content_blocks
from bot.screens.forecast.wishes import ForecastWishScales
from core.actions.paper.contents import load_paper_contents
from core.errors import StorageError
from core.model.delivery.recipients import Recipient
from core.model.delivery.states import Reason
from core.model.delivery.text import Text
from core.model.forecast import LOWEST
from core.model.paper import Block
from core.model.register.consents import Decision
from core.ports import UnavailableError, UnitOfWork, UnitOfWorkFactory
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.results.proposals import ResultsPolicy


class Basis(StrEnum):
    """Why a person gets paper (R2b, Q29)."""

    NO_ACCESS = "no_access"
    REFUSAL = "refusal"
    NO_CONSENT = "no_consent"
    CHANNEL_FAILED = "channel_failed"
    STAFF = "staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperTray:
    """Queues extracts, each in its own transaction, as the peer of the channel `paper`."""

    open_uow: UnitOfWorkFactory
    clock: Callable[[], datetime]
    policy: Policy
    results: ResultsPolicy = field(default_factory=ResultsPolicy)
    lowest_mark: int = LOWEST
    catalogues: LocaleCatalogues = field(default_factory=LocaleCatalogues.load)

    async def put(self, *, person_id: int, student_id: int | None, text: Text, key: str) -> str:
        """Queues one extract a key; returns its number. Raises UnavailableError while the database is out of reach."""
        try:
            return await self._put(person_id, student_id, text, key)
        except StorageError:
            raise UnavailableError(Reason.CHANNEL_DOWN) from None

    async def _put(self, person_id: int, student_id: int | None, text: Text, key: str) -> str:
        """The contents are read before the write lock is taken."""
        now, basis = self.clock(), Basis.STAFF
        contents: tuple[Block, ...] = ()
        if student_id is not None:
            async with self.open_uow(reading=True) as uow:
                recipient = await _recipient(uow, person_id, student_id, now=now, policy=self.policy)
                basis = await _extract_basis(uow, person_id, student_id, recipient)
                if await uow.paper.is_weekly(key):
                    contents = await self._contents(uow, person_id, student_id, recipient, now)
        async with self.open_uow() as uow:
            extract = await uow.paper.put(
                person_id=person_id, student_id=student_id, key=key, basis=basis, text=text, at=now, contents=contents
            )
            await uow.commit()
        return extract.number

    async def _contents(
        self, uow: UnitOfWork, person_id: int, student_id: int, recipient: Recipient | None, now: datetime
    ) -> tuple[Block, ...]:
        """What the bot would show this person of this student, in the person's language (Q31)."""
        contents = await load_paper_contents(
            uow, person_id, student_id, now=now, policy=self.policy, results_policy=self.results
        )
        t = self.catalogues.translator(recipient.language if recipient else "")
        scales = ForecastWishScales.of(self.results.thresholds, self.lowest_mark)
        return paper_content_blocks(contents, t, scales=scales, policy=self.policy)


async def _recipient(
    uow: UnitOfWork, person_id: int, student_id: int, *, now: datetime, policy: Policy
) -> Recipient | None:
    recipients = await uow.people.recipients({student_id}, on=timing.local_date_of_time(now, policy))
    return next((each for each in recipients if each.person_id == person_id), None)


async def _extract_basis(uow: UnitOfWork, person_id: int, student_id: int, recipient: Recipient | None) -> Basis:
    """Why a person gets paper about a student: the register says refusal or no consent; without contacts: no access."""
    entries = await uow.register.consents(person_id, student_id)
    if entries and entries[-1].decision is Decision.REFUSAL:
        return Basis.REFUSAL
    if recipient is not None and recipient.consent_id is None and entries:
        return Basis.NO_CONSENT
    if recipient is None or not recipient.routes:
        return Basis.NO_ACCESS
    return Basis.CHANNEL_FAILED if recipient.consent_id is not None else Basis.NO_CONSENT
