"""`/health` and `/metrics` for an administrator and a monitor (contracts, Operation).

The answers hold no personal data; the address is local by default, and a school puts its own proxy before it.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
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
LONGEST_LOOK = 5.0
"""Seconds in which the database has to answer."""


async def ask_health_page(app: "App") -> Mapping[str, Any]:
    """What the page of this school's process says; with `"ready": null` where none answers. WrongDatabaseError."""
    facts = await fetch_health_page_facts(app.settings.health_listen)
    own = await _own_facts(app)
    return facts if facts is not None and is_health_page_of_school(facts, own) else own


async def find_foreign_health_page(app: "App") -> bool:
    """Whether the process of another school answers at the address of this one. WrongDatabaseError."""
    facts = await fetch_health_page_facts(app.settings.health_listen)
    return facts is not None and not is_health_page_of_school(facts, await _own_facts(app))


def is_health_page_of_school(facts: Mapping[str, Any], own: Mapping[str, Any]) -> bool:
    """Whether a page speaks of the school with these figures: what changes rarest tells schools apart.

    A page that does not see its database is believed.
    """
    is_blind = facts["last_import"] is None and not facts["ready"]
    return is_blind or bool(facts["last_import"] == own["last_import"])


async def _own_facts(app: "App") -> Mapping[str, Any]:
    async with app.open_uow(reading=True) as uow:
        return _health_facts(await load_health_figures(uow, now=app.clock()), is_ready=None)


async def fetch_health_page_facts(listen: str) -> Mapping[str, Any] | None:
    """What the page at this address says; None where nobody answers, or another program does."""
    with suppress(aiohttp.ClientError, TimeoutError, ValueError):
        timeout = aiohttp.ClientTimeout(LONGEST_LOOK * 2)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(f"http://{listen}/health") as response,
        ):
            facts = await response.json()
            if isinstance(facts, dict) and set(FACTS) == facts.keys():
                return facts
    return None


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
        return web.json_response(_health_facts(figures, is_ready=beats), status=200 if beats else 503)

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
