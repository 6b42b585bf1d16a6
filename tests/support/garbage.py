"""What the tests read at the start stays until the end: the garbage collector does not look through it again and again.

The modules and some nine thousand tests are millions of objects; to search them was a tenth of the suite's time.
What a test leaves is little, so it is searched for more seldom than Python would: another tenth.
"""

import gc
from collections.abc import Generator

import pytest

SELDOM = (20_000, 20, 50)  # new objects before a search, then searches before one of the next generation


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """Searches nothing while the tests are read, and none of it afterwards."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(*SELDOM)
        gc.enable()
