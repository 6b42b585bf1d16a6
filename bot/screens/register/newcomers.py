"""Screens of the way in: the consent in short, channels, forms to sign, what is awaited (Q81, Q106).

They name nobody: neither a child nor an adult, since a form has yet to say whose chat this is.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.screens.frame import Rows, screen_frame_button_label
from bot.screens.register.own.contacts import ADD, PROVE, SIGN, own_contact_screen_words
from bot.screens.screen import Screen, ScreenFile, Seal, screen_bold, screen_text
from core.model.channels import channel_name
from core.model.delivery.text import Button
from core.model.register.contacts import Contact
from core.model.register.forms import IssuedForm
from core.ports import Translator
from core.rules.conversation.buttons import Handle

JOIN, WAYS, DECLINE, EDOCUMENT = "join", "ways", "decline", "edocument"
"""Buttons; the first number is the contact that this chat is.

The second one of DECLINE says that it is meant, that of EDOCUMENT is the form that an e-document replaces.
"""


def newcomer_consent_screen(school: str, channels: Sequence[str], chat_id: int, t: Translator, seal: Seal) -> Screen:
    """What the consent says and what it means, before anything is signed; a tap is no signature."""
    over = ", ".join(channel_name(channel, t) for channel in channels)
    parts = [
        screen_bold(t("joining.consent_title")),
        t("joining.consent_says", school=school or t("joining.the_school"), channels=over),
        t("joining.consent_means"),
    ]
    buttons: Rows = (
        (Button(t("joining.next"), seal(Handle(WAYS, (chat_id,)))),),
        (Button(t("joining.on_paper"), seal(Handle(DECLINE, (chat_id,)))),),
    )
    return Screen("\n\n".join(parts), buttons, in_place=True)


def newcomer_channel_screen(
    contacts: Sequence[Contact], typed: Sequence[str], here: tuple[str, str], chat_id: int, t: Translator, seal: Seal
) -> Screen:
    """The contacts so far, and what may be added: each gets a code first, then the form names it (Q81)."""
    lines = [f"• {own_contact_screen_words(contact, here, t)}" for contact in contacts]
    open_ones = [contact for contact in contacts if contact.address is not None and contact.proven_at is None]
    proving = [
        Button(
            screen_frame_button_label(
                t("joining.enter_code", contact=own_contact_screen_words(contact, here, t, is_short=True))
            ),
            seal(Handle(PROVE, (chat_id, contact.id))),
        )
        for contact in open_ones
    ]
    adding = [
        Button(t("joining.add", channel=channel_name(channel, t)), seal(Handle(ADD, (chat_id, place))))
        for place, channel in enumerate(typed)
    ]
    done = Button(t("joining.done"), seal(Handle(SIGN, (chat_id,))))
    text = "\n".join([screen_bold(t("joining.ways_title")), "", *lines, "", t("joining.ways_hint")])
    return Screen(text, tuple((button,) for button in (*proving, *adding, done)), in_place=True)


def newcomer_forms_screen(
    forms: Sequence[IssuedForm], files: Sequence[ScreenFile], chat_id: int, t: Translator, seal: Seal
) -> Screen:
    """The numbered forms; their sheets have blank lines for names, which are written by hand."""
    lines = [f"• {_form_words(form, t)}" for form in forms]
    text = "\n".join([screen_bold(t("joining.sign_title", n=len(forms))), "", *lines, "", t("joining.sign_files")])
    back = Button(t("joining.change_ways"), seal(Handle(WAYS, (chat_id,))))
    return Screen(text, ((back,),), files=tuple(files))


def newcomer_waiting_screen(forms: Sequence[IssuedForm], chat_id: int, t: Translator, seal: Seal) -> Screen:
    """Whatever is asked: the first line says what is awaited."""
    text = newcomer_screen_awaited_words(forms, t)
    electronic = [
        (Button(t("joining.e_document", number=form.number), seal(Handle(EDOCUMENT, (chat_id, form.id)))),)
        for form in forms
        if form.reference is None
    ]
    return Screen(text, (*_again(chat_id, t, seal), *electronic))


def newcomer_screen_awaited_words(forms: Sequence[IssuedForm], t: Translator) -> str:
    """What the school has not accepted yet, form by form."""
    lines = [f"• {_form_words(form, t)}" for form in forms]
    return "\n".join([screen_bold(t("joining.waiting_title", n=len(forms))), "", *lines, "", t("joining.waiting_hint")])


def newcomer_document_screen(form: IssuedForm, chat_id: int, t: Translator, seal: Seal, *, hint: str = "") -> Screen:
    """Asks for the reference and the hash of a signed e-document; the document itself does not go through the chat."""
    asked = t("joining.e_document_asked", number=form.number)
    back = Button(t("contact_list.back"), seal(Handle(WAYS, (chat_id,))))
    return Screen("\n\n".join(filter(None, (hint, asked))), ((back,),))


def newcomer_returned_screen(forms: Sequence[IssuedForm], chat_id: int, t: Translator, seal: Seal) -> Screen:
    """The school sent forms back, with its reasons; a new form is one tap away."""
    lines = [f"• {_form_words(form, t)}: {form.reason or ''}" for form in forms]
    text = "\n".join([screen_bold(t("joining.returned_title", n=len(forms))), "", *lines])
    return Screen(text, _again(chat_id, t, seal))


def newcomer_paper_screen(chat_id: int, t: Translator, seal: Seal) -> Screen:
    """What paper means, before a refusal is issued by a second tap."""
    buttons: Rows = (
        (Button(t("joining.decline_yes"), seal(Handle(DECLINE, (chat_id, 1)))),),
        (Button(t("joining.decline_no"), seal(Handle(JOIN, (chat_id,)))),),
    )
    return Screen(
        "\n\n".join([screen_bold(t("joining.decline_title")), t("joining.decline_means")]), buttons, in_place=True
    )


def newcomer_code_screen(screen: Screen, t: Translator) -> Screen:
    """What a chat reads first once its code was taken."""
    return replace(screen, text="\n\n".join((t("joining.bound"), screen.text)), in_place=False)


def _form_words(form: IssuedForm, t: Translator) -> str:
    """«№ С-2026-000012: согласие», and the e-document where one was sent instead."""
    words = t("joining.form", number=form.number, purpose=t(f"joining.purpose_{form.purpose}"))
    return (
        words
        if form.reference is None
        else f"{words} – {t('joining.e_document_sent', reference=screen_text(form.reference))}"
    )


def _again(chat_id: int, t: Translator, seal: Seal) -> Rows:
    return (
        (Button(t("joining.forms_again"), seal(Handle(SIGN, (chat_id,)))),),
        (Button(t("joining.change_ways"), seal(Handle(WAYS, (chat_id,)))),),
    )
