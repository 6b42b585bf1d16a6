"""Doors of a person's own consents: state and history for each child, withdrawal in two taps (R1, Q5)."""

from dataclasses import replace

from bot.handlers.doors import FAMILY, Behind, Door, DoorRequest, DoorVisit
from bot.screens.frame import screen_frame_child_name
from bot.screens.register.own import consents as screens
from bot.screens.register.own.consents import OwnConsent
from bot.screens.screen import Screen
from core.actions.register import consents, contacts, onboarding
from core.errors import NotFoundError
from core.model.channels import PAPER, channel_name
from core.rules.register.consents import consent_obstacle, is_processor_in_consent, latest_consent_entry
from core.rules.register.processors import processors_by_naming


async def own_consents_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The person's own consents, for every child that they represent, with or without a consent."""
    shown = screens.own_consents_screen(await _own(visit), visit.t, visit.seal)
    return replace(shown, in_place=ask.pressed)


async def withdraw_own_consent_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The first tap says what it means, the second withdraws at once."""
    student_id, *meant = ask.exactly(1, 2)
    consent = next((each for each in await _own(visit) if each.student_id == student_id), None)
    if consent is None or consent.obstacle is not None:
        raise NotFoundError
    if not meant:
        return screens.own_consent_withdrawal_screen(consent, visit.t, visit.seal)
    said_in = visit.t("own_consents.said_in", channel=channel_name(visit.channel, visit.t))
    entry = await consents.withdraw_own_consent(
        visit.uow, visit.reader, student_id=student_id, said_in=said_in, now=visit.now, policy=visit.school.policy
    )
    return screens.own_consent_withdrawn_screen(entry, visit.t, visit.seal)


async def _own(visit: DoorVisit) -> list[OwnConsent]:
    """What is in force for each child; a child without a consent that opens this chat is not named there (Q2)."""
    children = await onboarding.load_onboarding_students(visit.uow, visit.reader, on=visit.today)
    entries = await consents.load_own_consents(visit.uow, visit.reader)
    held = {each.channel for each in await contacts.load_own_contacts(visit.uow, visit.reader)} - {PAPER}
    own = []
    for child in children:
        about = tuple(each for each in entries if each.student_id == child.id)
        latest = latest_consent_entry(about, visit.today)
        obstacle = consent_obstacle(latest, visit.today)
        is_open = obstacle is None and is_processor_in_consent(latest, visit.channel)
        name = screen_frame_child_name(child, children, is_discreet=visit.is_discreet) if is_open else ""
        _, unnamed = processors_by_naming(latest, held, visit.today)
        own.append(OwnConsent(child.id, name or visit.t("own_consents.unnamed"), about, obstacle, unnamed))
    return own


DOORS = (
    Door(
        screens.CONSENTS,
        own_consents_door,
        FAMILY,
        Behind.NOTHING,
        command="consent",
        called="called.own_consents",
        discreet=True,
    ),
    Door(screens.WITHDRAW, withdraw_own_consent_door, FAMILY, Behind.STUDENT, discreet=True, writes=True),
)
