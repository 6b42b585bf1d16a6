"""`vestnik bench import`: 450,000 marks of a school's own table, compared with a program that only stores the rows.

The product also parses, checks and matches every row, stores versions and writes the audit line; the people are known.
Both run in new processes with their modules imported; the time is from opening the file to the end of the commit.
"""

import shutil
import statistics
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.app import freeze_app_objects
from bot.bench.bare.baselines import bare_import_baseline
from bot.bench.import_beside import LONGEST_WAIT, answers_beside_import
from bot.bench.peers.child import MeasurementFailedError, measure_in_child_process
from bot.bench.schools.database import bench_database_url, migrated_bench_database
from bot.bench.schools.invented import invented_pupils, write_invented_journal, write_invented_students
from bot.clocks import utc_clock
from bot.imports.files import read_import_files
from core.actions.imports import journal as journal_import
from core.actions.imports import people as people_import
from core.model.people import SYSTEM
from core.rules.delivery.timing import Policy
from storage.database.engine import create_database_engine
from storage.unit_of_work import unit_of_work_factory

STUDENTS, LESSONS = 1000, 30
RUNS = 5
ALLOWED_RATIO = 3.0


async def measure_import_bench(
    *, students: int = STUDENTS, lessons: int = LESSONS, runs: int = RUNS
) -> Mapping[str, object]:
    """Medians of alternating runs, seconds; peaks in MiB; and how long the bot's answers take beside one more import.

    `ok` if the ratio and the longest wait are within the allowed ones.
    """
    with tempfile.TemporaryDirectory(prefix="vestnik-bench-") as name:
        folder = Path(name)
        journal, school = folder / "journal.csv", folder / "school.db"
        write_invented_journal(journal, invented_pupils(students), lessons=lessons)
        await create_import_bench_school(folder, school, students)
        bare, ours = [], []
        for number in range(runs):
            bare.append(
                await measure_in_child_process(bare_import_baseline, str(journal), str(folder / f"bare{number}.db"))
            )
            shutil.copy(school, folder / f"ours{number}.db")
            ours.append(await measure_in_child_process(product_import, str(journal), str(folder / f"ours{number}.db")))
        importing = {"work": product_import, "arguments": (str(journal), str(school))}
        beside = await answers_beside_import(folder, bench_database_url(school), importing)
    return _figures(ours, bare, beside)


async def product_import(journal: str, database: str) -> dict[str, float]:
    """What `vestnik import journal` does between reading its settings and printing its report."""
    engine = create_database_engine(bench_database_url(Path(database)))
    started = time.perf_counter()
    files = read_import_files([Path(journal)])
    freeze_app_objects()
    read_at = time.perf_counter()
    async with unit_of_work_factory(engine)(reading=True) as uow:
        result = await journal_import.import_journal(uow, SYSTEM, files, now=utc_clock(), policy=Policy())
    ended = time.perf_counter()
    await engine.dispose()
    if not result.ok:
        raise MeasurementFailedError
    recorded = sum(file.counts.recorded for file in result.files)
    return {"seconds": ended - started, "reading": read_at - started, "rows": recorded}


async def create_import_bench_school(folder: Path, school: Path, students: int) -> None:
    """Creates a school with the journal's students."""
    people = folder / "students.csv"
    write_invented_students(people, invented_pupils(students))
    async with migrated_bench_database(bench_database_url(school)) as open_uow, open_uow() as uow:
        result = await people_import.import_people(
            uow, SYSTEM, read_import_files([people]), now=utc_clock(), policy=Policy()
        )
    if not result.ok:
        raise MeasurementFailedError


def _figures(
    ours: list[dict[str, Any]], bare: list[dict[str, Any]], beside: Mapping[str, float]
) -> Mapping[str, object]:
    ratio = _median(ours, "seconds") / _median(bare, "seconds")
    return {
        "rows": ours[0]["rows"],
        "runs": len(ours),
        "product_seconds": round(_median(ours, "seconds"), 2),
        "product_reading_seconds": round(_median(ours, "reading"), 2),
        "baseline_seconds": round(_median(bare, "seconds"), 2),
        "ratio": round(ratio, 2),
        "allowed_ratio": ALLOWED_RATIO,
        "product_peak_mib": max(each["peak_mib"] for each in ours),
        "baseline_peak_mib": max(each["peak_mib"] for each in bare),
        "questions_beside": beside["questions"],
        "unanswered_beside": beside["unanswered"],
        "longest_wait_beside": beside["longest_wait"],
        "allowed_wait": LONGEST_WAIT,
        "ok": ratio <= ALLOWED_RATIO and beside["longest_wait"] <= LONGEST_WAIT and not beside["unanswered"],
    }


def _median(runs: list[dict[str, Any]], key: str) -> float:
    return statistics.median(float(each[key]) for each in runs)
