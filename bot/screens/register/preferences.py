"""Settings of a person: kinds of notices, digest hour, language, own contacts (Q83, R7)."""

from collections.abc import Collection, Sequence
from datetime import time

from bot.locales import LANGUAGES
from bot.screens.frame import MENU, Look, button_label, choice_label
from bot.screens.screen import Screen, Seal, bold, button_rows, plain_text
from core.model.channels import PAPER, channel_name
from core.model.delivery.text import Button
from core.model.notices.kinds import R6_KINDS, STAFF_KINDS, NoticeKind
from core.model.register.contacts import Contact
from core.ports import Translator
from core.rules.conversation.buttons import HUSH, SETTINGS, Handle

TOGGLE, HEAR, LANGUAGE, HOUR = "toggle", "hear", "language", "hour"
CONTACTS, FIRST, UNBIND = "contacts", "first", "unbind"
"""Buttons: a kind on or off, a kind on again, a language, the digest's hour; own contacts, the first one, revoking."""

HOURS = (15, 16, 17, 18, 19, 20)
KINDS = tuple(kind for kind in NoticeKind if kind not in STAFF_KINDS)


def settings_screen(
    off: Collection[NoticeKind], digest_at: time, here: Contact | None, t: Translator, seal: Seal
) -> Screen:
    """All settings. A tap switches a kind of notice; kinds of R6 stay on. `here`: the contact of this chat."""
    kinds = [_kind(place, kind, off, t, seal) for place, kind in enumerate(KINDS)]
    buttons = (
        *button_rows(kinds, width=2),
        (Button(t("preferences.hour", at=f"{digest_at:%H:%M}"), seal(Handle(HOUR))),),
        (*_languages(t, seal), Button(t("preferences.contacts"), seal(Handle(CONTACTS, (0,))))),
        *(((Button(t("contact_list.unbind_here"), seal(Handle(UNBIND, (here.id,)))),),) if here else ()),
        (Button(t("menu.open"), seal(Look().handle(MENU))),),
    )
    return Screen("\n\n".join((bold(t("preferences.title")), t("preferences.kinds"))), buttons)


def notice_kind_off(kind: NoticeKind, t: Translator, seal: Seal) -> Screen:
    """A kind was switched off; a button switches it on again."""
    buttons = (
        Button(t("preferences.undo"), seal(Handle(HEAR, (KINDS.index(kind),)))),
        Button(t("command.settings"), seal(Handle(SETTINGS))),
    )
    return Screen(t("preferences.hushed", kind=bold(t(f"preferences.kind.{kind}"))), (buttons,))


def notice_kind_on(kind: NoticeKind, t: Translator, seal: Seal) -> Screen:
    """A kind was switched on; a button switches it off again."""
    hush = Button(t("preferences.hush"), seal(Handle(HUSH, (KINDS.index(kind),))))
    return Screen(t("preferences.heard", kind=bold(t(f"preferences.kind.{kind}"))), ((hush,),), in_place=True)


def mandatory_notice_kind(t: Translator) -> str:
    """The sentence why a kind of R6 cannot be switched off."""
    return t("preferences.always")


def digest_hour_choice(digest_at: time, t: Translator, seal: Seal) -> Screen:
    """Asks at which hour the digest comes."""
    buttons = [
        Button(choice_label(f"{hour}:00", when=hour == digest_at.hour), seal(Handle(HOUR, (hour,)))) for hour in HOURS
    ]
    return Screen(t("preferences.which_hour"), (*button_rows(buttons, width=3), _back(t, seal)), in_place=True)


def own_contacts(own: Sequence[Contact], chat: tuple[str, str], t: Translator, seal: Seal) -> Screen:
    """The person's contacts with their states and buttons to revoke them; addresses are shown in part."""
    lines = [f"{place}. {_contact(contact, chat, t)}" for place, contact in enumerate(own, start=1)]
    buttons = [
        Button(
            button_label(t("contact_list.unbind", contact=_name(contact, chat, t))), seal(Handle(UNBIND, (contact.id,)))
        )
        for contact in own
        if contact.channel != PAPER
    ]
    later = [
        Button(button_label(t("contact_list.first", contact=_name(each, chat, t))), seal(Handle(FIRST, (each.id,))))
        for each in own[1:]
        if each.channel != PAPER and each.proven_at is not None
    ]
    order = [t("contact_list.order")] if later else []
    head = [bold(t("contact_list.title")), "", *(lines or [t("contact_list.none")]), *order, "", t("contact_list.lost")]
    return Screen("\n".join(head), (*button_rows([*later, *buttons], width=1), _back(t, seal)), in_place=True)


def unbind_confirmation(contact: Contact, chat: tuple[str, str], t: Translator, seal: Seal, *, is_last: bool) -> Screen:
    """Asks for a second tap before a contact is revoked, and names the consequence."""
    parts = [t("contact_list.sure", contact=bold(_name(contact, chat, t)))]
    parts += [t("contact_list.goes_on_paper")] if is_last else []
    yes = Button(t("contact_list.yes"), seal(Handle(UNBIND, (contact.id, 1))))
    no = Button(t("contact_list.no"), seal(Handle(CONTACTS, (0,))))
    return Screen("\n\n".join(parts), ((yes, no),), in_place=True)


def contact_unbound(t: Translator) -> Screen:
    """The contact is revoked; a new code binds a chat again."""
    return Screen(t("contact_list.unbound"), in_place=True)


def _kind(place: int, kind: NoticeKind, off: Collection[NoticeKind], t: Translator, seal: Seal) -> Button:
    state = "always" if kind in R6_KINDS else "off" if kind in off else "on"
    label = t(f"preferences.kind_{state}", kind=t(f"preferences.kind.{kind}"))
    return Button(label, seal(Handle(TOGGLE, (place, int(state == "off")))))


def _languages(t: Translator, seal: Seal) -> tuple[Button, ...]:
    """Buttons of the other languages."""
    return tuple(
        Button(t(f"preferences.language_{language}"), seal(Handle(LANGUAGE, (place,))))
        for place, language in enumerate(LANGUAGES)
        if language != t.language
    )


def _back(t: Translator, seal: Seal) -> tuple[Button, ...]:
    return (Button(t("preferences.back"), seal(Handle(SETTINGS, (0,)))),)


def _contact(contact: Contact, chat: tuple[str, str], t: Translator) -> str:
    state = (
        "aside" if contact.set_aside_at else "proven" if contact.proven_at or contact.channel == PAPER else "unproven"
    )
    return f"{plain_text(_name(contact, chat, t))} – {t(f'contact_list.{state}')}"


def _name(contact: Contact, chat: tuple[str, str], t: Translator) -> str:
    """«Telegram, этот чат», «Почта, …@example.org», «SMS, …4567»."""
    channel = channel_name(contact.channel, t)
    if contact.address is None:
        return channel
    if (contact.channel, contact.address) == chat:
        return t("contact_list.this_chat")
    ending = f"…@{contact.address.rpartition('@')[2]}" if "@" in contact.address else f"…{contact.address[-4:]}"
    return f"{channel}, {ending}"
