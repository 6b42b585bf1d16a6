"""Telegram's menu of commands: the commands of all doors, in each language."""

from collections.abc import Iterable

from aiogram import Bot
from aiogram.types import BotCommand

from bot.handlers.doors import Door, DoorSchool

HELP = "help"


def command_menu_of_doors(doors: Iterable[Door]) -> tuple[str, ...]:
    """Each command once, in the order of the doors; help comes last."""
    return tuple(dict.fromkeys([*(door.command for door in doors if door.command is not None), HELP]))


async def set_telegram_command_menu(bot: Bot, school: DoorSchool, commands: Iterable[str]) -> None:
    """Set the menu in each language; the school's language is the default for all others."""
    for language, t in school.catalogues.translators.items():
        menu = [BotCommand(command=name, description=t(f"command.{name}")) for name in commands]
        await bot.set_my_commands(menu, language_code=None if language == school.language else language)
