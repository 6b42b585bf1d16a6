"""Prints a batch of pages: on a queue of CUPS, or into a folder as a PDF (`VESTNIK_PRINTER`)."""

import secrets
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

from core.errors import SchoolError
from storage import closed_files

TIMEOUT = 60.0
"""Seconds that CUPS has to take a batch."""


class PrinterError(SchoolError):
    """A batch was not printed. `fault`: the end of a key `printer.…`; `printer`: the queue or the folder."""

    def __init__(self, fault: str, printer: str) -> None:
        super().__init__(fault)
        self.fault = fault
        self.printer = printer


def is_folder(printer: str) -> bool:
    """A name of a queue holds no slash."""
    return printer.startswith(("/", "~"))


def print_batch(printer: str, pdf: bytes, *, at: datetime) -> str:
    """Prints a PDF; returns where it lies: the path of the file, or the queue. Raises PrinterError.

    The title is a moment of the school's clock, since titles of jobs stand in lists and on banners that others read.
    """
    title = f"vestnik-{at:%Y%m%d-%H%M%S}"
    if is_folder(printer):
        return str(_put_in_folder(Path(printer).expanduser(), pdf, title))
    _put_in_queue(printer, pdf, title)
    return printer


def _put_in_folder(folder: Path, pdf: bytes, title: str) -> Path:
    """The folder is made with 0700, the file with 0600; an existing folder that others may enter is refused."""
    path = folder / f"{title}-{secrets.token_hex(3)}.pdf"
    try:
        closed_files.make_closed_folder(folder)
        if closed_files.is_open_to_others(folder):
            raise PrinterError("open_folder", str(folder))
        closed_files.write_closed(path, pdf)
    except OSError:
        raise PrinterError("unwritable", str(folder)) from None
    return path


def _put_in_queue(queue: str, pdf: bytes, title: str) -> None:
    """The pages go through a pipe, so that no copy is left on disk by us. `lp` names nobody in its errors."""
    program = shutil.which("lp")
    if program is None:
        raise PrinterError("no_cups", queue)
    try:
        done = subprocess.run(  # noqa: S603  # the queue's name was checked with the settings
            [program, "-d", queue, "-t", title], input=pdf, capture_output=True, timeout=TIMEOUT, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        raise PrinterError("refused", queue) from None
    if done.returncode:
        raise PrinterError("refused", queue)
