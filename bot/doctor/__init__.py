"""Checks an installation and lists all faults, each with its remedy."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from bot import anchor
from bot.app import App, bootstrap_app, require_app_policy
from bot.doctor.findings import Finding, doctor_fault_finding, doctor_hint_finding, guard_doctor_findings
from bot.doctor.messengers import TIMEOUT, messenger_findings
from bot.doctor.peers import channel_peer_findings, disk_peer_findings, mailbox_peer_findings
from bot.doctor.running import running_findings
from bot.doctor.school import doctor_school_findings
from bot.paper.printer import PrinterError, check_printer
from bot.settings import Settings, SettingsErrorSentence
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


async def run_doctor_checks(settings: Settings) -> Sequence[Finding]:
    """Check permissions of files, then the rest. A check that fails is a finding, and the others run.

    Without a data folder there is nothing to check, and none is made.
    """
    found = [doctor_hint_finding("doctor.data", folder=str(settings.data.absolute())), *_files(settings)]
    if not settings.data.exists() and not all(file.exists() for file in settings.database_files[:1]):
        return [*found, doctor_fault_finding("cli.no_database", folder=str(settings.data))]
    app = bootstrap_app(settings)
    try:
        for name, check in _CHECKS.items():
            found += await guard_doctor_findings(SettingsErrorSentence(f"doctor.check.{name}"), check(app))
    finally:
        await app.engine.dispose()
    return found


def _files(settings: Settings) -> list[Finding]:
    """Permissions of the data folder and its files, and of a database elsewhere and its folder."""
    data = settings.data
    beside = sorted(data.iterdir()) if data.is_dir() else []
    elsewhere = [file for file in settings.database_files if file.parent != data]
    folders = [data, *(file.parent for file in elsewhere[:1])]
    return [
        *(
            doctor_fault_finding("doctor.folder_open", folder=str(each))
            for each in folders
            if closed_files.is_file_left_open(each)
        ),
        *(
            doctor_fault_finding("doctor.file_open", file=each.name)
            for each in (*beside, *elsewhere)
            if closed_files.is_file_left_open(each)
        ),
    ]


async def _settings(app: App) -> Sequence[Finding]:
    """The choices that the settings need; their values were checked when they were read. SettingsError."""
    require_app_policy(app.settings)
    return []


async def _database(app: App) -> Sequence[Finding]:
    """Version, integrity and audit trail of the database; a damaged database is not read further."""
    try:
        async with asyncio.timeout(TIMEOUT):
            await require_current_revision(app.engine)
        if not await is_database_whole(app.engine):
            raise DamagedDatabaseError
    except WrongDatabaseError as wrong:
        return [doctor_fault_finding(f"error.{type(wrong).__name__}")]
    except SchoolError:
        return [doctor_fault_finding("doctor.no_database")]
    return [
        doctor_hint_finding("doctor.version", revision=LATEST),
        *await _trail(app),
        *await _held(app),
        *await doctor_school_findings(app),
    ]


async def _trail(app: App) -> Sequence[Finding]:
    wrong = await anchor.anchor_fault(app)
    return (
        []
        if wrong is None
        else [doctor_fault_finding(wrong.key, **{name: str(fact) for name, fact in wrong.facts.items()})]
    )


async def _held(app: App) -> Sequence[Finding]:
    """Messages that a restore has held and that wait for a decision (Q124)."""
    async with app.open_uow(reading=True) as uow:
        held = await restoring.count_held_after_restore(uow)
    count = sum(each.count for each in held.kinds) + held.broadcasts
    return [doctor_fault_finding("doctor.held", count=str(count))] if held else []


async def _printer(app: App) -> Sequence[Finding]:
    """The folder or the queue of the printer; nothing is printed."""
    printer = app.settings.printer
    if printer is None:
        return []
    try:
        await asyncio.to_thread(check_printer, printer)
    except PrinterError as refused:
        return [doctor_fault_finding(f"printer.{refused.fault}", printer=refused.printer)]
    return [doctor_hint_finding("doctor.printer_ready", printer=printer)]


_CHECKS: dict[str, Check] = {
    "settings": _settings,
    "database": _database,
    "channels": channel_peer_findings,
    "messengers": messenger_findings,
    "mailbox": mailbox_peer_findings,
    "printer": _printer,
    "disk": disk_peer_findings,
    "running": running_findings,
}
