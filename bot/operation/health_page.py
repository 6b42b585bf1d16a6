"""`/health` and `/metrics` for an administrator and a monitor (contracts, Operation).

The answers hold no personal data; the address is local by default, and a school puts its own proxy before it.
"""

import asyncio
import errno
import hashlib
import hmac
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp import web

from bot import metrics
from bot.settings.bounds import split_listen_setting
from core.actions.health import HealthPulse, load_health_figures
from core.errors import MustBeMendedError, StorageError
from core.model.health import HealthFigures

if TYPE_CHECKING:
    from bot.app import App

OUT_OF_REACH = HealthFigures(None, None, None, None, {})
FACTS = ("ready", "lease", "last_send", "last_import", "oldest_open", "queue")
SCHOOL_HEADER = "Vestnik-School"
LONGEST_LOOK = 5.0
"""Seconds in which the database has to answer."""


@dataclass(frozen=True, slots=True)
class HealthPageAnswer:
    """What a page of health says, and of which school; `is_foreign`: another school's process answers there."""

    facts: Mapping[str, Any]
    is_foreign: bool = False


async def ask_health_page(app: "App") -> HealthPageAnswer:
    """What the page of this school's process says; where none answers what its database knows, with `"ready": null`.

    Raises WrongDatabaseError.
    """
    answer = await fetch_health_page(app)
    if answer is not None and not answer.is_foreign:
        return answer
    async with app.open_uow(reading=True) as uow:
        own = _health_facts(await load_health_figures(uow, now=app.clock()), is_ready=None)
    return HealthPageAnswer(own, is_foreign=answer is not None)


async def fetch_health_page(app: "App") -> HealthPageAnswer | None:
    """What the page at this school's address says; None where nobody answers, or another program does."""
    with suppress(aiohttp.ClientError, TimeoutError, ValueError):
        timeout = aiohttp.ClientTimeout(LONGEST_LOOK * 2)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(f"http://{app.settings.health_listen}/health") as response,
        ):
            facts = await response.json()
            if isinstance(facts, dict) and set(FACTS) == facts.keys():
                school = response.headers.get(SCHOOL_HEADER, _school_mark(app))
                return HealthPageAnswer(facts, is_foreign=school != _school_mark(app))
    return None


def _school_mark(app: "App") -> str:
    """Tells schools on one computer apart: a hash under the key that only this school's processes have."""
    return hmac.new(app.signing_key, SCHOOL_HEADER.encode(), hashlib.sha256).hexdigest()


def is_health_address_free(listen: str) -> bool:
    """Whether no other program listens at this address."""
    host, port = split_listen_setting(listen)
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as error:
        return error.errno != errno.EADDRINUSE
    return True


async def serve_health_page(app: "App", *, stopping: asyncio.Event) -> None:
    """Listen until told to stop."""
    host, port = split_listen_setting(app.settings.health_listen)
    page = HealthPage(app)
    server = web.Application()
    server.add_routes([web.get("/health", page.health), web.get("/metrics", page.metrics)])
    runner = web.AppRunner(server, access_log=None, handle_signals=False, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        await stopping.wait()
    finally:
        await runner.cleanup()


class HealthPage:
    """Ready: the database answers, and the worker that holds the lease lives, in this process or in another one."""

    def __init__(self, app: "App") -> None:
        self._app = app
        self._pulse = HealthPulse(app.settings.lease)

    async def health(self, _request: web.Request) -> web.Response:
        """200 while notices go, 503 otherwise."""
        figures = await self._look()
        beats = self._pulse.beats(figures.lease, ticks=self._app.ticks())
        headers = {SCHOOL_HEADER: _school_mark(self._app)}
        return web.json_response(_health_facts(figures, is_ready=beats), status=200 if beats else 503, headers=headers)

    async def metrics(self, _request: web.Request) -> web.Response:
        """The text format of Prometheus; what the database does not say now keeps its last value."""
        figures = await self._look()
        if figures is not OUT_OF_REACH:
            metrics.set_metric_figures(figures, now=self._app.clock())
        return web.Response(body=metrics.metrics_text(), headers={"Content-Type": metrics.CONTENT_TYPE})

    async def _look(self) -> HealthFigures:
        try:
            async with asyncio.timeout(LONGEST_LOOK), self._app.open_uow(reading=True) as uow:
                return await load_health_figures(uow, now=self._app.clock())
        except (StorageError, MustBeMendedError, TimeoutError):
            return OUT_OF_REACH


def _health_facts(figures: HealthFigures, *, is_ready: bool | None) -> Mapping[str, Any]:
    """The figures as JSON; moments are in UTC. `lease`: whether a worker holds it, a living one where ready."""
    return {
        "ready": is_ready,
        "lease": figures.lease is not None,
        "last_send": _iso(figures.last_send),
        "last_import": _iso(figures.last_import),
        "oldest_open": _iso(figures.oldest_open),
        "queue": dict(figures.queue),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
