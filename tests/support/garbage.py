"""What the tests read at the start stays until the end: the garbage collector does not look through it again and again.

The modules and some eight thousand tests are millions of objects; to search them was a tenth of the suite's time.
"""

import gc
from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """Searches nothing while the tests are read, and none of it afterwards."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
