"""Recommendations, and who has read them, in SQL."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, select

from core.model.schoolwork.recommendations import Audience, ReadRecommendation, Recommendation
from core.rules.access import Scope
from storage.access.scopes import scope_opens_student
from storage.database.repository import Repository
from storage.database.rows import add_row, row_columns, upsert_rows
from storage.schema.people import person
from storage.schema.schoolwork import recommendation, recommendation_reading
from storage.schema.year import subject


class SqlRecommendations(Repository):
    async def recommend(
        self, student_id: int, *, subject_id: int | None, author_id: int, audience: Audience, text: str, at: datetime
    ) -> int:
        new = {"student_id": student_id, "subject_id": subject_id, "author_id": author_id, "audience": audience}
        return await add_row(self._connection, recommendation, new | {"text": text, "given_at": at})

    async def recommendations(self, student_id: int, scope: Scope, *, reader_id: int) -> Sequence[ReadRecommendation]:
        reader = Audience.STUDENT if reader_id == student_id else Audience.GUARDIAN
        read = and_(
            recommendation_reading.c.recommendation_id == recommendation.c.id,
            recommendation_reading.c.reader_id == reader_id,
        )
        meant = (
            select(
                *row_columns(recommendation, Recommendation),
                subject.c.name,
                person.c.name,
                recommendation_reading.c.read_at,
            )
            .outerjoin(subject, subject.c.id == recommendation.c.subject_id)
            .join(person, person.c.id == recommendation.c.author_id)
            .outerjoin(recommendation_reading, read)
            .where(recommendation.c.student_id == student_id, scope_opens_student(scope, recommendation.c.student_id))
            .where(recommendation.c.audience.in_([reader, Audience.BOTH]), recommendation.c.withdrawn_at.is_(None))
            .order_by(recommendation.c.given_at.desc(), recommendation.c.id.desc())
        )
        return [
            ReadRecommendation(Recommendation(*fields), subject_name, author, read_at)
            for *fields, subject_name, author, read_at in await self._connection.execute(meant)
        ]

    async def mark_read(self, recommendation_ids: Collection[int], reader_id: int, *, at: datetime) -> None:
        seen = [{"recommendation_id": each, "reader_id": reader_id, "read_at": at} for each in recommendation_ids]
        if seen:
            once = upsert_rows(self._connection, recommendation_reading).on_conflict_do_nothing()
            await self._connection.execute(once, seen)
