"""Every part of the process outlives its peers: it waits, says so once, goes on. A person's task alone ends it."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import TypeVar

import structlog

from bot.run.patience import Patience
from core.errors import MustBeMendedError

STEADY = 10.0
"""Seconds after which a part that was begun anew counts as working."""

ENDING = 8.0
"""Seconds that the parts have to end in; what hangs then is cancelled (`bot.run.signals` limits the process)."""

_LAST_WORD = 0.5

Part = Callable[[], Awaitable[None]]
T = TypeVar("T")

log = structlog.get_logger()


async def rest(seconds: float, stopping: asyncio.Event) -> None:
    """Wait, but no longer than until told to stop."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)


async def supervise(name: str, part: Part, *, stopping: asyncio.Event) -> None:
    """Run a part until it returns; whatever it meets, it is begun anew after a pause, until told to stop.

    Raises MustBeMendedError alone.
    """
    patience = Patience(name)
    while not stopping.is_set():
        steady = asyncio.get_running_loop().call_later(STEADY, patience.worked)
        try:
            await part()
        except MustBeMendedError:
            raise
        except Exception as error:  # noqa: BLE001  # whatever it is, the other parts and the next try are worth more
            fault = error
        else:
            patience.worked()
            return
        finally:
            steady.cancel()
        await rest(patience.failed(error=fault), stopping)


async def at_work(parts: Mapping[str, Part], *, stopping: asyncio.Event) -> None:
    """All parts until told to stop; the error that ends one is the error of all.

    What does not end in time is left as it is: what it had in flight is taken up as after a kill.
    """
    for name in parts:
        log.info("part.begun", part=name)
    tasks = [asyncio.create_task(supervise(name, part, stopping=stopping)) for name, part in parts.items()]
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


async def in_its_own_thread(work: Callable[[], T]) -> T:
    """What `work` returns; its thread ends with the process, whatever it waits for.

    The end of asyncio waits for the threads of `asyncio.to_thread`, a peer's silence included.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def tell(give: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # nobody waits any more: the loop is closed
            loop.call_soon_threadsafe(lambda: None if answer.done() else give())

    def run() -> None:
        try:
            result = work()
        except Exception as error:  # noqa: BLE001  # raised where it is awaited
            fault = error
            tell(lambda: answer.set_exception(fault))
        else:
            tell(lambda: answer.set_result(result))

    threading.Thread(target=run, daemon=True).start()
    return await answer
