"""A consent opens the channels whose processors its document names (Q2, Q4, Q140; 152-ФЗ art. 9 p. 4)."""

from dataclasses import replace

from core.actions.imports import people as people_import
from core.actions.register import consents, forms, onboarding
from core.actions.register.office.class_consents import load_class_consents
from core.actions.register.office.families import load_class_families
from core.model.people import SYSTEM, Actor, Role
from core.model.register.consents import ConsentEntry, Decision, NamedProcessors, NewConsent
from core.model.register.families import PairState
from core.model.register.forms import FormPurpose, NewForm, SignedForm
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_class_name
from tests.support.schools.builders import NOW, Builder, Family, a_family
from tests.support.schools.files import FATHER, MOTHER, PYOTR, guardian, people, signed, student

TODAY = NOW.date()
BEFORE = Policy(processors=NamedProcessors(on_forms=("email", "telegram"), on_papers=("email", "sms", "telegram")))
WITH_MAX = replace(BEFORE, processors=replace(BEFORE.processors, on_forms=("email", "max", "telegram")))
"""The school before and after it has set up MAX: its printed forms name more, other papers do not."""


async def signs(family: Family, *, printed: Policy, accepted: Policy) -> ConsentEntry:
    """A form of Vestnik is printed under one policy, comes back signed under another, and is entered."""
    new = NewForm(FormPurpose.CONSENT, family.mother, family.student)
    async with family.open_uow() as uow:
        form = await forms.issue_numbered_form(uow, SYSTEM, new, now=NOW, policy=printed)
    async with family.open_uow() as uow:
        taken = SignedForm(TODAY, all_fields_filled=True)
        await forms.accept_numbered_form(uow, SYSTEM, form.number, taken, now=NOW, policy=accepted)
        return (await uow.register.consents(family.mother, family.student))[-1]


async def has_max(family: Family) -> None:
    async with family.open_uow() as uow:
        await Builder(uow).contact(family.mother, "max", "7001", rank=3)
        await uow.commit()


async def test_a_form_opens_what_was_printed_on_it(open_sqlite: UnitOfWorkFactory) -> None:
    """One that was printed before MAX came names no processor of MAX, whenever it comes back."""
    family = await a_family(open_sqlite)
    assert (await signs(family, printed=BEFORE, accepted=WITH_MAX)).channels == ("email", "telegram")
    assert (await signs(family, printed=WITH_MAX, accepted=WITH_MAX)).channels == ("email", "max", "telegram")


async def test_another_paper_is_taken_to_name_no_max(open_sqlite: UnitOfWorkFactory) -> None:
    """Only the office, which reads the paper, can say that it does; a withdrawal names nobody."""
    family = await a_family(open_sqlite)
    entered = []
    for decision, channels in ((Decision.CONSENT, None), (Decision.CONSENT, ("max",)), (Decision.WITHDRAWAL, None)):
        new = NewConsent(family.mother, family.student, decision, TODAY, "17", channels=channels)
        async with open_sqlite() as uow:
            entered.append(await consents.register_consent(uow, SYSTEM, new, now=NOW, policy=WITH_MAX))
    assert [entry.channels for entry in entered] == [("email", "sms", "telegram"), ("max",), None]


async def test_a_row_of_the_list_names_what_the_family_chose_on_its_form(open_sqlite: UnitOfWorkFactory) -> None:
    """The row's form is the document of contacts and consent alike, so MAX stands on it where the row has MAX."""
    of_form = signed(form_date=TODAY)
    chose = guardian(MOTHER, PYOTR, telegram="+", max="+", **of_form)
    plain = guardian(FATHER, PYOTR, telegram="+", **of_form)
    async with open_sqlite() as uow:
        listed = [people(student(PYOTR)), people(chose, plain)]
        result = await people_import.import_people(uow, SYSTEM, listed, now=NOW, policy=WITH_MAX)
        entries = await uow.register.consents()
    assert result.ok, result.files
    assert [entry.channels for entry in entries] == [("email", "max", "sms", "telegram"), ("email", "sms", "telegram")]


async def test_the_office_sees_whom_a_new_form_would_help(open_sqlite: UnitOfWorkFactory) -> None:
    """MAX alone and a consent that does not name it is no channel, and the class's list asks for a form."""
    family = await a_family(open_sqlite)
    async with open_sqlite() as uow:
        group = await uow.year.ensure_group(GroupKind.CLASS, "8Б", normal_class_name("8Б"))
        for contact in (family.telegram, family.email):
            await uow.register.revoke(contact, at=NOW)
        await uow.commit()
    await has_max(family)

    async def shown() -> tuple[int, PairState]:
        async with open_sqlite(reading=True) as uow:
            missing = await load_class_consents(uow, SYSTEM, group, on=TODAY)
            _, (stated,) = await load_class_families(uow, SYSTEM, group, on=TODAY)
        return len(missing.pairs), stated.state

    found = []
    for printed in (BEFORE, WITH_MAX):
        await signs(family, printed=printed, accepted=WITH_MAX)
        found.append(await shown())
    assert found == [(1, PairState.NO_CHANNEL), (0, PairState.ACTIVE)]


async def test_a_newcomer_in_max_is_handed_a_form_that_names_it(open_sqlite: UnitOfWorkFactory) -> None:
    """The consent that is in force names other channels alone, so a further one is to be signed."""
    family = await a_family(open_sqlite)
    await signs(family, printed=BEFORE, accepted=BEFORE)
    mother = Actor(family.mother, frozenset({Role.GUARDIAN}), "max")
    async with open_sqlite() as uow:
        so_far = await onboarding.load_onboarding_admission(uow, mother, now=NOW, policy=WITH_MAX)
    assert so_far.without_consent == ()
    await has_max(family)
    async with open_sqlite() as uow:
        (form,) = await onboarding.issue_onboarding_forms(uow, mother, now=NOW, policy=WITH_MAX)
    assert (form.purpose, form.channels) == (FormPurpose.CONSENT, ("email", "max", "telegram"))
