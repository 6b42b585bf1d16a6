"""Restarts the parts of the process after errors; only a MustBeMendedError ends it."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import TypeVar

import structlog

from bot.backoff import Backoff
from core.errors import MustBeMendedError

STEADY = 10.0
"""Seconds after which a restarted part counts as working."""

ENDING = 8.0
"""Seconds that the parts have to end; then they are cancelled (`bot.run.signals` limits the process)."""

_LAST_WORD = 0.5

Part = Callable[[], Awaitable[None]]
T = TypeVar("T")

log = structlog.get_logger()


async def sleep_under_supervision(seconds: float, stopping: asyncio.Event) -> None:
    """Sleep, but only until told to stop."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)


async def supervise_part(name: str, part: Part, *, stopping: asyncio.Event) -> None:
    """Run a part until it returns; after an error restart it after a pause, until told to stop.

    Raises MustBeMendedError only.
    """
    backoff = Backoff(name)
    while not stopping.is_set():
        steady = asyncio.get_running_loop().call_later(STEADY, backoff.worked)
        try:
            await part()
        except MustBeMendedError:
            raise
        except Exception as error:  # noqa: BLE001  # any error: the part is restarted, the others go on
            fault = error
        else:
            backoff.worked()
            return
        finally:
            steady.cancel()
        await sleep_under_supervision(backoff.failed(error=fault), stopping)


async def run_supervised_parts(parts: Mapping[str, Part], *, stopping: asyncio.Event) -> None:
    """Run all parts until told to stop; an error that ends one ends all and is raised.

    A part that does not end in time is abandoned: its messages in flight are recovered as after a kill.
    """
    for name in parts:
        log.info("part.begun", part=name)
    tasks = [asyncio.create_task(supervise_part(name, part, stopping=stopping)) for name, part in parts.items()]
    stop = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({stop, *tasks}, return_when=asyncio.FIRST_COMPLETED)
        stopping.set()
        await asyncio.wait(tasks, timeout=ENDING)
    finally:
        stop.cancel()
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=_LAST_WORD)
    for task in tasks:
        if task.done() and not task.cancelled():
            task.result()


async def run_in_supervised_thread(work: Callable[[], T]) -> T:
    """Run blocking work in a daemon thread, which does not delay the end of the process.

    `asyncio.run` waits at its end for threads of `asyncio.to_thread`, however long a peer is silent.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def tell(give: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop is closed, so nobody waits
            loop.call_soon_threadsafe(lambda: None if answer.done() else give())

    def run() -> None:
        try:
            result = work()
        except Exception as error:  # noqa: BLE001  # re-raised in the awaiting task
            fault = error
            tell(lambda: answer.set_exception(fault))
        else:
            tell(lambda: answer.set_result(result))

    threading.Thread(target=run, daemon=True).start()
    return await answer
