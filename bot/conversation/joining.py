"""Puts together what a messenger delivers as several messages: an album, and a text that it cut (Q115)."""

from collections.abc import Sequence
from dataclasses import replace

from bot.conversation.messenger import HeardKind, MessengerUpdate
from core.model.conversation import MessageContent

CUT_WITHIN = 2
"""Seconds of the messenger's clock between the parts of a cut text; nobody types half a message in that time."""


def may_join_next_message(heard: MessengerUpdate) -> bool:
    """Whether the next message may be a part of this one."""
    return heard.kind is HeardKind.MESSAGE and (heard.album is not None or heard.cut_end is not None)


def is_joined_message_part(before: MessengerUpdate, after: MessengerUpdate) -> bool:
    """Whether `after` is a part of the message `before`."""
    if not may_join_next_message(before) or after.kind is not HeardKind.MESSAGE:
        return False
    if before.album is not None and before.album == after.album:
        return True
    is_prompt = 0 <= after.sent_at - before.sent_at <= CUT_WITHIN
    is_text = after.content is MessageContent.WORDS and not after.text.startswith("/")
    return before.cut_end is not None and is_prompt and is_text


def join_conversation_messages(parts: Sequence[MessengerUpdate]) -> MessengerUpdate:
    """The parts as one message: all their files, and their words in order."""
    first, *others = parts
    if not others:
        return first
    text = first.text
    for before, after in zip(parts, others, strict=False):
        between = before.cut_end if before.cut_end is not None and not after.files else "\n"
        text = between.join(filter(None, (text, after.text)))
    return replace(
        first,
        text=text,
        files=tuple(file for part in parts for file in part.files),
        content=MessageContent.FILES if any(part.files for part in parts) else first.content,
        messages=tuple(number for part in parts for number in part.messages),
        joined=tuple(part.update_id for part in others),
        is_pieced=any(not part.files for part in others),
    )
