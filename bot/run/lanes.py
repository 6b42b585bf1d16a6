"""One channel's part of the worker: what waits for it, and what becomes of each message that it is given."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.locales import Catalogues
from bot.run.clock_jumps import Clock, Ticks
from bot.run.patience import Patience
from core.model.delivery.deliveries import Outcome, Parcel
from core.model.delivery.states import Reason
from core.model.delivery.text import Text
from core.ports import Notifier, RefusedError, RejectedError, UnavailableError, UncertainError
from core.rules.delivery import outcomes, timing
from core.rules.delivery.timing import Policy
from notifiers.words import texts

log = structlog.get_logger()


@dataclass(slots=True)
class Lane:
    """Which bundles wait for the channel in order, how many it has in hand, any pause of it or of one address.

    Pauses count by `ticks`, the monotonic clock.
    """

    notifier: Notifier
    catalogues: Catalogues
    signing_key: bytes
    policy: Policy
    clock: Clock
    ticks: Ticks
    waiting: dict[str, None] = field(default_factory=dict)
    in_hand: int = 0
    paused_until: float = 0.0
    waits: dict[str, float] = field(default_factory=dict)
    served_at: datetime | None = None
    patience: Patience = field(init=False)

    def __post_init__(self) -> None:
        self.patience = Patience(self.notifier.channel)

    async def send(self, parcel: Parcel) -> Outcome:
        """One message over the channel; whatever happens becomes an outcome."""
        try:
            text = texts.compose(parcel, self.catalogues.translator(parcel.language), key=self.signing_key)
        except Exception as error:  # noqa: BLE001  # one message that we cannot write must not stop the others
            self._say("worker.fault", parcel, type(error).__name__)
            return outcomes.failed_try(parcel, Reason.FAULT, at=self.clock(), retry_after=None, policy=self.policy)
        if (wait := self.wait_of(parcel.address)) is not None:
            return outcomes.unavailable(parcel, Reason.THROTTLED, at=self.clock(), retry_after=wait)
        return await self._hand_in(parcel, text)

    def wait_of(self, address: str) -> timedelta | None:
        """How much longer an address waits; what is over is forgotten."""
        now = self.ticks()
        self.waits = {each: until for each, until in self.waits.items() if until > now}
        return timedelta(seconds=self.waits[address] - now) if address in self.waits else None

    def has_served_since(self, moment: datetime) -> bool:
        """Whether the channel took something then or later: then it is not out of order as a whole."""
        return self.served_at is not None and self.served_at >= moment

    async def _hand_in(self, parcel: Parcel, text: Text) -> Outcome:
        """The channel's word on it; an error that nobody foresaw may have come after the message was taken (Q88)."""
        try:
            receipt = await self.notifier.send(parcel.address, text, key=parcel.key)
        except RefusedError as error:
            return outcomes.refused(parcel, error.reason, at=self.clock())
        except RejectedError as error:
            self._say("worker.message_rejected", parcel, error.reason)
            return outcomes.failed(parcel, error.reason, at=self.clock())
        except UnavailableError as error:
            return self._later(parcel, error)
        except UncertainError as error:
            return outcomes.uncertain(parcel, error.reason, at=self.clock(), policy=self.policy)
        except Exception as error:  # noqa: BLE001  # a channel that breaks must not stop the others
            self._say("worker.fault", parcel, type(error).__name__)
            return outcomes.uncertain(parcel, Reason.FAULT, at=self.clock(), policy=self.policy)
        self.served_at = self.clock()
        self.patience.worked()
        return outcomes.accepted(parcel, receipt, at=self.served_at, text_sha256=texts.digest(text))

    def _later(self, parcel: Parcel, error: UnavailableError) -> Outcome:
        """Not now; a channel-wide halt leaves what waits pending and unclaimed until it ends.

        A wait of this address alone holds back what else goes there, and nothing more.
        """
        at, wait = self.clock(), error.retry_after
        if self._failed_by_itself(parcel, error):
            outcome = outcomes.failed_try(parcel, error.reason, at=at, retry_after=wait, policy=self.policy)
        else:
            outcome = outcomes.unavailable(parcel, error.reason, at=at, retry_after=wait)
        if error.channel_wide:
            self._pause(error)
        elif wait is not None and outcome.retry_at is not None:
            self.waits[parcel.address] = self.ticks() + (outcome.retry_at - at).total_seconds()
        return outcome

    def _pause(self, error: UnavailableError) -> None:
        """As long as was asked for, else a little longer each time; what was in flight together counts once."""
        now = self.ticks()
        asked = 0.0 if error.retry_after is None else min(error.retry_after, timing.LONGEST_WAIT).total_seconds()
        ours = self.patience.failed(str(error.reason)) if self.paused_until <= now else 0.0
        self.paused_until = max(self.paused_until, now + asked, now + ours)
        self.waiting.clear()

    def _failed_by_itself(self, parcel: Parcel, error: UnavailableError) -> bool:
        """Whether the failure is this message's: the channel answered it, or serves others between two of its turns.

        Everything else is an outage, of which nothing is counted (contracts, Delivery).
        """
        if error.answered or error.channel_wide:
            return error.answered and not error.channel_wide
        last_turns = [item.delivery.updated_at for item in parcel.items if item.delivery.tries]
        return error.reason is Reason.CHANNEL_DOWN and bool(last_turns) and self.has_served_since(max(last_turns))

    def _say(self, event: str, parcel: Parcel, why: str) -> None:
        log.error(event, attempt=parcel.attempt_id, channel=parcel.channel, error=str(why))
