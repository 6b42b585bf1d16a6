"""`vestnik bench statistics`: all statistics of a school of 1,000 students, beside bare SQL aggregates.

All statistics are those of lessons (every class, subject, group, term and type), of results (every class, parallel,
teacher, subject and term) and the lists of all terms. Each run is a new process with its modules imported.
"""

import statistics
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bot.app import freeze_app_objects
from bot.bench.peers.child import measure_in_child_process
from bot.bench.peers.postgres import postgres_and_sqlite_databases
from bot.bench.schools.marked_year import TODAY, fill_marked_year
from core.actions.results import lesson_statistics, result_statistics
from core.model.people import SYSTEM
from core.model.results.statistics import Wanted
from storage.database.engine import create_database_engine
from storage.schema import migrate_schema
from storage.schema.marks import entry
from storage.schema.results import period_mark
from storage.schema.timetable import template_lesson
from storage.schema.year import enrolment, teaching_group
from storage.unit_of_work import unit_of_work_factory

STUDENTS, MARKS_A_SUBJECT, RUNS = 1000, 30, 3
ALLOWED_SECONDS = 2.0
ALLOWED_GROWTH = 2.0


async def measure_statistics_bench(
    *, students: int = STUDENTS, marks_a_subject: int = MARKS_A_SUBJECT, runs: int = RUNS
) -> Mapping[str, object]:
    """Medians in seconds by kind of database, peaks in MiB, and how the time grows for twice the school."""
    rows = []
    with (
        tempfile.TemporaryDirectory(prefix="vestnik-bench-") as name,
        postgres_and_sqlite_databases(Path(name)) as kinds,
    ):
        for kind, server in kinds.items():
            sizes = [
                await _measure_size(server.create(f"statistics{size}"), students * size, marks_a_subject, runs)
                for size in (1, 2)
            ]
            rows += [{"database": kind, **each} for each in sizes]
    growth = {
        once["database"]: round(twice["seconds"] / once["seconds"], 2)
        for once, twice in zip(rows[::2], rows[1::2], strict=True)
    }
    slowest = max(row["seconds"] for row in rows[::2])
    return {
        "runs": runs,
        "measured": rows,
        **{f"growth_{kind}": times for kind, times in growth.items()},
        "allowed_growth": ALLOWED_GROWTH,
        "allowed_seconds": ALLOWED_SECONDS,
        "ok": slowest <= ALLOWED_SECONDS and max(growth.values()) <= ALLOWED_GROWTH,
    }


async def _measure_size(url: str, students: int, marks_a_subject: int, runs: int) -> dict[str, Any]:
    await migrate_schema(url)
    await fill_marked_year(url, students=students, marks_a_subject=marks_a_subject)
    ours = [await measure_in_child_process(_all_statistics, url) for _ in range(runs)]
    bare = [await measure_in_child_process(_bare_aggregates, url) for _ in range(runs)]
    medians = {
        key: round(statistics.median(each[key] for each in ours), 2)
        for key in ("seconds", "cpu_seconds", "lessons_seconds", "results_seconds", "lists_seconds")
    }
    return {
        "students": students,
        **{name: bare[0][name] for name in ("marks", "final_marks")},
        "lessons": ours[0]["lessons"],
        **medians,
        "bare_seconds": round(statistics.median(each["seconds"] for each in bare), 2),
        "rows": ours[0]["rows"],
        "peak_mib": max(each["peak_mib"] for each in ours),
        "bare_peak_mib": max(each["peak_mib"] for each in bare),
    }


async def _all_statistics(url: str) -> dict[str, float]:
    """What `vestnik statistics` computes between opening the database and printing."""
    engine = create_database_engine(url)
    freeze_app_objects()
    async with unit_of_work_factory(engine)(reading=True) as uow:
        started, cpu_before = time.perf_counter(), time.process_time()
        lessons = await lesson_statistics.load_lesson_statistics(uow, SYSTEM, on=TODAY)
        counted = time.perf_counter()
        results = await result_statistics.load_result_statistics(uow, SYSTEM, on=TODAY)
        summed = time.perf_counter()
        lists = await result_statistics.load_result_student_lists(uow, SYSTEM, on=TODAY, wanted=Wanted())
        ended, cpu_after = time.perf_counter(), time.process_time()
    await engine.dispose()
    held = sum(row.held for row in lessons if row.term == "year" and row.lesson_type is None)
    return {
        "seconds": ended - started,
        "cpu_seconds": cpu_after - cpu_before,
        "lessons_seconds": counted - started,
        "results_seconds": summed - counted,
        "lists_seconds": ended - summed,
        "lessons": held,
        "rows": len(lessons) + len(results) + len(lists.listed),
    }


async def _bare_aggregates(url: str) -> dict[str, float]:
    """The same tables, summed up by SQL alone: final marks and marks by class and subject, lessons of the template."""
    in_class = enrolment.c.student_id, enrolment.c.group_id
    of_class = select(*in_class).join(teaching_group).where(teaching_group.c.subject_id.is_(None)).subquery()
    finals = (period_mark.c.subject_id, period_mark.c.term, period_mark.c.value)
    statements = (
        select(of_class.c.group_id, *finals, func.count())
        .join(period_mark, period_mark.c.student_id == of_class.c.student_id)
        .group_by(of_class.c.group_id, *finals),
        select(of_class.c.group_id, entry.c.subject_id, entry.c.value, func.count())
        .join(entry, entry.c.student_id == of_class.c.student_id)
        .group_by(of_class.c.group_id, entry.c.subject_id, entry.c.value),
        select(template_lesson.c.group_id, template_lesson.c.subject_id, func.count()).group_by(
            template_lesson.c.group_id, template_lesson.c.subject_id
        ),
    )
    engine = create_database_engine(url)
    async with engine.connect() as connection:
        started = time.perf_counter()
        counts = [sum(row[-1] for row in await connection.execute(each)) for each in statements]
        ended = time.perf_counter()
    await engine.dispose()
    return {"seconds": ended - started, "final_marks": counts[0], "marks": counts[1]}
