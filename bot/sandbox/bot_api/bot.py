"""The bot as Telegram sees it: its chats, its updates, its profile."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.sandbox.bot_api.call import BotApiCall, Json
from bot.sandbox.bot_api.state.chats import BotApiChats, Telegram
from bot.sandbox.bot_api.state.send_log import BotApiSendLog
from bot.sandbox.bot_api.state.webhook import BotApiWebhook

Result = object
Method = Callable[["Bot", BotApiCall], Result | Awaitable[Result]]


@dataclass(slots=True)
class Bot:
    """``profile`` keeps commands, descriptions and the like, by noun, scope and language."""

    telegram: Telegram
    chats: BotApiChats
    webhook: BotApiWebhook
    log: BotApiSendLog
    profile: dict[tuple[str, str, str], Json] = field(default_factory=dict)
