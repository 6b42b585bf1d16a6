"""Asking the bot's doors without changing the school: whatever a door writes is rolled back."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from bot.handlers.doors import Door, DoorCaller, DoorRequest, DoorSchool, Reply
from bot.handlers.entrance import enter_door
from bot.handlers.questions.understanding import understand_question_at_door
from bot.locales import LocaleCatalogues
from bot.questions.model import Question
from bot.screens.screen import Screen
from core.errors import SchoolError
from core.model.conversation import Dialog
from core.model.people import Actor, Speaker
from core.ports import UnitOfWork, UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from notifiers.directory import InstalledChannelDirectory
from tests.support.schools.builders import NOW

CATALOGUES = LocaleCatalogues.load()
KEY = b"asking"
CHAT = "9001"


@dataclass(frozen=True, slots=True)
class Asking:
    """A conversation with one school."""

    conversation: DoorSchool

    @classmethod
    def of(cls, open_uow: UnitOfWorkFactory, *, discreet: bool = False) -> "Asking":
        """A school whose marks are made in the bot; nothing that is asked changes it."""
        policy = Policy(discreet=frozenset({"telegram"}) if discreet else frozenset())
        return cls(
            DoorSchool(
                open_uow=_without_commits(open_uow), catalogues=CATALOGUES, clock=lambda: NOW, policy=policy, closes={},
                signing_key=KEY, language="ru", marks="bot", channels=InstalledChannelDirectory(),
            )
        )  # fmt: skip

    def caller(
        self, *actors: Actor | None, language: str = "ru", draft: Mapping[str, Any] | None = None, chat: str = CHAT
    ) -> DoorCaller:
        """Somebody at the door, as the doorway would have found out, with what the chat was composing."""
        t, dialog = CATALOGUES.translator(language), Dialog("telegram", chat, draft=draft or {})
        speakers = tuple(Speaker(each, f"Человек {each.person_id}", language) for each in actors if each is not None)
        return DoorCaller(
            school=self.conversation, channel="telegram", chat=chat, speakers=speakers, now=NOW, t=t, dialog=dialog
        )

    async def reply(self, door: Door, caller: DoorCaller, ask: DoorRequest) -> Reply | None:
        """What the door shows; None where it does not open to the caller or refuses what was asked."""
        if not door.opens_to(caller):
            return None
        try:
            return await enter_door(door, caller, ask)
        except SchoolError:
            return None

    async def understood(self, *actors: Actor | None, text: str) -> Question:
        """What somebody's words ask."""
        async with self.conversation.open_uow(reading=True) as uow:
            return await understand_question_at_door(self.caller(*actors).inside(uow), text)


def words(reply: Reply | None) -> str:
    """Everything that can be read of a reply: words, buttons, the insides of files."""
    if not isinstance(reply, Screen):
        return reply.text if reply is not None else ""
    labels = [button.label for row in reply.buttons for button in row]
    files = [f"{each.name} {each.content.decode(errors='replace')}" for each in reply.files]
    return "\n".join([reply.text, *labels, *files])


def _without_commits(open_uow: UnitOfWorkFactory) -> UnitOfWorkFactory:
    @asynccontextmanager
    async def opened(*, reading: bool = False) -> AsyncIterator[UnitOfWork]:
        async with open_uow(reading=reading) as uow:
            uow.commit = _nothing  # type: ignore[method-assign]  # the school stays the same for the next question
            yield uow

    return opened


async def _nothing() -> None:
    """Instead of a commit."""
