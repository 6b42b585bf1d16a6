"""Answers what was heard: finds the caller, opens a door, shows the reply, then writes audit and dialog.

The reply is shown after the unit of work has ended, so that no transaction is open while the messenger answers.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import structlog

from bot.conversation.group_commit import GroupCommit
from bot.conversation.messenger import HeardKind, Messenger, MessengerUpdate, NotShownError
from bot.conversation.replies import MOST_REPEATS, ReplyProgress, show_reply
from bot.conversation.routing import RoutingTable
from bot.handlers import AUDIENCES, MENU
from bot.handlers.doors import DoorCaller, DoorSchool, Reply
from bot.handlers.register.onboarding import onboarding_confirmed_reply
from bot.screens import errors
from bot.screens.register import onboarding
from core.actions import conversation
from core.actions.conversation import AnsweredUpdate
from core.actions.register import contacts
from core.errors import SchoolError, StorageError
from core.rules.delivery import timing

log = structlog.get_logger()

GATHER = 0.05
"""Seconds that the final write waits for other updates, to share their commit; the answer is shown already."""

MOST_BYTES = 20_000_000
"""Of a file that is read: more than Telegram gives to a bot."""

MOST_TAKEN = 50
"""So many messages of a chat are remembered, to know what an edited one had said."""


@dataclass(slots=True)
class UpdateProgress:
    """How far an update has come in this process; a second try continues there.

    `is_too_many`: the reply is the warning of the rate limit; `is_last_try`: a reply that fails now is given up.
    """

    is_too_many: bool = False
    is_last_try: bool = False
    caller: DoorCaller | None = None
    """None until the caller is found."""

    reply: Reply | None = None
    is_handled: bool = False
    shown: ReplyProgress = field(default_factory=ReplyProgress)


class AnsweringConversation:
    """The conversation of one messenger with everybody. The chats are private, so a chat is its caller's address."""

    def __init__(self, school: DoorSchool, messenger: Messenger, routes: RoutingTable) -> None:
        self._school = school
        self._messenger = messenger
        self._routes = routes
        self._ending = GroupCommit(self._end)
        self._inside = 0

    @classmethod
    def of_all_doors(cls, school: DoorSchool, messenger: Messenger) -> "AnsweringConversation":
        """The conversation that the bot has."""
        return cls(school, messenger, RoutingTable.of(AUDIENCES, MENU, former=messenger.has_former_buttons))

    async def answer(self, heard: MessengerUpdate, progress: UpdateProgress | None = None) -> None:
        """Handle one update; after an unexpected error the person reads "our fault".

        Raises NotShownError or StorageError where the update must be handled again, with its progress.
        """
        progress = progress or UpdateProgress()
        self._inside += 1
        try:
            await self._handle_and_show(heard, progress)
            ended = _answered(heard, progress.caller)
            await self._ending.add(*ended, gather=GATHER if self._inside > 1 else 0)
        finally:
            self._inside -= 1

    async def announce_confirmed(self) -> None:
        """Tell the chats whose form was recorded since that they are served; one that is out of reach is not told."""
        async with self._school.open_uow() as uow:
            chats = await contacts.take_contact_announcements(uow, self._messenger.channel)
        for chat in chats:
            heard = MessengerUpdate(0, HeardKind.MESSAGE, chat)
            with suppress(NotShownError):
                await show_reply(
                    self._messenger, heard, await onboarding_confirmed_reply(await self._find_caller(heard))
                )

    async def _handle_and_show(self, heard: MessengerUpdate, progress: UpdateProgress) -> None:
        if not progress.is_handled:
            progress.reply = await self._reply(heard, progress)
            progress.is_handled = True
            t = progress.caller.t if progress.caller else self._school.translator(())
            progress.shown.mark = t("notice.repeated", text="").strip()
            progress.shown.instead = onboarding.onboarding_fault_screen(t)
        if progress.reply is not None:
            await self._show(heard, progress.reply, progress)

    async def _reply(self, heard: MessengerUpdate, progress: UpdateProgress) -> Reply | None:
        t = self._school.translator(())
        try:
            caller = progress.caller = await self._find_caller(heard)
            t = caller.t
            return (
                errors.rate_limit_error_screen(t) if progress.is_too_many else await self._routes.reply(heard, caller)
            )
        except StorageError:
            if not progress.is_last_try:
                raise
            return onboarding.onboarding_fault_screen(t)
        except SchoolError as error:
            return errors.error_screen(error, t)
        except Exception as error:  # noqa: BLE001  # its text may hold personal data, so only its type is logged (Q103)
            log.error("conversation.failed", error=type(error).__name__)  # noqa: TRY400  # for the same reason
            return onboarding.onboarding_fault_screen(t)

    async def _find_caller(self, heard: MessengerUpdate) -> DoorCaller:
        school, channel, chat, now = self._school, self._messenger.channel, heard.chat, self._school.clock()
        today = timing.local_date_of_time(now, school.policy)
        async with school.open_uow(reading=True) as uow:
            speakers, dialog = await conversation.load_conversation_state(uow, channel, chat, on=today)
        return DoorCaller(
            school=school,
            channel=channel,
            chat=chat,
            speakers=tuple(speakers),
            now=now,
            t=school.translator(speakers),
            dialog=dialog,
            update_ids=heard.update_ids,
            fetch=partial(self._messenger.fetch, most=MOST_BYTES),
        )

    async def _show(self, heard: MessengerUpdate, reply: Reply, progress: UpdateProgress) -> None:
        """Show the reply. Raises NotShownError, except at the last try or after too many repeats: it is given up."""
        try:
            await show_reply(self._messenger, heard, reply, progress.shown)
        except NotShownError:
            if not progress.is_last_try and progress.shown.lost <= MOST_REPEATS:
                raise
            log.warning("conversation.given_up")

    async def _end(self, answered: Sequence[AnsweredUpdate]) -> None:
        """Write who saw what (Q102), the state of the dialogs, and that these updates are finished."""
        async with self._school.open_uow() as uow:
            await conversation.record_conversation_answers(
                uow, self._messenger.channel, answered, closes=self._school.closes, now=self._school.clock()
            )
            await uow.commit()


def _answered(heard: MessengerUpdate, caller: DoorCaller | None) -> Sequence[AnsweredUpdate]:
    """What is kept of the answer, for each update of the message; `caller` is None where it could not be found."""
    joined = [AnsweredUpdate(update_id, heard.chat) for update_id in heard.joined]
    if caller is None:
        return [AnsweredUpdate(heard.update_id, heard.chat), *joined]
    after = caller.afterwards
    turned = after.child_id is not None and after.child_id != caller.dialog.child_id
    child_id, taken = after.child_id if turned else None, _taken(heard, caller)
    return [
        AnsweredUpdate(
            heard.update_id, heard.chat, after.views, after.left, child_id, taken, after.opened, after.asked
        ),
        *joined,
    ]


def _taken(heard: MessengerUpdate, caller: DoorCaller) -> Mapping[str, Any] | None:
    """The last messages that a step took, with this one; None where it was none."""
    taken_as = caller.afterwards.taken_as
    if taken_as is None or not heard.messages:
        return None
    known = dict(caller.dialog.taken) | {str(number): list(taken_as) for number in heard.messages}
    return dict(list(known.items())[-MOST_TAKEN:])
