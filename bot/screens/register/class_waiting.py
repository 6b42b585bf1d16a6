"""Families of a class whose contact has waited a week for a proof."""

from collections.abc import Sequence

from bot.screens.screen import Screen, fit_on_screen_page, screen_bold, screen_text
from core.model.channels import channel_name
from core.model.register.contacts import PendingContact
from core.model.register.families import FamilyPair
from core.ports import Translator
from core.rules.people.initials import with_initials


def class_waiting_screen(found: Sequence[tuple[FamilyPair, PendingContact]], t: Translator) -> Screen:
    """A line for each contact: child, class, whose it is, channel, what is missing; no address."""
    head = [screen_bold(t("class_waiting.title")), t("class_waiting.count", len(found))]
    head += [t("class_waiting.what_to_do"), ""] if found else []
    lines = [screen_text(_line(pair, held, t)) for pair, held in found]
    return Screen(fit_on_screen_page(head, lines, more=t("office.more_in_file")))


def _line(pair: FamilyPair, held: PendingContact, t: Translator) -> str:
    child = ", ".join(filter(None, (with_initials(pair.student), pair.school_class)))
    who = "" if pair.is_own else f" ({with_initials(held.owner)})"
    lacks = ", ".join(t(f"contact.lacks.{what}") for what in held.lacks)
    return f"{child}{who}: {channel_name(held.contact.channel, t)} – {t('office.lacks', lacks=lacks)}"
