"""What the demo's families received: over which channel, on what consent, to a contact confirmed by which form."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.demo.people import PEOPLE
from bot.demo.school import DemoSchool
from bot.sandbox import SandboxPerson, SandboxServer
from core.model.channels import PAPER
from core.model.delivery.deliveries import Delivery
from core.model.delivery.obligations import ObligationRow
from core.model.register.consents import ConsentEntry
from core.ports import Translator, UnitOfWork
from core.rules.delivery.evidence import GRADES

Came = tuple[str, str]
"""A channel and the name of a person."""


@dataclass(frozen=True, slots=True)
class Received:
    """The texts of one person over one channel, and the legal basis of that channel."""

    channel: str
    person: str
    because: tuple[str, ...]
    texts: tuple[str, ...]


async def received_in_demo(school: DemoSchool, t: Translator) -> Sequence[Received]:
    """Everything that came, person by person and channel by channel."""
    async with school.app.open_uow(reading=True) as uow:
        sent = _sent(await uow.outbox.obligations())
        register = {entry.id: entry for entry in await uow.register.consents()}
        return [
            Received(
                t(f"channel.{channel}"),
                person.name,
                (
                    *await _consents(uow, channel, sent[channel, person.name], register, t=t),
                    *await _confirmations(uow, sent[channel, person.name], t),
                ),
                tuple(texts),
            )
            for person in PEOPLE
            for channel, texts in _texts(school.world, person).items()
            if texts
        ]


def _sent(rows: Sequence[ObligationRow]) -> dict[Came, list[Delivery]]:
    sent: dict[Came, list[Delivery]] = defaultdict(list)
    for row in rows:
        for delivery in row.deliveries:
            if delivery.status in GRADES:
                sent[delivery.channel, row.person].append(delivery)
    return sent


def _texts(world: SandboxServer, person: SandboxPerson) -> dict[str, list[str]]:
    """Texts in the sandbox for this person; of a chat only pushes, which always have buttons."""
    chat = world.chats[person.chat_id].messages if person.chat_id else []
    dialog = world.max[person.max_id].messages if person.max_id else []
    return {
        "telegram": [message.text for message in chat if message.from_bot and message.labels],
        "max": [message.text for message in dialog if message.from_bot and message.labels],
        "email": [mail.text.strip() for mail in world.mailbox[person.email]] if person.email else [],
        "sms": [sms.text for sms in world.phone[person.phone]] if person.phone else [],
        PAPER: [sheet.title for sheet in world.tray[person.name]],
    }


async def _consents(
    uow: UnitOfWork, channel: str, sent: Sequence[Delivery], register: dict[int, ConsentEntry], *, t: Translator
) -> Sequence[str]:
    """The entries in force when the messages were claimed; for paper its basis instead (Q29)."""
    if channel == PAPER:
        people = {delivery.person_id for delivery in sent}
        extracts = [extract for extract in await uow.paper.extracts(GRADES) if extract.person_id in people]
        return sorted({t("demo.basis", basis=t(f"extract.basis.{extract.basis}")) for extract in extracts})
    numbers = {register[delivery.consent_id].number for delivery in sent if delivery.consent_id}
    return [t("demo.consent", number=number) for number in sorted(numbers)]


async def _confirmations(uow: UnitOfWork, sent: Sequence[Delivery], t: Translator) -> Sequence[str]:
    """The forms that confirm the contacts in writing (R7)."""
    contacts = sorted({delivery.contact_id for delivery in sent if delivery.contact_id})
    return [
        t("demo.confirmed", number=contact_id, document=confirmed.document, accepted_by=confirmed.accepted_by)
        for contact_id in contacts
        for confirmed in await uow.register.confirmations(contact_id)
    ]
