"""The consents of a whole class enter the register in one transaction: these forms came in, the others did not (R1)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from core.actions.register import consents, forms
from core.actions.register.office.families import load_class_families
from core.errors import FieldsNotFilledError, NotFoundError
from core.model.people import OFFICE, Actor
from core.model.register.consents import Decision, NewConsent
from core.model.register.families import FamilyPair
from core.model.register.forms import FormPurpose, FormState, IssuedForm, SignedForm
from core.ports import UnitOfWork
from core.rules import access
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.register.families import family_signers_of_class

PairIds = tuple[int, int]
"""The ids of the representative and of the student."""


@dataclass(frozen=True, slots=True)
class MissingClassConsents:
    """The pairs of a class whose consent is missing, and the numbered forms of theirs that wait to be signed."""

    group_id: int
    school_class: str
    pairs: Sequence[FamilyPair]
    issued: Mapping[PairIds, IssuedForm]

    @property
    def expected(self) -> frozenset[PairIds]:
        """Pairs of which it is known who signs: the student's only issued form, else their only representative."""
        by_student: dict[int, set[PairIds]] = defaultdict(set)
        for pair in self.pairs:
            by_student[pair.student_id].add(class_consent_pair_ids(pair))
        alone = [own & self.issued.keys() or own for own in by_student.values()]
        return frozenset(ids for own in alone if len(own) == 1 for ids in own)

    @property
    def doubtful(self) -> frozenset[PairIds]:
        """Pairs of students with several who might have signed."""
        clear = {student_id for _, student_id in self.expected}
        return frozenset(class_consent_pair_ids(pair) for pair in self.pairs if pair.student_id not in clear)


@dataclass(frozen=True, slots=True)
class SignedClassConsents:
    """Whose consents of a class came in, and with which date; `document` names papers that are no numbered forms.

    `channels` as of `NewConsent`, for these papers; a numbered form names what was printed on it.
    """

    group_id: int
    signed: Collection[PairIds]
    document: str
    dated: date
    all_fields_filled: bool = False
    channels: tuple[str, ...] | None = None


def class_consent_pair_ids(pair: FamilyPair) -> PairIds:
    return pair.person_id, pair.student_id


async def load_class_consents(uow: UnitOfWork, actor: Actor, group_id: int, *, on: date) -> MissingClassConsents:
    """Whose consent of a class is missing. Raises NotFoundError for no class."""
    access.require_access_role(actor, *OFFICE)
    group, stated = await load_class_families(uow, actor, group_id, on=on)
    pairs = family_signers_of_class([each.pair for each in stated], on)
    own = {class_consent_pair_ids(pair) for pair in pairs}
    issued = {
        (form.person_id, form.student_id): form
        for form in await uow.register.forms(FormState.WAITING)
        if form.purpose is FormPurpose.CONSENT and form.student_id and (form.person_id, form.student_id) in own
    }
    return MissingClassConsents(group.id, group.name, pairs, issued)


async def register_class_consents(
    uow: UnitOfWork, actor: Actor, new: SignedClassConsents, *, now: datetime, policy: Policy
) -> int:
    """Enters the consents of these pairs of a class, all or none; returns how many.

    A numbered form that waits for a pair is accepted by that and gives the entry its number. A pair whose consent is in
    force already is passed over. Raises FieldsNotFilledError without the tick (Q4), NotFoundError for a pair of another
    class, and what `accept_form` and `register_consent` raise.
    """
    if not new.all_fields_filled:
        raise FieldsNotFilledError
    on = timing.local_date_of_time(now, policy)
    of_class = await load_class_consents(uow, actor, new.group_id, on=on)
    _, stated = await load_class_families(uow, actor, new.group_id, on=on)
    if not set(new.signed) <= {class_consent_pair_ids(each.pair) for each in stated}:
        raise NotFoundError
    missing = [class_consent_pair_ids(pair) for pair in of_class.pairs if class_consent_pair_ids(pair) in new.signed]
    for person_id, student_id in missing:
        form = of_class.issued.get((person_id, student_id))
        if form is not None:
            taken = SignedForm(new.dated, all_fields_filled=new.all_fields_filled)
            await forms.enter_accepted_form(uow, actor, form.number, taken, now=now, policy=policy)
        else:
            paper = NewConsent(person_id, student_id, Decision.CONSENT, new.dated, new.document)
            entry = replace(paper, channels=new.channels)
            await consents.enter_consent(uow, actor, entry, now=now, policy=policy)
    await uow.audit.write(actor, "class_consents", at=now, group_id=new.group_id, entries=len(missing))
    await uow.commit()
    return len(missing)
