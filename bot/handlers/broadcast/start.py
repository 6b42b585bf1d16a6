"""The start of a class teacher's broadcast: the class, or a correction of an earlier broadcast."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from bot.handlers.broadcast import lessons, phone_calls, sent, words
from bot.handlers.broadcast.draft import (
    BroadcastDraft,
    begun_broadcast_draft,
    broadcast_draft_classes,
    broadcast_draft_frame,
    broadcast_draft_groups,
    broadcast_draft_of_chat,
    keep_broadcast_draft,
)
from bot.handlers.broadcast.words import draft_words_reply
from bot.handlers.doors import COMPOSING, LEADERS, Behind, Door, DoorRequest, DoorVisit
from bot.screens.broadcast import compose as screens
from bot.screens.broadcast.sent import CORRECT
from bot.screens.screen import Screen
from core.actions.broadcast import broadcasts
from core.errors import NotFoundError
from core.model.year import GroupKind, TeachingGroup
from core.rules.year import class_grade_level


async def start_broadcast_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """`/broadcast` starts a new one; a button with a number adds another change to the draft."""
    if ask.numbers:
        return replace(
            screens.compose_kind_screen(await broadcast_draft_frame(visit, broadcast_draft_of_chat(visit).group_ids)),
            in_place=True,
        )
    if (unfinished := await _unfinished(visit)) is not None:
        return unfinished
    groups = await broadcast_draft_groups(visit)
    if not groups:
        return screens.nothing_to_compose_screen(visit.t)
    if len(groups) == 1:
        return await _begin(visit, [groups[0].id])
    classes = [group for group in groups if group.kind is GroupKind.CLASS]
    if len(classes) > screens.FEW_CLASSES:
        return screens.compose_grade_screen(sorted(_by_grade(classes)), visit.t, visit.seal)
    return screens.compose_class_screen(groups, visit.t, visit.seal, several=len(classes) > 1)


async def start_broadcast_tick_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Several classes: a button ticks one, with 0 all of them; the ticked ones are kept in the draft."""
    if (unfinished := await _unfinished(visit)) is not None:
        return unfinished
    classes = [group for group in await broadcast_draft_groups(visit) if group.kind is GroupKind.CLASS]
    ids = {group.id for group in classes}
    ticked = ids.intersection(broadcast_draft_classes(visit)) if ask.numbers else set()
    for group_id in ask.exactly(0, 1):
        if group_id not in ids | {0}:
            raise NotFoundError
        ticked = (set() if ticked == ids else ids) if group_id == 0 else ticked ^ {group_id}
    await visit.wait_for(None, **{COMPOSING: BroadcastDraft(tuple(sorted(ticked))).kept()})
    await visit.uow.commit()
    return replace(screens.compose_several_classes_screen(classes, ticked, visit.t, visit.seal), in_place=ask.pressed)


async def start_broadcast_classes_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The classes are ticked; asks what to tell them."""
    if not (ticked := broadcast_draft_classes(visit)):
        raise NotFoundError
    return replace(await _begin(visit, ticked), in_place=ask.pressed)


async def start_broadcast_class_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """A class or a group was chosen."""
    return replace(await _begin(visit, ask.exactly(1)), in_place=True)


async def start_broadcast_grade_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Shows the classes of a year of study, or chooses all of them."""
    grade, *whole = ask.exactly(1, 2)
    classes = _by_grade(await broadcast_draft_groups(visit)).get(grade)
    if not classes:
        raise NotFoundError
    if any(whole):
        return replace(await _begin(visit, [group.id for group in classes]), in_place=True)
    return replace(screens.compose_grade_classes_screen(grade, classes, visit.t, visit.seal), in_place=True)


async def start_broadcast_correction_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """A new draft with the content of a sent broadcast, which it replaces when it is sent; its own words stay."""
    (broadcast_id,) = ask.exactly(1)
    if (unfinished := await _unfinished(visit)) is not None:
        return unfinished
    broadcast, group_ids, changes = await broadcasts.load_broadcast_with_changes(
        visit.uow, visit.reader, broadcast_id, on=visit.today
    )
    at = (broadcast.sent_at or broadcast.send_at).astimezone(visit.school.policy.zone)
    words = (broadcast.text or "").splitlines()[broadcast.replaces_id is not None :]
    composing = BroadcastDraft(
        tuple(sorted(group_ids)),
        changes=tuple(changes),
        text="\n".join([visit.t("broadcast.correction", day=at), *words]),
        files=broadcast.files,
        rule=broadcast.rule,
        replaces_id=broadcast.id,
    )
    await keep_broadcast_draft(visit, composing)
    return await draft_words_reply(visit, composing, in_place=False)


async def _begin(visit: DoorVisit, group_ids: Sequence[int]) -> Screen:
    """A new draft; one that holds something is never replaced without a word."""
    if (unfinished := await _unfinished(visit)) is not None:
        return unfinished
    here = await broadcast_draft_frame(visit, group_ids)
    await keep_broadcast_draft(visit, BroadcastDraft(tuple(group_ids)))
    return screens.compose_kind_screen(here)


async def _unfinished(visit: DoorVisit) -> Screen | None:
    """The draft that waits, if it holds something and its groups are still the actor's."""
    composing = begun_broadcast_draft(visit)
    if composing is None or not {group.id for group in await broadcast_draft_groups(visit)}.issuperset(
        composing.group_ids
    ):
        return None
    return screens.unfinished_composing_screen(await broadcast_draft_frame(visit, composing.group_ids))


def _by_grade(groups: Sequence[TeachingGroup]) -> dict[int, list[TeachingGroup]]:
    by_grade: dict[int, list[TeachingGroup]] = defaultdict(list)
    for group in groups:
        grade = class_grade_level([group])
        if grade is not None:
            by_grade[grade].append(group)
    return by_grade


DOORS = (
    Door(screens.START, start_broadcast_door, LEADERS, Behind.NOTHING, command="broadcast", writes=True, discreet=True),
    Door(screens.CLASS, start_broadcast_class_door, LEADERS, Behind.GROUP, writes=True, discreet=True),
    Door(screens.TICK, start_broadcast_tick_door, LEADERS, Behind.GROUP, writes=True, discreet=True),
    Door(screens.TICKED, start_broadcast_classes_door, LEADERS, Behind.NOTHING, writes=True, discreet=True),
    Door(screens.PARALLEL, start_broadcast_grade_door, LEADERS, Behind.NOTHING, writes=True, discreet=True),
    Door(CORRECT, start_broadcast_correction_door, LEADERS, Behind.RECORD, writes=True, discreet=True),
    *lessons.DOORS,
    *words.DOORS,
    *sent.DOORS,
    *phone_calls.DOORS,
)
