"""Who acts in a chat that is proven to be theirs, whether or not a form confirms it yet."""

from dataclasses import dataclass, replace

from bot.handlers.doors import DoorCaller, DoorVisit
from bot.screens.register.newcomers import WAYS
from bot.screens.register.own.contacts import CONTACTS
from core.actions import conversation
from core.actions.register import onboarding
from core.actions.register.onboarding import LoadedOnboardingAdmission
from core.errors import InvalidAddressError, NotFoundError
from core.model.people import Actor, Person
from core.ports import UnitOfWork
from core.rules.conversation.buttons import Handle


@dataclass(frozen=True, slots=True)
class GuestCaller:
    """A person in their own chat. `chat_id` is the contact that the chat is; `is_known`: a form confirms it.

    A newcomer has no role, so nothing but the own register opens to them.
    """

    visit: DoorVisit
    actor: Actor
    chat_id: int
    is_known: bool

    @property
    def back(self) -> Handle:
        """Where adding and proving a contact comes from."""
        return Handle(CONTACTS, (0,)) if self.is_known else Handle(WAYS, (self.chat_id,))

    async def admission(self) -> LoadedOnboardingAdmission:
        """How far the person has come."""
        visit = self.visit
        return await onboarding.load_onboarding_admission(
            visit.uow, self.actor, now=visit.now, policy=visit.school.policy
        )


async def guest_of_chat(visit: DoorVisit, contact_id: int) -> GuestCaller:
    """The person whose contact this chat is. Checked at each click and word: NotFoundError for any other chat."""
    person = await onboarding.load_onboarding_chat_owner(visit.uow, visit.channel, _address(visit), contact_id)
    known = next((each.actor for each in visit.speakers if each.actor.person_id == person.id), None)
    actor = known or Actor(person.id, frozenset(), visit.channel)
    return GuestCaller(_in_language(visit, person), actor, contact_id, known is not None)


async def _newcomer_of(visit: DoorVisit) -> GuestCaller:
    """The newcomer of this chat who came last; NotFoundError where there is none."""
    person = await onboarding.load_onboarding_chat_owner(visit.uow, visit.channel, _address(visit))
    contact_id = await onboarding.load_onboarding_chat_contact(visit.uow, visit.channel, _address(visit), person.id)
    actor = Actor(person.id, frozenset(), visit.channel)
    return GuestCaller(_in_language(visit, person), actor, contact_id, is_known=False)


async def find_guest_caller(caller: DoorCaller) -> DoorCaller | None:
    """The caller with the step that a newcomer's chat waits in; None for a stranger, whose chat keeps nothing."""
    async with caller.school.open_uow(reading=True) as uow:
        try:
            person = await onboarding.load_onboarding_chat_owner(uow, caller.channel, _address(caller))
        except NotFoundError:
            return None
        dialog = await conversation.load_conversation_dialog(uow, caller.channel, caller.chat)
    return replace(caller, dialog=dialog, t=caller.school.catalogues.translator(person.language))


async def find_newcomer_guest(caller: DoorCaller, uow: UnitOfWork) -> GuestCaller | None:
    """The newcomer of a chat without speakers, if there is one."""
    try:
        return await _newcomer_of(caller.inside(uow))
    except NotFoundError:
        return None


def _in_language(visit: DoorVisit, person: Person) -> DoorVisit:
    return replace(visit, t=visit.school.catalogues.translator(person.language))


def _address(caller: DoorCaller) -> str:
    """The chat as an address; NotFoundError where it is no private chat."""
    try:
        return caller.address
    except InvalidAddressError:
        raise NotFoundError from None
