"""The simulated world: all peers of a school and what they hold."""

from collections.abc import Sequence

from bot.sandbox.bot_api.bot import Bot
from bot.sandbox.bot_api.state.chats import Chats, Telegram
from bot.sandbox.bot_api.state.files import Files
from bot.sandbox.bot_api.state.send_log import SendLog
from bot.sandbox.bot_api.state.updates import Updates
from bot.sandbox.bot_api.state.webhook import Webhook
from bot.sandbox.faults import Faults
from bot.sandbox.feed import Clock, Feed
from bot.sandbox.mailbox import Mailbox
from bot.sandbox.max_api.dialogs import MaxDialogs, MaxNetwork
from bot.sandbox.max_api.updates import MaxUpdates
from bot.sandbox.people import SandboxPerson
from bot.sandbox.phone import Phone
from bot.sandbox.tray import Tray

MAX_TOKEN = "SANDBOX-OF-MAX-NOT-A-SECRET-0000000000"  # noqa: S105 -- opens nothing but the sandbox
BOT = {"id": 30, "is_bot": True, "first_name": "Вестник", "username": "vestnik_sandbox_bot"}


class World:
    """One simulated world. It knows nothing of who shows it; ``Sandbox`` serves it."""

    def __init__(self, people: Sequence[SandboxPerson], *, clock: Clock) -> None:
        self.people = tuple(people)
        self.feed = Feed(clock)
        self.faults = Faults()
        self.log = SendLog()
        self.mailbox = Mailbox(self.feed, self.faults)
        self.phone = Phone(self.feed, self.faults)
        self.tray = Tray(self.feed)
        telegram = Telegram(BOT, Updates(), Files(), self.feed)
        self.chats = Chats(telegram)
        for person in self.people:
            if person.chat_id is not None:
                self.chats.add(person.chat_id, person.name, phone=person.phone)
        self.max = MaxDialogs(MaxNetwork(MAX_TOKEN, self.feed, self.faults, MaxUpdates(self.faults)))
        for person in self.people:
            if person.max_id is not None:
                self.max.add(person.max_id, person.name, phone=person.phone)
        self.bot = Bot(telegram, self.chats, Webhook(telegram.updates), self.log)
