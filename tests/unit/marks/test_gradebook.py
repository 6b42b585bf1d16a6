"""What becomes of an entry that a teacher writes: tokens, delays, what families hear; all without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from core.errors import FirstGradeError, JournalModeError, MixedKindsError
from core.model.delivery.obligations import NewNotice
from core.model.marks.entries import Entry, EntryChange, EntryKind, EntryVersion
from core.model.marks.gradebook import DatedVersion, LessonDay, NewMark, Work
from core.model.notices.facts import Notice
from core.model.notices.family import AbsenceChanged, AbsenceRecorded, MarkChanged, MarkRecorded, MarkWithdrawn
from core.rules.marks import gradebook
from core.rules.marks.gradebook import GradebookRules
from core.rules.marks.notices import mark_entry_notice
from core.rules.marks.tokens import UnknownTokenError, token_kind

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
DAY = date(2026, 11, 20)
POLICY = GradebookRules(made_in="bot")
DELAY = POLICY.delay
LESSON = LessonDay(1, 2, DAY)


def recorded(value: str = "4", *, at: datetime = NOW) -> Entry:
    new = NewMark(LESSON, 7, value, Work("Контрольная работа", Decimal(20), "Дроби"))
    return replace(
        gradebook.new_gradebook_entry(new, token_kind(value), value, by=5, policy=POLICY, now=at, on=DAY), id=3
    )


def published(value: str = "4") -> Entry:
    return replace(recorded(value), awaiting=False)


def after(change: EntryChange, *, at: datetime = NOW) -> Entry:
    """The entry as storage writes it."""
    entry, waits = change.entry, change.publish_at is not None
    return replace(
        entry, kind=change.kind, value=entry.value if change.value is None else change.value,
        withdrawn_at=at if change.value is None else None, awaiting=waits, shown=entry.seen if waits else None,
        publish_at=change.publish_at or at, version=entry.version + 1,
    )  # fmt: skip


def change(entry: Entry, value: str | None, *, at: datetime = NOW) -> Entry:
    kind = entry.kind if value is None else token_kind(value)
    return after(gradebook.changed_gradebook_entry(entry, kind, value, policy=POLICY, now=at, on=DAY), at=at)


@pytest.mark.parametrize("text", ["5", "2", "зач", "незачёт", "н/а", ".", " 4 "])
def test_what_the_journal_knows_is_taken(text: str) -> None:
    """Marks 2–5, зач/незач, н/а and a debt (Q28, Q37)."""
    kind, _ = gradebook.gradebook_token(text, school_class="8Б", policy=POLICY)
    assert kind is not EntryKind.ABSENCE


@pytest.mark.parametrize("text", ["6", "0", "1", "4+", "отл", "", "4 5", "5/4"])
def test_anything_else_is_refused_by_name(text: str) -> None:
    """The refusal names the value, and a cell takes one token at a time (Q37)."""
    with pytest.raises(UnknownTokenError) as refused:
        gradebook.gradebook_token(text, school_class="8Б", policy=POLICY)
    assert refused.value.token == text


def test_a_one_is_a_mark_where_the_school_says_so() -> None:
    """The lowest mark is the school's setting (Q37)."""
    assert gradebook.gradebook_token("1", school_class="8Б", policy=GradebookRules(lowest_mark=1)) == (
        EntryKind.SCORE,
        "1",
    )


@pytest.mark.parametrize("text", ["5", "зач", "."])
@pytest.mark.parametrize("school_class", ["1А", "1-б", "1"])
def test_a_first_grade_gets_no_marks(text: str, school_class: str) -> None:
    """Neither marks nor symbols in their place, and the refusal is a reason of its own (Q26)."""
    with pytest.raises(FirstGradeError):
        gradebook.gradebook_token(text, school_class=school_class, policy=POLICY)


@pytest.mark.parametrize(("text", "school_class"), [("УП", "1А"), ("5", "11А"), ("5", "10Б"), ("н", "")])
def test_a_first_grade_has_absences_and_an_eleventh_has_marks(text: str, school_class: str) -> None:
    """Absences are kept in every grade (Q26, Q27)."""
    assert gradebook.gradebook_token(text, school_class=school_class, policy=POLICY)


def test_where_the_e_journal_makes_marks_the_bot_makes_none() -> None:
    """The school's setting decides where marks are made."""
    with pytest.raises(JournalModeError):
        GradebookRules().require_bot()
    POLICY.require_bot()


def test_a_new_mark_waits_and_nobody_of_the_family_sees_it_yet() -> None:
    """The delay lets a slip be mended and the class hear it first."""
    entry = recorded("4")
    assert (entry.awaiting, entry.seen, entry.publish_at, entry.published_at) == (True, None, NOW + DELAY, None)
    assert (entry.work_kind, entry.weight, entry.topic) == ("Контрольная работа", Decimal(20), "Дроби")
    assert (entry.given_by, entry.set_on, entry.on) == (5, DAY, DAY)


def test_an_absence_waits_for_nothing_and_bears_no_work() -> None:
    """An absence without a reason is told the same day, at once (Q27)."""
    entry = recorded("НП")
    assert (entry.awaiting, entry.seen, entry.published_at) == (False, "НП", NOW)
    assert (entry.work_kind, entry.weight, entry.topic) == (None, None, None)


def test_without_a_delay_everything_is_seen_at_once() -> None:
    """A school may want no delay at all."""
    policy = replace(POLICY, delay=timedelta(0))
    entry = gradebook.new_gradebook_entry(
        NewMark(LESSON, 7, "4"), EntryKind.SCORE, "4", by=5, policy=policy, now=NOW, on=DAY
    )
    assert (entry.awaiting, entry.seen, entry.publish_at) == (False, "4", None)


def test_the_first_unseen_change_starts_the_delay() -> None:
    """Correcting again and again postpones nothing: families wait for the delay and no longer."""
    first = change(published("3"), "4")
    second = change(first, "5", at=NOW + timedelta(minutes=29))
    assert (second.shown, second.publish_at) == ("3", NOW + DELAY)


def test_back_at_what_families_see_nothing_waits() -> None:
    """A slip that was mended in time has never happened for the family."""
    mended = change(change(published("3"), "2"), "3")
    assert (mended.awaiting, mended.seen) == (False, "3")
    assert change(recorded("2"), None).awaiting is False


def test_a_withdrawn_mark_stays_seen_until_the_delay_is_over() -> None:
    """The family learns of it with its notice and not before."""
    gone = change(published("2"), None)
    assert (gone.outcome, gone.seen, gone.awaiting) == (None, "2", True)


def test_a_mark_never_becomes_an_absence() -> None:
    """A lesson may have both, so one is withdrawn and the other recorded (Q27)."""
    for entry, value in ((published("4"), "УП"), (recorded("УП"), "4")):
        with pytest.raises(MixedKindsError):
            change(entry, value)


def test_a_debt_becomes_a_mark_when_the_work_is_handed_in() -> None:
    """«.» is open work, and the mark takes its place (Q28)."""
    assert change(published("."), "4").kind is EntryKind.SCORE


@pytest.mark.parametrize(
    ("entry", "seen", "told"),
    [
        (recorded("5"), None, MarkRecorded("Алгебра", DAY, "5", "Контрольная работа", "Дроби")),
        (recorded("5"), "5", None),
        (recorded("5"), "3", MarkChanged("Алгебра", DAY, "3", "5")),
        (change(published("2"), None), "2", MarkWithdrawn("Алгебра", DAY, "2")),
        (change(recorded("2"), None), None, None),
        (recorded("НП"), None, AbsenceRecorded("Алгебра", DAY, "НП")),
        (recorded("УП"), "НП", AbsenceChanged("Алгебра", DAY, "НП", "УП")),
        (change(recorded("НП"), None), "НП", AbsenceChanged("Алгебра", DAY, "НП", None)),
    ],
)
def test_families_hear_the_outcome_against_what_they_saw(entry: Entry, seen: str | None, told: Notice | None) -> None:
    """New, changed or withdrawn is said of what the family knows, not of what happened in between (Q38)."""
    heard = mark_entry_notice(entry, "Алгебра", seen=seen)
    assert heard == (told and NewNotice(7, told, "entry:2:2026-11-20"))


def version(number: int, before: str, later: str | None, seen: str | None, minute: int | None) -> DatedVersion:
    publish_at = None if minute is None else NOW + timedelta(minutes=minute)
    made = EntryVersion(number, 3, number, before, later, NOW, 5, "correction", None, seen, publish_at)
    return DatedVersion(made, DAY, 2, "Алгебра")


def test_changes_within_a_delay_are_one_for_families() -> None:
    """3 → 2 → 5 within the delay is 3 → 5, and what was mended in time is nothing (Q38)."""
    versions = [
        version(2, "3", "2", "3", 30),
        version(3, "2", "5", "3", 30),
        version(4, "5", "4", "5", 90),
        version(5, "4", "5", "5", 90),
        version(6, "5", None, "5", None),
    ]
    seen = [(each.before, each.after) for each in gradebook.seen_gradebook_changes(versions)]
    assert seen == [("3", "5"), ("5", None)]


def test_a_mark_corrected_before_anybody_saw_it_was_never_changed() -> None:
    """For the family it is simply a new mark."""
    assert list(gradebook.seen_gradebook_changes([version(2, "3", "5", None, 30)])) == []


def test_what_was_before_the_last_change() -> None:
    """Undo goes one step back: to the value before, or to nothing where the entry was just recorded."""
    versions = [version(2, "3", "5", "3", None).version, version(3, "5", None, "5", None).version]
    assert gradebook.gradebook_value_before_change([]) is None
    assert gradebook.gradebook_value_before_change(versions[:1]) == "3"
    assert gradebook.gradebook_value_before_change(versions) == "5"
