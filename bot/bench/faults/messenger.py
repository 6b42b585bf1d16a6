"""The messenger of a run of the fault table: all that a line must know to play in Telegram and in MAX."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FaultyMessenger:
    """How the product and the sandbox speak of a messenger.

    `peer` and `send_method`: in the sandbox's faults; `token`: the setting; `pace`: the most messages a second that a
    school may choose; `most`: those that the messenger takes; `block`, `unblock`: what a person does to the bot.
    """

    channel: str
    peer: str
    send_method: str
    token: str
    pace: float
    most: int
    block: str
    unblock: str
    waits_for_pages: bool
    """Whether a proxy's page is an outage that is waited for; else each may hide a message that was taken."""


TELEGRAM = FaultyMessenger(
    "telegram", "bot_api", "sendMessage", "BOT_TOKEN", 30, 30, "block", "unblock", waits_for_pages=True
)
MAX = FaultyMessenger("max", "max_api", "POST /messages", "MAX_TOKEN", 4, 8, "stop", "start", waits_for_pages=False)
IN_TELEGRAM = frozenset({TELEGRAM.channel})
"""Of a fault that MAX does not have."""

MESSENGERS: Mapping[str, FaultyMessenger] = {each.channel: each for each in (TELEGRAM, MAX)}
