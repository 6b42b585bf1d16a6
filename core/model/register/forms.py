"""How a signed document reached the school."""

from enum import StrEnum


class FormKind(StrEnum):
    """How a document reached the school (R7)."""

    PAPER = "paper"
    E_DOCUMENT = "e_document"
