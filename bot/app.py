"""The composition root: settings become a school with its database, words, channels and clock."""

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

from bot.anchor import Anchor, kept, require_present
from bot.frames import without_contents
from bot.locales import Catalogues
from bot.paper.print_queue import PaperTray
from bot.run.clock_jumps import Clock, Ticks, monotonic
from bot.settings import BadTokenError, Settings, SettingsError
from bot.settings.bounds import host_and_port
from bot.settings.cross_checks import WEBHOOK_SECRET
from core.actions.delivery.worker import Worker
from core.ports import Notifier, UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from notifiers.discovery import ChannelConfig, WrongChannelError, known_channels, normalise, open_channels
from notifiers.vendor_logs import silence_loggers
from storage import closed_files
from storage.database.engine import create_engine
from storage.unit_of_work import open_factory

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from bot.handlers.doors import School
    from bot.run.worker import OutboxWorker
    from bot.telegram.webhook import Webhook

log = structlog.get_logger()

Leading = Callable[[], AbstractAsyncContextManager[object]]

LONGEST_GOODBYE = 1.0
"""Seconds that a channel has to be closed in."""

NOISY = ("aiogram", "aiohttp", "aiosqlite", "apscheduler", "asyncio", "mail.log", "sqlalchemy")
"""Vendors whose logs hold tokens, texts or addresses."""


def utc_now() -> datetime:
    """The one clock of the product."""
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
    ticks: Ticks = monotonic

    @property
    def worker_identity(self) -> Worker:
        """Who sends from this process. In containers host and process number may be those of another one."""
        holder = f"{_THIS_PROCESS}:{socket.gethostname()}:{os.getpid()}"
        return Worker(holder, self.settings.lease, self.policy, self.settings.closing_statuses())


_THIS_PROCESS = secrets.token_hex(4)


def bootstrap(settings: Settings, *, clock: Clock = utc_now) -> App:
    """The school of these settings with production's choices; connects to nothing yet. SettingsError."""
    configure_logging(settings.log_level)
    try:
        closed_files.make_folder(settings.data)
    except OSError:
        raise SettingsError("settings.data_unwritable", folder=str(settings.data)) from None
    engine = create_engine(settings.database)
    key = settings.signing_key()
    anchor = Anchor(settings.data, key)
    return App(
        settings=settings,
        engine=engine,
        open_uow=open_factory(engine, anchor),
        catalogues=Catalogues.load(),
        policy=settings.policy(),
        clock=clock,
        signing_key=key,
        anchor=anchor,
    )


@asynccontextmanager
async def opened(settings: Settings, *, clock: Clock = utc_now) -> AsyncIterator[App]:
    """The school while the block runs, its files closed to others; faults of tasks are told without contents."""
    app = bootstrap(settings, clock=clock)
    was_open = closed_files.close(settings.files)
    if was_open:
        log.warning("files.closed_to_others", count=len(was_open))
    asyncio.get_running_loop().set_exception_handler(tell_fault)
    try:
        async with kept(app):
            yield app
    finally:
        await app.engine.dispose()


def tell_fault(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What no task waited for; asyncio's own words quote the arguments of callbacks."""
    log.error("process.fault", exc_info=context.get("exception"))


@asynccontextmanager
async def working(
    app: App, *, leading: Leading = nullcontext, stopping: asyncio.Event | None = None
) -> AsyncIterator["OutboxWorker"]:
    """The worker with all configured channels open; `leading` is entered while it holds the lease. SettingsError."""
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
        await _closed(channels.values())


async def _closed(channels: Iterable[Notifier]) -> None:
    """All at once, and none is waited for longer than a moment: a peer that hangs may not answer a goodbye."""
    closing = [asyncio.create_task(channel.close()) for channel in channels]
    if closing:
        _, hanging = await asyncio.wait(closing, timeout=LONGEST_GOODBYE)
        for task in hanging:
            task.cancel()
        await asyncio.gather(*closing, return_exceptions=True)


async def send(app: App, *, stopping: asyncio.Event) -> None:
    """Deliver what is due until told to stop; what is in flight then is finished and committed, where it can be."""
    async with working(app, leading=partial(_leading, app), stopping=stopping) as worker:
        settle()
        await worker.run()


@asynccontextmanager
async def _leading(app: App) -> AsyncIterator[None]:
    """Whoever begins to send looks first: while it stood by or waited, a copy may have been put back by hand."""
    from bot.run.receipts import serve_receipts

    await require_present(app)
    async with serve_receipts(app):
        yield


async def converse(app: App, *, stopping: asyncio.Event, known: asyncio.Event | None = None) -> None:
    """Talk with families over Telegram until told to stop. Raises SettingsError, AnotherInstanceError.

    `known` is set once Telegram has taken the token. One that it refuses from the start must be mended (BadTokenError);
    one that it refuses later raises TokenRefusedError and is tried again, while mail and SMS go on; a webhook likewise.
    """
    from bot.telegram import bot as telegram_bot
    from bot.telegram.connection import TokenRefusedError
    from bot.telegram.webhook import WebhookRefusedError

    known = known or asyncio.Event()
    is_first = not known.is_set()
    line = telegram_bot.BotConnection(require_token(app.settings), app.settings.bot_api, _webhook(app.settings))
    settle()
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
    """None where the bot polls. Raises SettingsError for a webhook without a secret that Telegram takes."""
    from bot.telegram.webhook import Webhook

    if settings.webhook_url is None:
        return None
    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
    if not WEBHOOK_SECRET.fullmatch(secret):
        raise SettingsError("settings.no_webhook_secret")
    host, port = host_and_port(settings.webhook_listen)
    return Webhook(settings.webhook_url, secret, host, port)


def settle() -> None:
    """What start-up made stays: a collector that walks through all of it stops every answer for a fifth of a second."""
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
        normalise=normalise,
    )


async def _channels(app: App) -> dict[str, Notifier]:
    try:
        return await open_channels(channel_configs(app))
    except WrongChannelError as wrong:
        raise SettingsError("settings.channel", names=", ".join(wrong.names)) from None


def channel_configs(app: App) -> dict[str, ChannelConfig]:
    """What each installed channel may be opened with; it opens where the settings have what it needs."""
    settings = app.settings
    require_policy(settings)
    token = settings.bot_token.get_secret_value() if settings.bot_token else None
    return {
        name: ChannelConfig(
            url=settings.bot_api if name == "telegram" else settings.channel_url(name),
            token=token if name == "telegram" else None,
            pace=settings.push_pace or None if name == "telegram" else None,
            secret=app.signing_key,
            clock=app.clock,
            receipts_url=settings.receipts_address,
            tray=PaperTray(app.open_uow, clock=app.clock, policy=app.policy),
        )
        for name in known_channels()
    }


def require_token(settings: Settings) -> str:
    """The bot's token. Raises SettingsError without one, or while the content policy is not chosen."""
    require_policy(settings)
    if settings.bot_token is None:
        raise SettingsError("settings.no_token")
    return settings.bot_token.get_secret_value()


def require_policy(settings: Settings) -> None:
    """Telegram is used only after the school has chosen what may be said over it (149-ФЗ art. 10 p. 8)."""
    if settings.bot_token is not None and settings.telegram_policy is None:
        raise SettingsError("settings.no_telegram_policy")


def configure_logging(level: str) -> None:
    """One line an event on stderr; vendors are silent."""
    silence_loggers(*NOISY)
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
