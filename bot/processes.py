"""The parts of a running school: the worker with its channels, and the conversation."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from functools import partial

from bot.anchor import require_anchored_database
from bot.app import App, freeze_app_objects, require_app_policy
from bot.handlers.doors import DoorSchool
from bot.messengers import Messengers
from bot.paper.tray import PaperTray
from bot.run.receipts import serve_receipts
from bot.run.worker import RunningOutboxWorker
from bot.settings import SettingsError
from core.ports import Notifier
from notifiers.directory import InstalledChannelDirectory
from notifiers.discovery import ChannelConfig, WrongChannelError, discovered_channel_names, open_discovered_channels

Leading = Callable[[], AbstractAsyncContextManager[object]]

LONGEST_GOODBYE = 1.0
"""Seconds that a channel has to close."""


@asynccontextmanager
async def open_worker_process(
    app: App, *, leading: Leading = nullcontext, stopping: asyncio.Event | None = None
) -> AsyncIterator[RunningOutboxWorker]:
    """A worker with all configured channels open; `leading` is entered while it holds the lease. SettingsError."""
    channels = await _channels(app)
    try:
        yield RunningOutboxWorker(
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


async def run_worker_process(app: App, *, stopping: asyncio.Event) -> None:
    """Run the worker until told to stop; sends in flight are finished and committed where possible."""
    async with open_worker_process(app, leading=partial(_leading, app), stopping=stopping) as worker:
        freeze_app_objects()
        await worker.run()


@asynccontextmanager
async def _leading(app: App) -> AsyncIterator[None]:
    """Check the database before sending: during the standby a copy may have been restored by hand."""
    await require_anchored_database(app)
    async with serve_receipts(app):
        yield


def bot_process_messengers(app: App, *, stopping: asyncio.Event) -> Messengers:
    """The conversations of the messengers that the school offers."""
    return Messengers.offered(app, door_school_of_process(app), stopping=stopping)


async def run_bot_process(app: App, *, stopping: asyncio.Event) -> None:
    """Run the conversations until told to stop. Raises SettingsError, AnotherInstanceError."""
    await bot_process_messengers(app, stopping=stopping).run()


def door_school_of_process(app: App) -> DoorSchool:
    """The settings and services that a conversation needs."""
    return DoorSchool(
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
        channels=InstalledChannelDirectory(
            frozenset(name for name in discovered_channel_names() if app.settings.channel_url(name))
        ),
    )


async def _channels(app: App) -> dict[str, Notifier]:
    try:
        return await open_discovered_channels(_channel_configs(app))
    except WrongChannelError as wrong:
        raise SettingsError("settings.channel", names=", ".join(wrong.names)) from None


def _channel_configs(app: App) -> dict[str, ChannelConfig]:
    """The configuration of each installed channel; a channel opens only where its settings are complete."""
    settings = app.settings
    require_app_policy(settings)
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
            certificates=settings.channel_certificates(name),
            proxy=settings.channel_proxy(name),
            tray=PaperTray(
                open_uow=app.open_uow,
                clock=app.clock,
                policy=app.policy,
                results=settings.results_policy(),
                lowest_mark=settings.lowest_mark,
                catalogues=app.catalogues,
            ),
        )
        for name in discovered_channel_names()
    }
