"""Forms to sign as PDF, a sheet each: consent, refusal, withdrawal, statement of contacts (Q4, Q11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.documents.typesetting import typeset_document
from core.model.channels import channel_name
from core.model.notices.kinds import ALWAYS_SENT
from core.model.register.forms import FormPurpose, IssuedForm, Operator
from core.ports import Translator

_TEMPLATE = Path(__file__).with_name("forms.typ")
_WORDS = ("title", "signature", "signatory", "date", "strip")


@dataclass(frozen=True, slots=True)
class FormSheet:
    """A form with what is printed in it. A name or address that is None is a blank line, to be filled by hand.

    `contacts`: channel and address in the agreed order. `qr`: the code of the strip, as SVG, without names.
    """

    form: IssuedForm
    issued_on: date
    person: str | None
    student: str | None
    school_class: str | None
    contacts: Sequence[tuple[str, str | None]]
    qr: str


def forms_pdf(sheets: Sequence[FormSheet], t: Translator, *, operator: Operator) -> bytes:
    """The PDF of these forms; equal data give an equal document."""
    data = {
        "language": t.language,
        "school": operator.school,
        "words": {word: t(f"form.word.{word}") for word in _WORDS},
        "sheets": [_sheet(sheet, t, operator) for sheet in sheets],
    }
    return typeset_document(_TEMPLATE, data, format="pdf", timestamp=0)


def _sheet(sheet: FormSheet, t: Translator, operator: Operator) -> dict[str, Any]:
    purpose = sheet.form.purpose
    title = t(f"form.title.{purpose}")
    body = _BODIES[purpose](sheet, t, operator)
    return {
        "operator": operator.name,
        "title": title,
        "number": sheet.form.number,
        "numbered": t("form.numbered", number=sheet.form.number, date=f"{sheet.issued_on:%d.%m.%Y}"),
        "law": t(f"form.law.{purpose}"),
        "qr": sheet.qr,
        "opening": [],
        "closing": [],
        "table": None,
        **body,
        "fields": [{"number": f"{place}.", **field} for place, field in enumerate(body["fields"], start=1)],
    }


def _field(title: str, *parts: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "parts": list(parts)}


def _part(value: str | None, hint: str | None = None, *, lines: int = 1, strong: bool = False) -> dict[str, Any]:
    return {"value": value, "hint": hint, "lines": lines, "strong": strong}


def _name(name: str | None, t: Translator) -> dict[str, Any]:
    return _part(name, t("form.hint.name"), strong=True)


def _papers(t: Translator) -> tuple[dict[str, Any], dict[str, Any]]:
    """Address and document of a person, which the school does not store: always blank."""
    return _part(None, t("form.hint.address")), _part(None, t("form.hint.document"))


def _child(sheet: FormSheet) -> str | None:
    if sheet.student is None:
        return None
    return f"{sheet.student}, {sheet.school_class}" if sheet.school_class else sheet.student


def _consent(sheet: FormSheet, t: Translator, operator: Operator) -> dict[str, Any]:
    """The nine fields of 152-ФЗ art. 9 p. 4, in the order of the law."""
    form = sheet.form
    representative = _field(
        t("form.consent.representative"), _name(sheet.person, t), *_papers(t), _part(None, t("form.hint.authority"))
    )
    if form.person_id == form.student_id:
        representative = _field(t("form.consent.representative"), _part(t("form.consent.no_representative")))
    return {
        "fields": [
            _field(t("form.consent.subject"), _name(_child(sheet), t), *_papers(t)),
            representative,
            _field(t("form.consent.operator"), _part(operator.name)),
            _field(t("form.consent.purpose"), _part(t("form.consent.purpose_is"))),
            _field(t("form.consent.data"), _part(t("form.consent.data_are"))),
            _field(t("form.consent.processor"), *_processors(t, operator, form.channels)),
            _field(t("form.consent.actions"), _part(t("form.consent.actions_are"))),
            _field(t("form.consent.term"), _part(t("form.consent.term_is"))),
            _field(t("form.consent.signature")),
        ]
    }


def _processors(t: Translator, operator: Operator, channels: Sequence[str] | None) -> list[dict[str, Any]]:
    """Of the channels of the form, which it opens once it is signed, whatever was set up since it was issued."""
    named = (
        dict(operator.processors) if channels is None else {each: operator.processors.get(each) for each in channels}
    )
    if not named:
        return [_part(t("form.consent.no_processor"))]
    return [
        _part(t("form.consent.processes", channel=channel_name(channel, t), who=who))
        if who
        else _part(None, t("form.hint.processor", channel=channel_name(channel, t)))
        for channel, who in named.items()
    ]


def _decision(sheet: FormSheet, t: Translator, _operator: Operator) -> dict[str, Any]:
    """A refusal or a withdrawal: who, about whom, and what follows."""
    purpose, form = sheet.form.purpose, sheet.form
    about = [] if form.person_id == form.student_id else [_field(t("form.about_child"), _name(_child(sheet), t))]
    return {
        "fields": [_field(t("form.who"), _name(sheet.person, t), *_papers(t)), *about],
        "closing": t(f"form.{purpose}.text").split("\n"),
    }


def _contacts(sheet: FormSheet, t: Translator, _operator: Operator) -> dict[str, Any]:
    """The contacts in the agreed order, and the "agreed form": kinds by channels with their frequency (R7)."""
    channels = list(dict.fromkeys(each.channel for each in sheet.form.choices))
    chosen = {(each.kind, each.channel): each for each in sheet.form.choices}
    rows = [
        [
            t(f"preferences.kind.{kind}") + (f" {t('form.contacts.always')}" if kind in ALWAYS_SENT else ""),
            *(t(f"form.frequency.{chosen[kind, channel].frequency}") for channel in channels),
        ]
        for kind in dict.fromkeys(each.kind for each in sheet.form.choices)
    ]
    named = [
        _part(address and f"{channel_name(channel, t)}: {address}", None if address else channel_name(channel, t))
        for channel, address in sheet.contacts
    ]
    return {
        "fields": [
            _field(t("form.who"), _name(sheet.person, t)),
            _field(t("form.contacts.addresses"), *named),
            _field(t("form.contacts.choices")),
        ],
        "table": {"heads": [t("form.contacts.kind"), *(channel_name(each, t) for each in channels)], "rows": rows},
        "closing": t("form.contacts.text").split("\n"),
    }


_BODIES = {
    FormPurpose.CONSENT: _consent,
    FormPurpose.REFUSAL: _decision,
    FormPurpose.WITHDRAWAL: _decision,
    FormPurpose.CONTACTS: _contacts,
}
