"""MAX's webhook: the subscription is made at the start and looked at every hour, since MAX ends it after failures."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from http import HTTPStatus

from bot.conversation.inbox import Inbox
from bot.conversation.line.connection import LineConnectionCalls, WebhookRefusedError
from bot.conversation.line.webhook import LineWebhook, LineWebhookReceiver
from notifiers.max.api import MaxApi, RefusedCallError

SECRET_HEADER = "X-Max-Bot-Api-Secret"  # noqa: S105  # the name of a header
LOOK = 3600.0
"""Seconds between two looks; MAX unsubscribes a webhook that has failed for eight hours."""


async def serve_max_webhook(
    api: MaxApi,
    inbox: Inbox,
    webhook: LineWebhook,
    *,
    kinds: Sequence[str],
    reach: LineConnectionCalls,
    stopping: asyncio.Event,
) -> None:
    """Listen until told to stop. The subscription stays, since another process may serve it.

    Raises TokenRefusedError, WebhookRefusedError.
    """
    receiver = LineWebhookReceiver(inbox, header=SECRET_HEADER, secret=webhook.secret)
    async with webhook.server.receiving(webhook.path, receiver):
        await reach.call(lambda: _subscribe(api, webhook, kinds))
        while not stopping.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), LOOK)
            await reach.call(lambda: _look(api, webhook, kinds))


async def max_webhook_urls(api: MaxApi) -> Sequence[str]:
    """The addresses to which MAX brings updates."""
    found = (await api.call("GET", "/subscriptions")).get("subscriptions")
    urls = [each.get("url") for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    return [url for url in urls if isinstance(url, str)]


async def end_max_webhook(api: MaxApi) -> None:
    """End the bot's subscriptions, which would keep the updates from being polled."""
    for url in await max_webhook_urls(api):
        await api.call("DELETE", "/subscriptions", query={"url": url})


async def _look(api: MaxApi, webhook: LineWebhook, kinds: Sequence[str]) -> None:
    if webhook.url not in await max_webhook_urls(api):
        await _subscribe(api, webhook, kinds)


async def _subscribe(api: MaxApi, webhook: LineWebhook, kinds: Sequence[str]) -> None:
    """At the start in any case, since the secret may be another one."""
    body = {"url": webhook.url, "secret": webhook.secret, "update_types": list(kinds)}
    try:
        await api.call("POST", "/subscriptions", body=body)
    except RefusedCallError as refused:
        if refused.status in {HTTPStatus.OK, HTTPStatus.BAD_REQUEST}:
            raise WebhookRefusedError from None
        raise
