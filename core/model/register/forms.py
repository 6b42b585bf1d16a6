"""How a signed document reached the school."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class FormKind(StrEnum):
    """How a document reached the school (R7)."""

    PAPER = "paper"
    E_DOCUMENT = "e_document"


@dataclass(frozen=True, slots=True)
class WrittenForm:
    """The document that confirms a contact in writing; `in_person`: its owner showed the contact when handing it in."""

    document: str
    document_on: date | None
    accepted_by: str
    form: FormKind = FormKind.PAPER
    in_person: bool = False
