"""What every test may ask for: the real peers, each started when the first test needs it."""

from collections.abc import Generator, Iterator
from importlib import import_module
from itertools import chain
from pathlib import Path
from pkgutil import walk_packages

import pytest
import structlog
from coverage import Coverage
from hypothesis import settings

import core

pytest_plugins = [
    "tests.peers.cups",
    "tests.peers.kannel",
    "tests.peers.postfix",
    "tests.peers.postgres",
    "tests.peers.browser",
    "tests.support.compiled_once",
    "tests.support.garbage",
    "tests.support.migrated_once",
    "tests.support.stores",
]

settings.register_profile("vestnik", deadline=None)  # a shared machine is slow at times; that proves nothing
settings.load_profile("vestnik")


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """A command that sets a log level sets it for the process: the next test must not lose its lines by that."""
    yield
    structlog.reset_defaults()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--look-again` writes the snapshots of the screens anew; `--whole` leaves out no share of long tests."""
    parser.addoption(
        "--whole", action="store_true", help="ask all of the access matrix, every fault and kill on both databases"
    )
    parser.addoption("--look-again", action="store_true", help="write the snapshots of the screens anew")


LONG_ONES = (
    "test_fault_table",
    "test_access_matrix",
    "test_bot_kill",
    "test_fault_storm",
    "test_bot_bench",
    "test_kill",
    "test_run_outlives",
    "test_soak",
    "test_snapshots",
    "test_fit",
    "test_first_day",
    "test_histories",
    "test_pace",
    "test_import_beside",
    "test_statistics_bench",
    "test_exam_scripts",
    "test_edit_scripts",
    "test_newcomer_journey",
    "test_simulated_year",
    "test_restore",
    "test_demo",
)
"""Files with a test that takes twenty seconds or more, the longest first."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Each process begins with its share of the long tests, so that none is alone at work at the end."""
    processes = getattr(config, "workerinput", {}).get("workercount", 1)
    long = sorted((each for each in items if each.path.stem in LONG_ONES), key=_place)
    short = [each for each in items if each.path.stem not in LONG_ONES]
    bounds = [len(short) * number // processes for number in range(processes + 1)]
    shares = [(*long[number::processes], *short[slice(*bounds[number : number + 2])]) for number in range(processes)]
    items[:] = chain.from_iterable(shares)


def _place(item: pytest.Item) -> int:
    return LONG_ONES.index(item.path.stem)


UNTRACED = ("architecture", "contract", "e2e")
"""Folders of tests whose subject is not what core does: what is reached of core counts from `unit` and `component`."""


def is_traced(item: pytest.Item) -> bool:
    """Core is the same over either database, so it is traced over one; `no_cover` marks what repeats other tests."""
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    return folder not in UNTRACED and "postgresql" not in item.name and item.get_closest_marker("no_cover") is None


TRACER = pytest.StashKey[Coverage | None]()


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Core is read under the tracer, its definitions count; the tests and all vendors are read without it."""
    if not session.config.getoption("numprocesses", None):  # who deals the tests out reads none
        import_module("bot.telegram")  # before a test imports aiogram, which alone takes four seconds
    session.config.stash[TRACER] = tracer = Coverage.current()
    if tracer is not None:
        for module in walk_packages(core.__path__, "core."):
            import_module(module.name)
        tracer.stop()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """What is traced costs twice as much: nothing is traced that tells nothing new, fixtures included."""
    tracer = item.config.stash[TRACER]
    if tracer is None:
        return (yield)
    if is_traced(item):
        tracer.start()
    try:
        return (yield)
    finally:
        tracer.stop()
