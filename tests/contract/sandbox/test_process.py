"""The sandbox as a process of its own, for tests that kill the others."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE

import aiohttp


async def test_the_sandbox_runs_by_itself_and_reads_itself_out() -> None:
    """It says in one line where everything is, serves until SIGTERM, and gives its log and chats over HTTP."""
    command = [sys.executable, "-m", "bot.sandbox", "--started", "1", "3"]
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE)
    assert process.stdout is not None
    async with asyncio.timeout(30):
        world = json.loads(await process.stdout.readline())
    async with aiohttp.ClientSession(world["bot_api"]) as session:
        message = {"chat_id": 2, "text": "ок"}
        async with session.post(f"/bot{world['token']}/sendMessage", json=message) as response:
            assert (await response.json())["ok"]
        async with session.get("/sandbox/log") as response:
            assert [accepted["text"] for accepted in await response.json()] == ["ок"]
        async with session.post("/sandbox/chats/3/send", json={"text": "/start"}) as response:
            assert (await response.json())["text"] == "/start"
        async with session.get("/sandbox/chats") as response:
            chats = {chat["chat_id"]: len(chat["messages"]) for chat in await response.json()}
    assert chats == {101: 0, 1: 0, 2: 1, 3: 1}
    process.terminate()
    async with asyncio.timeout(5):
        assert await process.wait() == 0
