"""A consent opens the channels whose processors its document names (Q2, Q4, Q140; 152-ФЗ art. 9 p. 4)."""

from dataclasses import replace

from core.actions.imports import people as people_import
from core.actions.imports.people import PeopleResult
from core.actions.register import consents, forms, onboarding
from core.actions.register.office.class_consents import load_class_consents
from core.actions.register.office.families import load_class_families
from core.model.imports.people_lists import GuardianRow
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

NOT_NAMED = "processor_not_named"
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


async def brings(open_uow: UnitOfWorkFactory, *rows: GuardianRow) -> PeopleResult:
    """The guardians' list comes in, with its student."""
    async with open_uow() as uow:
        listed = [people(student(PYOTR)), people(*rows)]
        return await people_import.import_people(uow, SYSTEM, listed, now=NOW, policy=WITH_MAX)


async def named_in_register(open_uow: UnitOfWorkFactory) -> list[tuple[str, ...] | None]:
    async with open_uow(reading=True) as uow:
        return [entry.channels for entry in await uow.register.consents()]


def closed_by(result: PeopleResult) -> list[tuple[str, str]]:
    """The channels that consents of the lists do not open, with their number."""
    assert result.ok, result.files
    doubts = [dict(doubt.facts) for file in result.files for doubt in file.doubts if doubt.reason == NOT_NAMED]
    return [(facts["channel"], facts["count"]) for facts in doubts]


async def test_a_row_of_the_list_names_what_its_paper_names(open_sqlite: UnitOfWorkFactory) -> None:
    """The contact of a family in MAX is no word about its processor; the column is."""
    of_form = signed(form_date=TODAY)
    silent = guardian(MOTHER, PYOTR, telegram="+", max="+", **of_form)
    says = guardian(FATHER, PYOTR, telegram="+", max="+", processors=("max", "telegram"), **of_form)
    await brings(open_sqlite, silent, says)
    assert await named_in_register(open_sqlite) == [("email", "sms", "telegram"), ("max", "telegram")]


async def test_a_list_is_told_how_many_of_its_consents_open_no_max(open_sqlite: UnitOfWorkFactory) -> None:
    """Also where no family has MAX yet, and each time it is read; whoever wants paper is not counted."""
    of_form = signed(form_date=TODAY)
    plain, chose = guardian(MOTHER, PYOTR, telegram="+", **of_form), guardian(FATHER, PYOTR, max="+", **of_form)
    on_paper = guardian("Соколова Нина Ильинична", PYOTR, paper=True, **of_form)
    for _ in range(2):
        assert closed_by(await brings(open_sqlite, plain, chose, on_paper)) == [("max", "2")]
    named = [replace(row, processors=("email", "max", "telegram")) for row in (plain, chose)]
    assert closed_by(await brings(open_sqlite, *named)) == []


async def test_a_list_says_later_what_its_papers_name(open_sqlite: UnitOfWorkFactory) -> None:
    """The entry is not edited: the paper is entered once more, once, and not after its consent has ended."""
    row = guardian(MOTHER, PYOTR, max="+", **signed(form_date=TODAY))
    for said in (None, ("max",), ("max",), None):
        await brings(open_sqlite, replace(row, processors=said))
    assert await named_in_register(open_sqlite) == [("email", "sms", "telegram"), ("max",)]
    await brings(open_sqlite, replace(row, consent=Decision.WITHDRAWAL, form_no="18"))
    await brings(open_sqlite, replace(row, processors=("max", "telegram")))
    assert await named_in_register(open_sqlite) == [("email", "sms", "telegram"), ("max",), None]


async def test_a_number_of_ours_names_what_was_printed(open_sqlite: UnitOfWorkFactory) -> None:
    """In a list and in the register alike; on a paper of another pair the number says nothing."""
    family = await a_family(open_sqlite)
    new = NewForm(FormPurpose.CONSENT, family.mother, family.student)
    async with open_sqlite() as uow:
        form = await forms.issue_numbered_form(uow, SYSTEM, new, now=NOW, policy=WITH_MAX)
        names = await uow.people.names({family.mother, family.student})
    typed = form.number.lower().replace("-", " ")
    for person in (family.mother, family.student):
        entry = NewConsent(person, family.student, Decision.CONSENT, TODAY, typed)
        async with open_sqlite() as uow:
            await consents.register_consent(uow, SYSTEM, entry, now=NOW, policy=BEFORE)
    await brings(
        open_sqlite, guardian(names[family.mother], names[family.student], **signed(form.number, form_date=TODAY))
    )
    printed, usual = ("email", "max", "telegram"), ("email", "sms", "telegram")
    assert (await named_in_register(open_sqlite))[1:] == [printed, usual, printed]


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
