"""Refusals of the Bot API: a code, a description, and sometimes parameters."""

from http import HTTPStatus

MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


class BotApiRefusal(Exception):  # noqa: N818 -- the Bot API calls it an answer, and so does the sandbox
    """An answer with ``ok: false``; the description is Telegram's own wherever Telegram has one."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_json(self) -> dict[str, object]:
        """The JSON body that both libraries turn into exceptions."""
        body: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request_refusal(reason: str) -> BotApiRefusal:
    """400, the call itself is at fault: repeating it is of no use."""
    return BotApiRefusal(HTTPStatus.BAD_REQUEST, f"Bad Request: {reason}")


def blocked_bot_refusal() -> BotApiRefusal:
    """403, the person stopped the bot."""
    return BotApiRefusal(HTTPStatus.FORBIDDEN, "Forbidden: bot was blocked by the user")


def migrated_group_refusal(chat_id: int) -> BotApiRefusal:
    """400, a group that became a supergroup, with its new number."""
    reason = "Bad Request: group chat was upgraded to a supergroup chat"
    return BotApiRefusal(HTTPStatus.BAD_REQUEST, reason, migrate_to_chat_id=-1_000_000_000_000 - chat_id)


def conflict_refusal(reason: str) -> BotApiRefusal:
    """409, two receivers of updates on one token."""
    return BotApiRefusal(HTTPStatus.CONFLICT, f"Conflict: {reason}")


def too_many_requests_refusal(retry_after: int) -> BotApiRefusal:
    """429, with the wait asked for in whole seconds."""
    reason = f"Too Many Requests: retry after {retry_after}"
    return BotApiRefusal(HTTPStatus.TOO_MANY_REQUESTS, reason, retry_after=retry_after)
