"""What a look at forecasts wishes to know, as a number that its buttons carry."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from bot.questions.forecast.reading import NEXT_BETTER
from bot.questions.model import COMPARING, Final, Question, Wish
from bot.screens.frame import ScreenFrame
from core.model.forecast import HIGHEST, LATEST_OF_ALL, LOWEST, LOWEST_OF_ALL, MARKS, Forecast
from core.rules.forecast.advice import AdviceSupposition
from core.rules.forecast.exact import exact_mark_of_average

AIM, SUPPOSED, SUPPOSED_HEAVY, WHICH, EDGE, BOUNDS, ENOUGH, ENOUGH_HEAVY, ALL = range(1, 10)
"""What the marks in a look's `words` are: the one that is hoped for and that which is to bring it, those of usual or
heavy works that are supposed, the one whose subjects are listed; subjects on an edge; the worst or the best that can
come; the one that is hoped for and those that may be enough; the least mark of all subjects.
"""

KEPT, YEAR, HALF_YEAR, RANKED = 6, 7, 8, 9
"""Behind the marks: the mark is not to be lost, or one supposed comes always; the mark of the year or the half-year was
asked for; subjects are compared, by the worst and the best or by what it takes to the mark that is hoped for, or one
supposed stands in the place of another.
"""

FIGURES = 10
AS_IS, BOTH, WORST, BEST = 0, 1, LOWEST, HIGHEST
_KINDS = {
    Wish.WHICH: WHICH, Wish.EDGE: EDGE, Wish.ALL: ALL,
    Wish.WORST: BOUNDS, Wish.BEST: BOUNDS, Wish.AS_IS: BOUNDS, Wish.BOUNDS: BOUNDS,
    Wish.WEAKEST: BOUNDS, Wish.STRONGEST: BOUNDS, Wish.RANKING: BOUNDS,
}  # fmt: skip
_BOUNDS = {
    Wish.WORST: WORST, Wish.BEST: BEST, Wish.AS_IS: AS_IS, Wish.BOUNDS: BOTH,
    Wish.WEAKEST: WORST, Wish.STRONGEST: BEST, Wish.RANKING: BOTH,
}  # fmt: skip
_PLAIN = {None, Wish.EITHER, Wish.WORKS, Wish.WHY, Wish.NEXT_TERM, Wish.OPTIONS, Wish.MARKS_LEFT}
"""Wishes that a button leaves out: what it opens says as much."""

_MARKERS = {KEPT, YEAR, HALF_YEAR, RANKED}
_HOPING = {AIM, ENOUGH, ENOUGH_HEAVY, ALL}
_TERMS = {Final.YEAR: YEAR, Final.HALF_YEAR: HALF_YEAR}


@dataclass(frozen=True, slots=True)
class ForecastWishScales:
    """The school's thresholds of 3, 4 and 5, and its lowest mark."""

    thresholds: Sequence[Fraction]
    lowest: int = LOWEST

    @classmethod
    def of(cls, thresholds: Sequence[Decimal], lowest: int) -> "ForecastWishScales":
        """From the settings."""
        return cls([Fraction(each) for each in thresholds], lowest)

    def least(self, mark: int) -> Fraction:
        """The least average of a mark."""
        return self.thresholds[mark - LOWEST - 1]


def wish_number_of_button(kind: int, *marks: int) -> int:
    """The number that a button carries for a mark that is hoped for, or for those that are supposed: «2555»."""
    number = kind
    for mark in marks:
        number = number * FIGURES + mark
    return number


def _kind_and_marks(frame: ScreenFrame) -> tuple[int, Sequence[int]]:
    """What `wish_number_of_button` put into the look, without what stands behind the marks."""
    kind, *marks = map(int, str(frame.look.words))
    return kind, [mark for mark in marks if mark not in _MARKERS]


def _is_marked(frame: ScreenFrame, marker: int) -> bool:
    return marker in map(int, str(frame.look.words)[1:])


def term_of_forecast_wish(frame: ScreenFrame) -> int | None:
    """`YEAR` or `HALF_YEAR` where the mark of it was asked for."""
    return next((term for term in (YEAR, HALF_YEAR) if _is_marked(frame, term)), None)


def mark_of_forecast_wish(frame: ScreenFrame, kind: int) -> int | None:
    """The mark beside a wish of this kind, 0 without one; None where something else was asked."""
    found, marks = _kind_and_marks(frame)
    is_other = _is_marked(frame, RANKED) or _is_marked(frame, KEPT)
    return next(iter(marks), 0) if found == kind and not is_other else None


def listed_marks_of_wish(frame: ScreenFrame) -> Sequence[int]:
    """The marks whose subjects are asked for; () where something else was."""
    return _kind_and_marks(frame)[1] if mark_of_forecast_wish(frame, WHICH) is not None else ()


def ranked_end_of_wish(frame: ScreenFrame) -> int | None:
    """Which subjects are asked for: `WORST`, `BEST`, `BOTH`; None where subjects are not compared by averages."""
    kind, marks = _kind_and_marks(frame)
    return next(iter(marks), None) if kind == BOUNDS and _is_marked(frame, RANKED) else None


def is_forecast_wish_nearest(frame: ScreenFrame) -> bool:
    """Whether subjects are compared by what it takes to the mark."""
    return _kind_and_marks(frame)[0] == AIM and _is_marked(frame, RANKED)


def kept_mark_of_wish(frame: ScreenFrame, each: Forecast, scales: ForecastWishScales) -> tuple[int, int] | None:
    """The mark that is not to be lost, today's unless one is named, and the mark that may spoil it."""
    marks = _kind_and_marks(frame)[1]
    if not _is_marked(frame, KEPT) or len(marks) < len(("kept", "by")) or each.average is None:
        return None
    kept, by = marks[:2]
    if by not in MARKS:
        return None
    return (exact_mark_of_average(each.average, scales.thresholds) if kept == NEXT_BETTER else kept), by


def aimed_mark_of_wish(frame: ScreenFrame, each: Forecast, scales: ForecastWishScales) -> int | None:
    """The mark that the question or the button hopes for; «сколько пятёрок надо» hopes for the next better one."""
    kind, marks = _kind_and_marks(frame)
    if kind not in _HOPING or not marks or _is_marked(frame, KEPT):
        return None
    mark = marks[0]
    if mark == NEXT_BETTER and each.average is not None:
        return min(exact_mark_of_average(each.average, scales.thresholds) + 1, HIGHEST)
    return mark if LOWEST <= mark <= HIGHEST else None


def wished_by_name(frame: ScreenFrame) -> int | None:
    """The mark that is hoped for where the words name it; None for the next better one."""
    marks = _kind_and_marks(frame)[1]
    return marks[0] if marks and marks[0] in MARKS else None


def mark_toward_forecast_wish(frame: ScreenFrame) -> int:
    """The mark by which the hope is to be reached: a five, unless the question names another."""
    kind, marks = _kind_and_marks(frame)
    return marks[1] if kind == AIM and len(marks) > 1 and marks[1] in MARKS else HIGHEST


def is_forecast_wish_enough(frame: ScreenFrame) -> bool:
    """Whether the question is if the supposed marks are enough for the one hoped for."""
    return _kind_and_marks(frame)[0] in {ENOUGH, ENOUGH_HEAVY}


def supposed_mark_for_wish(frame: ScreenFrame) -> AdviceSupposition | None:
    """The next mark, or several, that the question or the button supposes."""
    kind, marks = _kind_and_marks(frame)
    if is_forecast_wish_enough(frame):
        marks = marks[1:]
    elif kind not in {SUPPOSED, SUPPOSED_HEAVY}:
        return None
    if _is_marked(frame, RANKED) and len(marks) > 1 and {*marks} <= {*MARKS, LATEST_OF_ALL, LOWEST_OF_ALL}:
        return AdviceSupposition(marks[0], instead=marks[1], works=frame.question.work if frame.question else ())
    if not marks or not {*marks} <= {*MARKS}:
        return None
    always = kind == SUPPOSED and _is_marked(frame, KEPT)
    return AdviceSupposition(
        marks[0], is_heavy=kind in {SUPPOSED_HEAVY, ENOUGH_HEAVY}, more=marks[1:], is_always=always,
        works=frame.question.work if frame.question else (),
    )  # fmt: skip


def wish_number_of_question(question: Question) -> int:
    """What a question about a forecast asks as a number; 0 where it asks for the forecast alone."""
    if question.mark is None and question.wish in _PLAIN and question.final is None:
        return 0
    if question.wish is Wish.YEAR_OF:
        return wish_number_of_button(AIM, YEAR)
    hope = (question.mark, *question.marks) if question.mark is not None else ()
    marks = question.marks if question.is_supposed else hope
    kind = AIM if not question.is_supposed else SUPPOSED_HEAVY if question.is_heavy else SUPPOSED
    kind = SUPPOSED if question.wish in {Wish.ALWAYS, Wish.REPLACED} else kind
    if question.wish in {Wish.ENOUGH, Wish.STILL}:
        kind = ENOUGH_HEAVY if question.is_heavy else ENOUGH
    elif question.wish in _KINDS:
        listed = question.marks if question.wish is Wish.WHICH else ()
        kind, marks = _KINDS[question.wish], listed or (_BOUNDS.get(question.wish, question.mark or 0),)
    return wish_number_of_button(kind, *marks, *_markers(question))


def question_of_one_subject(question: Question, name: str) -> Question:
    """The question with the marks of this subject, where each subject has its own."""
    own = dict(question.shares).get(name)
    if not own:
        return question
    works = dict(zip(dict(question.shares), question.work, strict=False)) if len(question.work) > 1 else {}
    work = (works[name],) if name in works else question.work[:1]
    return replace(question, mark=own[0], marks=own if question.is_supposed else question.marks, shares=(), work=work)


def frame_of_one_subject(frame: ScreenFrame, name: str) -> ScreenFrame:
    """The frame of a question about several subjects, as of this one alone."""
    if frame.question is None or not frame.question.shares:
        return frame
    own = question_of_one_subject(frame.question, name)
    question = replace(frame.question, work=own.work)
    return replace(frame, question=question, look=replace(frame.look, words=wish_number_of_question(own)))


def _markers(question: Question) -> Iterator[int]:
    """What stands behind the marks."""
    if question.wish in {Wish.SPARE, Wish.ALWAYS}:
        yield KEPT
    if question.wish in COMPARING or question.wish is Wish.REPLACED:
        yield RANKED
    if question.final:
        yield _TERMS[question.final]
