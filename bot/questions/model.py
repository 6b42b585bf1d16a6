"""The result of reading a question: intent, subject, dates, child, and what exactly is asked (contracts, Questions)."""

from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum, auto
from fractions import Fraction

from bot.questions.kinds import Asked


class Intent(StrEnum):
    """Kinds of questions; an ambiguous one is UNCLEAR, never guessed."""

    HOMEWORK = "homework"
    TIMETABLE = "timetable"
    MARKS = "marks"
    ABSENCES = "absences"
    DEBTS = "debts"
    LESSON = "lesson"
    CONTROL_WORKS = "control_works"
    HOLIDAYS = "holidays"
    TEACHERS = "teachers"
    FORECAST = "forecast"
    RECOMMENDATIONS = "recommendations"
    ANNOUNCEMENTS = "announcements"
    EXAMS = "exams"
    SETTINGS = "settings"
    MENU = "menu"
    UNCLEAR = "unclear"


class Wish(StrEnum):
    """What a question about a forecast asks besides a mark."""

    WHICH = "which"
    """The subjects in which the mark comes out."""

    EDGE = "edge"
    """The subjects whose mark is not clear."""

    WORST = "worst"
    BEST = "best"
    AS_IS = "as_is"
    """What comes out if no further mark is given."""

    ENOUGH = "enough"
    """Whether these marks are enough for the one hoped for."""

    STILL = "still"
    """Whether the mark can be reached although these come first."""

    EITHER = "either"
    """Which of these marks comes out: «4 или 5?»."""

    WHY = "why"
    """What the forecast rests on."""

    OPTIONS = "options"
    """Which of several supposed marks helps most."""

    LIMITS = "limits"
    """The least average of each mark."""

    NEXT_TERM = "next_term"
    YEAR_OF = "year_of"
    """The year with these marks of terms."""

    WORKS = "works"
    """How many announced control works are left."""

    BOUNDS = "bounds"
    """Both the worst and the best."""

    SPARE = "spare"
    """How many marks of one kind the mark outlasts: «сколько двоек можно, чтобы осталась 4»."""

    WEAKEST = "weakest"
    """The subjects by their averages, the lowest first."""

    STRONGEST = "strongest"
    RANKING = "ranking"
    """Both ends of the subjects by their averages."""

    ALL = "all"
    """Whether no subject comes out worse than the mark: «без троек», «хорошист»."""

    NEAREST = "nearest"
    """The subjects by what it takes to the mark, the nearest first: «куда вложиться»."""

    ALWAYS = "always"
    """What comes out if all lessons that are left bring the mark."""

    FAILED = "failed"
    """What comes out if a «2» is written: «если завалит контрольную»."""

    MARKS_LEFT = "marks_left"
    """How many marks are still expected."""

    MARK_OF = "mark_of"
    """Which mark an average makes: «3,5 это 4?»."""

    REPLACED = "replaced"
    """What comes out if the mark stands in the place of one that is there; of the same value: if that one goes."""

    WEIGHTS = "weights"
    """What each kind of work weighs."""

    EARLIER = "earlier"
    """The terms that are set beside the present one."""

    FEW_MARKS = "few_marks"
    """Whether the marks are enough for a forecast."""

    NOT_ASSESSED = "not_assessed"
    """Whether the term may end without a mark."""


COMPARING = frozenset({Wish.WEAKEST, Wish.STRONGEST, Wish.RANKING, Wish.NEAREST})
"""Wishes of one answer for all the subjects that are named."""


class Final(StrEnum):
    """Whose final mark is asked for, where it is not the present term's."""

    YEAR = "year"
    HALF_YEAR = "half_year"


class CalendarDays(Enum):
    """Days that only the school's calendar knows."""

    AFTER_HOLIDAYS = auto()
    WEEK_AFTER_HOLIDAYS = auto()
    UNTIL_HOLIDAYS = auto()
    IN_HOLIDAYS = auto()
    UNTIL_TERM_ENDS = auto()


class Talk(StrEnum):
    """What is no question for the journal (Q114)."""

    GREETING = "greeting"
    THANKS = "thanks"
    WISH = "wish"
    FAREWELL = "farewell"
    SLIP = "slip"
    """A message that was meant for somebody else."""

    MOOD = "mood"
    SIGH = "sigh"
    """«капец», «блин»: trouble without a question."""

    ABUSE = "abuse"
    BOT = "bot"
    JOKE = "joke"
    SIGNS = "signs"
    """Emoji and punctuation without a word."""

    NUMBER = "number"
    CHEATING = "cheating"
    ELSEWHERE = "elsewhere"
    """What the journal does not know: canteen, buses, weather."""

    PERSON = "person"
    TEACHER = "teacher"
    ILLNESS = "illness"
    TERMS = "terms"
    """What the words of a school mean, and how an average is made."""

    DEBT_EFFECT = "debt_effect"
    """Whether work that is not handed in changes an average."""

    REWRITING = "rewriting"
    """Whether a mark may be corrected, which the teacher decides."""

    NOT_YOURS = "not_yours"
    """Notices of somebody else."""

    UPDATES = "updates"
    """How often the data are renewed."""

    RELATIVE = "relative"
    """Somebody else of the family is to have access too."""

    CERTIFICATE = "certificate"
    """A paper that says who studies here."""

    LATE_MARKS = "late_marks"
    """A complaint that marks are not set in time."""

    PRIVACY = "privacy"
    RECORD = "record"
    """An absence that is recorded by mistake."""

    RANK = "rank"
    """A place in the class, which the marks of others would tell."""

    REMINDERS = "reminders"
    ERASURE = "erasure"


class Age(Enum):
    """Which of several own children, by age: «старший», «младшая»."""

    ELDER = auto()
    YOUNGER = auto()


LAST = -1
"""In place of a lesson's number: the last one of the day."""


@dataclass(frozen=True, slots=True)
class Question:
    """`subject` as the school names it; `since` = `until` for one date, both None where none was said.

    `child_id`: the own child that was named, `child_ids` all where they are several; `leaves_child`:
    one is spoken of, but no name tells which one, perhaps the `age` does («у старшей»). `subjects`: where several are
    named, all of them; for UNCLEAR those that fit. For UNCLEAR, `maybe` holds the intents to choose from; `of_others`:
    somebody was named who is no child of the asker's. `about`: what an announcement is about, in the words that were
    typed. `term`: the term that is named (`bot.questions.dates.terms`). Of a forecast, `mark` is the mark that is
    hoped for (1: the next better one) or, where `is_supposed`, the next one as the asker supposes it: `marks` are
    all that are supposed, and `is_heavy` says that it is for a control work. Beside a `mark` that is hoped for, `marks`
    are those that are to bring it. `shares`: for each subject its own supposed marks; `options`: marks that are weighed
    against each other, and whether for a large work. `wish` is what else is asked, `final` the year or half-year where
    its mark is asked for, `average` the one whose mark is asked for,
    `outweighed` the mark whose harm is to be made good.

    `marks`: only these marks are asked for; `work`: only works of this kind, in the words that were typed; of a
    forecast the beginnings of the names of kinds for which marks are supposed, one for all or one for each. `number`: a
    lesson's number. `absences`: only absences of these codes. `seasons`: the beginnings of names of holidays («зимн»).
    `is_given`: the dates are those on which homework was given. `calendar_days`: dates by the school's calendar.
    `form`: the class that is named.

    `unread`: words that are not understood; `beyond`: words for what the journal does not know; `untaught`: words for a
    subject that the school does not have; `bad_dates`:
    dates that the calendar does not have (Q113). `is_ambiguous`: a word for a subject fits several. `is_fragment`: only
    a subject, a day, a child; `goes_on`: it may go on with the question before (Q112), and
    `keeps_subject` is then true where the subject is that of the question before. `shift`: «а за прошлую?» is -1, «а на
    следующей?» 1. `order`: of several children the one with the least comes first (-1), or the one with the most (1).
    `told`: of a question before, the subjects in the first line of its answer, in that order.
    """

    intent: Intent
    subject: str | None = None
    since: date | None = None
    until: date | None = None
    child_id: int | None = None
    maybe: tuple[Intent, ...] = ()
    subjects: tuple[str, ...] = ()
    of_others: bool = False
    about: tuple[str, ...] = ()
    term: str | None = None
    mark: int | None = None
    is_supposed: bool = False
    is_heavy: bool = False
    shares: tuple[tuple[str, tuple[int, ...]], ...] = ()
    options: tuple[tuple[tuple[int, ...], bool], ...] = ()
    wish: Wish | None = None
    final: Final | None = None
    average: Fraction | None = None
    outweighed: int | None = None
    child_ids: tuple[int, ...] = ()
    leaves_child: bool = False
    age: Age | None = None
    asked: Asked | None = None
    marks: tuple[int, ...] = ()
    work: tuple[str, ...] = ()
    number: int | None = None
    absences: tuple[str, ...] = ()
    seasons: tuple[str, ...] = ()
    is_given: bool = False
    calendar_days: CalendarDays | None = None
    form: str | None = None
    talk: Talk | None = None
    unread: tuple[str, ...] = ()
    beyond: tuple[str, ...] = ()
    untaught: tuple[str, ...] = ()
    bad_dates: bool = False
    is_ambiguous: bool = False
    is_fragment: bool = False
    goes_on: bool = False
    keeps_subject: bool = False
    told: tuple[str, ...] = ()
    shift: int = 0
    order: int = 0
