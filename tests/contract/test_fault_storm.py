"""The whole product against a Telegram that answers in every unkind way (Q120, Q121)."""

from pathlib import Path

from bot.bench.fault_storm import Storm, survive


async def test_the_product_outlives_twenty_seconds_of_every_fault(store_url: str, tmp_path: Path) -> None:
    """It lives, every question is answered, nobody is forgotten, and nothing comes more often than the contract allows.

    The full five minutes are `vestnik bench faults`.
    """
    survived = await survive(store_url, tmp_path, Storm(seconds=20))
    assert survived.alive
    assert (survived.unanswered, survived.lost, survived.unexplained, survived.audit_whole) == (0, 0, 0, True)
