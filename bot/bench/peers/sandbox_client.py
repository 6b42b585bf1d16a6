"""A sandbox in another process, as benchmarks and tests read and steer it."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen

_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class SandboxClient:
    """Reads and steers a sandbox that is another process, over HTTP; its fields say where its peers listen."""

    bot_api: str
    token: str
    smtp_url: str
    sms_url: str

    async def log(self) -> Sequence[Mapping[str, Any]]:
        """All sends that it accepted, in order."""
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

    async def said(self) -> Sequence[Mapping[str, Any]]:
        """All messages of the bot, chat by chat."""
        chats: list[dict[str, Any]] = await asyncio.to_thread(self._call, "GET", "chats")
        return [said for each in chats for said in each["messages"] if said["from_bot"]]

    async def answered_chats(self) -> set[int]:
        """The chats in which the bot has said something."""
        return {said["chat"]["id"] for said in await self.said()}

    async def forget(self) -> None:
        """Begin a new measurement."""
        await asyncio.to_thread(self._call, "DELETE", "log")

    async def lose_answers(self, share: float) -> None:
        """From now on this share of the sends is accepted and never answered."""
        await self.suffer("answer_lost", share)

    async def suffer(self, kind: str, share: float, **details: object) -> None:
        """From now on this share of the calls meets a fault, with details as the sandbox's README names them."""
        fault = {"kind": kind, "probability": share, "times": None, **details}
        await asyncio.to_thread(self._call, "POST", "faults", json.dumps(fault).encode())

    async def mend(self) -> None:
        """From now on everything works."""
        await asyncio.to_thread(self._call, "DELETE", "faults")

    def _call(self, method: str, what: str, body: bytes | None = None) -> Any:
        request = Request(f"{self.bot_api}/sandbox/{what}", data=body, method=method)  # noqa: S310  # our own stand-in
        with urlopen(request, timeout=_PATIENCE) as response:  # noqa: S310  # as above
            return json.load(response)
