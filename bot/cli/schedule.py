"""`vestnik schedule`: what the clock did and when, what comes next, what was missed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import ConsoleDesk, print_console_json
from core.actions.job_runs import load_job_run_states
from core.model.delivery.job_runs import JobRunState
from core.ports import UnitOfWork

if TYPE_CHECKING:
    from bot.app import App

MOST_NIGHTS = 3
"""Missed nights that are written out; of more the number."""


def show_schedule_command(context: typer.Context, *, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Show when each periodic job last ended well, when it is next, and which nights it missed."""
    from bot.run.clock import NIGHTLY_JOBS, next_clock_wake_ups  # noqa: PLC0415  # APScheduler: 0.02 s

    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork) -> tuple[Sequence[JobRunState], Mapping[str, datetime]]:
        nexts = next_clock_wake_ups(app)
        daily = [name for name in nexts if name not in NIGHTLY_JOBS]
        states = await load_job_run_states(uow, list(NIGHTLY_JOBS), daily, now=app.clock(), policy=app.policy)
        return states, nexts

    states, nexts = desk.run_read(work)
    if as_json:
        print_console_json([_facts(each, nexts[each.job]) for each in states])
        return
    if all(each.done_at is each.failed_at is None for each in states):
        desk.print_message("schedule.not_begun")
    else:
        wanting = sum(each.is_due or each.has_failed for each in states)
        desk.print_message("schedule.wanting" if wanting else "schedule.well", wanting or None)
    rows = [_row(desk, each, nexts[each.job]) for each in states]
    desk.print_table("schedule.title", ("job", "last_done", "next_run", "state", "missed_nights"), rows)


def _facts(state: JobRunState, next_at: datetime) -> Mapping[str, object]:
    return {
        "job": state.job,
        "done_at": state.done_at.isoformat() if state.done_at else None,
        "failed_at": state.failed_at.isoformat() if state.failed_at else None,
        "next_at": next_at.isoformat(),
        "is_due": state.is_due,
        "missed": [night.isoformat() for night in state.missed],
    }


def _row(desk: ConsoleDesk, state: JobRunState, next_at: datetime) -> Sequence[object]:
    done_at = f"{state.done_at.astimezone(desk.settings.zone):%d.%m.%Y %H:%M}" if state.done_at else "–"
    named = desk.t(f"schedule.job.{state.job}")
    return (named, done_at, f"{next_at:%d.%m.%Y %H:%M}", _standing(desk, state), _missed(desk, state))


def _standing(desk: ConsoleDesk, state: JobRunState) -> str:
    if state.has_failed:
        return desk.t("schedule.failed")
    if state.is_due and state.done_at is not None:
        return desk.t("schedule.due")
    return desk.t("schedule.done" if state.done_at else "schedule.never")


def _missed(desk: ConsoleDesk, state: JobRunState) -> str:
    if len(state.missed) > MOST_NIGHTS:
        return desk.t("schedule.nights", len(state.missed))
    return ", ".join(f"{night:%d.%m}" for night in state.missed)
