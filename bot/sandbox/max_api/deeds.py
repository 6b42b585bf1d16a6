"""What a person does in MAX, by name: for the page, and for tests in another process."""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from bot.sandbox.bot_api.server import bot_api_multipart
from bot.sandbox.max_api.dialogs import MaxApiDialog


async def _start(dialog: MaxApiDialog, request: web.Request) -> None:
    dialog.start((await request.json()).get("payload"))


async def _send(dialog: MaxApiDialog, request: web.Request) -> None:
    dialog.say((await request.json())["text"])


async def _press(dialog: MaxApiDialog, request: web.Request) -> None:
    press = await request.json()
    newest = next(message for message in reversed(dialog.messages) if message.from_bot)
    dialog.press(dialog.message(press["mid"]) if "mid" in press else newest, press["payload"])


async def _upload(dialog: MaxApiDialog, request: web.Request) -> None:
    fields, uploads = await bot_api_multipart(request)
    dialog.send_file(uploads["file"], photo=fields.get("kind") == "photo", caption=fields.get("caption", ""))


async def _contact(dialog: MaxApiDialog, _request: web.Request) -> None:
    dialog.share_contact()


async def _stop(dialog: MaxApiDialog, _request: web.Request) -> None:
    dialog.stop()


async def _remove(dialog: MaxApiDialog, _request: web.Request) -> None:
    dialog.remove()


async def _mute(dialog: MaxApiDialog, request: web.Request) -> None:
    dialog.mute(int((await request.json())["until"]))


async def _unmute(dialog: MaxApiDialog, _request: web.Request) -> None:
    dialog.unmute()


MAX_DEEDS: Mapping[str, Callable[[MaxApiDialog, web.Request], Awaitable[None]]] = {
    "start": _start,
    "send": _send,
    "press": _press,
    "upload": _upload,
    "contact": _contact,
    "stop": _stop,
    "remove": _remove,
    "mute": _mute,
    "unmute": _unmute,
}
