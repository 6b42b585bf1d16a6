"""Periodic jobs. APScheduler only wakes them; our own tables decide whether a job runs today."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Protocol

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from bot.anchor import log_anchor_head
from bot.nightly_copies import check_newest_nightly_copy, write_nightly_copy
from bot.paper import weekly_batches
from bot.run import bounced_mail
from bot.run.clock_jumps import ClockJumps
from bot.run.job_runs import Job, run_job_at_start, run_job_each_night, run_job_today
from bot.run.supervision import sleep_under_supervision, supervise_part
from core.actions import restoring
from core.actions.delivery import obligations, receipts
from core.actions.forecast import sending as forecasts
from core.actions.imports import silence
from core.actions.paper import queue, weekly
from core.actions.people import coming_of_age, endings, waiting_contacts
from core.actions.register import erasures
from core.actions.register.office import consent_reminders
from core.actions.results import deferrals
from core.actions.results.term_end import finished_terms
from core.actions.schoolwork import reminders
from core.actions.timetable import morning_changes
from core.errors import MustBeMendedError
from core.model.people import SYSTEM
from core.ports import UnitOfWork
from core.rules.delivery import timing
from core.rules.delivery.nights import NIGHT
from core.rules.delivery.timing import Policy

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger()

NIGHTLY = {"hour": NIGHT.hour, "minute": NIGHT.minute}

AT_EVERY_START = frozenset({"verify"})
"""Nightly jobs that also run whenever the clock starts: results and obligations are compared (Q71)."""

EVERY_FIVE_MINUTES = {"minute": "*/5"}
"""The delay of a reminder behind its hour, and of the next channel after a bounce."""

EVERY_QUARTER = {"minute": "*/15"}

# coalesce: missed runs are run once; misfire_grace_time None: a late run still counts
OPTIONS = {"trigger": "cron", "coalesce": True, "misfire_grace_time": None, "max_instances": 1}

NAMED = 10
"""How many of a school's facts a line of the log names."""

SECOND_LOOK = 1.0
"""Seconds until a difference of results and obligations is looked for again."""

CHECK_EVERY = 1.0
"""Seconds between two checks of the clock."""


async def run_clock_jobs(app: "App", *, stopping: asyncio.Event) -> None:
    """Run the periodic jobs until told to stop; a missed wake-up runs as soon as it can, once.

    Each job is also asked for at the start, since the machine may have been off when it was due. A failed job is
    restarted after a pause (Q120). SettingsError where the return mailbox's URL is wrong.
    """
    scheduler = AsyncIOScheduler(timezone=app.settings.zone)

    ended: list[MustBeMendedError] = []
    running: set[asyncio.Task[None] | None] = set()

    async def begin(name: str, job: Job) -> None:
        running.add(task := asyncio.current_task())
        try:
            await supervise_part(name, partial(job, app), stopping=stopping)
        except MustBeMendedError as error:  # APScheduler would only log it
            ended.append(error)
        finally:
            running.discard(task)

    def every(fields: Mapping[str, int | str], name: str, job: Job) -> None:
        at_once = datetime.now(app.settings.zone)
        today = partial(run_job_today, name=name, job=job)
        scheduler.add_job(begin, args=[name, today], next_run_time=at_once, **fields, **OPTIONS)

    for name, job in NIGHTLY_JOBS.items():
        run = run_job_at_start if name in AT_EVERY_START else run_job_each_night
        at_once = partial(run, name=name, job=job, stopping=stopping)
        scheduler.add_job(begin, args=[name, at_once], misfire_grace_time=None)
        night = partial(run_job_each_night, name=name, job=job, stopping=stopping)
        scheduler.add_job(begin, args=[name, night], **NIGHTLY, **OPTIONS)
    for fields, name, job in daily_clock_jobs(app):
        every(fields, name, job)
    scheduler.start()
    try:
        await _replan_after_jumps(scheduler, ClockJumps(app.clock, app.ticks), ended, stopping=stopping)
    finally:
        scheduler.shutdown(wait=False)  # cancels the jobs; their transactions end before the database is closed
        await asyncio.gather(*filter(None, running), return_exceptions=True)


def daily_clock_jobs(app: "App") -> Iterator[tuple[Mapping[str, int | str], str, Job]]:
    """The jobs of the day with their hours. SettingsError where the return mailbox's URL is wrong."""
    yield EVERY_QUARTER, "warn", warn_lateness_by_clock
    yield EVERY_QUARTER, "term_results", _tell_finished_terms
    yield EVERY_QUARTER, "forecast", _tell_forecasts
    yield EVERY_QUARTER, "silence", _warn_of_silence
    yield EVERY_QUARTER, "extracts", weekly_batches.queue_weekly_batches
    yield EVERY_QUARTER, "print", weekly_batches.print_weekly_batches
    yield EVERY_QUARTER, "pages_left", _counting_job(weekly.tell_of_weekly_leftovers, "schedule.pages_left")
    yield EVERY_FIVE_MINUTES, "pages", _counting_job(queue.announce_queued_pages, "schedule.pages")
    yield EVERY_FIVE_MINUTES, "announce", announce_changes_by_clock
    yield EVERY_FIVE_MINUTES, "remind", remind_schoolwork_by_clock
    mailbox = bounced_mail.mailbox_for_bounces(app.settings)
    if mailbox is not None:
        yield EVERY_FIVE_MINUTES, "returns", partial(bounced_mail.collect_bounced_mail, mailbox=mailbox)


def next_clock_wake_ups(app: "App") -> Mapping[str, datetime]:
    """When each job is woken next while the schedule runs: nightly jobs first, then those of the day."""
    zone, now = app.settings.zone, app.clock()
    fields = dict.fromkeys(NIGHTLY_JOBS, NIGHTLY) | {name: each for each, name, _ in daily_clock_jobs(app)}
    return {name: CronTrigger(timezone=zone, **each).get_next_fire_time(None, now) for name, each in fields.items()}


async def _replan_after_jumps(
    scheduler: AsyncIOScheduler, jumps: ClockJumps, ended: Sequence[MustBeMendedError], *, stopping: asyncio.Event
) -> None:
    """Wait until told to stop, or until a job ends with an error that a person must mend.

    After a jump of the clock all jobs are planned again; after a jump back they would wait for the old time.
    """
    while not stopping.is_set():
        if ended:
            raise ended[0]
        if jumps.look():
            for job in scheduler.get_jobs():
                job.modify(next_run_time=job.trigger.get_next_fire_time(None, datetime.now(scheduler.timezone)))
        await sleep_under_supervision(CHECK_EVERY, stopping)


class CountingAction(Protocol):
    """An action of one transaction that returns how many persons or facts it was about."""

    async def __call__(self, uow: UnitOfWork, /, *, now: datetime, policy: Policy) -> int: ...


def _counting_job(act: CountingAction, event: str) -> Job:
    """The job that does this in one transaction, and logs the count where it is not 0."""

    async def run(app: "App") -> None:
        async with app.open_uow() as uow:
            count = await act(uow, now=app.clock(), policy=app.policy)
        if count:
            log.info(event, count=count)

    return run


async def verify_obligations_by_clock(app: "App") -> None:
    """Compare published results with obligations, each night and at each start (Q71).

    A difference is our error, and the deputy head is told. One that a second look does not find was written meanwhile.
    """
    async with app.open_uow(reading=True) as uow:
        first = frozenset(await obligations.verify_obligations(uow, policy=app.policy))
    if not first:
        return
    await asyncio.sleep(SECOND_LOOK)
    async with app.open_uow(reading=True) as uow:
        differences = [each for each in await obligations.verify_obligations(uow, policy=app.policy) if each in first]
    if differences:
        log.error("obligations.differ", count=len(differences), facts=[each.fact for each in differences[:NAMED]])
        async with app.open_uow() as uow:
            await obligations.warn_of_obligation_differences(uow, differences, now=app.clock(), policy=app.policy)


async def _tell_finished_terms(app: "App") -> None:
    """Tell families that all final marks of a term are there; the search holds no write lock."""
    now, policy = app.clock(), app.settings.results_policy()
    on = timing.local_date_of_time(now, app.policy)
    async with app.open_uow(reading=True) as uow:
        if not await finished_terms.find_finished_terms(uow, policy=policy, on=on):
            return
    async with app.open_uow() as uow:
        count = await finished_terms.tell_finished_terms(uow, policy=policy, now=now, on=on)
    log.info("schedule.term_results", count=count)


async def _erase_withdrawn_contacts(app: "App") -> None:
    """Destroy contact data whose 30 days are over, and tell the secretary of those that have five days left (Q10)."""
    from storage.database.purging import purge_deleted_data  # noqa: PLC0415  # SQLAlchemy: 0.15 s

    now, policy = app.clock(), app.policy
    async with app.open_uow() as uow:
        await erasures.remind_of_erasures(uow, now=now, policy=policy)
    async with app.open_uow() as uow:
        until = timing.local_date_of_time(now, policy)
        done = await erasures.erase_due_contacts(uow, SYSTEM, until=until, now=now, policy=policy)
    if done:
        is_purged = await purge_deleted_data(app.engine)
        log.info("schedule.erased", persons=len(done), purged=is_purged)


async def _remind_of_consents(app: "App") -> None:
    """Remind the secretary and whoever signed of consents that expire soon (Q7)."""
    remind = partial(consent_reminders.remind_of_expiring_consents, before=app.settings.consent_reminder)
    await _counting_job(remind, "schedule.consents")(app)


NIGHTLY_JOBS: Mapping[str, Job] = {
    "verify": verify_obligations_by_clock,
    "reach": weekly_batches.verify_weekly_batches,
    "endings": _counting_job(endings.waive_after_ending, "schedule.let_go"),
    "deferrals": _counting_job(deferrals.remind_of_deferrals, "schedule.deferrals"),
    "consents": _remind_of_consents,
    "erasures": _erase_withdrawn_contacts,
    "contacts": _counting_job(waiting_contacts.tell_of_waiting_contacts, "schedule.contacts"),
    "of_age": _counting_job(coming_of_age.warn_of_coming_of_age, "schedule.of_age"),
    "anchor": log_anchor_head,
    "backup": write_nightly_copy,
    "restore_check": check_newest_nightly_copy,
}


async def warn_lateness_by_clock(app: "App") -> None:
    """Warn of results that are nearly late, and of a channel that rejects messages, in time to act (Q75)."""
    async with app.open_uow() as uow:
        rejected = await receipts.warn_of_rejection_receipts(uow, now=app.clock(), policy=app.policy)
    for channel, contacts in rejected.items():
        log.error("channel.rejects_messages", channel=channel, contacts=contacts)
    async with app.open_uow() as uow:
        untold = await obligations.warn_of_late_obligations(uow, now=app.clock(), policy=app.policy)
    await _warn_of_held(app)
    if untold:
        log.warning("obligations.nearly_late", count=len(untold), ids=[each.id for each in untold[:NAMED]])


async def _warn_of_silence(app: "App") -> None:
    """Warn the deputy head of a school day without marks, from the school's hour on (Q107)."""
    now, by = app.clock(), app.settings.marks_by
    async with app.open_uow(reading=True) as uow:
        if not await silence.is_import_silence_due(uow, by=by, now=now, policy=app.policy):
            return
    async with app.open_uow() as uow:
        if await silence.warn_of_import_silence(uow, by=by, now=now, policy=app.policy):
            log.warning("schedule.no_marks")


async def _warn_of_held(app: "App") -> None:
    """Log what a restore has held, until a person has decided about it (Q124)."""
    async with app.open_uow(reading=True) as uow:
        held = await restoring.count_held_after_restore(uow)
    if held:
        log.warning("restore.held", count=sum(each.count for each in held.kinds), broadcasts=held.broadcasts)


async def announce_changes_by_clock(app: "App") -> None:
    """In the morning, announce today's lesson changes that nobody announced; the claim commits with them (Q17)."""
    now = app.clock()
    if not morning_changes.is_morning_for_changes(now, app.policy):
        return
    async with app.open_uow() as uow:
        told = await morning_changes.announce_morning_changes(uow, now=now, policy=app.policy)
    if told:
        log.info("schedule.announced", notices=told)


async def remind_schoolwork_by_clock(app: "App") -> None:
    """At the hours that people chose, remind of homework and control works; the claim commits with them (Q19, Q23)."""
    now = app.clock()
    async with app.open_uow(reading=True) as uow:
        hours = await reminders.load_schoolwork_reminder_hours(uow, now=now, policy=app.policy)
    for hour in hours:
        async with app.open_uow() as uow:
            told = await reminders.publish_schoolwork_reminders(uow, hour, now=now, policy=app.policy)
        if told:
            log.info("schedule.reminded", notices=told)


async def _tell_forecasts(app: "App") -> None:
    """On the school's weekday and two weeks before a term ends, tell families where marks are heading (Q47)."""
    now, results = app.clock(), app.settings.results_policy()
    async with app.open_uow(reading=True) as uow:
        call = await forecasts.load_due_forecast_sending(uow, now=now, policy=app.policy)
    if call is not None and (told := await forecasts.send_due_forecasts(app.open_uow, call, now=now, results=results)):
        log.info("schedule.forecasts", notices=told)
