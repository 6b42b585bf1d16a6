"""What happens by the clock: APScheduler only wakes; whether a job runs today is decided by our own tables."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import structlog

from bot.anchor import log_head
from bot.run import bounced_mail
from bot.run.clock_jumps import Jumps
from bot.run.supervision import rest, supervise
from core.actions import restoring
from core.actions.delivery import obligations
from core.actions.people import endings
from core.actions.schoolwork import reminders
from core.actions.timetable import morning_changes
from core.errors import MustBeMendedError
from core.rules.delivery import timing

if TYPE_CHECKING:
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

    from bot.app import App

log = structlog.get_logger()

Job = Callable[["App"], Awaitable[None]]

NIGHTLY = {"hour": 3, "minute": 30}
"""Outside the hour that summer time skips or repeats."""

EVERY_FIVE_MINUTES = {"minute": "*/5"}
"""How late a reminder may be for its hour, and the next channel after mail that came back."""

EVERY_QUARTER = {"minute": "*/15"}

OPTIONS = {"trigger": "cron", "coalesce": True, "misfire_grace_time": None, "max_instances": 1}

LOOK = 1.0
"""Seconds between two looks at the clock."""


async def keep_time(app: "App", *, stopping: asyncio.Event) -> None:
    """Run the periodic jobs until told to stop; a missed wake-up runs as soon as it can, once.

    A job that fails is begun anew after a pause (Q120). SettingsError where the return mailbox's URL is wrong.
    """
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

    scheduler = AsyncIOScheduler(timezone=app.settings.zone)

    ended: list[MustBeMendedError] = []

    async def begin(name: str, job: Job) -> None:
        try:
            await supervise(name, partial(job, app), stopping=stopping)
        except MustBeMendedError as error:  # APScheduler would keep it to itself
            ended.append(error)

    def every(fields: Mapping[str, int | str], name: str, job: Job) -> None:
        scheduler.add_job(begin, args=[name, job], **fields, **OPTIONS)

    every(NIGHTLY, "verify", partial(once_a_day, name="verify", job=verify, stopping=stopping))
    every(NIGHTLY, "endings", partial(once_a_day, name="endings", job=obey_endings, stopping=stopping))
    every(NIGHTLY, "anchor", partial(once_a_day, name="anchor", job=log_head, stopping=stopping))
    every(EVERY_QUARTER, "warn", warn)
    every(EVERY_FIVE_MINUTES, "announce", announce)
    every(EVERY_FIVE_MINUTES, "remind", remind)
    mailbox = bounced_mail.mailbox_of(app.settings)
    if mailbox is not None:
        every(EVERY_FIVE_MINUTES, "returns", partial(bounced_mail.collect, mailbox=mailbox))
    scheduler.start()
    try:
        await _watch(scheduler, Jumps(app.clock, app.ticks), ended, stopping=stopping)
    finally:
        scheduler.shutdown(wait=False)


async def _watch(
    scheduler: "AsyncIOScheduler", jumps: Jumps, ended: Sequence[MustBeMendedError], *, stopping: asyncio.Event
) -> None:
    """Until told to stop, or what a person must mend has ended a job.

    A clock that was put back does not keep the jobs waiting for the moment that it had told them.
    """
    while not stopping.is_set():
        if ended:
            raise ended[0]
        if jumps.look():
            for job in scheduler.get_jobs():
                job.modify(next_run_time=job.trigger.get_next_fire_time(None, datetime.now(scheduler.timezone)))
        await rest(LOOK, stopping)


async def once_a_day(app: "App", name: str, job: Job, *, stopping: asyncio.Event) -> None:
    """The first process that claims the job's local date runs it; restarts and a second process do not repeat it.

    Once claimed it is this process's to end, whatever it meets.
    """
    on = timing.local_date(app.clock(), app.policy)
    async with app.open_uow() as uow:
        is_ours = await uow.leases.claim_run(name, on)
        await uow.commit()
    if is_ours:
        await supervise(name, partial(job, app), stopping=stopping)


async def verify(app: "App") -> None:
    """Published results against obligations: a difference is an error of ours (Q71)."""
    async with app.open_uow(reading=True) as uow:
        differences = await obligations.verify_obligations(uow, policy=app.policy)
    if differences:
        log.error("obligations.differ", count=len(differences), facts=[difference.fact for difference in differences])


async def obey_endings(app: "App") -> None:
    """Whose last day has come is owed nothing any more (Q127)."""
    async with app.open_uow() as uow:
        over = await endings.waive_after_last_day(uow, now=app.clock(), policy=app.policy)
    if over:
        log.info("schedule.let_go", pairs=over)


async def warn(app: "App") -> None:
    """What is about to be late, and a channel out of order, while something can still be done (Q75)."""
    async with app.open_uow() as uow:
        rejected = await obligations.warn_of_rejections(uow, now=app.clock(), policy=app.policy)
    for channel, contacts in rejected.items():
        log.error("channel.rejects_messages", channel=channel, contacts=contacts)
    async with app.open_uow() as uow:
        untold = await obligations.warn_of_untold_results(uow, now=app.clock(), policy=app.policy)
    await _warn_of_held(app)
    if untold:
        log.warning("obligations.nearly_late", count=len(untold), ids=[each.id for each in untold])


async def _warn_of_held(app: "App") -> None:
    """What was held after a restore waits for a person, so it is said until somebody has decided (Q124)."""
    async with app.open_uow(reading=True) as uow:
        held = await restoring.held_numbers(uow)
    if held:
        log.warning("restore.held", count=sum(each.count for each in held.kinds), broadcasts=held.broadcasts)


async def announce(app: "App") -> None:
    """In the morning the changes of today's lessons that nobody announced; claimed with its notices (Q17)."""
    now = app.clock()
    if not morning_changes.is_morning(now, app.policy):
        return
    async with app.open_uow() as uow:
        told = await morning_changes.announce_changes(uow, now=now, policy=app.policy)
    if told:
        log.info("schedule.announced", notices=told)


async def remind(app: "App") -> None:
    """At each hour that somebody chose, homework and control works; claimed with their notices (Q19, Q23)."""
    now = app.clock()
    async with app.open_uow(reading=True) as uow:
        hours = await reminders.hours_come(uow, now=now, policy=app.policy)
    for hour in hours:
        async with app.open_uow() as uow:
            told = await reminders.publish_reminders(uow, hour, now=now, policy=app.policy)
        if told:
            log.info("schedule.reminded", notices=told)
