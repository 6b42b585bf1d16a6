"""Checks an installation and lists all faults, each with its remedy."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from importlib import import_module
from importlib.util import find_spec

from bot import anchor
from bot.app import App, bootstrap, require_policy
from bot.doctor.findings import Finding, fault, hint
from bot.doctor.peers import TIMEOUT, channel_findings, disk_findings, mailbox_findings
from bot.doctor.running import running_findings
from bot.doctor.school import school_findings
from bot.messengers import line_of, webhook_server
from bot.paper.printer import PrinterError, check_printer
from bot.settings import CatalogueSentence, Settings, SettingsError
from core.actions import restoring
from core.errors import SchoolError
from storage import closed_files
from storage.database.revision import (
    LATEST,
    DamagedDatabaseError,
    WrongDatabaseError,
    is_database_whole,
    require_current_revision,
)

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
        return [fault("doctor.no_answer", check=CatalogueSentence(f"doctor.check.{name}"))]
    except SettingsError as wrong:
        return [Finding(sentence) for sentence in wrong.faults]
    except Exception as error:  # noqa: BLE001  # unexpected errors are findings too
        return [fault("doctor.failed", check=CatalogueSentence(f"doctor.check.{name}"), type=type(error).__name__)]


def _files(settings: Settings) -> list[Finding]:
    """Permissions of the data folder and its files, and of a database elsewhere and its folder."""
    data = settings.data
    beside = sorted(data.iterdir()) if data.is_dir() else []
    elsewhere = [file for file in settings.database_files if file.parent != data]
    folders = [data, *(file.parent for file in elsewhere[:1])]
    return [
        *(fault("doctor.folder_open", folder=str(each)) for each in folders if closed_files.is_open_to_others(each)),
        *(
            fault("doctor.file_open", file=each.name)
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
        return [fault(f"error.{type(wrong).__name__}")]
    except SchoolError:
        return [fault("doctor.no_database")]
    return [
        hint("doctor.version", revision=LATEST),
        *await _trail(app),
        *await _held(app),
        *await school_findings(app),
    ]


async def _trail(app: App) -> Sequence[Finding]:
    wrong = await anchor.fault(app)
    return [] if wrong is None else [fault(wrong.key, **{name: str(fact) for name, fact in wrong.facts.items()})]


async def _held(app: App) -> Sequence[Finding]:
    """Messages that a restore has held and that wait for a decision (Q124)."""
    async with app.open_uow(reading=True) as uow:
        held = await restoring.count_held(uow)
    count = sum(each.count for each in held.kinds) + held.broadcasts
    return [fault("doctor.held", count=str(count))] if held else []


async def _printer(app: App) -> Sequence[Finding]:
    """The folder or the queue of the printer; nothing is printed."""
    printer = app.settings.printer
    if printer is None:
        return []
    try:
        await asyncio.to_thread(check_printer, printer)
    except PrinterError as refused:
        return [fault(f"printer.{refused.fault}", printer=refused.printer)]
    return [hint("doctor.printer_ready", printer=printer)]


async def _messengers(app: App) -> Sequence[Finding]:
    """What a messenger that can be asked says is wrong with the bot there."""
    found: list[Finding] = []
    for name in app.settings.offered_messengers():
        if find_spec(f"bot.{name}.health") is not None:
            health = import_module(f"bot.{name}.health")
            line = line_of(name, app.settings, webhook_server(app.settings))
            async with asyncio.timeout(TIMEOUT):
                found += [Finding(wrong) for wrong in await health.faults(line, now=app.clock())]
    return found


_CHECKS: dict[str, Check] = {
    "settings": _settings,
    "database": _database,
    "channels": channel_findings,
    "messengers": _messengers,
    "mailbox": mailbox_findings,
    "printer": _printer,
    "disk": disk_findings,
    "running": running_findings,
}
