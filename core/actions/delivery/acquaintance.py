"""Acquaintance with results: opened in a chat, or signed for on a printed sheet (Q72)."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

from core.errors import NotFoundError
from core.model.channels import PAPER
from core.model.delivery.acquaintance import Acquaintance, SignedSheet
from core.model.delivery.fact_names import exam_result_fact_name
from core.model.delivery.owed_results import OwedResult, WantedResults
from core.model.delivery.states import State, Status
from core.model.notices.facts import Notice
from core.model.notices.family import FinalMarkDeferred, FinalMarkSet
from core.model.people import Actor
from core.ports import UnitOfWork
from core.rules import access
from core.rules.delivery.evidence import RANK
from core.rules.delivery.steps import best_step_evidence
from core.rules.results.terms import term_key
from core.rules.year import first_day_of_year

_OVER = frozenset({State.SUPERSEDED, State.WAIVED})


@dataclass(frozen=True, slots=True)
class LoadedAcquaintanceRow:
    """What one person is told of one student: `results` are the last version of each."""

    student: str
    person: str
    results: tuple[OwedResult, ...]

    @property
    def must_sign(self) -> bool:
        """Whether one of the results was neither opened, confirmed nor signed for by the person."""
        return any(not _is_acquainted(each) for each in self.results)


@dataclass(frozen=True, slots=True)
class SheetContent:
    """Who was told of the results of a term or an exam, in one class or all that the actor leads."""

    about: str
    rows: tuple[LoadedAcquaintanceRow, ...]


def _is_acquainted(result: OwedResult) -> bool:
    """Whether the person themselves showed that they know it: more than that it was sent or handed out."""
    evidence = best_step_evidence(result)
    return evidence is not None and RANK[evidence] >= RANK[Status.REACHED]


async def record_acquaintance_by_opening(
    uow: UnitOfWork, reader: Actor, facts: Collection[str], *, closes: Mapping[str, Status], now: datetime
) -> int:
    """The reader opened these results in a chat: that is acquaintance under their own account (Q72).

    Returns how many obligations are acknowledged by it. The caller commits.
    """
    if reader.person_id is None or reader.channel is None:
        return 0
    ids = await uow.acquaintances.latest_obligations(reader.person_id, facts)
    seen = [Acquaintance(id_, Status.ACKNOWLEDGED, reader.channel, None, reader.person_id, now) for id_ in ids]
    added = await uow.acquaintances.add(seen, closes)
    if added:
        obligations = ",".join(map(str, ids))
        await uow.audit.write(reader, "result.opened", at=now, person=reader.person_id, obligations=obligations)
    return added


async def load_term_acquaintance_sheet(
    uow: UnitOfWork, actor: Actor, term: str, *, on: date, class_id: int | None = None
) -> SheetContent:
    """The sheet of a term's final marks. NotAllowedError for everybody but the office and class teachers."""
    key = term_key(term)
    return await _sheet(uow, actor, term, lambda owed: _term_of(owed.notice) == key, on=on, class_id=class_id)


async def load_exam_acquaintance_sheet(
    uow: UnitOfWork, actor: Actor, exam_id: int, *, about: str, on: date, class_id: int | None = None
) -> SheetContent:
    """The sheet of an exam or contest. Errors as in `load_term_acquaintance_sheet`.

    NotFoundError where nobody has a result.
    """
    found = await uow.exams.of_exam(exam_id, access.acquaintance_access_scope(actor, on=on), on=on)
    if not found:
        raise NotFoundError
    facts = {exam_result_fact_name(result.id) for _, result, _, _ in found}
    return await _sheet(uow, actor, about, lambda owed: owed.fact in facts, on=on, class_id=class_id)


def _term_of(notice: Notice) -> str | None:
    return term_key(notice.term) if isinstance(notice, FinalMarkSet | FinalMarkDeferred) else None


async def _sheet(
    uow: UnitOfWork, actor: Actor, about: str, is_meant: Callable[[OwedResult], bool], *, on: date, class_id: int | None
) -> SheetContent:
    scope = access.acquaintance_access_scope(actor, on=on)
    pupils = await uow.learning.pupils(scope, on=on, group_id=class_id)
    this_year = datetime.combine(first_day_of_year(on), time(), tzinfo=UTC) - timedelta(days=1)
    wanted = WantedResults(student_ids=frozenset(pupil.student_id for pupil in pupils), since=this_year)
    found = await uow.outbox.owed_results(scope, wanted)
    owed = [each for each in found if each.obligation.state not in _OVER and is_meant(each)]
    return SheetContent(about, tuple(_rows(_latest(owed))))


def _latest(owed: Sequence[OwedResult]) -> Sequence[OwedResult]:
    """The last version of each result for each person."""
    last: dict[tuple[str, int], OwedResult] = {}
    for each in sorted(owed, key=lambda result: result.obligation.id):
        last[each.fact, each.obligation.person_id] = each
    return list(last.values())


def _rows(owed: Sequence[OwedResult]) -> Sequence[LoadedAcquaintanceRow]:
    ordered = sorted(owed, key=_row_key)
    groups = ((key, tuple(results)) for key, results in groupby(ordered, key=_row_key))
    return [LoadedAcquaintanceRow(student, person, results) for (student, _, person, _), results in groups]


def _row_key(result: OwedResult) -> tuple[str, int, str, int]:
    return result.student, result.obligation.student_id or 0, result.person, result.obligation.person_id


async def number_acquaintance_sheet(
    uow: UnitOfWork, actor: Actor, content: SheetContent, *, now: datetime
) -> tuple[SignedSheet, Sequence[LoadedAcquaintanceRow]]:
    """Gives a number to a sheet of those who have to sign still, so that its lines can be ticked off. Commits."""
    rows = [row for row in content.rows if row.must_sign]
    lines = [[each.obligation.id for each in row.results] for row in rows]
    sheet = await uow.acquaintances.add_sheet(content.about, lines, by=actor.person_id, at=now)
    await uow.audit.write(actor, "sheet.made", at=now, sheet=sheet.number, lines=len(lines))
    await uow.commit()
    return sheet, rows


async def load_acquaintance_sheet_number(uow: UnitOfWork, sheet_id: int) -> str | None:
    """The number of a sheet; None where there is none with this id. It says nothing of anybody."""
    return await uow.acquaintances.number_of(sheet_id)


async def record_signed_acquaintance(
    uow: UnitOfWork,
    actor: Actor,
    number: str,
    lines: Collection[int],
    *,
    closes: Mapping[str, Status],
    now: datetime,
    on: date,
) -> int:
    """The persons of these lines signed; without lines all of the sheet did. Returns how many lines are new. Commits.

    NotFoundError for an unknown sheet or line, and for a sheet with a student whom the actor may not see.
    """
    sheet, known = await uow.acquaintances.sheet(number)
    by_line = {each.line: each.obligation_ids for each in known}
    signed = sorted(lines) or sorted(by_line)
    if actor.person_id is None or not by_line.keys() >= set(signed):
        raise NotFoundError
    await _require_opened(uow, actor, [by_line[line] for line in signed], on=on)
    added = 0
    for line in signed:
        new = [Acquaintance(id_, Status.SIGNED, PAPER, sheet.number, actor.person_id, now) for id_ in by_line[line]]
        added += bool(await uow.acquaintances.add(new, closes))
    await uow.audit.write(actor, "sheet.signed", at=now, sheet=number, lines=",".join(map(str, signed)))
    await uow.commit()
    return added


async def _require_opened(uow: UnitOfWork, actor: Actor, lines: Iterable[Collection[int]], *, on: date) -> None:
    scope = access.acquaintance_access_scope(actor, on=on)
    ids = frozenset(id_ for line in lines for id_ in line)
    found = await uow.outbox.owed_results(scope, WantedResults(ids=ids))
    if {each.obligation.id for each in found} != ids:
        raise NotFoundError
