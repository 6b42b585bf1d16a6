"""The line to any messenger: how it is reached, calls that are retried, the webhook server."""

from dataclasses import dataclass, field
from pathlib import Path

from bot.conversation.line.webhook import LineWebhook


@dataclass(frozen=True, slots=True)
class ConversationLine:
    """How to reach a messenger; without `webhook` the bot polls.

    `api`: URL of another server of its Bot API; `certificates` are trusted beside the system's own; `proxy`: URL of a
    proxy to go through; `pace`: requests a second, None for no limit. Each messenger uses those it needs.
    """

    token: str = field(repr=False)
    api: str | None = None
    webhook: LineWebhook | None = None
    certificates: Path | None = None
    proxy: str | None = field(default=None, repr=False)
    pace: float | None = None

    @property
    def holder(self) -> str:
        """Names the process that keeps updates.

        Only one process polls, so it takes over the unanswered updates of the last one at once.
        """
        return self.webhook.server.holder if self.webhook is not None else "polling"
