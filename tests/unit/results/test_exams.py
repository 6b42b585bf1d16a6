"""What an exam is, when it is passed, and what of a file is new (Q70, Q74, Q77)."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model.imports.exam_files import PrintedExam, PrintedResult
from core.model.people import RollEntry
from core.model.results.exams import Exam, ExamKind, ExamOutcome, ExamStatus, OlympiadStage
from core.rules.people.matching import Miss
from core.rules.people.names import normal_class_name, normal_name
from core.rules.results import exams as rules
from core.rules.results.exam_students import ExamStudentRoll

DAY, TODAY = date(2026, 5, 28), date(2026, 6, 20)
NOW = datetime(2026, 6, 20, 9, tzinfo=UTC)
EXAM = Exam(1, "k", ExamKind.EGE, "Русский язык", DAY, None, None, None, None, None)
TABLE = {(ExamKind.EGE, "русский язык", 2026): 24}


def test_the_files_threshold_counts_before_the_schools_table() -> None:
    """The table by year is for files that name none; another year or exam has no threshold (Q77)."""
    own = Exam(1, "k", ExamKind.EGE, "Русский язык", DAY, None, None, None, 36, None)
    last_year = Exam(1, "k", ExamKind.EGE, "Русский язык", date(2025, 5, 28), None, None, None, None, None)
    assert [rules.exam_threshold_of(exam, TABLE) for exam in (own, EXAM, last_year)] == [36, 24, None]


@pytest.mark.parametrize(("score", "passed"), [(23, False), (24, True), (100, True)])
def test_the_threshold_itself_passes(score: int, passed: bool) -> None:  # noqa: FBT001  a parameter
    """24 of 24 is passed (Q77)."""
    assert rules.judged_exam_outcome(ExamOutcome(score=score), 24) == ExamOutcome(score=score, passed=passed)


def test_what_the_file_decides_stays() -> None:
    """Neither a verdict of the file nor a status is judged again (Q77, Q78)."""
    decided, absent = ExamOutcome(score=10, passed=True), ExamOutcome(status=ExamStatus.ABSENT)
    assert [rules.judged_exam_outcome(each, 24) for each in (decided, absent)] == [decided, absent]


def test_a_two_above_the_limit_is_geometry() -> None:
    """ОГЭ mathematics: sum from 8, mark 2, so fewer than two points in geometry; the mark is not recomputed (Q77)."""
    two = ExamOutcome(10, mark="2", passed=False)
    assert rules.has_failed_exam_geometry(ExamKind.OGE, "Математика", two)
    assert not rules.has_failed_exam_geometry(ExamKind.OGE, "Математика", ExamOutcome(7, mark="2", passed=False))
    assert not rules.has_failed_exam_geometry(ExamKind.OGE, "Физика", two)
    assert not rules.has_failed_exam_geometry(ExamKind.GVE, "Математика", two)


def test_one_exam_has_one_identity() -> None:
    """A subject's spelling makes no difference, its day and stage do; a ВПР is one for each grade and school year."""

    def key(exam: PrintedExam, stage: OlympiadStage | None = None) -> str:
        return rules.exam_key(exam, stage, today=TODAY)

    ege = PrintedExam(ExamKind.EGE, "Русский  язык", DAY)
    assert key(ege) == key(PrintedExam(ExamKind.EGE, "русский язык", DAY))
    assert key(ege) != key(PrintedExam(ExamKind.EGE, "русский язык", TODAY))
    school, city = OlympiadStage.SCHOOL, OlympiadStage.MUNICIPAL
    assert key(PrintedExam(ExamKind.OLYMPIAD, "Физика", DAY), school) != key(
        PrintedExam(ExamKind.OLYMPIAD, "Физика", DAY), city
    )
    form = PrintedExam(ExamKind.VPR, "Математика", None, grade=5)
    assert key(form) == key(PrintedExam(ExamKind.VPR, "Математика", DAY, grade=5))
    assert key(form) != key(PrintedExam(ExamKind.VPR, "Математика", DAY, grade=6))


@given(age=st.integers(-400, 400))
def test_sixty_days_make_history(age: int) -> None:
    """The sixtieth day is still news; an exam without a day is none of the past (contracts, Exams)."""
    assert rules.is_exam_history(TODAY - timedelta(days=age), today=TODAY) == (age > 60)
    assert not rules.is_exam_history(None, today=TODAY)


def test_an_average_counts_who_has_a_score() -> None:
    """Who was absent or waits for an appeal is left out; marks where there are no scores; nothing of nothing."""
    absent = ExamOutcome(status=ExamStatus.ABSENT)
    assert rules.average_exam_result([ExamOutcome(score=24), ExamOutcome(score=77), absent]) == Fraction(101, 2)
    assert rules.average_exam_result([ExamOutcome(9, mark="4"), ExamOutcome(8, mark="3")]) == Fraction(7, 2)
    assert rules.average_exam_result([absent]) is None


def roll(*students: tuple[int, str, str]) -> ExamStudentRoll:
    return ExamStudentRoll(
        RollEntry(id_, name, normal_name(name), school_class, normal_class_name(school_class))
        for id_, name, school_class in students
    )


ANNAS = ((1, "Зорина Анна Петровна", "11А"), (2, "Зорина Анна Петровна", "11Б"), (3, "Лугов Олег Ильич", "9А"))


@pytest.mark.parametrize(
    ("name", "school_class", "found"),
    [
        ("Зорина Анна Петровна", "11А", 1),
        ("зорина анна  петровна", "11 б", 2),
        ("Зорина Анна Петровна", "11", Miss.AMBIGUOUS),
        ("Зорина Анна Петровна", "11В", Miss.AMBIGUOUS),
        ("Зорина Анна Петровна", "9А", Miss.OTHER_CLASS),
        ("Лугов Олег Ильич", "9", 3),
        ("Лугов Олег Ильич", "А", 3),
        ("Лугов Олег Ильич", None, 3),
        ("Лугов Олег Ильич", "11А", Miss.OTHER_CLASS),
        ("Лугoв Олег Ильич", "9А", Miss.LOOK_ALIKE),
        ("Кто-то Чужой", "9А", Miss.UNKNOWN),
        (None, "9А", Miss.NO_NAME),
    ],
)
def test_students_are_found_by_name_and_class(name: str | None, school_class: str | None, found: object) -> None:
    """By parallel only where the file gives no letter or an unknown class; doubts are left to a person."""
    printed = PrintedResult(ExamOutcome(), name, school_class=school_class)
    entry = roll(*ANNAS).find(printed, ExamKind.OGE)
    assert (entry if isinstance(entry, Miss) else entry.student_id) == found


def test_a_student_of_two_days_is_one() -> None:
    """In September a class has another name: the roll of the exam's day and of today name one student."""
    both = roll((3, "Лугов Олег Ильич", "9А"), (3, "Лугов Олег Ильич", "10А"))
    for school_class in ("9А", "10А", None):
        entry = both.find(PrintedResult(ExamOutcome(), "Лугов Олег Ильич", school_class=school_class), ExamKind.OGE)
        assert isinstance(entry, RollEntry)
        assert entry.student_id == 3


def test_versions_count_on() -> None:
    """A first version has number 1; without a moment of receipt it is history, published to nobody (Q74, Q90)."""
    first = rules.next_exam_result_version(None, ExamOutcome(score=76), ids=(1, 2), received_at=None, import_id=None)
    second = rules.next_exam_result_version(first, ExamOutcome(score=80), ids=(1, 2), received_at=NOW, import_id=None)
    assert [(each.version, each.published) for each in (first, second)] == [(1, False), (2, True)]
    version = rules.version_of_exam_result(second)
    assert (version.outcome, version.version) == (second.outcome, 2)
    assert rules.is_known_exam_outcome(ExamOutcome(score=76), [rules.version_of_exam_result(first)])


@pytest.mark.parametrize("status", ["under_appeal", "changed", "upheld", "annulled"])
def test_a_protocol_is_older_than_an_appeal(status: str) -> None:
    """Whenever it is imported, it changes nothing that was decided later (Q74)."""
    outcome = ExamOutcome(score=76, status=ExamStatus(status))
    assert rules.is_exam_result_settled(
        rules.next_exam_result_version(None, outcome, ids=(1, 2), received_at=NOW, import_id=None)
    )
