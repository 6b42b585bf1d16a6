"""`vestnik bench`: options go to the benchmarks that take them, and what does not hold is exit code 4."""

import inspect
from pathlib import Path

import pytest

from bot.bench import FURTHER_MESSENGERS, MODULES, OPTIONS, Figures, load_benchmark
from bot.cli import bench
from tests.support.keyboard import Keyboard


@pytest.fixture
def keyboard(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Keyboard:
    return Keyboard(tmp_path / "school", capsys, monkeypatch)


@pytest.mark.parametrize(("is_well", "code"), [(True, 0), (False, 4)])
def test_a_table_of_faults_is_printed_and_its_seed_first(
    keyboard: Keyboard, monkeypatch: pytest.MonkeyPatch, *, is_well: bool, code: int
) -> None:
    """The seed repeats a run; a line that does not hold is found by the exit code (Q120)."""

    async def measure(*, seed: int, minutes: float, short: bool) -> Figures:
        rows = [{"line": "F1", "expected": "once", "seen": "twice", "lost": 0, "repeated": 1, "ok": is_well}]
        return {"seed": seed, "minutes": minutes, "short": short, "faults": rows, "ok": is_well}

    monkeypatch.setattr(bench, "load_benchmark", lambda _: measure)
    words = ("bench", "faults", "--seed", "7", "--minutes", "0.5", "--short")
    outcome = keyboard.type(*words)
    assert (outcome.code, outcome.out.split()[:2]) == (code, ["seed", "7"])
    assert "F1" in outcome.out
    found = keyboard.type(*words, "--json").data
    assert (found["seed"], found["minutes"], found["short"], found["faults"][0]["repeated"]) == (7, 0.5, True, 1)


@pytest.mark.parametrize("name", sorted(MODULES))
def test_each_benchmark_is_found_by_its_word_and_takes_its_options(name: str) -> None:
    """It is loaded by names that are put together, which no type checker sees."""
    taken = inspect.signature(load_benchmark(name)).parameters
    assert set(taken) >= OPTIONS.get(name, frozenset())
    assert ("channel" in taken) == (name in FURTHER_MESSENGERS)


def test_a_table_of_faults_is_played_in_max_too(keyboard: Keyboard, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--channel max`; another channel is refused with what there is (Q141)."""

    async def measure(channel: str | None = None, *, short: bool = False) -> Figures:
        return {"channel": channel, "short": short}

    monkeypatch.setattr(bench, "load_benchmark", lambda _: measure)
    assert keyboard.done("bench", "faults", "--channel", "max", "--short", "--json").data == {
        "channel": "max",
        "short": True,
    }
    refused = keyboard.type("bench", "faults", "--channel", "sms")
    assert refused.code == 2
    assert "bench faults --channel max" in refused.err


def test_an_option_of_another_benchmark_is_refused(keyboard: Keyboard) -> None:
    """Exit code 2 and a sentence with the option and the benchmark, before anything is measured."""
    outcome = keyboard.type("bench", "push", "--seed", "7", "--short")
    assert (outcome.code, outcome.out) == (2, "")
    assert "--seed, --short" in outcome.err
    assert "push" in outcome.err
