"""Methods of the bot's profile: commands, name, descriptions, the menu button; stored as given."""

import json

from bot.sandbox.bot_api.bot import Bot, Method, Result
from bot.sandbox.bot_api.call import BotApiCall, Json
from bot.sandbox.bot_api.entities import entity_utf16_length
from bot.sandbox.bot_api.limits import (
    DESCRIPTION_LENGTH,
    NAME_LENGTH,
    SHORT_DESCRIPTION_LENGTH,
    check_bot_command_limits,
)
from bot.sandbox.bot_api.refusal import bad_request_refusal

_TEXTS = {
    "Name": ("name", NAME_LENGTH),
    "Description": ("description", DESCRIPTION_LENGTH),
    "ShortDescription": ("short_description", SHORT_DESCRIPTION_LENGTH),
}


def set_profile_commands(bot: Bot, call: BotApiCall) -> Result:
    """The list of commands for a scope and a language."""
    commands: list[Json] = call.fields["commands"]
    check_bot_command_limits(commands)
    bot.profile[_key("commands", call)] = {"commands": commands}
    return True


def get_profile_commands(bot: Bot, call: BotApiCall) -> Result:
    """The commands of exactly this scope and language."""
    return bot.profile.get(_key("commands", call), {"commands": []})["commands"]


def delete_profile_commands(bot: Bot, call: BotApiCall) -> Result:
    """No commands for this scope and language."""
    bot.profile.pop(_key("commands", call), None)
    return True


def set_profile_menu_button(bot: Bot, call: BotApiCall) -> Result:
    """The button beside the text box."""
    bot.profile["menu", call.text("chat_id"), ""] = call.fields.get("menu_button") or {"type": "default"}
    return True


def get_profile_menu_button(bot: Bot, call: BotApiCall) -> Result:
    """The menu button of the chat, or the one for all."""
    default = bot.profile.get(("menu", "", ""), {"type": "default"})
    return bot.profile.get(("menu", call.text("chat_id"), ""), default)


def _key(noun: str, call: BotApiCall) -> tuple[str, str, str]:
    scope = call.fields.get("scope") or {"type": "default"}
    return noun, json.dumps(scope, sort_keys=True), call.text("language_code")


def _setter(field: str, length: int) -> Method:
    def set_text(bot: Bot, call: BotApiCall) -> Result:
        if entity_utf16_length(call.text(field)) > length:
            raise bad_request_refusal(f"bot {field.replace('_', ' ')} is too long")
        bot.profile[_key(field, call)] = {field: call.text(field)}
        return True

    return set_text


def _getter(field: str) -> Method:
    def get_text(bot: Bot, call: BotApiCall) -> Result:
        return bot.profile.get(_key(field, call), {field: ""})

    return get_text


PROFILE: dict[str, Method] = {
    "setMyCommands": set_profile_commands,
    "getMyCommands": get_profile_commands,
    "deleteMyCommands": delete_profile_commands,
    "setChatMenuButton": set_profile_menu_button,
    "getChatMenuButton": get_profile_menu_button,
    **{f"setMy{noun}": _setter(field, length) for noun, (field, length) in _TEXTS.items()},
    **{f"getMy{noun}": _getter(field) for noun, (field, _) in _TEXTS.items()},
}
