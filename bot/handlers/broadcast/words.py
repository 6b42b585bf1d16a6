"""The announcement, rule and time of a broadcast; the draft, the preview, and sending (Q97)."""

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.handlers.broadcast.draft import (
    BroadcastDraft,
    broadcast_draft_frame,
    broadcast_draft_of_chat,
    keep_broadcast_draft,
)
from bot.handlers.broadcast.sent import sent_broadcast_reply
from bot.handlers.broadcast.sms_cost import SMS, broadcast_sms_parts
from bot.handlers.doors import COMPOSING, FILES, LEADERS, WORDS, Behind, Door, DoorRequest, DoorVisit
from bot.screens.broadcast import draft as screens
from bot.screens.broadcast import preview as previews
from bot.screens.broadcast.compose import DRAFT, DROP
from bot.screens.screen import Screen
from core.actions import conversation
from core.actions.broadcast import broadcasts
from core.actions.timetable.morning_changes import morning_changes_start_time
from core.errors import ConflictError, NotFoundError
from core.model.broadcast import Acknowledging

_TYPED_TIME = re.compile(r"(?:(?P<day>\d{1,2})[./](?P<month>\d{1,2})\D+)?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})\s*$")
TONIGHT = time(19)


async def ask_broadcast_words(visit: DoorVisit, composing: BroadcastDraft, *, hint: str | None = None) -> Screen:
    """Asks for the announcement: words, or a file with words under it."""
    await keep_broadcast_draft(visit, composing, screens.WORDS)
    screen = screens.draft_announcement_screen(await broadcast_draft_frame(visit, composing.group_ids), hint=hint)
    return replace(screen, in_place=hint is None)


async def take_broadcast_words_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The button asks for the announcement; the words that come are kept, with their files."""
    composing = broadcast_draft_of_chat(visit)
    if ask.pressed:
        return await ask_broadcast_words(visit, composing)
    return await _set_words(visit, ask, composing, ask.text.strip() or composing.text)


async def files_with_words_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Adds files that come while the draft is open, and the words below them (Q115)."""
    if ask.pressed:
        raise NotFoundError
    composing = broadcast_draft_of_chat(visit)
    return await _set_words(visit, ask, composing, "\n".join(filter(None, (composing.text, ask.text.strip()))) or None)


async def _set_words(visit: DoorVisit, ask: DoorRequest, composing: BroadcastDraft, text: str | None) -> Screen:
    """Keeps text and files; a text that is too long is asked for again."""
    composing = composing.with_files(ask.files, visit.t("broadcast.words_in_files"))
    if ask.text.strip():
        composing = replace(composing, message=ask.message)
    if text == ask.text.strip():
        visit.take_edits_as(screens.WORDS, message=ask.message)
    if len(text or "") > screens.LONGEST_WORDS:
        return await ask_broadcast_words(visit, composing, hint="broadcast.too_long")
    composing = replace(composing, text=text)
    await keep_broadcast_draft(visit, composing)
    return await draft_words_reply(visit, composing, in_place=False)


async def show_broadcast_words_door(visit: DoorVisit, _ask: DoorRequest) -> Screen:
    """Shows the draft."""
    composing = broadcast_draft_of_chat(visit)
    await keep_broadcast_draft(visit, composing)
    return await draft_words_reply(visit, composing, in_place=True)


async def draft_words_reply(visit: DoorVisit, composing: BroadcastDraft, *, in_place: bool) -> Screen:
    """The draft with its lesson changes, old → new, and buttons to change it."""
    notices = await broadcasts.load_broadcast_changes(visit.uow, visit.reader, composing.draft, on=visit.today)
    screen = screens.broadcast_draft_screen(
        await broadcast_draft_frame(visit, composing.group_ids), composing.draft, notices
    )
    return replace(screen, in_place=in_place)


async def remove_broadcast_words_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Takes out a change, or the announcement, whose number follows the last change."""
    composing, (place,) = broadcast_draft_of_chat(visit), ask.exactly(1)
    if place == len(composing.changes) and composing.draft.text:
        composing = replace(composing, text=None, files=(), message=None)
    else:
        composing = composing.without(place)
    await keep_broadcast_draft(visit, composing)
    return await draft_words_reply(visit, composing, in_place=True)


async def rule_for_words_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Asks, or stores, who must have read the message."""
    composing = broadcast_draft_of_chat(visit)
    if not ask.numbers:
        return replace(
            screens.draft_acknowledging_screen(await broadcast_draft_frame(visit, composing.group_ids), composing.rule),
            in_place=True,
        )
    (place,) = ask.exactly(1)
    if place >= len(Acknowledging):
        raise NotFoundError
    composing = replace(composing, rule=list(Acknowledging)[place])
    await keep_broadcast_draft(visit, composing)
    return await draft_words_reply(visit, composing, in_place=True)


async def time_for_words_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Asks, or stores, when it is sent: now, tonight, tomorrow morning, or a typed time."""
    composing = broadcast_draft_of_chat(visit)
    if not ask.pressed:
        at = _typed_sending_time(visit, ask.text)
        if at is None:
            screen = screens.draft_sending_time_screen(
                await broadcast_draft_frame(visit, composing.group_ids), _times(visit)
            )
            return screens.unclear_draft_time_screen(screen, visit.t)
    elif not ask.numbers:
        await keep_broadcast_draft(visit, composing, screens.WHEN)
        return replace(
            screens.draft_sending_time_screen(await broadcast_draft_frame(visit, composing.group_ids), _times(visit)),
            in_place=True,
        )
    else:
        (place,) = ask.exactly(1)
        at = _offered(visit, place)
    composing = replace(composing, send_at=at)
    await keep_broadcast_draft(visit, composing)
    return await draft_words_reply(visit, composing, in_place=ask.pressed)


async def preview_broadcast_words_door(visit: DoorVisit, _ask: DoorRequest) -> Screen:
    """Shows how many persons each channel reaches and who must be called."""
    composing = broadcast_draft_of_chat(visit)
    preview = await broadcasts.preview_broadcast(
        visit.uow, visit.reader, composing.draft, now=visit.now, policy=visit.school.policy, on=visit.today
    )
    here = await broadcast_draft_frame(visit, composing.group_ids)
    school = visit.school
    is_discreet = SMS in school.policy.discreet
    parts = broadcast_sms_parts(preview.families, school.channels, school.catalogues.translator, discreet=is_discreet)
    return replace(previews.broadcast_preview_screen(here, preview, composing.draft, sms_parts=parts), in_place=True)


async def send_broadcast_words_door(visit: DoorVisit, _ask: DoorRequest) -> Screen:
    """Sends the draft now or at its time. The draft is deleted, so a second tap sends nothing.

    The draft is read again in this transaction, since an earlier tap may have been handled meanwhile.
    """
    composing = BroadcastDraft.of(
        (await conversation.load_conversation_dialog(visit.uow, visit.channel, visit.chat)).draft
    )
    await visit.wait_for(None, **{COMPOSING: None})
    try:
        broadcast_id = await broadcasts.send_broadcast(
            visit.uow, visit.reader, composing.draft, now=visit.now, policy=visit.school.policy, on=visit.today
        )
    except ConflictError:
        await visit.uow.begin_reading()
        return previews.refused_preview_screen(await broadcast_draft_frame(visit, composing.group_ids))
    return replace(await sent_broadcast_reply(visit, broadcast_id), in_place=True)


async def drop_broadcast_words_door(visit: DoorVisit, _ask: DoorRequest) -> Screen:
    """Deletes the draft."""
    await visit.wait_for(None, **{COMPOSING: None})
    await visit.uow.commit()
    return replace(screens.dropped_draft_screen(visit.t), in_place=True)


def _typed_sending_time(visit: DoorVisit, text: str) -> datetime | None:
    """«18:30» or «25.11 18:30» in school time, if it is in the future; None for another text."""
    match = _TYPED_TIME.search(text)
    if match is None:
        return None
    today, zone = visit.today, visit.school.policy.zone
    try:
        clock = time(int(match["hour"]), int(match["minute"]))
        on = date(today.year, int(match["month"]), int(match["day"])) if match["day"] else today
        if on < today:
            on = on.replace(year=today.year + 1)
    except ValueError:
        return None
    at = datetime.combine(on, clock, tzinfo=zone)
    return at if at > visit.now else None


def _times(visit: DoorVisit) -> list[datetime]:
    """Tonight and tomorrow morning, if they are in the future."""
    policy, today = visit.school.policy, visit.today
    tonight = datetime.combine(today, TONIGHT, tzinfo=policy.zone)
    morning = datetime.combine(today + timedelta(days=1), morning_changes_start_time(policy), tzinfo=policy.zone)
    return [at for at in (tonight, morning) if at > visit.now]


def _offered(visit: DoorVisit, place: int) -> datetime | None:
    """The time of a button; 0: now."""
    offered = [None, *_times(visit)]
    if place >= len(offered):
        raise NotFoundError
    return offered[place]


DOORS = (
    Door(
        screens.WORDS,
        take_broadcast_words_door,
        LEADERS,
        Behind.NOTHING,
        takes=WORDS | FILES,
        writes=True,
        discreet=True,
    ),
    Door(screens.FILES, files_with_words_door, LEADERS, Behind.NOTHING, takes=FILES, writes=True, discreet=True),
    Door(DRAFT, show_broadcast_words_door, LEADERS, Behind.NOTHING, writes=True, discreet=True),
    Door(screens.REMOVE, remove_broadcast_words_door, LEADERS, Behind.NOTHING, writes=True, discreet=True),
    Door(screens.RULE, rule_for_words_door, LEADERS, Behind.NOTHING, writes=True, discreet=True),
    Door(screens.WHEN, time_for_words_door, LEADERS, Behind.NOTHING, takes=WORDS, writes=True, discreet=True),
    Door(screens.PREVIEW, preview_broadcast_words_door, LEADERS, Behind.NOTHING, discreet=True),
    Door(previews.SEND, send_broadcast_words_door, LEADERS, Behind.NOTHING, writes=True, discreet=True),
    Door(DROP, drop_broadcast_words_door, LEADERS, Behind.NOTHING, writes=True, discreet=True),
)
