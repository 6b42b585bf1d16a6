"""What may be asked besides the whole screen."""

from enum import Enum, auto


class Asked(Enum):
    """What the first line of the answer must say (Q110)."""

    COUNT = auto()
    WHETHER = auto()
    WHEN = auto()
    START = auto()
    END = auto()
    PLACE = auto()
    CHANGES = auto()
    AFTER = auto()
    """Which lesson follows that of the subject: «что после химии»."""

    BEFORE = auto()
    GROUP = auto()
    """The group in which a subject is taught."""

    FEWEST_LESSONS = auto()
    MOST_LESSONS = auto()
    """On which days of a week there are most."""

    WINDOW = auto()
    """Lessons that fall out between others."""

    LEFT = auto()
    """How many lessons of today are left."""

    NAMES = auto()
    """Which lessons a day has."""

    TEACHER = auto()
    """Who teaches a lesson of a day."""

    NUMBER = auto()
    """Which lesson is the first, the third, the last one."""

    WHY = auto()
    AVERAGE = auto()
    WHY_AVERAGE = auto()
    WHY_CHANGES = auto()
    TREND = auto()
    """Whether the marks became better or worse."""

    WHY_SO_FEW = auto()
    """Why there are no marks, or few."""

    WITHOUT = auto()
    """In which subjects there is no mark yet."""

    BY_SUBJECT = auto()
    """In which subjects the marks are."""

    PER_SUBJECT = auto()
    """How many marks each subject has, also those that have none."""

    ONLY = auto()
    """Whether all marks are of this value."""

    LATEST = auto()
    LOWEST_MARK = auto()
    HIGHEST_MARK = auto()
    BOTH_EXTREMES = auto()
    MEANING = auto()
    """What a code of the journal stands for."""

    TERM_END = auto()
    TERM_START = auto()
    TERM_LENGTH = auto()
    ALL_TERMS = auto()
    """The dates of all terms of the year."""

    YEAR_END = auto()
    YEAR_START = auto()
    STUDY_DAYS = auto()
    """How many days of school are left before holidays."""

    LAST_DAY = auto()
    """The last day of school before holidays."""

    AFTER_HOLIDAYS = auto()
    """The first day of school after them."""

    TODAY = auto()
    """Which day it is."""

    DAY_OFF = auto()
    """A public holiday, not the long ones of a school."""

    CAN = auto()
    """Whether a mark can still be reached."""

    CHANCE = auto()
    """How likely a mark is."""

    LESSONS = auto()
    """How many lessons are left for it."""

    FINAL = auto()
    """The mark of a term or of the year, not those of its days."""

    LAST_YEAR = auto()
    """Marks of the school year before, which the school does not keep here."""

    AHEAD = auto()
    """When a mark will be given."""

    CHART = auto()
    CALENDAR = auto()
    """A file for the phone's calendar."""

    BELLS = auto()
    BREAK = auto()
    LENGTH = auto()
    """How long a lesson is."""

    CLASS_TEACHER = auto()
    CLASS = auto()
    """In which class a child is."""

    SUBJECTS = auto()
    """Which subjects a class has."""

    CONTACT = auto()
    """How a teacher is reached."""

    NOW = auto()
    """Which lesson is going on."""

    NEXT = auto()
    """Which lesson comes next."""

    DONE = auto()
    """Whether homework is done, which no journal knows."""

    DEADLINE = auto()
    """Till when undone work may be handed in."""

    WAYS = auto()
    """Which messages come by which way."""

    QUIET_HOURS = auto()
    LANGUAGE = auto()
    ONE_CHILD = auto()
    """Notices about one of several children only."""

    SAME_DAY = auto()
    """Whether several control works are on one day."""
