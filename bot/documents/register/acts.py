"""The act of destruction of personal data and the extract of the event log, as PDF and csv (order РКН № 179; Q10)."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.documents.typesetting import typeset_document
from core.model.channels import channel_name
from core.model.register.erasures import Erasure
from core.model.register.forms import Operator
from core.ports import Translator

_TEMPLATE = Path(__file__).with_name("acts.typ")
_ACT = (
    *("number", "date", "operator", "processors", "subject", "destroyed_by", "categories"),
    *("system", "way", "reason"),
)
_EXTRACT = ("subject", "categories", "system", "reason", "date")
"""The fields that the order asks for, of the act and of the extract."""


@dataclass(frozen=True, slots=True)
class ErasureAct:
    """What an act names beside the erasure: the subject, who destroyed (None: the system by itself), the local time."""

    erasure: Erasure
    subject: str
    destroyed_by: str | None
    at: datetime


def erasure_act_pdf(act: ErasureAct, t: Translator, *, operator: Operator) -> bytes:
    """The act to be signed, and the extract of the log on a sheet of its own; equal data give an equal document."""
    facts = _facts(act, t, operator)
    data = {
        "language": t.language,
        "title": t("act.title"),
        "operator": operator.name,
        "act": _sheet("act", _ACT, facts, t),
        "extract": _sheet("extract", _EXTRACT, facts, t),
        "signs": {
            "office": _office(act, t),
            "name": act.destroyed_by,
            "hints": [t(f"act.hint.{hint}") for hint in ("office", "signature", "name")],
        },
        "kept": t("act.kept"),
    }
    return typeset_document(_TEMPLATE, data, format="pdf", timestamp=0)


def erasure_acts_csv(acts: Sequence[ErasureAct], t: Translator, *, operator: Operator) -> str:
    """The same fields, a line for each destruction; a cell that a spreadsheet would calculate stays text."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow([t(f"act.field.{field}") for field in _ACT])
    for act in acts:
        facts = _facts(act, t, operator)
        writer.writerow([_plain(facts[field]) for field in _ACT])
    return "\ufeff" + file.getvalue()


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _sheet(name: str, fields: Sequence[str], facts: dict[str, str], t: Translator) -> dict[str, object]:
    return {
        "title": t(f"act.{name}.title", number=facts["number"]),
        "law": t(f"act.{name}.law"),
        "rows": [[t(f"act.field.{field}"), facts[field]] for field in fields],
    }


def _facts(act: ErasureAct, t: Translator, operator: Operator) -> dict[str, str]:
    erasure = act.erasure
    named = [f"{channel_name(channel, t)}: {who}" for channel, who in operator.processors.items() if who]
    by = act.destroyed_by or t("act.by_system")
    return {
        "number": erasure.number,
        "date": t("act.at", at=act.at),
        "operator": operator.name,
        "processors": "; ".join(named) or t("act.no_processors"),
        "subject": act.subject,
        "destroyed_by": f"{by}, {_office(act, t)}",
        "categories": t("act.categories", channels=", ".join(channel_name(each, t) for each in erasure.channels)),
        "system": t("act.system"),
        "way": t("act.way"),
        "reason": t(f"act.reason.{erasure.reason}", document=erasure.document),
    }


def _office(act: ErasureAct, t: Translator) -> str:
    return t(f"act.office.{act.erasure.office}")
