"""What is wrong with an installation, all at once, each with what to do about it."""

import stat
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.returns import mailbox_of
from bot.settings import ENV_FILE, KEY_FILE, SettingsError
from core.errors import SchoolError

if TYPE_CHECKING:
    from bot.app import App

OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Finding:
    """`key` names the sentence; `facts` are harmless words. What a school may well do without is no fault."""

    key: str
    facts: tuple[tuple[str, str], ...] = ()
    is_fault: bool = True


async def examine(app: "App") -> Sequence[Finding]:
    """Files, settings, database and channels."""
    return [*_files(app), *_settings(app), *await _database(app), *await _channels(app)]


def _files(app: "App") -> Sequence[Finding]:
    names = (ENV_FILE, KEY_FILE)
    paths = [app.settings.data / name for name in names]
    return [
        Finding("doctor.file_open", (("file", path.name),))
        for path in paths
        if path.exists() and path.stat().st_mode & OTHERS
    ]


def _settings(app: "App") -> Sequence[Finding]:
    settings = app.settings
    found = []
    if settings.bot_token is not None and settings.telegram_policy is None:
        found.append(Finding("settings.no_telegram_policy"))
    if settings.bot_token is None:
        found.append(Finding("doctor.no_telegram", is_fault=False))
    if settings.smtp_url is None:
        found.append(Finding("doctor.no_mail", is_fault=False))
    if settings.sms_url is None:
        found.append(Finding("doctor.no_sms", is_fault=False))
    return [*found, *_return_mailbox(app)]


def _return_mailbox(app: "App") -> Sequence[Finding]:
    try:
        mailbox_of(app.settings)
    except SettingsError as wrong:
        return [Finding(wrong.key, tuple(wrong.facts.items()))]
    return []


async def _database(app: "App") -> Sequence[Finding]:
    try:
        async with app.open_uow(reading=True) as uow:
            broken = await uow.audit.verify()
    except SchoolError:
        return [Finding("doctor.no_database")]
    return [] if broken is None else [Finding("audit.broken", (("line", str(broken)),))]


async def _channels(app: "App") -> Sequence[Finding]:
    from bot.app import working

    try:
        async with working(app):
            return []
    except SettingsError as wrong:
        return [] if wrong.key == "settings.no_telegram_policy" else [Finding(wrong.key, tuple(wrong.facts.items()))]
