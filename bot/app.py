"""The composition root: builds a school from settings, with its database, catalogues, channels and clock."""

import asyncio
import gc
import logging
import os
import secrets
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog

from bot.anchor import Anchor, require_present, write_in_background
from bot.frames import without_contents
from bot.locales import Catalogues
from bot.paper.print_queue import PaperTray
from bot.run.clock_jumps import Clock, Ticks, monotonic_ticks
from bot.settings import BadTokenError, Settings, SettingsError
from bot.settings.bounds import host_and_port
from bot.settings.cross_checks import WEBHOOK_SECRET
from core.actions.delivery.worker import Worker
from core.ports import Notifier, UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from notifiers.directory import InstalledChannels
from notifiers.discovery import ChannelConfig, WrongChannelError, known_channels, open_channels
from notifiers.vendor_logs import silence_vendor_loggers
from storage import closed_files
from storage.database.engine import create_engine
from storage.unit_of_work import unit_of_work_factory

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from bot.handlers.doors import School
    from bot.run.worker import OutboxWorker
    from bot.telegram.webhook import Webhook

log = structlog.get_logger()

Leading = Callable[[], AbstractAsyncContextManager[object]]

LONGEST_GOODBYE = 1.0
"""Seconds that a channel has to close."""

NOISY = ("aiogram", "aiohttp", "aiosqlite", "apscheduler", "asyncio", "mail.log", "sqlalchemy")
"""Vendors whose logs hold tokens, texts or addresses."""


def utc_now() -> datetime:
    """The clock of the product; everything else gets the time as an argument."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class App:
    """A school, ready to work."""

    settings: Settings
    engine: "AsyncEngine"
    open_uow: UnitOfWorkFactory
    catalogues: Catalogues
    policy: Policy
    clock: Clock
    signing_key: bytes
    anchor: Anchor
    ticks: Ticks = monotonic_ticks

    @property
    def worker_identity(self) -> Worker:
        """The identity of this process as a worker. The random part tells containers with equal host and pid apart."""
        holder = f"{_THIS_PROCESS}:{socket.gethostname()}:{os.getpid()}"
        return Worker(holder, self.settings.lease, self.policy, self.settings.closing_statuses())


_THIS_PROCESS = secrets.token_hex(4)


def bootstrap(settings: Settings, *, clock: Clock = utc_now) -> App:
    """Build the school of these settings; connects to nothing yet. SettingsError."""
    configure_logging(settings.log_level)
    try:
        closed_files.make_closed_folder(settings.data)
    except OSError:
        raise SettingsError("settings.data_unwritable", folder=str(settings.data)) from None
    engine = create_engine(settings.database)
    key = settings.signing_key()
    anchor = Anchor(settings.data, key)
    return App(
        settings=settings,
        engine=engine,
        open_uow=unit_of_work_factory(engine, anchor),
        catalogues=Catalogues.load(),
        policy=settings.policy(),
        clock=clock,
        signing_key=key,
        anchor=anchor,
    )


@asynccontextmanager
async def open_app(settings: Settings, *, clock: Clock = utc_now) -> AsyncIterator[App]:
    """Open the school for a block: only the owner may read its files; errors of tasks are logged without contents."""
    app = bootstrap(settings, clock=clock)
    was_open = closed_files.close_files(settings.files)
    if was_open:
        log.warning("files.closed_to_others", count=len(was_open))
    asyncio.get_running_loop().set_exception_handler(log_task_fault)
    try:
        async with write_in_background(app):
            yield app
    finally:
        await app.engine.dispose()


def log_task_fault(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log errors that no task awaited; asyncio's own message would quote arguments of callbacks."""
    log.error("process.fault", exc_info=context.get("exception"))


@asynccontextmanager
async def open_worker(
    app: App, *, leading: Leading = nullcontext, stopping: asyncio.Event | None = None
) -> AsyncIterator["OutboxWorker"]:
    """A worker with all configured channels open; `leading` is entered while it holds the lease. SettingsError."""
    from bot.run.worker import OutboxWorker

    channels = await _channels(app)
    try:
        yield OutboxWorker(
            open_uow=app.open_uow,
            channels=channels,
            catalogues=app.catalogues,
            identity=app.worker_identity,
            clock=app.clock,
            signing_key=app.signing_key,
            leading=leading,
            ticks=app.ticks,
            stopping=stopping or asyncio.Event(),
        )
    finally:
        await _close_channels(channels.values())


async def _close_channels(channels: Iterable[Notifier]) -> None:
    """Close all channels at once, each within LONGEST_GOODBYE, since a hanging peer may never answer."""
    closing = [asyncio.create_task(channel.close()) for channel in channels]
    if closing:
        _, hanging = await asyncio.wait(closing, timeout=LONGEST_GOODBYE)
        for task in hanging:
            task.cancel()
        await asyncio.gather(*closing, return_exceptions=True)


async def run_worker(app: App, *, stopping: asyncio.Event) -> None:
    """Run the worker until told to stop; sends in flight are finished and committed where possible."""
    async with open_worker(app, leading=partial(_leading, app), stopping=stopping) as worker:
        freeze_startup_objects()
        await worker.run()


@asynccontextmanager
async def _leading(app: App) -> AsyncIterator[None]:
    """Check the database before sending: during the standby a copy may have been restored by hand."""
    from bot.run.receipts import serve_receipts

    await require_present(app)
    async with serve_receipts(app):
        yield


async def run_bot(app: App, *, stopping: asyncio.Event, known: asyncio.Event | None = None) -> None:
    """Run the Telegram bot until told to stop. Raises SettingsError, AnotherInstanceError.

    `known` is set when Telegram has accepted the token. A token refused at the start raises BadTokenError, which a
    person must mend. One refused later raises TokenRefusedError and is retried, while mail and SMS go on; the same
    holds for a webhook.
    """
    from bot.telegram import bot as telegram_bot
    from bot.telegram.connection import TokenRefusedError
    from bot.telegram.webhook import WebhookRefusedError

    known = known or asyncio.Event()
    is_first = not known.is_set()
    line = telegram_bot.BotConnection(require_token(app.settings), app.settings.bot_api, _webhook(app.settings))
    freeze_startup_objects()
    try:
        await telegram_bot.converse(_school(app), line, stopping=stopping, known=known)
    except TokenRefusedError:
        if known.is_set():
            raise
        raise BadTokenError from None
    except WebhookRefusedError:
        if not is_first:
            raise
        raise SettingsError("settings.bad_webhook") from None


def _webhook(settings: Settings) -> "Webhook | None":
    """The webhook, or None where the bot polls. SettingsError for a webhook without a valid secret."""
    from bot.telegram.webhook import Webhook

    if settings.webhook_url is None:
        return None
    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
    if not WEBHOOK_SECRET.fullmatch(secret):
        raise SettingsError("settings.no_webhook_secret")
    host, port = host_and_port(settings.webhook_listen)
    return Webhook(settings.webhook_url, secret, host, port)


def freeze_startup_objects() -> None:
    """Exclude the objects made at start from garbage collection: a full collection stops all answers for 0.2 s."""
    gc.freeze()


def _school(app: App) -> "School":
    from bot.handlers.doors import School

    return School(
        open_uow=app.open_uow,
        catalogues=app.catalogues,
        clock=app.clock,
        policy=app.policy,
        closes=app.settings.closing_statuses(),
        signing_key=app.signing_key,
        language=app.settings.language,
        marks=app.settings.marks,
        mark_delay=app.settings.mark_delay,
        lowest_mark=app.settings.lowest_mark,
        thresholds=app.settings.thresholds,
        class_average=app.settings.class_average,
        channels=InstalledChannels(),
    )


async def _channels(app: App) -> dict[str, Notifier]:
    try:
        return await open_channels(channel_configs(app))
    except WrongChannelError as wrong:
        raise SettingsError("settings.channel", names=", ".join(wrong.names)) from None


def channel_configs(app: App) -> dict[str, ChannelConfig]:
    """The configuration of each installed channel; a channel opens only where its settings are complete."""
    settings = app.settings
    require_policy(settings)
    return {
        name: ChannelConfig(
            url=settings.channel_url(name),
            token=settings.channel_token(name),
            pace=settings.channel_pace(name),
            secret=app.signing_key,
            clock=app.clock,
            receipts_url=settings.receipts_address,
            tray=PaperTray(app.open_uow, clock=app.clock, policy=app.policy),
        )
        for name in known_channels()
    }


def require_token(settings: Settings) -> str:
    """The bot's token. SettingsError without one, or without a chosen content policy."""
    require_policy(settings)
    if settings.bot_token is None:
        raise SettingsError("settings.no_token")
    return settings.bot_token.get_secret_value()


def require_policy(settings: Settings) -> None:
    """Require that the school has chosen a content policy for Telegram (149-ФЗ art. 10 p. 8). SettingsError."""
    if settings.lacks_policy:
        raise SettingsError("settings.no_telegram_policy")


def configure_logging(level: str) -> None:
    """Log one line an event to stderr; vendors' loggers are off."""
    silence_vendor_loggers(*NOISY)
    structlog.configure(
        processors=[
            without_contents,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
