"""The same work with the bare libraries, and nothing of the product: what the product's figures are divided by."""

import asyncio
import csv
import json
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, insert
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.bench.school import JOURNAL_HEAD

IN_FLIGHT = 8


def bare_import(journal: str, database: str) -> dict[str, float]:
    """csv.reader and one executemany in one transaction into a file of SQLite (contracts, Delivery)."""
    marks = Table(
        "mark", MetaData(), Column("id", Integer, primary_key=True), *(Column(n, String) for n in JOURNAL_HEAD)
    )
    engine = create_engine(f"sqlite:///{database}")
    marks.create(engine)
    started = time.perf_counter()
    with Path(journal).open(encoding="utf-8", newline="") as file, engine.begin() as connection:
        rows = csv.reader(file)
        head = next(rows)
        connection.execute(insert(marks), [dict(zip(head, row, strict=True)) for row in rows])
    return {"seconds": time.perf_counter() - started}


def bare_push(texts: str, bot_api: str, token: str) -> dict[str, float]:
    """One ExtBot without a rate limiter that sends (chat, text) pairs from a JSON file, eight at a time."""
    return asyncio.run(_push(iter(json.loads(Path(texts).read_bytes())), bot_api, token))


async def _push(pairs: Iterator[tuple[int, str]], bot_api: str, token: str) -> dict[str, float]:
    request = HTTPXRequest(connection_pool_size=IN_FLIGHT)
    bot = ExtBot(token, base_url=f"{bot_api}/bot", request=request)

    async def send_some() -> None:
        for chat, text in pairs:
            await bot.send_message(chat, text)

    started = time.perf_counter()
    await asyncio.gather(*(send_some() for _ in range(IN_FLIGHT)))
    seconds = time.perf_counter() - started
    await request.shutdown()
    return {"seconds": seconds}
