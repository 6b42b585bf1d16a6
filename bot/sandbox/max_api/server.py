"""MAX's Bot API over HTTP: checks a call against the description, executes it, answers as MAX does."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

from aiohttp import web

from bot.sandbox.bot_api.call import Json
from bot.sandbox.bot_api.server import bot_api_multipart
from bot.sandbox.bot_api.spoilt import spoilt_bot_api_answer
from bot.sandbox.bot_api.state.send_log import Accepted
from bot.sandbox.faults import FaultKind, Peer, SandboxFault, SandboxFaults
from bot.sandbox.max_api.dialogs import BOT, MaxApiDialog, MaxApiDialogs
from bot.sandbox.max_api.refusal import (
    MaxApiRefusal,
    invalid_max_api_refusal,
    stopped_max_api_refusal,
    unready_max_api_refusal,
)
from bot.sandbox.max_api.schema import MaxApiSchema
from bot.sandbox.max_api.texts import accepted_max_text, check_max_api_keyboards

PREFIX = "/max"
Query = Mapping[str, str]

_REFUSALS: Mapping[FaultKind, Callable[[], MaxApiRefusal]] = {
    FaultKind.TOO_MANY_REQUESTS: lambda: MaxApiRefusal(429, "too.many.requests", "sandbox: asked for"),
    FaultKind.BLOCKED: stopped_max_api_refusal,
    FaultKind.SERVER_ERROR: lambda: MaxApiRefusal(503, "service.unavailable", "sandbox: asked for"),
    FaultKind.UNAUTHORIZED: lambda: MaxApiRefusal(401, "verify.token", "Invalid access_token"),
    FaultKind.REFUSED_CONTENT: lambda: invalid_max_api_refusal("sandbox: asked for"),
    FaultKind.NOT_OK: lambda: MaxApiRefusal(200, "error.message", "sandbox: refused in a 200"),
    FaultKind.NOT_READY: unready_max_api_refusal,
}


class MaxApiServer:
    """One bot's Bot API; a token that is not this bot's is answered with 401."""

    def __init__(self, dialogs: MaxApiDialogs, *, schema: MaxApiSchema, faults: SandboxFaults) -> None:
        self._dialogs = dialogs
        self._network = dialogs.network
        self._schema = schema
        self._faults = faults
        self._calls: Mapping[str, Callable[[Query, Json], Json | Awaitable[Json]]] = {
            "GET /me": lambda *_: dict(BOT),
            "GET /subscriptions": self._subscriptions,
            "POST /subscriptions": self._subscribe,
            "DELETE /subscriptions": self._unsubscribe,
            "POST /uploads": self._upload_place,
            "POST /messages": self._send,
            "PUT /messages": self._edit,
            "POST /answers": self._answer,
            "GET /updates": self._updates,
        }

    def routes(self) -> list[web.AbstractRouteDef]:
        """The calls, uploads and downloads."""
        return [
            web.route("*", f"{PREFIX}/{{call:.*}}", self._call),
            web.post("/max-uploads/{kind}", self._upload),
            web.get("/max-files/{token}", self._download),
        ]

    async def _call(self, request: web.Request) -> web.StreamResponse:
        name = f"{request.method} /{request.match_info['call']}"
        before = len(self._network.log)
        try:
            self._check_token(request)
            body = await _json_body(request)
            self._schema.check_call(name, request.query, body)
            person = self._person_of(request.query)
            self._network.calls.append((name, person, time.monotonic()))
            fault = self._faults.strike(name, person, peer=Peer.MAX_API)
            striking = fault if fault is not None and not fault.accepted else None
            if striking is not None and (spoilt := await self._spoil(striking, request)) is not None:
                return spoilt
            said = self._calls[name](request.query, body)
            answer = await said if isinstance(said, Awaitable) else said
        except MaxApiRefusal as refusal:
            return _json(refusal.as_json(), status=refusal.status)
        except ConnectionResetError:
            return web.Response()  # whoever called died in the middle of it, so nobody hears this
        self._schema.check_answer(name, answer if name != "GET /updates" else answer | {"updates": []})  # were checked
        if fault is not None and fault.accepted:
            self._network.log.mark_lost(before, name, person)
            whole = json.dumps(answer, ensure_ascii=False)
            return await spoilt_bot_api_answer(fault, request, answer, whole=whole) or _json(answer)
        return _json(answer)

    async def _spoil(self, fault: SandboxFault, request: web.Request) -> web.Response | None:
        """The answer of a call that a fault stops; ``None`` where the call is executed."""
        if fault.kind is FaultKind.SLOW:
            await asyncio.sleep(fault.delay)
            return None
        if fault.kind is FaultKind.FUTURE_UPDATE:
            self._network.updates.add_raw({"update_type": "telepathy", "timestamp": 1, "thought": "?"})
            return None
        if fault.kind in _REFUSALS:
            refusal = _REFUSALS[fault.kind]()
            raise refusal
        return await spoilt_bot_api_answer(fault, request, {}, whole='{"message": {"body": {"mid": "mid.cut"')

    def _check_token(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != self._network.token:
            refusal = _REFUSALS[FaultKind.UNAUTHORIZED]()
            raise refusal

    def _person_of(self, query: Query) -> int | None:
        if "callback_id" in query:
            pressed = self._network.pressed.get(query["callback_id"])
            return pressed[0].user_id if pressed else None
        return int(query["user_id"]) if query.get("user_id", "").isdecimal() else None

    def _send(self, query: Query, body: Json) -> Json:
        if "user_id" not in query:
            raise invalid_max_api_refusal("sandbox: a person is written to by user_id")
        dialog = self._dialogs.get(int(query["user_id"]))
        if dialog is None:
            raise MaxApiRefusal(404, "chat.not.found", "Chat not found")
        dialog.open_for_bot()
        text, markup = accepted_max_text(body)
        attachments = self._attachments(body.get("attachments") or ())
        if not text and not attachments:
            raise invalid_max_api_refusal("text: message is empty")
        silent = body.get("notify") is False
        shown = dialog.accept(text, markup=markup, attachments=attachments, silent=silent)
        self._note(dialog, "POST /messages", text)
        return {"message": shown}

    def _edit(self, query: Query, body: Json) -> Json:
        for dialog in self._dialogs:
            for message in dialog.messages:
                if message.mid == query["message_id"] and message.from_bot:
                    self._replace(dialog, message, body)
                    self._note(dialog, "PUT /messages", message.text)
                    return {"success": True}
        raise MaxApiRefusal(404, "message.not.found", "Message not found")

    def _answer(self, query: Query, body: Json) -> Json:
        pressed = self._network.pressed.get(query["callback_id"])
        if pressed is None:
            raise MaxApiRefusal(404, "callback.not.found", "Unknown callback")
        dialog, message = pressed
        dialog.open_for_bot()
        self._replace(dialog, message, body["message"])
        self._note(dialog, "POST /answers", message.text)
        return {"success": True}

    def _replace(self, dialog: MaxApiDialog, message: Any, body: Json) -> None:
        text, markup = accepted_max_text(body)
        kept = body.get("attachments")
        dialog.replace(message, text, markup, None if kept is None else self._attachments(kept))

    def _attachments(self, asked: Any) -> list[Json]:
        check_max_api_keyboards(asked)
        return [
            each if each["type"] == "inline_keyboard" else self._network.files.shown(each["type"], each["payload"])
            for each in asked
        ]

    def _note(self, dialog: MaxApiDialog, call: str, text: str) -> None:
        self._network.log.add(Accepted(dialog.user_id, call, text, time.monotonic(), len(dialog.messages)))

    def _subscriptions(self, *_: object) -> Json:
        subscription = self._network.updates.subscription
        return {"subscriptions": [] if subscription is None else [subscription]}

    async def _subscribe(self, _query: Query, body: Json) -> Json:
        await self._network.updates.subscribe(body, now=self._network.feed.now() * 1000)
        return {"success": True}

    async def _unsubscribe(self, *_: object) -> Json:
        await self._network.updates.unsubscribe()
        return {"success": True}

    async def _updates(self, query: Query, _body: Json) -> Json:
        marker = int(query["marker"]) if "marker" in query else None
        seconds = float(query.get("timeout", "30"))
        return await self._network.updates.poll(marker, limit=int(query.get("limit", "100")), seconds=seconds)

    def _upload_place(self, query: Query, _body: Json) -> Json:
        return {"url": f"{self._network.files.base}/max-uploads/{query['type']}"}

    async def _upload(self, request: web.Request) -> web.Response:
        _, uploads = await bot_api_multipart(request)
        if "Authorization" in request.headers or set(uploads) != {"data"}:
            return _json(invalid_max_api_refusal("sandbox: one part named data, and no token").as_json(), status=400)
        file = self._network.files.keep(request.match_info["kind"], uploads["data"])
        if file.kind == "image":
            return _json({"photos": {str(file.number): {"token": file.token}}})
        return _json({"token": file.token})

    async def _download(self, request: web.Request) -> web.Response:
        try:
            file = self._network.files.find(request.match_info["token"])
        except MaxApiRefusal as refusal:
            return _json(refusal.as_json(), status=HTTPStatus.NOT_FOUND)
        return web.Response(body=file.upload.data, content_type="application/octet-stream")


async def _json_body(request: web.Request) -> Json:
    if not request.body_exists:
        return {}
    try:
        body = json.loads(await request.read())
    except ValueError:
        raise invalid_max_api_refusal("sandbox: a body is JSON") from None
    if not isinstance(body, dict):
        raise invalid_max_api_refusal("sandbox: a body is an object")
    return body


def _json(body: Json, *, status: int = 200) -> web.Response:
    return web.Response(
        body=json.dumps(body, ensure_ascii=False).encode(), status=status, content_type="application/json"
    )
