"""All that the school holds about a person, as one page that any browser shows."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from html import escape
from zoneinfo import ZoneInfo

from bot.documents.register.consent_book import name_consent_book_registrar
from core.actions.register.own_data import OwnData
from core.model.channels import channel_name, channel_status_word
from core.model.delivery.obligations import ObligationRow
from core.model.people import Person
from core.model.register.contacts import Contact
from core.ports import Translator

MEDIA_TYPE = "text/html"

_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}td,th{border:1px solid #bbb;padding:.3rem .5rem;text-align:left}"
)

Row = Sequence[str]


def own_data_html(data: OwnData, t: Translator, *, school: str, now: datetime, zone: ZoneInfo) -> bytes:
    """The page; it holds no other person's data but the names of children with a consent in force."""
    local = now.astimezone(zone)
    parts = [
        f"<h1>{escape(t('own_data.title'))}</h1>",
        _paragraph(t("own_data.made", school=school or t("joining.the_school"), on=f"{local:%d.%m.%Y %H:%M}")),
        _table(t("own_data.person"), _person(data, t)),
        _table(t("own_data.contacts"), [_contact(each, data, t, zone) for each in data.contacts]),
        _table(t("own_data.consents"), _consents(data, t)),
        _table(t("own_data.forms"), _forms(data, t, zone)),
        _table(t("own_data.choices"), _choices(data, t)),
        _table(t("own_data.sent"), [row for each in data.sent for row in _sent(each, data.children, t, zone)]),
        _paragraph(t("own_data.elsewhere")),
    ]
    head = f'<meta charset="utf-8"><title>{escape(t("own_data.title"))}</title><style>{_STYLE}</style>'
    return f'<!doctype html><html lang="{t.language}"><head>{head}</head><body>{"".join(parts)}</body></html>'.encode()


def _table(title: str, rows: Iterable[Row]) -> str:
    cells = [f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows]
    return f"<h2>{escape(title)}</h2><table>{''.join(cells) or '<tr><td>–</td></tr>'}</table>"


def _paragraph(words: str) -> str:
    return f"<p>{escape(words)}</p>"


def _person(data: OwnData, t: Translator) -> Iterable[Row]:
    person = data.person
    yield t("own_data.name"), person.name
    yield t("own_data.born"), _day(person.birth_date)
    yield t("own_data.language"), t(f"preferences.language_{person.language}")
    for role in data.roles:
        yield t("own_data.role"), f"{t(f'role.{role.role}')} {_day(role.starts_on)} – {_day(role.ends_on)}"
    for child in data.children:
        yield t("own_data.child"), child.name


def _contact(contact: Contact, data: OwnData, t: Translator, zone: ZoneInfo) -> Row:
    written = [
        t("own_data.confirmed", document=each.document, on=_moment(each.accepted_at, zone), by=each.accepted_by)
        for each in data.confirmations[contact.id]
    ]
    states = [
        t("own_data.proven", on=_moment(contact.proven_at, zone)),
        *written,
        *([t("own_data.revoked", on=_moment(contact.revoked_at, zone))] if contact.revoked_at else []),
        *([t("own_data.aside", on=_moment(contact.set_aside_at, zone))] if contact.set_aside_at else []),
    ]
    return channel_name(contact.channel, t), contact.address or "–", "; ".join(states)


def _consents(data: OwnData, t: Translator) -> Iterable[Row]:
    for entry in data.consents:
        yield (
            entry.number,
            t(f"own_consents.{entry.decision}"),
            _name_of(entry.student_id, data.children, t),
            _day(entry.decided_on),
            entry.document,
            name_consent_book_registrar(entry.registered_by, t),
        )


def _forms(data: OwnData, t: Translator, zone: ZoneInfo) -> Iterable[Row]:
    for form in data.forms:
        purpose, state = t(f"joining.purpose_{form.purpose}"), t(f"own_data.form_{form.state}")
        yield form.number, purpose, _moment(form.issued_at, zone), state


def _choices(data: OwnData, t: Translator) -> Iterable[Row]:
    for chosen in data.preferences:
        yield t(f"preferences.kind.{chosen.kind}"), t(f"own_data.frequency_{chosen.frequency}")
    if data.digest_at:
        yield t("own_data.digest"), f"{data.digest_at:%H:%M}"
    if data.quiet:
        yield t("own_data.quiet"), f"{data.quiet[0]:%H:%M}–{data.quiet[1]:%H:%M}"


def _sent(row: ObligationRow, children: Sequence[Person], t: Translator, zone: ZoneInfo) -> Iterable[Row]:
    """What was to be told, over which channel, with what outcome; never the words themselves, which are not kept."""
    obligation = row.obligation
    about = _name_of(obligation.student_id, children, t) if obligation.student_id else "–"
    for delivery in row.deliveries:
        reason = f" ({t(f'reason.{delivery.reason}')})" if delivery.reason else ""
        yield (
            _moment(delivery.updated_at, zone),
            t(f"kind.{obligation.kind}"),
            about,
            channel_name(delivery.channel, t),
            f"{channel_status_word(delivery.channel, delivery.status, t)}{reason}",
        )


def _name_of(student_id: int, children: Sequence[Person], t: Translator) -> str:
    """The child's name, as far as it may stand here (Q2)."""
    return next((child.name for child in children if child.id == student_id), t("own_consents.unnamed"))


def _day(on: date | None) -> str:
    return "–" if on is None else f"{on:%d.%m.%Y}"


def _moment(at: datetime | None, zone: ZoneInfo) -> str:
    return "–" if at is None else f"{at.astimezone(zone):%d.%m.%Y %H:%M}"
