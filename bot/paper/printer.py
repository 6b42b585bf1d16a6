"""Prints a batch of pages: on a queue of CUPS, or into a folder as a PDF (`VESTNIK_PRINTER`)."""

import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from core.errors import SchoolError
from storage import closed_files

TIMEOUT = 60.0
"""Seconds that CUPS has to take a batch."""

ANSWER = 10.0
"""Seconds that CUPS has to say how a queue is."""


class PrinterError(SchoolError):
    """A batch was not printed. `fault`: the end of a key `printer.…`; `printer`: the queue or the folder."""

    def __init__(self, fault: str, printer: str) -> None:
        super().__init__(fault)
        self.fault = fault
        self.printer = printer


def _is_folder(printer: str) -> bool:
    """A name of a queue holds no slash."""
    return printer.startswith(("/", "~"))


def send_to_printer(printer: str, pdf: bytes, *, at: datetime, school_class: str = "") -> str:
    """Prints a PDF; returns where it lies: the path of the file, or the queue. Raises PrinterError.

    The title is a moment of the school's clock and the class, since titles of jobs stand in lists and on banners that
    others read.
    """
    title = "-".join(filter(None, (f"vestnik-{at:%Y%m%d-%H%M%S}", re.sub(r"\W", "", school_class))))
    if _is_folder(printer):
        return str(_put_in_folder(Path(printer).expanduser(), pdf, title))
    _put_in_queue(printer, pdf, title)
    return printer


def check_printer(printer: str) -> None:
    """Whether a batch could be printed now. Raises PrinterError; a queue that is stopped or rejects jobs is a fault."""
    if _is_folder(printer):
        folder = Path(printer).expanduser()
        existing = next((each for each in (folder, *folder.parents) if each.exists()), folder)
        if folder.exists() and closed_files.is_file_left_open(folder):
            raise PrinterError("open_folder", str(folder))
        if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
            raise PrinterError("unwritable", str(folder))
        return
    states = _queue_options(printer)
    if "printer-state=5" in states or "printer-is-accepting-jobs=false" in states:
        raise PrinterError("stopped", printer)


def _queue_options(queue: str) -> Sequence[str]:
    """What CUPS says of a queue. PrinterError where there is none, or where CUPS does not answer."""
    program = shutil.which("lpoptions")
    if program is None:
        raise PrinterError("no_cups", queue)
    try:
        done = subprocess.run(  # noqa: S603  # the queue's name was checked with the settings
            [program, "-p", queue], capture_output=True, text=True, timeout=ANSWER, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        raise PrinterError("refused", queue) from None
    if done.returncode or not done.stdout.strip():
        raise PrinterError("refused", queue)
    return done.stdout.split()


def _put_in_folder(folder: Path, pdf: bytes, title: str) -> Path:
    """The folder is made with 0700, the file with 0600; an existing folder that others may enter is refused."""
    path = folder / f"{title}-{secrets.token_hex(3)}.pdf"
    try:
        closed_files.make_closed_folder(folder)
        if closed_files.is_file_left_open(folder):
            raise PrinterError("open_folder", str(folder))
        closed_files.write_closed_file(path, pdf)
    except OSError:
        raise PrinterError("unwritable", str(folder)) from None
    return path


def _put_in_queue(queue: str, pdf: bytes, title: str) -> None:
    """The pages go through a pipe, so that no copy is left on disk by us. `lp` names nobody in its errors.

    One side of the paper only, so that no extract stands on the back of another family's (Q35).
    """
    program = shutil.which("lp")
    if program is None:
        raise PrinterError("no_cups", queue)
    try:
        done = subprocess.run(  # noqa: S603  # the queue's name was checked with the settings
            [program, "-d", queue, "-t", title, "-o", "sides=one-sided"],
            input=pdf,
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        raise PrinterError("refused", queue) from None
    if done.returncode:
        raise PrinterError("refused", queue)
