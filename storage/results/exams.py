"""Exams, results with their versions, codes of a ВПР and lowest passing scores, in SQL."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, func, insert, or_, select, update

from core.errors import ConflictError
from core.model.delivery.fact_names import exam_result_fact_name
from core.model.results.exams import Exam, ExamKind, ExamResult, ExamResultVersion
from core.rules.access import Scope
from core.rules.results.exams import version_of_exam_result
from storage.access.scopes import scope_in_class, scope_opens_student
from storage.database.repository import Repository
from storage.database.rows import add_row, fetch_rows, fetch_rows_chunked, row_columns, select_rows, upsert_rows
from storage.schema.imports import imported
from storage.schema.people import person
from storage.schema.results import exam, exam_code, exam_result, exam_result_version, exam_threshold
from storage.schema.year import enrolment, teaching_group


class SqlExams(Repository):
    async def exams(self, keys: Collection[str]) -> Sequence[Exam]:
        known = select_rows(exam, Exam).order_by(exam.c.id)
        return await fetch_rows_chunked(
            self._connection, Exam, sorted(keys), lambda some: known.where(exam.c.key.in_(some))
        )

    async def exams_by_id(self, exam_ids: Collection[int]) -> Sequence[Exam]:
        known = select_rows(exam, Exam).order_by(exam.c.id)
        return await fetch_rows_chunked(
            self._connection, Exam, sorted(exam_ids), lambda ids: known.where(exam.c.id.in_(ids))
        )

    async def put_exam(self, new: Exam) -> int:
        values = _without_id(new)
        if not new.id:
            return await add_row(self._connection, exam, values)
        await self._connection.execute(update(exam).where(exam.c.id == new.id).values(**values))
        return new.id

    async def results(self, exam_ids: Collection[int]) -> Sequence[ExamResult]:
        known = select_rows(exam_result, ExamResult).order_by(exam_result.c.id)
        return await fetch_rows_chunked(
            self._connection, ExamResult, sorted(exam_ids), lambda ids: known.where(exam_result.c.exam_id.in_(ids))
        )

    async def versions(self, result_ids: Collection[int]) -> Sequence[ExamResultVersion]:
        known = select_rows(exam_result_version, ExamResultVersion).order_by(exam_result_version.c.id)
        return await fetch_rows_chunked(
            self._connection,
            ExamResultVersion,
            sorted(result_ids),
            lambda ids: known.where(exam_result_version.c.result_id.in_(ids)),
        )

    async def put_results(self, results: Sequence[ExamResult]) -> Sequence[ExamResult]:
        for changed in (each for each in results if each.id):
            await self._change(changed)
        new = [each for each in results if not each.id]
        if new:
            await self._connection.execute(insert(exam_result), [_without_id(each) for each in new])
        ids = await self._ids({each.exam_id for each in new})
        written = [each if each.id else replace(each, id=ids[each.exam_id, each.student_id]) for each in results]
        if written:
            versions = [_without_id(version_of_exam_result(each)) for each in written]
            await self._connection.execute(insert(exam_result_version), versions)
        return written

    async def move_receipt(self, exam_id: int, was: Collection[datetime], to: datetime) -> None:
        own = (exam_result.c.exam_id == exam_id) & exam_result.c.published & exam_result.c.received_at.in_(was)
        await self._connection.execute(update(exam_result).where(own).values(received_at=to))

    async def _change(self, changed: ExamResult) -> None:
        same = (exam_result.c.id == changed.id) & (exam_result.c.version == changed.version - 1)
        written = await self._connection.execute(update(exam_result).where(same).values(**_without_id(changed)))
        if not written.rowcount:
            raise ConflictError

    async def _ids(self, exam_ids: Iterable[int]) -> Mapping[tuple[int, int], int]:
        return {(each.exam_id, each.student_id): each.id for each in await self.results(sorted(exam_ids))}

    async def has_file(self, sha256: str) -> bool:
        known = select(imported.c.id).where(imported.c.sha256 == sha256).limit(1)
        return (await self._connection.execute(known)).first() is not None

    async def codes(self, year_id: int) -> Mapping[tuple[str, str], int]:
        known = select(exam_code.c.code, exam_code.c.subject_key, exam_code.c.student_id)
        rows = await self._connection.execute(known.where(exam_code.c.year_id == year_id))
        return {(code, subject_key): student_id for code, subject_key, student_id in rows}

    async def put_codes(self, year_id: int, codes: Mapping[tuple[str, str], int]) -> int:
        known = await self.codes(year_id)
        changed = {key: student_id for key, student_id in codes.items() if known.get(key) != student_id}
        for (code, subject_key), student_id in changed.items():
            row = {"year_id": year_id, "code": code, "subject_key": subject_key, "student_id": student_id}
            new = upsert_rows(self._connection, exam_code).values(**row)
            await self._connection.execute(
                new.on_conflict_do_update(
                    index_elements=["year_id", "code", "subject_key"], set_={"student_id": student_id}
                )
            )
        return len(changed)

    async def thresholds(self) -> Mapping[tuple[ExamKind, str, int], int]:
        table = exam_threshold.c
        rows = await self._connection.execute(select(table.kind, table.subject_key, table.year, table.score))
        return {(kind, subject_key, year): score for kind, subject_key, year, score in rows}

    async def put_threshold(self, kind: ExamKind, subject_key: str, year: int, *, score: int) -> None:
        row = {"kind": kind, "subject_key": subject_key, "year": year, "score": score}
        new = upsert_rows(self._connection, exam_threshold).values(**row)
        await self._connection.execute(
            new.on_conflict_do_update(index_elements=["kind", "subject_key", "year"], set_={"score": score})
        )

    async def published_results(self) -> Mapping[str, int]:
        of_version = exam_result_version.c
        published = (
            select(of_version.result_id, func.count()).where(of_version.published).group_by(of_version.result_id)
        )
        return {
            exam_result_fact_name(result_id): count for result_id, count in await self._connection.execute(published)
        }

    async def of_student(self, student_id: int, scope: Scope) -> Sequence[tuple[Exam, ExamResult]]:
        opened = (
            select(*row_columns(exam, Exam), *row_columns(exam_result, ExamResult))
            .join(exam, exam.c.id == exam_result.c.exam_id)
            .where(exam_result.c.student_id == student_id, scope_opens_student(scope, exam_result.c.student_id))
            .order_by(exam.c.on.desc(), exam.c.id.desc())
        )
        return [_pair(row) for row in await self._connection.execute(opened)]

    async def listed(self, scope: Scope, *, since: date, limit: int) -> Sequence[Exam]:
        opened = exists().where(
            exam_result.c.exam_id == exam.c.id, scope_opens_student(scope, exam_result.c.student_id)
        )
        latest = (
            select_rows(exam, Exam)
            .where(or_(exam.c.on.is_(None), exam.c.on >= since), opened.correlate(exam))
            .order_by(exam.c.on.desc(), exam.c.id.desc())
            .limit(limit)
        )
        return await fetch_rows(self._connection, Exam, latest)

    async def of_exam(self, exam_id: int, scope: Scope, *, on: date) -> Sequence[tuple[Exam, ExamResult, str, str]]:
        place = (
            select(enrolment.c.student_id, teaching_group.c.name)
            .join(teaching_group, teaching_group.c.id == enrolment.c.group_id)
            .where(scope_in_class(on))
            .subquery()
        )
        opened = (
            select(*row_columns(exam, Exam), *row_columns(exam_result, ExamResult), person.c.name, place.c.name)
            .join(exam, exam.c.id == exam_result.c.exam_id)
            .join(person, person.c.id == exam_result.c.student_id)
            .outerjoin(place, place.c.student_id == exam_result.c.student_id)
            .where(exam.c.id == exam_id, person.c.joined_to.is_(None))
            .where(scope_opens_student(scope, exam_result.c.student_id))
            .order_by(place.c.name, person.c.name, exam_result.c.id)
        )
        rows = await self._connection.execute(opened)
        return [(*_pair(fields), name, class_name or "") for *fields, name, class_name in rows]

    async def clashing_results(self, students: tuple[int, int]) -> int:
        keep, gone = students
        mine, theirs = exam_result.alias("mine"), exam_result.alias("theirs")
        facts = ("primary", "score", "mark", "status")
        differs = [mine.c[name].is_distinct_from(theirs.c[name]) for name in facts]
        clash = (
            select(func.count())
            .select_from(mine.join(theirs, mine.c.exam_id == theirs.c.exam_id))
            .where(mine.c.student_id == keep, theirs.c.student_id == gone)
            .where(differs[0] | differs[1] | differs[2] | differs[3])
        )
        return await self._connection.scalar(clash) or 0


_EXAM_FIELDS = len(row_columns(exam, Exam))


def _pair(row: Sequence[Any]) -> tuple[Exam, ExamResult]:
    return Exam(*row[:_EXAM_FIELDS]), ExamResult(*row[_EXAM_FIELDS:])


def _without_id(noun: Any) -> dict[str, Any]:
    """The columns of a noun, without the id that the database gives."""
    return {name: value for name, value in asdict(noun).items() if name != "id"}
