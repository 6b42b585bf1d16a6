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
    OfficeFrame,
    child_words,
    column,
    contact_line,
    page_of,
    pager,
)
from bot.screens.screen import Screen, bold, plain_text
from core.model.channels import channel_name
from core.model.delivery.text import Button
from core.model.register.contacts import PendingContact
from core.model.register.families import FamilyPair, NamedForm, OfficeContact, OfficeLists
from core.model.register.forms import FormPurpose
from core.rules.conversation.buttons import button_day_number
from core.rules.people.initials import with_initials

REASONS = ("unsigned", "fields", "other_person", "unreadable")
"""Usual reasons why a form is returned; another one is typed."""


def waiting_list(frame: OfficeFrame, lists: OfficeLists, page: int) -> Screen:
    """Forms first, the oldest at the top, then contacts by name; a button opens each."""
    t = frame.t
    entries: Sequence[NamedForm | PendingContact] = [*lists.forms, *lists.waiting]
    page, shown = page_of(entries, page)
    head = [bold(t("office.waiting_title")), t("office.waiting_count", len(entries)), ""]
    lines = [_line(frame, entry, lists) for entry in shown]
    buttons = [_button(frame, entry) for entry in shown]
    rows = (*column(buttons), pager(frame, WAITING, page, len(entries)), frame.home())
    return Screen("\n".join([*head, *lines]), tuple(row for row in rows if row))


def contact_entry(frame: OfficeFrame, opened: OfficeContact, *, note: str = "") -> Screen:
    """One contact: whose, over which channel, since when, what it lacks; it is confirmed by the form's date."""
    t, held = frame.t, opened.held
    lines = [*([note, ""] if note else []), bold(plain_text(held.owner)), *_child_line(opened.pair)]
    lines += [
        contact_line(held, t),
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


def form_entry(frame: OfficeFrame, named: NamedForm, *, note: str = "") -> Screen:
    """One form: its number, purpose and persons; accepted by its date, or returned."""
    t, form = frame.t, named.form
    lines = [*([note, ""] if note else []), bold(form.number), t(f"office.purpose.{form.purpose}")]
    lines += [
        plain_text(named.person),
        *([plain_text(t("office.about", student=named.student))] if named.student else []),
    ]
    lines += [t("office.issued", day=frame.day(form.issued_at))]
    if form.reference is not None:
        lines += [t("joining.e_document_office", reference=plain_text(form.reference), sha256=form.sha256 or "")]
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


def return_reasons(frame: OfficeFrame, named: NamedForm) -> Screen:
    """Asks why a form is returned: usual reasons as buttons, another one in words."""
    t = frame.t
    lines = [bold(named.form.number), t("office.why_returned")]
    reasons = [
        frame.word(f"reason.{reason}", RETURN, named.form.id, place) for place, reason in enumerate(REASONS, start=1)
    ]
    return Screen("\n".join(lines), (*column(reasons), (frame.word("back", FORM, named.form.id),)))


def words_request(frame: OfficeFrame, key: str, back: Button, *, fault: str = "") -> Screen:
    """Asks for words; `fault` says what was wrong with the last ones."""
    lines = [*([fault, ""] if fault else []), frame.t(f"office.{key}")]
    return Screen("\n".join(lines), ((back,),))


def without_channel_list(frame: OfficeFrame, pairs: Sequence[FamilyPair], page: int) -> Screen:
    """Consents in force whose person has no channel; a button opens the person."""
    t = frame.t
    page, shown = page_of(pairs, page)
    head = [bold(t("office.without_title")), t("office.without_count", len(pairs)), ""]
    lines = [plain_text(f"{pair.person} ({child_words(pair) or pair.school_class})") for pair in shown]
    buttons = [frame.button(with_initials(pair.person), PERSON, pair.person_id) for pair in shown]
    rows = (*column(buttons), pager(frame, WITHOUT, page, len(pairs)), frame.home())
    return Screen("\n".join([*head, *lines]), tuple(row for row in rows if row))


def set_aside_list(frame: OfficeFrame, lists: OfficeLists, page: int, *, note: str = "") -> Screen:
    """Contacts that were set aside, each with the reason and one button that brings it back."""
    t = frame.t
    page, shown = page_of(lists.set_aside, page)
    head = [*([note] if note else []), bold(t("office.aside_title")), t("office.aside_count", len(lists.set_aside)), ""]
    lines = [_line(frame, held, lists) for held in shown]
    buttons = [
        frame.button(f"↩ {with_initials(held.owner)}, {channel_name(held.contact.channel, t)}", RESUME, held.contact.id)
        for held in shown
    ]
    rows = (*column(buttons), pager(frame, ASIDE, page, len(lists.set_aside)), frame.home())
    return Screen("\n".join([*head, *lines]), tuple(row for row in rows if row))


def _line(frame: OfficeFrame, entry: NamedForm | PendingContact, lists: OfficeLists) -> str:
    t = frame.t
    if isinstance(entry, NamedForm):
        about = f" ({with_initials(entry.student)})" if entry.student else ""
        what = t(f"office.purpose.{entry.form.purpose}")
        return plain_text(f"{entry.form.number} – {what}, {with_initials(entry.person)}{about}")
    child = child_words(lists.pair_of.get(entry.contact.person_id))
    about = f" ({child})" if child else ""
    return plain_text(f"{with_initials(entry.owner)}{about}: {contact_line(entry, t)}")


def _button(frame: OfficeFrame, entry: NamedForm | PendingContact) -> Button:
    if isinstance(entry, NamedForm):
        return frame.button(f"{entry.form.number}, {with_initials(entry.person)}", FORM, entry.form.id)
    channel = channel_name(entry.contact.channel, frame.t)
    return frame.button(f"{with_initials(entry.owner)}, {channel}", CONTACT, entry.contact.id)


def _child_line(pair: FamilyPair | None) -> list[str]:
    return [plain_text(words)] if (words := child_words(pair)) else []
