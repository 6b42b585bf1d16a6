"""One person in the office: found by a part of the name, the card, invitation, chats, decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.handlers.doors import WORDS, Behind, Door, DoorRequest, DoorVisit
from bot.handlers.register.office.desk import office_desk_door_frame
from bot.handlers.register.office.papers import day_of_office_paper, office_paper_fault, read_office_paper
from bot.handlers.register.office.processors import (
    NAMED,
    asked_paper_processors,
    said_paper_processors,
    turned_paper_processors,
)
from bot.screens.register.office import desk as names
from bot.screens.register.office import persons as screens
from bot.screens.screen import Screen
from core.actions.register import codes, consents, contacts
from core.actions.register.codes import LONGEST_TERM
from core.actions.register.office import families
from core.errors import DocumentDateError, NotFoundError
from core.model.people import OFFICE
from core.model.register.consents import Decision, NewConsent
from core.model.register.families import FoundPerson, PersonCard, StatedPair
from core.rules.conversation.buttons import HandleRefusedError

MOST_LETTERS_CUT, SHORTEST_STEM = 2, 2
"""So many letters of a case's ending are left out, as long as a word keeps more than the stem."""


async def find_office_person_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Asks for a part of the name; the words that come find one person, or several to choose from."""
    frame, words = office_desk_door_frame(visit), " ".join(ask.text.split())
    if ask.pressed or not words:
        await visit.wait_for(names.FIND)
        await visit.uow.commit()
        return replace(screens.find_office_person_screen(frame), in_place=ask.pressed)
    found = await _found(visit, words)
    if len(found) == 1:
        await visit.wait_for(None)
        await visit.uow.commit()
        return await office_person_card_reply(visit, found[0].person.id)
    if not found:
        return screens.find_office_person_screen(frame, fault=visit.t("office.found_nobody"))
    visit.afterwards.views += [(visit.reader, names.FIND, each.person.id) for each in found if each.school_class]
    return screens.found_office_persons_screen(frame, found)


async def office_person_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The card of a person."""
    (person_id,) = ask.exactly(1)
    return replace(await office_person_card_reply(visit, person_id), in_place=ask.pressed)


async def invite_office_person_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """A new code for a person; the earlier ones end (Q82)."""
    (person_id,) = ask.exactly(1)
    card = await families.load_family_person_card(
        visit.uow, visit.reader, person_id, on=visit.today, served=visit.school.policy.served
    )
    invitation = await codes.issue_code(
        visit.uow, visit.reader, person_id=person_id, channel=visit.channel, now=visit.now, term=LONGEST_TERM,
        key=visit.school.signing_key, also=visit.school.start_links.keys() - {visit.channel},
    )  # fmt: skip
    links = [link.format(code=invitation.token) for link in visit.school.start_links.values()]
    return screens.office_person_invitation_screen(office_desk_door_frame(visit), card, invitation, links)


async def unbind_office_person_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Revokes a contact, for example of a lost phone: the first tap asks, the second revokes."""
    contact_id, *confirmed = ask.exactly(1, 2)
    opened = await families.load_pending_family_contact(visit.uow, visit.reader, contact_id, on=visit.today)
    if not confirmed:
        return replace(screens.office_person_unbind_screen(office_desk_door_frame(visit), opened.held), in_place=True)
    await contacts.revoke_contact(
        visit.uow, visit.reader, contact_id=contact_id, now=visit.now, policy=visit.school.policy
    )
    card = await office_person_card_reply(visit, opened.held.contact.person_id, note=visit.t("office.unbound"))
    return replace(card, in_place=True)


async def office_person_decision_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Registers a consent, a refusal or a withdrawal on paper; asks for its date first (Q1, Q5)."""
    person_id, student_id, place, *day = ask.exactly(3, 4)
    decision = _decision(place)
    stated = await _pair(visit, person_id, student_id)
    pair = [person_id, student_id, place]
    ticks = _ticks(visit, decision, None)
    if day and (not ticks or visit.dialog.draft.get("pair") == pair):
        return replace(await _register(visit, stated, decision, "", day_of_office_paper(day[0])), in_place=True)
    await visit.wait_for(names.DECIDED, pair=pair)
    await visit.uow.commit()
    shown = screens.office_person_decision_screen(office_desk_door_frame(visit), stated, decision, ticks)
    return replace(shown, in_place=True)


async def office_person_processors_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Ticks a channel whose processor the paper of a consent names, or takes the tick away (Q4)."""
    *pair, channel = ask.exactly(4)
    stated, decision = await _pair(visit, pair[0], pair[1]), _decision(pair[2])
    if decision is not Decision.CONSENT:
        raise HandleRefusedError
    named = turned_paper_processors(visit, _named(visit, stated, decision), channel)
    await visit.wait_for(names.DECIDED, pair=pair, **{NAMED: named})
    await visit.uow.commit()
    ticks = _ticks(visit, decision, named)
    shown = screens.office_person_decision_screen(office_desk_door_frame(visit), stated, decision, ticks)
    return replace(shown, in_place=True)


async def office_person_paper_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The number and the date of the paper were typed."""
    kept = visit.dialog.draft.get("pair")
    if kept is None or ask.pressed:
        raise NotFoundError
    person_id, student_id, place = kept
    stated, decision = await _pair(visit, person_id, student_id), _decision(place)
    try:
        paper = read_office_paper(ask.text, today=visit.today)
    except DocumentDateError as fault:
        return _asked_again(visit, stated, decision, fault)
    return await _register(visit, stated, decision, paper.document, paper.dated)


async def office_person_card_reply(visit: DoorVisit, person_id: int, *, note: str = "") -> Screen:
    """The card; who saw which student is written down (Q102)."""
    card = await families.load_family_person_card(
        visit.uow, visit.reader, person_id, on=visit.today, served=visit.school.policy.served
    )
    record_office_person_view(visit, card)
    return screens.office_person_card_screen(office_desk_door_frame(visit), card, note=note)


def record_office_person_view(visit: DoorVisit, card: PersonCard) -> None:
    """Writes that the students of a card were seen."""
    for student_id in dict.fromkeys(each.pair.student_id for each in card.pairs):
        visit.afterwards.views.append((visit.reader, names.PERSON, student_id))


async def _found(visit: DoorVisit, words: str) -> Sequence[FoundPerson]:
    """Who is called so; «Иванову» and «Петровой» are found too, by the words without their endings."""
    for cut in range(MOST_LETTERS_CUT + 1):
        part = " ".join(word[: len(word) - cut] if len(word) - cut > SHORTEST_STEM else word for word in words.split())
        if found := await families.find_family_persons(visit.uow, part, on=visit.today):
            return found
    return ()


async def _register(visit: DoorVisit, stated: StatedPair, decision: Decision, document: str, dated: date) -> Screen:
    pair = stated.pair
    new = NewConsent(
        pair.person_id, pair.student_id, decision, dated, document or visit.t("office.paper"),
        channels=said_paper_processors(visit, _named(visit, stated, decision)),
    )  # fmt: skip
    await visit.wait_for(None)
    try:
        entry = await consents.register_consent(visit.uow, visit.reader, new, now=visit.now, policy=visit.school.policy)
    except DocumentDateError as fault:
        await visit.uow.begin_reading()
        return _asked_again(visit, stated, decision, fault)
    return await office_person_card_reply(visit, pair.person_id, note=visit.t("office.decided", number=entry.number))


async def _pair(visit: DoorVisit, person_id: int, student_id: int) -> StatedPair:
    """NotFoundError where the person is not entitled to the student's facts."""
    card = await families.load_family_person_card(
        visit.uow, visit.reader, person_id, on=visit.today, served=visit.school.policy.served
    )
    for each in card.pairs:
        if (each.pair.person_id, each.pair.student_id) == (person_id, student_id) and not each.pair.is_alone:
            return each
    raise NotFoundError


def _ticks(visit: DoorVisit, decision: Decision, named: Sequence[str] | None) -> Mapping[str, bool]:
    return asked_paper_processors(visit, named) if decision is Decision.CONSENT else {}


def _asked_again(visit: DoorVisit, stated: StatedPair, decision: Decision, fault: DocumentDateError) -> Screen:
    """The question for the paper with what was wrong, and the ticks as they were."""
    ticks, wrong = _ticks(visit, decision, _named(visit, stated, decision)), office_paper_fault(fault, visit)
    return screens.office_person_decision_screen(office_desk_door_frame(visit), stated, decision, ticks, fault=wrong)


def _named(visit: DoorVisit, stated: StatedPair, decision: Decision) -> Sequence[str] | None:
    """What the chat has ticked for this consent; None for another paper."""
    pair, draft = stated.pair, visit.dialog.draft
    ours = [pair.person_id, pair.student_id, screens.DECISIONS.index(decision)]
    return draft.get(NAMED) if draft.get("pair") == ours and decision is Decision.CONSENT else None


def _decision(place: int) -> Decision:
    if place >= len(screens.DECISIONS):
        raise HandleRefusedError
    return screens.DECISIONS[place]


DOORS = (
    Door(names.FIND, find_office_person_door, OFFICE, Behind.NOTHING, takes=WORDS, writes=True, called="called.find"),
    Door(names.PERSON, office_person_door, OFFICE, Behind.STUDENT),
    Door(names.INVITE, invite_office_person_door, OFFICE, Behind.STUDENT, writes=True),
    Door(names.UNBIND, unbind_office_person_door, OFFICE, Behind.RECORD, writes=True),
    Door(names.DECIDE, office_person_decision_door, OFFICE, Behind.STUDENT, writes=True),
    Door(names.NAMES, office_person_processors_door, OFFICE, Behind.STUDENT, writes=True),
    Door(names.DECIDED, office_person_paper_door, OFFICE, Behind.STUDENT, takes=WORDS, writes=True),
)
