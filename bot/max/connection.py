"""What MAX's errors mean for a call that is retried, and for a reply that is shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from bot.conversation.line.connection import CallFailure, LineConnectionCalls
from bot.conversation.messenger import NotShownError, ReplyRefusedError
from notifiers.max.api import MaxError, NoAnswerError, RefusedCallError

FINAL = frozenset(
    {
        HTTPStatus.OK,
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.METHOD_NOT_ALLOWED,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    }
)
"""Permanent refusals of a message or dialog; 200 is an answer with `success: false`."""


class MaxConnectionCalls(LineConnectionCalls):
    """Calls to MAX that are retried."""

    def failure_of(self, error: Exception) -> CallFailure | None:
        """As `max_connection_failure`; None for errors that are not MAX's."""
        return max_connection_failure(error) if isinstance(error, MaxError) else None


def max_connection_failure(error: MaxError) -> CallFailure:
    """By the status of MAX's own refusals; a proxy's page refuses nothing."""
    match error:
        case RefusedCallError(status=HTTPStatus.UNAUTHORIZED):
            return CallFailure("token_refused", is_token_refused=True)
        case RefusedCallError(status=HTTPStatus.TOO_MANY_REQUESTS):
            return CallFailure("told_to_wait")
        case RefusedCallError() if error.status in FINAL:
            return CallFailure("refused")
        case _:
            return CallFailure("unreachable")


@contextmanager
def convert_max_connection_errors() -> Iterator[None]:
    """Turns errors of calls into NotShownError and ReplyRefusedError."""
    try:
        yield
    except RefusedCallError as refused:
        if refused.status in FINAL and not refused.is_not_ready:
            raise ReplyRefusedError(str(refused)) from None
        raise NotShownError from None
    except NoAnswerError as lost:
        raise NotShownError(may_be_shown=True, is_lost=not lost.is_page) from None
    except MaxError:
        raise NotShownError from None
