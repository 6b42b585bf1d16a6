"""What families look up of marks: day by day, subject by subject, absences, debts, charts (Q13, Q27, Q28)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from bot.documents import charts
from bot.handlers.doors import DoorVisit
from bot.handlers.lookups import (
    Show,
    dates_of_lookup,
    entries_in_lookup_dates,
    lookup_door,
    lookup_entries_of_subject,
    reporting_period_of_lookup,
)
from bot.handlers.results.lookup import (
    record_results_lookup,
    results_lookup_door,
    results_lookup_marks,
    results_term_lookup_door,
)
from bot.handlers.spans import load_door_span_periods
from bot.handlers.taught import subjects_taught_to_child
from bot.questions.dates.terms import WHOLE_YEAR
from bot.questions.kinds import Asked
from bot.questions.model import Intent
from bot.screens.dates import screen_date
from bot.screens.frame import ScreenFrame, ScreenFrameLook
from bot.screens.marks import absences_and_debts, average, first_line, term_reason, trend
from bot.screens.marks import lookup as screens
from bot.screens.screen import Screen, ScreenRank, screen_text
from core.actions.forecast import outlook
from core.actions.marks import class_average
from core.actions.marks import lookup as marks_lookup
from core.model.forecast import Forecast
from core.model.imports.reports import YEAR
from core.model.marks.entries import EntryKind
from core.model.results.period_marks import PeriodMark
from core.model.year import ReportingPeriod
from core.rules.conversation.buttons import MARKS, SUBJECT
from core.rules.results.terms import term_key

_NOT_KNOWN = {Asked.AHEAD: "marks.answer.ahead", Asked.LAST_YEAR: "marks.answer.last_year"}
"""What the journal does not know, with the sentence that says so."""

_VIEWS = {
    Asked.CHART, Asked.CHANGES, Asked.WHY_CHANGES, Asked.FINAL, Asked.WITHOUT, Asked.PER_SUBJECT, Asked.TREND,
    *_NOT_KNOWN,
}  # fmt: skip
"""What is no list of marks."""

_WEEK = timedelta(days=7)
_OF_MARKS_GIVEN = {
    Asked.COUNT, Asked.PER_SUBJECT, Asked.LOWEST_MARK, Asked.HIGHEST_MARK, Asked.BOTH_EXTREMES, Asked.LATEST,
}  # fmt: skip
"""What is asked of the marks of a term, not of the term's own."""


async def marks_lookup_door(visit: DoorVisit, frame: ScreenFrame) -> Screen:
    """Marks day by day, of one subject if the look has one, or of the term that a question names."""
    question = frame.question
    if frame.asked in _VIEWS:
        return await _asked_view(visit, frame, frame.asked)
    if question is not None and (question.marks or question.work or question.asked is Asked.WHY):
        return await _term_reason(visit, frame) or await _asked_marks(visit, frame)
    if frame.asked in {Asked.AVERAGE, Asked.WHY_AVERAGE}:
        return await _average(visit, frame)
    if frame.subject is not None:
        entries, period = await lookup_entries_of_subject(visit, frame), await _shown_period(visit, frame)
        line = first_line.subject_marks_screen_first_line(frame, entries, period, await _finals(visit, frame))
        return frame.answered(line, await _subject(visit, frame, frame.subject))
    if frame.look.term is not None and frame.asked not in _OF_MARKS_GIVEN:
        return await results_term_lookup_door(visit, frame)
    entries = await entries_in_lookup_dates(visit, frame)
    line = first_line.marks_screen_first_line(frame, entries)
    return frame.answered(line, screens.marks_lookup_screen(frame, entries))


async def _asked_view(visit: DoorVisit, frame: ScreenFrame, asked: Asked | None) -> Screen:
    """A picture, what was changed, or the mark of a term."""
    views: Mapping[Asked | None, Show] = {
        Asked.CHART: marks_chart_lookup_door, Asked.TREND: _trend, Asked.WITHOUT: _without_marks,
        Asked.PER_SUBJECT: _per_subject,
        Asked.CHANGES: _asked_changes, Asked.WHY_CHANGES: _asked_changes,
    }  # fmt: skip
    if asked in views:
        return await views[asked](visit, frame)
    if asked is Asked.AHEAD and (period := await _term_ahead(visit, frame)) is not None:
        until = screen_date(period.ends_on)
        line = visit.t("marks.answer.ahead_final", term=screen_text(period.name), until=until)
        return frame.answered(line, await results_term_lookup_door(visit, replace(frame, question=None)))
    if asked in _NOT_KNOWN:
        return await _asked_marks(visit, frame, visit.t(_NOT_KNOWN[asked]))
    of_marks = frame.question is not None and (frame.question.marks or frame.question.work)
    if of_marks and frame.subject is None:
        return await _asked_marks(visit, frame)
    return await (results_term_lookup_door if frame.subject is None else _asked_final)(visit, frame)


async def _term_ahead(visit: DoorVisit, frame: ScreenFrame) -> ReportingPeriod | None:
    """The present term, where it is asked when its marks will be set: «когда выставят за четверть»."""
    is_of_term = frame.look.term is not None or (frame.question is not None and frame.question.term is not None)
    return await reporting_period_of_lookup(visit, frame) if is_of_term and frame.subject is None else None


async def _asked_changes(visit: DoorVisit, frame: ScreenFrame) -> Screen:
    """The changes that the question names; where there are none the marks that it names."""
    changes = first_line.changed_marks_for_screen_line(frame, await _changes_made_or_of(visit, frame))
    line = first_line.changed_marks_screen_first_line(frame, changes)
    if changes:
        return frame.answered(line, screens.corrected_marks_lookup_screen(frame, changes))
    entries = await lookup_entries_of_subject(visit, frame)
    asked = first_line.entries_for_screen_line(frame, entries)
    line = first_line.unchanged_marks_screen_first_line(frame, line, asked)
    return frame.answered(line, screens.marks_lookup_screen(frame, asked or entries))


async def _asked_final(visit: DoorVisit, frame: ScreenFrame) -> Screen:
    """The mark of one subject in the term that is named, above all that is known of the subject."""
    screen = await _subject(visit, frame, frame.subject or "")
    finals = await _finals(visit, frame)
    if frame.look.term == WHOLE_YEAR:
        line = first_line.final_mark_screen_first_line(frame, finals, YEAR, visit.t("notice.term_year").lower())
        return frame.answered(line, screen)
    period = await _shown_period(visit, frame)
    if period is None:
        return screen
    ahead = await _heading(visit, frame) if period.starts_on <= visit.today <= period.ends_on else None
    line = first_line.final_mark_screen_first_line(frame, finals, term_key(period.name), period.name, ahead)
    return frame.answered(line, screen)


async def _heading(visit: DoorVisit, frame: ScreenFrame) -> Forecast | None:
    """The forecast of the look's subject in the present term."""
    found = await outlook.load_family_outlook(
        visit.uow, visit.reader, student_id=frame.child.id, on=visit.today, policy=visit.school.results
    )
    return next((each for each in found if each.subject_id == frame.look.subject_id), None)


async def _term_reason(visit: DoorVisit, frame: ScreenFrame) -> Screen | None:
    """Why the mark of a term is what it is; None where the question is about marks of days."""
    question = frame.question
    if question is None or question.asked is not Asked.WHY or question.term is None or question.work:
        return None
    period = None if question.term == WHOLE_YEAR else await _shown_period(visit, frame)
    finals, entries = await results_lookup_marks(visit, frame), await lookup_entries_of_subject(visit, frame)
    line = term_reason.term_reason_screen_line(frame, finals, entries, period, visit.school.results.thresholds)
    if not line:
        return None
    if frame.subject is None:
        return frame.answered(line, await results_term_lookup_door(visit, replace(frame, question=None)))
    screen = await _subject(visit, frame, frame.subject)
    return frame.answered(line, screen)


async def _asked_marks(visit: DoorVisit, frame: ScreenFrame, answer: str = "") -> Screen:
    """Only the marks that the question names, «двойки», «за контрольную»; all where there is none of them."""
    entries = await lookup_entries_of_subject(visit, frame)
    asked = first_line.entries_for_screen_line(frame, entries)
    if not (asked or answer):
        changes = first_line.changed_marks_for_screen_line(frame, await _changes(visit, frame))
        answer = first_line.lost_marks_screen_first_line(frame, changes)
    if frame.asked is Asked.ONLY and entries:
        answer = answer or first_line.only_marks_screen_line(frame, asked, entries)
    line = answer or first_line.marks_screen_first_line(frame, asked)
    if not asked and first_line.are_works_unknown_on_screen(frame, entries):
        known = first_line.marks_of_day_screen_words(frame, entries)
        line = f"{line} {visit.t('marks.answer.works_unknown')} {known}".rstrip()
    count = sum(entry.kind in screens.MARK_KINDS for entry, _ in asked)
    ranked = replace(screens.marks_lookup_screen(frame, asked or entries), rank=ScreenRank(count, str(count)))
    return frame.answered(line, ranked)


async def _trend(visit: DoorVisit, frame: ScreenFrame) -> Screen:
    """The last two months beside each other, two weeks where a week is named, above a picture of the school year."""
    since, until = frame.look.since, frame.look.until
    by_week = since is not None and until is not None and until - since < _WEEK
    frame = replace(frame, look=replace(frame.look, since=None, until=None, term=None))
    line = trend.marks_trend_screen_line(frame, await lookup_entries_of_subject(visit, frame), by_week=by_week)
    return frame.answered(line, await marks_chart_lookup_door(visit, replace(frame, question=None)))


async def _without_marks(visit: DoorVisit, frame: ScreenFrame) -> Screen:
    """The subjects of the child that have no mark in the look's dates."""
    entries = await entries_in_lookup_dates(visit, frame)
    taught = await subjects_taught_to_child(visit, frame.child.id)
    line = first_line.subjects_without_marks_screen_first_line(frame, entries, taught)
    return frame.answered(line, screens.marks_lookup_screen(frame, entries))


async def _per_subject(visit: DoorVisit, frame: ScreenFrame) -> Screen:
    """How many marks each subject of the child has in the look's dates."""
    entries = await entries_in_lookup_dates(visit, frame)
    taught = await subjects_taught_to_child(visit, frame.child.id)
    line = first_line.marks_per_subject_screen_first_line(frame, entries, taught)
    return frame.answered(line, screens.marks_lookup_screen(frame, entries))


async def _average(visit: DoorVisit, frame: ScreenFrame) -> Screen:
    """The average of one subject, or of each subject of the term."""
    if frame.subject is None:
        plain = frame.question and replace(frame.question, asked=Asked.AVERAGE)
        return await results_term_lookup_door(visit, replace(frame, question=plain))
    entries, period = await lookup_entries_of_subject(visit, frame), await _shown_period(visit, frame)
    screen = await _subject(visit, frame, frame.subject)
    ranked = replace(screen, rank=average.average_screen_rank(frame, entries, period))
    return frame.answered(average.average_screen_first_line(frame, entries, period), ranked)


async def _shown_period(visit: DoorVisit, frame: ScreenFrame) -> ReportingPeriod | None:
    """The reporting period of the look's dates, the present one without dates; None where the dates are no period's."""
    if frame.look.since is None:
        return await reporting_period_of_lookup(visit, frame)
    dates = (frame.look.since, frame.look.until)
    periods = await load_door_span_periods(visit, frame.child.id)
    return next((each for each in periods if (each.starts_on, each.ends_on) == dates), None)


async def _subject(visit: DoorVisit, frame: ScreenFrame, name: str) -> Screen:
    """One subject in full."""
    finals = await _finals(visit, frame)
    record_results_lookup(visit, finals)
    changes = [change for change in await _changes(visit, frame) if change.subject_id == frame.look.subject_id]
    return screens.subject_marks_lookup_screen(
        frame, name, await lookup_entries_of_subject(visit, frame), finals, changes, visit.school.results.thresholds,
        await _shown_period(visit, frame),
    )  # fmt: skip


async def _finals(visit: DoorVisit, frame: ScreenFrame) -> Sequence[PeriodMark]:
    """The final marks of the look's subject."""
    return [each for each, _ in await results_lookup_marks(visit, frame) if each.subject_id == frame.look.subject_id]


async def corrected_marks_lookup_door(visit: DoorVisit, frame: ScreenFrame) -> Screen:
    """Corrections and withdrawals."""
    return screens.corrected_marks_lookup_screen(frame, await _changes(visit, frame))


async def absences_lookup_door(visit: DoorVisit, frame: ScreenFrame) -> Screen:
    """Absences, which are shown apart from marks (Q27)."""
    entries = await lookup_entries_of_subject(visit, frame)
    line = absences_and_debts.absences_screen_first_line(frame, entries)
    return frame.answered(line, absences_and_debts.absences_screen(frame, entries))


async def debts_lookup_door(visit: DoorVisit, frame: ScreenFrame) -> Screen:
    """Work that was not handed in (Q28)."""
    entries = await lookup_entries_of_subject(visit, frame)
    return frame.answered(
        absences_and_debts.debts_screen_first_line(frame, entries), absences_and_debts.debts_screen(frame, entries)
    )


async def marks_chart_lookup_door(visit: DoorVisit, frame: ScreenFrame) -> Screen:
    """A picture of a subject's marks over time, or of all averages; the words alone where there are no marks."""
    entries = [entry for entry in await lookup_entries_of_subject(visit, frame) if entry[0].kind is EntryKind.SCORE]
    if not entries:
        return await (results_lookup_door if frame.subject is None else marks_lookup_door)(visit, frame)
    of_class = await _class_averages(visit, frame)
    if frame.subject is not None:
        scores = [entry for entry, _ in entries]
        class_mean = of_class.get(frame.look.subject_id)
        picture = charts.marks_chart(frame.subject, scores, visit.t, class_mean=class_mean, name=frame.name)
        return screens.marks_chart_lookup_screen(frame, picture, frame.subject)
    subjects = screens.screen_marks_by_subject(entries)
    class_means = {
        name: of_class[of_subject[0].subject_id]
        for name, of_subject in subjects
        if of_subject[0].subject_id in of_class
    }
    picture = charts.averages_chart(subjects, visit.t, class_means=class_means, name=frame.name)
    return screens.marks_chart_lookup_screen(frame, picture, None)


def subject_marks_lookup_door(numbers: Sequence[int]) -> ScreenFrameLook:
    """The look of a button under a notice, which carries the child and the subject only."""
    match numbers:
        case (child_id, subject_id):
            return ScreenFrameLook(child_id, subject_id=subject_id)
        case _:
            return ScreenFrameLook.of(numbers)


async def _changes(visit: DoorVisit, frame: ScreenFrame) -> screens.Changes:
    since, until = dates_of_lookup(visit, frame)
    return await marks_lookup.look_up_mark_changes(
        visit.uow, visit.reader, student_id=frame.child.id, since=since, until=until, on=visit.today
    )


async def _changes_made_or_of(visit: DoorVisit, frame: ScreenFrame) -> screens.Changes:
    """«что исправили за неделю»: corrections of marks of these dates, and those that were made in them."""
    since, until = dates_of_lookup(visit, frame)
    whole = replace(frame, look=replace(frame.look, since=None, until=None, term=None))
    return [
        each
        for each in await _changes(visit, whole)
        if since <= each.on <= until or since <= frame.day_of(each.changed_at) <= until
    ]


async def _class_averages(visit: DoorVisit, frame: ScreenFrame) -> Mapping[int, Fraction]:
    """The class's averages by subject; none where the school does not allow the comparison."""
    if not visit.school.class_average:
        return {}
    since, until = dates_of_lookup(visit, frame)
    return await class_average.load_class_averages(
        visit.uow, visit.reader, student_id=frame.child.id, since=since, until=until, on=visit.today
    )


DOORS = (
    lookup_door(MARKS, marks_lookup_door, command="marks", intent=Intent.MARKS),
    lookup_door(SUBJECT, marks_lookup_door, begin=subject_marks_lookup_door),
    lookup_door(screens.CHANGES, corrected_marks_lookup_door),
    lookup_door(screens.CHART, marks_chart_lookup_door),
)

STANDING = (
    lookup_door(absences_and_debts.ABSENCES, absences_lookup_door, command="absences", intent=Intent.ABSENCES),
    lookup_door(absences_and_debts.DEBTS, debts_lookup_door, command="debts", intent=Intent.DEBTS),
)
