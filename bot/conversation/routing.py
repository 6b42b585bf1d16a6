"""Finds the door for what was heard, by looking it up: command, button, awaited words, question in plain words."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.conversation.called_doors import find_called_door
from bot.conversation.messenger import HeardKind, MessengerUpdate
from bot.handlers.answers import door_answer_to_questions
from bot.handlers.broadcast.draft import is_broadcast_draft_begun
from bot.handlers.doors import COMPOSING, FILES, WORDS, Door, DoorCaller, DoorRequest, Reply
from bot.handlers.entrance import enter_checked_door, enter_door
from bot.handlers.questions.message import understand_message_at_door
from bot.handlers.register.blocking import (
    blocking_chat_door,
    muting_chat_door,
    reopening_blocked_chat_door,
    unblocking_chat_door,
    unmuting_chat_door,
)
from bot.handlers.register.guests import find_guest_caller
from bot.handlers.register.onboarding import onboarding_code_door, onboarding_refusal_reply, onboarding_stranger_door
from bot.questions.letters.keyboard import in_latin_keyboard_layout
from bot.questions.model import Intent, Question
from bot.screens import errors
from bot.screens.broadcast.draft import kept_draft_screen
from bot.screens.notes import screen_with_question_notes
from bot.screens.register.onboarding import onboarding_access_ended_screen, onboarding_unknown_chat_screen
from bot.screens.screen import Screen
from core.rules.conversation.buttons import SEPARATOR, unpack_button

START, HELP = "start", "help"
NO_STEP = ""
"""Takes no edited message: the person reads that what was taken stays."""


@dataclass(frozen=True, slots=True)
class RoutingTable:
    """All doors, by what leads to them.

    `steps`: for each door, the steps that stay open when it is entered; any other awaited step ends, so that later
    words are not its answer. `former`: whether buttons of release 0.1 are taken.
    """

    menu: Door
    named: Mapping[str, Door]
    commands: Mapping[str, Sequence[Door]]
    answering: Mapping[Intent, Sequence[Door]]
    steps: Mapping[str, frozenset[str]]
    former: bool = False

    @classmethod
    def of(cls, audiences: Mapping[str, Sequence[Door]], menu: Door, *, former: bool = False) -> "RoutingTable":
        """The routes to the doors of these audiences, which are tried in this order."""
        doors = [door for audience in audiences.values() for door in audience]
        commands: dict[str, list[Door]] = defaultdict(list)
        for door in doors:
            if door.command is not None:
                commands[door.command].append(door)
        steps = {
            door.name: frozenset(other.name for other in audience if other.takes)
            for audience in audiences.values()
            for door in audience
        }
        answering: dict[Intent, list[Door]] = defaultdict(list)
        for door in doors:
            if door.intent is not None:
                answering[door.intent].append(door)
        return cls(menu, {door.name: door for door in doors}, commands, answering, steps, former)

    async def reply(self, heard: MessengerUpdate, caller: DoorCaller) -> Reply | None:
        """The reply to what was heard; None where nothing is to be shown. SchoolError where it is refused.

        A broadcast that is left half composed is named, so that its draft is not forgotten.
        """
        reply = await self._reply(heard, caller)
        is_left = caller.afterwards.left is not None and is_broadcast_draft_begun(caller.dialog.draft)
        return kept_draft_screen(reply, caller.t) if is_left and isinstance(reply, Screen) else reply

    async def _reply(self, heard: MessengerUpdate, caller: DoorCaller) -> Reply | None:
        if heard.reopens:
            await reopening_blocked_chat_door(caller)
        match heard.kind:
            case HeardKind.BLOCKED:
                await blocking_chat_door(caller)
            case HeardKind.UNBLOCKED:
                await unblocking_chat_door(caller)
            case HeardKind.MUTED:
                await muting_chat_door(caller, heard.muted_until)
            case HeardKind.UNMUTED:
                await unmuting_chat_door(caller)
            case HeardKind.PRESS:
                return await self._press(heard, caller)
            case HeardKind.MESSAGE:
                return await self._message(heard, caller)
            case HeardKind.EDIT:
                return await self._edit(heard, caller)
        return None

    async def _press(self, heard: MessengerUpdate, caller: DoorCaller) -> Reply:
        """HandleRefusedError for a forged button."""
        door = self.named.get(heard.data.partition(SEPARATOR)[0])
        if not caller.speakers and (door is None or door.roles):
            return await onboarding_stranger_door(caller)
        if door is None:
            return onboarding_refusal_reply(caller)
        handle = unpack_button(
            heard.data,
            channel=caller.channel,
            chat=caller.chat,
            key=caller.school.signing_key,
            person_ids=[speaker.actor.person_id for speaker in caller.speakers if speaker.actor.person_id is not None],
            former=self.former,
        )
        ask = DoorRequest(numbers=handle.numbers, pressed=True, person_id=handle.person_id)
        return (
            await self._enter(door, caller, ask)
            if door.opens_to(caller, ask.person_id)
            else onboarding_refusal_reply(caller)
        )

    async def _message(self, heard: MessengerUpdate, caller: DoorCaller) -> Reply:
        command, argument = _command(in_latin_keyboard_layout(heard.text) or heard.text)
        if command == START and argument:
            return await onboarding_code_door(argument, caller, self.menu)
        if not any(speaker.actor.roles for speaker in caller.speakers):
            return onboarding_access_ended_screen(caller.t) if caller.speakers else await self._newcomer(heard, caller)
        if command in {START, HELP}:
            return await enter_door(self.menu, caller, DoorRequest())
        for door in self.commands.get(command, ()):
            if door.opens_to(caller):
                if argument and door.intent is not None:
                    return await self._words(f"{caller.t(f'command.{command}')} {argument}", caller, leaves=True)
                return _with_unused(await self._enter(door, caller, DoorRequest()), argument, caller)
        return await self._said(heard, caller)

    async def _newcomer(self, heard: MessengerUpdate, caller: DoorCaller) -> Reply:
        """Without speakers a step that a newcomer began takes words; anything else says how far they are (Q106)."""
        newcomer = await find_guest_caller(caller)
        if newcomer is None:
            return onboarding_unknown_chat_screen(caller.t)
        awaiting = self._awaiting(newcomer)
        if awaiting is None or awaiting.roles or heard.text.startswith("/"):
            return await onboarding_stranger_door(newcomer)
        if not _is_taken(awaiting, heard):
            return errors.content_error_screen(heard.content, newcomer.t, files=awaiting.takes >= FILES)
        return await self._answer_step(awaiting, heard, newcomer)

    async def _said(self, heard: MessengerUpdate, caller: DoorCaller) -> Reply:
        """What is no command: the answer to a step, which stays open for anything else but words, or a question."""
        awaiting = self._awaiting(caller)
        if awaiting is None or heard.text.startswith("/"):
            return await self._question(heard, caller)
        if _is_taken(awaiting, heard):
            return await self._answer_step(awaiting, heard, caller)
        if awaiting.takes >= WORDS:
            return errors.content_error_screen(heard.content, caller.t, files=awaiting.takes >= FILES)
        return await self._question(heard, caller)

    def _awaiting(self, caller: DoorCaller) -> Door | None:
        """The door whose step the chat waits in; a step may end by the clock."""
        door, until = self.named.get(caller.dialog.step or ""), caller.dialog.draft.get("until")
        is_over = until is not None and datetime.fromisoformat(until) < caller.now
        if door is None or not door.takes or is_over or not door.opens_to(caller, caller.dialog.person_id):
            return None
        return door

    async def _answer_step(self, door: Door, heard: MessengerUpdate, caller: DoorCaller) -> Reply:
        """Hands the message to the step that waits for it; what takes an edited version is remembered (Q115)."""
        ask = DoorRequest(text=heard.text, files=heard.files, message=heard.number, person_id=caller.dialog.person_id)
        reply = await self._enter(door, caller, ask)
        if heard.is_pieced or caller.afterwards.taken_as is None:
            caller.afterwards.taken_as = NO_STEP, {}
        return reply

    async def _edit(self, heard: MessengerUpdate, caller: DoorCaller) -> Reply | None:
        """An edited message corrects what it had said to a step; what was a question is answered anew (Q115)."""
        if heard.content not in WORDS | FILES:
            return None
        step, draft = caller.dialog.taken.get(str(heard.number), (None, {}))
        if step is None or not caller.speakers:
            return await self._edited_question(heard, caller)
        door, is_open = self.named.get(step), "message" in draft
        if door is None or (is_open and draft["message"] not in _messages_in(caller.dialog.draft)):
            return errors.edit_error_screen(caller.t)
        dialog = caller.dialog if is_open else replace(caller.dialog, step=step, draft=draft)
        return await self._answer_step(door, heard, replace(caller, dialog=dialog, is_edit=not is_open))

    async def _edited_question(self, heard: MessengerUpdate, caller: DoorCaller) -> Reply:
        if heard.text.startswith("/") or not caller.speakers:
            return await self._message(heard, caller)
        return await self._question(heard, caller, leaves=False)

    async def _enter(self, door: Door, caller: DoorCaller, ask: DoorRequest) -> Reply:
        if caller.dialog.step not in self.steps[door.name]:
            caller.afterwards.left = caller.dialog.step
        return await enter_door(door, caller, ask)

    async def _question(self, heard: MessengerUpdate, caller: DoorCaller, *, leaves: bool = True) -> Reply:
        """A question in plain words comes after all dialogs, whose answers may read like questions.

        A file is looked at where a door reads files, else the words below it are read (Q115).
        """
        if (reader := self._reader(heard, caller)) is not None:
            return await self._read_files(reader, heard, caller)
        if heard.content not in WORDS | FILES or not heard.text.strip():
            return errors.words_only_error_screen(heard.content, caller.t)
        reply = await self._words(heard.text, caller, leaves=leaves)
        return errors.unread_file_error_screen(reply, caller.t) if heard.files and isinstance(reply, Screen) else reply

    def _reader(self, heard: MessengerUpdate, caller: DoorCaller) -> Door | None:
        """The door that reads what was sent. Where the messenger is discreet no file is even fetched (Q85)."""
        if not heard.files or caller.fetch is None or caller.is_discreet:
            return None
        return next((door for door in self.named.values() if door.reads is not None and door.opens_to(caller)), None)

    async def _read_files(self, door: Door, heard: MessengerUpdate, caller: DoorCaller) -> Reply:
        """Reads the files before a unit of work opens: a download and a picture take seconds (Q92)."""
        found: dict[str, None] = {}
        for file in heard.files:
            content = await caller.fetch(file) if caller.fetch is not None else None
            if content is not None and door.reads is not None:
                found |= dict.fromkeys(await asyncio.to_thread(door.reads, content))
        return await self._enter(door, caller, DoorRequest(read=tuple(found), message=heard.number))

    async def _words(self, words: str, caller: DoorCaller, *, leaves: bool) -> Reply:
        if (called := find_called_door(self.named.values(), self.commands, words, caller)) is not None:
            door, left = called
            return await self._enter(door, caller, DoorRequest(text=left))
        if leaves:
            caller.afterwards.left = caller.dialog.step
        async with caller.school.open_uow(reading=True) as uow:
            visit = caller.inside(uow)
            questions = await understand_message_at_door(visit, words)
            asked = [(self._answering_door(question, caller), question) for question in questions]
            if not all(door.opens_to(caller) for door, _ in asked) or (_is_lost(questions[0]) and not visit.is_family):
                return await enter_checked_door(visit, self.menu, DoorRequest())

            async def open_once(door: Door, ask: DoorRequest) -> Reply:
                if door.writes:
                    return await enter_door(door, caller, ask)
                return await enter_checked_door(visit, door, ask)

            return await door_answer_to_questions(visit, words, asked, open_once)

    def _answering_door(self, question: Question, caller: DoorCaller) -> Door:
        """The door that answers this person: a family's timetable, or a teacher's own lessons.

        A teacher who is a parent too asks about the child; a class or a subject that is named is no teacher's day.
        """
        *others, family = self.answering[question.intent]
        is_own = not (question.form or question.subject or question.subjects)
        doors = [family, *others] if is_own else [family]
        return next((door for door in doors if door.opens_to(caller)), family)


def _with_unused(reply: Reply, words: str, caller: DoorCaller) -> Reply:
    """Names the words behind a command that its door does not read (Q113)."""
    unread = Question(Intent.MENU, unread=(words,) if words else ())
    return screen_with_question_notes(reply, unread, caller.t) if isinstance(reply, Screen) else reply


def _is_lost(question: Question) -> bool:
    """Whether nothing was understood, not even small talk."""
    return question.intent is Intent.UNCLEAR and question.talk is None


def _is_taken(door: Door, heard: MessengerUpdate) -> bool:
    """Whether the step takes this: words that say something, or files."""
    return heard.content in door.takes and bool(heard.text.strip() or heard.files)


def _messages_in(draft: Mapping[str, Any]) -> set[int | None]:
    """The messages whose words the draft of a chat holds, none of them sent or written yet."""
    return {draft.get("message"), (draft.get(COMPOSING) or {}).get("message")} - {None}


def _command(text: str) -> tuple[str, str]:
    """`/start CODE` and `/marks@name_of_the_bot` as a command and what follows it; empty where it is no command."""
    if not text.startswith("/"):
        return "", ""
    name, *rest = text[1:].split(maxsplit=1) or [""]
    return name.partition("@")[0], "".join(rest).strip()
