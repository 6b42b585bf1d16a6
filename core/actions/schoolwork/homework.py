"""Homework: families look it up, teachers give, change and withdraw it."""

from collections.abc import Sequence
from datetime import date, datetime

from core.errors import NoTaskError, NotFoundError
from core.model.conversation import SentFile
from core.model.marks.gradebook import LessonDay
from core.model.people import Actor
from core.model.schoolwork.control_works import Caution, CautionedWork
from core.model.schoolwork.homework import AssignedHomework, Homework, HomeworkFile
from core.ports import UnitOfWork
from core.rules import access, year
from core.rules.delivery import timing
from core.rules.delivery.expiry import expiry_of_homework_files
from core.rules.delivery.timing import Policy
from core.rules.schoolwork import workload
from core.rules.schoolwork.homework import homework_text


async def load_homework(
    uow: UnitOfWork, actor: Actor, *, student_id: int, since: date, until: date, on: date
) -> Sequence[AssignedHomework]:
    """What is due within the dates, by date and subject; changed and withdrawn homework stays visible as such (Q23)."""
    return await uow.schoolwork.homework(student_id, access.family_access_scope(actor, on=on), since=since, until=until)


async def load_homework_file(uow: UnitOfWork, actor: Actor, file_id: int, *, on: date) -> HomeworkFile:
    """A file of a homework, for the families and the teachers of its group (Q96); NotFoundError for others."""
    try:
        return await uow.schoolwork.homework_file(file_id, access.family_access_scope(actor, on=on))
    except NotFoundError:
        return await uow.schoolwork.homework_file(file_id, access.reading_access_scope(actor, on=on))


async def load_homework_of_lesson(
    uow: UnitOfWork, actor: Actor, lesson: LessonDay, *, on: date
) -> Sequence[AssignedHomework]:
    """What is due for a lesson and may be changed by the actor, who teaches there (Q23)."""
    return await uow.schoolwork.homework_of_lesson(lesson, access.teaching_access_scope(actor, on=on))


async def give_homework(
    uow: UnitOfWork,
    actor: Actor,
    lesson: LessonDay,
    *,
    due_on: date,
    text: str,
    now: datetime,
    policy: Policy,
    files: Sequence[SentFile] = (),
) -> CautionedWork:
    """Set a lesson's group something to do, in words, files or both (Q23); more than the norm is cautioned of (Q25).

    Raises NoTaskError for «-», «не задано» and the like without a file, NotFoundError unless the actor teaches the
    lesson, if only as the substitute of the day (Q14).
    """
    await uow.marks.taught_lesson(
        lesson, access.teaching_access_scope(actor, on=timing.local_date_of_time(now, policy))
    )
    group_id, subject_id = lesson.group_id, lesson.subject_id
    words = homework_text(text) or ""
    if not words and not files:
        raise NoTaskError
    homework_id = await uow.schoolwork.give_homework(
        group_id, subject_id, due_on=due_on, text=words, by=actor.person_id, at=now
    )
    await _add_files(uow, homework_id, files, due_on=due_on, now=now)
    cautions = await _homework_cautions(uow, group_id, due_on)
    await uow.audit.write(actor, "homework_given", at=now, homework_id=homework_id, group_id=group_id)
    await uow.commit()
    return CautionedWork(homework_id, cautions)


async def load_homework_file_bytes(uow: UnitOfWork, file: HomeworkFile) -> bytes | None:
    """The bytes of a homework's file, for a channel that does not store it; None where they are not kept."""
    return await uow.conversations.kept_file(file.channel, file.reference)


async def load_changeable_homework(uow: UnitOfWork, actor: Actor, homework_id: int, *, on: date) -> Homework:
    """A homework in force that the actor may change; NotFoundError."""
    given = await uow.schoolwork.one_homework(homework_id, access.teaching_access_scope(actor, on=on))
    if given.withdrawn_at is not None:
        raise NotFoundError
    return given


async def change_homework(
    uow: UnitOfWork,
    actor: Actor,
    homework_id: int,
    *,
    text: str | None,
    now: datetime,
    on: date,
    files: Sequence[SentFile] = (),
) -> CautionedWork:
    """Other words (None: the present ones) and more files; the old words are kept and shown beside them (Q23).

    Raises NoTaskError, NotFoundError.
    """
    given = await load_changeable_homework(uow, actor, homework_id, on=on)
    words = given.text if text is None else homework_text(text)
    if words is None:
        raise NoTaskError
    await _add_files(uow, homework_id, files, due_on=given.due_on, now=now)
    if words != given.text:
        await uow.schoolwork.change_homework(homework_id, words, by=actor.person_id, at=now)
        await uow.audit.write(actor, "homework_changed", at=now, homework_id=homework_id)
    cautions = await _homework_cautions(uow, given.group_id, given.due_on)
    await uow.commit()
    return CautionedWork(homework_id, cautions)


async def withdraw_homework(uow: UnitOfWork, actor: Actor, homework_id: int, *, now: datetime, on: date) -> None:
    """Not to be done after all; it stays visible as withdrawn (Q23). A second time changes nothing."""
    given = await uow.schoolwork.one_homework(homework_id, access.teaching_access_scope(actor, on=on))
    if given.withdrawn_at is None:
        await uow.schoolwork.change_homework(homework_id, None, by=actor.person_id, at=now)
        await uow.audit.write(actor, "homework_withdrawn", at=now, homework_id=homework_id)
    await uow.commit()


async def _add_files(
    uow: UnitOfWork, homework_id: int, files: Sequence[SentFile], *, due_on: date, now: datetime
) -> None:
    """The files, which will be kept for families of other channels."""
    for file in files:
        await uow.schoolwork.add_homework_file(homework_id, file)
    await uow.conversations.expect_files(files, at=now, until=expiry_of_homework_files(due_on))


async def _homework_cautions(uow: UnitOfWork, group_id: int, due_on: date) -> tuple[Caution, ...]:
    sharing = await uow.year.sharing([group_id], on=due_on)
    due = await uow.schoolwork.homework_for_students(due_on, group_id=group_id)
    caution = workload.homework_workload_caution(due, year.class_grade_level(sharing))
    return () if caution is None else (caution,)
