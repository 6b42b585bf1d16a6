"""HTTP server for delivery reports of the SMS gateway and the page behind «Прочитано» of a mail.

The worker that holds the lease runs it.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from aiohttp import web

from bot.run.reading_page import PATH, ReadingPage
from bot.run.supervision import supervise_part
from bot.settings.bounds import split_listen_setting
from core.actions.delivery import receipts
from core.errors import MustBeMendedError, StorageError
from notifiers.sms.reports import ReportRefusedError, verify_sms_report

if TYPE_CHECKING:
    from bot.app import App


@asynccontextmanager
async def serve_receipts(app: "App") -> AsyncIterator[None]:
    """Listen for delivery reports while the block runs; retries while the address is in use (Q120).

    During a takeover two processes listen for a moment (SO_REUSEPORT); both write to the same tables.
    """
    stopping, tried = asyncio.Event(), asyncio.Event()

    async def listen() -> None:
        try:
            async with _listening(app):
                tried.set()
                await stopping.wait()
        finally:
            tried.set()

    serving = asyncio.create_task(supervise_part("receipts", listen, stopping=stopping))
    try:
        await tried.wait()
        yield
    finally:
        stopping.set()
        await serving


@asynccontextmanager
async def _listening(app: "App") -> AsyncIterator[None]:
    host, port = split_listen_setting(app.settings.receipts_listen)
    server = web.Application()
    page = ReadingPage(app)
    server.add_routes([web.get(PATH, page.ask), web.post(PATH, page.record)])
    server.add_routes([web.get("/{anything:.*}", ReceiptReceiver(app).answer)])
    runner = web.AppRunner(server, access_log=None, handle_signals=False, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port, reuse_port=True).start()
        yield
    finally:
        await runner.cleanup()


class ReceiptReceiver:
    """Answers requests of the gateway at once: it repeats a report whose answer is late."""

    def __init__(self, app: "App") -> None:
        self._app = app

    async def answer(self, request: web.Request) -> web.Response:
        """403 for a report not sealed by us, 503 while it cannot be stored, else 204, also for an old report (Q93)."""
        app = self._app
        try:
            key, receipt = verify_sms_report(request.query, secret=app.signing_key)
        except ReportRefusedError:
            return web.Response(status=403)
        try:
            async with app.open_uow() as uow:
                await receipts.record_delivery_receipt(uow, key, receipt, worker=app.worker_identity, now=app.clock())
        except (StorageError, MustBeMendedError):
            return web.Response(status=503)
        return web.Response(status=204)
