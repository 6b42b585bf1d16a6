"""What `vestnik doctor` asks of MAX: the bot's name, its subscription, and when trusted certificates end."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot.conversation.line import ConversationLine
from bot.max.connection import max_connection_failure
from bot.max.webhook import max_webhook_urls
from bot.settings.errors import SettingsErrorSentence
from notifiers.certificates import certificate_ends
from notifiers.max.api import MaxApi, MaxError

ENDS_SOON = timedelta(days=60)
LONGEST = 12.0
"""Seconds for both questions."""


async def find_messenger_health_faults(line: ConversationLine, *, now: datetime) -> Sequence[SettingsErrorSentence]:
    """All that is wrong; nothing is sent and nothing is changed. Certificates need no answer of MAX."""
    found = list(_certificate_faults(line, now))
    api = MaxApi(line.token, api=line.api, ca=line.certificates)
    try:
        async with asyncio.timeout(LONGEST):
            await api.call("GET", "/me")
            found += _subscription_faults(line, await max_webhook_urls(api))
    except MaxError as error:
        found.append(SettingsErrorSentence(f"doctor.max.{max_connection_failure(error).reason}"))
    except TimeoutError:
        found.append(SettingsErrorSentence("doctor.max.unreachable"))
    finally:
        await api.close()
    return found


def _certificate_faults(line: ConversationLine, now: datetime) -> Iterator[SettingsErrorSentence]:
    """The first certificate of the school's own file that ends within 60 days."""
    ends = certificate_ends(line.certificates) if line.certificates is not None else ()
    if ends and ends[0] - now <= ENDS_SOON:
        yield SettingsErrorSentence.of("doctor.max.certificate_ends", day=f"{ends[0]:%d.%m.%Y}")


def _subscription_faults(line: ConversationLine, urls: Sequence[str]) -> Iterator[SettingsErrorSentence]:
    if line.webhook is not None and line.webhook.url not in urls:
        yield SettingsErrorSentence("doctor.max.not_subscribed")
    if line.webhook is None and urls:
        yield SettingsErrorSentence("doctor.max.subscribed_elsewhere")
