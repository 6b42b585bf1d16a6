"""Messages as a family gets them, for tests of words: facts about children in, one Text out."""

from datetime import UTC, date, datetime

from bot.locales import LocaleCatalogues
from core.model.delivery.deliveries import Delivery, Item, Parcel
from core.model.delivery.states import Status
from core.model.delivery.text import Text
from core.model.notices.facts import Notice
from core.rules.conversation.buttons import Handle, unpack_button
from notifiers.words.texts import compose_text

CATALOGUES = LocaleCatalogues.load()
RUSSIAN, ENGLISH = (CATALOGUES.translator(language) for language in ("ru", "en"))
KEY = b"the school's signing key"
CHAT = "712000001"
NOW = datetime(2026, 11, 12, tzinfo=UTC)
DAY, NEXT_DAY = date(2026, 11, 12), date(2026, 11, 13)

About = tuple[int | None, str]
"""A child's id and name."""

ANYA, BORIS = (5, "Смирнова Аня Петровна"), (6, "Смирнов Борис")
NOBODY: About = (None, "")
"""Whom a message to a staff member is about."""


def item(number: int, child: About, notice: Notice) -> Item:
    """A delivery in flight with its fact."""
    student_id, name = child
    delivery = Delivery(
        id=number,
        obligation_id=number,
        person_id=1,
        student_id=student_id,
        channel="telegram",
        contact_id=1,
        bundle="b",
        kind=notice.kind,
        status=Status.SENDING,
        reason=None,
        not_before=NOW,
        due=None,
        escalate_at=None,
        tries=0,
        failures=0,
        repeats=0,
        attempt_id=9,
        consent_id=1,
        updated_at=NOW,
    )
    return Item(delivery, name, notice)


def parcel(*facts: tuple[About, Notice], discreet: bool = False, repeated: bool = False, attempt_id: int = 9) -> Parcel:
    """Facts that go to one chat in one message."""
    items = tuple(item(number, child, notice) for number, (child, notice) in enumerate(facts))
    return Parcel(attempt_id, "k", "telegram", 1, 1, CHAT, "ru", discreet, repeated, items)


def composed(*facts: tuple[About, Notice]) -> Text:
    """In Russian, as the chat gets it."""
    return compose_text(parcel(*facts), RUSSIAN, key=KEY)


def lines(*notices: Notice) -> list[str]:
    """What is said of one child."""
    text = composed(*((ANYA, notice) for notice in notices))
    return [line for section in text.sections for line in section.lines]


def handles(text: Text) -> list[Handle]:
    """What the buttons of this chat carry."""
    return [
        unpack_button(button.data or "", channel="telegram", chat=CHAT, key=KEY)
        for row in text.buttons
        for button in row
    ]


def labels(text: Text) -> list[str]:
    """What the buttons say, top down."""
    return [button.label for row in text.buttons for button in row]
