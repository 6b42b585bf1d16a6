"""A copy every night, kept for 30 days, and once a month the proof that it can be restored (Q104)."""

import stat
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import App, open_app
from bot.nightly_copies import check_newest_nightly_copy, write_nightly_copy
from bot.settings import SettingsFromArguments
from core.actions import backups
from core.model.delivery.fact_names import faulty_copy_fact_name
from core.model.notices.staff import CopyFaulty
from core.model.people import Role
from notifiers.words.texts import compose_text
from storage.backup.copies import backup_copy_fault
from storage.backup.rotation import nightly_backups_in_rotation, rotate_nightly_backup
from tests.support.delivery.fakes import Clock
from tests.support.delivery.parcels import ENGLISH, KEY, NOBODY, RUSSIAN, parcel

NIGHT = datetime(2026, 11, 20, 0, 30, tzinfo=UTC)
"""03:30 in Moscow."""


@pytest.fixture
def clock() -> Clock:
    return Clock(NIGHT)


@pytest.fixture
async def app(sqlite_url: str, tmp_path: Path, clock: Clock) -> AsyncIterator[App]:
    """A school on SQLite with a deputy head."""
    given = SettingsFromArguments.of(data=tmp_path / "data", database_url=sqlite_url)
    async with open_app(given, clock=clock) as school:
        async with school.open_uow() as uow:
            person = await uow.people.add("Белова Тамара Ильинична", "белова тамара ильинична")
            await uow.people.add_staff_role(person, Role.DEPUTY_HEAD, group_id=None)
            await uow.commit()
        yield school


def copies(app: App) -> Sequence[Path]:
    return nightly_backups_in_rotation(app.settings.backup_folder)


async def told(app: App, on: date) -> list[object]:
    async with app.open_uow(reading=True) as uow:
        return [each.notice for each in await uow.outbox.published_as(faulty_copy_fact_name(on))]


async def test_a_copy_of_each_night_is_kept_for_thirty_days(app: App, clock: Clock) -> None:
    """Of 40 nights the last 31 copies remain, each its owner's alone; other files of the folder stay (Q104, Q126)."""
    app.settings.backup_folder.mkdir(mode=0o700)
    (app.settings.backup_folder / "own.db").touch()
    for copy in (date(2026, 11, 20) - timedelta(days=days) for days in range(1, 40)):
        (app.settings.backup_folder / f"vestnik-{copy}.copy").touch()
    await write_nightly_copy(app)
    assert [copies(app)[0].name, copies(app)[-1].name] == ["vestnik-2026-10-21.copy", "vestnik-2026-11-20.copy"]
    assert len(copies(app)) == 31
    assert (app.settings.backup_folder / "own.db").exists()
    assert stat.S_IMODE(copies(app)[-1].stat().st_mode) == 0o600
    assert clock.now == NIGHT


async def test_postgresql_is_copied_and_rotated_alike(store_url: str, tmp_path: Path) -> None:
    """By pg_dump there: the copy can be restored, and what is older than 30 days is gone (Q104)."""
    folder, night = tmp_path / "copies", date(2026, 11, 20)
    folder.mkdir(mode=0o700)
    for days in (29, 30, 31):
        (folder / f"vestnik-{night - timedelta(days=days)}.copy").touch()
    copy = await rotate_nightly_backup(store_url, folder, night)
    assert await backup_copy_fault(copy) is None
    kept = [each.name for each in nightly_backups_in_rotation(folder)]
    assert kept == ["vestnik-2026-10-21.copy", "vestnik-2026-10-22.copy", "vestnik-2026-11-20.copy"]


async def test_a_night_that_is_copied_again_replaces_its_copy(app: App) -> None:
    """What a killed run left unfinished is no copy and is in nobody's way (Q104)."""
    app.settings.backup_folder.mkdir(mode=0o700)
    (app.settings.backup_folder / "vestnik-2026-11-20.part").write_bytes(b"torn")
    for _ in range(2):
        await write_nightly_copy(app)
    assert [each.name for each in app.settings.backup_folder.iterdir()] == ["vestnik-2026-11-20.copy"]
    await check_newest_nightly_copy(app)
    assert await told(app, NIGHT.date()) == []


async def test_the_newest_copy_is_kept_however_old_it_is(app: App, clock: Clock) -> None:
    """A school that was closed for a summer does not lose its last copy before it has the next (Q104)."""
    await write_nightly_copy(app)
    clock.advance(days=90)
    await write_nightly_copy(app)
    assert [each.name for each in copies(app)] == ["vestnik-2027-02-18.copy"]


async def test_a_copy_is_checked_once_a_month(app: App, clock: Clock) -> None:
    """A sound one counts for its month; the next month is checked anew, and the trail says so (Q104)."""
    await write_nightly_copy(app)
    await check_newest_nightly_copy(app)
    copies(app)[-1].write_bytes(b"torn")
    await check_newest_nightly_copy(app)
    assert await told(app, NIGHT.date()) == []
    async with app.open_uow(reading=True) as uow:
        assert [line.action for line in await uow.audit.lines(limit=9)].count("restore.checked") == 1
    december = clock.advance(days=11).date()
    await check_newest_nightly_copy(app)
    await check_newest_nightly_copy(app)
    assert await told(app, december) == [CopyFaulty(december, is_written=True)]
    async with app.open_uow(reading=True) as uow:
        assert await backups.is_backup_check_due(uow, on=december)


async def test_a_copy_that_cannot_be_written_is_told_once(app: App) -> None:
    """The job is tried again and again, the deputy head hears of it once a date (Q104)."""
    app.settings.backup_folder.write_text("no folder")
    for _ in range(2):
        with pytest.raises(OSError, match=r"exists|directory"):
            await write_nightly_copy(app)
    assert await told(app, NIGHT.date()) == [CopyFaulty(NIGHT.date(), is_written=False)]
    await check_newest_nightly_copy(app)


def test_the_warning_says_what_to_do() -> None:
    """In both languages, and nobody is named (Q104)."""
    for is_written, words in ((True, "restore --check"), (False, "")):
        for t in (RUSSIAN, ENGLISH):
            text = compose_text(parcel((NOBODY, CopyFaulty(NIGHT.date(), is_written))), t, key=KEY)
            assert words in text.sections[0].lines[0]
            assert not text.unsubscribable
