"""Signed documents that the school receives."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class FormKind(StrEnum):
    """How a document reached the school (R7)."""

    PAPER = "paper"
    E_DOCUMENT = "e_document"


@dataclass(frozen=True, slots=True)
class WrittenForm:
    """A document that confirms a contact in writing; `in_person`: its owner handed it in and showed the contact."""

    document: str
    document_on: date | None
    accepted_by: str
    form: FormKind = FormKind.PAPER
    in_person: bool = False
