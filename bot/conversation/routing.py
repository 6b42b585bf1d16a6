"""Finds the door for what was heard, by looking it up: command, button, awaited words, question in plain words."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.conversation.messenger import Heard, HeardKind
from bot.handlers.doors import Ask, Caller, Door, Reply
from bot.handlers.entrance import enter_door, open_checked_door
from bot.handlers.register.blocking import chat_blocked, chat_unblocked
from bot.handlers.register.onboarding import answer_unknown_chat, bind_chat, refuse_button
from bot.handlers.understanding import understand_question
from bot.questions.model import Intent
from core.rules.conversation.buttons import SEPARATOR, unpack_button

START, HELP = "start", "help"


@dataclass(frozen=True, slots=True)
class Routes:
    """All doors, by what leads to them.

    `steps`: for each door, the steps that stay open when it is entered; any other awaited step ends, so that later
    words are not its answer. `former`: whether buttons of release 0.1 are taken.
    """

    menu: Door
    named: Mapping[str, Door]
    commands: Mapping[str, Sequence[Door]]
    answering: Mapping[Intent, Door]
    steps: Mapping[str, frozenset[str]]
    former: bool = False

    @classmethod
    def of(cls, audiences: Mapping[str, Sequence[Door]], menu: Door, *, former: bool = False) -> "Routes":
        """The routes to the doors of these audiences, which are tried in this order."""
        doors = [door for audience in audiences.values() for door in audience]
        commands: dict[str, list[Door]] = defaultdict(list)
        for door in doors:
            if door.command is not None:
                commands[door.command].append(door)
        steps = {
            door.name: frozenset(other.name for other in audience if other.takes_words)
            for audience in audiences.values()
            for door in audience
        }
        answering = {door.intent: door for door in doors if door.intent is not None}
        return cls(menu, {door.name: door for door in doors}, commands, answering, steps, former)

    async def reply(self, heard: Heard, caller: Caller) -> Reply | None:
        """The reply to what was heard; None where nothing is to be shown. SchoolError where it is refused."""
        match heard.kind:
            case HeardKind.BLOCKED:
                await chat_blocked(caller)
            case HeardKind.UNBLOCKED:
                await chat_unblocked(caller)
            case HeardKind.PRESS:
                return await self._press(heard, caller) if caller.speakers else answer_unknown_chat(caller)
            case HeardKind.MESSAGE:
                return await self._message(heard, caller)
        return None

    async def _press(self, heard: Heard, caller: Caller) -> Reply:
        """HandleRefusedError for a forged button."""
        door = self.named.get(heard.data.partition(SEPARATOR)[0])
        if door is None:
            return refuse_button(caller)
        handle = unpack_button(
            heard.data,
            channel=caller.channel,
            chat=caller.chat,
            key=caller.school.signing_key,
            person_ids=[speaker.actor.person_id for speaker in caller.speakers if speaker.actor.person_id is not None],
            former=self.former,
        )
        ask = Ask(numbers=handle.numbers, pressed=True, person_id=handle.person_id)
        return await self._enter(door, caller, ask) if door.opens_to(caller, ask.person_id) else refuse_button(caller)

    async def _message(self, heard: Heard, caller: Caller) -> Reply:
        command, argument = _command(heard.text)
        if command == START and argument:
            return await bind_chat(argument, caller, self.menu)
        if not caller.speakers:
            return answer_unknown_chat(caller)
        if command in {START, HELP}:
            return await enter_door(self.menu, caller, Ask())
        for door in self.commands.get(command, ()):
            if door.opens_to(caller):
                return await self._enter(door, caller, Ask())
        awaiting = self.named.get(caller.dialog.step or "")
        if awaiting is not None and awaiting.takes_words and not heard.text.startswith("/"):
            ask = Ask(text=heard.text, file=heard.file, person_id=caller.dialog.person_id)
            if awaiting.opens_to(caller, ask.person_id):
                return await self._enter(awaiting, caller, ask)
        return await self._question(heard.text, caller)

    async def _enter(self, door: Door, caller: Caller, ask: Ask) -> Reply:
        if caller.dialog.step not in self.steps[door.name]:
            caller.afterwards.left = caller.dialog.step
        return await enter_door(door, caller, ask)

    async def _question(self, words: str, caller: Caller) -> Reply:
        """A question in plain words comes after all dialogs, whose answers may read like questions."""
        if not any(door.opens_to(caller) for door in self.answering.values()):
            return await enter_door(self.menu, caller, Ask())
        caller.afterwards.left = caller.dialog.step
        async with caller.school.open_uow(reading=True) as uow:
            visit = caller.inside(uow)
            question = await understand_question(visit, words)
            door, ask = self.answering[question.intent], Ask(text=words, question=question)
            if not door.writes:
                return await open_checked_door(visit, door, ask)
        return await enter_door(door, caller, ask)


def _command(text: str) -> tuple[str, str]:
    """`/start CODE` and `/marks@name_of_the_bot` as a command and what follows it; empty where it is no command."""
    if not text.startswith("/"):
        return "", ""
    name, *rest = text[1:].split(maxsplit=1) or [""]
    return name.partition("@")[0], "".join(rest).strip()
