"""A question that may mean several things: the asker chooses with a tap."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.screens.frame import button_label
from bot.screens.screen import Screen, Seal, button_rows
from core.model.delivery.text import Button
from core.model.people import Role, Speaker
from core.ports import Translator
from core.rules.conversation.buttons import Handle


@dataclass(frozen=True, slots=True)
class Option:
    """A button that asks the question anew, plainly."""

    label: str
    handle: Handle


def subject_clarification(options: Sequence[Option], t: Translator, seal: Seal) -> Screen:
    """«математика» may be algebra or geometry."""
    return Screen(t("choosing.subject"), button_rows(_buttons(options, seal), width=2))


def door_clarification(options: Sequence[Option], t: Translator, seal: Seal, *, of_others: bool) -> Screen:
    """All that can be asked, or what comes into question; children who are not the asker's are not spoken of."""
    question = t("choosing.others") if of_others else t("choosing.unclear")
    return Screen(question, button_rows(_buttons(options, seal), width=2))


def speaker_clarification(options: Sequence[Option], t: Translator, seal: Seal) -> Screen:
    """Several persons share the chat, and what was asked for is one person's own."""
    return Screen(t("choosing.whose"), button_rows(_buttons(options, seal), width=1))


def speaker_names(speakers: Sequence[Speaker], t: Translator, *, is_discreet: bool) -> Sequence[str]:
    """Each by full name; where two have one, and in a discreet channel, by what they are to the school (Q85)."""
    alike = Counter(speaker.name for speaker in speakers)
    called = [t(f"choosing.as_{_part(speaker)}") for speaker in speakers]
    if is_discreet:
        return [name if called.count(name) == 1 else f"{name} ({place})" for place, name in enumerate(called, start=1)]
    return [
        speaker.name if alike[speaker.name] == 1 else f"{speaker.name} ({part})"
        for speaker, part in zip(speakers, called, strict=True)
    ]


def _part(speaker: Speaker) -> str:
    """A staff member who is a parent too is staff here: that is what tells two entries of one name apart."""
    roles = speaker.actor.roles
    return "staff" if roles - {Role.GUARDIAN, Role.STUDENT} else "student" if Role.STUDENT in roles else "parent"


def _buttons(options: Sequence[Option], seal: Seal) -> Sequence[Button]:
    return [Button(button_label(option.label), seal(option.handle)) for option in options]
