"""The menu beside the text box: every command of the doors, in each language."""

from collections.abc import Iterable

from aiogram import Bot
from aiogram.types import BotCommand

from bot.handlers.doors import Door, School

HELP = "help"


def commands_of(doors: Iterable[Door]) -> tuple[str, ...]:
    """Each once, in the order of the doors; help comes last."""
    return tuple(dict.fromkeys([*(door.command for door in doors if door.command is not None), HELP]))


async def name_commands(bot: Bot, school: School, commands: Iterable[str]) -> None:
    """The school's language is the one for everybody whose language has no menu of its own."""
    for language, t in school.catalogues.translators.items():
        menu = [BotCommand(command=name, description=t(f"command.{name}")) for name in commands]
        await bot.set_my_commands(menu, language_code=None if language == school.language else language)
