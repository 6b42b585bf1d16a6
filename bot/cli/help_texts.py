"""Adds help texts in the school's language to the commands, and refuses control characters in arguments."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from bot.cli.errors import BadInputError
from bot.cli.usage_words import translate_command
from core.ports import Translator
from core.rules.characters import first_forbidden_character


def add_help_texts(command: Any, t: Translator, *, path: str = "vestnik") -> Any:
    """The command tree with help from the catalogue: `help.<path>` and `help.option.<name>`."""
    command.help = t(f"help.{path}")
    translate_command(command, t)
    for parameter in command.params:
        if parameter.name != "help":
            parameter.help = t(f"help.option.{parameter.name}")
    if command.callback is not None:
        command.callback = _refuse_control_characters(command.callback)
    for name, child in getattr(command, "commands", {}).items():
        add_help_texts(child, t, path=f"{path}.{name}")
    return command


def _refuse_control_characters(callback: Callable[..., Any]) -> Callable[..., Any]:
    """Wraps a command: its arguments are stored and sent, so they may hold no control characters.

    Raises BadInputError with the character's name, never with the text (Q103).
    """

    @wraps(callback)
    def entered(*args: Any, **given: Any) -> Any:
        if (character := next(filter(None, map(first_forbidden_character, _strings(given))), None)) is not None:
            raise BadInputError("error.character", character=character)
        return callback(*args, **given)

    return entered


def _strings(given: dict[str, Any]) -> Iterator[str]:
    """All strings among the arguments, also in lists; paths are left out, since they name existing files."""
    for value in given.values():
        yield from (each for each in (value if isinstance(value, list | tuple) else (value,)) if isinstance(each, str))
