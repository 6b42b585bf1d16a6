"""The register of consents: what enters it, what it refuses, and what a withdrawal stops."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest

from core.actions.delivery import fan_out
from core.actions.register import consents
from core.errors import ConsentFieldsError, DateFault, DocumentDateError, NotAllowedError, NotFoundError
from core.model.delivery.deliveries import Delivery
from core.model.delivery.obligations import NewNotice
from core.model.delivery.states import Reason, Status
from core.model.notices.family import FinalMarkSet
from core.model.people import SYSTEM, Actor, Role
from core.model.register.consents import ConsentEntry, Decision, NewConsent, WrittenConsent
from core.model.register.forms import FormKind
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_name
from tests.support.schools.builders import Builder
from tests.support.schools.files import FATHER, MOTHER, PYOTR, VERA

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
TODAY = date(2026, 11, 16)
POLICY = Policy()
SECRETARY = "Секретарёва Инна Олеговна"

TEXT = WrittenConsent(
    subject="Ёлкин П. И., паспорт",
    representative="Ёлкина О. С., мать, свидетельство о рождении",
    operator="Школа № 30",
    purpose="сведения об успеваемости",
    data="оценки, пропуски",
    processor="нет",
    actions="передача по электронной почте",
    term_and_withdrawal="до окончания школы; заявлением",
    signature="подписано",
)


@dataclass(frozen=True)
class Family:
    """A mother of two, the father of one of them, and the secretary who registers what they sign."""

    mother: int
    father: int
    pyotr: int
    vera: int
    secretary: Actor


@pytest.fixture
async def family(open_uow: UnitOfWorkFactory) -> Family:
    """Everybody has an e-mail confirmed in writing; nobody has signed a consent yet."""
    async with open_uow() as uow:
        build = Builder(uow)
        pyotr, vera = [await build.student(name) for name in (PYOTR, VERA)]
        mother, father = await build.guardian(MOTHER, pyotr, vera), await build.guardian(FATHER, pyotr)
        for person in (mother, father):
            await build.contact(person, "email", f"person{person}@example.org")
        secretary = await uow.people.add(SECRETARY, normal_name(SECRETARY))
        await uow.commit()
    return Family(mother, father, pyotr, vera, Actor(secretary, frozenset({Role.SECRETARY})))


def signed(person_id: int, student_id: int, decision: Decision = Decision.CONSENT) -> NewConsent:
    return NewConsent(person_id, student_id, decision, TODAY, "17")


async def register(open_uow: UnitOfWorkFactory, actor: Actor, new: NewConsent) -> ConsentEntry:
    async with open_uow() as uow:
        return await consents.register_consent(uow, actor, new, now=NOW, policy=POLICY)


async def owe_final(open_uow: UnitOfWorkFactory, *student_ids: int) -> None:
    """A final mark of each student is planned to the family and waits for the worker."""
    async with open_uow() as uow:
        for student_id in student_ids:
            notice = FinalMarkSet("Алгебра", "1 четверть", "5")
            fact = f"period_mark:{student_id}"
            await uow.outbox.add([NewNotice(student_id, notice, fact)], received_at=NOW, published_at=NOW)
        await fan_out.fan_out_notice_batch(uow, now=NOW, policy=POLICY)
        await uow.commit()


async def deliveries(open_uow: UnitOfWorkFactory, person_id: int, student_id: int) -> list[Delivery]:
    async with open_uow(reading=True) as uow:
        return list(await uow.outbox.deliveries_of_pair(person_id, student_id, set(Status)))


def waiting(found: list[Delivery]) -> list[str]:
    return [each.channel for each in found if each.status is Status.PENDING]


@pytest.mark.parametrize("decision", [Decision.CONSENT, Decision.REFUSAL, Decision.WITHDRAWAL])
async def test_every_decision_is_registered_alike(
    open_uow: UnitOfWorkFactory, family: Family, decision: Decision
) -> None:
    """Number, day, who registered it, form, document and scan are kept for consent, refusal and withdrawal (Q1)."""
    new = replace(signed(family.mother, family.pyotr, decision), scan_sha256="ab", form=FormKind.E_DOCUMENT)
    entry = await register(open_uow, family.secretary, new)
    assert (entry.number, entry.decision, entry.decided_on) == ("2026-0001", decision, TODAY)
    assert (entry.registered_by, entry.registered_at, entry.form) == (SECRETARY, NOW, FormKind.E_DOCUMENT)
    assert (entry.document, entry.scan_sha256) == ("17", "ab")


async def test_entries_are_added_and_none_is_edited(open_uow: UnitOfWorkFactory, family: Family) -> None:
    """A withdrawal is a further line; the consent before it stands as it was (Q6)."""
    given = await register(open_uow, family.secretary, signed(family.mother, family.pyotr))
    taken = await _withdraw(open_uow, family)
    async with open_uow(reading=True) as uow:
        assert list(await uow.register.consents(family.mother, family.pyotr)) == [given, taken]
    assert (taken.number, taken.decision, taken.document) == ("2026-0002", Decision.WITHDRAWAL, "18")


async def _withdraw(open_uow: UnitOfWorkFactory, family: Family) -> ConsentEntry:
    async with open_uow() as uow:
        withdrawal = NewConsent(family.mother, family.pyotr, Decision.WITHDRAWAL, TODAY, "18")
        return await consents.register_consent(uow, family.secretary, withdrawal, now=NOW, policy=POLICY)


async def test_consent_for_one_child_opens_nothing_about_another(open_uow: UnitOfWorkFactory, family: Family) -> None:
    """The mother signed for her son: his results go by e-mail, his sister's to paper, and so do the father's (Q3)."""
    await register(open_uow, family.secretary, signed(family.mother, family.pyotr))
    await owe_final(open_uow, family.pyotr, family.vera)
    assert waiting(await deliveries(open_uow, family.mother, family.pyotr)) == ["email"]
    assert waiting(await deliveries(open_uow, family.mother, family.vera)) == ["paper"]
    assert waiting(await deliveries(open_uow, family.father, family.pyotr)) == ["paper"]


async def test_a_withdrawal_works_at_once(open_uow: UnitOfWorkFactory, family: Family) -> None:
    """What waited by e-mail is withdrawn with the reason and goes to paper, in the withdrawal's transaction (Q5)."""
    await register(open_uow, family.secretary, signed(family.mother, family.pyotr))
    await register(open_uow, family.secretary, signed(family.mother, family.vera))
    await owe_final(open_uow, family.pyotr, family.vera)
    await _withdraw(open_uow, family)
    stopped, paper = await deliveries(open_uow, family.mother, family.pyotr)
    assert (stopped.channel, stopped.status, stopped.reason) == ("email", Status.WITHDRAWN, Reason.CONSENT_WITHDRAWN)
    assert (paper.channel, paper.status) == ("paper", Status.PENDING)
    assert waiting(await deliveries(open_uow, family.mother, family.vera)) == ["email"]


async def test_a_refusal_after_a_consent_stops_what_waits(open_uow: UnitOfWorkFactory, family: Family) -> None:
    """A family that changes its mind to a refusal is on paper from that moment (Q2)."""
    await register(open_uow, family.secretary, signed(family.mother, family.pyotr))
    await owe_final(open_uow, family.pyotr)
    await register(open_uow, family.secretary, signed(family.mother, family.pyotr, Decision.REFUSAL))
    stopped, paper = await deliveries(open_uow, family.mother, family.pyotr)
    assert (stopped.status, stopped.reason) == (Status.WITHDRAWN, Reason.NO_CONSENT)
    assert (paper.channel, paper.status) == ("paper", Status.PENDING)


async def test_a_text_that_lacks_a_field_of_the_law_is_refused(open_uow: UnitOfWorkFactory, family: Family) -> None:
    """The error names the missing fields of 152-ФЗ art. 9 p. 4, and nothing is registered (Q4)."""
    new = replace(signed(family.mother, family.pyotr), written=replace(TEXT, purpose="  ", signature=""))
    with pytest.raises(ConsentFieldsError) as refused:
        await register(open_uow, family.secretary, new)
    assert refused.value.missing == ("purpose", "signature")
    async with open_uow(reading=True) as uow:
        assert not await uow.register.consents()


async def test_a_text_with_every_field_is_registered(open_uow: UnitOfWorkFactory, family: Family) -> None:
    """The nine fields are all there, so the consent is entered (Q4)."""
    new = replace(signed(family.mother, family.pyotr), written=TEXT, expires_on=date(2027, 5, 31))
    entry = await register(open_uow, family.secretary, new)
    assert entry.expires_on == date(2027, 5, 31)


async def test_nobody_decides_for_a_child_that_is_not_theirs(open_uow: UnitOfWorkFactory, family: Family) -> None:
    """The father of the son cannot sign for the daughter of the mother (Q3)."""
    with pytest.raises(NotFoundError):
        await register(open_uow, family.secretary, signed(family.father, family.vera))


async def test_a_student_may_sign_for_themselves(open_uow: UnitOfWorkFactory, family: Family) -> None:
    """Then person and student are one; the system itself signs as such (Q9)."""
    entry = await register(open_uow, SYSTEM, signed(family.pyotr, family.pyotr))
    assert (entry.person_id, entry.registered_by) == (family.pyotr, "system")


@pytest.mark.parametrize("role", [Role.GUARDIAN, Role.STUDENT, Role.TEACHER, Role.CLASS_TEACHER])
async def test_only_the_office_keeps_the_register(open_uow: UnitOfWorkFactory, family: Family, role: Role) -> None:
    """Families and teachers register nothing themselves (Q1)."""
    with pytest.raises(NotAllowedError):
        await register(open_uow, Actor(family.mother, frozenset({role})), signed(family.mother, family.pyotr))


async def test_each_entry_has_a_line_in_the_audit_trail(open_uow: UnitOfWorkFactory, family: Family) -> None:
    """Who registered which entry of which pair, by numbers alone (Q102)."""
    entry = await register(open_uow, family.secretary, signed(family.mother, family.pyotr))
    async with open_uow(reading=True) as uow:
        (line,) = await uow.audit.lines(limit=5)
    assert (line.action, line.actor_id) == ("consent_consent", family.secretary.person_id)
    assert line.facts == {"entry_id": entry.id, "person_id": family.mother, "student_id": family.pyotr}


LATE_EVENING = datetime(2026, 11, 16, 21, 30, tzinfo=UTC)
"""Half past midnight of the 17th in Moscow."""


@pytest.mark.parametrize(
    ("on", "expires_on", "wrong"),
    [
        (date(2026, 11, 18), None, DateFault.FUTURE),
        (date(2062, 11, 16), None, DateFault.FUTURE),
        (date(1999, 12, 31), None, DateFault.TOO_OLD),
        (date(2026, 11, 16), date(2026, 11, 16), DateFault.EXPIRY),
        (date(2026, 11, 16), date(2020, 1, 1), DateFault.EXPIRY),
    ],
)
async def test_a_consent_with_an_impossible_date_is_refused(
    open_uow: UnitOfWorkFactory, family: Family, on: date, expires_on: date | None, wrong: DateFault
) -> None:
    """The future, the last century and an expiry that does not lie after the document enter nothing (fault 15)."""
    new = replace(signed(family.mother, family.pyotr), decided_on=on, expires_on=expires_on)
    async with open_uow() as uow:
        with pytest.raises(DocumentDateError) as refused:
            await consents.register_consent(uow, family.secretary, new, now=LATE_EVENING, policy=POLICY)
    assert refused.value.fault is wrong
    async with open_uow(reading=True) as uow:
        assert not await uow.register.consents()


async def test_today_is_the_schools_date(open_uow: UnitOfWorkFactory, family: Family) -> None:
    """After midnight in Moscow the new day is allowed, whatever UTC says (Q135)."""
    new = replace(signed(family.mother, family.pyotr), decided_on=date(2026, 11, 17))
    async with open_uow() as uow:
        await consents.register_consent(uow, family.secretary, new, now=LATE_EVENING, policy=POLICY)
    async with open_uow(reading=True) as uow:
        assert [each.decided_on for each in await uow.register.consents()] == [date(2026, 11, 17)]


@pytest.mark.parametrize("decision", [Decision.WITHDRAWAL, Decision.REFUSAL])
async def test_nothing_ends_a_consent_before_it_was_given(
    open_uow: UnitOfWorkFactory, family: Family, decision: Decision
) -> None:
    """A withdrawal or refusal is not dated before the consent; on its day it is taken (fault 15)."""
    await register(open_uow, family.secretary, signed(family.mother, family.pyotr))
    ends = signed(family.mother, family.pyotr, decision)
    with pytest.raises(DocumentDateError) as refused:
        await register(open_uow, family.secretary, replace(ends, decided_on=date(2026, 11, 15)))
    assert refused.value.fault is DateFault.BEFORE_ENTRY
    await register(open_uow, family.secretary, ends)
