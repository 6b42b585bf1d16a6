"""Runs the bot over MAX, by polling or by a webhook."""

import asyncio

from bot.conversation.answering import AnsweringConversation
from bot.conversation.inbox import Inbox
from bot.conversation.line import ConversationLine
from bot.conversation.line.lenient_json import lenient_json
from bot.handlers.doors import DoorSchool
from bot.max.connection import MaxConnectionCalls
from bot.max.incoming import HANDLED_KINDS
from bot.max.messenger import MaxMessenger, MaxMessengerPace
from bot.max.polling import poll_max
from bot.max.webhook import end_max_webhook, serve_max_webhook
from notifiers.max.api import MaxApi


async def converse(
    school: DoorSchool, line: ConversationLine, *, stopping: asyncio.Event, known: asyncio.Event
) -> None:
    """Answer updates until told to stop; no answer of MAX or of a proxy ends it.

    `known` is set when MAX has accepted us. Raises errors that only a person can mend: TokenRefusedError and
    WebhookRefusedError where MAX refuses the token or the webhook before that.
    """
    api = MaxApi(line.token, api=line.api, ca=line.certificates, pace=line.pace, loads=lenient_json)
    reach, kinds = MaxConnectionCalls(stopping, known), sorted(HANDLED_KINDS)
    is_paced = line.pace is not None
    messenger = MaxMessenger(api, MaxMessengerPace.of(is_paced=is_paced))
    inbox = Inbox(messenger, AnsweringConversation.of_all_doors(school, messenger), school=school, holder=line.holder)
    try:
        async with inbox.open():
            if line.webhook is None:
                await reach.call(lambda: end_max_webhook(api))
                await poll_max(api, inbox, kinds=kinds, is_paced=is_paced, reach=reach, stopping=stopping)
            else:
                await serve_max_webhook(api, inbox, line.webhook, kinds=kinds, reach=reach, stopping=stopping)
    finally:
        await api.close()
