"""The school's lists come in: who is who, whose contacts are confirmed, and what was signed."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from core.actions.imports import people as people_import
from core.actions.imports.people import PeopleResult
from core.actions.register.office.families import load_families_waiting_long
from core.errors import NotAllowedError
from core.model.imports.people_lists import BY_CODE, GroupRow, PersonRow
from core.model.imports.reports import Problem, ReadFile
from core.model.people import SYSTEM, Actor, Role
from core.model.register.consents import Decision
from core.model.register.contacts import Contact
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from core.rules.access import Everything, OwnGroups
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_name
from tests.support.schools.files import (
    ANNA,
    FATHER,
    MOTHER,
    PYOTR,
    VERA,
    guardian,
    people,
    signed,
    staff,
    student,
)

SEPTEMBER, OCTOBER = datetime(2026, 9, 2, 9, tzinfo=UTC), datetime(2026, 10, 5, 9, tzinfo=UTC)
TEACHER = "Лукина Мария Фёдоровна"
MAIL, PHONE = "olga@example.org", "+79010000001"


async def listed(open_uow: UnitOfWorkFactory, *rows: PersonRow, now: datetime = SEPTEMBER) -> PeopleResult:
    async with open_uow(reading=True) as uow:
        return await people_import.import_people(uow, SYSTEM, [people(*rows)], now=now, policy=Policy())


async def ids(open_uow: UnitOfWorkFactory, name: str) -> list[int]:
    async with open_uow(reading=True) as uow:
        return [person.id for person in await uow.people.named([normal_name(name)])]


async def contacts(open_uow: UnitOfWorkFactory, name: str = MOTHER) -> list[Contact]:
    async with open_uow(reading=True) as uow:
        return [each for person_id in await ids(open_uow, name) for each in await uow.register.contacts(person_id)]


async def addresses(open_uow: UnitOfWorkFactory, name: str = MOTHER) -> list[tuple[str, str | None, bool]]:
    """Channel, address and whether forms confirm it, of all contacts in use."""
    async with open_uow(reading=True) as uow:
        return [
            (each.channel, each.address, bool(await uow.register.confirmations(each.id)))
            for each in await contacts(open_uow, name)
            if each.revoked_at is None
        ]


async def decisions(open_uow: UnitOfWorkFactory) -> list[tuple[Decision, str]]:
    async with open_uow(reading=True) as uow:
        return [(entry.decision, entry.document) for entry in await uow.register.consents()]


def reasons(result: PeopleResult) -> list[str]:
    assert not result.ok
    return [problem.reason for each in result.files for problem in each.problems]


WHOLE_SCHOOL: tuple[PersonRow, ...] = (
    student(birth_date=date(2012, 5, 1)),
    student(VERA, "1А", leaves_on=date(2027, 5, 31)),
    staff(TEACHER, Role.CLASS_TEACHER, "8Б"),
    staff("Секретарёва Инна Олеговна", Role.SECRETARY),
    GroupRow(2, "Английский 1", GroupKind.STUDY_GROUP, "Английский язык", TEACHER, PYOTR, "8Б"),
    GroupRow(3, "Хор", GroupKind.STREAM, "Музыка", None, None, None),
    guardian(telegram="501", email=MAIL, phone=PHONE, **signed()),
    guardian(of=VERA, email=MAIL, **signed("18")),
    guardian(FATHER, relation="отец", paper=True, **signed("19", consent=Decision.REFUSAL)),
)


async def test_a_whole_school_comes_in_at_once(open_uow: UnitOfWorkFactory) -> None:
    """Four lists of one file, guardians before their children included, make a school (Q100)."""
    result = await listed(open_uow, *reversed(WHOLE_SCHOOL))
    counts = result.files[0].counts
    assert result.ok
    assert (counts.persons, counts.students, counts.roles, counts.links) == (6, 2, 2, 3)
    assert (counts.contacts, counts.confirmations, counts.decisions, counts.places) == (3, 4, 3, 3)
    async with open_uow(reading=True) as uow:
        roll = await uow.people.roll(date(2026, 9, 2))
        groups = await uow.year.groups(Everything())
    assert [(each.name, each.class_name) for each in roll] == [(VERA, "1А"), (PYOTR, "8Б")]
    assert {(group.name, group.grade_level) for group in groups if group.kind is GroupKind.CLASS} == {
        ("8Б", 8),
        ("1А", 1),
    }


async def test_the_same_lists_again_change_nothing(open_uow: UnitOfWorkFactory, dump: Callable[[], list[str]]) -> None:
    """A second import of the same lists leaves every row as it is (Q100)."""
    await listed(open_uow, *WHOLE_SCHOOL)
    before = dump()
    again = await listed(open_uow, *WHOLE_SCHOOL, now=OCTOBER)
    assert again.files[0].counts.total == 0
    assert dump() == before


async def test_a_changed_list_leaves_one_audit_line(open_uow: UnitOfWorkFactory) -> None:
    """The line has hash and counts, and no name (contracts)."""
    await listed(open_uow, student())
    await listed(open_uow, student())
    async with open_uow(reading=True) as uow:
        (line,) = await uow.audit.lines(limit=10)
    assert (line.action, line.facts["students"]) == ("people_imported", 1)
    assert PYOTR not in str(line.facts)


async def test_a_class_teacher_gets_the_class(open_uow: UnitOfWorkFactory) -> None:
    """The role names the group, and a teacher of a group is its teacher (Q14, Q21)."""
    await listed(open_uow, *WHOLE_SCHOOL)
    (teacher,) = await ids(open_uow, TEACHER)
    async with open_uow(reading=True) as uow:
        groups = await uow.year.groups(OwnGroups(teacher, date(2026, 9, 2)))
        roles = await uow.people.roles(teacher, on=SEPTEMBER.date())
    assert [group.name for group in groups] == ["8Б", "Английский 1"]
    assert roles == {Role.CLASS_TEACHER}


async def test_a_signed_form_confirms_the_rows_contacts(open_uow: UnitOfWorkFactory) -> None:
    """Form number, date and who took it: confirmed in writing, and ownership proven in person (R7, Q80)."""
    await listed(open_uow, student(), guardian(telegram="501", email=MAIL, phone=PHONE, **signed()))
    held = await contacts(open_uow)
    assert [(each.channel, each.address, each.rank) for each in held] == [
        ("telegram", "501", 0),
        ("email", MAIL, 1),
        ("sms", PHONE, 2),
    ]
    assert {(each.origin, each.proven_at) for each in held} == {("form", SEPTEMBER)}
    async with open_uow(reading=True) as uow:
        (confirmation,) = await uow.register.confirmations(held[0].id)
    assert (confirmation.document, confirmation.document_on) == ("17", date(2026, 9, 1))
    assert confirmation.accepted_by == "Секретарёва И. О."


async def test_a_chat_without_a_number_waits_for_its_code(open_uow: UnitOfWorkFactory) -> None:
    """«+» is an agreed channel, confirmed on the form, whose address comes with `/start CODE` (Q82)."""
    await listed(open_uow, student(), guardian(telegram=BY_CODE, **signed()))
    (waiting,) = await contacts(open_uow)
    assert (waiting.address, waiting.proven_at) == (None, None)
    assert await addresses(open_uow) == [("telegram", None, True)]
    async with open_uow() as uow:
        await uow.register.bind(waiting.id, "501", at=SEPTEMBER)
        await uow.commit()
    again = await listed(open_uow, student(), guardian(telegram=BY_CODE, **signed()))
    assert again.files[0].counts.total == 0


async def chat_by_code(open_uow: UnitOfWorkFactory, chat: str, *, revoking: int | None = None) -> None:
    """The person says a code in a chat; `revoking`: a contact that was let go before."""
    async with open_uow() as uow:
        (person_id,) = [person.id for person in await uow.people.named([normal_name(MOTHER)])]
        if revoking is not None:
            await uow.register.revoke(revoking, at=SEPTEMBER)
        await uow.register.add_contact(
            person_id=person_id, channel="telegram", address=chat, rank=5, origin="chat", proven_at=SEPTEMBER
        )
        await uow.commit()


@pytest.mark.parametrize("is_lost", [False, True])
async def test_a_form_for_a_chat_is_used_up_by_the_first(open_uow: UnitOfWorkFactory, *, is_lost: bool) -> None:
    """The same list again, weeks later, confirms no other chat, also where the first phone was lost (R7, Q80)."""
    await listed(open_uow, student(), guardian(telegram=BY_CODE, **signed()))
    (first,) = await contacts(open_uow)
    await chat_by_code(open_uow, "502", revoking=first.id if is_lost else None)
    again = await listed(open_uow, student(), guardian(telegram=BY_CODE, **signed()), now=OCTOBER)
    assert again.files[0].counts.total == 0
    assert ("telegram", "502", False) in await addresses(open_uow)


async def test_a_new_form_for_a_chat_confirms_the_one_that_waits_for_it(open_uow: UnitOfWorkFactory) -> None:
    """Of a confirmed chat and one that was only bound by a code it is signed for the second."""
    await listed(open_uow, student(), guardian(telegram="501", **signed()))
    await chat_by_code(open_uow, "502")
    form = signed("18", form_date=date(2026, 9, 10))
    await listed(open_uow, student(), guardian(telegram=BY_CODE, **form), now=OCTOBER)
    assert await addresses(open_uow) == [("telegram", "501", True), ("telegram", "502", True)]
    again = await listed(open_uow, student(), guardian(telegram=BY_CODE, **form), now=OCTOBER)
    assert again.files[0].counts.total == 0


async def test_contacts_without_a_form_stay_unconfirmed(open_uow: UnitOfWorkFactory) -> None:
    """A row without form columns, or with only some of them, proves nothing (Q81)."""
    half = signed(confirmed_by=None)
    await listed(open_uow, student(), guardian(email=MAIL), guardian(FATHER, phone=PHONE, **half))
    assert await addresses(open_uow) == [("email", MAIL, False)]
    assert await addresses(open_uow, FATHER) == [("sms", PHONE, False)]
    assert {each.proven_at for each in await contacts(open_uow)} == {None}
    assert await decisions(open_uow) == [(Decision.CONSENT, "17")]


async def test_an_imported_contact_waits_from_its_import_on(open_sqlite: UnitOfWorkFactory) -> None:
    """A week counts from the entry in the register, whatever the form's date; nobody is told at once (Q84)."""
    await listed(open_sqlite, student(), guardian(telegram=BY_CODE, **signed()), guardian(FATHER, email=MAIL))
    waiting = []
    for later in (timedelta(minutes=2), timedelta(days=7)):
        async with open_sqlite(reading=True) as uow:
            found = await load_families_waiting_long(uow, SYSTEM, now=SEPTEMBER + later, policy=Policy())
        waiting.append(sorted(each.owner for _, each in found))
    assert waiting == [[], sorted([FATHER, MOTHER])]


async def test_a_form_that_comes_later_confirms_the_contact(open_uow: UnitOfWorkFactory) -> None:
    """The contact that was entered without a form is confirmed and proven by the form's row, and kept."""
    await listed(open_uow, student(), guardian(email=MAIL, telegram=BY_CODE))
    result = await listed(open_uow, student(), guardian(email=MAIL, telegram=BY_CODE, **signed()), now=OCTOBER)
    assert (result.files[0].counts.contacts, result.files[0].counts.confirmations) == (0, 2)
    assert [each.proven_at for each in await contacts(open_uow)] == [None, OCTOBER]


async def test_a_family_that_wants_paper_has_no_electronic_channel(open_uow: UnitOfWorkFactory) -> None:
    """«paper» enters no contact; a later form for paper takes the earlier contacts back (R2b)."""
    await listed(open_uow, student(), guardian(email=MAIL, phone=PHONE, paper=True, **signed()))
    assert await addresses(open_uow) == []
    await listed(open_uow, student(), guardian(email=MAIL, **signed("18", form_date=date(2026, 9, 10))), now=OCTOBER)
    assert await addresses(open_uow) == [("email", MAIL, True)]
    result = await listed(
        open_uow, student(), guardian(paper=True, **signed("20", form_date=date(2026, 10, 1))), now=OCTOBER
    )
    assert result.files[0].counts.revoked == 1
    assert await addresses(open_uow) == []


async def test_a_new_address_on_a_new_form_replaces_the_old_one(open_uow: UnitOfWorkFactory) -> None:
    """The new e-mail is confirmed by the new form, the old one is revoked, the phone stays (R7)."""
    await listed(open_uow, student(), guardian(email=MAIL, phone=PHONE, **signed()))
    later = signed("30", form_date=date(2026, 10, 1))
    await listed(open_uow, student(), guardian(email="new@example.org", **later), now=OCTOBER)
    assert await addresses(open_uow) == [("email", "new@example.org", True), ("sms", PHONE, True)]


async def test_a_new_address_without_a_form_is_entered_beside_the_old_one(open_uow: UnitOfWorkFactory) -> None:
    """What nobody signed changes nothing that was signed (Q81)."""
    await listed(open_uow, student(), guardian(email=MAIL, **signed()))
    await listed(open_uow, student(), guardian(email="new@example.org"), now=OCTOBER)
    assert await addresses(open_uow) == [("email", MAIL, True), ("email", "new@example.org", False)]


async def test_an_old_list_does_not_undo_a_later_form(open_uow: UnitOfWorkFactory) -> None:
    """The first list again, after the family changed its address: the revoked address does not come back."""
    first = guardian(email=MAIL, **signed())
    await listed(open_uow, student(), first)
    later = signed("30", form_date=date(2026, 10, 1))
    await listed(open_uow, student(), guardian(email="new@example.org", **later), now=OCTOBER)
    assert (await listed(open_uow, student(), first)).files[0].counts.total == 0
    assert await addresses(open_uow) == [("email", "new@example.org", True)]


async def test_an_unknown_but_older_form_does_not_replace_a_later_one(open_uow: UnitOfWorkFactory) -> None:
    """A form signed earlier and found later adds its address, and what was signed after it stays."""
    await listed(open_uow, student(), guardian(email=MAIL, **signed("30", form_date=date(2026, 10, 1))), now=OCTOBER)
    await listed(open_uow, student(), guardian(email="old@example.org", **signed("17")), now=OCTOBER)
    assert ("email", MAIL, True) in await addresses(open_uow)


async def test_a_mother_of_two_is_one_person(open_uow: UnitOfWorkFactory) -> None:
    """Two rows of one name with a contact in common are one representative of two children (Q15)."""
    rows = (guardian(email=MAIL, phone=PHONE), guardian(of=VERA, phone=PHONE))
    await listed(open_uow, student(), student(VERA, "1А"), *rows)
    assert len(await ids(open_uow, MOTHER)) == 1


async def test_namesakes_with_other_contacts_are_two_people(open_uow: UnitOfWorkFactory) -> None:
    """Two mothers of one name: other children, other contacts, two people whose data never mix (Q15)."""
    rows = (guardian(email=MAIL), guardian(of=ANNA, email="other@example.org"))
    await listed(open_uow, student(), student(ANNA), *rows)
    assert len(await ids(open_uow, MOTHER)) == 2
    again = await listed(open_uow, student(), student(ANNA), *rows)
    assert again.files[0].counts.total == 0


@pytest.mark.parametrize(
    ("first", "second"),
    [({}, {}), ({"email": MAIL}, {}), ({}, {"email": MAIL}), ({"telegram": BY_CODE}, {"telegram": BY_CODE})],
)
async def test_a_namesake_who_cannot_be_told_apart_is_left_to_a_person(
    open_uow: UnitOfWorkFactory, first: dict[str, str], second: dict[str, str]
) -> None:
    """Without contacts nobody can say whether two rows of one name are one mother: a problem line, and no guess."""
    rows = (guardian(**first), guardian(of=ANNA, row=3, **second))
    result = await listed(open_uow, student(), student(ANNA), *rows)
    assert reasons(result) == ["guardian_namesake"]
    assert result.files[0].problems[0].row == 3
    assert await ids(open_uow, MOTHER) == []


async def test_a_paper_family_of_two_children_is_told_by_its_phone(open_uow: UnitOfWorkFactory) -> None:
    """A phone in both rows makes them one person although paper families keep no contact."""
    rows = [guardian(of=of, phone=PHONE, paper=True) for of in (PYOTR, VERA)]
    await listed(open_uow, student(), student(VERA, "1А"), *rows)
    assert len(await ids(open_uow, MOTHER)) == 1
    assert await contacts(open_uow) == []


async def test_a_parent_with_a_teachers_name_gets_no_class(open_uow: UnitOfWorkFactory) -> None:
    """A representative and a teacher of one name are two people until somebody says otherwise (Q14)."""
    await listed(open_uow, student(), staff(TEACHER, Role.CLASS_TEACHER, "8Б"), guardian(TEACHER))
    assert len(await ids(open_uow, TEACHER)) == 2


async def test_refusal_and_withdrawal_enter_the_register_like_consent(open_uow: UnitOfWorkFactory) -> None:
    """Each decision is entered once, by its form, and the last one stands (Q1, Q6)."""
    await listed(open_uow, student(), guardian(**signed()))
    withdrawal = signed("40", consent=Decision.WITHDRAWAL, form_date=date(2026, 10, 1))
    for _ in range(2):
        await listed(
            open_uow, student(), guardian(**withdrawal), guardian(FATHER, consent=Decision.REFUSAL), now=OCTOBER
        )
    assert await decisions(open_uow) == [
        (Decision.CONSENT, "17"),
        (Decision.WITHDRAWAL, "40"),
        (Decision.REFUSAL, ""),
    ]
    async with open_uow(reading=True) as uow:
        *_, refusal = await uow.register.consents()
    assert (refusal.decided_on, refusal.registered_by) == (OCTOBER.date(), "system")


async def test_a_secretary_signs_the_entries_that_name_nobody(open_uow: UnitOfWorkFactory) -> None:
    """Where the row does not say who took the form, the register names who brought the list in (Q1)."""
    async with open_uow() as uow:
        name = "Секретарёва Инна Олеговна"
        secretary = Actor(await uow.people.add(name, normal_name(name)), frozenset({Role.SECRETARY}))
        rows = (student(), guardian(consent=Decision.REFUSAL))
        await people_import.import_people(uow, secretary, [people(*rows)], now=SEPTEMBER, policy=Policy())
        (entry,) = await uow.register.consents()
    assert entry.registered_by == name


async def test_a_student_of_the_same_birthday_moves_to_another_class(open_uow: UnitOfWorkFactory) -> None:
    """A year later the same child is in another class, and the old place keeps its end (Q40)."""
    born = date(2012, 5, 1)
    await listed(open_uow, student(birth_date=born))
    result = await listed(open_uow, student(school_class="9Б", birth_date=born), now=OCTOBER)
    assert (result.files[0].counts.persons, result.files[0].counts.places) == (0, 1)
    async with open_uow(reading=True) as uow:
        before, after = [
            [each.class_name for each in await uow.people.roll(on)] for on in (date(2026, 10, 4), date(2026, 10, 5))
        ]
    assert (before, after) == (["8Б"], ["9Б"])


async def test_a_move_into_an_empty_class_is_doubted(open_uow: UnitOfWorkFactory) -> None:
    """«7Г» for «7В» is entered, and told; a class in which somebody is raises no doubt (Q134)."""
    born = date(2012, 5, 1)
    await listed(open_uow, student(birth_date=born), student(VERA, "9Б", row=3))
    moved = await listed(open_uow, student(school_class="9Б", birth_date=born), now=OCTOBER)
    assert moved.files[0].doubts == ()
    strange = await listed(open_uow, student(school_class="9Г", birth_date=born), now=OCTOBER)
    assert [(doubt.reason, doubt.value) for doubt in strange.files[0].doubts] == [("class_empty", "9Г")]


async def test_namesakes_of_different_birthdays_are_two_students(open_uow: UnitOfWorkFactory) -> None:
    """Even in one class; only later files that name them without more are in doubt."""
    rows = [student(birth_date=date(2012, 5, day)) for day in (1, 2)]
    await listed(open_uow, *rows)
    assert len(await ids(open_uow, PYOTR)) == 2
    assert reasons(await listed(open_uow, guardian(school_class="8Б"))) == ["ambiguous_student"]


async def test_a_student_keeps_a_birthday_that_one_list_lacks(open_uow: UnitOfWorkFactory) -> None:
    """Name and class are enough where one of two lists says no birthday."""
    await listed(open_uow, student(birth_date=date(2012, 5, 1)))
    assert (await listed(open_uow, student())).files[0].counts.total == 0


async def test_a_last_day_is_entered_when_it_is_known(open_uow: UnitOfWorkFactory) -> None:
    """A student of the list who leaves gets the last day, once (Q40)."""
    await listed(open_uow, student())
    leaving = student(leaves_on=date(2026, 12, 30))
    assert [(await listed(open_uow, leaving)).files[0].counts.students for _ in range(2)] == [1, 0]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([student(school_class="9Б", row=5)], "ambiguous_student"),
        ([student("Eлкин Пётр Ильич", row=5)], "look_alike_student"),
        ([guardian(of="Зимин Олег Львович", row=5)], "unknown_student"),
        ([guardian(of=VERA, school_class="8Б", row=5)], "unknown_student"),
        ([GroupRow(5, "Хор", GroupKind.STREAM, "Музыка", TEACHER, None, None)], "unknown_teacher"),
        ([GroupRow(5, "Хор", GroupKind.STREAM, "Музыка", None, "Зимин Олег Львович", None)], "unknown_student"),
    ],
)
async def test_rows_in_doubt_stop_the_whole_set(
    open_uow: UnitOfWorkFactory, dump: Callable[[], list[str]], rows: list[PersonRow], reason: str
) -> None:
    """Students and teachers whom the lists do not settle are problem lines, and nothing is written (Q101)."""
    await listed(open_uow, student())
    before = dump()
    result = await listed(open_uow, student(ANNA, "2А"), *rows)
    assert reasons(result) == [reason]
    assert (result.files[0].problems[0].row, result.files[0].problems[0].value) == (5, None)
    assert dump() == before


@pytest.mark.parametrize(
    ("form_date", "reason"),
    [
        (date(2026, 9, 3), "form_date_future"),
        (date(2062, 9, 1), "form_date_future"),
        (date(1999, 12, 31), "form_date_too_old"),
    ],
)
async def test_a_form_with_an_impossible_date_is_a_problem_line(
    open_uow: UnitOfWorkFactory, dump: Callable[[], list[str]], form_date: date, reason: str
) -> None:
    """The list's forms are dated like any document, by the school's local date (fault 15)."""
    before = dump()
    result = await listed(open_uow, student(), guardian(email=MAIL, row=7, **signed(form_date=form_date)))
    assert reasons(result) == [reason]
    assert (result.files[0].problems[0].row, result.files[0].problems[0].column) == (7, "form_date")
    assert dump() == before


async def test_a_withdrawal_in_a_list_is_not_older_than_its_consent(open_uow: UnitOfWorkFactory) -> None:
    """On the consent's day it is entered, a day before it is a problem line."""
    await listed(open_uow, student(), guardian(**signed()))
    early = signed("40", consent=Decision.WITHDRAWAL, form_date=date(2026, 8, 31))
    assert reasons(await listed(open_uow, student(), guardian(**early))) == ["form_date_before_entry"]
    assert (await listed(open_uow, student(), guardian(**(early | {"form_date": date(2026, 9, 1)})))).ok


async def test_two_teachers_of_one_name_are_left_to_a_person(open_uow: UnitOfWorkFactory) -> None:
    """A staff row that fits two teachers is a problem, so is a group that names one of them."""
    async with open_uow() as uow:
        for _ in range(2):
            person_id = await uow.people.add(TEACHER, normal_name(TEACHER))
            await uow.people.add_staff_role(person_id, Role.TEACHER, group_id=None)
        await uow.commit()
    group = GroupRow(3, "Хор", GroupKind.STREAM, "Музыка", TEACHER, None, None)
    assert reasons(await listed(open_uow, staff(TEACHER), group)) == ["ambiguous_person", "ambiguous_person"]


async def test_a_fault_of_reading_stops_the_set_before_anybody_is_entered(open_uow: UnitOfWorkFactory) -> None:
    """A list with a bad cell is refused, and so is the good one beside it (Q101)."""
    bad = ReadFile("bad.csv", "00", problems=(Problem(None, 3, 2, "31.02.2012", "date"),))
    async with open_uow() as uow:
        result = await people_import.import_people(
            uow, SYSTEM, [people(student()), bad], now=SEPTEMBER, policy=Policy()
        )
    assert reasons(result) == ["date"]
    assert await ids(open_uow, PYOTR) == []


@pytest.mark.parametrize("role", [Role.TEACHER, Role.CLASS_TEACHER, Role.GUARDIAN])
async def test_only_the_office_brings_lists_in(open_uow: UnitOfWorkFactory, role: Role) -> None:
    """Teachers and families cannot enter people (Q14)."""
    async with open_uow() as uow:
        with pytest.raises(NotAllowedError):
            await people_import.import_people(uow, Actor(1, frozenset({role})), [], now=SEPTEMBER, policy=Policy())
