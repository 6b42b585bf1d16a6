"""Forms and contacts that wait: the list, one entry, its confirmation with a date, its return with a reason."""

from collections.abc import Sequence

from bot.screens.register.office.desk import (
    ACCEPT,
    ACCEPT_DAY,
    ASIDE,
    CONFIRM,
    CONTACT,
    DOCUMENT,
    FORM,
    PERSON,
    RESUME,
    RETURN,
    WAITING,
    WITHOUT,
    OfficeDeskScreenFrame,
    desk_screen_child_words,
    desk_screen_column,
    desk_screen_contact_line,
    desk_screen_page,
    desk_screen_pager,
)
from bot.screens.register.office.processors import processors_screen_form, processors_screen_unnamed
from bot.screens.screen import Screen, screen_bold, screen_text
from core.model.channels import channel_name
from core.model.delivery.text import Button
from core.model.register.contacts import PendingContact
from core.model.register.families import FamilyPair, NamedForm, OfficeContact, OfficeLists
from core.model.register.forms import FormPurpose
from core.rules.conversation.buttons import button_day_number
from core.rules.people.initials import with_initials

REASONS = ("unsigned", "fields", "other_person", "unreadable")
"""Usual reasons why a form is returned; another one is typed."""


def office_waiting_list_screen(frame: OfficeDeskScreenFrame, lists: OfficeLists, page: int) -> Screen:
    """Forms first, the oldest at the top, then contacts by name; a button opens each."""
    t = frame.t
    entries: Sequence[NamedForm | PendingContact] = [*lists.forms, *lists.waiting]
    page, shown = desk_screen_page(entries, page)
    head = [screen_bold(t("office.waiting_title")), t("office.waiting_count", len(entries)), ""]
    lines = [_line(frame, entry, lists) for entry in shown]
    buttons = [_button(frame, entry) for entry in shown]
    rows = (*desk_screen_column(buttons), desk_screen_pager(frame, WAITING, page, len(entries)), frame.home())
    return Screen("\n".join([*head, *lines]), tuple(row for row in rows if row))


def office_waiting_contact_screen(frame: OfficeDeskScreenFrame, opened: OfficeContact, *, note: str = "") -> Screen:
    """One contact: whose, over which channel, since when, what it lacks; it is confirmed by the form's date."""
    t, held = frame.t, opened.held
    lines = [*([note, ""] if note else []), screen_bold(screen_text(held.owner)), *_child_line(opened.pair)]
    lines += [
        desk_screen_contact_line(held, t),
        *([t("office.since", day=frame.day(since))] if (since := held.waits_since) else []),
    ]
    person = (frame.word("card", PERSON, held.contact.person_id),)
    if opened.form is not None:
        lines += ["", t("office.has_form", number=opened.form.number)]
        return Screen("\n".join(lines), ((frame.word("open_form", FORM, opened.form.id),), person, frame.home()))
    if "form" not in held.lacks:
        lines += ["", t("office.needs_code")]
        return Screen("\n".join(lines), (person, frame.home()))
    lines += ["", t("office.which_date")]
    days = frame.recent_days(CONFIRM, held.contact.id)
    other = (frame.word("other_document", DOCUMENT, held.contact.id),)
    return Screen("\n".join(lines), (days, other, person, frame.home()))


def office_waiting_form_screen(frame: OfficeDeskScreenFrame, named: NamedForm, *, note: str = "") -> Screen:
    """One form: its number, purpose and persons; accepted by its date, or returned."""
    t, form = frame.t, named.form
    lines = [*([note, ""] if note else []), screen_bold(form.number), t(f"office.purpose.{form.purpose}")]
    lines += [
        screen_text(named.person),
        *([screen_text(t("office.about", student=named.student))] if named.student else []),
    ]
    lines += [t("office.issued", day=frame.day(form.issued_at))]
    if form.purpose is FormPurpose.CONSENT:
        lines += processors_screen_form(frame, form.channels)
    if form.reference is not None:
        lines += [t("joining.e_document_office", reference=screen_text(form.reference), sha256=form.sha256 or "")]
    lines += ["", t("office.which_date")]
    if form.purpose is FormPurpose.CONSENT:
        lines += [t("office.nine_fields")]
    rows = [frame.recent_days(ACCEPT, form.id, 0)]
    if form.purpose is FormPurpose.CONTACTS:
        lines += [t("office.in_person_hint")]
        rows.append((frame.word("in_person", ACCEPT, form.id, 1, button_day_number(frame.today)),))
    rows += [(frame.word("other_date", ACCEPT_DAY, form.id),), (frame.word("return", RETURN, form.id),)]
    rows += [(frame.word("card", PERSON, form.person_id),), frame.home()]
    return Screen("\n".join(lines), tuple(rows))


def office_waiting_return_screen(frame: OfficeDeskScreenFrame, named: NamedForm) -> Screen:
    """Asks why a form is returned: usual reasons as buttons, another one in words."""
    t = frame.t
    lines = [screen_bold(named.form.number), t("office.why_returned")]
    reasons = [
        frame.word(f"reason.{reason}", RETURN, named.form.id, place) for place, reason in enumerate(REASONS, start=1)
    ]
    return Screen("\n".join(lines), (*desk_screen_column(reasons), (frame.word("back", FORM, named.form.id),)))


def office_waiting_words_screen(frame: OfficeDeskScreenFrame, key: str, back: Button, *, fault: str = "") -> Screen:
    """Asks for words; `fault` says what was wrong with the last ones."""
    lines = [*([fault, ""] if fault else []), frame.t(f"office.{key}")]
    return Screen("\n".join(lines), ((back,),))


def office_waiting_without_channel_screen(
    frame: OfficeDeskScreenFrame, pairs: Sequence[FamilyPair], page: int
) -> Screen:
    """Consents in force whose person has no channel; a button opens the person."""
    t = frame.t
    page, shown = desk_screen_page(pairs, page)
    head = [screen_bold(t("office.without_title")), t("office.without_count", len(pairs)), ""]
    lines = [screen_text(_without_words(frame, pair)) for pair in shown]
    buttons = [frame.button(with_initials(pair.person), PERSON, pair.person_id) for pair in shown]
    rows = (*desk_screen_column(buttons), desk_screen_pager(frame, WITHOUT, page, len(pairs)), frame.home())
    return Screen("\n".join([*head, *lines]), tuple(row for row in rows if row))


def office_waiting_set_aside_screen(
    frame: OfficeDeskScreenFrame, lists: OfficeLists, page: int, *, note: str = ""
) -> Screen:
    """Contacts that were set aside, each with the reason and one button that brings it back."""
    t = frame.t
    page, shown = desk_screen_page(lists.set_aside, page)
    head = [
        *([note] if note else []),
        screen_bold(t("office.aside_title")),
        t("office.aside_count", len(lists.set_aside)),
        "",
    ]
    lines = [_line(frame, held, lists) for held in shown]
    buttons = [
        frame.button(f"↩ {with_initials(held.owner)}, {channel_name(held.contact.channel, t)}", RESUME, held.contact.id)
        for held in shown
    ]
    rows = (*desk_screen_column(buttons), desk_screen_pager(frame, ASIDE, page, len(lists.set_aside)), frame.home())
    return Screen("\n".join([*head, *lines]), tuple(row for row in rows if row))


def _line(frame: OfficeDeskScreenFrame, entry: NamedForm | PendingContact, lists: OfficeLists) -> str:
    t = frame.t
    if isinstance(entry, NamedForm):
        about = f" ({with_initials(entry.student)})" if entry.student else ""
        what = t(f"office.purpose.{entry.form.purpose}")
        return screen_text(f"{entry.form.number} – {what}, {with_initials(entry.person)}{about}")
    child = desk_screen_child_words(lists.pair_of.get(entry.contact.person_id))
    about = f" ({child})" if child else ""
    return screen_text(f"{with_initials(entry.owner)}{about}: {desk_screen_contact_line(entry, t)}")


def _without_words(frame: OfficeDeskScreenFrame, pair: FamilyPair) -> str:
    """«Соколова В. И. (Соколова А. О., 8Б); в бумаге не назван обработчик: MAX»."""
    who = f"{pair.person} ({desk_screen_child_words(pair) or pair.school_class})"
    return "; ".join(filter(None, (who, processors_screen_unnamed(frame, pair))))


def _button(frame: OfficeDeskScreenFrame, entry: NamedForm | PendingContact) -> Button:
    if isinstance(entry, NamedForm):
        return frame.button(f"{entry.form.number}, {with_initials(entry.person)}", FORM, entry.form.id)
    channel = channel_name(entry.contact.channel, frame.t)
    return frame.button(f"{with_initials(entry.owner)}, {channel}", CONTACT, entry.contact.id)


def _child_line(pair: FamilyPair | None) -> list[str]:
    return [screen_text(words)] if (words := desk_screen_child_words(pair)) else []
