"""Measures in a process of its own, so that no run profits from the caches or the memory of an earlier one."""

import asyncio
import inspect
import json
import resource
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable
from importlib import import_module
from typing import Any

MEBI = 1 << 20


class MeasurementFailedError(Exception):
    """A measured process ended with an error, which it has printed to stderr."""


async def measure_in_child_process(work: Callable[..., Any], *arguments: str | float) -> dict[str, Any]:
    """Calls `work` in a new interpreter; returns its result with the peak of memory as `peak_mib`."""
    call = [work.__module__, work.__name__, json.dumps(arguments)]
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", __name__, *call, stdout=PIPE)
    answer, _ = await process.communicate()
    if process.returncode:
        raise MeasurementFailedError
    figures: dict[str, Any] = json.loads(answer)
    return figures


def _call(module: str, name: str, arguments: str) -> dict[str, Any]:
    result = getattr(import_module(module), name)(*json.loads(arguments))
    figures: dict[str, Any] = asyncio.run(result) if inspect.iscoroutine(result) else result
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return figures | {"peak_mib": round(peak / MEBI)}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_call(*sys.argv[1:])))
