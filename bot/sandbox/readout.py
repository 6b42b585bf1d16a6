"""Reads and controls the sandbox over HTTP, for tests in another process and for the page."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from aiohttp import web

from bot.sandbox.bot_api.refusal import BotApiRefusal
from bot.sandbox.bot_api.server import bot_api_multipart
from bot.sandbox.bot_api.state.chats import BotApiChat
from bot.sandbox.faults import FaultKind
from bot.sandbox.max_api.deeds import MAX_DEEDS
from bot.sandbox.world import World

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
ANSWER_WAIT = 10.0  # seconds a press waits for the bot's answer; without one its text is null


class SandboxReadout:
    """GET shows what arrived as JSON; POST acts as a person or adds faults."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[web.AbstractRouteDef]:
        """Everything under /sandbox/ but the page's own stream."""
        return [
            web.get("/sandbox/chats", self._chats),
            web.post("/sandbox/chats", self._start),
            web.get("/sandbox/log", self._log),
            web.delete("/sandbox/log", self._forget),
            web.get("/sandbox/mail", self._mail),
            web.get("/sandbox/sms", self._sms),
            web.get("/sandbox/tray", self._tray),
            web.get("/sandbox/faults", self._faults),
            web.post("/sandbox/faults", self._fault),
            web.delete("/sandbox/faults", self._mend),
            web.post("/sandbox/chats/{chat_id}/{deed}", self._deed),
            web.get("/sandbox/max", self._dialogs),
            web.post("/sandbox/max", self._start_dialogs),
            web.get("/sandbox/max/log", self._max_log),
            web.post("/sandbox/max/{user_id}/{deed}", self._max_deed),
        ]

    async def _chats(self, _request: web.Request) -> web.Response:
        return web.json_response([chat.state() for chat in self._world.chats])

    async def _start(self, request: web.Request) -> web.Response:
        self._world.chats.start(int(chat_id) for chat_id in (await request.json())["started"])
        return web.json_response({"chats": len(self._world.chats)})

    async def _dialogs(self, _request: web.Request) -> web.Response:
        return web.json_response([dialog.state() for dialog in self._world.max])

    async def _start_dialogs(self, request: web.Request) -> web.Response:
        for user_id in (await request.json())["started"]:
            self._world.max[int(user_id)].is_started = True
        return web.json_response({"dialogs": len(list(self._world.max))})

    async def _max_log(self, _request: web.Request) -> web.Response:
        network = self._world.max.network
        return web.json_response({"log": [asdict(each) for each in network.log], "calls": network.calls})

    async def _max_deed(self, request: web.Request) -> web.StreamResponse:
        dialog = self._world.max[int(request.match_info["user_id"])]
        deed = MAX_DEEDS.get(request.match_info["deed"])
        if deed is None:
            raise web.HTTPNotFound
        at = time.monotonic()
        await deed(dialog, request)
        return web.json_response(dialog.state() | {"at": at})

    async def _log(self, _request: web.Request) -> web.Response:
        return web.json_response([asdict(accepted) for accepted in self._world.log])

    async def _forget(self, _request: web.Request) -> web.Response:
        self._world.log.clear()
        self._world.max.network.log.clear()
        return web.json_response([])

    async def _mail(self, _request: web.Request) -> web.Response:
        return web.json_response([mail.as_json() for mail in self._world.mailbox])

    async def _sms(self, _request: web.Request) -> web.Response:
        return web.json_response([sms.as_json() for sms in self._world.phone])

    async def _tray(self, _request: web.Request) -> web.Response:
        return web.json_response([sheet.as_json() for sheet in self._world.tray])

    async def _faults(self, _request: web.Request) -> web.Response:
        return web.json_response([asdict(fault) for fault in self._world.faults])

    async def _fault(self, request: web.Request) -> web.Response:
        details: dict[str, Any] = await request.json()
        try:
            self._world.faults.add(FaultKind(details.pop("kind", "")), **details)
        except (ValueError, TypeError) as error:
            return web.json_response({"error": f"faults: {error}"}, status=400)
        return await self._faults(request)

    async def _mend(self, request: web.Request) -> web.Response:
        self._world.faults.clear()
        return await self._faults(request)

    async def _deed(self, request: web.Request) -> web.StreamResponse:
        chat = self._world.chats[int(request.match_info["chat_id"])]
        deed = _DEEDS.get(request.match_info["deed"])
        if deed is None:
            raise web.HTTPNotFound
        try:
            return web.json_response(await deed(chat, request))
        except BotApiRefusal as refusal:
            return web.json_response({"error": refusal.description}, status=400)


async def _send(chat: BotApiChat, request: web.Request) -> object:
    return chat.seen(chat.send((await request.json())["text"]))


async def _press(chat: BotApiChat, request: web.Request) -> object:
    press = await request.json()
    answer = chat.answer(chat.press(int(press["message_id"]), press["callback_data"]))
    with suppress(TimeoutError):
        async with asyncio.timeout(ANSWER_WAIT):
            await answer.given.wait()
    return {"text": answer.text, "alert": answer.alert}


async def _upload(chat: BotApiChat, request: web.Request) -> object:
    fields, uploads = await bot_api_multipart(request)
    upload = uploads["file"]
    return chat.seen(chat.send_file(upload, photo=fields.get("kind") == "photo", caption=fields.get("caption", "")))


async def _contact(chat: BotApiChat, _request: web.Request) -> object:
    return chat.seen(chat.share_contact())


async def _block(chat: BotApiChat, _request: web.Request) -> object:
    chat.block()
    return {"blocked": True}


async def _unblock(chat: BotApiChat, _request: web.Request) -> object:
    chat.unblock()
    return {"blocked": False}


_DEEDS: dict[str, Callable[[BotApiChat, web.Request], Awaitable[object]]] = {
    "send": _send,
    "press": _press,
    "upload": _upload,
    "contact": _contact,
    "block": _block,
    "unblock": _unblock,
}
