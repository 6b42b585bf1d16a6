"""Looks at what Vestnik works with: messenger, mail server, SMS gateway, return mailbox, clock, disk (Q132).

Each peer is logged in to, and nothing is sent.
"""

import asyncio
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.app import App
from bot.doctor.findings import (
    Finding,
    doctor_channel_label,
    doctor_fault_finding,
    doctor_hint_finding,
    guard_doctor_findings,
)
from bot.doctor.messengers import TIMEOUT, has_messenger_findings
from bot.processes import open_worker_process
from bot.settings import Settings, SettingsErrorSentence
from bot.settings.messengers import MESSENGERS
from bot.settings.names import setting_variable_name
from core.ports import Notifier, PeerAnswer, ProbingNotifier, UnavailableError, UnencryptedError
from notifiers.discovery import discovered_channels
from notifiers.email.return_mailbox import ReturnMailbox

CLOCKS_DIFFER = timedelta(minutes=1)
"""More than this between our clock and a peer's is told: due times and codes depend on it."""

LEAST_FREE = 1 << 30
"""Bytes that a disk must have left: a nightly copy of a school's database needs a tenth of them."""


async def channel_peer_findings(app: App) -> Sequence[Finding]:
    """Each installed channel: whether it is set up, and whether its peer takes our login, each for itself.

    A missing content policy is found by the settings.
    """
    if app.settings.missing_policies():
        return []
    async with open_worker_process(app) as worker:
        looks = (
            guard_doctor_findings(doctor_channel_label(name), _channel(app, name, worker.channels.get(name)))
            for name in sorted(discovered_channels())
        )
        found = await asyncio.gather(*looks)
    return [finding for findings in found for finding in findings]


async def mailbox_peer_findings(app: App) -> Sequence[Finding]:
    """The return mailbox, where mail is sent at all."""
    if app.settings.imap_url is None:
        return [doctor_hint_finding("doctor.mailbox_missing")] if app.settings.smtp_url is not None else []
    mailbox = replace(ReturnMailbox.from_url(app.settings.imap_url.get_secret_value()), timeout=TIMEOUT)
    try:
        await asyncio.to_thread(mailbox.require_open)
    except UnencryptedError:
        return [doctor_fault_finding("doctor.mailbox_unencrypted")]
    except UnavailableError:
        return [doctor_fault_finding("doctor.mailbox_closed")]
    return [doctor_hint_finding("doctor.mailbox_ready")]


async def disk_peer_findings(app: App) -> Sequence[Finding]:
    """The disks of the data folder and of the nightly copies."""
    folders = dict.fromkeys(map(_existing, (app.settings.data, app.settings.backup_folder)))
    return [
        doctor_fault_finding("doctor.disk_full", folder=str(folder), free=str(free >> 20))
        for folder in folders
        if (free := shutil.disk_usage(folder).free) < LEAST_FREE
    ]


async def _channel(app: App, name: str, channel: Notifier | None) -> Sequence[Finding]:
    settings, label = app.settings, doctor_channel_label(name)
    if channel is None:
        return [doctor_hint_finding("doctor.channel_missing", channel=label, setting=settings.channel_setting(name))]
    if not isinstance(channel, ProbingNotifier):
        return [doctor_hint_finding("doctor.channel_ready", channel=label)]
    try:
        async with asyncio.timeout(TIMEOUT):
            answer = await channel.probe()
    except (UnavailableError, TimeoutError) as error:
        told = doctor_fault_finding(_failure_key(error), channel=label, setting=settings.channel_setting(name))
        return [] if has_messenger_findings(name) else [told]
    return [doctor_hint_finding("doctor.channel_answers", channel=label), *_answer_findings(app, name, label, answer)]


def _failure_key(error: UnavailableError | TimeoutError) -> str:
    """The sentence that says what is to be mended: the encryption, the login or the address."""
    match error:
        case UnencryptedError():
            return "doctor.channel_unencrypted"
        case UnavailableError(channel_wide=True):
            return "doctor.channel_refused"
        case _:
            return "doctor.channel_silent"


def _answer_findings(app: App, name: str, label: SettingsErrorSentence | str, answer: PeerAnswer) -> Iterator[Finding]:
    """What a peer's answer shows: another clock, another name of the bot than the invitations say."""
    if answer.clock is not None and abs(app.clock() - answer.clock) > CLOCKS_DIFFER:
        yield _clock_finding(app.clock(), answer.clock, label)
    if answer.account is not None:
        yield from _account_findings(app.settings, name, answer.account)


def _clock_finding(ours: datetime, theirs: datetime, label: SettingsErrorSentence | str) -> Finding:
    minutes = round(abs(ours - theirs) / timedelta(minutes=1))
    return doctor_fault_finding("doctor.clock", channel=label, minutes=str(minutes))


def _account_findings(settings: Settings, channel: str, account: str) -> Iterator[Finding]:
    fields = MESSENGERS.get(channel)
    if fields is None:
        return
    said, setting = settings.bot_name_in(channel), setting_variable_name(fields.name)
    if said is None:
        yield doctor_hint_finding("doctor.account_unset", account=account, setting=setting)
    elif said.casefold() != account.casefold():
        yield doctor_fault_finding("doctor.account_differs", account=account, setting=setting)


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    return next(each for each in (folder.absolute(), *folder.absolute().parents) if each.exists())
