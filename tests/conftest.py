"""What every test may ask for: the real peers, each started when the first test needs it."""

import pytest
from hypothesis import settings

pytest_plugins = [
    "tests.peers.kannel",
    "tests.peers.postfix",
    "tests.peers.postgres",
    "tests.peers.browser",
    "tests.support.stores",
]

settings.register_profile("vestnik", deadline=None)  # a shared machine is slow at times; that proves nothing
settings.load_profile("vestnik")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--look-again` writes the snapshots of the bot's screens anew."""
    parser.addoption("--look-again", action="store_true", help="write the snapshots of the screens anew")
