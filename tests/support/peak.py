"""What a process of its own finds in a file: a module that reads little else, since it is read by each of them."""

import resource
from pathlib import Path

from bot.imports.files import read_import_files


def reasons(path: Path) -> list[str]:
    return [problem.reason for file in read_import_files([path]) for problem in file.problems]


def peak_of(path: str) -> dict[str, object]:
    """What a fresh process finds in a file, and the memory that it or a process of its own took for that.

    Its own peak is the kernel's `VmHWM`: what `getrusage` says begins with the peak of the process that started it.
    """
    found = [problem.reason for file in read_import_files([Path(path)]) for problem in file.problems]
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    own = next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
    started = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {"reasons": found, "mib": max(own, started) // 1024}
