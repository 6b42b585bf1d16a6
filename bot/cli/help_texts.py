"""The command line in the school's language: help texts, the library's own words, and what is wrong with a command.

Arguments with control characters are refused.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from functools import wraps
from typing import Any

from typer import rich_utils
from typer.exceptions import TyperException

from bot.cli.errors import BadInputError
from bot.cli.lookup import LARGEST_NUMBER
from core.ports import Translator
from core.rules.characters import first_forbidden_character

_WORD = re.compile(r"[A-Z]{2,}")
_TYPES: Mapping[str, str | None] = {
    "<bool>": None,
    "<str>": "TEXT",
    "<list[str]>": "TEXT",
    "<int>": "COUNT",
    "<int range>": "COUNT",
    "<list[int]>": "NUMBER",
    "<file>": "FILE",
    "<path>": "FILE",
    "<list[Path]>": "FILE",
    "<dir>": "FOLDER",
}
"""What the library calls a value, and the word for it; None for a switch, which takes no value."""

_SEVERAL_ANSWERS = 8
"""More answers than these make a column too narrow to read; the option's help names them."""


def add_help_texts(command: Any, t: Translator, *, path: str = "vestnik") -> Any:
    """The command tree with help from the catalogue: `help.<path>` and `help.option.<name>`."""
    command.help = t(f"help.{path}")
    _translate_command(command, t)
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


def translate_help_panels(t: Translator) -> None:
    """The titles of the panels of `--help`, which the library keeps as module constants."""
    rich_utils.ARGUMENTS_PANEL_TITLE = t("usage.arguments")
    rich_utils.OPTIONS_PANEL_TITLE = t("usage.options")
    rich_utils.COMMANDS_PANEL_TITLE = t("usage.commands")
    rich_utils.REQUIRED_LONG_STRING = t("usage.required")
    rich_utils.DEFAULT_STRING = t("usage.default")


def _translate_command(command: Any, t: Translator) -> None:
    """The usage line of a command, its option `--help`, and the words for its values."""
    command.options_metavar = t("usage.options_metavar")
    if hasattr(command, "commands"):
        command.subcommand_metavar = t("usage.command_metavar")
    usage, help_option = command.get_usage, command.get_help_option

    def translated_usage(ctx: Any) -> str:
        return str(usage(ctx)).replace("Usage:", t("usage.usage"), 1)

    def translated_help(ctx: Any) -> Any:
        option = help_option(ctx)
        option.help, option.display_type_rich = t("usage.help"), lambda **_: None
        return option

    command.get_usage, command.get_help_option = translated_usage, translated_help
    for parameter in command.params:
        _translate_value(parameter, t)


def help_usage_sentence(error: TyperException, t: Translator) -> str:
    """What is wrong with a command and how to see its help; values are never quoted, since they may be names (Q103)."""
    command = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        return str(error.format_message())
    path = command.command_path if command is not None else "vestnik"
    return f"{_what_is_wrong(error, t)} {t('usage.see_help', command=path)}"


def _what_is_wrong(error: Any, t: Translator) -> str:
    match type(error).__name__:
        case "MissingParameter":
            return t("usage.missing", name=_name(error))
        case "NoSuchOption":
            near = ", ".join(error.possibilities or ())
            return t("usage.no_option_near" if near else "usage.no_option", name=error.option_name, near=near)
        case "BadOptionUsage":
            return t("usage.no_value", name=error.option_name)
        case "BadParameter":
            return _bad_value(error, t)
        case _:
            return _bad_usage(error, t)


def _bad_value(error: Any, t: Translator) -> str:
    """A value out of a few, a whole number, or another form."""
    answers = re.findall(r"'([^']*)'", error.message.partition(" is not one of ")[2])
    if answers:
        return t("usage.choice", name=_name(error), answers=", ".join(answers))
    if "integer" in error.message:
        return t("usage.whole", name=_name(error))
    if "does not exist" in error.message or "directory" in error.message or "readable" in error.message:
        return t("usage.no_file", name=_name(error))
    return t("usage.value", name=_name(error))


def _bad_usage(error: Any, t: Translator) -> str:
    """An unknown command, a missing one, or words that are too many."""
    if (unknown := re.search(r"No such command '([^']*)'", error.message)) is not None:
        known = getattr(error.ctx.command, "commands", {})
        near = ", ".join(get_close_matches(unknown[1], known, n=3))
        return t("usage.no_command_near" if near else "usage.no_command", near=near)
    return t("usage.no_subcommand") if error.message.startswith("Missing command") else _extra_words(error, t)


def _extra_words(error: Any, t: Translator) -> str:
    """A name without quotes; where a command takes words behind options only, they are named."""
    parameters = error.ctx.command.params
    if any(each.param_type_name == "argument" for each in parameters):
        return t("usage.extra")
    options = [name for each in parameters for name in each.opts if name.startswith("--")]
    named = ", ".join(name for name in options if name not in {"--help", "--as"})
    return t("usage.extra_options" if named else "usage.extra_all", options=named)


def _name(error: Any) -> str:
    """The option as it is typed, or the argument's word."""
    parameter = error.param
    if parameter is None:
        return "?"
    return str(next((each for each in parameter.opts if each.startswith("-")), parameter.metavar or parameter.name))


def _translate_value(parameter: Any, t: Translator) -> None:
    """The word for a parameter's value: «ФАЙЛ» for FILE; none for a switch, and none twice for an argument."""
    if parameter.param_type_name == "argument":
        parameter.display_type_rich = lambda **_: None
    if str(LARGEST_NUMBER) in str(parameter._get_number_range_help_str()):  # noqa: SLF001  # likewise
        parameter._get_number_range_help_str = lambda: ""  # noqa: SLF001  # no public way to hide the range
    if parameter.metavar is not None:
        parameter.metavar = _WORD.sub(lambda word: t(f"metavar.{word[0].lower()}"), parameter.metavar)
        return
    shown = parameter.display_type(None)
    if shown in _TYPES or str(shown).count("|") >= _SEVERAL_ANSWERS:
        word = _TYPES.get(shown, "KIND")
        translated = t(f"metavar.{word.lower()}") if word else None
        parameter.display_type_rich = lambda **_: translated
