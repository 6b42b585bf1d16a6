"""One person in the office: found by a part of the name, the card, and everything that can be done from there."""

from collections.abc import Sequence

from bot.screens.register.office.desk import (
    CONTACT,
    DECIDE,
    FIND,
    INVITE,
    JOIN,
    JOINED,
    NAMES,
    PERSON,
    RENAME,
    RESUME,
    UNBIND,
    OfficeDeskScreenFrame,
    desk_screen_child_words,
    desk_screen_column,
    desk_screen_contact_line,
)
from bot.screens.register.office.processors import (
    Ticks,
    processors_screen_pair_words,
    processors_screen_request,
    processors_screen_ticks,
)
from bot.screens.screen import Screen, screen_bold, screen_text
from core.model.channels import channel_name
from core.model.delivery.text import Button
from core.model.register.consents import Decision
from core.model.register.contacts import Invitation, PendingContact
from core.model.register.families import FoundPerson, PersonCard, StatedPair
from core.rules.people.initials import with_initials

DECISIONS = (Decision.CONSENT, Decision.REFUSAL, Decision.WITHDRAWAL)
"""In the order of their numbers in buttons."""

MOST_SHOWN = 12
"""Persons that a search shows; more words of the name find fewer."""


def find_office_person_screen(frame: OfficeDeskScreenFrame, *, fault: str = "") -> Screen:
    """Asks for a part of the name."""
    lines = [*([fault, ""] if fault else []), frame.t("office.find_request")]
    return Screen("\n".join(lines), (frame.home(),))


def found_office_persons_screen(frame: OfficeDeskScreenFrame, found: Sequence[FoundPerson]) -> Screen:
    """Several who fit, each with what tells them apart."""
    t = frame.t
    shown = found[:MOST_SHOWN]
    lines = [t("office.found", len(found)), "", *(screen_text(_who(frame, each)) for each in shown)]
    lines += [t("office.found_more", len(found) - len(shown))] if len(found) > len(shown) else []
    buttons = [frame.button(f"{each.person.name}, № {each.person.id}", PERSON, each.person.id) for each in shown]
    return Screen("\n".join(lines), (*desk_screen_column(buttons), (frame.word("find_again", FIND),), frame.home()))


def office_person_card_screen(frame: OfficeDeskScreenFrame, card: PersonCard, *, note: str = "") -> Screen:
    """Guardianships with decisions, contacts with both proofs, forms that wait, and a button for each thing to do."""
    t, person = frame.t, card.person
    lines = [*([note, ""] if note else []), screen_bold(screen_text(person.name)), _roles(frame, card)]
    lines += ["", *(screen_text(_pair_line(frame, each, person.id)) for each in card.pairs)]
    lines += ["", t("office.contacts_title"), *(_contact_words(frame, held, card) for held in card.contacts)]
    lines += [] if card.contacts else [t("office.no_contacts")]
    lines += [t("office.has_form", number=form.number) for form in card.forms]
    return Screen("\n".join(lines), _card_buttons(frame, card))


def _contact_words(frame: OfficeDeskScreenFrame, held: PendingContact, card: PersonCard) -> str:
    """«Telegram – действует; владелец 20.11.2026, бланк К-1 от 20.11.2026»: a contact with its proofs, no address."""
    t = frame.t
    written = [each for each in card.confirmations if each.contact_id == held.contact.id]
    proofs = [t("office.proven", day=frame.day(held.contact.proven_at))] if held.contact.proven_at else []
    proofs += [t("office.confirmed", document=each.document, day=frame.day(each.accepted_at)) for each in written[:1]]
    return screen_text("; ".join([desk_screen_contact_line(held, t), *proofs]))


def office_person_invitation_screen(
    frame: OfficeDeskScreenFrame, card: PersonCard, invitation: Invitation, links: Sequence[str]
) -> Screen:
    """The code, shown once: to hand over or print; never to forward to a chat of many."""
    t = frame.t
    lines = [screen_bold(screen_text(card.person.name)), t("office.code", code=invitation.code)]
    lines += [t("office.link", link=link) for link in links]
    lines += [t("office.code_term", day=frame.day(invitation.expires_at)), t("office.code_once")]
    return Screen("\n".join(lines), ((frame.word("card", PERSON, card.person.id),), frame.home()))


def office_person_unbind_screen(frame: OfficeDeskScreenFrame, held: PendingContact) -> Screen:
    """Asks for a second tap before a contact is revoked."""
    channel = channel_name(held.contact.channel, frame.t)
    said = frame.t("office.unbind_sure", channel=channel, owner=with_initials(held.owner))
    yes = frame.word("yes", UNBIND, held.contact.id, 1)
    return Screen(screen_text(said), ((yes, frame.word("no", PERSON, held.contact.person_id)),))


def office_person_join_screen(frame: OfficeDeskScreenFrame, card: PersonCard, found: Sequence[FoundPerson]) -> Screen:
    """Which second entry is joined to this one."""
    t = frame.t
    others = [each for each in found if each.person.id != card.person.id][:MOST_SHOWN]
    lines = [screen_bold(screen_text(card.person.name)), t("office.join_which" if others else "office.join_nobody"), ""]
    lines += [screen_text(_who(frame, each)) for each in others]
    buttons = [
        frame.button(f"{each.person.name}, № {each.person.id}", JOINED, card.person.id, each.person.id)
        for each in others
    ]
    return Screen("\n".join(lines), (*desk_screen_column(buttons), (frame.word("back", PERSON, card.person.id),)))


def office_person_joining_screen(frame: OfficeDeskScreenFrame, keep: PersonCard, gone: PersonCard) -> Screen:
    """Asks for a second tap before two entries become one."""
    said = frame.t("office.join_sure", keep=_numbered(keep), gone=_numbered(gone))
    yes = frame.word("yes", JOINED, keep.person.id, gone.person.id, 1)
    return Screen(screen_text(said), ((yes, frame.word("no", PERSON, keep.person.id)),))


def office_person_decision_screen(
    frame: OfficeDeskScreenFrame, each: StatedPair, decision: Decision, ticks: Ticks, *, fault: str = ""
) -> Screen:
    """Asks for the number and the date of the paper; a date alone is enough, by a button or typed.

    Of a consent it asks besides whose processors the paper names.
    """
    t, pair = frame.t, each.pair
    lines = [
        *([fault, ""] if fault else []),
        screen_bold(t(f"office.decide.{decision}")),
        screen_text(_pair_words(each)),
    ]
    lines += [t("office.which_date"), t("office.document_hint")]
    lines += [t("office.nine_fields")] if decision is Decision.CONSENT else []
    numbers = pair.person_id, pair.student_id, DECISIONS.index(decision)
    asked = processors_screen_ticks(frame, ticks, NAMES, *numbers)
    days, back = frame.recent_days(DECIDE, *numbers), (frame.word("back", PERSON, pair.person_id),)
    return Screen("\n".join([*lines, *processors_screen_request(frame, ticks)]), (*asked, days, back))


def _card_buttons(frame: OfficeDeskScreenFrame, card: PersonCard) -> tuple[tuple[Button, ...], ...]:
    person_id = card.person.id
    rows: list[tuple[Button, ...]] = [(button,) for held in card.contacts for button in _contact_buttons(frame, held)]
    rows += [_decision_buttons(frame, each) for each in card.pairs if not each.pair.is_alone]
    rows += [(frame.word("invite", INVITE, person_id),)]
    rows += [(frame.word("rename", RENAME, person_id), frame.word("join", JOIN, person_id))]
    rows += [
        (frame.button(with_initials(name), PERSON, id_),) for id_, name in _relatives(card).items() if id_ != person_id
    ]
    return (*rows, frame.home())


def _contact_buttons(frame: OfficeDeskScreenFrame, held: PendingContact) -> list[Button]:
    channel = channel_name(held.contact.channel, frame.t)
    buttons = []
    if held.lacks:
        buttons.append(frame.button(frame.t("office.confirm_contact", channel=channel), CONTACT, held.contact.id))
    if held.contact.set_aside_at is not None:
        buttons.append(frame.button(frame.t("office.resume", channel=channel), RESUME, held.contact.id, 1))
    return [*buttons, frame.button(frame.t("office.unbind", channel=channel), UNBIND, held.contact.id)]


def _decision_buttons(frame: OfficeDeskScreenFrame, each: StatedPair) -> tuple[Button, ...]:
    """What can be registered for a pair: a consent or a refusal; of a consent in force its withdrawal."""
    pair, in_force = each.pair, each.pair.entry is not None and each.pair.entry.decision is Decision.CONSENT
    offered = (Decision.WITHDRAWAL,) if in_force and each.state != "expired" else (Decision.CONSENT, Decision.REFUSAL)
    name = pair.student.split()[1] if len(pair.student.split()) > 1 else pair.student
    return tuple(
        frame.button(
            f"{frame.t(f'office.decide.{decision}')}: {name}",
            DECIDE, pair.person_id, pair.student_id, DECISIONS.index(decision),
        )
        for decision in offered
    )  # fmt: skip


def _relatives(card: PersonCard) -> dict[int, str]:
    """Everybody else of the card's pairs, by id: their cards are a tap away."""
    return {
        id_: name
        for each in card.pairs
        for id_, name in ((each.pair.student_id, each.pair.student), (each.pair.person_id, each.pair.person))
    }


def _roles(frame: OfficeDeskScreenFrame, card: PersonCard) -> str:
    own = next((each.pair.school_class for each in card.pairs if each.pair.student_id == card.person.id), "")
    roles = [frame.t(f"role.{role}") for role in sorted(card.roles)] or ([frame.t("role.student")] if own else [])
    return screen_text(", ".join(filter(None, [*roles, own, f"№ {card.person.id}"])))


def _pair_line(frame: OfficeDeskScreenFrame, each: StatedPair, person_id: int) -> str:
    """«Соколова А. О., 8Б – получает; согласие 2026-0001 от 20.11.2026»."""
    t, pair = frame.t, each.pair
    whom = desk_screen_child_words(pair) if pair.person_id == person_id else with_initials(pair.person)
    entry = pair.entry
    said = [f"{whom or t('families.self')} – {t(f'families.state.{each.state}')}"]
    if entry is not None:
        decision, day = t(f"consent.{entry.decision}"), f"{entry.decided_on:%d.%m.%Y}"
        said.append(t("office.entry", decision=decision, number=entry.number, day=day))
        said += processors_screen_pair_words(frame, pair)
    return "; ".join(said)


def _pair_words(each: StatedPair) -> str:
    return f"{each.pair.person} → {each.pair.student}"


def _who(frame: OfficeDeskScreenFrame, found: FoundPerson) -> str:
    roles = ", ".join(frame.t(f"role.{role}") for role in sorted(found.roles))
    children = "; ".join(", ".join(filter(None, (with_initials(name), group))) for name, group in found.children)
    about = ", ".join(filter(None, (roles, found.school_class, children)))
    return f"№ {found.person.id} {found.person.name}{f' – {about}' if about else ''}"


def _numbered(card: PersonCard) -> str:
    return f"{card.person.name} (№ {card.person.id})"
