"""Questions back to the person, where a question may mean several things."""

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
    """A button that opens the door of one meaning."""

    label: str
    handle: Handle


def subject_clarification(options: Sequence[Option], t: Translator, seal: Seal) -> Screen:
    """Asks which subject is meant: «математика» may be algebra or geometry."""
    return Screen(t("choosing.subject"), button_rows(_buttons(options, seal), width=2))


def door_clarification(options: Sequence[Option], t: Translator, seal: Seal, *, of_others: bool) -> Screen:
    """Asks what is meant. `of_others`: the question names a child who is not the asker's, of whom nothing is said."""
    question = t("choosing.others") if of_others else t("choosing.unclear")
    return Screen(question, button_rows(_buttons(options, seal), width=2))


def speaker_clarification(options: Sequence[Option], t: Translator, seal: Seal) -> Screen:
    """Asks who of the persons of a shared chat is asking."""
    return Screen(t("choosing.whose"), button_rows(_buttons(options, seal), width=1))


def speaker_names(speakers: Sequence[Speaker], t: Translator, *, is_discreet: bool) -> Sequence[str]:
    """Full names; where two are alike, and in a discreet channel, the role at the school instead (Q85)."""
    alike = Counter(speaker.name for speaker in speakers)
    called = [t(f"choosing.as_{_part(speaker)}") for speaker in speakers]
    if is_discreet:
        return [name if called.count(name) == 1 else f"{name} ({place})" for place, name in enumerate(called, start=1)]
    return [
        speaker.name if alike[speaker.name] == 1 else f"{speaker.name} ({part})"
        for speaker, part in zip(speakers, called, strict=True)
    ]


def _part(speaker: Speaker) -> str:
    """The role that tells two persons of one name apart; staff who are parents too count as staff."""
    roles = speaker.actor.roles
    return "staff" if roles - {Role.GUARDIAN, Role.STUDENT} else "student" if Role.STUDENT in roles else "parent"


def _buttons(options: Sequence[Option], seal: Seal) -> Sequence[Button]:
    return [Button(button_label(option.label), seal(option.handle)) for option in options]
