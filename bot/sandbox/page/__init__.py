"""The page: the school's people as phones side by side, live by Server-Sent Events."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from aiohttp import web

from bot.sandbox.max_api.dialogs import BOT as MAX_BOT
from bot.sandbox.world import World

KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
OWN = "default-src 'self'; img-src 'self' data:; frame-src 'self'; base-uri 'none'; form-action 'none'"
FOREIGN = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"  # what senders wrote, not we
SHOWN_INLINE = ("image/", "application/pdf", "text/plain")
GLANCE = 1.0  # seconds between two looks at the obligations

_Row = dict[str, Any]
Story = Mapping[str, object]
"""Scenes that the page plays, and the English of what it says of people and scenes."""

Obligations = Callable[[], Awaitable[list[_Row]]]


class SandboxPage:
    """Serves the page's own files, the stream of changes, and what was sent."""

    def __init__(self, world: World, obligations: Obligations | None, story: Story | None = None) -> None:
        self._world = world
        self._story = story
        self._obligations = obligations
        self._files = {
            file.name: file.read_bytes() for file in files(__package__).iterdir() if file.name.endswith(tuple(KINDS))
        }

    def routes(self) -> list[web.AbstractRouteDef]:
        """The page at /, its files under /page/, the rest under /sandbox/."""
        return [
            web.get("/", self._own),
            web.get("/page/{name}", self._own),
            web.get("/sandbox/state", self._state),
            web.get("/sandbox/events", self._events),
            web.get("/sandbox/files/{file_id}", self._file),
            web.get("/sandbox/mail/{number}.html", self._mail),
            web.get("/sandbox/tray/{number}.pdf", self._sheet),
        ]

    async def _own(self, request: web.Request) -> web.Response:
        name = request.match_info.get("name", "index.html")
        if name not in self._files:
            raise web.HTTPNotFound
        kind = KINDS[f".{name.rpartition('.')[2]}"]
        headers = {"Content-Security-Policy": OWN, "Cache-Control": "no-cache"}
        return web.Response(body=self._files[name], content_type=kind, charset="utf-8", headers=headers)

    async def _state(self, _request: web.Request) -> web.Response:
        return web.json_response(await self._snapshot())

    async def _snapshot(self) -> _Row:
        world = self._world
        people = [asdict(person) for person in world.people]
        chats = [world.chats[person.chat_id].state() for person in world.people if person.chat_id is not None]
        dialogs = [world.max[person.max_id].state() for person in world.people if person.max_id is not None]
        return {
            "bots": {"telegram": world.bot.telegram.bot["username"], "max": MAX_BOT["username"]},
            "people": people, "chats": chats, "dialogs": dialogs, "obligations": await self._rows(),
            "mail": [mail.as_json() for mail in world.mailbox],
            "sms": [sms.as_json() for sms in world.phone],
            "sheets": [sheet.as_json() for sheet in world.tray],
            "story": self._story, "story_open": world.is_story_open,
        }  # fmt: skip

    async def _rows(self) -> list[_Row] | None:
        return None if self._obligations is None else await self._obligations()

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """First the whole state, then every change; a page that lost the stream gets the state anew."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        with self._world.feed.watched() as changes:
            state = await self._snapshot()
            rows = state["obligations"]
            await _tell(response, "state", state)
            while True:
                try:
                    async with asyncio.timeout(GLANCE):
                        await _tell(response, *await changes.get())
                except TimeoutError:
                    if (now := await self._rows()) != rows:
                        rows = now
                        await _tell(response, "obligations", rows)

    async def _file(self, request: web.Request) -> web.Response:
        file = self._world.bot.telegram.files.get(request.match_info["file_id"])
        if file is None:
            raise web.HTTPNotFound
        return _foreign(file.data, file.mime, name=file.name)

    async def _mail(self, request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        mail = next((mail for mail in self._world.mailbox if mail.number == number), None)
        if mail is None:
            raise web.HTTPNotFound
        return _foreign(mail.html.encode(), "text/html", name=None)

    async def _sheet(self, request: web.Request) -> web.Response:
        sheet = self._world.tray.find(int(request.match_info["number"]))
        if sheet is None:
            raise web.HTTPNotFound
        return _foreign(sheet.pdf, "application/pdf", name=f"{sheet.title}.pdf")


async def _tell(response: web.StreamResponse, kind: str, shown: object) -> None:
    await response.write(f"event: {kind}\ndata: {json.dumps(shown, ensure_ascii=False)}\n\n".encode())


def _foreign(body: bytes, kind: str, *, name: str | None) -> web.Response:
    """Content made by a bot, a mail or a printer, served with a sandboxing policy so that its scripts cannot run."""
    headers = {"X-Content-Type-Options": "nosniff"}
    if kind != "application/pdf":  # a browser's PDF viewer does not start in a sandbox
        headers["Content-Security-Policy"] = FOREIGN
    response = web.Response(body=body, content_type=kind, charset="utf-8" if kind.startswith("text/") else None)
    response.headers.update(headers)
    if name is not None:
        inline = kind.startswith(SHOWN_INLINE) and kind != "image/svg+xml"
        shown = "inline" if inline else "attachment"
        response.headers["Content-Disposition"] = f"{shown}; filename*=UTF-8''{quote(name)}"
    return response
