"""The menu offers every door that has a command and admits the person."""

from collections.abc import Sequence
from dataclasses import replace

from bot.handlers.doors import FAMILY, KNOWN, Behind, Door, DoorRequest, DoorVisit
from bot.handlers.lookups import child_of_lookup, lookup_frame
from bot.questions.model import Intent
from bot.screens import frame as frames
from bot.screens import menu as screens
from bot.screens.frame import MENU, ScreenFrameLook
from bot.screens.screen import Screen
from core.actions.register import onboarding
from core.model.delivery.text import Button
from core.model.people import Speaker
from core.model.register.forms import IssuedForm
from core.rules.conversation.buttons import Handle


def menu_door(doors: Sequence[Door]) -> Door:
    """The door to the menu of these doors; `/start` and `/help` lead there too."""

    async def open_menu(visit: DoorVisit, ask: DoorRequest) -> Screen:
        offered = [door for door in doors if door.command and door.is_offered_to(visit)]
        turns = ask.pressed and len(ask.numbers) == ScreenFrameLook.WHOLE
        return replace(await _menu(visit, ScreenFrameLook.of(ask.numbers), offered), in_place=turns)

    return Door(MENU, open_menu, KNOWN, Behind.STUDENT, command=MENU, intent=Intent.MENU, discreet=True, joint=True)


async def _menu(visit: DoorVisit, look: ScreenFrameLook, doors: Sequence[Door]) -> Screen:
    """The menu of the child that the chat is about; asks which child where that is not known."""
    children = await visit.children() if visit.is_family else ()
    child = child_of_lookup(children, look.child_id, remembered=visit.dialog.child_id)
    others = [
        Button(visit.t(f"command.{door.command}"), visit.seal(Handle(door.name)))
        for door in doors
        if not _is_about_child(door)
    ]
    if child is not None:
        if child.id != visit.dialog.child_id:
            (await visit.of_child(child.id)).record_view(MENU, child.id)
        frame = lookup_frame(visit, MENU, ScreenFrameLook(child.id), child, children)
        about = {door.name: visit.t(f"command.{door.command}") for door in doors if _is_about_child(door)}
        return screens.child_menu_screen(frame, about, others)
    if children:
        return frames.frame_child_choice_screen(
            children, ScreenFrameLook(), visit.t, visit.seal, door=MENU, is_discreet=visit.is_discreet
        )
    awaited = (
        [form for speaker in visit.speakers for form in await _awaited_forms(visit, speaker)] if visit.is_family else []
    )
    return screens.general_menu_screen(others, visit.t, is_family=visit.is_family, awaited=awaited)


async def _awaited_forms(visit: DoorVisit, speaker: Speaker) -> Sequence[IssuedForm]:
    """What the school has not accepted yet, such as the consent of a chat that is confirmed already."""
    so_far = await onboarding.load_onboarding_admission(
        visit.uow, speaker.actor, now=visit.now, policy=visit.school.policy
    )
    return so_far.waiting


def _is_about_child(door: Door) -> bool:
    return door.roles == FAMILY and door.behind is Behind.STUDENT
