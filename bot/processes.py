"""The parts of a running school: the worker with its channels, and the conversation."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING

from bot.anchor import require_present
from bot.app import App, freeze_startup_objects, require_policy
from bot.handlers.doors import School
from bot.paper.tray import PaperTray
from bot.run.receipts import serve_receipts
from bot.run.worker import OutboxWorker
from bot.settings import BadTokenError, Settings, SettingsError
from bot.settings.bounds import host_and_port
from bot.settings.cross_checks import WEBHOOK_SECRET
from core.ports import Notifier
from notifiers.directory import InstalledChannels
from notifiers.discovery import ChannelConfig, WrongChannelError, known_channels, open_channels

if TYPE_CHECKING:
    from bot.telegram.webhook import Webhook

Leading = Callable[[], AbstractAsyncContextManager[object]]

LONGEST_GOODBYE = 1.0
"""Seconds that a channel has to close."""


@asynccontextmanager
async def open_worker(
    app: App, *, leading: Leading = nullcontext, stopping: asyncio.Event | None = None
) -> AsyncIterator[OutboxWorker]:
    """A worker with all configured channels open; `leading` is entered while it holds the lease. SettingsError."""
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
    await require_present(app)
    async with serve_receipts(app):
        yield


async def run_bot(app: App, *, stopping: asyncio.Event, known: asyncio.Event | None = None) -> None:
    """Run the Telegram bot until told to stop. Raises SettingsError, AnotherInstanceError.

    `known` is set when Telegram has accepted the token. A token refused at the start raises BadTokenError, which a
    person must mend. One refused later raises TokenRefusedError and is retried, while mail and SMS go on; the same
    holds for a webhook.
    """
    from bot.telegram import bot as telegram_bot  # noqa: PLC0415  # aiogram: 3 s
    from bot.telegram.connection import TokenRefusedError  # noqa: PLC0415  # aiogram: 3 s
    from bot.telegram.webhook import WebhookRefusedError  # noqa: PLC0415  # aiogram: 3 s

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
    from bot.telegram.webhook import Webhook  # noqa: PLC0415  # aiogram: 3 s

    if settings.webhook_url is None:
        return None
    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
    if not WEBHOOK_SECRET.fullmatch(secret):
        raise SettingsError("settings.no_webhook_secret")
    host, port = host_and_port(settings.webhook_listen)
    return Webhook(settings.webhook_url, secret, host, port)


def _school(app: App) -> School:
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
        results=app.settings.results_policy(),
        class_average=app.settings.class_average,
        name=app.settings.school,
        signatory=app.settings.signatory,
        operator=app.settings.form_operator(),
        start_links=app.settings.start_links(),
        ways=app.settings.contacts(),
        channels=InstalledChannels(frozenset(name for name in known_channels() if app.settings.channel_url(name))),
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
            public_url=settings.public_url,
            school=settings.school,
            tray=PaperTray(
                open_uow=app.open_uow,
                clock=app.clock,
                policy=app.policy,
                results=settings.results_policy(),
                lowest_mark=settings.lowest_mark,
                catalogues=app.catalogues,
            ),
        )
        for name in known_channels()
    }


def require_token(settings: Settings) -> str:
    """The bot's token. SettingsError without one, or without a chosen content policy."""
    require_policy(settings)
    if settings.bot_token is None:
        raise SettingsError("settings.no_token")
    return settings.bot_token.get_secret_value()
