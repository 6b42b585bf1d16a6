"""Shows errors as types and frames only: texts, variables and parameters may be personal (Q126)."""

import logging
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator, MutableMapping
from types import TracebackType
from typing import Any, TextIO


def error_frames(error: BaseException) -> Iterator[str]:
    """The error's type and its frames (file, line, function), the outermost first; then those of its causes."""
    yield type(error).__qualname__
    for frame, line in traceback.walk_tb(error.__traceback__):
        yield f"  {frame.f_code.co_filename}:{line} {frame.f_code.co_qualname}"
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from error_frames(each)
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from error_frames(before)


def frames_without_contents(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A processor for structlog: an exception becomes its type, `exc_info` also its frames."""
    told = _exception(event.pop("exc_info", None))
    for name, value in event.items():
        if isinstance(value, BaseException):
            event[name] = type(value).__qualname__
    if told is not None:
        event["error"], event["frames"] = (
            type(told).__qualname__,
            " < ".join(each.strip() for each in error_frames(told)),
        )
    return event


def hide_frame_contents() -> None:
    """Make Python's hooks for errors, threads and warnings show frames only; logs of vendors are dropped.

    Hooks that are set already, as by test tools, stay.
    """
    logging.raiseExceptions = False  # logging would print the arguments of a line that cannot be formatted
    if not logging.getLogger().handlers:
        logging.getLogger().addHandler(logging.NullHandler())
    if sys.excepthook is sys.__excepthook__:
        sys.excepthook = _print_frames
    if sys.unraisablehook is sys.__unraisablehook__:
        sys.unraisablehook = lambda unraisable: _print_frames(None, unraisable.exc_value, None)
    if threading.excepthook is threading.__excepthook__:
        threading.excepthook = lambda failed: _print_frames(None, failed.exc_value, None)
    warnings.showwarning = _print_warning_place


def _print_frames(_type: object, error: BaseException | None, _trace: TracebackType | None) -> None:
    if error is not None:
        sys.stderr.write("".join(f"{line}\n" for line in error_frames(error)))


def _print_warning_place(
    message: Warning | str,  # noqa: ARG001  # Python calls with all of these
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,  # noqa: ARG001
    line: str | None = None,  # noqa: ARG001
) -> None:
    sys.stderr.write(f"{category.__qualname__}\n  {filename}:{lineno}\n")


def _exception(told: Any) -> BaseException | None:
    """`exc_info` is an exception, Python's triple, or True for the one that is being handled."""
    match told:
        case BaseException():
            return told
        case (_, BaseException() as error, _):
            return error
        case True:
            return sys.exc_info()[1]
        case _:
            return None
