"""Screens of a person's own contacts: their proofs and order, adding, proving and revoking one (Q80, Q81, Q83)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.screens.frame import screen_frame_button_label
from bot.screens.screen import Screen, Seal, screen_bold, screen_button_rows, screen_text
from core.model.channels import PAPER, channel_name
from core.model.delivery.text import Button
from core.model.register.contacts import Contact
from core.model.register.forms import IssuedForm
from core.ports import Translator
from core.rules.conversation.buttons import SETTINGS, Handle

CONTACTS, FIRST, UNBIND, ADD, PROVE, SIGN = "contacts", "first", "unbind", "addcontact", "prove", "sign"
"""Buttons: own contacts, the first one, revoking; adding one, proving one by a code, the forms to sign."""

Here = tuple[str, str]
"""The channel and the chat that the screen is shown in."""


@dataclass(frozen=True, slots=True)
class Papers:
    """What the school has in writing: ids of `confirmed` contacts, the form that `awaits` it for others, `returned`."""

    confirmed: Collection[int]
    awaits: Mapping[int, str]
    returned: Sequence[IssuedForm]


def own_contacts_screen(
    own: Sequence[Contact],
    papers: Papers,
    here: Here,
    chat_id: int | None,
    typed: Sequence[str],
    t: Translator,
    seal: Seal,
) -> Screen:
    """The contacts with both proofs of each, and buttons; addresses are shown in part.

    `chat_id` is the contact that this chat is, from which another one may be added.
    """
    lines = [f"{place}. {_with_state(each, papers, here, t)}" for place, each in enumerate(own, start=1)]
    electronic = [each for each in own if each.channel != PAPER]
    later = [
        Button(_labelled("contact_list.first", each, here, t), seal(Handle(FIRST, (each.id,))))
        for each in own[1:]
        if each in electronic and each.proven_at is not None
    ]
    unbinding = [
        Button(_labelled("contact_list.unbind", each, here, t), seal(Handle(UNBIND, (each.id,)))) for each in electronic
    ]
    unsigned = [each for each in electronic if each.id not in papers.confirmed]
    head = [screen_bold(t("contact_list.title")), "", *(lines or [t("contact_list.none")])]
    head += [t("contact_list.returned", number=form.number, reason=form.reason or "") for form in papers.returned]
    foot = [t("contact_list.order")] if later else []
    foot += [t("contact_list.unsigned")] if unsigned else []
    signing = [Button(t("joining.forms_again"), seal(Handle(SIGN, (chat_id,))))] if unsigned and chat_id else []
    mending = [*signing, *_mending(electronic, typed, here, chat_id, t, seal)]
    buttons = screen_button_rows([*mending, *later, *unbinding], width=1)
    return Screen(
        "\n".join([*head, *foot, "", t("contact_list.lost")]),
        (*buttons, own_contact_screen_back(t, seal)),
        in_place=True,
    )


def own_contact_address_screen(
    channel: str, t: Translator, seal: Seal, back: Handle, *, is_phone: bool, hint: str = ""
) -> Screen:
    """Asks for an address; a phone number may also be shared by a key, if it is the person's own."""
    asked = t(_known(f"contact_list.type_{channel}", "contact_list.type_other", t), channel=channel_name(channel, t))
    text = "\n\n".join(filter(None, (hint, asked)))
    if is_phone:
        return Screen(text, share_phone=t("contact_list.share"))
    return Screen(text, ((Button(t("contact_list.back"), seal(back)),),))


def own_contact_code_screen(
    contact: Contact,
    chat_id: int,
    here: Here,
    t: Translator,
    seal: Seal,
    back: Handle,
    *,
    hint: str = "",
    is_phone: bool = False,
) -> Screen:
    """Asks for the code that came over the contact; after a phone number the key that shares one goes away."""
    name = screen_bold(own_contact_screen_words(contact, here, t, is_short=True))
    asked = t("contact_list.type_code", contact=name)
    text = asked if is_phone and hint else "\n\n".join(filter(None, (hint, asked)))
    again = Button(t("contact_list.code_again"), seal(Handle(PROVE, (chat_id, contact.id, 1))))
    buttons = ((again,), (Button(t("contact_list.back"), seal(back)),))
    return Screen(text, buttons, ends_sharing=hint if is_phone else "")


def own_contact_unbinding_screen(contact: Contact, here: Here, t: Translator, seal: Seal, *, is_last: bool) -> Screen:
    """Asks for a second tap before a contact is revoked, and names the consequence."""
    parts = [t("contact_list.sure", contact=screen_bold(own_contact_screen_words(contact, here, t, is_short=True)))]
    parts += [t("contact_list.goes_on_paper")] if is_last else []
    yes = Button(t("contact_list.yes"), seal(Handle(UNBIND, (contact.id, 1))))
    no = Button(t("contact_list.no"), seal(Handle(CONTACTS, (0,))))
    return Screen("\n\n".join(parts), ((yes, no),), in_place=True)


def own_contact_unbound_screen(t: Translator) -> Screen:
    """The contact is revoked; a new code binds a chat again."""
    return Screen(t("contact_list.unbound"), in_place=True)


def own_contact_screen_words(contact: Contact, here: Here, t: Translator, *, is_short: bool = False) -> str:
    """«этот чат», «почта, …@example.org», «SMS, …4567», and whether its owner has proven it."""
    channel = channel_name(contact.channel, t)
    if contact.address is None:
        name = channel
    elif (contact.channel, contact.address) == here:
        name = t("contact_list.this_chat")
    else:
        at = contact.address.rpartition("@")[2]
        name = f"{channel}, {f'…@{at}' if '@' in contact.address else f'…{contact.address[-4:]}'}"
    state = "" if is_short else f" – {t('contact_list.owned' if contact.proven_at else 'contact_list.needs_code')}"
    return screen_text(f"{name}{state}")


def own_contact_screen_back(t: Translator, seal: Seal) -> tuple[Button, ...]:
    """The way back to the settings."""
    return (Button(t("preferences.back"), seal(Handle(SETTINGS, (0,)))),)


def _mending(
    electronic: Sequence[Contact], typed: Sequence[str], here: Here, chat_id: int | None, t: Translator, seal: Seal
) -> Sequence[Button]:
    """What proves contacts and adds others; only a chat that is a contact itself may."""
    if chat_id is None:
        return ()
    proving = [
        Button(_labelled("joining.enter_code", each, here, t), seal(Handle(PROVE, (chat_id, each.id))))
        for each in electronic
        if each.address is not None and each.proven_at is None
    ]
    adding = [
        Button(t("joining.add", channel=channel_name(channel, t)), seal(Handle(ADD, (chat_id, place))))
        for place, channel in enumerate(typed)
    ]
    return [*proving, *adding]


def _with_state(contact: Contact, papers: Papers, here: Here, t: Translator) -> str:
    if contact.set_aside_at:
        state = t("contact_list.aside")
    elif contact.channel == PAPER or (contact.proven_at and contact.id in papers.confirmed):
        state = t("contact_list.muted" if contact.muted_until else "contact_list.proven")
    else:
        missing = [] if contact.proven_at else [t("contact_list.needs_code")]
        if number := papers.awaits.get(contact.id):
            missing.append(t("contact_list.awaits_school", number=number))
        elif contact.id not in papers.confirmed:
            missing.append(t("contact_list.needs_form"))
        state = ", ".join(missing)
    return f"{own_contact_screen_words(contact, here, t, is_short=True)} – {state}"


def _labelled(key: str, contact: Contact, here: Here, t: Translator) -> str:
    return screen_frame_button_label(t(key, contact=own_contact_screen_words(contact, here, t, is_short=True)))


def _known(key: str, otherwise: str, t: Translator) -> str:
    """The key where the catalogue has it: a third party's channel has no sentence of its own (Q86)."""
    try:
        t(key, channel="")
    except KeyError:
        return otherwise
    return key
