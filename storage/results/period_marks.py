"""Final marks of periods with their history, in SQL."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, select

from core.model.delivery.fact_names import period_mark_fact
from core.model.results.period_marks import PeriodMark
from core.rules.access import Scope
from storage.access.scopes import opens_student
from storage.database.repository import Repository
from storage.database.rows import columns, fetch_chunked, selected
from storage.people import joining
from storage.schema.results import period_mark, period_mark_version
from storage.schema.year import subject


class SqlResults(Repository):
    async def period_marks(self, student_ids: Collection[int], *, year_ids: Collection[int]) -> Sequence[PeriodMark]:
        of_years = (
            selected(period_mark, PeriodMark).where(period_mark.c.year_id.in_(year_ids)).order_by(period_mark.c.id)
        )
        return await fetch_chunked(
            self._connection,
            PeriodMark,
            sorted(student_ids),
            lambda ids: of_years.where(period_mark.c.student_id.in_(ids)).order_by(period_mark.c.id),
        )

    async def clashing_terms(
        self, *, students: tuple[int, int] | None = None, subjects: tuple[int, int] | None = None
    ) -> int:
        of_students = [joining.clashing_terms_count(*students, period_mark.c.student_id)] if students else []
        of_subjects = [joining.clashing_terms_count(*subjects, period_mark.c.subject_id)] if subjects else []
        return sum([await self._connection.scalar(each) or 0 for each in (*of_students, *of_subjects)])

    async def published_results(self) -> Mapping[str, int]:
        published = (
            select(period_mark_version.c.period_mark_id, func.count())
            .where(period_mark_version.c.published)
            .group_by(period_mark_version.c.period_mark_id)
        )
        return {period_mark_fact(mark_id): count for mark_id, count in await self._connection.execute(published)}

    async def finals(self, student_id: int, scope: Scope, *, year_id: int) -> Sequence[tuple[PeriodMark, str]]:
        opened = (
            select(*columns(period_mark, PeriodMark), subject.c.name)
            .join(subject, subject.c.id == period_mark.c.subject_id)
            .where(period_mark.c.student_id == student_id, opens_student(scope, period_mark.c.student_id))
            .where(period_mark.c.year_id == year_id, subject.c.joined_to.is_(None))
            .order_by(subject.c.name, period_mark.c.id)
        )
        return [(PeriodMark(*fields), name) for *fields, name in await self._connection.execute(opened)]
