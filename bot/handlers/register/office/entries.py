"""Entries of persons: a person is renamed, two entries of one person are joined (Q134)."""

from dataclasses import replace

from bot.handlers.doors import WORDS, Behind, Door, DoorRequest, DoorVisit
from bot.handlers.register.office.desk import office_desk_door_frame
from bot.handlers.register.office.persons import office_person_card_reply
from bot.screens.register.office import desk as names
from bot.screens.register.office import persons as screens
from bot.screens.register.office import waiting
from bot.screens.screen import Screen
from core.actions.people import joining
from core.actions.people import names as name_actions
from core.actions.register.office import families
from core.errors import ConflictingLivesError, EmptyNameError, NotFoundError
from core.model.people import OFFICE


async def ask_person_entry_name_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Asks for the new name."""
    (person_id,) = ask.exactly(1)
    await office_person_card_reply(visit, person_id)
    await visit.wait_for(names.RENAMED, person=person_id)
    await visit.uow.commit()
    frame = office_desk_door_frame(visit)
    back = frame.word("back", names.PERSON, person_id)
    return replace(waiting.office_waiting_words_screen(frame, "new_name_request", back), in_place=True)


async def rename_person_entry_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The words are the person's new name; the former one is remembered."""
    person_id = _kept(visit, ask)
    await visit.wait_for(None)
    try:
        same = await name_actions.correct_person_name(
            visit.uow, visit.reader, person_id=person_id, name=ask.text, now=visit.now
        )
    except EmptyNameError:
        await visit.uow.begin_reading()
        frame = office_desk_door_frame(visit)
        back = frame.word("back", names.PERSON, person_id)
        return waiting.office_waiting_words_screen(
            frame, "new_name_request", back, fault=visit.t("error.EmptyNameError")
        )
    note = visit.t("people.same_name", numbers=", ".join(str(person.id) for person in same)) if same else ""
    return await office_person_card_reply(
        visit, person_id, note="\n".join(filter(None, (visit.t("people.renamed"), note)))
    )


async def ask_second_person_entry_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Asks for the name of the second entry; who is called alike is offered at once."""
    (person_id,) = ask.exactly(1)
    card = await families.load_family_person_card(visit.uow, visit.reader, person_id, on=visit.today)
    await visit.wait_for(names.JOIN_FOUND, person=person_id)
    await visit.uow.commit()
    alike = await families.find_family_persons(visit.uow, " ".join(card.person.name.split()[:2]), on=visit.today)
    return replace(screens.office_person_join_screen(office_desk_door_frame(visit), card, alike), in_place=True)


async def choose_second_person_entry_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The words find the second entry."""
    card = await families.load_family_person_card(visit.uow, visit.reader, _kept(visit, ask), on=visit.today)
    found = await families.find_family_persons(visit.uow, ask.text, on=visit.today)
    return screens.office_person_join_screen(office_desk_door_frame(visit), card, found)


async def join_person_entries_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The first tap asks, the second joins; the first entry stays."""
    keep_id, gone_id, *confirmed = ask.exactly(2, 3)
    keep, gone = [
        await families.load_family_person_card(visit.uow, visit.reader, person_id, on=visit.today)
        for person_id in (keep_id, gone_id)
    ]
    if not confirmed:
        return replace(screens.office_person_joining_screen(office_desk_door_frame(visit), keep, gone), in_place=True)
    await visit.wait_for(None)
    try:
        await joining.join_persons(visit.uow, visit.reader, keep_id=keep_id, gone_id=gone_id, now=visit.now)
    except ConflictingLivesError:
        await visit.uow.begin_reading()
        note = visit.t("error.ConflictingLivesError")
    else:
        note = visit.t("people.joined")
    return replace(await office_person_card_reply(visit, keep_id, note=note), in_place=True)


def _kept(visit: DoorVisit, ask: DoorRequest) -> int:
    """The person whom the chat is about; NotFoundError where it is about nobody, or a button leads here."""
    kept = visit.dialog.draft.get("person")
    if kept is None or ask.pressed:
        raise NotFoundError
    return int(kept)


DOORS = (
    Door(names.RENAME, ask_person_entry_name_door, OFFICE, Behind.STUDENT, writes=True),
    Door(names.RENAMED, rename_person_entry_door, OFFICE, Behind.STUDENT, takes=WORDS, writes=True),
    Door(names.JOIN, ask_second_person_entry_door, OFFICE, Behind.STUDENT, writes=True),
    Door(names.JOIN_FOUND, choose_second_person_entry_door, OFFICE, Behind.STUDENT, takes=WORDS),
    Door(names.JOINED, join_person_entries_door, OFFICE, Behind.STUDENT, writes=True),
)
