"""The people of the stand-in school."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SandboxPerson:
    """Somebody the demo shows as a phone; a channel that is ``None`` is one that this person does not have."""

    name: str
    role: str
    chat_id: int | None = None
    email: str | None = None
    phone: str | None = None
    paper: bool = False
    note: str = ""
    max_id: int | None = None
