"""Final marks of periods with their history, in SQL."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from core.errors import ConflictError
from core.model.delivery.fact_names import deferral_fact_name, period_mark_fact_name
from core.model.results.period_marks import PeriodMark, PeriodMarkVersion
from core.rules.access import Scope
from core.rules.results.terms import term_key
from storage.access.scopes import scope_opens_student
from storage.database.rows import add_row, fetch_rows, fetch_rows_chunked, row_columns, select_rows
from storage.people import joining
from storage.results.statistics import SqlResultStatistics
from storage.schema.results import deferral, period_mark, period_mark_version
from storage.schema.year import subject


class SqlPeriodMarks(SqlResultStatistics):
    async def period_marks(self, student_ids: Collection[int], *, year_ids: Collection[int]) -> Sequence[PeriodMark]:
        of_years = (
            select_rows(period_mark, PeriodMark).where(period_mark.c.year_id.in_(year_ids)).order_by(period_mark.c.id)
        )
        return await fetch_rows_chunked(
            self._connection,
            PeriodMark,
            sorted(student_ids),
            lambda ids: of_years.where(period_mark.c.student_id.in_(ids)).order_by(period_mark.c.id),
        )

    async def clashing_terms(
        self, *, students: tuple[int, int] | None = None, subjects: tuple[int, int] | None = None
    ) -> int:
        of_students = [joining.select_differing_joined_terms(*students, period_mark.c.student_id)] if students else []
        of_subjects = [joining.select_differing_joined_terms(*subjects, period_mark.c.subject_id)] if subjects else []
        rows = [row for each in (*of_students, *of_subjects) for row in await self._connection.execute(each)]
        return sum(term_key(ours) == term_key(theirs) for ours, theirs in rows)

    async def write_mark(
        self, mark: PeriodMark, *, before: PeriodMark | None, version: PeriodMarkVersion
    ) -> PeriodMark:
        values = {name: value for name, value in asdict(mark).items() if name != "id"}
        try:
            if before is None:
                mark = replace(mark, id=await add_row(self._connection, period_mark, values))
            else:
                same = (period_mark.c.id == before.id) & (period_mark.c.version == before.version)
                changed = await self._connection.execute(update(period_mark).where(same).values(values))
                if changed.rowcount != 1:
                    raise ConflictError
            row = asdict(replace(version, period_mark_id=mark.id))
            del row["id"]
            await add_row(self._connection, period_mark_version, row)
        except IntegrityError:
            raise ConflictError from None
        return mark

    async def versions(self, period_mark_id: int) -> Sequence[PeriodMarkVersion]:
        of_mark = select_rows(period_mark_version, PeriodMarkVersion).where(
            period_mark_version.c.period_mark_id == period_mark_id
        )
        return await fetch_rows(self._connection, PeriodMarkVersion, of_mark.order_by(period_mark_version.c.version))

    async def published_results(self) -> Mapping[str, int]:
        published = (
            select(period_mark_version.c.period_mark_id, func.count())
            .where(period_mark_version.c.published)
            .group_by(period_mark_version.c.period_mark_id)
        )
        marks = {period_mark_fact_name(mark_id): count for mark_id, count in await self._connection.execute(published)}
        granted = await self._connection.scalars(select(deferral.c.id))
        return marks | {deferral_fact_name(deferral_id): 1 for deferral_id in granted}

    async def finals(self, student_id: int, scope: Scope, *, year_id: int) -> Sequence[tuple[PeriodMark, str]]:
        opened = (
            select(*row_columns(period_mark, PeriodMark), subject.c.name)
            .join(subject, subject.c.id == period_mark.c.subject_id)
            .where(period_mark.c.student_id == student_id, scope_opens_student(scope, period_mark.c.student_id))
            .where(period_mark.c.year_id == year_id, subject.c.joined_to.is_(None))
            .order_by(subject.c.name, period_mark.c.id)
        )
        return [(PeriodMark(*fields), name) for *fields, name in await self._connection.execute(opened)]
