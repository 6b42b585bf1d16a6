"""Screens of a person's own consents: the state for each child, the history, withdrawal in two taps (R1, Q5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.screens.frame import screen_frame_button_label
from bot.screens.register.own.contacts import own_contact_screen_back
from bot.screens.screen import Screen, Seal, screen_bold
from core.model.channels import channel_name
from core.model.delivery.states import Reason
from core.model.delivery.text import Button
from core.model.register.consents import ConsentEntry
from core.ports import Translator
from core.rules.conversation.buttons import Handle

CONSENTS, WITHDRAW = "consents", "withdraw"
"""Buttons: own consents; withdrawing one, by the student's id, and 1 once it is meant."""

MOST_ENTRIES = 10


@dataclass(frozen=True, slots=True)
class OwnConsent:
    """The entries about one child, the oldest first. `name` is shown; `obstacle` None: a consent is in force.

    `unnamed`: channels of the person that stay closed, since the document in force does not name their processors.
    """

    student_id: int
    name: str
    entries: tuple[ConsentEntry, ...]
    obstacle: Reason | None
    unnamed: Sequence[str] = ()


def own_consents_screen(consents: Sequence[OwnConsent], t: Translator, seal: Seal) -> Screen:
    """The state for each child first, then how it came about."""
    in_force = [each for each in consents if each.obstacle is None]
    lines = [line for each in consents for line in _lines(each, t)] or [t("own_consents.none")]
    buttons = [
        Button(
            screen_frame_button_label(t("own_consents.withdraw", student=each.name)),
            seal(Handle(WITHDRAW, (each.student_id,))),
        )
        for each in in_force
    ]
    text = "\n".join(
        [screen_bold(t("own_consents.title")), "", *lines, t("own_consents.hint" if in_force else "own_consents.paper")]
    )
    return Screen(text, (*((button,) for button in buttons), own_contact_screen_back(t, seal)))


def own_consent_withdrawal_screen(consent: OwnConsent, t: Translator, seal: Seal) -> Screen:
    """What a withdrawal means, before the second tap."""
    yes = Button(t("own_consents.yes"), seal(Handle(WITHDRAW, (consent.student_id, 1))))
    no = Button(t("own_consents.no"), seal(Handle(CONSENTS, (0,))))
    text = "\n\n".join([t("own_consents.sure", student=screen_bold(consent.name)), t("own_consents.means")])
    return Screen(text, ((yes,), (no,)), in_place=True)


def own_consent_withdrawn_screen(entry: ConsentEntry, t: Translator, seal: Seal) -> Screen:
    """It holds from this moment, so the child is not named any more; the entry has a number (Q2, Q5)."""
    return Screen(t("own_consents.withdrawn", number=entry.number), (own_contact_screen_back(t, seal),), in_place=True)


def _lines(consent: OwnConsent, t: Translator) -> list[str]:
    state = "in_force" if consent.obstacle is None else f"{consent.obstacle}"
    last = consent.entries[-1] if consent.entries else None
    until = last.expires_on if last is not None and consent.obstacle is None else None
    words = t(f"own_consents.state_{state}") + (t("own_consents.until", on=_day(until)) if until else "")
    history = [_entry(each, t) for each in consent.entries[-MOST_ENTRIES:]]
    closed = ", ".join(channel_name(channel, t) for channel in consent.unnamed)
    why = [t("own_consents.unnamed_processors", channels=closed)] if closed else []
    return [screen_bold(f"{consent.name}: {words}"), *history, *why, ""]


def _entry(entry: ConsentEntry, t: Translator) -> str:
    by = t("own_consents.entry", on=_day(entry.decided_on), number=entry.number, document=entry.document)
    return f"{t(f'own_consents.{entry.decision}')} – {by}"


def _day(on: date) -> str:
    return f"{on:%d.%m.%Y}"
