"""What a chat keeps of a question, and what goes on with it (Q112)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.handlers.questions.joining import is_followup_question, joined_followup_question
from bot.handlers.remembered import LONGEST_PAUSE, recalled_followup, remembered_followup
from bot.questions.kinds import Asked
from bot.questions.model import CalendarDays, Intent, Question

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
DAY, NEXT = date(2026, 11, 23), date(2026, 11, 24)
BEFORE = Question(
    Intent.MARKS, subject="Алгебра", since=DAY, until=DAY, asked=Asked.COUNT, marks=(2,), child_ids=(1, 2),
    calendar_days=CalendarDays.AFTER_HOLIDAYS, term="1 четверть", mark=4, number=3,
)  # fmt: skip


def test_a_question_is_kept_for_ten_minutes() -> None:
    """All that narrows it comes back; a minute later than the pause nothing does (Q112)."""
    kept = remembered_followup(BEFORE, at=NOW)
    assert recalled_followup(kept, now=NOW + LONGEST_PAUSE) == BEFORE
    assert recalled_followup(kept, now=NOW + LONGEST_PAUSE + timedelta(seconds=1)) is None
    assert recalled_followup({}, now=NOW) is None


@pytest.mark.parametrize(
    ("fragment", "joined"),
    [
        (Question(Intent.UNCLEAR, subjects=("Химия",), is_fragment=True), ("Химия", DAY, ())),
        (Question(Intent.UNCLEAR, since=NEXT, until=NEXT, is_fragment=True), ("Алгебра", NEXT, ())),
        (Question(Intent.UNCLEAR, subjects=("Химия", "Физика"), is_fragment=True), (None, DAY, ("Химия", "Физика"))),
        (Question(Intent.UNCLEAR, shift=-1, is_fragment=True), ("Алгебра", DAY - timedelta(days=1), ())),
    ],
)  # fmt: skip
def test_a_fragment_changes_what_it_names(fragment: Question, joined: tuple[str | None, date, tuple[str, ...]]) -> None:
    """Intent, marks and what was asked stay."""
    found = joined_followup_question(fragment, BEFORE)
    assert (found.subject, found.since, found.subjects) == joined
    assert (found.intent, found.marks, found.asked) == (Intent.MARKS, (2,), Asked.COUNT)


def test_a_child_takes_the_place_of_all() -> None:
    """«а у Маши?» after «у обоих» is about her alone."""
    found = joined_followup_question(Question(Intent.UNCLEAR, child_id=1, is_fragment=True), BEFORE)
    assert (found.child_id, found.child_ids) == (1, ())


@pytest.mark.parametrize(
    "question",
    [
        Question(Intent.UNCLEAR, of_others=True, is_fragment=True),
        Question(Intent.UNCLEAR),
        Question(Intent.HOMEWORK, subject="Химия"),
        Question(Intent.SETTINGS, goes_on=True),
    ],
)
def test_what_names_others_or_stands_alone_does_not_go_on(question: Question) -> None:
    """Somebody who is no own child is never read as a change of the question before (Q14)."""
    assert not is_followup_question(question, BEFORE, NOW.date())


def test_a_subject_that_fits_several_is_asked_back_of_the_same_kind() -> None:
    """«а по математике?» offers its subjects for the marks that were asked for."""
    found = joined_followup_question(
        Question(Intent.UNCLEAR, subjects=("Алгебра", "Геометрия"), is_ambiguous=True, is_fragment=True), BEFORE
    )
    assert (found.intent, found.maybe, found.subjects) == (Intent.UNCLEAR, (Intent.MARKS,), ("Алгебра", "Геометрия"))
