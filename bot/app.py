"""The composition root: builds a school from settings, with its database, catalogues, channels and clock."""

import asyncio
import gc
import logging
import os
import secrets
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TextIO, cast

import structlog

from bot.anchor import Anchor, write_anchor_in_background
from bot.clocks import Clock, Ticks, monotonic_clock, utc_clock
from bot.frames import frames_without_contents
from bot.locales import LocaleCatalogues
from bot.settings import Settings, SettingsError
from core.actions.delivery.worker import Worker
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from notifiers.vendor_logs import silence_vendor_logs
from storage import closed_files
from storage.database.engine import create_database_engine
from storage.unit_of_work import unit_of_work_factory

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine


log = structlog.get_logger()

NOISY = ("aiogram", "aiohttp", "aiosqlite", "apscheduler", "asyncio", "mail.log", "sqlalchemy")
"""Vendors whose logs hold tokens, texts or addresses."""


@dataclass(frozen=True, slots=True)
class App:
    """A school, ready to work."""

    settings: Settings
    engine: "AsyncEngine"
    open_uow: UnitOfWorkFactory
    catalogues: LocaleCatalogues
    policy: Policy
    clock: Clock
    signing_key: bytes
    anchor: Anchor
    ticks: Ticks = monotonic_clock

    @property
    def worker_identity(self) -> Worker:
        """The identity of this process as a worker. The random part tells containers with equal host and pid apart."""
        holder = f"{_THIS_PROCESS}:{socket.gethostname()}:{os.getpid()}"
        return Worker(holder, self.settings.lease, self.policy, self.settings.closing_statuses())


_THIS_PROCESS = secrets.token_hex(4)


def bootstrap_app(settings: Settings, *, clock: Clock = utc_clock) -> App:
    """Build the school of these settings; connects to nothing yet. SettingsError."""
    configure_app_logging(settings.log_level)
    try:
        closed_files.make_closed_folder(settings.data)
    except OSError:
        raise SettingsError("settings.data_unwritable", folder=str(settings.data)) from None
    engine = create_database_engine(settings.database)
    key = settings.signing_key()
    anchor = Anchor(settings.data, key)
    return App(
        settings=settings,
        engine=engine,
        open_uow=unit_of_work_factory(engine, anchor, odd_week=settings.odd_week),
        catalogues=LocaleCatalogues(),
        policy=settings.policy(),
        clock=clock,
        signing_key=key,
        anchor=anchor,
    )


def _log_closed(count: int) -> None:
    log.warning("files.closed_to_others", count=count)


@asynccontextmanager
async def open_app(
    settings: Settings, *, clock: Clock = utc_clock, tell_closed: Callable[[int], None] = _log_closed
) -> AsyncIterator[App]:
    """Open the school for a block: only the owner may read its files; errors of tasks are logged without contents.

    `tell_closed` hears how many files and folders others could read until now.
    """
    app = bootstrap_app(settings, clock=clock)
    if was_open := closed_files.close_files(settings.files):
        tell_closed(len(was_open))
    asyncio.get_running_loop().set_exception_handler(log_app_task_fault)
    try:
        async with write_anchor_in_background(app):
            yield app
    finally:
        await app.engine.dispose()


def log_app_task_fault(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log errors that no task awaited; asyncio's own message would quote arguments of callbacks."""
    log.error("process.fault", exc_info=context.get("exception"))


def freeze_app_objects() -> None:
    """Exclude the objects made at start from garbage collection: a full collection stops all answers for 0.2 s."""
    gc.freeze()


def require_app_policy(settings: Settings) -> None:
    """Require a content policy for each messenger that is offered (149-ФЗ art. 10 p. 8). SettingsError."""
    if missing := settings.missing_policies():
        raise SettingsError("settings.no_policy", settings=", ".join(missing))


class LastingStderr:
    """Python's present stderr; text that cannot be written, as to a file on a full disk, is lost and ends nothing."""

    def write(self, text: str) -> None:
        """Write, or lose the text."""
        with suppress(OSError):
            sys.stderr.write(text)

    def flush(self) -> None:
        """Pass on what was written, if possible."""
        with suppress(OSError):
            sys.stderr.flush()


STDERR = LastingStderr()


def configure_app_logging(level: str) -> None:
    """Log one line an event to stderr; vendors' loggers are off."""
    silence_vendor_logs(*NOISY)
    structlog.configure(
        processors=[
            frames_without_contents,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=lambda *_: structlog.PrintLogger(cast("TextIO", STDERR)),
    )
