"""Screens as a person sees them in MAX: no button is lost, and what goes wrong with a file is no message's fault."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from bot.conversation.line.lenient_json import lenient_json
from bot.conversation.messenger import HeardKind, MessengerUpdate, NotShownError
from bot.conversation.replies import ReplyProgress, show_reply
from bot.max.messenger import MaxMessenger, MaxMessengerPace
from bot.sandbox import SandboxServer
from bot.screens.screen import Screen, ScreenFile
from core.model.delivery.text import Button
from notifiers.max.api import MaxApi

HEARD = MessengerUpdate(1, HeardKind.MESSAGE, "7001")
TOKEN = "token-of-the-school-in-max"
PAGE, PNG = "<html>Bad Gateway</html>", b"\x89PNG"


@dataclass(slots=True)
class OddMax:
    """A server that gives these answers by path, else as MAX would; `sent` are the messages that it took."""

    answers: dict[str, tuple[int, str]] = field(default_factory=dict)
    sent: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""

    async def reply(self, request: web.Request) -> web.Response:
        if request.path in self.answers:
            status, body = self.answers[request.path]
            return web.Response(status=status, text=body)
        if request.path == "/messages":
            self.sent.append(await request.json())
        said = {"/uploads": {"url": f"http://{request.host}/there"}, "/there": {"photos": {"1": {"token": "t"}}}}
        return web.json_response(said.get(request.path, {"message": {"body": {"mid": "mid.1"}}}))


@pytest.fixture
async def messenger(world: SandboxServer) -> AsyncIterator[MaxMessenger]:
    """The messenger over the sandbox; the mother has started the bot."""
    world.max.add(7001, "Мария Лескова").is_started = True
    api = MaxApi(world.max_token, api=world.max_api)
    yield MaxMessenger(api, MaxMessengerPace.of(is_paced=False))
    await api.close()


@pytest.fixture
async def odd() -> AsyncIterator[OddMax]:
    odd, app = OddMax(), web.Application()
    app.router.add_route("*", "/{path:.*}", odd.reply)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    odd.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield odd
    await runner.cleanup()


@pytest.fixture
async def shown(odd: OddMax) -> AsyncIterator[MaxMessenger]:
    """The messenger over that server."""
    api = MaxApi(TOKEN, api=odd.url, timeout=0.5, loads=lenient_json)
    yield MaxMessenger(api, MaxMessengerPace.of(is_paced=False))
    await api.close()


async def test_rows_that_are_too_wide_for_max_lose_no_button(messenger: MaxMessenger, world: SandboxServer) -> None:
    """Twenty-nine rows of eight are fifty-eight of MAX's: they go below two messages (Q91, Q141)."""
    rows = tuple(tuple(Button(f"{row}.{place}", f"menu.{row}.{place}") for place in range(8)) for row in range(29))
    await show_reply(messenger, HEARD, Screen("5А", rows))
    shown = world.max[7001].messages
    assert [label for message in shown for label in message.labels] == [each.label for row in rows for each in row]
    assert [len(message.buttons) for message in shown] == [30, 28]
    links = (tuple(Button(str(place), url="https://school.example.org/") for place in range(100)),)
    await show_reply(messenger, HEARD, Screen("5А", links))
    assert [len(message.buttons) for message in shown[2:]] == [30, 4]


@pytest.mark.parametrize("place", ["/uploads", "/there"])
@pytest.mark.parametrize(("status", "body"), [(502, PAGE), (200, "{half"), (200, "")])
async def test_a_lost_answer_to_an_upload_has_shown_nothing(
    odd: OddMax, shown: MaxMessenger, place: str, status: int, body: str
) -> None:
    """So the next try bears no «(повтор)»: the family has seen nothing yet (Q121)."""
    odd.answers[place] = status, body
    pdf = ScreenFile("план.pdf", "application/pdf", b"%PDF")
    files = show_reply(shown, HEARD, Screen("Оценки", files=(pdf,)), sending := ReplyProgress(mark="(повтор)"))
    picture = show_reply(shown, HEARD, Screen("Оценки", picture=PNG), drawing := ReplyProgress(mark="(повтор)"))
    for showing in (files, picture):
        with pytest.raises(NotShownError):
            await showing
    assert [(each.may_be_shown, each.lost) for each in (sending, drawing)] == [(False, 0)] * 2
    assert [message["text"] for message in odd.sent] == ["Оценки"]


@pytest.mark.parametrize("place", ["/uploads", "/there"])
async def test_words_go_without_a_picture_that_max_refuses(odd: OddMax, shown: MaxMessenger, place: str) -> None:
    """What the picture shows stands in the words too (Q141)."""
    odd.answers[place] = 400, '{"code": "upload", "message": "?"}'
    await show_reply(shown, HEARD, Screen("Алгебра: 5", ((Button("Меню", "menu"),),), picture=PNG))
    (message,) = odd.sent
    assert message["text"] == "Алгебра: 5"
    assert [each["type"] for each in message["attachments"]] == ["inline_keyboard"]


async def test_one_wrong_place_of_an_answer_hides_no_other_update(odd: OddMax, shown: MaxMessenger) -> None:
    """A bare control character or an endless number costs what it stands in, and not the whole batch (Q120)."""
    odd.answers["/updates"] = 200, '{"updates": [{"text": "a\x01b", "n": ' + "9" * 5000 + '}], "marker": 5}'
    assert (await shown.api.call("GET", "/updates"))["updates"] == [{"text": "a\x01b", "n": None}]
