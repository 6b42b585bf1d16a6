"""Checks an installation and lists all faults, each with its remedy."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from bot import anchor
from bot.app import App, bootstrap, require_policy
from bot.messengers import line_of, webhook_server
from bot.processes import open_worker
from bot.settings import CatalogueSentence, Settings, SettingsError
from core.actions import restoring
from core.errors import SchoolError
from notifiers.discovery import declared_channels
from storage import closed_files
from storage.database.revision import (
    DamagedDatabaseError,
    WrongDatabaseError,
    is_database_whole,
    require_current_revision,
)

TIMEOUT = 15.0
"""Seconds for the database or a channel; an address that never answers would take a minute."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding; a feature that is not configured is no fault."""

    sentence: CatalogueSentence
    is_fault: bool = True


Check = Callable[[App], Awaitable[Sequence[Finding]]]


async def examine(settings: Settings) -> Sequence[Finding]:
    """Check permissions of files, then the rest. A check that fails is a finding, and the others run."""
    found = _files(settings)
    app = bootstrap(settings)
    try:
        for name, check in _CHECKS.items():
            found += await _guarded(name, check, app)
    finally:
        await app.engine.dispose()
    return found


async def _guarded(name: str, check: Check, app: App) -> Sequence[Finding]:
    """Run one check; any error becomes a finding, an unexpected one with its type only (Q103)."""
    try:
        return await check(app)
    except TimeoutError:
        return [_finding("doctor.no_answer", check=CatalogueSentence(f"doctor.check.{name}"))]
    except SettingsError as wrong:
        return [Finding(fault) for fault in wrong.faults]
    except Exception as error:  # noqa: BLE001  # unexpected errors are findings too
        return [_finding("doctor.failed", check=CatalogueSentence(f"doctor.check.{name}"), type=type(error).__name__)]


def _files(settings: Settings) -> list[Finding]:
    """Permissions of the data folder and its files, and of a database elsewhere and its folder."""
    data = settings.data
    beside = sorted(data.iterdir()) if data.is_dir() else []
    elsewhere = [file for file in settings.database_files if file.parent != data]
    folders = [data, *(file.parent for file in elsewhere[:1])]
    return [
        *(_finding("doctor.folder_open", folder=str(each)) for each in folders if closed_files.is_open_to_others(each)),
        *(
            _finding("doctor.file_open", file=each.name)
            for each in (*beside, *elsewhere)
            if closed_files.is_open_to_others(each)
        ),
    ]


async def _settings(app: App) -> Sequence[Finding]:
    """The choices that the settings need; their values were checked when they were read. SettingsError."""
    require_policy(app.settings)
    return []


async def _database(app: App) -> Sequence[Finding]:
    """Version, integrity and audit trail of the database; a damaged database is not read further."""
    try:
        async with asyncio.timeout(TIMEOUT):
            await require_current_revision(app.engine)
        if not await is_database_whole(app.engine):
            raise DamagedDatabaseError
    except WrongDatabaseError as wrong:
        return [_finding(f"error.{type(wrong).__name__}")]
    except SchoolError:
        return [_finding("doctor.no_database")]
    return [*await _trail(app), *await _held(app)]


async def _trail(app: App) -> Sequence[Finding]:
    fault = await anchor.fault(app)
    return [] if fault is None else [_finding(fault.key, **{name: str(fact) for name, fact in fault.facts.items()})]


async def _held(app: App) -> Sequence[Finding]:
    """Messages that a restore has held and that wait for a decision (Q124)."""
    async with app.open_uow(reading=True) as uow:
        held = await restoring.count_held(uow)
    count = sum(each.count for each in held.kinds) + held.broadcasts
    return [_finding("doctor.held", count=str(count))] if held else []


async def _channels(app: App) -> Sequence[Finding]:
    """Open and close the channels without sending, and list them. A missing content policy is found by the settings."""
    if app.settings.missing_policies():
        return []
    async with asyncio.timeout(TIMEOUT), open_worker(app) as worker:
        is_open = worker.channels.keys()
    return [_channel(name, app.settings, is_open=name in is_open) for name in sorted(declared_channels())]


async def _messengers(app: App) -> Sequence[Finding]:
    """What a messenger that can be asked says is wrong with the bot there."""
    found: list[Finding] = []
    for name in app.settings.offered_messengers():
        if find_spec(f"bot.{name}.health") is not None:
            health = import_module(f"bot.{name}.health")
            line = line_of(name, app.settings, webhook_server(app.settings))
            async with asyncio.timeout(TIMEOUT):
                found += [Finding(fault) for fault in await health.faults(line, now=app.clock())]
    return found


def _channel(name: str, settings: Settings, *, is_open: bool) -> Finding:
    label = CatalogueSentence(f"channel.{name}") if declared_channels()[name].label else name
    if is_open:
        return Finding(CatalogueSentence.of("doctor.channel_ready", channel=label), is_fault=False)
    missing = CatalogueSentence.of("doctor.channel_missing", channel=label, setting=settings.channel_setting(name))
    return Finding(missing, is_fault=False)


def _finding(key: str, /, **facts: str | CatalogueSentence) -> Finding:
    return Finding(CatalogueSentence.of(key, **facts))


_CHECKS: dict[str, Check] = {
    "settings": _settings,
    "database": _database,
    "channels": _channels,
    "messengers": _messengers,
}
