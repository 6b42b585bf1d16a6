"""Imports the school's lists of students, staff, groups and guardians; all of a set or nothing (Q100)."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import assert_never

from core.actions.imports.guardians import GuardianImport
from core.actions.imports.import_results import ImportResult, import_with_results
from core.actions.imports.people_context import PeopleCounts, PeopleImportContext, PeopleTally
from core.actions.people import endings
from core.errors import DocumentDateError
from core.model.imports.people_lists import GroupRow, GuardianRow, PeopleKind, PersonRow, StaffRow, StudentRow
from core.model.imports.reports import Problem, ReadFile
from core.model.people import Actor, Role, StaffRole
from core.ports import UnitOfWork
from core.rules.delivery.timing import Policy
from core.rules.people.initials import unknown_teacher_initials
from core.rules.people.likeness import Likeness
from core.rules.people.matching import Miss
from core.rules.people.names import normal_class_name, normal_name

ORDER = (PeopleKind.STUDENTS, PeopleKind.STAFF, PeopleKind.GROUPS, PeopleKind.GUARDIANS)
"""Later lists name people of the earlier ones, so a list is entered in this order whatever file it is in."""


PeopleResult = ImportResult[PeopleCounts]


async def import_people(
    uow: UnitOfWork, actor: Actor, files: Sequence[ReadFile], *, now: datetime, policy: Policy, check_only: bool = False
) -> PeopleResult:
    """Adds the people of a set of lists who are new, and changes the known ones; see `import_with_results`.

    The same lists again change nothing.
    """

    async def enter(tallies: Sequence[PeopleTally]) -> None:
        await _enter(await PeopleImportContext.open(uow, actor, files, now=now, policy=policy), tallies)

    return await import_with_results(
        uow,
        actor,
        files,
        PeopleCounts,
        enter,
        action="people_imported",
        now=now,
        check_only=check_only,
    )


async def _enter(intake: PeopleImportContext, tallies: Sequence[PeopleTally]) -> None:
    families = await GuardianImport.open(intake)
    for kind in ORDER:
        for tally in tallies:
            intake.tally = tally
            for table in tally.file.people:
                intake.sheet = table.sheet
                for row in table.rows if table.kind is kind else ():
                    await _enter_row(intake, families, row)
                await families.report_doubts()
            await _check_left_out(intake, kind)
        if kind is PeopleKind.STUDENTS:
            await intake.reread_roll()


async def _check_left_out(intake: PeopleImportContext, kind: PeopleKind) -> None:
    """Looks up whom the sound cells of left-out rows name, so that all that is wrong with a row is told at once."""
    for row in intake.tally.file.left_out if kind in {PeopleKind.GUARDIANS, PeopleKind.GROUPS} else ():
        if row.table == kind:
            intake.sheet = row.sheet
            if (student := row.cells.get("student")) is not None:
                intake.student(student, row.cells.get("class"), row=row.row)
            await _group_teacher(intake, row.cells.get("teacher"), row=row.row)


async def _enter_row(intake: PeopleImportContext, families: GuardianImport, row: PersonRow) -> None:
    match row:
        case StudentRow():
            await _enter_student(intake, row)
        case StaffRow():
            await _enter_staff(intake, row)
        case GroupRow():
            await _enter_group(intake, row)
        case GuardianRow():
            await families.enter(row)
        case _:
            assert_never(row)


async def _enter_student(intake: PeopleImportContext, row: StudentRow) -> None:
    known = _known_students(intake, row)
    class_key = normal_class_name(row.school_class)
    match known:
        case [person_id]:
            await _update_student(intake, person_id, row)
        case [] if intake.roll.has_look_alike(row.student, class_key):
            intake.doubt(Miss.LOOK_ALIKE, row.row, "student")
        case []:
            await _add_student(intake, row)
        case _:
            intake.doubt(Miss.AMBIGUOUS, row.row, "student")


def _known_students(intake: PeopleImportContext, row: StudentRow) -> Sequence[int]:
    """The known students whom a row may mean: namesakes of the same birthday, else of the same class.

    A namesake with another birthday is another student. If a birthday is unknown and the class differs, it may be the
    same student a year later or another one: then the id is returned twice, so that a person must decide.
    """
    namesakes = [person for person in intake.named(row.student) if person.id in intake.classes]
    uncertain = [person.id for person in namesakes if person.birth_date is None or row.birth_date is None]
    same_class = [
        person_id for person_id in uncertain if intake.classes[person_id] == normal_class_name(row.school_class)
    ]
    certain = [person for person in namesakes if person.id not in uncertain]
    same_birthday = [person.id for person in certain if person.birth_date == row.birth_date]
    return same_birthday or same_class or uncertain * 2


def _likely_students(intake: PeopleImportContext, row: StudentRow) -> Iterator[Likeness]:
    """Students of similar names and the same birthday, or of the same class if one of the birthdays is unknown."""
    for like in intake.unlisted(intake.known_names.similar(row.student)):
        born, class_key = intake.everyone[like.person_id].birth_date, intake.classes.get(like.person_id)
        is_likely = (
            class_key == normal_class_name(row.school_class)
            if None in {born, row.birth_date}
            else born == row.birth_date
        )
        if class_key is not None and is_likely:
            yield like


async def _add_student(intake: PeopleImportContext, row: StudentRow) -> None:
    likely = _likely_students(intake, row)
    person_id = await intake.add_person(row.student, row.row, "student", birth_date=row.birth_date, likely=likely)
    await intake.uow.people.add_student(person_id, leaves_on=row.leaves_on)
    intake.counts.students += 1
    await _place_student(intake, person_id, row, starts_on=None)


async def _update_student(intake: PeopleImportContext, person_id: int, row: StudentRow) -> None:
    """Enters a new last day and a new class; the class counts from today, and the former one is kept (Q40).

    A student who had left and stands in the list again has come back. An empty last day changes nothing else.
    """
    left_on = intake.last_days.get(person_id)
    if left_on is not None and left_on < intake.today and (row.leaves_on is None or row.leaves_on >= intake.today):
        await _readmit_student(intake, person_id, row, left_on)
        return
    if row.leaves_on is not None and await intake.uow.people.add_student(person_id, leaves_on=row.leaves_on):
        intake.counts.students += 1
    if intake.classes[person_id] != normal_class_name(row.school_class):
        _doubt_empty_class(intake, row.row, row.school_class)
        await _place_student(intake, person_id, row, starts_on=intake.today)


async def _readmit_student(intake: PeopleImportContext, person_id: int, row: StudentRow, left_on: date) -> None:
    """Begins new places today in the class of the row and the former other groups; the time away stays history."""
    await intake.uow.people.add_student(person_id, leaves_on=row.leaves_on)
    for group_id in await intake.uow.year.end_places(person_id, ends_on=left_on):
        await intake.uow.year.enrol(person_id, group_id, starts_on=intake.today)
    await _place_student(intake, person_id, row, starts_on=intake.today)
    del intake.last_days[person_id]
    intake.counts.returned += 1


async def _place_student(
    intake: PeopleImportContext, person_id: int, row: StudentRow, *, starts_on: date | None
) -> None:
    await intake.uow.year.enrol(person_id, await intake.group(row.school_class), starts_on=starts_on)
    intake.take_place(person_id, row.student, row.school_class)


async def _enter_staff(intake: PeopleImportContext, row: StaffRow) -> None:
    known = await _staff_named(intake, row.person)
    if len(known) > 1:
        intake.doubt("ambiguous_person", row.row, "person")
        return
    person_id = known[0] if known else await _add_staff(intake, row)
    group_id = await _class_of_staff(intake, row) if row.school_class else None
    subject_id = await intake.subject(row.subject, row=row.row) if row.role is Role.TEACHER else None
    people = intake.uow.people
    if await people.add_staff_role(person_id, row.role, group_id=group_id, subject_id=subject_id, ends_on=row.ends_on):
        intake.counts.roles += 1
    else:
        await _end_role(intake, row, person_id, group_id=group_id, subject_id=subject_id)


async def _class_of_staff(intake: PeopleImportContext, row: StaffRow) -> int:
    """The class of a role."""
    name = row.school_class or ""
    _doubt_empty_class(intake, row.row, name)
    return await intake.group(name)


def _doubt_empty_class(intake: PeopleImportContext, row: int, name: str) -> None:
    """Somebody comes into a class in which nobody is: it is new, or «7Г» was meant to be «7В»."""
    if intake.classes and normal_class_name(name) not in intake.classes.values():
        intake.tally.doubts.append(Problem(intake.sheet, row, "class", name, "class_empty"))


async def _add_staff(intake: PeopleImportContext, row: StaffRow) -> int:
    """Adds a person of the staff list; somebody of a similar name in the same role may be the same one."""
    similar = intake.unlisted(intake.known_names.similar(row.person))
    likely = [
        like
        for like in similar
        if any(borne.role is row.role for borne in await intake.uow.people.staff_roles(like.person_id))
    ]
    return await intake.add_person(row.person, row.row, "person", likely=likely)


async def _end_role(
    intake: PeopleImportContext, row: StaffRow, person_id: int, *, group_id: int | None, subject_id: int | None
) -> None:
    """Ends a role in force if the row says so; a list does not bring back a role that has ended (Q127)."""
    named = (row.role, group_id, subject_id)
    roles = await intake.uow.people.staff_roles(person_id)
    (staff_role,) = [known for known in roles if (known.role, known.group_id, known.subject_id) == named]
    if staff_role.ends_on == row.ends_on:
        return
    if staff_role.has_ended(intake.today):
        intake.doubt("role_ended", row.row, "person")
    elif row.ends_on is not None:
        await _end_staff_role(intake, row, staff_role, row.ends_on)


async def _end_staff_role(intake: PeopleImportContext, row: StaffRow, staff_role: StaffRole, ends_on: date) -> None:
    try:
        await endings.end_role(
            intake.uow, intake.actor, staff_role, ends_on=ends_on, now=intake.now, policy=intake.policy
        )
    except DocumentDateError:
        intake.doubt("ends_too_early", row.row, "ends_on")
    else:
        intake.counts.ended += 1


async def _staff_named(intake: PeopleImportContext, name: str) -> Sequence[int]:
    """Present and former staff of this name; parents of the same name are other persons."""
    return [person.id for person in intake.named(name) if await intake.uow.people.staff_roles(person.id)]


async def _enter_group(intake: PeopleImportContext, row: GroupRow) -> None:
    teacher_id = await _group_teacher(intake, row.teacher, row=row.row)
    student = intake.student(row.student, row.school_class, row=row.row) if row.student else None
    group_id = await intake.group(row.group, row.kind, row=row.row, subject=row.subject, teacher_id=teacher_id)
    if student is not None and await intake.uow.year.enrol(student.student_id, group_id):
        intake.counts.places += 1


async def _group_teacher(intake: PeopleImportContext, name: str | None, *, row: int) -> int | None:
    if name is None:
        return None
    match await _staff_named(intake, name):
        case [teacher_id]:
            return teacher_id
        case [] if normal_name(name) in intake.left_out:
            return None
        case []:
            reason, likely = unknown_teacher_initials(await intake.uow.people.teachers(), name)
            intake.doubt(reason, row, "teacher", **likely)
            return None
        case _:
            intake.doubt("ambiguous_person", row, "teacher")
            return None
