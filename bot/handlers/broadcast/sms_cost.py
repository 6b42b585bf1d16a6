"""The number of SMS parts of a broadcast, counted on the texts that will be sent (Q91, Q97)."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from core.actions.broadcast.recipients import Addressee
from core.model.delivery.deliveries import Delivery, Item, Parcel
from core.model.delivery.states import Status
from core.model.notices.facts import Notice
from core.ports import NotifierDirectoryPort, Translator

SMS = "sms"
_SOME_TIME = datetime(1970, 1, 1, tzinfo=UTC)


def broadcast_sms_parts(
    addressees: Sequence[Addressee],
    channels: NotifierDirectoryPort,
    words: Callable[[str], Translator],
    *,
    discreet: bool,
) -> int:
    """Billed parts for the persons whom SMS reaches first; `words` gives the translator of a language."""
    by_person: dict[int, list[Addressee]] = defaultdict(list)
    for addressee in addressees:
        if addressee.channel == SMS:
            by_person[addressee.person_id].append(addressee)
    return sum(_parts(own, channels, words(own[0].language), discreet=discreet) for own in by_person.values())


def _parts(own: Sequence[Addressee], channels: NotifierDirectoryPort, t: Translator, *, discreet: bool) -> int:
    """The parts of the text that the worker will send to one person, about all their children."""
    notices = [(to, notice) for to in own for notice in to.notices]
    items = tuple(_item(number, to, notice) for number, (to, notice) in enumerate(notices))
    parcel = Parcel(0, "", SMS, None, own[0].person_id, "", t.language, discreet, repeated=False, items=items)
    return channels.billed_parts(parcel, t)


def _item(number: int, to: Addressee, notice: Notice) -> Item:
    """An unsaved delivery: the text needs only its person and student."""
    delivery = Delivery(
        id=number, obligation_id=number, person_id=to.person_id, student_id=to.student_id, channel=SMS, contact_id=None,
        bundle="", kind=notice.kind, status=Status.PENDING, reason=None, not_before=_SOME_TIME, due=None,
        escalate_at=None, tries=0, failures=0, repeats=0, attempt_id=None, consent_id=None, updated_at=_SOME_TIME,
    )  # fmt: skip
    return Item(delivery, to.student, notice)
