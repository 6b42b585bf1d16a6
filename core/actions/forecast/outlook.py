"""Works out where the marks of the present term are heading (Q41, Q46, Q48, Q50).

Marks of classmates are read to learn how hard a subject's works are and how often marks come; none of them is shown.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import groupby, pairwise

from core.actions.results.expected import load_expected_final_marks
from core.actions.results.proposals import LoadedProposalMarks
from core.model.forecast import LEAST_MARKS, AnnouncedWork, Forecast, ForecastTerm, MarkedWork, WorkKind
from core.model.marks.entries import Entry
from core.model.people import Actor
from core.model.results.learning import ExpectedMark
from core.model.results.proposals import DEFERRAL
from core.model.schoolwork.control_works import ControlWork
from core.model.timetable import SchoolDay
from core.model.year import ReportingPeriod
from core.ports import UnitOfWork
from core.rules import access
from core.rules.access import Everything, Scope
from core.rules.forecast import preparation
from core.rules.forecast.advice import AdviceSupposition, suppose_marks_for_advice
from core.rules.forecast.chances import forecast_chances
from core.rules.forecast.exact import exact_average_of_works
from core.rules.forecast.learning import learn_forecast
from core.rules.forecast.years import Persistence, forecast_year_chances, learn_persistence_of_years
from core.rules.marks.tokens import NOT_ASSESSED
from core.rules.results import proposals
from core.rules.results.proposals import JudgedProposalFacts, ResultsPolicy
from core.rules.results.terms import term_key, term_kind, term_periods_of_pupil
from core.rules.timetable import days as timetable_days
from core.rules.year import FIRST_GRADE


async def load_family_outlook(
    uow: UnitOfWork,
    actor: Actor,
    *,
    student_id: int,
    on: date,
    policy: ResultsPolicy,
    supposed: AdviceSupposition | None = None,
    is_work_named: bool = False,
) -> Sequence[Forecast]:
    """The forecasts of one child of the actor, by subject; empty between terms and for first grades (Q50).

    `supposed`: as they were with one more mark in each subject; `is_work_named`: a kind of work is asked about.
    """
    scope = access.family_access_scope(actor, on=on)
    return await load_forecast_outlook(
        uow, scope, on=on, policy=policy, student_id=student_id, supposed=supposed, is_work_named=is_work_named
    )


async def load_forecast_outlook(
    uow: UnitOfWork,
    scope: Scope,
    *,
    on: date,
    policy: ResultsPolicy,
    group_id: int | None = None,
    student_id: int | None = None,
    supposed: AdviceSupposition | None = None,
    is_work_named: bool = False,
) -> Sequence[Forecast]:
    """Forecasts of the term that holds this date, for all students that the scope opens, or of one class or student."""
    expected = await _expected(uow, scope, on=on, policy=policy, group_id=group_id, student_id=student_id)
    if not expected:
        return []
    books = await LoadedProposalMarks.read(uow, expected, on=on)
    found: list[Forecast] = []
    for (class_id, since, until), of_class in groupby(expected, key=_span):
        marks = list(of_class)
        klass = await OutlookClassMarks.read(uow, class_id, since=since, until=until, on=on, periods=books.periods)
        found += _class_forecasts(marks, klass, books, policy, supposed, is_work_named=is_work_named)
    return found


def _span(each: ExpectedMark) -> tuple[int, date, date]:
    return each.pupil.class_id, each.since, each.until


async def _expected(
    uow: UnitOfWork, scope: Scope, *, on: date, policy: ResultsPolicy, group_id: int | None, student_id: int | None
) -> Sequence[ExpectedMark]:
    """The final marks that the present terms expect; where a half-year holds quarters, those of the quarter."""
    periods = [each for each in await uow.year.periods(on) if each.starts_on <= on <= each.ends_on]
    shortest: dict[tuple[int, int], ExpectedMark] = {}
    for term in dict.fromkeys(each.name for each in periods):
        for each in await load_expected_final_marks(uow, scope, term, policy=policy, on=on, group_id=group_id):
            if not each.since <= on <= each.until or each.pupil.grade_level == FIRST_GRADE:
                continue
            if student_id in {None, each.pupil.student_id}:
                key = each.pupil.student_id, each.subject_id
                known = shortest.get(key)
                if known is None or each.until - each.since < known.until - known.since:
                    shortest[key] = each
    return sorted(shortest.values(), key=lambda each: (*_span(each), each.subject, each.pupil.name))


@dataclass(frozen=True, slots=True)
class OutlookClassMarks:
    """What a class's forecasts are made of: lessons, and entries of this and the last term by subject and student."""

    entries: Mapping[int, Mapping[int, Sequence[Entry]]]
    former: Mapping[int, Mapping[int, Sequence[Entry]]]
    works: Mapping[tuple[int, int], Sequence[ControlWork]]
    """Control works to come, by group and subject."""

    held: Mapping[tuple[int, int], int]
    coming: Mapping[tuple[int, int], int]
    on: date
    gone: Fraction
    """The share of the term that is over."""

    @classmethod
    async def read(
        cls, uow: UnitOfWork, class_id: int, *, since: date, until: date, on: date, periods: Sequence[ReportingPeriod]
    ) -> "OutlookClassMarks":
        """Reads them for a term of a class."""
        pupils = await uow.learning.pupils(Everything(), on=on, group_id=class_id)
        students = {each.student_id for each in pupils}
        first = max((each.starts_on for each in periods if each.ends_on < since), default=since)
        entries: dict[int, dict[int, list[Entry]]] = defaultdict(lambda: defaultdict(list))
        former: dict[int, dict[int, list[Entry]]] = defaultdict(lambda: defaultdict(list))
        for entry in await uow.marks.known(students, since=first, until=on):
            (entries if entry.on >= since else former)[entry.subject_id][entry.student_id].append(entry)
        plan = await uow.timetable.of_group(class_id, Everything(), since=since, until=until)
        held, coming = _lessons(timetable_days.timetable_days(plan, since=since, until=until), on)
        groups = {class_id}.union(*(each.group_ids for each in pupils))
        works = await _works_to_come(uow, groups, on=on, until=until)
        gone = Fraction((on - since).days + 1, (until - since).days + 1)
        return cls(entries, former, works, held, coming, on, gone)

    def kinds(self, scale: int) -> Sequence[WorkKind]:
        """The kinds of all works, whatever their subject."""
        scores = [
            each
            for of_subject in (*self.entries.values(), *self.former.values())
            for entries in of_subject.values()
            for each in preparation.prepared_visible_scores(entries)
        ]
        return [work.kind for work in preparation.prepared_marked_works(scores, scale)]

    def lessons(self, each: ExpectedMark) -> tuple[int, int]:
        """Lessons held and lessons left: by the timetable, else by the days with entries and the days of the term."""
        groups = each.pupil.group_ids
        held = sum(self.held.get((group_id, each.subject_id), 0) for group_id in groups)
        coming = sum(self.coming.get((group_id, each.subject_id), 0) for group_id in groups)
        if held or coming:
            return held, coming
        days = {entry.on for of_student in self.entries[each.subject_id].values() for entry in of_student}
        return len(days), round(len(days) * (1 - self.gone) / self.gone)


async def _works_to_come(
    uow: UnitOfWork, group_ids: Collection[int], *, on: date, until: date
) -> Mapping[tuple[int, int], Sequence[ControlWork]]:
    """The control works that are planned after a date, by group and subject."""
    since = on + timedelta(days=1)
    found: dict[tuple[int, int], list[ControlWork]] = defaultdict(list)
    planned = await uow.schoolwork.control_works_of_groups(group_ids, Everything(), since=since, until=until)
    for work, _ in planned:
        found[work.group_id, work.subject_id].append(work)
    return found


def _lessons(
    days: Sequence[SchoolDay], on: date
) -> tuple[Mapping[tuple[int, int], int], Mapping[tuple[int, int], int]]:
    """By group and subject: lessons held up to a date, and those after it."""
    held: Counter[tuple[int, int]] = Counter()
    coming: Counter[tuple[int, int]] = Counter()
    for day in days:
        for lesson in day.lessons:
            if lesson.is_held:
                (held if day.on <= on else coming)[lesson.group_id, lesson.subject_id] += 1
    return held, coming


def _class_forecasts(
    marks: Sequence[ExpectedMark],
    klass: OutlookClassMarks,
    books: LoadedProposalMarks,
    policy: ResultsPolicy,
    supposed: AdviceSupposition | None,
    *,
    is_work_named: bool,
) -> Sequence[Forecast]:
    found: list[Forecast] = []
    for _, of_subject in groupby(marks, key=lambda each: each.subject_id):
        found += _subject_forecasts(list(of_subject), klass, books, policy, supposed, is_work_named=is_work_named)
    return found


def _subject_forecasts(
    marks: Sequence[ExpectedMark],
    klass: OutlookClassMarks,
    books: LoadedProposalMarks,
    policy: ResultsPolicy,
    supposed: AdviceSupposition | None,
    *,
    is_work_named: bool,
) -> Iterable[Forecast]:
    """The forecasts of a class in one subject: the shares are learnt from its closed term, the pace from this one."""
    works = OutlookSubjectWorks.of(klass, marks[0].subject_id)
    thresholds = [Fraction(each) for each in policy.thresholds]
    known_kinds = works.known() if is_work_named else ()
    terms = [ForecastTerm(works.name, works.marked(each), works.left(each), known_kinds) for each in marks]
    if supposed is not None:
        terms = [suppose_marks_for_advice(term, supposed) for term in terms]
    known = [term.weight > 0 and len(term.marked) >= LEAST_MARKS for term in terms]
    learnt = learn_forecast([(works.name, each) for each in works.closed])
    habit = learn_persistence_of_years([pair for each in marks for pair in pairwise(_earlier_marks(each, books))])
    rows = iter(
        forecast_chances([term for term, is_known in zip(terms, known, strict=True) if is_known], learnt, thresholds)
    )
    for each, term, is_known in zip(marks, terms, known, strict=True):
        row = [float(chance) for chance in next(rows)] if is_known else None
        yield _forecast(each, term, row, habit, works, books, policy)


@dataclass(frozen=True, slots=True)
class OutlookSubjectWorks:
    """The works of a class in one subject, with their weights as whole numbers."""

    klass: OutlookClassMarks
    name: str
    scale: int
    by_student: Mapping[int, Sequence[MarkedWork]]
    closed: Sequence[Sequence[MarkedWork]]
    kinds: Mapping[WorkKind, int]

    @classmethod
    def of(cls, klass: OutlookClassMarks, subject_id: int) -> "OutlookSubjectWorks":
        """The works of a subject."""
        now = {key: preparation.prepared_visible_scores(each) for key, each in klass.entries[subject_id].items()}
        before = [preparation.prepared_visible_scores(each) for each in klass.former[subject_id].values()]
        scale = preparation.prepared_weight_scale(each for scores in [*now.values(), *before] for each in scores)
        works = {key: preparation.prepared_marked_works(scores, scale) for key, scores in now.items() if scores}
        closed = [preparation.prepared_marked_works(scores, scale) for scores in before]
        kinds = Counter(work.kind for of_student in works.values() for work in of_student)
        return cls(klass, str(subject_id), scale, works, closed, kinds)

    def marked(self, each: ExpectedMark) -> Sequence[MarkedWork]:
        """The student's works so far."""
        return self.by_student.get(each.pupil.student_id, ())

    def left(self, each: ExpectedMark) -> Sequence[WorkKind]:
        """The works that the student is still expected to get; those that are announced are among them."""
        held, coming = self.klass.lessons(each)
        works = sum(self.kinds.values())
        count = preparation.count_prepared_works_left(works, len(self.by_student), held, coming)
        expected = preparation.prepared_expected_works(self.kinds, count, self.scale)
        return preparation.prepared_works_with_announced(expected, [work.kind for work in self.announced(each)])

    def known(self) -> Sequence[Sequence[WorkKind]]:
        """The kinds of the class's works in this subject, and in all."""
        own = [work.kind for works in (*self.by_student.values(), *self.closed) for work in works]
        return own, self.klass.kinds(self.scale)

    def announced(self, each: ExpectedMark) -> Sequence[AnnouncedWork]:
        """The control works to come, each with the weight that its kind has had in the class, else the usual one."""
        known = Counter(self.kinds) + Counter(work.kind for of_student in self.closed for work in of_student)
        usual = max((kind for kind in known if kind.weight), key=lambda kind: (known[kind], kind.name), default=None)
        groups = sorted(each.pupil.group_ids | {each.pupil.class_id})
        planned = [work for group in groups for work in self.klass.works.get((group, each.subject_id), ())]
        return [
            AnnouncedWork(
                work.on,
                preparation.prepared_announced_kind(work.work_kind, known)
                or WorkKind(work.work_kind, usual.weight if usual else self.scale),
            )
            for work in sorted(planned, key=lambda work: (work.on, work.id))
        ]


def _forecast(
    each: ExpectedMark,
    term: ForecastTerm,
    row: Sequence[float] | None,
    habit: Persistence,
    works: OutlookSubjectWorks,
    books: LoadedProposalMarks,
    policy: ResultsPolicy,
) -> Forecast:
    pupil, klass = each.pupil, works.klass
    period, others = _terms_of_year(each, books)
    terms = books.now.get((pupil.student_id, each.subject_id), {})
    later = sum(other.starts_on > each.until for other in others)
    _, coming = klass.lessons(each)
    thresholds = [Fraction(least) for least in policy.thresholds]
    return Forecast(
        student_id=pupil.student_id,
        student=pupil.name,
        class_id=pupil.class_id,
        school_class=pupil.school_class,
        subject_id=each.subject_id,
        subject=each.subject,
        period=period.name,
        since=each.since,
        until=each.until,
        on=klass.on,
        term=term,
        scale=works.scale,
        lessons_left=coming,
        average=exact_average_of_works(term.marked) if term.weight else None,
        chances=row,
        year_chances=None
        if row is None
        else forecast_year_chances(_earlier_marks(each, books), row, later, thresholds, habit),
        earlier=_earlier_marks(each, books),
        later=later,
        set_mark=terms.get(term_key(period.name)),
        announced=works.announced(each),
        not_assessed=proposals.propose_term_mark(_facts(each, klass), policy).value in {NOT_ASSESSED, DEFERRAL},
    )


def _facts(each: ExpectedMark, klass: OutlookClassMarks) -> JudgedProposalFacts:
    """What a proposal would rest on today: marks, misses, lessons held."""
    pupil, (held, _) = each.pupil, klass.lessons(each)
    entries = klass.entries[each.subject_id].get(pupil.student_id, ())
    return JudgedProposalFacts(pupil.grade_level, entries, held, _weeks(each, klass.on))


def _terms_of_year(each: ExpectedMark, books: LoadedProposalMarks) -> tuple[ReportingPeriod, Sequence[ReportingPeriod]]:
    """The term that is forecast, and all terms of its kind that this student has in the year."""
    pupil = each.pupil
    own = term_periods_of_pupil(
        books.periods, grade_level=pupil.grade_level, class_id=pupil.class_id, subject_id=each.subject_id
    )
    period = next(period for period in own if (period.starts_on, period.ends_on) == (each.since, each.until))
    return period, [other for other in own if term_kind(other.name) == term_kind(period.name)]


def _earlier_marks(each: ExpectedMark, books: LoadedProposalMarks) -> Sequence[int]:
    """The marks of the year's earlier terms, in their order."""
    terms = books.now.get((each.pupil.student_id, each.subject_id), {})
    ended = [other for other in _terms_of_year(each, books)[1] if other.ends_on < each.since]
    values = [terms.get(term_key(other.name), "") for other in ended]
    return [int(value) for value in values if value.isdecimal()]


def _weeks(each: ExpectedMark, on: date) -> int:
    return ((on - each.since) + timedelta(days=6)).days // 7 or 1
