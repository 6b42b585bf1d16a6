"""Broken answers, as of proxies and networks, in place of the Bot API's JSON."""

import asyncio
import json
from http import HTTPStatus

from aiohttp import web

from bot.sandbox.bot_api.call import Json
from bot.sandbox.faults import FaultKind, SandboxFault

PAGE = "<html><head><title>{reason}</title></head><body><center><h1>{code} {reason}</h1></center></body></html>"
NEVER = 10**12  # seconds
LOOK = 0.05  # seconds between two looks whether the caller is still there

_PAGES = {
    FaultKind.HTML_OK: HTTPStatus.OK,
    FaultKind.HTML_FORBIDDEN: HTTPStatus.FORBIDDEN,
    FaultKind.HTML_BAD_GATEWAY: HTTPStatus.BAD_GATEWAY,
}
_NOT_OK = '{"ok": false, "error_code": 400, "description": "Bad Request: sandbox: refused in a 200"}'
_HUGE = (
    f'{{"ok": false, "error_code": 429, "description": "Too Many Requests: retry after {NEVER}", '
    f'"parameters": {{"retry_after": {NEVER}}}}}'
)


async def spoilt_bot_api_answer(
    fault: SandboxFault, request: web.Request, result: object, *, whole: str | None = None
) -> web.Response | None:
    """The broken answer for this fault; ``None`` where the fault does not change the answer.

    ``whole``: the answer as it would be, where it is not the Bot API's JSON with this result.
    """
    match fault.kind:
        case FaultKind.SILENCE:
            await wait_for_spoilt_connection(request.transport)
        case FaultKind.ANSWER_LOST | FaultKind.CLOSED if request.transport is not None:
            request.transport.abort()
        case FaultKind.HUGE_NUMBERS:
            return web.Response(text=_HUGE, status=HTTPStatus.TOO_MANY_REQUESTS, content_type="application/json")
        case kind if kind in _PAGES:
            return _page(_PAGES[kind])
        case kind:
            body = _body(kind, result, whole)
            return None if body is None else web.Response(text=body, content_type="application/json")
    return web.Response()  # nobody reads it


async def wait_for_spoilt_connection(transport: asyncio.BaseTransport | None) -> None:
    """Wait until the caller closes the connection."""
    while transport is not None and not transport.is_closing():  # noqa: ASYNC110  # a transport has no event for it
        await asyncio.sleep(LOOK)


def _body(kind: FaultKind, result: object, whole: str | None) -> str | None:
    """The body of the 200 in place of the JSON with this result."""
    whole = whole or json.dumps({"ok": True, "result": result}, ensure_ascii=False)
    other = True if isinstance(result, dict | list) else {"a": [None]}
    return {
        FaultKind.EMPTY: "",
        FaultKind.CUT: whole[: len(whole) // 2],
        FaultKind.LIST: "[]",
        FaultKind.NOT_OK: _NOT_OK,
        FaultKind.WRONG_TYPES: json.dumps({"ok": True, "result": other}),
    }.get(kind)


def _page(status: HTTPStatus) -> web.Response:
    text = PAGE.format(code=int(status), reason=status.phrase)
    return web.Response(text=text, status=status, content_type="text/html")


def spoilt_future_update(number: int, chat: Json) -> Json:
    """Updates that today's libraries cannot parse: new kinds, and a missing field."""
    message = {"message_id": 1, "date": 0, "chat": chat, "from": chat | {"is_bot": False}, "text": "?"}
    strange: tuple[Json, ...] = (
        {"message": message | {"forward_origin": {"type": "time_machine", "date": 0}}},
        {"message": message | {"chat_background_set": {"type": {"type": "hologram"}}}},
        {"telepathy": {"from": chat, "thought": "?"}},
        {"message": {name: value for name, value in message.items() if name != "date"}},
        {"callback_query": {"id": [], "from": chat}},
    )
    return strange[number % len(strange)]
