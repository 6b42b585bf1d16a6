"""The benchmark of the conversation, with few families: every question is answered in both messengers."""

from typing import Any

import pytest

from bot.bench import bot_bench
from bot.bench.schools.invented import FIRST_CHAT


async def test_max_is_measured_beside_telegram(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one run, so that the figures may be compared; the whole count is `vestnik bench bot --channel max` (Q141)."""
    monkeypatch.setattr(bot_bench, "CHATS", range(FIRST_CHAT, FIRST_CHAT + 20))
    monkeypatch.setattr(bot_bench, "RATES", {6: 3})
    monkeypatch.setattr(bot_bench, "WARM_UP_RATE", 10)
    monkeypatch.setattr(bot_bench, "PATIENCE", 60)
    figures: Any = await bot_bench.measure_bot_bench("max")
    (rate,) = figures["rates"]
    assert rate["unanswered"] == 0
    assert {"p99_ms", "echo_p99_ms", "max_p99_ms", "max_p99_ratio", "max_processor_ms"} <= rate.keys()
    assert figures["ok"]
