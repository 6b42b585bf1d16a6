"""A channel's part of the worker: its waiting bundles, its pauses, and the outcome of each send."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from bot.backoff import Backoff
from bot.clocks import Clock, Ticks
from bot.locales import LocaleCatalogues
from core.model.delivery.deliveries import Outcome, Parcel
from core.model.delivery.states import Reason
from core.model.delivery.text import Text
from core.ports import Notifier, RefusedError, RejectedError, UnavailableError, UncertainError
from core.rules.delivery import outcomes, timing
from core.rules.delivery.timing import Policy
from notifiers.stored_files import StoredFiles
from notifiers.words import texts
from notifiers.words.file_references import file_references_to_fetch

log = structlog.get_logger()


@dataclass(slots=True)
class WorkerLane:
    """`waiting`: bundles in order; `in_hand`: messages being sent; `waits`: pauses of single addresses.

    Pauses use `ticks`, the monotonic clock.
    """

    notifier: Notifier
    catalogues: LocaleCatalogues
    signing_key: bytes
    policy: Policy
    clock: Clock
    ticks: Ticks
    files: StoredFiles = field(default_factory=lambda: StoredFiles({}))
    waiting: dict[str, None] = field(default_factory=dict)
    in_hand: int = 0
    paused_until: float = 0.0
    waits: dict[str, float] = field(default_factory=dict)
    served_at: datetime | None = None
    backoff: Backoff = field(init=False)

    def __post_init__(self) -> None:
        self.backoff = Backoff(self.notifier.channel)

    async def send(self, parcel: Parcel) -> Outcome:
        """Send one message; any error becomes an outcome."""
        try:
            text = await self._compose(parcel)
        except Exception as error:  # noqa: BLE001  # one message that cannot be composed must not stop the others
            self._log_error("worker.fault", parcel, type(error).__name__)
            return outcomes.failed_try_delivery_outcome(
                parcel, Reason.FAULT, at=self.clock(), retry_after=None, policy=self.policy
            )
        if (wait := self.wait_of(parcel.address)) is not None:
            return outcomes.unavailable_delivery_outcome(parcel, Reason.THROTTLED, at=self.clock(), retry_after=wait)
        return await self._send_text(parcel, text)

    async def _compose(self, parcel: Parcel) -> Text:
        """The text, with the files that this channel attaches; silent in quiet hours."""
        wanted = file_references_to_fetch(parcel.items, parcel.channel) if self._attaches(parcel) else ()
        files = await self.files.fetched(wanted, most=self.notifier.limits.file)
        t = self.catalogues.translator(parcel.language)
        text = texts.compose_text(parcel, t, key=self.signing_key, files=files)
        return replace(text, silent=timing.is_quiet_time(self.clock(), self.policy))

    def _attaches(self, parcel: Parcel) -> bool:
        return self.notifier.limits.attachments and not parcel.discreet

    def wait_of(self, address: str) -> timedelta | None:
        """The remaining pause of an address, or None; pauses that are over are dropped."""
        now = self.ticks()
        self.waits = {each: until for each, until in self.waits.items() if until > now}
        return timedelta(seconds=self.waits[address] - now) if address in self.waits else None

    def has_served_since(self, moment: datetime) -> bool:
        """True where the channel accepted a message at or after `moment`, so that it works in general."""
        return self.served_at is not None and self.served_at >= moment

    async def _send_text(self, parcel: Parcel, text: Text) -> Outcome:
        """The outcome of the channel's `send`. After an unexpected error the message may have been accepted (Q88)."""
        try:
            receipt = await self.notifier.send(parcel.address, text, key=parcel.key)
        except RefusedError as error:
            return outcomes.refused_delivery_outcome(parcel, error.reason, at=self.clock())
        except RejectedError as error:
            self._log_error("worker.message_rejected", parcel, error.reason)
            return outcomes.failed_delivery_outcome(parcel, error.reason, at=self.clock())
        except UnavailableError as error:
            return self._temporary_failure(parcel, error)
        except UncertainError as error:
            if error.channel_wide:
                self._pause(error.reason)
            return outcomes.uncertain_delivery_outcome(parcel, error.reason, at=self.clock(), policy=self.policy)
        except Exception as error:  # noqa: BLE001  # a channel that breaks must not stop the others
            self._log_error("worker.fault", parcel, type(error).__name__)
            return outcomes.uncertain_delivery_outcome(parcel, Reason.FAULT, at=self.clock(), policy=self.policy)
        self.served_at = self.clock()
        self.backoff.worked()
        return outcomes.accepted_delivery_outcome(
            parcel, receipt, at=self.served_at, text_sha256=texts.digest_of_parcel_text(text)
        )

    def _temporary_failure(self, parcel: Parcel, error: UnavailableError) -> Outcome:
        """The outcome of a temporary failure. During a channel-wide pause waiting messages stay pending and unclaimed.

        A pause of one address delays messages to this address only.
        """
        at, wait = self.clock(), error.retry_after
        if self._is_own_failure(parcel, error):
            outcome = outcomes.failed_try_delivery_outcome(
                parcel, error.reason, at=at, retry_after=wait, policy=self.policy
            )
        else:
            outcome = outcomes.unavailable_delivery_outcome(parcel, error.reason, at=at, retry_after=wait)
        if error.channel_wide:
            self._pause(error.reason, wait)
        elif wait is not None and outcome.retry_at is not None:
            self.waits[parcel.address] = self.ticks() + (outcome.retry_at - at).total_seconds()
        return outcome

    def _pause(self, reason: Reason, wait: timedelta | None = None) -> None:
        """Pause as long as the peer asked for, else longer each time; failures of one moment count once."""
        now = self.ticks()
        asked = 0.0 if wait is None else min(wait, timing.LONGEST_WAIT).total_seconds()
        ours = self.backoff.failed(str(reason)) if self.paused_until <= now else 0.0
        self.paused_until = max(self.paused_until, now + asked, now + ours)
        self.waiting.clear()

    def _is_own_failure(self, parcel: Parcel, error: UnavailableError) -> bool:
        """True for a failure of this message: the channel answered it, or accepted others since its last try.

        Any other failure is an outage, which does not count against the message (contracts, Delivery).
        """
        if error.answered or error.channel_wide:
            return error.answered and not error.channel_wide
        last_turns = [item.delivery.updated_at for item in parcel.items if item.delivery.tries]
        return error.reason is Reason.CHANNEL_DOWN and bool(last_turns) and self.has_served_since(max(last_turns))

    def _log_error(self, event: str, parcel: Parcel, why: str) -> None:
        log.error(event, attempt=parcel.attempt_id, channel=parcel.channel, error=str(why))
