"""A school that is in use takes new tables and keeps every row; a step can be taken back."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.database.engine import WRITE_LOCK, create_database_engine
from storage.schema import MIGRATIONS, upgrade_schema
from storage.schema.audit import audit_head
from storage.schema.delivery import obligation
from storage.schema.register import consent_entry, contact
from tests.support.migrated_once import MigratedOnce, database_statements

BEFORE, AFTER = "0008", "0009"
NOTICE = """
INSERT INTO notice (id, student_id, kind, fact, notice, received_at, published_at)
VALUES (1, 1, 'marks', 'entry:1', '[]', '2026-11-20 09:00:00+00:00', '2026-11-20 09:00:00+00:00')
"""


@pytest.fixture
async def engine(request: pytest.FixtureRequest, store_url: str, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """An empty database of each kind."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
    if not store_url.startswith("sqlite"):
        url = request.getfixturevalue("postgres").create_database()
    engine = create_database_engine(url).execution_options(**{WRITE_LOCK: True})
    yield engine
    await engine.dispose()


def _downgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.downgrade(config, BEFORE)


async def _run(engine: AsyncEngine, work: Callable[[Connection], object]) -> object:
    async with engine.begin() as connection:
        return await connection.run_sync(work)


async def test_a_new_school_of_the_other_tests_is_like_a_migrated_one(tmp_path: Path) -> None:
    """Elsewhere in the tests only the first school of a process is migrated; the rest are made like it."""
    upgrade = MigratedOnce(upgrade_schema)
    trails, made = [], []
    for number in range(3):
        engine = create_database_engine(f"sqlite+aiosqlite:///{tmp_path / str(number)}.db")
        async with engine.execution_options(**{WRITE_LOCK: True}).begin() as connection:
            await connection.run_sync(upgrade)
            trails.append((await connection.execute(select(audit_head.c.trail))).scalar_one())
            made.append([each.replace(trails[-1], "") for each in await connection.run_sync(database_statements)])
        await engine.dispose()
    assert len(set(trails)) == 3
    assert made == [made[0]] * 3


def _student_may_be_missing(connection: Connection) -> bool:
    (column,) = [each for each in inspect(connection).get_columns("notice") if each["name"] == "student_id"]
    return bool(column["nullable"])


async def test_notices_of_a_school_in_use_stay_when_staff_may_be_told(engine: AsyncEngine) -> None:
    """Forth and back, every row stays; a notice without a student is possible only after the step."""
    await _run(engine, lambda connection: upgrade_schema(connection, BEFORE))
    async with engine.begin() as connection:
        await connection.execute(
            text("INSERT INTO person (id, name, name_key, language) VALUES (1, 'Имя', 'имя', 'ru')")
        )
        await connection.execute(text("INSERT INTO student (id, own_account) VALUES (1, false)"))
        await connection.execute(text(NOTICE))
    seen = [await _run(engine, _student_may_be_missing)]
    for step in (lambda connection: upgrade_schema(connection, AFTER), _downgrade, upgrade_schema):
        await _run(engine, step)
        seen.append(await _run(engine, _student_may_be_missing))
        async with engine.connect() as connection:
            assert (await connection.execute(text("SELECT fact FROM notice"))).scalars().all() == ["entry:1"]
    assert seen == [False, True, False, True]


DOUBLED = """
INSERT INTO person (id, name, name_key, language) VALUES (1, 'Сын', 'сын', 'ru'), (2, 'Мать', 'мать', 'ru'),
    (3, 'Учитель', 'учитель', 'ru'), (4, 'Сын', 'сын', 'ru');
INSERT INTO student (id, own_account) VALUES (1, false), (4, false);
INSERT INTO teaching_group (id, kind, name, name_key) VALUES (1, 'class', '8Б', '8б'), (2, 'class', '8Б', '8б');
INSERT INTO enrolment (id, student_id, group_id) VALUES (1, 1, 1), (2, 1, 2), (3, 4, 2);
INSERT INTO staff_role (id, person_id, role, group_id) VALUES (1, 3, 'class_teacher', 1), (2, 3, 'class_teacher', 2),
    (3, 3, 'secretary', NULL), (4, 3, 'secretary', NULL);
INSERT INTO bell_choice (id, group_id, "on", variant) VALUES (1, 1, '2026-11-20', 'a'), (2, 2, '2026-11-20', 'a');
INSERT INTO guardianship (id, guardian_id, student_id, relation, access) VALUES (1, 2, 1, 'мать', true),
    (2, 2, 1, 'мать', false);
INSERT INTO contact (id, person_id, channel, address, rank, origin) VALUES (1, 2, 'email', 'm@example.org', 0, 'form'),
    (2, 2, 'email', 'm@example.org', 0, 'form');
INSERT INTO confirmation (id, contact_id, form, document, accepted_by, accepted_at)
    VALUES (1, 2, 'paper', '17', 'С', '2026-09-01T09:00:00.000000+00:00')
"""
"""What four imports at once left behind: classes, places, roles, links and contacts twice, one link barred."""

LEFT = {
    "SELECT id FROM teaching_group": [1],
    "SELECT id FROM enrolment WHERE group_id = 1 ORDER BY id": [1, 3],
    "SELECT id FROM staff_role ORDER BY id": [1, 3],
    "SELECT group_id FROM bell_choice": [1],
    "SELECT CASE WHEN access THEN 'open' ELSE 'barred' END FROM guardianship": ["barred"],
    "SELECT id FROM contact WHERE revoked_at IS NULL": [1],
    "SELECT contact_id FROM confirmation": [1],
    "SELECT id FROM person ORDER BY id": [1, 2, 3, 4],
}


async def test_what_was_doubled_becomes_one_when_unique_keys_come(engine: AsyncEngine) -> None:
    """Rows of one thing are joined, a bar stays, a proof goes to the address that stays; persons wait for a person."""
    await _run(engine, lambda connection: upgrade_schema(connection, "0015"))
    async with engine.begin() as connection:
        for statement in DOUBLED.split(";"):
            await connection.execute(text(statement))
    await _run(engine, upgrade_schema)
    async with engine.connect() as connection:
        for question, answer in LEFT.items():
            assert (question, list(await connection.scalars(text(question)))) == (question, answer)
        revoked = await connection.execute(select(contact.c.revoked_at).where(contact.c.id == 2))
        assert getattr(revoked.scalar_one(), "tzinfo", None) is not None


CLOSED = """
INSERT INTO person (id, name, name_key, language) VALUES (1, 'Сын', 'сын', 'ru'), (2, 'Мать', 'мать', 'ru');
INSERT INTO student (id, own_account) VALUES (1, false);
INSERT INTO notice (id, student_id, kind, fact, notice, received_at, published_at)
    VALUES (1, 1, 'exams', 'exam_result:1', '[]', '2026-11-20 09:00:00+00:00', '2026-11-20 09:00:00+00:00');
INSERT INTO obligation (id, notice_id, person_id, student_id, kind, received_at, due, state, closed_at) VALUES
    (1, 1, 1, 1, 'exams', '2026-11-20T09:00:00.000000+00:00', '2026-11-21T09:00:00.000000+00:00', 'closed',
     '2026-11-21 09:00:01+00:00'),
    (2, 1, 2, 1, 'exams', '2026-11-20T09:00:00.000000+00:00', '2026-11-21T09:00:00.000000+00:00', 'closed',
     '2026-11-21 09:00:01.000000+00:00')
"""
"""Two obligations that were closed a second too late, as SQLite kept these moments before revision 0029."""


async def test_what_was_closed_late_is_late_after_the_step(engine: AsyncEngine) -> None:
    """Moments of closing get the one form whose order is the order in time (Q75)."""
    await _run(engine, lambda connection: upgrade_schema(connection, "0028"))
    async with engine.begin() as connection:
        for statement in CLOSED.split(";"):
            await connection.execute(text(statement))
    await _run(engine, upgrade_schema)
    late = select(obligation.c.id).where(obligation.c.closed_at > obligation.c.due).order_by(obligation.c.id)
    async with engine.connect() as connection:
        assert list(await connection.scalars(late)) == [1, 2]


SIGNED = """
INSERT INTO person (id, name, name_key, language) VALUES (1, 'Сын', 'сын', 'ru'), (2, 'Мать', 'мать', 'ru');
INSERT INTO student (id, own_account) VALUES (1, false);
INSERT INTO contact (id, person_id, channel, address, rank, origin) VALUES (1, 2, 'pigeon', 'крыша', 0, 'form');
INSERT INTO consent_entry (id, number, person_id, student_id, decision, decided_on, form, document, registered_by,
    registered_at)
    VALUES (1, '2026-0001', 2, 1, 'consent', '2026-09-01', 'paper', '17', 'С', '2026-09-01 09:00:00+00:00')
"""


async def test_what_was_signed_earlier_names_the_channels_of_then(engine: AsyncEngine) -> None:
    """A consent older than MAX opens no MAX, but all that the school used; it still cannot be changed (Q6, Q140)."""
    await _run(engine, lambda connection: upgrade_schema(connection, "0039"))
    async with engine.begin() as connection:
        for statement in SIGNED.split(";"):
            await connection.execute(text(statement))
    await _run(engine, upgrade_schema)
    async with engine.connect() as connection:
        named = (await connection.execute(select(consent_entry.c.channels))).scalar_one()
    assert named == ("email", "pigeon", "sms", "telegram")
    with pytest.raises(DBAPIError, match="only grows"):
        await _run(engine, lambda connection: connection.execute(text("UPDATE consent_entry SET document = '18'")))
