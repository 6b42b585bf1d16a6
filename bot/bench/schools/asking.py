"""Families that ask the bot through the sandbox at a steady rate; measures how long each waits for its answer."""

import asyncio
import math
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from math import ceil
from typing import Any

import aiohttp

from bot.bench.peers.sandbox_client import SandboxClient

TELEGRAM = "telegram"
NEVER = math.inf
PATIENCE = 10
"""Seconds after the last question; an answer that has not come by then counts as never."""


@dataclass(frozen=True, slots=True)
class Question:
    """A text to send, or the data of a button to press."""

    text: str = ""
    data: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was sent at the moment `at`, seconds.

    `waited`: seconds until Telegram's answer to a button; None where the answer is read from the sandbox's log.
    """

    chat: int
    at: float
    waited: float | None = None


class AskingFamilies:
    """The chats of one messenger in the sandbox: send texts, press buttons, wait for the answers."""

    def __init__(
        self, world: SandboxClient, session: aiohttp.ClientSession, *, patience: float, channel: str = TELEGRAM
    ) -> None:
        self._session = session
        self._world = world
        self._patience = patience
        self._channel = channel
        self._messages: dict[int, int] = {}

    async def begin(self, text: str, chats: Sequence[int], *, rate: float) -> None:
        """Every chat sends the same text, so that the bot's answer has buttons to press."""
        await self.ask([(chat, Question(text)) for chat in chats], rate=rate)
        await self.remember_messages()

    async def remember_messages(self) -> None:
        """Remembers the bot's last message in each chat: buttons are pressed under it from now on."""
        self._messages |= {each["chat_id"]: each["message_id"] for each in await self._world.log(self._channel)}

    async def ask(self, questions: Sequence[tuple[int, Question]], *, rate: float) -> list[float]:
        """Sends `rate` questions a second without waiting for answers; returns the seconds each took, or NEVER."""
        await self._world.forget()
        began = time.monotonic()
        asking = []
        for number, (chat, question) in enumerate(questions):
            await asyncio.sleep(began + number / rate - time.monotonic())
            asking.append(asyncio.create_task(self.ask_one(chat, question)))
        return await self._waited(await asyncio.gather(*asking))

    async def ask_one(self, chat: int, question: Question) -> Asked:
        """Sends a text, or presses a button; in Telegram it waits for the notification that answers the press.

        In MAX, which has none, the button is pressed under the bot's newest message.
        """
        if not question.data:
            return Asked(chat, (await self._post(chat, "send", {"text": question.text}))["at"])
        if self._channel != TELEGRAM:
            return Asked(chat, (await self._post(chat, "press", {"payload": question.data}))["at"])
        at = time.monotonic()
        press = {"message_id": self._messages[chat], "callback_data": question.data}
        answer = await self._post(chat, "press", press)
        return Asked(chat, at, NEVER if answer["text"] is None else time.monotonic() - at)

    async def _post(self, chat: int, action: str, body: Mapping[str, Any]) -> Any:
        place = "chats" if self._channel == TELEGRAM else self._channel
        url = f"{self._world.bot_api}/sandbox/{place}/{chat}/{action}"
        async with self._session.post(url, json=body) as response:
            response.raise_for_status()
            return await response.json()

    async def _waited(self, asked: Sequence[Asked]) -> list[float]:
        """Look once a second, since the sandbox does not call back."""
        for _ in range(ceil(self._patience)):
            waited = _waiting_times(asked, await self._world.log(self._channel))
            if NEVER not in waited:
                return waited
            await asyncio.sleep(1)
        return _waiting_times(asked, await self._world.log(self._channel))


@asynccontextmanager
async def open_asking_families(
    world: SandboxClient, *, patience: float = PATIENCE, channel: str = TELEGRAM
) -> AsyncIterator[AskingFamilies]:
    """Families over one HTTP session, which is closed after the block; `patience`: seconds to wait for an answer."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(patience * 2)) as session:
        yield AskingFamilies(world, session, patience=patience, channel=channel)


def _waiting_times(asked: Sequence[Asked], log: Sequence[Mapping[str, Any]]) -> list[float]:
    """The first message of a chat after its question is the answer: nobody asks twice before it can come."""
    answers: dict[int, list[float]] = defaultdict(list)
    for each in log:
        answers[each["chat_id"]].append(each["at"])
    return [_first_after(answers[each.chat], each.at) if each.waited is None else each.waited for each in asked]


def _first_after(times: Sequence[float], at: float) -> float:
    return next((answered - at for answered in times if answered >= at), NEVER)
