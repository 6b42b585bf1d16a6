"""Recommendations: teachers give them, families read them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import assert_never

from core.errors import NotFoundError
from core.model.delivery.fact_names import recommendation_fact_name
from core.model.delivery.obligations import NewNotice
from core.model.marks.gradebook import LessonDay
from core.model.notices.family import RecommendationGiven
from core.model.people import Actor
from core.model.schoolwork.recommendations import Audience, ReadRecommendation
from core.ports import UnitOfWork
from core.rules import access
from core.rules.access import Everything, Scope
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy


async def load_recommendations(
    uow: UnitOfWork, actor: Actor, *, student_id: int, now: datetime, on: date, subject_id: int | None = None
) -> Sequence[ReadRecommendation]:
    """What teachers advise this reader, the student or a guardian, the newest first; on one subject where it is named.

    What is returned is on the reader's screen, so from now on it is read, by this reader alone (Q24).
    """
    if actor.person_id is None:
        return ()
    scope = access.family_access_scope(actor, on=on)
    found = await uow.schoolwork.recommendations(student_id, scope, reader_id=actor.person_id)
    shown = [each for each in found if subject_id in {None, each.recommendation.subject_id}]
    unread = [each.recommendation.id for each in shown if each.read_at is None]
    await uow.schoolwork.mark_read(unread, actor.person_id, at=now)
    await uow.commit()
    return shown


async def load_printed_recommendations(
    uow: UnitOfWork, actor: Actor, *, student_id: int, since: date, policy: Policy, on: date
) -> Sequence[ReadRecommendation]:
    """What teachers have advised this reader since a date, for paper: nobody knows when paper is read (Q24, Q31)."""
    if actor.person_id is None:
        return ()
    scope = access.family_access_scope(actor, on=on)
    found = await uow.schoolwork.recommendations(student_id, scope, reader_id=actor.person_id)
    return [each for each in found if timing.local_date_of_time(each.recommendation.given_at, policy) >= since]


async def give_recommendation(
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
    subject = await _subject_of_advice(uow, access.teaching_access_scope(actor, on=on), student_id, lesson)
    subject_id, words = lesson.subject_id if lesson else None, " ".join(text.split())
    advice_id = await uow.schoolwork.recommend(
        student_id, subject_id=subject_id, author_id=actor.person_id, audience=audience, text=words, at=now
    )
    author = (await uow.people.person(actor.person_id, Everything())).name
    readers = await _readers(uow, student_id, audience, on=on)
    notice, fact = RecommendationGiven(subject, on, author, words), recommendation_fact_name(advice_id)
    notices = [NewNotice(student_id, notice, fact, reader) for reader in readers]
    await uow.outbox.add(notices, received_at=now, published_at=now)
    await uow.audit.write(actor, "recommended", at=now, recommendation_id=advice_id, student_id=student_id)
    await uow.commit()
    return advice_id


async def _subject_of_advice(uow: UnitOfWork, scope: Scope, student_id: int, lesson: LessonDay | None) -> str | None:
    """The lesson's subject; NotFoundError where the student is not the adviser's."""
    if lesson is None:
        own, subject = [child.id for child in await uow.people.children(scope)], None
    else:
        register = await uow.marks.page(lesson, scope)
        own, subject = [line.student_id for line in register.lines], register.subject
    if student_id not in own:
        raise NotFoundError
    return subject


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
