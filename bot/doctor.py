"""What is wrong with an installation, all at once, each with what to do about it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot import anchor
from bot.settings import Sentence, Settings, SettingsError
from core.actions import restoring
from core.errors import SchoolError
from storage import closed_files
from storage.database.revision import DamagedDatabaseError, WrongDatabaseError, is_whole, require_current

if TYPE_CHECKING:
    from bot.app import App

PATIENCE = 15.0
"""Seconds for the database or a channel; an address that swallows everything would hold the doctor for a minute."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a school may well do without is no fault."""

    sentence: Sentence
    is_fault: bool = True


Check = Callable[["App"], Awaitable[Sequence[Finding]]]


async def examine(settings: Settings) -> Sequence[Finding]:
    """Files as they lie there, then the rest; a check that fails is a finding, and the others are made."""
    from bot.app import bootstrap

    found = _files(settings)
    app = bootstrap(settings)
    try:
        for name, check in _CHECKS.items():
            found += await _guarded(name, check, app)
    finally:
        await app.engine.dispose()
    return found


async def _guarded(name: str, check: Check, app: "App") -> Sequence[Finding]:
    """Whatever is broken, the doctor lives on; an unexpected error tells its type only (Q103)."""
    try:
        return await check(app)
    except TimeoutError:
        return [_fault("doctor.no_answer", check=Sentence(f"doctor.check.{name}"))]
    except SettingsError as wrong:
        return [Finding(fault) for fault in wrong.faults]
    except Exception as error:  # noqa: BLE001  # the doctor is for what nobody has thought of
        return [_fault("doctor.failed", check=Sentence(f"doctor.check.{name}"), type=type(error).__name__)]


def _files(settings: Settings) -> list[Finding]:
    """The data folder with all that lies in it, and a database elsewhere with its folder."""
    data = settings.data
    beside = sorted(data.iterdir()) if data.is_dir() else []
    elsewhere = [file for file in settings.database_files if file.parent != data]
    folders = [data, *(file.parent for file in elsewhere[:1])]
    return [
        *(_fault("doctor.folder_open", folder=str(each)) for each in folders if closed_files.is_open(each)),
        *(_fault("doctor.file_open", file=each.name) for each in (*beside, *elsewhere) if closed_files.is_open(each)),
    ]


async def _settings(app: "App") -> Sequence[Finding]:
    settings = app.settings
    found = []
    if settings.bot_token is not None and settings.telegram_policy is None:
        found.append(_fault("settings.no_telegram_policy"))
    missing = {
        "doctor.no_telegram": settings.bot_token,
        "doctor.no_mail": settings.smtp_url,
        "doctor.no_sms": settings.sms_url,
    }
    return [*found, *(Finding(Sentence(key), is_fault=False) for key, setting in missing.items() if setting is None)]


async def _database(app: "App") -> Sequence[Finding]:
    """Its version, its pages, its audit chain: what is damaged is not read any further."""
    try:
        async with asyncio.timeout(PATIENCE):
            await require_current(app.engine)
        if not await is_whole(app.engine):
            raise DamagedDatabaseError
    except WrongDatabaseError as wrong:
        return [_fault(f"error.{type(wrong).__name__}")]
    except SchoolError:
        return [_fault("doctor.no_database")]
    return [*await _trail(app), *await _held(app)]


async def _trail(app: "App") -> Sequence[Finding]:
    fault = await anchor.fault(app)
    return [] if fault is None else [_fault(fault.key, **{name: str(fact) for name, fact in fault.facts.items()})]


async def _held(app: "App") -> Sequence[Finding]:
    """What a restore held waits for a person (Q124)."""
    async with app.open_uow(reading=True) as uow:
        held = await restoring.held_numbers(uow)
    count = sum(each.count for each in held.kinds) + held.broadcasts
    return [_fault("doctor.held", count=str(count))] if held else []


async def _channels(app: "App") -> Sequence[Finding]:
    """They are opened and closed again; nobody is asked. The content policy is told among the settings."""
    from bot.app import working

    if app.settings.bot_token is not None and app.settings.telegram_policy is None:
        return []
    async with asyncio.timeout(PATIENCE), working(app):
        return []


def _fault(key: str, /, **facts: str | Sentence) -> Finding:
    return Finding(Sentence.of(key, **facts))


_CHECKS: dict[str, Check] = {"settings": _settings, "database": _database, "channels": _channels}
