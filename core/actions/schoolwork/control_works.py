"""Control works: looked up, planned with cautions, withdrawn."""

from collections.abc import Sequence
from datetime import date, datetime

from core.model.marks.gradebook import LessonDay
from core.model.people import Actor
from core.model.schoolwork.control_works import Caution, CautionedWork, ControlWork, NewControlWork
from core.model.timetable import SchoolDay
from core.model.year import GroupKind, TeachingGroup
from core.ports import UnitOfWork
from core.rules import access, year
from core.rules.access import Everything
from core.rules.results.terms import term_periods_of_pupil
from core.rules.schoolwork import workload
from core.rules.timetable import days as timetable_days


async def load_control_works(
    uow: UnitOfWork, actor: Actor, *, student_id: int, since: date, until: date, on: date
) -> Sequence[tuple[ControlWork, str]]:
    """The schedule of control works within the dates, with the subjects' names (Q19)."""
    return await uow.schoolwork.control_works(
        student_id, access.family_access_scope(actor, on=on), since=since, until=until
    )


async def plan_control_work(
    uow: UnitOfWork, actor: Actor, new: NewControlWork, *, now: datetime, on: date
) -> CautionedWork:
    """Put a control work into the schedule and say which norms that breaks (Q19, Q20).

    Raises FirstHalfYearError for a first grade before the New Year (Q26), NotFoundError unless the actor teaches the
    subject there.
    """
    await uow.marks.taught_lesson(
        LessonDay(new.group_id, new.subject_id, on), access.teaching_access_scope(actor, on=on)
    )
    sharing = await uow.year.sharing([new.group_id], on=new.on)
    workload.require_second_half_workload(year.class_grade_level(sharing), new.on)
    cautions = await _control_work_cautions(uow, new, sharing)
    work_id = await uow.schoolwork.plan_control_work(new, by=actor.person_id, at=now)
    await uow.audit.write(actor, "control_work_planned", at=now, control_work_id=work_id, group_id=new.group_id)
    await uow.commit()
    return CautionedWork(work_id, cautions)


async def load_control_works_ahead(
    uow: UnitOfWork, actor: Actor, lesson: LessonDay, *, on: date
) -> Sequence[ControlWork]:
    """The control works of a lesson's group and subject that are still to be written, for its teacher (Q19)."""
    scope, sharing = access.teaching_access_scope(actor, on=on), await uow.year.sharing([lesson.group_id], on=on)
    _, until = await _teaching_year(uow, sharing, subject_id=lesson.subject_id, on=on)
    planned = await uow.schoolwork.control_works_of_groups([lesson.group_id], scope, since=on, until=until)
    return [work for work, _ in planned if work.subject_id == lesson.subject_id]


async def withdraw_control_work(
    uow: UnitOfWork, actor: Actor, control_work_id: int, *, now: datetime, on: date
) -> None:
    """It is not written after all, and is not shown any more (Q19)."""
    work = await uow.schoolwork.one_control_work(control_work_id, access.teaching_access_scope(actor, on=on))
    await uow.schoolwork.withdraw_control_work(work.id, at=now)
    await uow.audit.write(actor, "control_work_withdrawn", at=now, control_work_id=work.id)
    await uow.commit()


async def _control_work_cautions(
    uow: UnitOfWork, new: NewControlWork, sharing: Sequence[TeachingGroup]
) -> tuple[Caution, ...]:
    """Other teachers' works count too, so the schedule is read whole; it names no student."""
    since, until = await _teaching_year(uow, sharing, subject_id=new.subject_id, on=new.on)
    parallel = await _parallel(uow, sharing, on=new.on)
    of_parallel = await uow.schoolwork.control_works_of_groups(
        [group.id for group in parallel], Everything(), since=since, until=until
    )
    shared = {group.id for group in sharing}
    own = [(work, subject) for work, subject in of_parallel if work.group_id in shared]
    in_class = next((group.id for group in sharing if group.kind is GroupKind.CLASS), new.group_id)
    plan = await uow.timetable.of_group(in_class, Everything(), since=since, until=until)
    days = timetable_days.timetable_days(plan, since=since, until=until)
    written = [work for work, _ in own if (work.group_id, work.subject_id) == (new.group_id, new.subject_id)]
    today = next((day for day in days if day.on == new.on), SchoolDay(new.on, ()))
    found = (
        workload.daily_workload_caution(own, new.on),
        workload.interval_workload_caution(of_parallel, new, parallel),
        workload.share_workload_caution(
            len(written) + 1, workload.workload_subject_hours(days, new.group_id, new.subject_id)
        ),
        workload.edge_lesson_workload_caution(today, new.subject_id, new.number),
    )
    return tuple(caution for caution in found if caution is not None)


async def _teaching_year(
    uow: UnitOfWork, sharing: Sequence[TeachingGroup], *, subject_id: int, on: date
) -> tuple[date, date]:
    """From the first day of the group's first period to the last of its last; without periods, September to May."""
    school_class = year.class_of_groups(sharing)
    periods = term_periods_of_pupil(
        await uow.year.periods(on),
        grade_level=year.class_grade_level(sharing),
        class_id=school_class.id if school_class else None,
        subject_id=subject_id,
    )
    begins = year.first_day_of_year(on)
    first = min((each.starts_on for each in periods), default=begins)
    last = max((each.ends_on for each in periods), default=date(begins.year + 1, 5, 31))
    return min(first, on), max(last, on)


async def _parallel(uow: UnitOfWork, sharing: Sequence[TeachingGroup], *, on: date) -> Sequence[TeachingGroup]:
    """All groups of the students who are in the same year of study."""
    level = year.class_grade_level(sharing)
    classes = [group for group in await uow.year.groups(Everything()) if group.kind is GroupKind.CLASS]
    parallel = [group.id for group in classes if year.class_grade_level([group]) == level]
    return await uow.year.sharing(parallel or [group.id for group in sharing], on=on)
