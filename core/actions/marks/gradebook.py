"""The gradebook as teachers keep it: entries are made, corrected, withdrawn, and published after their delay."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby

from core.errors import ConflictError, FutureLessonError, NotFoundError
from core.model.marks.entries import Entry, EntryChange
from core.model.marks.gradebook import GradebookPage, LessonDay, NewMark, OpenedEntry, Taught
from core.model.people import Actor
from core.ports import UnitOfWork
from core.rules import access
from core.rules.access import Everything
from core.rules.marks import gradebook, tokens
from core.rules.marks.gradebook import GradebookRules
from core.rules.marks.notices import mark_entry_notice

BATCH = 500
"""Entries published in one transaction."""


async def load_gradebook_subjects(
    uow: UnitOfWork, actor: Actor, *, on: date, group_id: int | None = None
) -> Sequence[Taught]:
    """The groups and subjects whose gradebook the actor keeps: a teacher's own, for the deputy head all."""
    return await uow.marks.taught(access.teaching_access_scope(actor, on=on), on=on, group_id=group_id)


async def load_gradebook_page(
    uow: UnitOfWork, actor: Actor, *, group_id: int, subject_id: int, on_lesson: date, on: date
) -> GradebookPage:
    """A lesson day of a whole group. NotFoundError for whoever does not teach the subject there."""
    return await uow.marks.page(LessonDay(group_id, subject_id, on_lesson), access.teaching_access_scope(actor, on=on))


async def record_gradebook_opening(uow: UnitOfWork, actor: Actor, lesson: LessonDay, *, now: datetime) -> None:
    """Writes into the audit trail that the actor has opened a lesson day (Q102); the caller commits."""
    await uow.audit.write(
        actor, "register.opened", at=now, group=lesson.group_id, subject=lesson.subject_id, on=lesson.on.isoformat()
    )


async def record_gradebook_marks(
    uow: UnitOfWork, actor: Actor, marks: Sequence[NewMark], *, policy: GradebookRules, now: datetime, on: date
) -> Sequence[Entry]:
    """Write marks of one student or of a whole class, all or none.

    Students see them at once; families see marks and debts after the delay, absences at once. Raises JournalModeError,
    NotFoundError for another's lesson or student, FutureLessonError, and the errors of `gradebook_token`.
    """
    policy.require_bot()
    written: list[Entry] = []
    for lesson, of_lesson in groupby(marks, key=lambda new: new.lesson):
        if lesson.on > on:
            raise FutureLessonError
        page = await uow.marks.page(lesson, access.teaching_access_scope(actor, on=on))
        lines = {line.student_id: line for line in page.lines}
        for new in of_lesson:
            if (line := lines.get(new.student_id)) is None:
                raise NotFoundError
            kind, value = gradebook.gradebook_token(new.token, school_class=line.school_class, policy=policy)
            entry = gradebook.new_gradebook_entry(new, kind, value, by=actor.person_id, policy=policy, now=now, on=on)
            written.append(await _write(uow, actor, entry, page.subject, now=now))
    await uow.commit()
    return written


async def correct_gradebook_entry(
    uow: UnitOfWork, actor: Actor, entry_id: int, *, token: str, policy: GradebookRules, now: datetime, on: date,
    version: int | None = None,
) -> OpenedEntry:  # fmt: skip
    """Gives an entry another value, as a new version (Q38).

    Raises as `record_gradebook_marks` does, MixedKindsError too.
    `version` is the one that the actor has before them: ConflictError where it is another by now (None: any), or where
    the entry is withdrawn.
    """
    opened = await _in_force(uow, actor, entry_id, policy=policy, on=on, version=version)
    kind, value = gradebook.gradebook_token(token, school_class=opened.line.school_class, policy=policy)
    change = gradebook.changed_gradebook_entry(opened.entry, kind, value, policy=policy, now=now, on=on)
    return await _change(uow, actor, opened, change, reason="correction", now=now)


async def withdraw_gradebook_entry(
    uow: UnitOfWork, actor: Actor, entry_id: int, *, policy: GradebookRules, now: datetime, on: date,
    version: int | None = None,
) -> OpenedEntry:  # fmt: skip
    """Withdraws an entry; it stays in the journal with its versions. ConflictError as for `correct_gradebook_entry`."""
    opened = await _in_force(uow, actor, entry_id, policy=policy, on=on, version=version)
    change = gradebook.changed_gradebook_entry(opened.entry, opened.entry.kind, None, policy=policy, now=now, on=on)
    return await _change(uow, actor, opened, change, reason="withdrawal", now=now)


async def undo_gradebook_change(
    uow: UnitOfWork, actor: Actor, entry_id: int, *, policy: GradebookRules, now: datetime, on: date,
    version: int | None = None,
) -> OpenedEntry:  # fmt: skip
    """Reverses the actor's own last change of an entry, as a new version; a second undo brings the change back.

    ConflictError where somebody else was the last to change it, or where `version` is not the present one.
    """
    opened = await _open(uow, actor, entry_id, policy=policy, on=on, version=version)
    author = opened.versions[-1].changed_by if opened.versions else opened.entry.given_by
    if author != actor.person_id:
        raise ConflictError
    value = gradebook.gradebook_value_before_change(opened.versions)
    kind = opened.entry.kind if value is None else tokens.token_kind(value)
    change = gradebook.changed_gradebook_entry(opened.entry, kind, value, policy=policy, now=now, on=on)
    return await _change(uow, actor, opened, change, reason="undo_last_change", now=now)


async def undo_gradebook_marks(
    uow: UnitOfWork, actor: Actor, recorded: Mapping[int, int], *, policy: GradebookRules, now: datetime, on: date
) -> int:
    """Withdraws entries that the actor has just recorded, each in this version, all or none; returns how many.

    ConflictError where one was changed or withdrawn meanwhile.
    """
    for entry_id, version in recorded.items():
        opened = await _in_force(uow, actor, entry_id, policy=policy, on=on, version=version)
        if opened.entry.given_by != actor.person_id:
            raise ConflictError
        change = gradebook.changed_gradebook_entry(opened.entry, opened.entry.kind, None, policy=policy, now=now, on=on)
        await _write_change(uow, actor, opened, change, reason="undo_recorded", now=now)
    await uow.commit()
    return len(recorded)


async def comment_gradebook_entry(
    uow: UnitOfWork, actor: Actor, entry_id: int, *, text: str, policy: GradebookRules, now: datetime, on: date
) -> OpenedEntry:
    """Sets the teacher's comment on an entry, which is shown with it (Q13); ConflictError if it is withdrawn."""
    opened = await _in_force(uow, actor, entry_id, policy=policy, on=on)
    change = gradebook.commented_gradebook_entry(opened.entry, " ".join(text.split()) or None)
    return await _change(uow, actor, opened, change, reason="comment_entry", now=now)


async def open_gradebook_entry(uow: UnitOfWork, actor: Actor, entry_id: int, *, on: date) -> OpenedEntry:
    """An entry that the actor may change, with its history. NotFoundError."""
    return await uow.marks.entry(entry_id, access.teaching_access_scope(actor, on=on))


async def set_gradebook_topic(
    uow: UnitOfWork, actor: Actor, lesson: LessonDay, *, topic: str | None, now: datetime, on: date
) -> None:
    """Sets the topic of a lesson; NotFoundError for another teacher's lesson."""
    await uow.marks.taught_lesson(lesson, access.teaching_access_scope(actor, on=on))
    await uow.marks.set_topic(lesson, topic)
    await uow.audit.write(actor, "lesson_topic", at=now, group=lesson.group_id, subject=lesson.subject_id)
    await uow.commit()


async def publish_gradebook_marks(uow: UnitOfWork, *, now: datetime, delayed_by: timedelta = timedelta(0)) -> int:
    """Publishes entries whose delay is over, with notices of what changed since families last saw them.

    One batch, committed; returns how many entries. `delayed_by` also publishes entries that a clock which was put back
    would keep waiting that much longer.
    """
    due = await uow.marks.due(now=now + delayed_by, limit=BATCH)
    if not due:
        return 0
    notices = [mark_entry_notice(entry, subject, seen=entry.shown) for entry, subject in due]
    await uow.outbox.add([each for each in notices if each], received_at=now, published_at=now)
    await uow.marks.publish([entry.id for entry, _ in due])
    await uow.commit()
    return len(due)


async def _open(
    uow: UnitOfWork, actor: Actor, entry_id: int, *, policy: GradebookRules, on: date, version: int | None = None
) -> OpenedEntry:
    policy.require_bot()
    opened = await open_gradebook_entry(uow, actor, entry_id, on=on)
    if version not in {None, opened.entry.version}:
        raise ConflictError
    return opened


async def _in_force(
    uow: UnitOfWork, actor: Actor, entry_id: int, *, policy: GradebookRules, on: date, version: int | None = None
) -> OpenedEntry:
    opened = await _open(uow, actor, entry_id, policy=policy, on=on, version=version)
    if opened.entry.withdrawn_at is not None:
        raise ConflictError
    return opened


async def _write(uow: UnitOfWork, actor: Actor, new: Entry, subject: str, *, now: datetime) -> Entry:
    entry = replace(new, id=await uow.marks.add_entry(new))
    await uow.audit.write(actor, "entry_recorded", at=now, student=entry.student_id, entry=entry.id)
    await _publish_now(uow, entry, subject, seen=None, now=now)
    return entry


async def _change(
    uow: UnitOfWork, actor: Actor, before: OpenedEntry, change: EntryChange, *, reason: str, now: datetime
) -> OpenedEntry:
    after = await _write_change(uow, actor, before, change, reason=reason, now=now)
    await uow.commit()
    return after


async def _write_change(
    uow: UnitOfWork, actor: Actor, before: OpenedEntry, change: EntryChange, *, reason: str, now: datetime
) -> OpenedEntry:
    """Writes the new version, and its notice unless the entry waits for its publication; the caller commits."""
    entry, subject = change.entry, before.subject
    await uow.marks.change_entries([change], at=now, by=actor.person_id, reason=reason, import_id=None)
    await uow.audit.write(actor, f"entry_{reason}", at=now, student=entry.student_id, entry=entry.id)
    after = replace(await uow.marks.entry(entry.id, Everything()), lesson=before.lesson)
    await _publish_now(uow, after.entry, subject, seen=entry.seen, now=now)
    return after


async def _publish_now(uow: UnitOfWork, entry: Entry, subject: str, *, seen: str | None, now: datetime) -> None:
    """Publishes the notice of an entry that does not wait; `publish_gradebook_marks` publishes the others."""
    notice = None if entry.awaiting else mark_entry_notice(entry, subject, seen=seen)
    if notice is not None:
        await uow.outbox.add([notice], received_at=now, published_at=now)
