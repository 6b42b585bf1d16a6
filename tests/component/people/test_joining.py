"""What was entered twice becomes one, names are corrected and found, and a likely second entry is told of (Q134)."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from core.actions.delivery import fan_out, obligations
from core.actions.imports import journal
from core.actions.imports import people as people_import
from core.actions.imports.people import PeopleResult
from core.actions.people import endings, joining, names
from core.actions.register import codes
from core.errors import ConflictingLivesError, EmptyNameError, NotAllowedError
from core.model.delivery.obligations import NewNotice
from core.model.delivery.states import Reason, State, Status
from core.model.imports.people_lists import PersonRow
from core.model.people import SYSTEM, Actor, Role
from core.model.register.consents import Decision
from core.model.results.period_marks import PeriodMark
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from core.rules.access import Everything, Family
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_name
from storage.database.engine import create_database_engine
from storage.people.joining import LEFT_BEHIND, ONLY_GROW
from storage.schema import metadata
from tests.support.schools.builders import FINAL, NOW, Builder
from tests.support.schools.files import (
    ANNA,
    FATHER,
    MOTHER,
    PYOTR,
    VERA,
    file,
    guardian,
    people,
    report,
    staff,
    student,
)
from tests.support.schools.results import put_final

POLICY, TODAY = Policy(), NOW.date()
OFFICE = Actor(None, frozenset({Role.SYSTEM}))


async def two(open_uow: UnitOfWorkFactory, *students: str) -> tuple[list[int], int, int]:
    """Children, and their mother entered twice, once for each of them where there are two."""
    async with open_uow() as uow:
        build = Builder(uow)
        children = [await build.student(name) for name in students]
        keep, gone = await build.guardian(MOTHER, children[0]), await build.guardian(MOTHER, children[-1])
        await uow.commit()
    return children, keep, gone


async def join(open_uow: UnitOfWorkFactory, keep: int, gone: int) -> None:
    async with open_uow() as uow:
        await joining.join_persons(uow, OFFICE, keep_id=keep, gone_id=gone, now=NOW)


async def learns(open_uow: UnitOfWorkFactory, child: int, fact: str = "period_mark:1") -> None:
    async with open_uow() as uow:
        await uow.outbox.add([NewNotice(child, FINAL, fact)], received_at=NOW, published_at=NOW)
        await uow.commit()
    async with open_uow() as uow:
        await fan_out.fan_out_all_notices(uow, now=NOW, policy=POLICY)


async def references(url: str, to: str, number: int) -> set[str]:
    """Every column that still names a row of a table."""
    engine = create_database_engine(url)
    found: set[str] = set()
    async with engine.connect() as connection:
        for table in metadata.sorted_tables:
            for column in table.c:
                if any(key.column is metadata.tables[to].c.id for key in column.foreign_keys):
                    held = select(column).where(column == number).limit(1)
                    if (await connection.execute(held)).first():
                        found.add(f"{table.name}.{column.name}")
    await engine.dispose()
    return found


async def test_a_mother_entered_twice_is_one(open_uow: UnitOfWorkFactory, store_url: str) -> None:
    """Children, contacts, preferences, codes and roles are the first one's; nothing names the second but history."""
    (pyotr, vera), keep, gone = await two(open_uow, PYOTR, VERA)
    async with open_uow() as uow:
        build = Builder(uow)
        await build.contact(keep, "email", "m@example.org", rank=0)
        await build.contact(gone, "telegram", "501", rank=0)
        await uow.people.add_staff_role(gone, Role.TEACHER, group_id=None)
        await uow.register.set_digest_hour(gone, None)
        await codes.issue_code(
            uow, SYSTEM, person_id=gone, channel="sms", now=NOW, term=NOW - NOW, key=b"k" * 32
        )  # fmt: skip
    await learns(open_uow, vera)
    await join(open_uow, keep, gone)
    async with open_uow(reading=True) as uow:
        assert {child.id for child in await uow.people.children(Family(keep, TODAY, needs_consent=False))} == {
            pyotr,
            vera,
        }
        assert [(each.channel, each.rank) for each in await uow.register.contacts(keep)] == [
            ("email", 0),
            ("telegram", 1),
        ]
        assert Role.TEACHER in await uow.people.roles(keep, on=TODAY)
        assert [each.id for each in await uow.people.named({normal_name(MOTHER)})] == [keep]
        (waiting,) = await uow.outbox.deliveries_of_pair(keep, vera, {Status.PENDING})
        assert (await uow.people.person(gone, Everything())).joined_to == keep
        (line, *_) = await uow.audit.lines(limit=1)
    assert waiting.bundle == f"paper:{keep}:{vera}:r6"
    assert (line.action, line.facts) == ("people.joined", {"keep": keep, "gone": gone})
    assert await references(store_url, "person", gone) <= {f"{table}.person_id" for table in ONLY_GROW}


async def test_an_address_of_both_is_one_contact_with_both_proofs(open_uow: UnitOfWorkFactory) -> None:
    """The first was never confirmed, the second was: what stays is confirmed, and what waited goes over it."""
    (pyotr,), keep, gone = await two(open_uow, PYOTR)
    async with open_uow() as uow:
        build = Builder(uow)
        ours = await build.contact(keep, "email", "m@example.org", signed=False)
        theirs = await build.contact(gone, "email", "m@example.org")
        await build.decides(gone, pyotr, Decision.CONSENT)
        await uow.commit()
    await learns(open_uow, pyotr)
    await join(open_uow, keep, gone)
    async with open_uow(reading=True) as uow:
        kept, doubled = await uow.register.contacts(keep)
        assert (kept.id, kept.revoked_at, kept.proven_at) == (ours, None, NOW)
        assert (doubled.id, doubled.revoked_at) == (theirs, NOW)
        assert len(await uow.register.confirmations(ours)) == 1


async def test_what_was_owed_twice_is_owed_once(open_uow: UnitOfWorkFactory) -> None:
    """One obligation a notice with the deliveries of both; the second's waiting one stops; the sets still prove out."""
    (pyotr,), keep, gone = await two(open_uow, PYOTR)
    await learns(open_uow, pyotr)
    await join(open_uow, keep, gone)
    async with open_uow(reading=True) as uow:
        (row,) = await uow.outbox.obligations()
        found = await obligations.verify_obligations(uow, policy=POLICY)
    assert (row.obligation.person_id, row.obligation.state) == (keep, State.OPEN)
    assert sorted((each.status, each.reason) for each in row.deliveries) == [
        (Status.PENDING, None),
        (Status.WITHDRAWN, Reason.JOINED),
    ]
    assert [each for each in found if each.what != "notice"] == []


@pytest.mark.parametrize(
    ("ours", "theirs", "last"),
    [
        ((), (Decision.CONSENT,), Decision.CONSENT),
        ((Decision.CONSENT,), (Decision.WITHDRAWAL,), Decision.WITHDRAWAL),
    ],
)
async def test_the_register_keeps_its_last_word(
    open_uow: UnitOfWorkFactory, ours: tuple[Decision, ...], theirs: tuple[Decision, ...], last: Decision
) -> None:
    """The second one's entries are entered anew for the first, by whoever joined them; none is edited (Q6)."""
    (pyotr,), keep, gone = await two(open_uow, PYOTR)
    async with open_uow() as uow:
        build = Builder(uow)
        for person, decisions in ((keep, ours), (gone, theirs)):
            for decision in decisions:
                await build.decides(person, pyotr, decision)
        await uow.commit()
    await join(open_uow, keep, gone)
    async with open_uow(reading=True) as uow:
        entries = await uow.register.consents(keep, pyotr)
        assert len(await uow.register.consents(gone, pyotr)) == len(theirs)
    assert (entries[-1].decision, len(entries)) == (last, len(ours) + len(theirs))


async def test_an_older_consent_of_the_second_does_not_undo_a_later_withdrawal(open_uow: UnitOfWorkFactory) -> None:
    """The first one's own last word is entered once more behind what it was later than (Q2)."""
    (pyotr,), keep, gone = await two(open_uow, PYOTR)
    async with open_uow() as uow:
        build = Builder(uow)
        await build.decides(gone, pyotr, Decision.CONSENT)
        await build.decides(keep, pyotr, Decision.WITHDRAWAL)
        await uow.commit()
    await join(open_uow, keep, gone)
    async with open_uow(reading=True) as uow:
        decisions = [entry.decision for entry in await uow.register.consents(keep, pyotr)]
    assert decisions == [Decision.WITHDRAWAL, Decision.CONSENT, Decision.WITHDRAWAL]


@pytest.mark.parametrize("barred", ["keep", "gone"])
async def test_a_bar_on_either_is_a_bar_on_both(open_uow: UnitOfWorkFactory, barred: str) -> None:
    """A second entry is no way around a court (Q127)."""
    (pyotr,), keep, gone = await two(open_uow, PYOTR)
    async with open_uow() as uow:
        guilty = keep if barred == "keep" else gone
        await endings.end_guardianship_by_court(
            uow, OFFICE, guardian_id=guilty, student_id=pyotr, document="2-17", now=NOW, policy=POLICY
        )  # fmt: skip
    await join(open_uow, keep, gone)
    async with open_uow(reading=True) as uow:
        assert await uow.people.children(Family(keep, TODAY, needs_consent=False)) == []


async def pupils(open_uow: UnitOfWorkFactory, *rows: PersonRow) -> list[int]:
    async with open_uow() as uow:
        result = await people_import.import_people(uow, OFFICE, [people(*rows)], now=NOW, policy=POLICY)
        assert result.ok
    async with open_uow(reading=True) as uow:
        return [entry.student_id for entry in await uow.people.roll(TODAY)]


async def marked(open_uow: UnitOfWorkFactory, child: int, cells: dict[str, dict[int, str]]) -> None:
    """The journal of one pupil, who is told from a namesake by a class of their own."""
    async with open_uow(reading=True) as uow:
        (entry,) = [each for each in await uow.people.roll(TODAY) if each.student_id == child]
    async with open_uow() as uow:
        read = file(report(cells, entry.name, entry.class_name))
        assert (await journal.import_journal(uow, SYSTEM, [read], now=NOW, policy=POLICY)).ok


async def test_a_pupil_entered_twice_has_one_journal(open_uow: UnitOfWorkFactory, store_url: str) -> None:
    """Marks that both have count once, others move; the first one's class and the parents of both stay."""
    keep, gone = await pupils(
        open_uow, student("Ёлкин Пётр Ильич", "8Б"), student("Ёлкин Пётр Ильичь", "8В"),
        guardian(MOTHER), guardian(FATHER, "Ёлкин Пётр Ильичь"),
    )  # fmt: skip
    await marked(open_uow, keep, {"Алгебра": {3: "5 5", 10: "4"}})
    await marked(open_uow, gone, {"Алгебра": {3: "5", 10: "3"}, "Химия": {4: "4"}})
    await join(open_uow, keep, gone)
    async with open_uow(reading=True) as uow:
        found = await uow.marks.entries(keep, Everything(), since=date(2026, 11, 1), until=date(2026, 11, 30))
        parents = {link.guardian_id for link in await uow.people.guardianships([keep])}
        roll = [(entry.student_id, entry.class_name) for entry in await uow.people.roll(TODAY)]
    marks = sorted((subject, entry.on.day, entry.value) for entry, subject in found)
    assert marks == [
        ("Алгебра", 3, "5"), ("Алгебра", 3, "5"), ("Алгебра", 10, "3"), ("Алгебра", 10, "4"), ("Химия", 4, "4"),
    ]  # fmt: skip
    assert (len(parents), roll) == (2, [(keep, "8Б")])
    left = {name.partition(".")[0] for name in await references(store_url, "student", gone)}
    assert left <= {*ONLY_GROW, *LEFT_BEHIND, "entry"}


async def test_what_four_imports_doubled_is_mended(open_uow: UnitOfWorkFactory) -> None:
    """Pupils and mothers four times over are joined one by one; the list again changes nothing (fault 11)."""
    async with open_uow() as uow:
        build = Builder(uow)
        children = [await build.student(PYOTR) for _ in range(4)]
        mothers = [await build.guardian(MOTHER, child) for child in children]
        for mother, child in zip(mothers, children, strict=True):
            await build.contact(mother, "email", "m@example.org")
            await build.decides(mother, child, Decision.CONSENT)
        await uow.commit()
    for child in children:
        await learns(open_uow, child, f"period_mark:{child}")
    for keep, *others in (children, mothers):
        for gone in others:
            await join(open_uow, keep, gone)
    async with open_uow(reading=True) as uow:
        assert [entry.student_id for entry in await uow.people.roll(TODAY)] == [children[0]]
        (link,) = await uow.people.guardianships([children[0]])
        in_use = [each for each in await uow.register.contacts(mothers[0]) if each.revoked_at is None]
        owed = await uow.outbox.obligations(states={State.OPEN})
        found = await obligations.verify_obligations(uow, policy=POLICY)
    assert (link.guardian_id, len(in_use)) == (mothers[0], 1)
    assert {row.obligation.person_id for row in owed} == {mothers[0]}
    assert [each for each in found if each.what != "notice"] == []
    async with open_uow() as uow:
        rows = (student(), guardian(email="m@example.org"))
        again = await people_import.import_people(uow, OFFICE, [people(*rows)], now=NOW, policy=POLICY)
    assert (again.ok, again.files[0].counts.total) == (True, 0)


async def test_two_lives_are_not_joined(open_uow: UnitOfWorkFactory) -> None:
    """Other birthdays, a pupil and a parent, a parent and the own child, oneself: refused, and nothing changes."""
    first, second, third = await pupils(
        open_uow,
        student(PYOTR, birth_date=date(2012, 5, 1)),
        student(VERA, birth_date=date(2012, 5, 2)),
        student(ANNA),
        guardian(MOTHER),
    )
    async with open_uow(reading=True) as uow:
        (mother,) = [each.id for each in await uow.people.named({normal_name(MOTHER)})]
    for keep, gone in ((first, second), (mother, first), (first, mother), (mother, third), (first, first)):
        with pytest.raises(ConflictingLivesError):
            await join(open_uow, keep, gone)
    await join(open_uow, third, second)
    async with open_uow(reading=True) as uow:
        assert (await uow.people.person(third, Everything())).birth_date == date(2012, 5, 2)
    with pytest.raises(ConflictingLivesError):
        await join(open_uow, first, second)


@pytest.mark.parametrize("role", [Role.TEACHER, Role.GUARDIAN])
async def test_only_the_office_joins_and_renames(open_uow: UnitOfWorkFactory, role: Role) -> None:
    """Nobody else decides who is who (Q14)."""
    _, keep, gone = await two(open_uow, PYOTR)
    actor = Actor(keep, frozenset({role}))
    async with open_uow() as uow:
        with pytest.raises(NotAllowedError):
            await joining.join_persons(uow, actor, keep_id=keep, gone_id=gone, now=NOW)
        with pytest.raises(NotAllowedError):
            await names.correct_person_name(uow, actor, person_id=keep, name="Другая", now=NOW)


async def listed(open_uow: UnitOfWorkFactory, *rows: PersonRow) -> PeopleResult:
    async with open_uow() as uow:
        return await people_import.import_people(uow, OFFICE, [people(*rows)], now=NOW, policy=POLICY)


def lines(result: PeopleResult, of: str) -> list[tuple[str, Any]]:
    found = [each for file_ in result.files for each in (file_.doubts if of == "doubts" else file_.problems)]
    return [(each.reason, each.column) for each in found]


async def test_a_renamed_person_is_not_entered_again_under_the_old_name(open_uow: UnitOfWorkFactory) -> None:
    """After a marriage the old list is a problem line, the new one changes nothing; a name needs letters."""
    await listed(open_uow, student(), guardian(email="m@example.org"))
    async with open_uow(reading=True) as uow:
        (mother,) = await uow.people.named({normal_name(MOTHER)})
    async with open_uow() as uow:
        assert not await names.correct_person_name(
            uow, OFFICE, person_id=mother.id, name="  Берёзова  Ольга Сергеевна", now=NOW
        )
    async with open_uow() as uow:
        for empty in ("  ", "А\x00Б"):
            with pytest.raises(EmptyNameError):
                await names.correct_person_name(uow, OFFICE, person_id=mother.id, name=empty, now=NOW)
    assert lines(await listed(open_uow, guardian(email="m@example.org")), "problems") == [("former_name", "guardian")]
    again = await listed(open_uow, guardian("Березова Ольга Сергеевна", email="m@example.org"))
    assert (again.ok, again.files[0].counts.total) == (True, 0)
    async with open_uow(reading=True) as uow:
        for part in ("берез", "Берёзова О".lower().replace("ё", "е"), "сергеевна"):
            assert [each.name for each in await uow.people.find(part)] == ["Берёзова Ольга Сергеевна"]
        assert await uow.people.find("%") == []


@pytest.mark.parametrize(
    "row",
    [
        guardian("Eлкина Ольга Сергеевна", of=VERA),
        guardian("Ёлкина Ольга Сергевна", of=VERA),
        guardian(MOTHER, of=VERA, email="other@example.org"),
        staff(MOTHER),
        student("Ёлкин Пётр Илич", "9А", row=2),
        student(PYOTR, "9А", birth_date=date(2011, 1, 1)),
    ],
)
async def test_a_likely_second_entry_is_told_of(open_uow: UnitOfWorkFactory, row: PersonRow) -> None:
    """A look-alike, a letter less, a namesake with other contacts, a teacher with a parent's name: taken and said."""
    born = date(2012, 5, 1)
    first = await listed(open_uow, student(birth_date=born), student(VERA), guardian(email="m@example.org"))
    assert lines(first, "doubts") == []
    second = await listed(open_uow, row)
    assert second.ok
    assert [reason for reason, _ in lines(second, "doubts")] == ["likely_known"]
    assert lines(await listed(open_uow, row), "doubts") == []


async def test_other_people_raise_no_doubt(open_uow: UnitOfWorkFactory) -> None:
    """A family's members and a class of other names are simply new."""
    assert (
        lines(await listed(open_uow, student(), student(VERA), student(ANNA), guardian(), guardian(FATHER)), "doubts")
        == []
    )


async def test_two_names_of_a_subject_become_one(open_uow: UnitOfWorkFactory, store_url: str) -> None:
    """Marks, groups and roles move, doubled marks count once, and the old name means the first subject from now on."""
    (pyotr,) = await pupils(open_uow, student())
    await marked(open_uow, pyotr, {"Физическая культура": {3: "5"}, "Физра": {3: "5", 4: "4"}})
    async with open_uow() as uow:
        ids = await uow.year.ensure_subjects({"физическая культура": "", "физра": ""})
        keep, gone = ids["физическая культура"], ids["физра"]
        for subject_id in (keep, gone):
            group = await uow.year.ensure_group(GroupKind.STUDY_GROUP, "Бег", "бег", subject_id=subject_id)
            await uow.year.enrol(pyotr, group)
        await uow.commit()
    async with open_uow() as uow:
        subjects = {each.id: each for each in await uow.year.subjects()}
        await joining.join_subjects(uow, OFFICE, keep=subjects[keep], gone=subjects[gone], now=NOW)
    await marked(open_uow, pyotr, {"Физра": {3: "5", 4: "4", 5: "3"}})
    async with open_uow(reading=True) as uow:
        found = await uow.marks.entries(pyotr, Everything(), since=date(2026, 11, 1), until=date(2026, 11, 30))
        names = [each.name for each in await uow.year.subjects()]
        groups = [each.name for each in await uow.year.groups(Everything()) if each.kind is not GroupKind.CLASS]
    assert {(entry.on.day, entry.value, subject) for entry, subject in found} >= {
        (3, "5", names[0]),
        (4, "4", names[0]),
    }
    assert len([entry for entry, _ in found if entry.on.day == 3]) == 1
    assert (names, groups) == (["Физическая культура"], ["Бег"])
    left = {name.partition(".")[0] for name in await references(store_url, "subject", gone)}
    assert left <= {*LEFT_BEHIND, "entry"}
    with pytest.raises(ConflictingLivesError):
        async with open_uow() as uow:
            await joining.join_subjects(uow, OFFICE, keep=subjects[keep], gone=subjects[keep], now=NOW)


async def test_one_term_in_two_spellings_is_one_term(open_uow: UnitOfWorkFactory) -> None:
    """Another mark for «1 четверть» and «I четв.» forbids joining; another mark for another term does not."""
    first, second = await pupils(open_uow, student(PYOTR), student(VERA))
    async with open_uow() as uow:
        year = await uow.year.ensure_year(TODAY)
        (algebra,) = (await uow.year.ensure_subjects({"алгебра": "Алгебра"})).values()
        for person, term, value in ((first, "1 четверть", "4"), (second, "I четв.", "5"), (second, "2 четверть", "3")):
            mark = PeriodMark(0, person, algebra, year, term, None, value, 1, NOW, published=False, import_id=None)
            await put_final(uow, mark)
        await uow.commit()
        assert await uow.results.clashing_terms(students=(first, second)) == 1
    with pytest.raises(ConflictingLivesError):
        await join(open_uow, first, second)
