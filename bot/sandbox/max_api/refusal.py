"""Refusals of MAX: a status, a code and a message, and the 200 that says it was no success."""

from http import HTTPStatus

from bot.sandbox.bot_api.call import Json


class MaxApiRefusal(Exception):  # noqa: N818 -- MAX calls it an answer, and so does the sandbox
    """An answer with `code` and `message`."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    def as_json(self) -> Json:
        """The body: a status of 200 says `success: false` beside."""
        said = {"code": self.code, "message": self.message}
        return {"success": False, **said} if self.status == HTTPStatus.OK else said


def invalid_max_api_refusal(reason: str) -> MaxApiRefusal:
    """400, the call itself is at fault."""
    return MaxApiRefusal(HTTPStatus.BAD_REQUEST, "proto.payload", reason)


def unready_max_api_refusal() -> MaxApiRefusal:
    """400, the attachment is not processed yet."""
    return MaxApiRefusal(
        HTTPStatus.BAD_REQUEST, "attachment.not.ready", "Key: errors.process.attachment.file.not.processed"
    )


def stopped_max_api_refusal() -> MaxApiRefusal:
    """403, the person stopped the bot."""
    return MaxApiRefusal(HTTPStatus.FORBIDDEN, "chat.denied", "error.dialog.suspended")
