"""Methods that read, receive updates or answer a press; methods that write to a chat are in ``sending``."""

from bot.sandbox.bot_api.bot import Bot, Method, Result
from bot.sandbox.bot_api.call import BotApiCall
from bot.sandbox.bot_api.limits import check_bot_action_limits, check_bot_answer_limits
from bot.sandbox.bot_api.refusal import BotApiRefusal, bad_request_refusal
from bot.sandbox.bot_api.state.files import DOWNLOAD_LIMIT


def get_me(bot: Bot, _call: BotApiCall) -> Result:
    """The bot itself, with the flags only getMe gives."""
    flags = ("can_join_groups", "can_read_all_group_messages", "supports_inline_queries", "can_connect_to_business")
    return bot.telegram.bot | dict.fromkeys((*flags, "has_main_web_app"), False)


async def get_updates(bot: Bot, call: BotApiCall) -> Result:
    """Long polling, at most 50 seconds as in Telegram."""
    updates = bot.telegram.updates
    updates.allow(call.fields.get("allowed_updates"))
    limit = min(max(call.number("limit", 100), 1), 100)
    return await updates.poll(call.number("offset"), limit=limit, seconds=min(call.number("timeout"), 50))


def send_chat_action(bot: Bot, call: BotApiCall) -> Result:
    """Show that the bot is typing or uploading."""
    check_bot_action_limits(call.text("action"))
    chat = bot.chats.for_bot(call.chat_id)
    bot.telegram.feed.tell("action", lambda: {"chat_id": chat.chat_id, "action": call.text("action")})
    return True


def answer_callback_query(bot: Bot, call: BotApiCall) -> Result:
    """A press can be answered once."""
    check_bot_answer_limits(call.text("text"))
    answer = bot.chats.query(call.text("callback_query_id"))
    answer.text, answer.alert = call.text("text"), call.flag("show_alert")
    answer.given.set()
    return True


def get_file(bot: Bot, call: BotApiCall) -> Result:
    """Where to download a file; bots get at most 20 MB."""
    try:
        file = bot.telegram.files.find(call.text("file_id"))
    except BotApiRefusal:
        raise bad_request_refusal("invalid file_id") from None
    if len(file.data) > DOWNLOAD_LIMIT:
        raise bad_request_refusal("file is too big")
    return {
        "file_id": file.file_id, "file_unique_id": f"u-{file.file_id}",
        "file_size": len(file.data), "file_path": file.path,
    }  # fmt: skip


def get_chat(bot: Bot, call: BotApiCall) -> Result:
    """The full information on a chat, as little of it as both libraries ask for."""
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    chat = bot.chats[call.chat_id]
    if not chat.started:
        raise bad_request_refusal("chat not found")
    accepted = dict.fromkeys(gifts, False)
    return chat.as_json | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": accepted}


async def set_webhook(bot: Bot, call: BotApiCall) -> Result:
    """Set the webhook; an empty URL is deleteWebhook."""
    bot.telegram.updates.allow(call.fields.get("allowed_updates"))
    await bot.webhook.set(call.text("url"), secret=call.text("secret_token"), drop=call.flag("drop_pending_updates"))
    return True


async def delete_webhook(bot: Bot, call: BotApiCall) -> Result:
    """Back to getUpdates."""
    await bot.webhook.set("", secret="", drop=call.flag("drop_pending_updates"))
    return True


def get_webhook_info(bot: Bot, _call: BotApiCall) -> Result:
    """The webhook's URL and its last error."""
    return bot.webhook.info()


def reading_method_close(_bot: Bot, _call: BotApiCall) -> Result:
    """``close`` and ``logOut``: nothing to do here."""
    return True


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "sendChatAction": send_chat_action,
    "answerCallbackQuery": answer_callback_query,
    "getFile": get_file,
    "getChat": get_chat,
    "close": reading_method_close,
    "logOut": reading_method_close,
}
