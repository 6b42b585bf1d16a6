"""What there is to do: homework, control works and recommendations, looked up by families and given by teachers."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import assert_never

from core.errors import NoTaskError, NotFoundError
from core.model.conversation import SentFile
from core.model.marks.gradebook import LessonDay
from core.model.notices import RecommendationGiven
from core.model.people import Actor
from core.model.schoolwork.control_works import Caution, ControlWork, Given, NewControlWork, Planned
from core.model.schoolwork.homework import AssignedHomework, Homework, HomeworkFile
from core.model.schoolwork.recommendations import Audience, ReadRecommendation
from core.model.timetable import SchoolDay
from core.model.year import GroupKind, ReportingPeriod, TeachingGroup
from core.ports import UnitOfWork
from core.rules import access, year
from core.rules.access import Everything, Scope
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.schoolwork import workload
from core.rules.schoolwork.homework import task
from core.rules.timetable import days as timetable_days


async def homework(
    uow: UnitOfWork, actor: Actor, *, student_id: int, since: date, until: date, on: date
) -> Sequence[AssignedHomework]:
    """What is due within the dates, by date and subject; changed and withdrawn homework stays visible as such (Q23)."""
    return await uow.schoolwork.homework(student_id, access.family(actor, on=on), since=since, until=until)


async def homework_file(uow: UnitOfWork, actor: Actor, file_id: int, *, on: date) -> HomeworkFile:
    """A file of a homework, for the families and the teachers of its group (Q96); NotFoundError for others."""
    try:
        return await uow.schoolwork.homework_file(file_id, access.family(actor, on=on))
    except NotFoundError:
        return await uow.schoolwork.homework_file(file_id, access.reading(actor, on=on))


async def control_works(
    uow: UnitOfWork, actor: Actor, *, student_id: int, since: date, until: date, on: date
) -> Sequence[tuple[ControlWork, str]]:
    """The schedule of control works within the dates, with the subjects' names (Q19)."""
    return await uow.schoolwork.control_works(student_id, access.family(actor, on=on), since=since, until=until)


async def period(uow: UnitOfWork, *, on: date) -> ReportingPeriod | None:
    """The reporting period of a date: the shortest that holds it, since a half-year holds its quarters."""
    holding = [each for each in await uow.year.periods(on) if each.starts_on <= on <= each.ends_on]
    return min(holding, key=lambda each: each.ends_on - each.starts_on, default=None)


async def read_recommendations(
    uow: UnitOfWork, actor: Actor, *, student_id: int, now: datetime, on: date, subject_id: int | None = None
) -> Sequence[ReadRecommendation]:
    """What teachers advise this reader, the student or a guardian, the newest first; on one subject where it is named.

    What is returned is on the reader's screen, so from now on it is read, by this reader alone (Q24).
    """
    if actor.person_id is None:
        return ()
    scope = access.family(actor, on=on)
    found = await uow.schoolwork.recommendations(student_id, scope, reader_id=actor.person_id)
    shown = [each for each in found if subject_id in {None, each.recommendation.subject_id}]
    unread = [each.recommendation.id for each in shown if each.read_at is None]
    await uow.schoolwork.mark_read(unread, actor.person_id, at=now)
    await uow.commit()
    return shown


async def homework_of_lesson(
    uow: UnitOfWork, actor: Actor, lesson: LessonDay, *, on: date
) -> Sequence[AssignedHomework]:
    """What is due for a lesson and may be changed by the actor, who teaches there (Q23)."""
    return await uow.schoolwork.homework_of_lesson(lesson, access.teaching(actor, on=on))


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
) -> Given:
    """Set a lesson's group something to do, in words, files or both (Q23); more than the norm is cautioned of (Q25).

    Raises NoTaskError for «-», «не задано» and the like without a file, NotFoundError unless the actor teaches the
    lesson, if only as the substitute of the day (Q14).
    """
    await uow.marks.lesson(lesson, access.teaching(actor, on=timing.local_date(now, policy)))
    group_id, subject_id = lesson.group_id, lesson.subject_id
    words = task(text) or ""
    if not words and not files:
        raise NoTaskError
    homework_id = await uow.schoolwork.give_homework(
        group_id, subject_id, due_on=due_on, text=words, by=actor.person_id, at=now
    )
    for file in files:
        await uow.schoolwork.add_homework_file(homework_id, file)
    cautions = await _homework_cautions(uow, group_id, due_on)
    await uow.audit.write(actor, "homework_given", at=now, homework_id=homework_id, group_id=group_id)
    await uow.commit()
    return Given(homework_id, cautions)


async def open_homework(uow: UnitOfWork, actor: Actor, homework_id: int, *, on: date) -> Homework:
    """A homework in force that the actor may change; NotFoundError."""
    given = await uow.schoolwork.one_homework(homework_id, access.teaching(actor, on=on))
    if given.withdrawn_at is not None:
        raise NotFoundError
    return given


async def change_homework(
    uow: UnitOfWork, actor: Actor, homework_id: int, *, text: str, now: datetime, on: date
) -> Given:
    """Other words; the old ones are kept and shown beside them (Q23). Raises NoTaskError, NotFoundError."""
    given = await open_homework(uow, actor, homework_id, on=on)
    words = task(text)
    if words is None:
        raise NoTaskError
    if words != given.text:
        await uow.schoolwork.change_homework(homework_id, words, by=actor.person_id, at=now)
        await uow.audit.write(actor, "homework_changed", at=now, homework_id=homework_id)
    cautions = await _homework_cautions(uow, given.group_id, given.due_on)
    await uow.commit()
    return Given(homework_id, cautions)


async def withdraw_homework(uow: UnitOfWork, actor: Actor, homework_id: int, *, now: datetime, on: date) -> None:
    """Not to be done after all; it stays visible as withdrawn (Q23). A second time changes nothing."""
    given = await uow.schoolwork.one_homework(homework_id, access.teaching(actor, on=on))
    if given.withdrawn_at is None:
        await uow.schoolwork.change_homework(homework_id, None, by=actor.person_id, at=now)
        await uow.audit.write(actor, "homework_withdrawn", at=now, homework_id=homework_id)
    await uow.commit()


async def plan_control_work(uow: UnitOfWork, actor: Actor, new: NewControlWork, *, now: datetime, on: date) -> Planned:
    """Put a control work into the schedule and say which norms that breaks (Q19, Q20).

    Raises FirstHalfYearError for a first grade before the New Year (Q26), NotFoundError unless the actor teaches the
    subject there.
    """
    await uow.marks.lesson(LessonDay(new.group_id, new.subject_id, on), access.teaching(actor, on=on))
    sharing = await uow.year.sharing([new.group_id], on=new.on)
    workload.require_second_half(workload.grade(sharing), new.on)
    cautions = await _control_work_cautions(uow, new, sharing)
    work_id = await uow.schoolwork.plan_control_work(new, by=actor.person_id, at=now)
    await uow.audit.write(actor, "control_work_planned", at=now, control_work_id=work_id, group_id=new.group_id)
    await uow.commit()
    return Planned(work_id, cautions)


async def works_ahead(uow: UnitOfWork, actor: Actor, lesson: LessonDay, *, on: date) -> Sequence[ControlWork]:
    """The control works of a lesson's group and subject that are still to be written, for its teacher (Q19)."""
    scope, (_, until) = access.teaching(actor, on=on), await _teaching_year(uow, on)
    planned = await uow.schoolwork.control_works_of_groups([lesson.group_id], scope, since=on, until=until)
    return [work for work, _ in planned if work.subject_id == lesson.subject_id]


async def withdraw_control_work(
    uow: UnitOfWork, actor: Actor, control_work_id: int, *, now: datetime, on: date
) -> None:
    """It is not written after all, and is not shown any more (Q19)."""
    work = await uow.schoolwork.one_control_work(control_work_id, access.teaching(actor, on=on))
    await uow.schoolwork.withdraw_control_work(work.id, at=now)
    await uow.audit.write(actor, "control_work_withdrawn", at=now, control_work_id=work.id)
    await uow.commit()


async def recommend(
    uow: UnitOfWork,
    actor: Actor,
    *,
    student_id: int,
    lesson: LessonDay | None,
    audience: Audience,
    text: str,
    now: datetime,
    on: date,
) -> int:
    """A teacher advises a student, the guardians or both, on a lesson's subject or in general; told at once (Q24).

    NotFoundError unless the student is on the list of a lesson that the actor teaches, in general in an own group.
    """
    if actor.person_id is None:
        raise NotFoundError
    subject = await _subject_of_advice(uow, access.teaching(actor, on=on), student_id, lesson)
    subject_id, words = lesson.subject_id if lesson else None, " ".join(text.split())
    advice_id = await uow.schoolwork.recommend(
        student_id, subject_id=subject_id, author_id=actor.person_id, audience=audience, text=words, at=now
    )
    author = (await uow.people.person(actor.person_id, Everything())).name
    readers = await _readers(uow, student_id, audience, on=on)
    notice, fact = RecommendationGiven(subject, on, author, words), f"recommendation:{advice_id}"
    rows = [(student_id, reader, notice, fact) for reader in readers]
    await uow.outbox.add_personal(rows, received_at=now, published_at=now)
    await uow.audit.write(actor, "recommended", at=now, recommendation_id=advice_id, student_id=student_id)
    await uow.commit()
    return advice_id


async def _subject_of_advice(uow: UnitOfWork, scope: Scope, student_id: int, lesson: LessonDay | None) -> str | None:
    """The lesson's subject; NotFoundError where the student is not the adviser's."""
    if lesson is None:
        own, subject = [child.id for child in await uow.people.children(scope)], None
    else:
        register = await uow.marks.register(lesson, scope)
        own, subject = [line.student_id for line in register.lines], register.subject
    if student_id not in own:
        raise NotFoundError
    return subject


async def _homework_cautions(uow: UnitOfWork, group_id: int, due_on: date) -> tuple[Caution, ...]:
    sharing = await uow.year.sharing([group_id], on=due_on)
    due = await uow.schoolwork.homework_for_students(due_on, group_id=group_id)
    caution = workload.homework(due, workload.grade(sharing))
    return () if caution is None else (caution,)


async def _control_work_cautions(
    uow: UnitOfWork, new: NewControlWork, sharing: Sequence[TeachingGroup]
) -> tuple[Caution, ...]:
    """Other teachers' works count too, so the schedule is read whole; it names no student."""
    since, until = await _teaching_year(uow, new.on)
    parallel = await _parallel(uow, sharing, on=new.on)
    of_parallel = await uow.schoolwork.control_works_of_groups(
        [group.id for group in parallel], Everything(), since=since, until=until
    )
    shared = {group.id for group in sharing}
    own = [(work, subject) for work, subject in of_parallel if work.group_id in shared]
    in_class = next((group.id for group in sharing if group.kind is GroupKind.CLASS), new.group_id)
    plan = await uow.timetable.of_group(in_class, Everything(), since=since, until=until)
    days = timetable_days.days(plan, since=since, until=until)
    written = [work for work, _ in own if (work.group_id, work.subject_id) == (new.group_id, new.subject_id)]
    today = next((day for day in days if day.on == new.on), SchoolDay(new.on, ()))
    found = (
        workload.one_a_day(own, new.on),
        workload.interval(of_parallel, new, parallel),
        workload.share(len(written) + 1, workload.hours(days, new.group_id, new.subject_id)),
        workload.edge_lesson(today, new.subject_id, new.number),
    )
    return tuple(caution for caution in found if caution is not None)


async def _teaching_year(uow: UnitOfWork, on: date) -> tuple[date, date]:
    """From the first day of the year's first period to the last of its last; without periods, September to May."""
    periods = await uow.year.periods(on)
    begins = year.first_day(on)
    first = min((each.starts_on for each in periods), default=begins)
    last = max((each.ends_on for each in periods), default=date(begins.year + 1, 5, 31))
    return min(first, on), max(last, on)


async def _parallel(uow: UnitOfWork, sharing: Sequence[TeachingGroup], *, on: date) -> Sequence[TeachingGroup]:
    """All groups of the students who are in the same year of study."""
    level = workload.grade(sharing)
    groups = await uow.year.groups(Everything())
    classes = [group.id for group in groups if group.kind is GroupKind.CLASS and workload.grade([group]) == level]
    return await uow.year.sharing(classes or [group.id for group in sharing], on=on)


async def _readers(uow: UnitOfWork, student_id: int, audience: Audience, *, on: date) -> Sequence[int]:
    """Those of the family for whom the advice is meant."""
    entitled = [each.person_id for each in await uow.people.recipients([student_id], on=on)]
    match audience:
        case Audience.BOTH:
            return entitled
        case Audience.STUDENT:
            return [person_id for person_id in entitled if person_id == student_id]
        case Audience.GUARDIAN:
            return [person_id for person_id in entitled if person_id != student_id]
        case _:
            assert_never(audience)
