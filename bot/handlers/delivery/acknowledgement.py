"""The button «Прочитано» under a message: the strongest evidence that a chat gives (Q72)."""

from bot.handlers.doors import KNOWN, Behind, Door, DoorRequest, DoorVisit
from bot.screens.screen import Toast
from core.actions.delivery import receipts
from core.model.people import Actor
from core.rules.conversation.buttons import READ


async def acknowledgement_door(visit: DoorVisit, ask: DoorRequest) -> Toast:
    """Records the reading by the person to whom the message was sent, whoever of the chat pressed the button."""
    (attempt_id,) = ask.exactly(1)

    async def acknowledged(reader: Actor) -> bool:
        closes, now = visit.school.closes, visit.now
        return await receipts.record_read_receipt(visit.uow, reader, attempt_id, closes=closes, now=now)

    await visit.first_allowed(acknowledged)
    return Toast(visit.t("marks.acknowledged"), drop_button=True)


DOORS = (Door(READ, acknowledgement_door, KNOWN, Behind.RECORD, writes=True, discreet=True, joint=True),)
