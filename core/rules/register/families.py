"""How far a pair of representative and student has come, and whose contacts wait too long (Q84)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from core.model.delivery.states import Reason
from core.model.register.consents import ConsentEntry, Decision
from core.model.register.contacts import PendingContact
from core.model.register.families import FamilyPair, PairState
from core.rules.people.names import normal_name
from core.rules.register.consents import consent_obstacle, is_processor_in_consent

TOO_LONG = timedelta(days=7)
"""A contact that waits so long for a proof is shown to the class teacher."""


def family_pair_state(pair: FamilyPair, on: date, served: frozenset[str] | None = None) -> PairState:
    """What a pair lacks first: a decision, then a channel that works; ACTIVE where nothing is missing.

    `served`: the channels that the school has set up; None: all.
    """
    if pair.is_alone and pair.entry is None:
        return PairState.ALONE
    if consent_obstacle(pair.entry, on) is not None:
        return _no_consent(pair.entry)
    named = [each for each in pair.contacts if is_processor_in_consent(pair.entry, each.contact.channel)]
    if working := working_family_channels(pair):
        return PairState.ACTIVE if served is None or working & served else PairState.NOT_SERVED
    if any(each.lacks for each in named):
        return PairState.WAITING
    return PairState.SET_ASIDE if named else PairState.NO_CHANNEL


def working_family_channels(pair: FamilyPair) -> frozenset[str]:
    """The channels that the consent names and whose contact has both proofs and is not set aside."""
    return frozenset(
        each.contact.channel
        for each in pair.contacts
        if is_processor_in_consent(pair.entry, each.contact.channel)
        and not each.lacks
        and each.contact.set_aside_at is None
    )


def family_contact_obstacle(pairs: Iterable[FamilyPair], channel: str, on: date) -> Reason | None:
    """Why none of a person's pairs opens a channel, as the first of them says; None where one does or there is none."""
    obstacles = [_channel_obstacle(pair.entry, channel, on) for pair in pairs]
    return None if None in obstacles else next(iter(obstacles), None)


def _channel_obstacle(entry: ConsentEntry | None, channel: str, on: date) -> Reason | None:
    is_named = is_processor_in_consent(entry, channel)
    return consent_obstacle(entry, on) or (None if is_named else Reason.PROCESSOR_NOT_NAMED)


def _no_consent(entry: ConsentEntry | None) -> PairState:
    if entry is None:
        return PairState.UNDECIDED
    ended = {Decision.REFUSAL: PairState.REFUSED, Decision.WITHDRAWAL: PairState.WITHDRAWN}
    return ended.get(entry.decision, PairState.EXPIRED)


def is_family_waiting_long(contact: PendingContact, now: datetime) -> bool:
    """Whether a contact has lacked a proof for a week; one whose age nobody knows has."""
    since = contact.waits_since
    return bool(contact.lacks) and (since is None or since <= now - TOO_LONG)


def family_pairs_named(pairs: Sequence[FamilyPair], said: str) -> Sequence[FamilyPair]:
    """The pairs of the student or the representative of this number or name, or whose name has all its words.

    A whole name is preferred to whole words of one, those to parts of words, a student's name to a representative's.
    """
    if said.isdecimal():
        return [pair for pair in pairs if said in {str(pair.person_id), str(pair.student_id)}]
    key = normal_name(said)
    for fits in (_is_name, _has_words, _has_parts):
        for names in ([pair.student for pair in pairs], [pair.person for pair in pairs]):
            fitting = [fits(normal_name(name), key) for name in names]
            if any(fitting):
                return [pair for pair, is_meant in zip(pairs, fitting, strict=True) if is_meant]
    return []


def _is_name(name: str, said: str) -> bool:
    return name == said


def _has_words(name: str, said: str) -> bool:
    return bool(said) and set(said.split()) <= set(name.split())


def _has_parts(name: str, said: str) -> bool:
    return bool(said) and all(word in name for word in said.split())


def family_signers_of_class(pairs: Iterable[FamilyPair], on: date) -> Sequence[FamilyPair]:
    """The pairs of a class to which a signed form opens something: no consent in force, or one that names too few."""
    return [pair for pair in pairs if not pair.is_alone and _needs_form(pair, on)]


def _needs_form(pair: FamilyPair, on: date) -> bool:
    unnamed = [each for each in pair.contacts if not is_processor_in_consent(pair.entry, each.contact.channel)]
    return bool(unnamed) or consent_obstacle(pair.entry, on) is not None
