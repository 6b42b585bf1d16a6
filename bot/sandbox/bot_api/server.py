"""The Bot API over HTTP: reads a call in any form, checks it, executes it, answers as Telegram does."""

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, hdrs, web

from bot.sandbox.bot_api.bot import Bot, Method
from bot.sandbox.bot_api.call import BotApiCall, Json, Upload
from bot.sandbox.bot_api.methods.profile import PROFILE
from bot.sandbox.bot_api.methods.reading import METHODS
from bot.sandbox.bot_api.methods.sending import SENDING
from bot.sandbox.bot_api.refusal import (
    BotApiRefusal,
    bad_request_refusal,
    blocked_bot_refusal,
    conflict_refusal,
    migrated_group_refusal,
    too_many_requests_refusal,
)
from bot.sandbox.bot_api.schema import BotApiSchema
from bot.sandbox.bot_api.spoilt import spoilt_bot_api_answer, spoilt_future_update
from bot.sandbox.bot_api.state.files import UNKNOWN
from bot.sandbox.faults import FaultKind, SandboxFault, SandboxFaults

_PLAYED: dict[str, Method] = METHODS | SENDING | PROFILE
_REFUSALS: dict[FaultKind, Callable[[SandboxFault], BotApiRefusal]] = {
    FaultKind.TOO_MANY_REQUESTS: lambda fault: too_many_requests_refusal(fault.retry_after),
    FaultKind.BLOCKED: lambda _: blocked_bot_refusal(),
    FaultKind.SERVER_ERROR: lambda _: BotApiRefusal(502, "Bad Gateway"),
    FaultKind.UNAUTHORIZED: lambda _: BotApiRefusal(401, "Unauthorized"),
    FaultKind.CONFLICT: lambda _: conflict_refusal("terminated by other getUpdates request; sandbox: asked for"),
    FaultKind.MIGRATED: lambda fault: migrated_group_refusal(fault.chat_id or 1),
    FaultKind.REFUSED_CONTENT: lambda _: bad_request_refusal("can't parse entities: sandbox: asked for"),
}


class BotApiServer:
    """One bot's Bot API; a token that is not this bot's is answered with 401."""

    def __init__(self, bot: Bot, *, token: str, schema: BotApiSchema, faults: SandboxFaults) -> None:
        self._bot = bot
        self._token = token
        self._schema = schema
        self._faults = faults
        self._strange = itertools.count()

    def routes(self) -> list[web.AbstractRouteDef]:
        """Methods and downloads."""
        return [
            web.route("*", "/bot{token}/{method}", self._method),
            web.get("/file/bot{token}/files/{file_id}/{name}", self._download),
        ]

    async def _method(self, request: web.Request) -> web.StreamResponse:
        accepted = len(self._bot.log)
        try:
            self._check_token(request)
            fields, uploads = await _read(request)
            call = self._schema.call(request.match_info["method"], fields, uploads)
            fault = self._faults.strike(call.method, _chat_of(call))
            if (
                fault is not None
                and not fault.accepted
                and ((answer := await self._apply_fault(fault, request)) is not None)
            ):
                return answer
            accepted = len(self._bot.log)
            result = await self._perform(call)
        except BotApiRefusal as refusal:
            return _json(refusal.as_json(), status=refusal.code)
        except ConnectionResetError:
            return web.Response()  # whoever called died in the middle of it, so nobody hears this
        if fault is not None and fault.accepted:
            self._bot.log.mark_lost(accepted, call.method, _chat_of(call))
            return await spoilt_bot_api_answer(fault, request, result) or _json({"ok": True, "result": result})
        return _json({"ok": True, "result": result})

    async def _apply_fault(self, fault: SandboxFault, request: web.Request) -> web.Response | None:
        """The answer of a call that a fault stops; ``None`` where the call is executed."""
        match fault.kind:
            case FaultKind.SLOW:
                await asyncio.sleep(fault.delay)
                return None
            case FaultKind.FUTURE_UPDATE:
                self._add_future_update(fault.chat_id)
                return None
            case kind if kind in _REFUSALS:
                raise _REFUSALS[kind](fault)
            case _:
                return await spoilt_bot_api_answer(fault, request, [])

    async def _perform(self, call: BotApiCall) -> object:
        method = _PLAYED.get(call.method)
        if method is None:
            raise BotApiRefusal(501, f"Not Implemented: sandbox: {call.method} is not played here")
        result = method(self._bot, call)
        return await result if isinstance(result, Awaitable) else result

    def _add_future_update(self, chat_id: int | None) -> None:
        chat_ids = [chat.chat_id for chat in self._bot.chats] if chat_id is None else [chat_id]
        chat = self._bot.chats[chat_ids[0]]
        self._bot.telegram.updates.add_raw(spoilt_future_update(next(self._strange), chat.as_json))

    async def _download(self, request: web.Request) -> web.Response:
        try:
            self._check_token(request)
            file = self._bot.telegram.files.find(request.match_info["file_id"])
        except BotApiRefusal as refusal:
            return _json(refusal.as_json(), status=refusal.code)
        return web.Response(body=file.data, content_type=UNKNOWN)

    def _check_token(self, request: web.Request) -> None:
        if request.match_info["token"] != self._token:
            raise BotApiRefusal(401, "Unauthorized")


def _chat_of(call: BotApiCall) -> int | None:
    chat_id = call.text("chat_id")
    return int(chat_id) if chat_id.lstrip("-").isdecimal() else None


async def _read(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    """The fields of the address and of the body, and the files."""
    fields: Json = dict(request.query)
    if not request.body_exists:
        return fields, {}
    kind = request.content_type
    if kind == "application/x-www-form-urlencoded":
        return fields | dict(parse_qsl((await request.read()).decode(), keep_blank_values=True)), {}
    if kind == "application/json":
        return fields | await _json_body(request), {}
    if kind == "multipart/form-data":
        parts, uploads = await bot_api_multipart(request)
        return fields | parts, uploads
    raise bad_request_refusal("sandbox: a body is a form, multipart or JSON")


async def _json_body(request: web.Request) -> Json:
    try:
        body = json.loads(await request.read())
    except ValueError:
        raise bad_request_refusal("can't parse JSON body") from None
    if not isinstance(body, dict):
        raise bad_request_refusal("can't parse JSON body: an object is expected")
    return body


async def bot_api_multipart(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    """The parts without a file name, and those with one."""
    fields: Json = {}
    uploads: dict[str, Upload] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise bad_request_refusal("sandbox: nested multipart is not read here")
        data, name = bytes(await part.read()), part.name or ""
        if part.filename is None:
            fields[name] = data.decode()
        else:
            uploads[name] = Upload(part.filename, part.headers.get(hdrs.CONTENT_TYPE, ""), data)
    return fields, uploads


def _json(body: Any, *, status: int = 200) -> web.Response:
    return web.Response(
        body=json.dumps(body, ensure_ascii=False).encode(), status=status, content_type="application/json"
    )
