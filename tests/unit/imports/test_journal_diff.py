"""What a report changes in a journal, and what it must not change."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.model.imports.reports import JournalEntry, JournalReport, ReportKind, SubjectReport
from core.model.marks.entries import Entry, EntryChange, NewEntry
from core.rules.imports import journal_diff
from core.rules.imports.journal_diff import JournalDiffCoverage, JournalDifference
from core.rules.marks.tokens import token_kind

TOTAL, GRADES, TABLE = ReportKind.STUDENT_TOTAL, ReportKind.STUDENT_GRADES, ReportKind.TABLE
MONDAY = date(2026, 11, 9)
TERM = (date(2026, 11, 1), date(2026, 12, 31))
ALGEBRA, PHYSICS = 1, 2

days = st.integers(0, 6).map(lambda days: MONDAY + timedelta(days=days))
values = st.sampled_from(["5", "4", "3", "2", "н/а", "зач", "УП", "Б", "."])
news = st.builds(
    lambda subject, on, value, topic: new(value, on=on, subject=subject, topic=topic),
    st.sampled_from([ALGEBRA, PHYSICS]),
    days,
    values,
    st.sampled_from([None, "Дроби", "Углы"]),
)
reports = st.lists(news, max_size=30)


def new(
    value: str, *, on: date = MONDAY, subject: int = ALGEBRA, topic: str | None = None, kind: ReportKind = TOTAL
) -> NewEntry:
    return NewEntry(7, subject, on, token_kind(value), value, None, topic, None, kind)


def in_force(reported: Sequence[NewEntry]) -> list[Entry]:
    """What the journal holds once these were recorded."""
    return [
        Entry(
            id=number,
            student_id=each.student_id,
            subject_id=each.subject_id,
            on=each.on,
            kind=each.kind,
            value=each.value,
            work_kind=each.work_kind,
            topic=each.topic,
            weight=each.weight,
            version=1,
            source=each.source,
            import_id=1,
            recorded_at=datetime(2026, 11, 9, 12, tzinfo=UTC),
            withdrawn_at=None,
        )
        for number, each in enumerate(reported, 1)
    ]


def covering(kind: ReportKind = TOTAL, *subjects: int, period: tuple[date, date] = TERM) -> JournalDiffCoverage:
    return JournalDiffCoverage(kind, (period,), frozenset(subjects or (ALGEBRA, PHYSICS)))


def applied(known: Sequence[Entry], found: JournalDifference) -> list[Entry]:
    """The journal after the difference was written."""
    changes = {change.entry.id: change for change in (*found.changed, *found.enriched, *found.withdrawn)}
    kept = [_changed(entry, changes.get(entry.id)) for entry in known]
    return [*(entry for entry in kept if entry is not None), *in_force(found.recorded)]


def _changed(entry: Entry, change: EntryChange | None) -> Entry | None:
    if change is None:
        return entry
    if change.value is None:
        return None
    return replace(entry, kind=change.kind, value=change.value, topic=change.topic)


def shown(entries: Sequence[Entry] | Sequence[NewEntry]) -> Counter[tuple[int, date, str]]:
    return Counter((each.subject_id, each.on, each.value) for each in entries)


def told(found: JournalDifference) -> tuple[list[str], list[str], list[str]]:
    """Recorded, changed as «old→new», withdrawn."""
    return (
        [each.value for each in found.recorded],
        [f"{each.entry.value}→{each.value}" for each in found.changed],
        [each.entry.value for each in found.withdrawn],
    )


@given(reports)
def test_importing_the_same_report_twice_yields_no_change(reported: list[NewEntry]) -> None:
    """What was recorded from a report, compared with the same report, differs in nothing (Q100)."""
    assert journal_diff.journal_diff_of_student(in_force(reported), reported, covering()) == JournalDifference()


@given(reports)
def test_a_first_report_is_recorded_whole(reported: list[NewEntry]) -> None:
    """Where nothing is known, every token of the report is recorded and nothing else happens."""
    assert journal_diff.journal_diff_of_student([], reported, covering()) == JournalDifference(recorded=reported)


@given(reports, reports)
def test_after_an_import_the_journal_says_what_the_report_says(before: list[NewEntry], after: list[NewEntry]) -> None:
    """Applied to what its own kind created, a difference leaves the report's tokens, unless the guard held some."""
    known = in_force(before)
    journal = shown(applied(known, journal_diff.journal_diff_of_student(known, after, covering())))
    extra = journal - shown(after)
    assert not shown(after) - journal
    assert not extra or sum(extra.values()) * 100 > len(before) * 30


@given(reports, reports)
@example([new("Б"), new("УП")], [new("УП"), new("УП", topic="Дроби")])
def test_an_import_repeated_after_any_other_changes_nothing_more(before: list[NewEntry], after: list[NewEntry]) -> None:
    """A second import of the same file finds no mark to record, change or enrich, whatever the journal held."""
    known = in_force(before)
    again = applied(known, journal_diff.journal_diff_of_student(known, after, covering()))
    numbered = [replace(entry, id=number) for number, entry in enumerate(again, 1)]
    found = journal_diff.journal_diff_of_student(numbered, after, covering())
    assert (found.recorded, found.changed, found.enriched) == ([], [], [])


@given(reports, st.data())
def test_the_order_of_days_in_a_report_does_not_matter(reported: list[NewEntry], data: st.DataObject) -> None:
    """A report with its cells in any order changes the same cells in the same way."""
    known = in_force(data.draw(reports))
    moved = sorted(reported, key=lambda each: (-each.on.toordinal(), each.subject_id))
    first, second = (journal_diff.journal_diff_of_student(known, order, covering()) for order in (reported, moved))
    assert Counter(first.recorded) == Counter(second.recorded)
    assert Counter(first.changed) == Counter(second.changed)
    assert Counter(first.withdrawn) == Counter(second.withdrawn)


@given(reports, st.integers(0, 30))
def test_nothing_is_withdrawn_when_under_seventy_percent_are_present(reported: list[NewEntry], kept: int) -> None:
    """A report with under 70 % of the known entries is incomplete: nothing is called withdrawn (Q90)."""
    present = reported[:kept]
    found = journal_diff.journal_diff_of_student(in_force(reported), present, covering())
    is_enough = len(present) * 100 >= len(reported) * 70
    assert len(found.withdrawn) == (len(reported) - len(present) if is_enough else 0)


@pytest.mark.parametrize(("present", "withdrawn"), [(6, 0), (7, 3), (8, 2), (10, 0)])
def test_seven_of_ten_known_entries_are_enough(present: int, withdrawn: int) -> None:
    """At exactly 70 % what lacks is withdrawn; one entry fewer, and nothing is (Q90)."""
    reported = [new("5", on=MONDAY + timedelta(days=day)) for day in range(10)]
    assert (
        len(journal_diff.journal_diff_of_student(in_force(reported), reported[:present], covering()).withdrawn)
        == withdrawn
    )


def test_what_is_left_of_a_cell_pairs_in_order() -> None:
    """Of «5 4 3» and «4 2», the fours cancel, 5 becomes 2 and the 3 is withdrawn."""
    known = in_force([new("5"), new("4"), new("3"), *(new("5", subject=PHYSICS) for _ in range(4))])
    reported = [new("4"), new("2"), *(new("5", subject=PHYSICS) for _ in range(4))]
    assert told(journal_diff.journal_diff_of_student(known, reported, covering())) == ([], ["5→2"], ["3"])


def test_a_score_never_turns_into_an_absence() -> None:
    """A mark that made way for an absence is one withdrawn and one recorded, not a change."""
    known = in_force([new("5"), *(new("4", subject=PHYSICS) for _ in range(4))])
    reported = [new("УП"), *(new("4", subject=PHYSICS) for _ in range(4))]
    assert told(journal_diff.journal_diff_of_student(known, reported, covering())) == (["УП"], [], ["5"])


def test_a_debt_that_is_made_up_becomes_the_mark() -> None:
    """«.» that gives way to a 4 is one change, and the entry is a score from then on (Q28)."""
    found = journal_diff.journal_diff_of_student(in_force([new(".")]), [new("4")], covering())
    assert told(found) == ([], [".→4"], [])
    assert found.changed[0].kind is token_kind("4")


def test_the_reason_of_an_absence_changes() -> None:
    """«НП» that becomes «Б» is the same absence with another reason (Q27)."""
    assert told(journal_diff.journal_diff_of_student(in_force([new("НП")]), [new("Б")], covering())) == (
        [],
        ["НП→Б"],
        [],
    )


def test_a_richer_report_enriches_the_same_mark() -> None:
    """A report that knows the topic adds it to the mark, and no second mark appears."""
    found = journal_diff.journal_diff_of_student(
        in_force([new("5")]), [new("5", topic="Дроби", kind=GRADES)], covering(GRADES, ALGEBRA)
    )
    assert told(found) == ([], [], [])
    assert [(each.value, each.topic) for each in found.enriched] == [("5", "Дроби")]


def test_a_poorer_report_takes_no_topic_away() -> None:
    """A report without topics leaves those that another report brought."""
    known = in_force([new("5", topic="Дроби", kind=GRADES)])
    assert journal_diff.journal_diff_of_student(known, [new("5")], covering()) == JournalDifference()


def test_two_reports_that_word_a_topic_differently_do_not_overwrite_each_other() -> None:
    """What is there is corrected only by the kind of report that created the mark."""
    known = in_force([new("5", topic="Дроби", kind=GRADES)])
    assert not journal_diff.journal_diff_of_student(known, [new("5", topic="Обыкновенные дроби")], covering()).enriched
    corrected = journal_diff.journal_diff_of_student(
        known, [new("5", topic="Обыкновенные дроби", kind=GRADES)], covering(GRADES)
    )
    assert [each.topic for each in corrected.enriched] == ["Обыкновенные дроби"]


def test_every_detail_is_filled_by_itself() -> None:
    """Kind of work and weight arrive beside a topic that was known."""
    known = in_force([new("5", topic="Дроби")])
    richer = replace(new("5", kind=GRADES), work_kind="Контрольная работа", weight=Decimal(20))
    (change,) = journal_diff.journal_diff_of_student(known, [richer], covering(GRADES)).enriched
    assert (change.work_kind, change.topic, change.weight) == ("Контрольная работа", "Дроби", Decimal(20))


def test_two_equal_marks_keep_their_topics_in_any_order() -> None:
    """Of two fives of a day each finds its own topic again, whichever the report names first."""
    known = in_force([new("5", topic="Дроби"), new("5", topic="Углы")])
    assert (
        journal_diff.journal_diff_of_student(known, [new("5", topic="Углы"), new("5", topic="Дроби")], covering())
        == JournalDifference()
    )


def test_a_report_withdraws_only_what_its_own_kind_created() -> None:
    """The report of one subject lacks a mark that StudentTotal created: the mark stays (contracts)."""
    known = in_force([new("5"), new("4"), new("3"), new("3")])
    reported = [new("5", kind=GRADES), new("4", kind=GRADES), new("3", kind=GRADES)]
    assert told(journal_diff.journal_diff_of_student(known, reported, covering(GRADES, ALGEBRA))) == ([], [], [])


def test_a_changed_mark_is_first_looked_for_among_the_reports_own() -> None:
    """Beside a mark of another report, the one that changed is the one this report created."""
    known = in_force([new("5", kind=GRADES), new("4")])
    assert told(journal_diff.journal_diff_of_student(known, [new("3")], covering())) == ([], ["4→3"], [])


def test_a_report_of_one_subject_says_nothing_of_others() -> None:
    """Marks of physics are neither withdrawn by algebra's report nor counted by its guard."""
    algebra = [new("5", kind=GRADES), *(new("4", on=MONDAY + timedelta(days=day), kind=GRADES) for day in range(1, 4))]
    physics = [new("3", subject=PHYSICS, on=MONDAY + timedelta(days=day), kind=GRADES) for day in range(9)]
    found = journal_diff.journal_diff_of_student(in_force([*algebra, *physics]), algebra[1:], covering(GRADES, ALGEBRA))
    assert told(found) == ([], [], ["5"])


def test_a_subject_that_a_report_does_not_name_keeps_its_marks() -> None:
    """A whole report without physics withdraws none of physics, though they count as missing."""
    algebra = [new("5", on=MONDAY + timedelta(days=day)) for day in range(9)]
    known = in_force([*algebra, new("3", subject=PHYSICS)])
    assert told(journal_diff.journal_diff_of_student(known, algebra, covering(TOTAL, ALGEBRA))) == ([], [], [])


def test_days_outside_the_period_keep_their_marks() -> None:
    """A report of December withdraws nothing of November, and its guard counts December alone."""
    november = [new("5", on=MONDAY + timedelta(days=day)) for day in range(9)]
    december = [new("4", on=date(2026, 12, day)) for day in range(1, 5)]
    period = (date(2026, 12, 1), date(2026, 12, 31))
    found = journal_diff.journal_diff_of_student(
        in_force([*november, *december]), december[:3], covering(period=period)
    )
    assert told(found) == ([], [], ["4"])


def test_a_report_without_a_period_speaks_of_its_files_days() -> None:
    """From the first day of the file to the last, for whomever; a file without days speaks of none."""
    first, last = (JournalEntry(MONDAY + timedelta(days=day), ("5",)) for day in (0, 4))
    short, long = (
        JournalReport(TABLE, None, None, None, (SubjectReport("Алгебра", each),)) for each in ((first,), (first, last))
    )
    span = journal_diff.journal_diff_span([short, long])
    assert span == (first.date, last.date)
    assert journal_diff.journal_diff_periods([short], otherwise=span) == (span,)
    assert journal_diff.journal_diff_periods([replace(short, period=TERM)], otherwise=span) == (TERM,)
    assert journal_diff.journal_diff_span([]) is None
    assert journal_diff.journal_diff_periods([short], otherwise=None) == ()


def test_every_token_of_a_report_becomes_an_entry() -> None:
    """«УП 5» on a day is an absence and a score, both with the cell's details and the report's kind."""
    cell = JournalEntry(MONDAY, ("УП", "5"), "Ответ на уроке", "Дроби", Decimal(10))
    report = JournalReport(GRADES, None, None, None, (SubjectReport("Алгебра", (cell,)), SubjectReport("Физика")))
    absence, score = journal_diff.journal_diff_entries(7, [report], {"Алгебра": ALGEBRA, "Физика": PHYSICS})
    assert score == NewEntry(7, ALGEBRA, MONDAY, token_kind("5"), "5", "Ответ на уроке", "Дроби", Decimal(10), GRADES)
    assert absence == replace(score, kind=token_kind("УП"), value="УП")
