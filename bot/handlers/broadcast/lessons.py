"""Steps of a lesson change: kind, day, lessons of the timetable, and what is new about them (Q97)."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from bot.handlers.broadcast.draft import (
    BroadcastDraft,
    broadcast_draft_change_kind,
    broadcast_draft_frame,
    broadcast_draft_of_chat,
    keep_broadcast_draft,
)
from bot.handlers.broadcast.words import ask_broadcast_words, draft_words_reply
from bot.handlers.doors import LEADERS, WORDS, Behind, Door, DoorRequest, DoorVisit
from bot.screens.broadcast import compose as screens
from bot.screens.screen import Screen
from core.actions.broadcast import broadcasts
from core.errors import NotFoundError
from core.model.people import Person
from core.model.timetable import ChangeKind, DayLesson, SchoolDay
from core.model.year import Subject
from core.rules.conversation.buttons import button_day
from core.rules.people.names import normal_name

AHEAD = timedelta(days=13)
SHOWN_DAYS = 8
Named = TypeVar("Named", Person, Subject)
_ROOM_WORD = re.compile(r"^(?:кабинет|каб|аудитория|ауд|room|№)[.:№]*")
_TYPED_DATE = re.compile(r"(?P<day>\d{1,2})[./](?P<month>\d{1,2})")


async def broadcast_lesson_kind_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The kind was chosen: an announcement asks for words, a lesson change for the day."""
    composing = broadcast_draft_of_chat(visit)
    (place,) = ask.exactly(1)
    chosen = broadcast_draft_change_kind(place)
    if chosen is None:
        return await ask_broadcast_words(visit, composing)
    composing = replace(composing, kind=chosen, day=None, picked=())
    await keep_broadcast_draft(visit, composing, screens.DAY)
    return await _days(visit, composing, screens.DAY)


async def changed_lesson_day_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The day was chosen by a button or typed as dd.mm."""
    composing = broadcast_draft_of_chat(visit)
    on = button_day(*ask.exactly(1)) if ask.pressed else _typed_date(ask.text, visit.today)
    if on is None:
        return await _days(visit, composing, screens.DAY, hint="broadcast.date_unclear")
    composing = replace(composing, day=on, picked=())
    await keep_broadcast_draft(visit, composing)
    return await _lessons(visit, composing, pressed=ask.pressed)


async def tick_changed_lesson_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """A lesson was ticked or unticked."""
    composing = broadcast_draft_of_chat(visit)
    group_id, subject_id, number = ask.exactly(3)
    composing = composing.toggled(screens.PickedLesson(group_id, subject_id, number))
    await keep_broadcast_draft(visit, composing)
    return await _lessons(visit, composing, pressed=True)


async def confirm_changed_lessons_door(visit: DoorVisit, _ask: DoorRequest) -> Screen:
    """The lessons are picked; asks what is new about them."""
    composing = broadcast_draft_of_chat(visit)
    if not composing.picked:
        raise NotFoundError
    match composing.kind:
        case ChangeKind.SUBSTITUTION:
            await keep_broadcast_draft(visit, composing, screens.TEACHER)
            return replace(await _teachers(visit, composing), in_place=True)
        case ChangeKind.MOVE:
            await keep_broadcast_draft(visit, composing, screens.MOVE_DAY)
            return await _days(visit, composing, screens.MOVE_DAY)
        case ChangeKind.ROOM:
            composing = replace(composing, rooms=await _rooms(visit, composing))
            await keep_broadcast_draft(visit, composing, screens.ROOM)
            return replace(screens.compose_room_screen(await _board(visit, composing), composing.rooms), in_place=True)
        case ChangeKind.CANCELLATION:
            return await _add_change(visit, composing.changed(), pressed=True)
        case None:
            raise NotFoundError


async def lesson_substitutes_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Shows another page of teachers."""
    (page,) = ask.exactly(1)
    return replace(
        await _teachers(visit, broadcast_draft_of_chat(visit, ChangeKind.SUBSTITUTION), page=page), in_place=True
    )


async def choose_lesson_substitute_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The substitute was chosen by a button, or the beginning of the surname was typed."""
    composing = broadcast_draft_of_chat(visit, ChangeKind.SUBSTITUTION)
    if ask.pressed:
        (teacher_id,) = ask.exactly(1)
        if teacher_id in await _absent_ids(visit, composing):
            return replace(await _teachers(visit, composing, hint="broadcast.own_teacher"), in_place=True)
        return replace(await _set_teacher(visit, composing, teacher_id), in_place=True)
    matching = _by_name(await _all_teachers(visit), ask.text)
    if matching and {teacher.id for teacher in matching} <= await _absent_ids(visit, composing):
        return await _teachers(visit, composing, hint="broadcast.own_teacher")
    if len(matching) != 1:
        hint = "broadcast.which_of_them" if matching else "broadcast.no_teacher"
        return await _teachers(visit, composing, matching or None, hint=hint)
    return await _set_teacher(visit, composing, matching[0].id)


async def _set_teacher(visit: DoorVisit, composing: BroadcastDraft, teacher_id: int) -> Screen:
    """Keeps the substitute (0: the teacher stays) and asks for the subject."""
    composing = replace(composing, teacher_id=teacher_id)
    await keep_broadcast_draft(visit, composing, screens.SUBJECT)
    return await _subjects(visit, composing)


async def new_lesson_subject_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The new subject was chosen or typed; 0: the subject stays."""
    composing = broadcast_draft_of_chat(visit, ChangeKind.SUBSTITUTION)
    if ask.pressed:
        (subject_id,) = ask.exactly(1)
        return replace(await _set_subject(visit, composing, subject_id), in_place=True)
    matching = _by_name(await visit.subjects(), ask.text)
    if len(matching) != 1:
        hint = "broadcast.which_of_them" if matching else "broadcast.no_subject"
        return await _subjects(visit, composing, matching or None, hint=hint)
    return await _set_subject(visit, composing, matching[0].id)


async def _set_subject(visit: DoorVisit, composing: BroadcastDraft, subject_id: int) -> Screen:
    new_subject_id = None if composing.keeps(subject_id) else subject_id or None
    if not new_subject_id and not composing.teacher_id:
        return await _subjects(visit, composing, hint="broadcast.same_lesson")
    settled = composing.changed(new_subject_id=new_subject_id, new_teacher_id=composing.teacher_id or None)
    return await _add_change(visit, settled, pressed=False)


async def new_lesson_room_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The room was chosen by a button, or typed as the school writes it."""
    composing = broadcast_draft_of_chat(visit, ChangeKind.ROOM)
    (place,) = ask.exactly(1) if ask.pressed else (0,)
    if ask.pressed and place >= len(composing.rooms):
        raise NotFoundError
    named = composing.rooms[place] if ask.pressed else " ".join(ask.text.split())[:20]
    there = {_picked(lesson) for lesson in await _picked_lessons(visit, composing) if _is_room(lesson.room, named)}
    moving = tuple(lesson for lesson in composing.picked if lesson not in there)
    if not named or not moving:
        screen = screens.compose_room_screen(await _board(visit, composing), composing.rooms)
        return screens.compose_screen_with_hint(screen, "broadcast.same_room" if named else None, visit.t)
    return await _add_change(visit, replace(composing, picked=moving).changed(new_room=named), pressed=ask.pressed)


async def new_lesson_day_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The new day of a moved lesson was chosen or typed."""
    composing = broadcast_draft_of_chat(visit, ChangeKind.MOVE)
    on = button_day(*ask.exactly(1)) if ask.pressed else _typed_date(ask.text, visit.today)
    if on is None:
        return await _days(visit, composing, screens.MOVE_DAY, hint="broadcast.date_unclear")
    composing = replace(composing, moved_to=on)
    await keep_broadcast_draft(visit, composing, screens.MOVE_NUMBER)
    return replace(await _numbers(visit, composing, on), in_place=ask.pressed)


async def _numbers(visit: DoorVisit, composing: BroadcastDraft, on: date, *, hint: str | None = None) -> Screen:
    (there,) = await _timetable(visit, composing, on, on)
    taken = [lesson.number for lesson in there.lessons if lesson.is_held]
    screen = screens.compose_number_screen(await _board(visit, composing), on, taken)
    return screens.compose_screen_with_hint(screen, hint, visit.t)


async def new_lesson_number_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The new number of a moved lesson was chosen or typed; beside another lesson only on a second tap."""
    composing = broadcast_draft_of_chat(visit, ChangeKind.MOVE)
    number, *confirmed = ask.exactly(1, 2) if ask.pressed else (_typed_number(ask.text),)
    if composing.moved_to is None:
        raise NotFoundError
    if number not in screens.LESSON_NUMBERS:
        return await _numbers(visit, composing, composing.moved_to, hint="broadcast.number_unclear")
    if composing.day == composing.moved_to and number in {lesson.number for lesson in composing.picked}:
        return await _numbers(visit, composing, composing.moved_to, hint="broadcast.same_place")
    in_the_way = [] if confirmed else await _in_the_way(visit, composing, composing.moved_to, number)
    if in_the_way:
        screen = screens.compose_occupied_number_screen(
            await _board(visit, composing), composing.moved_to, number, in_the_way
        )
        return replace(screen, in_place=ask.pressed)
    settled = composing.changed(new_on=composing.moved_to, new_number=number)
    return await _add_change(visit, settled, pressed=ask.pressed)


async def _in_the_way(visit: DoorVisit, composing: BroadcastDraft, on: date, number: int) -> list[DayLesson]:
    """Lessons at that place of pupils who have the moved lesson; not those that this draft cancels or moves away."""
    (day,) = await _timetable(visit, composing, on, on)
    moved = await _picked_lessons(visit, composing)
    leaving = {
        (change.on, change.group_id, change.subject_id, change.number)
        for change in composing.changes
        if change.kind in {ChangeKind.CANCELLATION, ChangeKind.MOVE}
    }
    there = [
        lesson
        for lesson in day.lessons
        if lesson.number == number
        and lesson.is_held
        and (on, lesson.group_id, lesson.subject_id, lesson.number) not in leaving
    ]
    coming = await _moved_to(visit, composing, on, number)
    return [lesson for lesson in (*there, *coming) if any(_share_pupils(lesson, each) for each in moved)]


async def _moved_to(visit: DoorVisit, composing: BroadcastDraft, on: date, number: int) -> list[DayLesson]:
    """Other lessons that this draft moves to the same place."""
    lessons: list[DayLesson] = []
    for change in composing.changes:
        slot = screens.PickedLesson(change.group_id, change.subject_id, change.number)
        is_same = change.on == composing.day and slot in composing.picked
        if (change.new_on, change.new_number) == (on, number) and not is_same:
            (day,) = await _timetable(visit, composing, change.on, change.on)
            lessons += [lesson for lesson in day.lessons if _picked(lesson) == slot]
    return lessons


def _share_pupils(lesson: DayLesson, other: DayLesson) -> bool:
    """Two subgroups of a class may have lessons at one time; a class and its subgroup may not."""
    return lesson.group_id == other.group_id or lesson.group is None or other.group is None


async def _picked_lessons(visit: DoorVisit, composing: BroadcastDraft) -> list[DayLesson]:
    """The lessons that are being changed, as the timetable has them."""
    if composing.day is None:
        raise NotFoundError
    (day,) = await _timetable(visit, composing, composing.day, composing.day)
    return [lesson for lesson in day.lessons if _picked(lesson) in composing.picked]


def _picked(lesson: DayLesson) -> screens.PickedLesson:
    return screens.PickedLesson(lesson.group_id, lesson.subject_id, lesson.number)


def _is_room(room: str | None, named: str) -> bool:
    """«каб. 204» and «№ 204» are the room «204»."""
    return bool(room) and _room_key(room or "") == _room_key(named)


def _room_key(room: str) -> str:
    return _ROOM_WORD.sub("", "".join(room.split()).casefold())


async def _absent_ids(visit: DoorVisit, composing: BroadcastDraft) -> set[int]:
    """The teachers of the picked lessons, and of those of that day that are given to others, here or earlier."""
    if composing.day is None:
        raise NotFoundError
    given_away = {
        screens.PickedLesson(change.group_id, change.subject_id, change.number)
        for change in composing.changes
        if change.on == composing.day and change.new_teacher_id
    }
    (day,) = await _timetable(visit, composing, composing.day, composing.day)
    gone = [lesson for lesson in day.lessons if _picked(lesson) in given_away.union(composing.picked)]
    away = {lesson.teacher_id for lesson in gone} | {lesson.was_teacher_id for lesson in day.lessons}
    return {teacher_id for teacher_id in away if teacher_id}


def _typed_date(text: str, today: date) -> date | None:
    """The next such day: «25.11»; None where the text is no date."""
    match = _TYPED_DATE.search(text)
    if match is None:
        return None
    try:
        on = date(today.year, int(match["month"]), int(match["day"]))
        return on if on >= today else on.replace(year=today.year + 1)
    except ValueError:
        return None


def _typed_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else -1


async def _add_change(visit: DoorVisit, composing: BroadcastDraft, *, pressed: bool) -> Screen:
    """Adds the complete change to the draft and shows it."""
    await keep_broadcast_draft(visit, composing)
    return await draft_words_reply(visit, composing, in_place=pressed)


async def _board(visit: DoorVisit, composing: BroadcastDraft) -> screens.ComposeScreenFrame:
    return await broadcast_draft_frame(visit, composing.group_ids)


async def _timetable(visit: DoorVisit, composing: BroadcastDraft, since: date, until: date) -> Sequence[SchoolDay]:
    """The lessons of all groups of the draft, day by day."""
    of_groups = [
        await broadcasts.load_broadcast_days(
            visit.uow, visit.reader, group_id=group_id, since=since, until=until, on=visit.today
        )
        for group_id in composing.group_ids
    ]
    return [
        replace(days[0], lessons=tuple(dict.fromkeys(lesson for day in days for lesson in day.lessons)))
        for days in zip(*of_groups, strict=True)
    ]


async def _days(visit: DoorVisit, composing: BroadcastDraft, door: str, *, hint: str | None = None) -> Screen:
    if composing.kind is None:
        raise NotFoundError
    ahead = await _timetable(visit, composing, visit.today, visit.today + AHEAD)
    days = [day.on for day in ahead if day.lessons][:SHOWN_DAYS]
    screen = screens.compose_day_screen(await _board(visit, composing), days, composing.kind, door=door, hint=hint)
    return replace(screen, in_place=hint is None)


async def _lessons(visit: DoorVisit, composing: BroadcastDraft, *, pressed: bool) -> Screen:
    if composing.kind is None or composing.day is None:
        raise NotFoundError
    (day,) = await _timetable(visit, composing, composing.day, composing.day)
    screen = screens.compose_lesson_screen(await _board(visit, composing), day, composing.kind, composing.picked)
    return replace(screen, in_place=pressed)


async def _rooms(visit: DoorVisit, composing: BroadcastDraft) -> tuple[str, ...]:
    """The rooms in which these groups have lessons."""
    week = await _timetable(visit, composing, visit.today, visit.today + AHEAD)
    known = {lesson.room for day in week for lesson in day.lessons if lesson.room}
    return tuple(sorted(known, key=lambda room: (len(room), room)))[:40]


async def _all_teachers(visit: DoorVisit) -> Sequence[Person]:
    return await broadcasts.load_broadcast_substitutes(visit.uow, visit.reader, on=visit.today)


async def _teachers(
    visit: DoorVisit,
    composing: BroadcastDraft,
    matching: Sequence[Person] | None = None,
    *,
    page: int = 0,
    hint: str | None = None,
) -> Screen:
    absent = await _absent_ids(visit, composing)
    known = await _all_teachers(visit) if matching is None else matching
    teachers = [teacher for teacher in known if teacher.id not in absent]
    return screens.compose_substitute_screen(await _board(visit, composing), teachers, page=page, hint=hint)


async def _subjects(
    visit: DoorVisit, composing: BroadcastDraft, matching: Sequence[Subject] | None = None, *, hint: str | None = None
) -> Screen:
    known = await visit.subjects() if matching is None else matching
    others = [subject for subject in known if not composing.keeps(subject.id)]
    may_stay = bool(composing.teacher_id)
    return screens.compose_subject_screen(await _board(visit, composing), others, may_stay=may_stay, hint=hint)


def _by_name(known: Sequence[Named], text: str) -> list[Named]:
    """Rows with exactly this name; where there are none, rows whose name begins with the text."""
    key = normal_name(text)
    exact = [named for named in known if named.name_key == key]
    return exact or [named for named in known if key and named.name_key.startswith(key)]


DOORS = (
    Door(screens.KIND, broadcast_lesson_kind_door, LEADERS, Behind.NOTHING, writes=True, discreet=True),
    Door(screens.DAY, changed_lesson_day_door, LEADERS, Behind.NOTHING, takes=WORDS, writes=True, discreet=True),
    Door(screens.LESSON, tick_changed_lesson_door, LEADERS, Behind.GROUP, writes=True, discreet=True),
    Door(screens.NEXT, confirm_changed_lessons_door, LEADERS, Behind.NOTHING, writes=True, discreet=True),
    Door(screens.TEACHERS, lesson_substitutes_door, LEADERS, Behind.NOTHING, discreet=True),
    Door(
        screens.TEACHER, choose_lesson_substitute_door, LEADERS, Behind.NOTHING, takes=WORDS, writes=True, discreet=True
    ),
    Door(screens.SUBJECT, new_lesson_subject_door, LEADERS, Behind.NOTHING, takes=WORDS, writes=True, discreet=True),
    Door(screens.ROOM, new_lesson_room_door, LEADERS, Behind.NOTHING, takes=WORDS, writes=True, discreet=True),
    Door(screens.MOVE_DAY, new_lesson_day_door, LEADERS, Behind.NOTHING, takes=WORDS, writes=True, discreet=True),
    Door(screens.MOVE_NUMBER, new_lesson_number_door, LEADERS, Behind.NOTHING, takes=WORDS, writes=True, discreet=True),
)
