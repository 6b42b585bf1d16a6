"""Gives the commands their help in the school's language: docstrings are for readers of the code."""

from typing import Any

from core.ports import Translator


def speak(command: Any, t: Translator, *, path: str = "vestnik") -> Any:
    """The command tree with its help taken from the catalogue: `help.<path>` and `help.option.<name>`."""
    command.help = t(f"help.{path}")
    for parameter in command.params:
        if parameter.name != "help":
            parameter.help = t(f"help.option.{parameter.name}")
    for name, child in getattr(command, "commands", {}).items():
        speak(child, t, path=f"{path}.{name}")
    return command
