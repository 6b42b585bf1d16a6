"""The bot as Telegram sees it: its chats, its updates, its profile."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.sandbox.bot_api.call import Call, Json
from bot.sandbox.bot_api.state.chats import Chats, Telegram
from bot.sandbox.bot_api.state.send_log import SendLog
from bot.sandbox.bot_api.state.webhook import Webhook

Result = object
Method = Callable[["Bot", Call], Result | Awaitable[Result]]


@dataclass(slots=True)
class Bot:
    """``profile`` keeps commands, descriptions and the like, by noun, scope and language."""

    telegram: Telegram
    chats: Chats
    webhook: Webhook
    log: SendLog
    profile: dict[tuple[str, str, str], Json] = field(default_factory=dict)
