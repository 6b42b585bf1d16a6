"""What families look up of the journal: marks, absences, debts, averages; and «Прочитано» under a push (Q13, Q72)."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from bot.documents import charts
from bot.handlers.doors import KNOWN, Ask, Behind, Door, Visit
from bot.handlers.lookups import lookup
from bot.questions.model import Intent
from bot.screens import forecast as forecast_screens
from bot.screens.frame import Frame, Look
from bot.screens.marks import absences_and_debts
from bot.screens.marks import lookup as screens
from bot.screens.results import lookup as result_screens
from bot.screens.screen import Screen, Toast
from core.actions import year as year_actions
from core.actions.delivery import receipts
from core.actions.marks import class_average, gradebook
from core.actions.marks import lookup as marks_lookup
from core.model.marks.entries import EntryKind
from core.model.people import Actor
from core.rules import access, year
from core.rules.conversation.buttons import MARKS, READ, SUBJECT


async def acknowledge(visit: Visit, ask: Ask) -> Toast:
    """«Прочитано»: the strongest evidence that a chat gives; of whom of the chat, the message itself says."""
    (attempt_id,) = ask.numbers

    async def acknowledged(reader: Actor) -> bool:
        closes, now = visit.school.closes, visit.now
        return await receipts.acknowledge(visit.uow, reader, attempt_id, closes=closes, now=now)

    await visit.first_found(acknowledged)
    return Toast(visit.t("marks.acknowledged"), drop_button=True)


async def marks(visit: Visit, frame: Frame) -> Screen:
    """Day by day; a question about a subject gets the subject."""
    if frame.subject is not None:
        return await _subject(visit, frame, frame.subject)
    return screens.days(frame, await _entries(visit, frame))


async def _subject(visit: Visit, frame: Frame, name: str) -> Screen:
    """One subject in full."""
    finals = [final for final, _ in await _finals(visit, frame) if final.subject_id == frame.look.subject_id]
    changes = [change for change in await _changes(visit, frame) if change.subject_id == frame.look.subject_id]
    return screens.subject(frame, name, await _asked(visit, frame), finals, changes, visit.school.thresholds)


async def results(visit: Visit, frame: Frame) -> Screen:
    """A reporting period by subjects, the present one unless another was chosen."""
    periods = await visit.uow.year.periods(visit.today)
    current = await year_actions.period(visit.uow, on=visit.today)
    if frame.look.since is None and current is not None:
        frame = frame.within(current.starts_on, current.ends_on)
    return result_screens.results(frame, await _entries(visit, frame), await _finals(visit, frame), periods)


async def changes(visit: Visit, frame: Frame) -> Screen:
    """What was corrected or taken back."""
    return screens.changed(frame, await _changes(visit, frame))


async def absences(visit: Visit, frame: Frame) -> Screen:
    """Apart from marks (Q27)."""
    return absences_and_debts.absences(frame, await _entries(visit, frame))


async def debts(visit: Visit, frame: Frame) -> Screen:
    """Open work (Q28)."""
    return absences_and_debts.debts(frame, await _entries(visit, frame))


async def forecast(visit: Visit, frame: Frame) -> Screen:
    """The averages of the present period, exact; of one subject where one was asked about."""
    period = await year_actions.period(visit.uow, on=visit.today)
    if period is not None:
        frame = frame.within(period.starts_on, period.ends_on)
    return forecast_screens.forecast(frame, await _asked(visit, frame), period.name if period else None)


async def chart(visit: Visit, frame: Frame) -> Screen:
    """A subject's marks over time, or the averages of all subjects, as a picture; without marks the words."""
    entries = [each for each in await _asked(visit, frame) if each[0].kind is EntryKind.SCORE]
    if not entries:
        return await (results if frame.subject is None else marks)(visit, frame)
    of_class = await _class_averages(visit, frame)
    if frame.subject is not None:
        scores = [entry for entry, _ in entries]
        class_mean = of_class.get(frame.look.subject_id)
        picture = charts.marks_over_time(frame.subject, scores, visit.t, class_mean=class_mean)
        return screens.pictured(frame, picture, frame.subject)
    subjects = screens.by_subject(entries)
    class_means = {name: of_class[found[0].subject_id] for name, found in subjects if found[0].subject_id in of_class}
    return screens.pictured(frame, charts.averages(subjects, visit.t, class_means=class_means), None)


def of_subject(numbers: Sequence[int]) -> Look:
    """A button under a notice begins with the child and the subject."""
    match numbers:
        case (child_id, subject_id):
            return Look(child_id, subject_id=subject_id)
        case _:
            return Look.of(numbers)


async def _entries(visit: Visit, frame: Frame) -> screens.Entries:
    """Of the look's dates, else this school year's."""
    since, until = _dates(visit, frame)
    return await marks_lookup.marks(
        visit.uow, visit.reader, student_id=frame.child.id, since=since, until=until, on=visit.today
    )


async def _asked(visit: Visit, frame: Frame) -> screens.Entries:
    """Those of the look's subject, if it has one."""
    return [each for each in await _entries(visit, frame) if frame.look.subject_id in {0, each[0].subject_id}]


async def _changes(visit: Visit, frame: Frame) -> screens.Changes:
    since, until = _dates(visit, frame)
    return await gradebook.changes(
        visit.uow, visit.reader, student_id=frame.child.id, since=since, until=until, on=visit.today
    )


async def _class_averages(visit: Visit, frame: Frame) -> Mapping[int, Fraction]:
    """Where the school lets them be compared with."""
    if not visit.school.class_average:
        return {}
    since, until = _dates(visit, frame)
    return await class_average.class_averages(
        visit.uow, visit.reader, student_id=frame.child.id, since=since, until=until, on=visit.today
    )


async def _finals(visit: Visit, frame: Frame) -> result_screens.Finals:
    year_id = await visit.uow.year.year(visit.today)
    scope = access.family(visit.reader, on=visit.today)
    return await visit.uow.results.finals(frame.child.id, scope, year_id=year_id) if year_id else ()


def _dates(visit: Visit, frame: Frame) -> tuple[date, date]:
    since, until = frame.look.since, frame.look.until
    return (since, until) if since and until else (year.first_day(visit.today), visit.today)


DOORS = (
    Door(READ, acknowledge, KNOWN, Behind.RECORD, writes=True, discreet=True, joint=True),
    lookup(MARKS, marks, command="marks", intent=Intent.MARKS),
    lookup(SUBJECT, marks, begin=of_subject),
    lookup(screens.RESULTS, results),
    lookup(screens.CHANGES, changes),
    lookup(screens.CHART, chart),
)

STANDING = (
    lookup(absences_and_debts.ABSENCES, absences, command="absences"),
    lookup(absences_and_debts.DEBTS, debts, command="debts"),
    lookup(forecast_screens.FORECAST, forecast, command="forecast", intent=Intent.FORECAST),
)
