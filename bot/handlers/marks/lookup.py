"""What families look up of marks: day by day, subject by subject, absences, debts, charts (Q13, Q27, Q28)."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from bot.documents import charts
from bot.handlers.doors import Visit
from bot.handlers.lookups import asked_dates, asked_entries, entries_in_dates, lookup_door, reporting_period_of
from bot.handlers.results.lookup import final_marks_of, look_up_named_term, look_up_results, record_opened
from bot.handlers.spans import reporting_periods_of
from bot.questions.model import Asked, Intent
from bot.screens.frame import Frame, Look
from bot.screens.marks import absences_and_debts, first_line
from bot.screens.marks import lookup as screens
from bot.screens.screen import Screen
from core.actions.marks import class_average
from core.actions.marks import lookup as marks_lookup
from core.model.marks.entries import EntryKind
from core.model.year import ReportingPeriod
from core.rules.conversation.buttons import MARKS, SUBJECT


async def look_up_marks(visit: Visit, frame: Frame) -> Screen:
    """Marks day by day, of one subject if the look has one, or of the term that a question names."""
    question = frame.question
    if question is not None and (question.marks or question.work or question.asked is Asked.WHY):
        return await _asked_marks(visit, frame)
    if question is not None and question.asked is Asked.AVERAGE:
        return await _average(visit, frame)
    if frame.subject is not None:
        entries = await asked_entries(visit, frame)
        return first_line.with_marks_answer(frame, await _subject(visit, frame, frame.subject), entries)
    if frame.look.term is not None:
        return await look_up_named_term(visit, frame)
    entries = await entries_in_dates(visit, frame)
    return first_line.with_marks_answer(frame, screens.marks_by_day(frame, entries), entries)


async def _asked_marks(visit: Visit, frame: Frame) -> Screen:
    """Only the marks that the question names, «двойки», «за контрольную»; all where there is none of them."""
    entries = await asked_entries(visit, frame)
    asked = first_line.asked_marks(frame, entries)
    line = first_line.marks_answer(frame, asked)
    return frame.answered(line, screens.marks_by_day(frame, asked or entries))


async def _average(visit: Visit, frame: Frame) -> Screen:
    """The average of one subject, or of each subject of the term."""
    if frame.subject is None:
        return await look_up_named_term(visit, frame)
    entries, period = await asked_entries(visit, frame), await _shown_period(visit, frame)
    screen = await _subject(visit, frame, frame.subject)
    return frame.answered(first_line.average_answer(frame, entries, period), screen)


async def _shown_period(visit: Visit, frame: Frame) -> ReportingPeriod | None:
    """The reporting period of the look's dates, the present one without dates; None where the dates are no period's."""
    if frame.look.since is None:
        return await reporting_period_of(visit, frame)
    dates = (frame.look.since, frame.look.until)
    periods = await reporting_periods_of(visit, frame.child.id)
    return next((each for each in periods if (each.starts_on, each.ends_on) == dates), None)


async def _subject(visit: Visit, frame: Frame, name: str) -> Screen:
    """One subject in full."""
    finals = [final for final, _ in await final_marks_of(visit, frame) if final.subject_id == frame.look.subject_id]
    record_opened(visit, finals)
    changes = [change for change in await _changes(visit, frame) if change.subject_id == frame.look.subject_id]
    return screens.marks_of_subject(
        frame, name, await asked_entries(visit, frame), finals, changes, visit.school.results.thresholds,
        await _shown_period(visit, frame),
    )  # fmt: skip


async def look_up_corrected_marks(visit: Visit, frame: Frame) -> Screen:
    """Corrections and withdrawals."""
    return screens.corrected_marks(frame, await _changes(visit, frame))


async def look_up_absences(visit: Visit, frame: Frame) -> Screen:
    """Absences, which are shown apart from marks (Q27)."""
    entries = await asked_entries(visit, frame)
    return frame.answered(first_line.absences_answer(frame, entries), absences_and_debts.absences(frame, entries))


async def look_up_debts(visit: Visit, frame: Frame) -> Screen:
    """Work that was not handed in (Q28)."""
    entries = await asked_entries(visit, frame)
    return frame.answered(first_line.debts_answer(frame, entries), absences_and_debts.debts(frame, entries))


async def look_up_marks_chart(visit: Visit, frame: Frame) -> Screen:
    """A picture of a subject's marks over time, or of all averages; the words alone where there are no marks."""
    entries = [entry for entry in await asked_entries(visit, frame) if entry[0].kind is EntryKind.SCORE]
    if not entries:
        return await (look_up_results if frame.subject is None else look_up_marks)(visit, frame)
    of_class = await _class_averages(visit, frame)
    if frame.subject is not None:
        scores = [entry for entry, _ in entries]
        class_mean = of_class.get(frame.look.subject_id)
        picture = charts.marks_chart(frame.subject, scores, visit.t, class_mean=class_mean, name=frame.name)
        return screens.marks_chart(frame, picture, frame.subject)
    subjects = screens.entries_by_subject(entries)
    class_means = {
        name: of_class[of_subject[0].subject_id]
        for name, of_subject in subjects
        if of_subject[0].subject_id in of_class
    }
    picture = charts.averages_chart(subjects, visit.t, class_means=class_means, name=frame.name)
    return screens.marks_chart(frame, picture, None)


def look_up_subject(numbers: Sequence[int]) -> Look:
    """The look of a button under a notice, which carries the child and the subject only."""
    match numbers:
        case (child_id, subject_id):
            return Look(child_id, subject_id=subject_id)
        case _:
            return Look.of(numbers)


async def _changes(visit: Visit, frame: Frame) -> screens.Changes:
    since, until = asked_dates(visit, frame)
    return await marks_lookup.look_up_changes(
        visit.uow, visit.reader, student_id=frame.child.id, since=since, until=until, on=visit.today
    )


async def _class_averages(visit: Visit, frame: Frame) -> Mapping[int, Fraction]:
    """The class's averages by subject; none where the school does not allow the comparison."""
    if not visit.school.class_average:
        return {}
    since, until = asked_dates(visit, frame)
    return await class_average.class_averages(
        visit.uow, visit.reader, student_id=frame.child.id, since=since, until=until, on=visit.today
    )


DOORS = (
    lookup_door(MARKS, look_up_marks, command="marks", intent=Intent.MARKS),
    lookup_door(SUBJECT, look_up_marks, begin=look_up_subject),
    lookup_door(screens.CHANGES, look_up_corrected_marks),
    lookup_door(screens.CHART, look_up_marks_chart),
)

STANDING = (
    lookup_door(absences_and_debts.ABSENCES, look_up_absences, command="absences", intent=Intent.ABSENCES),
    lookup_door(absences_and_debts.DEBTS, look_up_debts, command="debts", intent=Intent.DEBTS),
)
