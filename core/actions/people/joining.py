"""Joins two entries of one person, or of one subject, that were made by mistake (Q134)."""

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
    """Moves everything of the second entry to the first, in one transaction; the second stays as history.

    Guardianships, contacts with their proofs, marks, places, obligations, roles, codes and paper move. Consents are
    entered again, since the register is never edited (Q6). A mark that both have counts once, the class of the first
    stays, and a bar on one counts for both. Raises ConflictingLivesError if the entries cannot be one person: different
    birthdays, different final marks of one term or results of one exam, a student and an adult, a parent and their
    child.
    """
    access.require_access_role(actor, *OFFICE)
    keep, gone = [await uow.people.person(person_id, Everything()) for person_id in (keep_id, gone_id)]
    are_students = await _require_one_life(uow, keep, gone)
    if are_students:
        await _withdraw_doubled(uow, actor, await _doubled_entries(uow, keep.id, gone.id), now=now)
    await _reenter_consents(uow, actor, keep.id, gone.id, now=now)
    await uow.people.join(keep.id, gone.id, students=are_students, at=now)
    await uow.audit.write(actor, "people.joined", at=now, keep=keep.id, gone=gone.id)
    await uow.commit()


async def _require_one_life(uow: UnitOfWork, keep: Person, gone: Person) -> bool:
    """True if both are students. Raises ConflictingLivesError if they cannot be one person."""
    students = await uow.people.students({keep.id, gone.id})
    links = {(link.guardian_id, link.student_id) for link in await uow.people.guardianships(students)}
    related = {(keep.id, gone.id), (gone.id, keep.id)} & links
    is_one = keep.id == gone.id or gone.joined_to is not None or keep.joined_to is not None
    if is_one or related or len(students) == 1 or joining.birthdays_forbid_joining(keep, gone):
        raise ConflictingLivesError
    both = (keep.id, gone.id)
    if students and (await uow.results.clashing_terms(students=both) or await uow.exams.clashing_results(both)):
        raise ConflictingLivesError
    return bool(students)


async def _doubled_entries(uow: UnitOfWork, keep_id: int, gone_id: int) -> Sequence[Entry]:
    kept, gone = [await uow.marks.known({student_id}, since=None, until=None) for student_id in (keep_id, gone_id)]
    return joining.entries_doubled_by_joining(kept, gone, by_student=True)


async def _withdraw_doubled(uow: UnitOfWork, actor: Actor, entries: Sequence[Entry], *, now: datetime) -> None:
    """Withdraws one of two equal marks, without a notice, since the family sees the same marks as before."""
    changes = [EntryChange(each, each.kind, None, each.work_kind, each.topic, each.weight) for each in entries]
    if changes:
        by = actor.person_id
        await uow.marks.change_entries(changes, at=now, by=by, reason="joined", import_id=None)


async def _reenter_consents(uow: UnitOfWork, actor: Actor, keep_id: int, gone_id: int, *, now: datetime) -> None:
    """Enters the consents of the second person again under the first one's number, pair by pair."""
    pairs: dict[tuple[int, int], list[ConsentEntry]] = defaultdict(list)
    by_number = [*await uow.register.consents(person_id=gone_id), *await uow.register.consents(student_id=gone_id)]
    for entry in {consent.id: consent for consent in by_number}.values():
        person_id, student_id = [keep_id if id_ == gone_id else id_ for id_ in (entry.person_id, entry.student_id)]
        pairs[person_id, student_id].append(entry)
    registrar = await consents.load_consent_registrar(uow, actor)
    for (person_id, student_id), gone in sorted(pairs.items()):
        kept = await uow.register.consents(person_id, student_id)
        for entry in joining.consents_after_joining(kept, gone):
            copied = entry.decision, entry.decided_on, entry.document, entry.form, None
            again = NewConsent(person_id, student_id, *copied, entry.scan_sha256, entry.expires_on, entry.channels)
            await uow.register.add_consent(again, registered_by=registrar, at=now)


async def join_subjects(uow: UnitOfWork, actor: Actor, *, keep: Subject, gone: Subject, now: datetime) -> None:
    """Moves everything of the second subject to the first; from now on its name in files means the first.

    Raises ConflictingLivesError if a student has different final marks in the two subjects for one term.
    """
    access.require_access_role(actor, *OFFICE)
    if keep.id == gone.id or await uow.results.clashing_terms(subjects=(keep.id, gone.id)):
        raise ConflictingLivesError
    moved = await uow.marks.of_subject(gone.id)
    known = await uow.marks.known({entry.student_id for entry in moved}, since=None, until=None)
    kept = [entry for entry in known if entry.subject_id == keep.id]
    await _withdraw_doubled(uow, actor, joining.entries_doubled_by_joining(kept, moved, by_student=False), now=now)
    await uow.year.join_subjects(keep.id, gone.id, at=now)
    await uow.audit.write(actor, "subjects.joined", at=now, keep=keep.id, gone=gone.id)
    await uow.commit()
