"""The conversations of all messengers that a school offers: one that fails never touches another (Q142)."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module

from bot.app import App, freeze_app_objects, require_app_policy
from bot.conversation.line import ConversationLine
from bot.conversation.line.connection import TokenRefusedError, WebhookRefusedError
from bot.conversation.line.webhook import LineWebhook, LineWebhookServer
from bot.handlers.doors import DoorSchool
from bot.run.supervision import supervise_part
from bot.settings import BadTokenError, Settings, SettingsError
from bot.settings.bounds import split_listen_setting
from bot.settings.messengers import MESSENGERS
from bot.settings.names import setting_variable_name

Part = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class Messengers:
    """The messengers of this process.

    `known`: for each one, whether it has accepted us; `refused`: what a person must mend in those that refused us at
    the start, whether they have accepted us since or not.
    """

    app: App
    school: DoorSchool
    stopping: asyncio.Event
    known: Mapping[str, asyncio.Event]
    server: LineWebhookServer
    refused: dict[str, SettingsError] = field(default_factory=dict)

    @classmethod
    def offered(cls, app: App, school: DoorSchool, *, stopping: asyncio.Event) -> "Messengers":
        """Those with a token; nothing is checked before they run."""
        known = {name: asyncio.Event() for name in app.settings.offered_messengers()}
        return cls(app, school, stopping, known, webhook_server_for_messengers(app.settings))

    def parts(self) -> Mapping[str, Part]:
        """A part of the process for each messenger; without any one that says so."""
        return {f"bot {name}": partial(self.converse, name) for name in self.known} or {"bot": self.run}

    async def run(self) -> None:
        """Converse in all messengers until told to stop. Raises errors that only a person can mend."""
        if not self.known:
            require_app_policy(self.app.settings)
            raise SettingsError("settings.no_token")
        if len(self.known) == 1:
            await self.converse(*self.known)
            return
        parts = self.parts().items()
        talking = [asyncio.create_task(supervise_part(name, part, stopping=self.stopping)) for name, part in parts]
        try:
            await asyncio.gather(*talking)
        finally:
            for task in talking:
                task.cancel()

    async def converse(self, name: str) -> None:
        """Converse in one messenger until told to stop. Raises SettingsError, AnotherInstanceError.

        A token or a webhook that is refused at the start ends the process where no messenger accepts us: then a person
        must mend it. Else TokenRefusedError or WebhookRefusedError is retried, while all else goes on.
        """
        require_app_policy(self.app.settings)
        messenger, line = (
            import_module(f"bot.{name}.bot"),
            bot_line_for_messenger(name, self.app.settings, self.server),
        )  # Telegram's needs aiogram: 1 s
        freeze_app_objects()
        try:
            await messenger.converse(self.school, line, stopping=self.stopping, known=self.known[name])
        except TokenRefusedError:
            self._note_refusal(name, BadTokenError(self.app.settings.channel_setting(name)))
            raise
        except WebhookRefusedError:
            setting = setting_variable_name(MESSENGERS[name].webhook_url)
            self._note_refusal(name, SettingsError("settings.bad_webhook", setting=setting))
            raise

    def _note_refusal(self, name: str, refusal: SettingsError) -> None:
        """Raises what a person must mend where each messenger has refused us and none has accepted us since."""
        self.refused[name] = refusal
        if self.refused.keys() < self.known.keys() or any(known.is_set() for known in self.known.values()):
            return
        others = [each for each in self.refused.values() if not isinstance(each, BadTokenError)]
        if others:
            raise SettingsError.all_of(fault for each in others for fault in each.faults) from None
        raise BadTokenError(*map(self.app.settings.channel_setting, self.known)) from None


def webhook_server_for_messengers(settings: Settings) -> LineWebhookServer:
    """The server for the webhooks of all messengers; it does not listen yet."""
    return LineWebhookServer(*split_listen_setting(settings.webhook_listen))


def bot_line_for_messenger(name: str, settings: Settings, server: LineWebhookServer) -> ConversationLine:
    """How the school reaches a messenger. SettingsError for a webhook without a valid secret: anybody could speak."""
    webhook, fields = settings.webhook(name), MESSENGERS[name]
    if webhook is not None and not re.fullmatch(fields.secret_form, webhook[1]):
        setting = setting_variable_name(fields.webhook_secret)
        raise SettingsError("settings.no_webhook_secret", setting=setting, form=fields.secret_form)
    return ConversationLine(
        token=settings.channel_token(name) or "",
        api=settings.channel_url(name),
        webhook=None if webhook is None else LineWebhook(*webhook, server),
        certificates=settings.channel_certificates(name),
        proxy=settings.channel_proxy(name),
        pace=settings.channel_pace(name),
    )
