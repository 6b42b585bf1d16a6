"""Baselines: the same work with the bare libraries. The product's figures are divided by theirs."""

import asyncio
import csv
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, insert
from telegram import LinkPreviewOptions, Message
from telegram.constants import ParseMode
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.bench.schools.invented import JOURNAL_HEAD

IN_FLIGHT = 8


def bare_import_baseline(journal: str, database: str) -> dict[str, float]:
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


def bare_push_baseline(messages: str, bot_api: str, token: str) -> dict[str, float]:
    """One ExtBot without a rate limiter that sends the messages of a JSON file, eight at a time (contracts, Delivery).

    The messages are in the format of the Bot API; their HTML and keyboards are built before the first is sent.
    """
    no_preview = LinkPreviewOptions(is_disabled=True)
    sends: list[_Send] = [
        (
            each.chat_id,
            each.text_html,
            {"parse_mode": ParseMode.HTML, "link_preview_options": no_preview, "reply_markup": each.reply_markup},
        )
        for each in _read(messages)
    ]
    return asyncio.run(_push(iter(sends), bot_api, token))


def plain_push_baseline(messages: str, bot_api: str, token: str) -> dict[str, float]:
    """Only the texts, without HTML and buttons; the difference is the time that the library spends on these."""
    sends: list[_Send] = [(each.chat_id, each.text or "", {}) for each in _read(messages)]
    return asyncio.run(_push(iter(sends), bot_api, token))


_Send = tuple[int, str, Mapping[str, Any]]


def _read(messages: str) -> Sequence[Message]:
    return Message.de_list(json.loads(Path(messages).read_bytes()))


async def _push(sends: Iterator[_Send], bot_api: str, token: str) -> dict[str, float]:
    request = HTTPXRequest(connection_pool_size=IN_FLIGHT)
    bot = ExtBot(token, base_url=f"{bot_api}/bot", request=request)

    async def send_some() -> None:
        for chat_id, text, options in sends:
            await bot.send_message(chat_id, text, **options)

    started = time.perf_counter()
    await asyncio.gather(*(send_some() for _ in range(IN_FLIGHT)))
    seconds = time.perf_counter() - started
    await request.shutdown()
    return {"seconds": seconds}
