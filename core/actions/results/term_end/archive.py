"""The content of a closed term's archive: the sheets of the classes and the marks of the term (Q104)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.actions.results.sheet.reading import SheetRequest, load_sheet_classes, load_sheet_facts, load_summary_sheet
from core.errors import SchoolError
from core.model.people import Actor, Role
from core.model.results.summary_sheet import SheetFacts, SummarySheet
from core.ports import UnitOfWork
from core.rules import access
from core.rules.access import Everything
from core.rules.results.closings import is_term_closed
from core.rules.results.terms import term_key


class TermOpenError(SchoolError):
    """A term is archived once it is closed: until then its marks may change without a ground."""


@dataclass(frozen=True, slots=True)
class ArchivedMark:
    """A final mark in force of the archived term, in words; `comment` and `ground` of its last version."""

    student: str
    school_class: str
    subject: str
    mark: str | None
    comment: str | None
    ground: str | None


@dataclass(frozen=True, slots=True)
class ArchivedClass:
    """A class with its sheet and its marks of the term."""

    name: str
    sheet: SummarySheet
    marks: Sequence[ArchivedMark]


async def load_archived_classes(
    uow: UnitOfWork, actor: Actor, term: str, *, day: date, on: date, unmarked: frozenset[str]
) -> Sequence[ArchivedClass]:
    """The classes with students in the school year of `day`, by name.

    Raises TermOpenError unless the term is closed, NotAllowedError unless a deputy head asks.
    """
    access.require_access_role(actor, Role.DEPUTY_HEAD)
    year_id = await uow.year.year(day)
    if year_id is None or not is_term_closed(await uow.closings.closings(year_id), term):
        raise TermOpenError
    found = []
    for each in await load_sheet_classes(uow, actor, on=on):
        request = SheetRequest(each.id, on, day, unmarked)
        facts = await load_sheet_facts(uow, Everything(), request)
        if facts.members:
            found.append(ArchivedClass(each.name, await load_summary_sheet(uow, actor, request), _marks(facts, term)))
    return found


def _marks(facts: SheetFacts, term: str) -> Sequence[ArchivedMark]:
    """By student and subject; a mark that was annulled has no value and stays in the list."""
    names = {member.student_id: member.name for member in facts.members}
    key = term_key(term)
    marks = [
        ArchivedMark(
            names[history.mark.student_id],
            facts.school_class.name,
            facts.subjects[history.mark.subject_id],
            history.mark.value,
            history.versions[-1].comment if history.versions else None,
            history.versions[-1].ground if history.versions else None,
        )
        for history in facts.histories
        if term_key(history.mark.term) == key and history.mark.student_id in names
    ]
    return sorted(marks, key=lambda each: (each.student, each.subject))


async def record_term_archive(uow: UnitOfWork, actor: Actor, term: str, *, sha256: str, now: datetime) -> None:
    """Writes to the audit trail who archived which term, and the hash of the list of hashes; commits."""
    await uow.audit.write(actor, "term_archived", at=now, term=term, sha256=sha256)
    await uow.commit()
