"""Twenty seconds of the soak: everything at once, with a fault every few seconds (Q120, Q121)."""

from pathlib import Path

from bot.bench.peers.postgres import Server
from bot.bench.soak.bench import SoakPlan, soak_new_database
from bot.bench.soak.memory import Memory

SHORT = SoakPlan(seconds=20, pushes=10, questions=5, import_every=8, fault_every=5, families=40, askers=20)


async def test_nothing_is_lost_in_a_soak(sqlite_url: str, tmp_path: Path) -> None:
    """Imports, pushes, questions and faults beside each other; half an hour of it is `vestnik bench soak`."""
    soaked = await soak_new_database("sqlite", Server(lambda _: sqlite_url), tmp_path, SHORT, seed=30)
    assert (soaked.lost, soaked.unanswered, soaked.unmarked, soaked.alive, soaked.audit_whole) == (0, 0, 0, True, True)
    assert soaked.faults.values()
    assert soaked.imports > 0
    assert all(early and late for early, late in soaked.memory.values())


def test_late_memory_is_compared_with_early_memory() -> None:
    """Minutes 20 to 30 of 30 against 5 to 10, as medians; a process that was killed is left out."""
    memory = Memory(killed={"worker"})
    for minute in range(31):
        size = 2 if minute > 15 else 1
        memory.samples.setdefault("bot", []).append((minute / 30, size << 20))
        memory.samples.setdefault("worker", []).append((minute / 30, 1 << 20))
    assert memory.medians() == {"bot": (1.0, 2.0)}
