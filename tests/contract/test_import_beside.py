"""Families are answered while a school's whole journal comes in beside the bot (Q120)."""

from pathlib import Path

from bot.bench.import_bench import create_import_bench_school, product_import
from bot.bench.import_beside import answers_beside_import
from bot.bench.schools.invented import invented_pupils, write_invented_journal

STUDENTS, LESSONS = 200, 30


async def test_questions_are_answered_while_a_journal_comes_in(tmp_path: Path) -> None:
    """90,000 marks in a process of its own, on SQLite, which has one writer; every question has its answer.

    How soon is printed and not judged: `vestnik bench import` measures the two seconds on a quiet machine.
    """
    school, journal = tmp_path / "school.db", tmp_path / "journal.csv"
    write_invented_journal(journal, invented_pupils(STUDENTS), lessons=LESSONS)
    await create_import_bench_school(tmp_path, school, STUDENTS)
    importing = {"work": product_import, "arguments": (str(journal), str(school))}
    found = await answers_beside_import(tmp_path, f"sqlite+aiosqlite:///{school}", importing)
    print(found)  # noqa: T201  # the measure
    assert found["imported_rows"] == STUDENTS * LESSONS * 15
    assert found["questions"] > 0
    assert found["unanswered"] == 0
