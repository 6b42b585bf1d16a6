"""Imports final marks of whole classes, all of a set or nothing (Q101, R6)."""

from collections.abc import Sequence
from datetime import date, datetime

from core.actions.imports.finals_writer import FinalsCounts, FinalsTally, FinalsWriter, match_finals_students
from core.actions.imports.import_results import IMPORT_LEASE, ImportResult, build_import_result
from core.actions.imports.staging import retry_staged_import
from core.errors import ConflictError
from core.model.imports.reports import ReadFile
from core.model.people import Actor, Role
from core.ports import UnitOfWork
from core.rules import access
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.people.matching import MatchingRoll

FinalsResult = ImportResult[FinalsCounts]


async def import_final_results(
    uow: UnitOfWork,
    actor: Actor,
    files: Sequence[ReadFile],
    *,
    now: datetime,
    policy: Policy,
    made_in: str = "journal",
    check_only: bool = False,
) -> FinalsResult:
    """Writes what is new in a set of final marks; the same set again changes nothing.

    A mark of the current year opens an obligation of 24 hours; history is told to nobody (`is_news`). A mark of a first
    grade is refused (Q26), another mark in a closed term (Q67) too, and so is another mark of the current year where
    marks are made in the bot (`made_in`). With `check_only` nothing is written.
    """
    access.require_access_role(actor, Role.SECRETARY, Role.DEPUTY_HEAD)
    today = timing.local_date_of_time(now, policy)

    async def attempt() -> FinalsResult:
        await uow.begin_aside()
        await uow.leases.hold(IMPORT_LEASE)
        before = await _read_state(uow, today)
        tallies = [FinalsTally(file, FinalsCounts()) for file in files]
        writer = await _stage_set(uow, actor, tallies, now=now, today=today, made_in=made_in)
        result = build_import_result(tallies)
        if result.ok and not check_only:
            await uow.begin_writing()
            if await _read_state(uow, today) != before or await writer.was_overtaken():
                raise ConflictError
            await writer.write()
            await uow.commit()
        return result

    return await retry_staged_import(uow, attempt)


async def _read_state(uow: UnitOfWork, today: date) -> object:
    """The state that a set is compared with; equal states mean that nobody has changed it."""
    return await uow.staged.seen(), await uow.people.roll(today)


async def _stage_set(
    uow: UnitOfWork, actor: Actor, tallies: Sequence[FinalsTally], *, now: datetime, today: date, made_in: str
) -> FinalsWriter:
    """Compares all marks of a set, so that everything is told at once; stages them where nothing is wrong."""
    named = match_finals_students(tallies, MatchingRoll(await uow.people.roll(today)), today=today)
    writer = await FinalsWriter.open(uow, actor, tallies, named, now=now, today=today, made_in=made_in)
    await writer.stage()
    return writer
