"""Telegram's webhook: where it brings updates to; the secret header is required."""

import asyncio
from collections.abc import Sequence

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest

from bot.conversation.inbox import Inbox
from bot.conversation.line.connection import LineConnectionCalls, WebhookRefusedError
from bot.conversation.line.webhook import LineWebhook, LineWebhookReceiver

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # the name of a header


async def serve_telegram_webhook(
    bot: Bot,
    inbox: Inbox,
    webhook: LineWebhook,
    *,
    kinds: Sequence[str],
    reach: LineConnectionCalls,
    stopping: asyncio.Event,
) -> None:
    """Listen until told to stop. The webhook stays set at Telegram, since another process may serve it.

    Raises TokenRefusedError, WebhookRefusedError.
    """
    receiver = LineWebhookReceiver(inbox, header=SECRET_HEADER, secret=webhook.secret)
    async with webhook.server.receiving(webhook.path, receiver):
        await reach.call(lambda: _set_webhook(bot, webhook, kinds))
        await stopping.wait()


async def _set_webhook(bot: Bot, webhook: LineWebhook, kinds: Sequence[str]) -> None:
    try:
        await bot.set_webhook(webhook.url, secret_token=webhook.secret, allowed_updates=list(kinds))
    except TelegramBadRequest:
        raise WebhookRefusedError from None
