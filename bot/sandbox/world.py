"""The simulated world: all peers of a school and what they hold."""

from collections.abc import Sequence

from bot.sandbox.bot_api.bot import Bot
from bot.sandbox.bot_api.state.chats import BotApiChats, Telegram
from bot.sandbox.bot_api.state.files import BotApiFiles
from bot.sandbox.bot_api.state.send_log import BotApiSendLog
from bot.sandbox.bot_api.state.updates import BotApiUpdates
from bot.sandbox.bot_api.state.webhook import BotApiWebhook
from bot.sandbox.faults import SandboxFaults
from bot.sandbox.feed import Clock, SandboxFeed
from bot.sandbox.mailbox import SandboxMailbox
from bot.sandbox.max_api.dialogs import MaxApiDialogs, MaxNetwork
from bot.sandbox.max_api.updates import MaxApiUpdates
from bot.sandbox.people import SandboxPerson
from bot.sandbox.phone import SandboxPhone
from bot.sandbox.tray import SandboxTray

MAX_TOKEN = "SANDBOX-OF-MAX-NOT-A-SECRET-0000000000"  # noqa: S105 -- opens nothing but the sandbox
BOT = {"id": 30, "is_bot": True, "first_name": "Вестник", "username": "vestnik_sandbox_bot"}


class World:
    """One simulated world. It knows nothing of who shows it; ``Sandbox`` serves it."""

    def __init__(self, people: Sequence[SandboxPerson], *, clock: Clock) -> None:
        self.people = tuple(people)
        self.feed = SandboxFeed(clock)
        self.is_story_open = True
        self.faults = SandboxFaults()
        self.log = BotApiSendLog()
        self.mailbox = SandboxMailbox(self.feed, self.faults)
        self.phone = SandboxPhone(self.feed, self.faults)
        self.tray = SandboxTray(self.feed)
        telegram = Telegram(BOT, BotApiUpdates(), BotApiFiles(), self.feed)
        self.chats = BotApiChats(telegram)
        for person in self.people:
            if person.chat_id is not None:
                self.chats.add(person.chat_id, person.name, phone=person.phone)
        self.max = MaxApiDialogs(MaxNetwork(MAX_TOKEN, self.feed, self.faults, MaxApiUpdates(self.faults)))
        for person in self.people:
            if person.max_id is not None:
                self.max.add(person.max_id, person.name, phone=person.phone)
        self.bot = Bot(telegram, self.chats, BotApiWebhook(telegram.updates), self.log)

    def hold_story(self) -> None:
        """Keep the story back: a page that is opened before the school's days have passed would tell what is not so."""
        self.is_story_open = False

    def open_story(self) -> None:
        """Let the story be played, on pages that are open too."""
        self.is_story_open = True
        self.feed.tell("story_open", dict)
