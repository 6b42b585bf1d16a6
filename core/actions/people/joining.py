"""What was entered twice becomes one; names are corrected and found again (Q134)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from core.actions.register import consents
from core.errors import ConflictingLivesError
from core.model.marks.entries import Entry, EntryChange
from core.model.people import OFFICE, Actor, Person
from core.model.register.consents import ConsentEntry, NewConsent
from core.model.year import Subject
from core.ports import UnitOfWork
from core.rules import access
from core.rules.access import Everything
from core.rules.people import joining


async def join_persons(uow: UnitOfWork, actor: Actor, *, keep_id: int, gone_id: int, now: datetime) -> None:
    """Everything of the second entry is the first one's, in one transaction; the second stays as history.

    Guardianships, contacts with their proofs, marks, places, obligations, roles, codes and paper move. Entries of the
    register are entered anew, since none is edited (Q6). Marks that both have count once, the first one's class stands,
    and a bar on either is one on both. Raises ConflictingLivesError for two people: other birthdays, other final marks
    of one term, a student and somebody who is none, a parent and the own child.
    """
    access.require_role(actor, *OFFICE)
    keep, gone = [await uow.people.person(each, Everything()) for each in (keep_id, gone_id)]
    are_students = await _require_one_life(uow, keep, gone)
    if are_students:
        await _withdraw_doubled(uow, actor, await _doubled_entries(uow, keep.id, gone.id), now=now)
    await _reenter_consents(uow, actor, keep.id, gone.id, now=now)
    await uow.people.join(keep.id, gone.id, students=are_students, at=now)
    await uow.audit.write(actor, "people.joined", at=now, keep=keep.id, gone=gone.id)
    await uow.commit()


async def _require_one_life(uow: UnitOfWork, keep: Person, gone: Person) -> bool:
    """Whether both are students; ConflictingLivesError."""
    students = await uow.people.students({keep.id, gone.id})
    links = {(link.guardian_id, link.student_id) for link in await uow.people.guardianships(students)}
    related = {(keep.id, gone.id), (gone.id, keep.id)} & links
    is_one = keep.id == gone.id or gone.joined_to is not None or keep.joined_to is not None
    if is_one or related or len(students) == 1 or joining.birthdays_forbid_joining(keep, gone):
        raise ConflictingLivesError
    if students and await uow.results.clashing_terms(students=(keep.id, gone.id)):
        raise ConflictingLivesError
    return bool(students)


async def _doubled_entries(uow: UnitOfWork, keep_id: int, gone_id: int) -> Sequence[Entry]:
    kept, gone = [await uow.marks.known({each}, since=None, until=None) for each in (keep_id, gone_id)]
    return joining.entries_doubled_by_joining(kept, gone, by_student=True)


async def _withdraw_doubled(uow: UnitOfWork, actor: Actor, entries: Sequence[Entry], *, now: datetime) -> None:
    """A mark that stands twice is withdrawn once; nobody is told, since nothing has changed for the family."""
    changes = [EntryChange(each, each.kind, None, each.work_kind, each.topic, each.weight) for each in entries]
    if changes:
        by = actor.person_id
        await uow.marks.change_entries(changes, at=now, by=by, reason="joined", import_id=None)


async def _reenter_consents(uow: UnitOfWork, actor: Actor, keep_id: int, gone_id: int, *, now: datetime) -> None:
    """Pair by pair, what the register says of the second entry, under the first one's number."""
    pairs: dict[tuple[int, int], list[ConsentEntry]] = defaultdict(list)
    by_number = [*await uow.register.consents(person_id=gone_id), *await uow.register.consents(student_id=gone_id)]
    for entry in {each.id: each for each in by_number}.values():
        person_id, student_id = [keep_id if id_ == gone_id else id_ for id_ in (entry.person_id, entry.student_id)]
        pairs[person_id, student_id].append(entry)
    registrar = await consents.registrar_name(uow, actor)
    for (person_id, student_id), gone in sorted(pairs.items()):
        kept = await uow.register.consents(person_id, student_id)
        for entry in joining.consents_after_joining(kept, gone):
            copied = entry.decision, entry.decided_on, entry.document, entry.form, None
            again = NewConsent(person_id, student_id, *copied, entry.scan_sha256, entry.expires_on)
            await uow.register.add_consent(again, registered_by=registrar, at=now)


async def join_subjects(uow: UnitOfWork, actor: Actor, *, keep: Subject, gone: Subject, now: datetime) -> None:
    """All that was of the second subject is of the first, and files that print its name mean the first from now on.

    Raises ConflictingLivesError where a student has other final marks in the two for one term.
    """
    access.require_role(actor, *OFFICE)
    if keep.id == gone.id or await uow.results.clashing_terms(subjects=(keep.id, gone.id)):
        raise ConflictingLivesError
    theirs = await uow.marks.of_subject(gone.id)
    students = {entry.student_id for entry in theirs}
    ours = [each for each in await uow.marks.known(students, since=None, until=None) if each.subject_id == keep.id]
    await _withdraw_doubled(uow, actor, joining.entries_doubled_by_joining(ours, theirs, by_student=False), now=now)
    await uow.year.join_subjects(keep.id, gone.id, at=now)
    await uow.audit.write(actor, "subjects.joined", at=now, keep=keep.id, gone=gone.id)
    await uow.commit()
