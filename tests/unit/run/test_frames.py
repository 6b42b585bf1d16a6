"""Debugging shows where, never what: no text of an error, no variable, no parameter (Q126)."""

import asyncio
import errno
import io
import sys
import warnings
from collections.abc import Iterator

import pytest
import structlog

from bot.app import configure_app_logging, log_app_task_fault
from bot.frames import error_frames, frames_without_contents, hide_frame_contents

CANARY = "Канарейкин Пётр"


def fail(name: str) -> None:
    """With the name in a variable, in a cause and in the text."""
    try:
        dict[str, str]()[name]
    except KeyError as cause:
        raise ValueError(f"{name} has a 2") from cause


def failure() -> BaseException:
    try:
        fail(CANARY)
    except ValueError as error:
        error.add_note(CANARY)
        return error
    raise AssertionError


def test_frames_tell_file_line_and_function_of_an_error_and_its_causes() -> None:
    """Type and place of each, and nothing that was in hand."""
    shown = "\n".join(error_frames(failure()))
    assert "ValueError" in shown
    assert "KeyError" in shown
    assert f"{__file__}:" in shown
    assert " fail" in shown
    assert CANARY not in shown


def test_errors_of_a_group_are_told_one_by_one() -> None:
    """Several at once, as tasks end together."""
    shown = "\n".join(error_frames(BaseExceptionGroup(CANARY, [failure(), OSError(CANARY)])))
    assert "OSError" in shown
    assert "ValueError" in shown
    assert CANARY not in shown


@pytest.fixture
def _logging() -> Iterator[None]:
    """The product's own logging; structlog is as before afterwards."""
    configure_app_logging("debug")
    yield
    structlog.reset_defaults()


@pytest.mark.usefixtures("_logging")
@pytest.mark.parametrize("told", ["error", "triple", "current"])
def test_a_log_line_holds_frames_without_contents(capsys: pytest.CaptureFixture[str], told: str) -> None:
    """Whoever logs an exception with its trace, or puts one among the facts, leaks nothing."""
    log, error = structlog.get_logger(), failure()
    match told:
        case "error":
            log.error("fault", exc_info=error, reason=error)
        case "triple":
            log.error("fault", exc_info=(type(error), error, error.__traceback__))
        case _:
            try:
                raise error
            except ValueError:
                log.exception("fault")
    said = capsys.readouterr().err
    assert "ValueError" in said
    assert "test_frames.py:" in said
    assert CANARY not in said


def test_a_line_without_an_error_stays_as_it_is() -> None:
    """Nothing is added where nothing was raised."""
    assert frames_without_contents(None, "info", {"event": "x", "exc_info": None}) == {"event": "x"}
    assert frames_without_contents(None, "info", {"event": "x", "exc_info": True}) == {"event": "x"}


def test_pythons_last_words_are_frames(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """An uncaught error, one in a destructor and a warning: type and place on stderr; a tool's own hooks stay."""
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    foreign = lambda _: None  # noqa: E731  # a tool's hook
    monkeypatch.setattr(sys, "unraisablehook", foreign)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        hide_frame_contents()
        warnings.warn(CANARY, UserWarning, stacklevel=1)
    error = failure()
    sys.excepthook(type(error), error, error.__traceback__)
    said = capsys.readouterr().err
    assert "UserWarning" in said
    assert "ValueError" in said
    assert CANARY not in said
    assert sys.unraisablehook is foreign


class FullDisk(io.StringIO):
    """A file on a disk without room; counts what was tried."""

    tried = 0

    def write(self, text: str) -> int:
        """No room."""
        self.tried += 1
        raise OSError(errno.ENOSPC, text)

    def flush(self) -> None:
        """Nor for what was written before."""
        raise OSError(errno.ENOSPC, "")


@pytest.mark.usefixtures("_logging")
def test_a_log_that_cannot_be_written_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The log is often a file on the disk that is full."""
    monkeypatch.setattr(sys, "stderr", disk := FullDisk())
    structlog.get_logger().error("process.fault")
    assert disk.tried


@pytest.mark.usefixtures("_logging")
async def test_a_task_that_nobody_waited_for_is_told_by_its_frames(capsys: pytest.CaptureFixture[str]) -> None:
    """Asyncio's own report would quote the error and the arguments of callbacks."""
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(log_app_task_fault)
    loop.call_soon(fail, CANARY)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    said = capsys.readouterr().err
    assert "process.fault" in said
    assert "ValueError" in said
    assert CANARY not in said
