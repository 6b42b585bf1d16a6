"""What Telegram's errors mean for a call that is retried."""

from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)

from bot.conversation.line.connection import CallFailure, LineConnectionCalls


class TelegramConnectionCalls(LineConnectionCalls):
    """Calls to Telegram that are retried."""

    def failure_of(self, error: Exception) -> CallFailure | None:
        """By aiogram's errors. 404 is Telegram's answer to a malformed token."""
        match error:
            case TelegramUnauthorizedError() | TelegramNotFound():
                return CallFailure("token_refused", is_token_refused=True)
            case TelegramRetryAfter():
                return CallFailure("told_to_wait", error.retry_after)
            case TelegramBadRequest() | TelegramForbiddenError():
                return CallFailure("refused")
            case TelegramAPIError():
                return CallFailure("unreachable")
            case _:
                return None
