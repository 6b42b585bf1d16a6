"""Families that ask through the stand-in at a steady rate, and how long each waits for its answer."""

import asyncio
import math
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.bench.peers.sandbox_client import SandboxClient

NEVER = math.inf
PATIENCE = 10
"""Seconds after the last question; an answer that has not come by then counts as never."""


@dataclass(frozen=True, slots=True)
class Question:
    """Words to send, or the data of a button to press."""

    text: str = ""
    data: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """`waited`: seconds, where a button was pressed; the answers to words are read from the stand-in's log."""

    chat: int
    at: float
    waited: float | None = None


class Families:
    """The people of the stand-in, each with a few questions."""

    def __init__(self, world: SandboxClient, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._world = world
        self._messages: dict[int, int] = {}

    async def begin(self, words: str, chats: Sequence[int], *, rate: float) -> None:
        """Everybody says something, so that there is a message of the bot under which to press."""
        await self.ask([(chat, Question(words)) for chat in chats], rate=rate)
        await self.look()

    async def look(self) -> None:
        """From now on each presses under the last message that the bot wrote to them."""
        self._messages |= {each["chat_id"]: each["message_id"] for each in await self._world.log()}

    async def ask(self, questions: Sequence[tuple[int, Question]], *, rate: float) -> list[float]:
        """So many a second whatever the answers do; the seconds that each took, or NEVER."""
        await self._world.forget()
        began = time.monotonic()
        asking = []
        for number, (chat, question) in enumerate(questions):
            await asyncio.sleep(began + number / rate - time.monotonic())
            asking.append(asyncio.create_task(self.one(chat, question)))
        return await self._waited(await asyncio.gather(*asking))

    async def one(self, chat: int, question: Question) -> Asked:
        """Say it, or press and wait for the answer over the chat."""
        if not question.data:
            return Asked(chat, (await self._post(chat, "send", {"text": question.text}))["at"])
        at = time.monotonic()
        press = {"message_id": self._messages[chat], "callback_data": question.data}
        answer = await self._post(chat, "press", press)
        return Asked(chat, at, NEVER if answer["text"] is None else time.monotonic() - at)

    async def _post(self, chat: int, deed: str, body: Mapping[str, Any]) -> Any:
        url = f"{self._world.bot_api}/sandbox/chats/{chat}/{deed}"
        async with self._session.post(url, json=body) as response:
            response.raise_for_status()
            return await response.json()

    async def _waited(self, asked: Sequence[Asked]) -> list[float]:
        for _ in range(PATIENCE):
            waited = _matched(asked, await self._world.log())
            if NEVER not in waited:
                return waited
            await asyncio.sleep(1)
        return _matched(asked, await self._world.log())


def _matched(asked: Sequence[Asked], log: Sequence[Mapping[str, Any]]) -> list[float]:
    """The first message of a chat after its question is the answer: nobody asks twice before it can come."""
    answers: dict[int, list[float]] = defaultdict(list)
    for each in log:
        answers[each["chat_id"]].append(each["at"])
    return [_first_after(answers[each.chat], each.at) if each.waited is None else each.waited for each in asked]


def _first_after(times: Sequence[float], at: float) -> float:
    return next((answered - at for answered in times if answered >= at), NEVER)
