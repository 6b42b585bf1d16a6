"""Gives the commands their help in the school's language, and keeps from them what no eye sees in their words."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from bot.cli.errors import BadInputError
from core.ports import Translator
from core.rules.letters import first_forbidden


def speak(command: Any, t: Translator, *, path: str = "vestnik") -> Any:
    """The command tree with its help taken from the catalogue: `help.<path>` and `help.option.<name>`."""
    command.help = t(f"help.{path}")
    for parameter in command.params:
        if parameter.name != "help":
            parameter.help = t(f"help.option.{parameter.name}")
    if command.callback is not None:
        command.callback = _given_words(command.callback)
    for name, child in getattr(command, "commands", {}).items():
        speak(child, t, path=f"{path}.{name}")
    return command


def _given_words(callback: Callable[..., Any]) -> Callable[..., Any]:
    """The command behind a door: what is typed is kept and sent, so it may hold no control characters.

    Raises BadInputError with the character's name, never with the words (Q103).
    """

    @wraps(callback)
    def entered(*args: Any, **given: Any) -> Any:
        if (character := next(filter(None, map(first_forbidden, _texts(given))), None)) is not None:
            raise BadInputError("error.character", character=character)
        return callback(*args, **given)

    return entered


def _texts(given: dict[str, Any]) -> Iterator[str]:
    """Words, alone and in lists; a path is no words, it names a file that is there."""
    for value in given.values():
        yield from (each for each in (value if isinstance(value, list | tuple) else (value,)) if isinstance(each, str))
