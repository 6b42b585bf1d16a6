"""Reads and controls a sandbox in another process, for benchmarks and tests."""

import asyncio
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen

_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class SandboxClient:
    """Controls a sandbox over HTTP. The fields are the URLs of its peers and the bot's token."""

    bot_api: str
    token: str
    smtp_url: str
    sms_url: str
    max_api: str = ""
    max_token: str = ""

    async def log(self, channel: str = "telegram") -> Sequence[Mapping[str, Any]]:
        """All sends that a messenger accepted, in order."""
        if channel == "max":
            sent: list[dict[str, Any]] = (await self.max_log())["log"]
            return sent
        accepted: list[dict[str, Any]] = await asyncio.to_thread(self._call, "GET", "log")
        return accepted

    async def mails(self) -> Sequence[Mapping[str, Any]]:
        """All mails that it accepted, in order."""
        accepted: list[dict[str, Any]] = await asyncio.to_thread(self._call, "GET", "mail")
        return accepted

    async def sms(self) -> Sequence[Mapping[str, Any]]:
        """All SMS that it accepted, in order."""
        accepted: list[dict[str, Any]] = await asyncio.to_thread(self._call, "GET", "sms")
        return accepted

    async def bot_messages(self) -> Sequence[Mapping[str, Any]]:
        """All messages of the bot in Telegram, chat by chat."""
        chats: list[dict[str, Any]] = await asyncio.to_thread(self._call, "GET", "chats")
        return [message for chat in chats for message in chat["messages"] if message["from_bot"]]

    async def messages_by_chat(self, channel: str = "telegram") -> Counter[int]:
        """How many messages of the bot each chat of a messenger has."""
        place, key = ("max", "user_id") if channel == "max" else ("chats", "chat_id")
        chats: list[dict[str, Any]] = await asyncio.to_thread(self._call, "GET", place)
        return Counter({chat[key]: sum(message["from_bot"] for message in chat["messages"]) for chat in chats})

    async def max_log(self) -> Mapping[str, Any]:
        """`log`: what MAX accepted, in order; `calls`: every call with its person and moment."""
        seen: dict[str, Any] = await asyncio.to_thread(self._call, "GET", "max/log")
        return seen

    async def start_dialogs(self, persons: Sequence[int]) -> None:
        """These persons have started the bot in MAX."""
        await self.start_chats(persons, "max")

    async def start_chats(self, chats: Sequence[int], channel: str = "telegram") -> None:
        """These persons have started the bot in a messenger."""
        started = json.dumps({"started": list(chats)}).encode()
        await asyncio.to_thread(self._call, "POST", "max" if channel == "max" else "chats", started)

    async def act(self, chat: int, deed: str, channel: str = "telegram") -> None:
        """The person of a chat does something that needs no words: `block`, `unblock`; in MAX `stop`, `start`."""
        place = "max" if channel == "max" else "chats"
        await asyncio.to_thread(self._call, "POST", f"{place}/{chat}/{deed}", b"{}")

    async def press_in_max(self, person: int, payload: str) -> None:
        """The person presses a button below the newest message of the bot."""
        press = json.dumps({"payload": payload}).encode()
        await asyncio.to_thread(self._call, "POST", f"max/{person}/press", press)

    async def forget(self) -> None:
        """Empties the log, for a new measurement."""
        await asyncio.to_thread(self._call, "DELETE", "log")

    async def add_fault(self, kind: str, share: float, **details: object) -> None:
        """From now on this share of the calls meets a fault; `details`: as in the sandbox's README."""
        fault = {"kind": kind, "probability": share, "times": None, **details}
        await asyncio.to_thread(self._call, "POST", "faults", json.dumps(fault).encode())

    async def remove_faults(self) -> None:
        """From now on no call meets a fault."""
        await asyncio.to_thread(self._call, "DELETE", "faults")

    def _call(self, method: str, what: str, body: bytes | None = None) -> Any:
        request = Request(f"{self.bot_api}/sandbox/{what}", data=body, method=method)  # noqa: S310  # our own stand-in
        with urlopen(request, timeout=_PATIENCE) as response:  # noqa: S310  # as above
            return json.load(response)
