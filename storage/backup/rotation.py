"""The nightly copies in their folder: how they are named, which is the newest, which are too old to be kept (Q104)."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from storage import closed_files
from storage.backup.copies import write_backup_copy
from storage.database.engine import create_database_engine
from storage.database.revision import NoTablesError, OlderDatabaseError, require_current_revision

KEPT = timedelta(days=30)
"""How long a nightly copy is kept; the newest one is kept however old it is."""

_NAME = re.compile(r"vestnik-(\d{4}-\d{2}-\d{2})\.copy")


async def rotate_nightly_backup(url: str, folder: Path, night: date) -> Path:
    """Writes the copy of a night, then deletes those that are too old; returns the copy's path.

    The copy gets its name once it is whole, so a killed run leaves none behind. Raises what `write_backup_copy` raises.
    """
    closed_files.make_closed_folder(folder)
    target = folder / f"vestnik-{night.isoformat()}.copy"
    draft = target.with_suffix(".part")
    draft.unlink(missing_ok=True)
    try:
        await write_backup_copy(url, draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    for old in [each for each in nightly_backups_in_rotation(folder)[:-1] if _night(each) < night - KEPT]:
        old.unlink(missing_ok=True)
    return target


async def back_up_before_migration(url: str, folder: Path, *, now: datetime) -> Path | None:
    """Copies a database of an older version before it is migrated; None where it is new or needs no migration.

    Such a copy is kept until somebody deletes it. Raises what `write_backup_copy` raises.
    """
    engine = create_database_engine(url)
    try:
        await require_current_revision(engine)
    except OlderDatabaseError:
        pass
    except NoTablesError:
        return None
    else:
        return None
    finally:
        await engine.dispose()
    closed_files.make_closed_folder(folder)
    target = folder / f"before-migration-{now:%Y-%m-%dT%H%M%SZ}.copy"
    await write_backup_copy(url, target)
    return target


def nightly_backups_in_rotation(folder: Path) -> Sequence[Path]:
    """The nightly copies of a folder, oldest first; other files in it are none of ours."""
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted((each for each in found if _NAME.fullmatch(each.name)), key=_night)


def _night(copy: Path) -> date:
    (night,) = _NAME.fullmatch(copy.name).groups()  # type: ignore[union-attr]  # only such files are asked for
    return date.fromisoformat(night)
