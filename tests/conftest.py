"""What every test may ask for: the real peers, each started when the first test needs it."""

from hypothesis import settings

pytest_plugins = [
    "tests.peers.kannel",
    "tests.peers.postfix",
    "tests.peers.postgres",
    "tests.peers.browser",
    "tests.stores",
]

settings.register_profile("vestnik", deadline=None)  # a shared machine is slow at times; that proves nothing
settings.load_profile("vestnik")
