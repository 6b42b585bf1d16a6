"""Numbered forms: who issues them, what an accepted one enters in the register, and what is returned."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from core.actions.register import contacts, forms, preferences
from core.errors import (
    DocumentDateError,
    EDocumentError,
    FieldsNotFilledError,
    FormNumberError,
    FormSettledError,
    NoContactToConfirmError,
    NoReasonError,
    NotAllowedError,
    NotFoundError,
    SchoolError,
    UnderAgeError,
)
from core.model.notices.kinds import NoticeKind
from core.model.people import Actor, Role
from core.model.register.consents import Decision
from core.model.register.forms import (
    AgreedChoice,
    FormKind,
    FormPurpose,
    FormState,
    IssuedForm,
    NewForm,
    SignedForm,
)
from core.model.register.preferences import Frequency
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_name
from core.rules.register.form_numbers import form_number
from tests.support.schools.builders import Builder
from tests.support.schools.files import FATHER, MOTHER, PYOTR, VERA

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
TODAY = date(2026, 11, 16)
POLICY = Policy()
SECRETARY = "Секретарёва Инна Олеговна"
SIGNED = SignedForm(TODAY, all_fields_filled=True)
HASH = "ab" * 32


@dataclass(frozen=True)
class School:
    """A mother of two, the father of one of them, the secretary; the mother's mail is proven and not confirmed."""

    open_uow: UnitOfWorkFactory
    mother: int
    father: int
    pyotr: int
    vera: int
    mail: int
    secretary: Actor

    async def issues(self, new: NewForm, actor: Actor | None = None) -> IssuedForm:
        async with self.open_uow() as uow:
            return await forms.issue_numbered_form(uow, actor or self.secretary, new, now=NOW, policy=POLICY)

    async def accepts(self, number: str, signed: SignedForm = SIGNED, actor: Actor | None = None) -> IssuedForm:
        async with self.open_uow() as uow:
            return await forms.accept_numbered_form(
                uow, actor or self.secretary, number, signed, now=NOW, policy=POLICY
            )

    async def returns(self, number: str, reason: str, actor: Actor | None = None) -> IssuedForm:
        async with self.open_uow() as uow:
            return await forms.return_numbered_form(uow, actor or self.secretary, number, reason, now=NOW)

    async def waiting(self) -> Sequence[str]:
        async with self.open_uow(reading=True) as uow:
            return [each.number for each in await forms.load_waiting_forms(uow, self.secretary)]


@pytest.fixture
async def school(open_uow: UnitOfWorkFactory) -> School:
    """Nobody has signed anything yet."""
    async with open_uow() as uow:
        build = Builder(uow)
        pyotr, vera = [await build.student(name) for name in (PYOTR, VERA)]
        mother, father = await build.guardian(MOTHER, pyotr, vera), await build.guardian(FATHER, pyotr)
        mail = await uow.register.add_contact(
            person_id=mother, channel="email", address="olga@example.org", rank=1, origin="self", proven_at=NOW
        )
        secretary = await uow.people.add(SECRETARY, normal_name(SECRETARY))
        await uow.commit()
    return School(open_uow, mother, father, pyotr, vera, mail, Actor(secretary, frozenset({Role.SECRETARY})))


def consent_of(person_id: int, student_id: int) -> NewForm:
    return NewForm(FormPurpose.CONSENT, person_id, student_id)


async def test_a_form_gets_the_next_number_of_the_year(school: School) -> None:
    """All purposes share one series, and the number names the purpose (Q11)."""
    first = await school.issues(consent_of(school.mother, school.pyotr))
    second = await school.issues(NewForm(FormPurpose.CONTACTS, school.mother))
    assert first.number == form_number(FormPurpose.CONSENT, 2026, 1)
    assert second.number == form_number(FormPurpose.CONTACTS, 2026, 2)
    assert await school.waiting() == [first.number, second.number]


@pytest.mark.parametrize("purpose", [FormPurpose.CONSENT, FormPurpose.REFUSAL, FormPurpose.WITHDRAWAL])
async def test_an_accepted_form_enters_its_decision(school: School, purpose: FormPurpose) -> None:
    """The entry names the form by its number, its day and who took it in; the form waits no longer (Q1)."""
    form = await school.issues(NewForm(purpose, school.mother, school.pyotr))
    accepted = await school.accepts(form.number, replace(SIGNED, scan_sha256=HASH))
    async with school.open_uow(reading=True) as uow:
        (entry,) = await uow.register.consents()
        lines = [line.action for line in await uow.audit.lines(limit=2)]
    assert (entry.person_id, entry.student_id, entry.decision) == (school.mother, school.pyotr, Decision(purpose.value))
    assert (entry.document, entry.decided_on, entry.registered_by) == (form.number, TODAY, SECRETARY)
    assert entry.scan_sha256 == HASH
    assert (accepted.state, accepted.settled_at, accepted.settled_by) == (
        FormState.ACCEPTED, NOW, school.secretary.person_id,
    )  # fmt: skip
    assert sorted(lines) == [f"consent_{purpose.value}", "form_accepted"]
    assert await school.waiting() == []


async def test_an_accepted_statement_confirms_the_contacts_that_it_names(school: School) -> None:
    """A contact that was added after the form was printed stays unconfirmed (R7, Q80)."""
    form = await school.issues(NewForm(FormPurpose.CONTACTS, school.mother))
    async with school.open_uow() as uow:
        later = await uow.register.add_contact(
            person_id=school.mother, channel="sms", address="+79990000001", rank=2, origin="self", proven_at=NOW
        )
        await uow.commit()
    await school.accepts(form.number)
    async with school.open_uow(reading=True) as uow:
        (confirmed,) = await uow.register.confirmations(school.mail)
        assert not await uow.register.confirmations(later)
    assert (confirmed.document, confirmed.document_on, confirmed.accepted_by) == (form.number, TODAY, SECRETARY)


async def test_a_statement_keeps_the_choices_as_they_stood(school: School) -> None:
    """Each kind, by each channel, how often: the agreed form; a later choice does not change the paper (Q83)."""
    mother = Actor(school.mother, frozenset({Role.GUARDIAN}))
    async with school.open_uow() as uow:
        kind, often = NoticeKind.HOMEWORK, Frequency.OFF
        await preferences.choose_frequency_preference(uow, mother, kind=kind, frequency=often, now=NOW)
    async with school.open_uow() as uow:
        await uow.register.unsubscribe(school.mother, "email", NoticeKind.MARKS, at=NOW)
        await uow.commit()
    form = await school.issues(NewForm(FormPurpose.CONTACTS, school.mother), mother)
    async with school.open_uow() as uow:
        kind, often = NoticeKind.HOMEWORK, Frequency.AT_ONCE
        await preferences.choose_frequency_preference(uow, mother, kind=kind, frequency=often, now=NOW)
    async with school.open_uow(reading=True) as uow:
        kept = await forms.load_form_by_number(uow, school.secretary, form.number)
    chosen = {each.kind: each for each in kept.choices}
    assert chosen[NoticeKind.HOMEWORK] == AgreedChoice(NoticeKind.HOMEWORK, "email", Frequency.OFF)
    assert chosen[NoticeKind.MARKS].frequency is Frequency.OFF
    assert chosen[NoticeKind.FINALS].frequency is Frequency.AT_ONCE
    assert NoticeKind.ALARMS not in chosen
    assert kept.contact_ids == (school.mail,)


async def test_a_consent_without_the_tick_is_refused(school: School) -> None:
    """The secretary ticks that all nine fields of 152-ФЗ art. 9 p. 4 are filled; else nothing is entered (Q4)."""
    form = await school.issues(consent_of(school.mother, school.pyotr))
    with pytest.raises(FieldsNotFilledError):
        await school.accepts(form.number, SignedForm(TODAY))
    async with school.open_uow(reading=True) as uow:
        assert not await uow.register.consents()
    assert await school.waiting() == [form.number]


async def test_a_withdrawal_needs_no_tick(school: School) -> None:
    """A family's withdrawal counts on whatever paper it stands (Q5)."""
    form = await school.issues(NewForm(FormPurpose.WITHDRAWAL, school.mother, school.pyotr))
    await school.accepts(form.number, SignedForm(TODAY))
    async with school.open_uow(reading=True) as uow:
        assert [entry.decision for entry in await uow.register.consents()] == [Decision.WITHDRAWAL]
    assert await school.waiting() == []


async def test_a_newer_form_takes_the_place_of_the_older(school: School) -> None:
    """Of two printed consents of one pair only the newer one counts; the sister's and the father's stay (Q3)."""
    old = await school.issues(consent_of(school.mother, school.pyotr))
    others = [
        await school.issues(consent_of(school.mother, school.vera)),
        await school.issues(consent_of(school.father, school.pyotr)),
        await school.issues(NewForm(FormPurpose.REFUSAL, school.mother, school.pyotr)),
    ]
    new = await school.issues(consent_of(school.mother, school.pyotr))
    assert await school.waiting() == [*(each.number for each in others), new.number]
    with pytest.raises(FormSettledError):
        await school.accepts(old.number)


async def test_a_form_is_settled_once(school: School) -> None:
    """An accepted form is not accepted or returned again."""
    form = await school.issues(consent_of(school.mother, school.pyotr))
    await school.accepts(form.number)
    with pytest.raises(FormSettledError):
        await school.accepts(form.number)
    with pytest.raises(FormSettledError):
        await school.returns(form.number, "нет подписи")


async def test_a_returned_form_keeps_the_reason(school: School) -> None:
    """The family reads why, and a form is not returned without a reason."""
    form = await school.issues(consent_of(school.mother, school.pyotr))
    with pytest.raises(NoReasonError):
        await school.returns(form.number, "  ")
    await school.returns(form.number, " нет подписи ")
    async with school.open_uow(reading=True) as uow:
        (kept,) = await forms.load_person_forms(uow, Actor(school.mother, frozenset({Role.GUARDIAN})), school.mother)
    assert (kept.state, kept.reason) == (FormState.RETURNED, "нет подписи")


async def test_a_mistyped_number_finds_no_form(school: School) -> None:
    """The check digit tells a slip from a form that is not there."""
    form = await school.issues(consent_of(school.mother, school.pyotr))
    wrong = form.number[:-1] + str((int(form.number[-1]) + 1) % 10)
    with pytest.raises(FormNumberError):
        await school.accepts(wrong)
    with pytest.raises(NotFoundError):
        await school.accepts(form_number(FormPurpose.CONSENT, 2026, 99))


@pytest.mark.parametrize(
    ("signed", "error"),
    [
        (replace(SIGNED, dated=TODAY - timedelta(days=1)), DocumentDateError),
        (replace(SIGNED, dated=TODAY + timedelta(days=1)), DocumentDateError),
        (replace(SIGNED, expires_on=TODAY), DocumentDateError),
        (replace(SIGNED, scan_sha256="ab"), EDocumentError),
        (replace(SIGNED, form=FormKind.E_DOCUMENT), EDocumentError),
        (replace(SIGNED, form=FormKind.E_DOCUMENT, document="Э-1"), EDocumentError),
        (replace(SIGNED, form=FormKind.E_DOCUMENT, scan_sha256=HASH), EDocumentError),
    ],
)
async def test_an_impossible_signature_enters_nothing(
    school: School, signed: SignedForm, error: type[SchoolError]
) -> None:
    """Nothing is signed before it was issued or tomorrow; an e-document has a reference and a hash (R7)."""
    form = await school.issues(consent_of(school.mother, school.pyotr))
    with pytest.raises(error):
        await school.accepts(form.number, signed)
    assert await school.waiting() == [form.number]


async def test_an_e_document_is_entered_by_its_reference(school: School) -> None:
    """The register names the reference and the hash of the file (Q1, R7)."""
    form = await school.issues(consent_of(school.mother, school.pyotr))
    document = replace(SIGNED, form=FormKind.E_DOCUMENT, document="Э-17", scan_sha256=HASH)
    await school.accepts(form.number, document)
    async with school.open_uow(reading=True) as uow:
        (entry,) = await uow.register.consents()
    assert (entry.form, entry.document, entry.scan_sha256) == (FormKind.E_DOCUMENT, "Э-17", HASH)


async def test_nobody_gets_a_form_about_a_foreign_child(school: School) -> None:
    """The father of the son signs nothing about the daughter, and a parent is no student (Q3)."""
    with pytest.raises(NotFoundError):
        await school.issues(consent_of(school.father, school.vera))
    with pytest.raises(NotFoundError):
        await school.issues(consent_of(school.father, school.father))
    with pytest.raises(NotFoundError):
        await school.issues(NewForm(FormPurpose.CONSENT, school.father))


async def test_a_statement_needs_a_contact(school: School) -> None:
    """Without a contact there is nothing to confirm, and a contact that was revoked meanwhile is not confirmed."""
    with pytest.raises(NoContactToConfirmError):
        await school.issues(NewForm(FormPurpose.CONTACTS, school.father))
    form = await school.issues(NewForm(FormPurpose.CONTACTS, school.mother))
    async with school.open_uow() as uow:
        await contacts.revoke_contact(uow, school.secretary, contact_id=school.mail, now=NOW, policy=POLICY)
    with pytest.raises(NoContactToConfirmError):
        await school.accepts(form.number)


async def test_a_student_under_14_signs_nothing(school: School) -> None:
    """The representative signs; from the 14th birthday on the student may too (Q9)."""
    async with school.open_uow() as uow:
        young = await uow.people.add("Юный Пётр", "юный петр", birth_date=date(2012, 11, 17))
        await uow.people.add_student(young, leaves_on=None)
        await uow.commit()
    with pytest.raises(UnderAgeError):
        await school.issues(consent_of(young, young))
    await school.issues(consent_of(school.pyotr, school.pyotr))


@pytest.mark.parametrize("role", [Role.GUARDIAN, Role.STUDENT, Role.TEACHER, Role.CLASS_TEACHER])
async def test_only_the_office_settles_forms(school: School, role: Role) -> None:
    """Persons issue their own forms and read them; nobody else's, and they settle none (Q14)."""
    mother, stranger = Actor(school.mother, frozenset({role})), Actor(school.father, frozenset({role}))
    form = await school.issues(consent_of(school.mother, school.pyotr), mother)
    with pytest.raises(NotAllowedError):
        await school.issues(consent_of(school.mother, school.pyotr), stranger)
    with pytest.raises(NotAllowedError):
        await school.accepts(form.number, actor=mother)
    with pytest.raises(NotAllowedError):
        await school.returns(form.number, "нет", actor=mother)
    async with school.open_uow(reading=True) as uow:
        for reading in (
            forms.load_waiting_forms(uow, mother),
            forms.load_form_by_number(uow, mother, form.number),
            forms.load_form_by_id(uow, mother, form.id),
            forms.load_person_forms(uow, stranger, school.mother),
        ):
            with pytest.raises(NotAllowedError):
                await reading


async def test_of_two_secretaries_one_accepts(school: School) -> None:
    """A form that was settled between reading and writing is not settled twice."""
    form = await school.issues(consent_of(school.mother, school.pyotr))
    async with school.open_uow() as uow:
        found = await uow.register.settle_form(form.id, FormState.RETURNED, by=None, reason="нет", at=NOW)
        again = await uow.register.settle_form(form.id, FormState.ACCEPTED, by=None, reason=None, at=NOW)
    assert (found, again) == (True, False)
