"""Tries a question: what the bot would answer a person, without a chat, a message sent or a line written."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from bot.conversation.messenger import HeardKind, MessengerUpdate
from bot.conversation.routing import RoutingTable
from bot.handlers import AUDIENCES, MENU
from bot.handlers.doors import DoorCaller, DoorSchool, Reply
from bot.screens import errors
from core.errors import SchoolError
from core.model.conversation import Dialog
from core.model.people import Actor, Person, Speaker
from core.ports import UnitOfWork, UnitOfWorkFactory
from core.rules.delivery import timing

NO_CHAT = "0"
"""Seals the buttons of a trial, so that no real chat takes them."""


class TrialWritesError(SchoolError):
    """The bot would write something to answer this; a trial only reads."""


@dataclass(frozen=True, slots=True)
class ConversationTrial:
    """The conversation as a person would have it over one channel, with all its doors and access rules (Q14)."""

    school: DoorSchool
    channel: str

    async def answer(self, person: Person, words: str) -> Reply | None:
        """The reply to these words. TrialWritesError where the door that they open writes."""
        caller = await self._caller(person)
        routes = RoutingTable.of(AUDIENCES, MENU)
        try:
            return await routes.reply(MessengerUpdate(0, HeardKind.MESSAGE, NO_CHAT, words), caller)
        except TrialWritesError:
            raise
        except SchoolError as error:
            return errors.error_screen(error, caller.t)

    async def _caller(self, person: Person) -> DoorCaller:
        """The person as a speaker with the roles of today; without a role nobody's data is shown."""
        school, now = self.school, self.school.clock()
        async with school.open_uow(reading=True) as uow:
            roles = await uow.people.roles(person.id, on=timing.local_date_of_time(now, school.policy))
        speaker = Speaker(Actor(person.id, roles, self.channel), person.name, person.language)
        return DoorCaller(
            school=replace(school, open_uow=_reading_only(school.open_uow)),
            channel=self.channel,
            chat=NO_CHAT,
            speakers=(speaker,),
            now=now,
            t=school.translator((speaker,)),
            dialog=Dialog(self.channel, NO_CHAT),
        )


def _reading_only(open_uow: UnitOfWorkFactory) -> UnitOfWorkFactory:
    """Units of work that read; one that would write is refused before it opens."""

    @asynccontextmanager
    async def opened(*, reading: bool = False) -> AsyncIterator[UnitOfWork]:
        if not reading:
            raise TrialWritesError
        async with open_uow(reading=True) as uow:
            yield uow

    return opened
