"""Looks at what the school has brought in, and whether somebody works with it (Q132)."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime, timedelta

from bot.app import App
from bot.doctor.findings import Finding, doctor_channel_label, doctor_fault_finding, doctor_hint_finding
from bot.run.clock import NIGHTLY_JOBS, next_clock_wake_ups
from core.actions.imports import silence
from core.actions.job_runs import load_job_run_states
from core.actions.people.class_teachers import load_class_teacher_gaps
from core.actions.people.unrepresented import load_unrepresented_students
from core.actions.register.office.families import load_families_of_classes
from core.model.imports.reports import ReportKind
from core.model.people import OFFICE, SYSTEM
from core.model.register.families import PairState
from core.ports import UnitOfWork
from core.rules.delivery import timing
from core.rules.imports.subject_names import alike_subject_names
from core.rules.people.names import normal_name
from core.rules.register.families import working_family_channels

REPORTS = frozenset(map(str, ReportKind))
"""Kinds of imports that bring marks; one file may be of several, which are joined by «+»."""

STANDS_STILL = timedelta(minutes=15)
"""A schedule that did nothing for so long does not run: its jobs of the day wake every five minutes."""

AHEAD = timedelta(minutes=1)
"""An audit line this far in the future shows that our clock was put back."""

MOST_CLASSES = 10
"""Classes that are named in one line."""

LONGEST_NUMBER = 9
"""Figures of a person's number that every database holds."""

WITHOUT_IMPORT = 2
"""So many school days without an import of the journal are told."""

LONGEST_LOOK = 14
"""Days back in which school days are counted."""


async def doctor_school_findings(app: App) -> Sequence[Finding]:
    """All that the database shows; one transaction that only reads."""
    async with app.open_uow(reading=True) as uow:
        on = timing.local_date_of_time(app.clock(), app.policy)
        return [
            *await _clock(app, uow),
            *await _people(app, uow, on),
            *await _unserved(app, uow, on),
            *await _subjects(uow),
            *await _schedule(app, uow),
            *await _imports(app, uow, on),
        ]


async def _clock(app: App, uow: UnitOfWork) -> Sequence[Finding]:
    newest = await uow.audit.lines(limit=1)
    return [doctor_fault_finding("doctor.clock_back") for line in newest if line.at > app.clock() + AHEAD]


async def _people(app: App, uow: UnitOfWork, on: date) -> Sequence[Finding]:
    """Whether there are students, somebody who may act for the school, and a representative for each student."""
    students, alone = await load_unrepresented_students(uow, on=on)
    if not students:
        return [doctor_hint_finding("doctor.no_students")]
    found = (
        []
        if any([await uow.people.holders_of_role(role, on=on) for role in OFFICE])
        else [doctor_fault_finding("doctor.no_office")]
    )
    if alone:
        classes = Counter(entry.class_name for entry in alone)
        named = ", ".join(f"{name or '–'}: {count}" for name, count in sorted(classes.items())[:MOST_CLASSES])
        more = "…" if len(classes) > MOST_CLASSES else ""
        found.append(doctor_fault_finding("doctor.unrepresented", count=str(len(alone)), classes=named + more))
    return [*found, *await _desk(app, uow, on), *await _class_teachers(uow, on)]


async def _desk(app: App, uow: UnitOfWork, on: date) -> Sequence[Finding]:
    """Whether VESTNIK_DESK, a name or a number, is somebody who may act for the school."""
    who = app.settings.desk
    if not who:
        return []
    is_number = who.isdecimal() and len(who) <= LONGEST_NUMBER
    known = [int(who)] if is_number else [person.id for person in await uow.people.named({normal_name(who)})]
    may_act = any([await uow.people.roles(person_id, on=on) & OFFICE for person_id in known])
    return [] if may_act else [doctor_fault_finding("doctor.desk_nobody")]


async def _class_teachers(uow: UnitOfWork, on: date) -> Sequence[Finding]:
    """Classes that a misprint or a forgotten row of the staff list explains; a deputy head may stand in for a while."""
    unled, empty = await load_class_teacher_gaps(uow, on)
    return [
        doctor_hint_finding(key, classes=", ".join(names[:MOST_CLASSES]) + ("…" if names[MOST_CLASSES:] else ""))
        for key, names in (("doctor.no_class_teacher", unled), ("doctor.class_empty", empty))
        if names
    ]


async def _unserved(app: App, uow: UnitOfWork, on: date) -> Sequence[Finding]:
    """Channels that families have agreed to and the school has not set up, where nothing else reaches them."""
    stated = await load_families_of_classes(uow, SYSTEM, on=on, served=app.policy.served)
    unserved = {each.pair.person_id: each.pair for each in stated if each.state is PairState.NOT_SERVED}
    chosen = Counter(channel for pair in unserved.values() for channel in working_family_channels(pair))
    return [
        doctor_hint_finding(
            "doctor.unserved",
            channel=doctor_channel_label(channel),
            count=str(count),
            setting=app.settings.channel_setting(channel),
        )
        for channel, count in sorted(chosen.items())
    ]


async def _subjects(uow: UnitOfWork) -> Sequence[Finding]:
    """Two names that may be one subject: only a person can tell, so it is no fault."""
    pairs = alike_subject_names(await uow.year.subjects())
    return [
        doctor_hint_finding(
            "doctor.subjects_alike", one=one.name, other=other.name, keep=str(one.id), gone=str(other.id)
        )
        for one, other in pairs
    ]


async def _schedule(app: App, uow: UnitOfWork) -> Sequence[Finding]:
    """Whether `vestnik run` works and its jobs end well."""
    daily = [name for name in next_clock_wake_ups(app) if name not in NIGHTLY_JOBS]
    states = await load_job_run_states(uow, list(NIGHTLY_JOBS), daily, now=app.clock(), policy=app.policy)
    last = max((state.done_at for state in states if state.done_at), default=None)
    if last is None:
        return [doctor_hint_finding("doctor.schedule_never")]
    failed = sum(state.has_failed for state in states)
    return [
        *(
            [doctor_fault_finding("doctor.schedule_still", since=_moment(app, last))]
            if app.clock() - last > STANDS_STILL
            else []
        ),
        *([doctor_fault_finding("doctor.schedule_failed", count=str(failed))] if failed else []),
    ]


async def _imports(app: App, uow: UnitOfWork, on: date) -> Sequence[Finding]:
    """When the journal last came in, and whether school days have passed since."""
    if app.settings.marks != "journal":
        return []
    imports = await uow.imports.last_imports()
    last = max((at for kind, at in imports.items() if not REPORTS.isdisjoint(kind.split("+"))), default=None)
    if last is None:
        return [doctor_hint_finding("doctor.import_never")]
    missed = [day async for day in _school_days(uow, timing.local_date_of_time(last, app.policy), on)]
    told = doctor_fault_finding if len(missed) >= WITHOUT_IMPORT else doctor_hint_finding
    return [told("doctor.import_old" if missed else "doctor.import_last", at=_moment(app, last), days=str(len(missed)))]


async def _school_days(uow: UnitOfWork, last: date, on: date) -> AsyncIterator[date]:
    """The school days after the date of the last import and before today, at most two weeks back."""
    for back in range(1, min((on - last).days, LONGEST_LOOK)):
        day = on - timedelta(days=back)
        if await silence.has_lessons_for_silence(uow, day):
            yield day


def _moment(app: App, at: datetime) -> str:
    return f"{at.astimezone(app.settings.zone):%d.%m.%Y %H:%M}"
