"""What a person chooses: language, how often and when they want to hear."""

from collections.abc import Sequence
from datetime import datetime, time

from core.errors import AlwaysSentError, NotAllowedError
from core.model.notices.kinds import ALWAYS_SENT, NoticeKind
from core.model.people import Actor
from core.model.register.preferences import Frequency, Preference
from core.ports import UnitOfWork


async def load_preferences(uow: UnitOfWork, actor: Actor) -> Sequence[Preference]:
    """How often the actor wants each kind of notice, where they chose it."""
    if actor.person_id is None:
        raise NotAllowedError
    return await uow.register.preferences(actor.person_id)


async def load_digest_hour_preference(uow: UnitOfWork, actor: Actor) -> time | None:
    """When the actor wants digests and homework; None: at the school's hour."""
    if actor.person_id is None:
        raise NotAllowedError
    return await uow.register.digest_hour(actor.person_id)


async def choose_language_preference(uow: UnitOfWork, actor: Actor, *, language: str, now: datetime) -> None:
    """From now on the person is spoken and written to in this language."""
    if actor.person_id is None:
        raise NotAllowedError
    await uow.people.speak(actor.person_id, language)
    await uow.audit.write(actor, "language_changed", at=now, person_id=actor.person_id, language=language)
    await uow.commit()


async def choose_frequency_preference(
    uow: UnitOfWork, actor: Actor, *, kind: NoticeKind, frequency: Frequency, now: datetime
) -> None:
    """The owner, and nobody else, changes how often a kind of notice comes; the trace stays (Q83).

    A kind that is switched on again comes by every channel, also by one from which it was unsubscribed.
    Raises AlwaysSentError for switching off what R6 owes to the family, or a warning to staff.
    """
    if actor.person_id is None:
        raise NotAllowedError
    if kind in ALWAYS_SENT and frequency is Frequency.OFF:
        raise AlwaysSentError
    await uow.register.prefer(actor.person_id, kind, frequency)
    if frequency is Frequency.AT_ONCE:
        await uow.register.subscribe(actor.person_id, kind=kind)
    await uow.audit.write(
        actor, "preference_changed", at=now, person_id=actor.person_id, kind=kind, frequency=frequency
    )
    await uow.commit()


async def choose_digest_hour_preference(uow: UnitOfWork, actor: Actor, *, at: time | None, now: datetime) -> None:
    """The owner, and nobody else, chooses when digests and homework come; None: at the school's hour (Q83)."""
    if actor.person_id is None:
        raise NotAllowedError
    await uow.register.set_digest_hour(actor.person_id, at)
    hour = None if at is None else at.isoformat("minutes")
    await uow.audit.write(actor, "digest_hour_chosen", at=now, person_id=actor.person_id, hour=hour)
    await uow.commit()


async def load_quiet_hours_preference(uow: UnitOfWork, actor: Actor) -> tuple[time, time] | None:
    """The actor's own quiet hours; None: those of the school."""
    if actor.person_id is None:
        raise NotAllowedError
    return await uow.register.quiet_hours(actor.person_id)


async def choose_quiet_hours_preference(
    uow: UnitOfWork, actor: Actor, *, hours: tuple[time, time] | None, now: datetime
) -> None:
    """The owner, and nobody else, chooses when nothing comes; None: as at the school. R6 keeps its term (Q73, Q83)."""
    if actor.person_id is None:
        raise NotAllowedError
    await uow.register.set_quiet_hours(actor.person_id, hours)
    said = None if hours is None else "-".join(each.isoformat("minutes") for each in hours)
    await uow.audit.write(actor, "quiet_hours_chosen", at=now, person_id=actor.person_id, hours=said)
    await uow.commit()


async def load_switched_off_preferences(uow: UnitOfWork, actor: Actor) -> frozenset[tuple[str, NoticeKind]]:
    """The channels by which the actor does not want a kind."""
    if actor.person_id is None:
        raise NotAllowedError
    return await uow.register.unsubscribed(actor.person_id)


async def choose_channel_preference(
    uow: UnitOfWork, actor: Actor, *, kind: NoticeKind, channel: str, wanted: bool, now: datetime
) -> None:
    """The owner, and nobody else, says whether a kind comes by this channel too (Q83).

    Raises AlwaysSentError for a kind that R6 owes to the family by every agreed channel.
    """
    if actor.person_id is None:
        raise NotAllowedError
    if kind in ALWAYS_SENT:
        raise AlwaysSentError
    if wanted:
        await uow.register.subscribe(actor.person_id, kind=kind, channel=channel)
    else:
        await uow.register.unsubscribe(actor.person_id, channel, kind, at=now)
    await uow.audit.write(
        actor, "channel_chosen", at=now, person_id=actor.person_id, kind=kind, channel=channel, wanted=int(wanted)
    )
    await uow.commit()
