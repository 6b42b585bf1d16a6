"""The result of reading a question: intent, subject, dates, child (contracts, Questions)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Intent(StrEnum):
    """Kinds of questions; an ambiguous one is UNCLEAR, never guessed."""

    HOMEWORK = "homework"
    TIMETABLE = "timetable"
    MARKS = "marks"
    CONTROL_WORKS = "control_works"
    HOLIDAYS = "holidays"
    TEACHERS = "teachers"
    FORECAST = "forecast"
    RECOMMENDATIONS = "recommendations"
    ANNOUNCEMENTS = "announcements"
    EXAMS = "exams"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Question:
    """`subject` as the school names it; `since` = `until` for one date, both None where none was said.

    `child_id`: the own child that was named. For UNCLEAR, `maybe` holds the intents to choose from and `subjects` the
    subjects that fit; `of_others`: somebody was named who is no child of the asker's. `about`: what an
    announcement is about, in the words that were typed. `term`: the term that a question about marks names
    (`bot.questions.dates.terms`). Of a forecast, `mark` is the mark that is hoped for (1: the next better one) or,
    where `is_supposed`, the next one as the asker supposes it.
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
