"""`vestnik ask`: what the bot would answer a person, shown here in plain words; nothing is sent or written."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import ConsoleDesk, print_console_line
from bot.cli.errors import BadInputError
from bot.cli.lookup import look_up_named_person
from bot.imports.tables.contacts import read_channel_word
from bot.settings.messengers import MESSENGERS

if TYPE_CHECKING:
    from bot.app import App
    from bot.handlers.doors import Reply


def ask_bot_command(
    context: typer.Context,
    person: Annotated[str, typer.Argument(metavar="PERSON")],
    question: Annotated[list[str], typer.Argument(metavar="TEXT…")],
    *,
    messenger: Annotated[str, typer.Option("--channel", metavar="|".join(MESSENGERS), parser=read_channel_word)] = "",
) -> None:
    """Show what the bot would answer this person over a messenger, by the person's own access."""
    desk = ConsoleDesk.of(context)
    asked = _asked_channel(desk, messenger)
    reply = desk.run_work(lambda app: _reply(app, asked, person, " ".join(question)))
    for line in _plain_lines(reply):
        print_console_line(line)
    desk.print_message("ask.only_shown", channel=desk.t(f"channel.{asked}"))


def _asked_channel(desk: ConsoleDesk, channel: str) -> str:
    """The messenger that was named, else the first that the school offers. BadInputError for another channel."""
    if channel and channel not in MESSENGERS:
        raise BadInputError("ask.no_messenger", channels=", ".join(MESSENGERS))
    offered = [name for name in MESSENGERS if desk.settings.channel_token(name)]
    return channel or next(iter(offered or MESSENGERS))


async def _reply(app: "App", channel: str, who: str, question: str) -> "Reply | None":
    from bot.conversation.trial import ConversationTrial  # noqa: PLC0415  # all doors: 0.5 s
    from bot.processes import door_school_of_process  # noqa: PLC0415  # all doors: 0.5 s

    async with app.open_uow(reading=True) as uow:
        person = await look_up_named_person(app, uow, who)
    return await ConversationTrial(door_school_of_process(app), channel).answer(person, question)


def _plain_lines(reply: "Reply | None") -> list[str]:
    """The words of a reply, then its buttons in brackets, a row a line, and the names of its files."""
    from bot.screens.screen import Screen, screen_text  # noqa: PLC0415  # all doors: 0.5 s

    if not isinstance(reply, Screen):
        return [reply.text] if reply is not None else []
    buttons = [" ".join(f"[{button.label}]" for button in row) for row in reply.buttons]
    return [screen_text(reply.text), *buttons, *(file.name for file in reply.files)]
